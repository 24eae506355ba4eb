#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A storage device that is configured and taken back is freed by a callback. The
# barrier is in target_backend_unregister().
set -e
core=/sys/kernel/config/target/core
[ -d /sys/kernel/config/target ] || busybox mount -t configfs none /sys/kernel/config
for i in 1 2 3; do
	mkdir "$core/fileio_$i" "$core/fileio_$i/disk"
	rmdir "$core/fileio_$i/disk" "$core/fileio_$i"
done
