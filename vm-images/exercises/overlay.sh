#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Two directories as one: its inodes are freed by a callback of the kernel's, which
# calls this module.
set -e
mkdir -p /tmp/lower/a /tmp/lower/b /tmp/other/c /tmp/mounted
echo text > /tmp/lower/a/file
busybox mount -t overlay -o lowerdir=/tmp/lower:/tmp/other none /tmp/mounted
busybox ls -lR /tmp/mounted
grep -q text /tmp/mounted/a/file
busybox umount /tmp/mounted
