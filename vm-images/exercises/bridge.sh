#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Two bridges with addresses in their tables: each entry is freed by a callback.
set -e
for i in 1 2; do
	busybox brctl addbr "bridge$i"
	busybox ip link set "bridge$i" up
done
for i in 1 2; do
	busybox ip link set "bridge$i" down
	busybox brctl delbr "bridge$i"
done
