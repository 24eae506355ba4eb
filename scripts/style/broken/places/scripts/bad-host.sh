#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
wget https://packages.example/linux-image.deb
