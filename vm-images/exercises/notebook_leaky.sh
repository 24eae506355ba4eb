#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Some notes are dropped while the notebook is open, some are left in it.
set -e
notebook=/proc/$1
for i in 1 2 3 4 5 6 7 8; do
	echo "add note $i" > "$notebook"
done
echo "drop note 3" > "$notebook"
grep -q "note 8" "$notebook"
! grep -q "note 3" "$notebook"
