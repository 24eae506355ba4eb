#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What it keeps of a device is freed by a callback when the device goes.
# needs: dummy
set -e
for i in 1 2 3; do
	busybox ip link add "label$i" type dummy
	busybox ip link del "label$i"
done
