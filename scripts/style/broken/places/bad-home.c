// SPDX-License-Identifier: GPL-2.0
static const char *cache = "/home/somebody/.cache";
