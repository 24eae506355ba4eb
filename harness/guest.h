/* SPDX-License-Identifier: GPL-2.0 */
/*
 * guest.h - what is in the guest's file system
 *
 *	/init			build/init
 *	/bin/busybox		the host's, with its usual names
 *	/lib/modules/NAME.ko	our modules for this kernel
 *	/selftests/		build/selftests, if asked for
 */
#ifndef LASTREF_GUEST_H
#define LASTREF_GUEST_H

#include <stdbool.h>

#include "errbuf.h"
#include "kernel.h"

/* Writes the archive to @path; 0, or -1 and err. */
int guest_image(const char *path, const struct kernel *k, bool selftests,
		struct errbuf *err);

#endif
