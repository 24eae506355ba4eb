/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a distribution's bzImage to the vmlinux inside it.
 *
 * A bzImage unpacks itself, which under TCG takes longer than the whole boot
 * that follows. Its setup header says where the compressed payload lies, so it
 * can be unpacked once on the host. QEMU boots the result directly if it carries
 * the Xen PVH entry note, which is checked before it is believed.
 */
#ifndef LASTREF_BOOTIMAGE_H
#define LASTREF_BOOTIMAGE_H

#include <stddef.h>

#include "errbuf.h"

/*
 * What to hand to QEMU's -kernel for @kernel (a bzImage, or an ELF vmlinux,
 * which is used as it is). The unpacked file is kept in @cache by the hash of
 * the bzImage's content. Returns
 *   0   path is a PVH vmlinux
 *   1   path is the bzImage itself, and why->text says why (slower, but boots)
 *   <0  a negative errno: nothing here can be booted; why->text says more
 */
int boot_kernel_path(const char *kernel, const char *cache, char *path,
		     size_t size, struct errbuf *why);

#endif
