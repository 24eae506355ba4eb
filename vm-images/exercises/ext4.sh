#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Files that grow have blocks set aside for them, which are given back by callbacks.
# needs: loop
set -e
mkdir -p /tmp/mounted
busybox truncate -s 16M /tmp/image
busybox mke2fs -F /tmp/image
busybox mount -t ext4 -o loop /tmp/image /tmp/mounted
for i in 1 2 3 4 5 6 7 8; do
	busybox dd if=/dev/zero of=/tmp/mounted/file$i bs=4096 count=20
done
sync
rm /tmp/mounted/file*
busybox umount /tmp/mounted
rm /tmp/image
