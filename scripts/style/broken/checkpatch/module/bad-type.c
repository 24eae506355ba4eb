// SPDX-License-Identifier: GPL-2.0
/* In kernel code, only what userspace is excused from is wrong here. */
static const int sizes[] = { 1, 2 };
const int nr_sizes = sizeof(sizes) / sizeof(sizes[0]);
