/* SPDX-License-Identifier: GPL-2.0 */
/*
 * guest.h - what is in the guest's file system
 *
 *	/init			build/init
 *	/bin/busybox		the host's, with its usual names
 *	/lib/modules/NAME.ko	our modules for this kernel
 *	/selftests/		build/selftests, if asked for
 *	/lastref.sh		a script, if there is one
 *	/lastref.cmds		commands for PID 1, if there are any
 */
#ifndef LASTREF_GUEST_H
#define LASTREF_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "errbuf.h"
#include "kernel.h"

#define GUEST_SCRIPT	"/lastref.sh"
#define GUEST_COMMANDS	"/lastref.cmds"

/* One more file for the guest, as initramfs_file() takes it. */
struct guest_file {
	const char *guest;
	const char *host;
	mode_t mode;
};

/* What every guest has, and these; 0, or -1 and err. */
int guest_image_with(const char *path, const struct kernel *k,
		     const struct guest_file *files, size_t nr, struct errbuf *err);

/* Writes the archive to @path; 0, or -1 and err. @script may be NULL. */
int guest_image(const char *path, const struct kernel *k, bool selftests,
		const char *script, struct errbuf *err);

/*
 * The same with commands for the agent, one a line, which it does by itself after
 * its hello: nothing has to be sent to such a guest.
 */
int guest_image_alone(const char *path, const struct kernel *k, bool selftests,
		      const char *commands, struct errbuf *err);

#endif
