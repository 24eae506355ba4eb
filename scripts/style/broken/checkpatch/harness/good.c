// SPDX-License-Identifier: GPL-2.0
static const int sizes[] = { 1, 2 };
const int nr_sizes = sizeof(sizes) / sizeof(sizes[0]);
