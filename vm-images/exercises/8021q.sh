#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Virtual LANs on a bridge: the last to go posts the callback that frees their table.
# needs: bridge
set -e
busybox brctl addbr bridge1
for i in 1 2 3; do
	busybox vconfig add bridge1 "$i"
done
for i in 1 2 3; do
	busybox vconfig rem "bridge1.$i"
done
busybox brctl delbr bridge1
