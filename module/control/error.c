// SPDX-License-Identifier: GPL-2.0
/*
 * error_log: the last commands that were refused, and why.
 *
 *	[   12.345678] reftorture: error: readers=x: not a number
 *	  Command: start run=a pattern=listing_b readers=x
 *	                                                 ^
 *
 * In the form of tracefs's file of the same name.  A write gives its writer
 * no more than an errno, so this is where the sentence goes.  Commands are kept
 * as they came and made printable when they are read; a byte that takes four
 * columns then moves the caret by four.  Writing anything clears the log.
 */
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "control.h"

#define NR_ERRORS	8

struct error_entry {
	u64 when;
	size_t kept, len;
	struct ctl_error why;
	char line[CTL_LINE_MAX + 1];	/* one more than a right one has */
};

static DEFINE_MUTEX(error_mutex);	/* protects the two below */
static struct error_entry error_ring[NR_ERRORS];
static unsigned int nr_errors;		/* since the log was cleared */

int ctl_refuse(struct ctl_error *why, unsigned int column, int err,
	       const char *fmt, ...)
{
	va_list args;

	why->column = column;
	va_start(args, fmt);
	vscnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return err;
}

void ctl_refuse_name(void *why, const char *name)
{
	struct ctl_error *e = why;
	size_t len = strlen(e->text);

	scnprintf(e->text + len, sizeof(e->text) - len, " %s", name);
}

void ctl_error_log(const char *line, size_t kept, size_t len,
		   const struct ctl_error *why)
{
	struct error_entry *e;

	mutex_lock(&error_mutex);
	e = &error_ring[nr_errors++ % NR_ERRORS];
	e->when = ktime_get_ns();
	e->kept = min(kept, sizeof(e->line));
	e->len = len;
	e->why = *why;
	memcpy(e->line, line, e->kept);
	mutex_unlock(&error_mutex);
}

/* Returns the columns it took. */
static unsigned int show_byte(struct seq_file *m, unsigned char c)
{
	if (isascii(c) && isprint(c)) {
		seq_putc(m, c);
		return 1;
	}
	if (c == '\n' || c == '\t') {
		seq_puts(m, c == '\n' ? "\\n" : "\\t");
		return 2;
	}
	seq_printf(m, "\\x%02x", c);
	return 4;
}

static void show_entry(struct seq_file *m, const struct error_entry *e)
{
	u64 s = e->when;
	u32 ns = do_div(s, NSEC_PER_SEC);
	unsigned int caret = strlen("  Command: ");
	size_t i;

	seq_printf(m, "[%5llu.%06u] %s: error: %s\n", s,
		   ns / (u32)NSEC_PER_USEC, module_name(THIS_MODULE),
		   e->why.text);
	seq_puts(m, "  Command: ");
	for (i = 0; i < e->kept; i++) {
		unsigned int columns = show_byte(m, e->line[i]);

		if (i < e->why.column)
			caret += columns;
	}
	if (e->kept < e->len)
		seq_printf(m, "... (%zu bytes)", e->len);
	seq_printf(m, "\n%*s^\n", caret, "");
}

static int ctl_error_log_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&error_mutex);
	i = nr_errors > NR_ERRORS ? nr_errors - NR_ERRORS : 0;
	for (; i < nr_errors; i++)
		show_entry(m, &error_ring[i % NR_ERRORS]);
	mutex_unlock(&error_mutex);
	return 0;
}

static void clear_errors(void)
{
	mutex_lock(&error_mutex);
	nr_errors = 0;
	mutex_unlock(&error_mutex);
}

/* "> error_log" is enough, without a byte. */
static int ctl_error_log_open(struct inode *inode, struct file *file)
{
	if (file->f_mode & FMODE_WRITE && file->f_flags & O_TRUNC)
		clear_errors();
	return single_open(file, ctl_error_log_show, NULL);
}

static ssize_t ctl_error_log_write(struct file *file, const char __user *buf,
				   size_t count, loff_t *ppos)
{
	clear_errors();
	return count;
}

const struct file_operations ctl_error_log_fops = {
	.owner		= THIS_MODULE,
	.open		= ctl_error_log_open,
	.read		= seq_read,
	.write		= ctl_error_log_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};
