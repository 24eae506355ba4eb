#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A mesh of one: its own address is in the translation table, each entry of which is
# freed by a callback.
# needs: dummy
set -e
busybox ip link add mesh0 type batadv
busybox ip link add port0 type dummy
busybox ip link set port0 mtu 1560
busybox ip link set port0 up
busybox ip link set port0 master mesh0
busybox ip link set mesh0 up
busybox ip link set mesh0 down
busybox ip link set port0 nomaster
busybox ip link del mesh0
busybox ip link del port0
