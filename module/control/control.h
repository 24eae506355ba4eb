/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the debugfs trees of the modules have in common: a file control, which
 * takes a command a write, and a file error_log, which keeps those that were
 * refused, with a caret under the word to blame.
 *
 * What the commands are is each module's own.  A module links these files
 * itself, so that each has a log of its own.
 */
#ifndef _LASTREF_CONTROL_H
#define _LASTREF_CONTROL_H

#include <linux/fs.h>
#include <linux/types.h>

struct dentry;

#define CTL_LINE_MAX	1024	/* bytes of a command, without its newline */

/* Why a command is refused. */
struct ctl_error {
	unsigned int column;	/* of the word to blame, in bytes */
	char text[400];
};

/* error.c */

/* Fill in @why and return @err, so that it can stand in a return statement. */
__printf(4, 5)
int ctl_refuse(struct ctl_error *why, unsigned int column, int err,
	       const char *fmt, ...);
/* Add to what ctl_refuse() wrote; for lists of what would have been right. */
void ctl_refuse_name(void *why, const char *name);
/* @line is what is kept of a command of @len bytes. */
void ctl_error_log(const char *line, size_t kept, size_t len,
		   const struct ctl_error *why);
extern const struct file_operations ctl_error_log_fops;

/* line.c */
int ctl_check_bytes(const char *line, size_t len, struct ctl_error *why);
char *ctl_next_word(char **rest);

/* A file, so that a README can tell what is in it. */
struct ctl_file {
	const char *name;
	const char *about;
	umode_t mode;
	const struct file_operations *fops;
};

/* write.c */
ssize_t ctl_write(const char __user *buf, size_t count, loff_t pos,
		  int (*command)(char *line, size_t len,
				 struct ctl_error *why));
struct dentry *ctl_dir_create(const char *name, struct dentry *parent);

#endif /* _LASTREF_CONTROL_H */
