#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The directory of all cells, of which none can be reached: a cell that was looked for
# is freed by a callback.
# needs: pcbc fcrypt
set -e
mkdir -p /tmp/mounted
busybox mount -t afs -o dyn none /tmp/mounted
for i in 1 2 3; do
	busybox ls "/tmp/mounted/cell$i.example" || true
done
busybox umount /tmp/mounted
