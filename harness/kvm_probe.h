/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does KVM look usable from here? The three cheap rungs of the ladder: the
 * device opens, its capabilities are there, a guest of seven bytes runs. A yes is
 * only a reason to try a real kernel.
 */
#ifndef LASTREF_KVM_PROBE_H
#define LASTREF_KVM_PROBE_H

#include <stddef.h>

/* 0; or a negative errno and why, as "/dev/kvm does not exist". */
int kvm_probe(char *why, size_t size);

/* The same for another device file. */
int kvm_probe_device(const char *device, char *why, size_t size);

#endif
