/* SPDX-License-Identifier: GPL-2.0 */
/*
 * guest.h - what is in the guest's file system
 *
 *	/init			build/init
 *	/bin/busybox		the host's, with its usual names
 *	/lib/modules/NAME.ko	our modules for this kernel
 *	/selftests/		build/selftests, if asked for
 *	/lastref.sh		a script, if there is one
 */
#ifndef LASTREF_GUEST_H
#define LASTREF_GUEST_H

#include <stdbool.h>

#include "errbuf.h"
#include "kernel.h"

#define GUEST_SCRIPT	"/lastref.sh"

/* Writes the archive to @path; 0, or -1 and err. @script may be NULL. */
int guest_image(const char *path, const struct kernel *k, bool selftests,
		const char *script, struct errbuf *err);

#endif
