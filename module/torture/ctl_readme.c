// SPDX-License-Identifier: GPL-2.0
/*
 * README: what may be written, out of the same tables the parser reads.
 */
#include <linux/kernel.h>

#include "ctl.h"

static const char intro[] =
	"Torture for reference counts under RCU.\n"
	"\n"
	"Begin here:\n"
	"  # cd /sys/kernel/debug/reftorture\n"
	"  # echo 'start run=a pattern=listing_b time=10' > control\n"
	"  # cat a/status\n"
	"  # echo 'stop run=a' > control\n"
	"  # cat a/result\n"
	"  # echo 'remove run=a' > control\n"
	"\n"
	"A broken form, which must be caught:\n"
	"  # echo 'start run=b pattern=listing_b busted=listing_b:plain_inc time=10' > control\n"
	"  # cat b/result b/failures\n"
	"\n";

static void show_files(struct seq_file *m, const char *title,
		       const struct ctl_file *files, unsigned int n)
{
	unsigned int i;

	seq_printf(m, "%s\n", title);
	for (i = 0; i < n; i++)
		seq_printf(m, "  %-11s %s\n", files[i].name, files[i].about);
	seq_putc(m, '\n');
}

static void show_verbs(struct seq_file *m)
{
	unsigned int i;

	seq_printf(m,
		   "control takes one command a write, at most %d bytes; words stand between blanks:\n",
		   CTL_LINE_MAX);
	for (i = 0; i < ctl_nr_verbs; i++)
		seq_printf(m, "  %s %s\n          %s\n", ctl_verbs[i].name,
			   ctl_verbs[i].args, ctl_verbs[i].help);
	seq_printf(m,
		   "\n"
		   "A run is running or paused, then stopping, and ends as passed or failed. One\n"
		   "with a busted form ends as caught or missed, or as failed if a check fired that\n"
		   "nobody predicted. It keeps its name and its files until it is removed. There\n"
		   "can be %d runs at a time.\n\n", MAX_RUNS);
}

static void show_name(void *arg, const char *name)
{
	seq_printf(arg, " %s", name);
}

static void show_number(struct seq_file *m, const struct ctl_key *key)
{
	if (key->flags & CTL_KEY_OFF)
		seq_puts(m, " 0 (off),");
	if (key->max == U64_MAX)
		seq_puts(m, " any number");
	else
		seq_printf(m, " %llu to %llu", key->min, ctl_key_max(key));
	if (key->unit)
		seq_printf(m, " %s", key->unit);
	if (key->flags & CTL_KEY_PER_CPU)
		seq_printf(m, " (%llu a CPU)", key->max);
}

static void show_default(struct seq_file *m, const struct ctl_key *key)
{
	struct run_config cfg = { .flavor = ctl_flavors[0] };

	if (key->flags & CTL_KEY_REQUIRED) {
		seq_puts(m, "; must be given");
		return;
	}
	if (key->type == &ctl_type_busted) {
		seq_puts(m, "; default none");
		return;
	}
	ctl_key_set_default(key, &cfg);
	seq_puts(m, "; default ");
	key->type->show(m, key, &cfg);
}

static void show_keys(struct seq_file *m)
{
	unsigned int i;

	seq_puts(m, "Keys; set can change those marked * while a run lives:\n");
	for (i = 0; i < ctl_nr_keys; i++) {
		const struct ctl_key *key = &ctl_keys[i];

		seq_printf(m, " %c%-13s %s\n               ",
			   key->flags & CTL_KEY_LIVE ? '*' : ' ', key->name,
			   key->help);
		if (key->type->names)
			key->type->names(key, show_name, m);
		else if (key->type == &ctl_type_number)
			show_number(m, key);
		else
			seq_printf(m, " 1 to %d of a-z 0-9 _ -",
				   RUN_NAME_LEN - 1);
		show_default(m, key);
		seq_putc(m, '\n');
	}
	seq_puts(m, "Numbers are decimal, or hexadecimal after 0x.\n\n");
}

static const char errors[] =
	"A command that is refused changes nothing. The write fails, and error_log says\n"
	"why, with a caret under the word to blame:\n"
	"  EINVAL      not understood: command, key, value, several lines, binary\n"
	"  ERANGE      a number out of its range\n"
	"  E2BIG       too long, or not written at offset 0\n"
	"  EOPNOTSUPP  understood, but not possible here: flavor, memory, hotplug\n"
	"  ENOENT      no run of that name\n"
	"  EEXIST      start: a run of that name has ended; remove it first\n"
	"  EBUSY       start: a run of that name is running; set: not a live key\n"
	"  EALREADY    it is so already: ended, paused, not paused\n"
	"  ENOSPC      start: too many runs\n";

int ctl_readme_show(struct seq_file *m, void *unused)
{
	seq_puts(m, intro);
	show_files(m, "Files here:", ctl_files, ctl_nr_files);
	show_files(m, "Files of a run, in the directory of its name:",
		   ctl_run_files, ctl_nr_run_files);
	show_verbs(m);
	show_keys(m);
	seq_puts(m, errors);
	return 0;
}
