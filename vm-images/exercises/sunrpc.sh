#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Its file system: inodes are freed by a callback of the kernel's, which calls it.
set -e
mkdir -p /tmp/mounted
busybox mount -t rpc_pipefs none /tmp/mounted
busybox ls -lR /tmp/mounted
busybox umount /tmp/mounted
