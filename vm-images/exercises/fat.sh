#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What a mounted file system is known by, and each inode, is freed by callbacks of it.
# needs: loop vfat nls_cp437 nls_ascii nls_utf8
set -e
mkdir -p /tmp/mounted
busybox truncate -s 4M /tmp/image
busybox mkdosfs /tmp/image
busybox mount -t vfat -o loop /tmp/image /tmp/mounted
for i in 1 2 3 4 5 6 7 8; do
	echo "text $i" > "/tmp/mounted/file$i"
done
rm /tmp/mounted/file*
busybox umount /tmp/mounted
rm /tmp/image
