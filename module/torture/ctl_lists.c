// SPDX-License-Identifier: GPL-2.0
/*
 * What there is: the files patterns, flavors and busted.
 *
 * A line each, so that grep and awk do, and a program need not know more than
 * that words of the form key=value stand before a colon and a sentence behind.
 * Lines that begin with # say what the words mean.
 */
#include "ctl.h"

/* A flag of a pattern, and what to write when it is set and when it is not. */
static const struct flag_words {
	unsigned int flag;
	const char *set, *clear;
} pattern_words[] = {
	{ PATTERN_LOOKUP_MAY_FAIL, "lookup=may-fail", "lookup=never-fails" },
	{ PATTERN_DELETE_SLEEPS, "delete=sleeps", "delete=any-context" },
	{ PATTERN_READERS_EXCLUDE_DELETE, "readers=block-delete",
	  "readers=lock-free" },
	{ PATTERN_POSTS, "callbacks=yes", "callbacks=no" },
	{ PATTERN_USES_FLAVOR, "flavor=matters", "flavor=unused" },
};

/* "R1 R2" as one word, "R1,R2" */
static void show_claims(struct seq_file *m, const char *claims)
{
	for (; *claims; claims++)
		seq_putc(m, *claims == ' ' ? ',' : *claims);
}

int ctl_patterns_show(struct seq_file *m, void *unused)
{
	unsigned int i, j;

	for (i = 0; ref_patterns[i]; i++) {
		const struct ref_pattern *p = ref_patterns[i];

		seq_printf(m, "%s claims=", p->name);
		show_claims(m, p->claims);
		for (j = 0; j < ARRAY_SIZE(pattern_words); j++)
			seq_printf(m, " %s", p->flags & pattern_words[j].flag ?
				   pattern_words[j].set :
				   pattern_words[j].clear);
		seq_printf(m, ": %s\n", p->promise);
	}
	seq_puts(m,
		 "# lookup=may-fail: a lookup may find an element on its way out, and answer FAIL\n"
		 "# delete=sleeps: delete() waits for a grace period itself\n"
		 "# readers=block-delete: nothing is removed while a reader is in its section\n"
		 "# callbacks=yes: some verb posts a callback\n"
		 "# flavor=matters: the pattern waits for readers, try each flavor\n");
	return 0;
}

int ctl_flavors_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; ctl_flavors[i]; i++)
		seq_printf(m, "%s readers=%s: %s\n", ctl_flavors[i]->name,
			   ctl_flavors[i]->flags & FLAVOR_READERS_MAY_SLEEP ?
			   "may-sleep" : "must-not-sleep",
			   ctl_flavors[i]->about);
	return 0;
}

static void show_checks(struct seq_file *m, unsigned long checks)
{
	const char *comma = "";
	unsigned int id;

	for_each_set_bit(id, &checks, NR_CHECKS) {
		seq_printf(m, "%s%s", comma, check_names[id]);
		comma = ",";
	}
}

/* A kernel predicts the same for each flavor, but for those it leaves out. */
static void show_prediction(struct seq_file *m, const struct ref_busted *b)
{
	bool any = false;
	unsigned int i;

	for (i = 0; ctl_flavors[i]; i++)
		if (!(ctl_flavors[i]->flags & b->not_with))
			any = true;
	seq_puts(m, any ? " here=caught" :
			  " here=not offered: it breaks no rule of any flavor");
	for (i = 0; any && ctl_flavors[i]; i++)
		if (ctl_flavors[i]->flags & b->not_with)
			seq_printf(m, ", not offered with flavor=%s",
				   ctl_flavors[i]->name);
}

static void show_busted(struct seq_file *m, const struct ref_pattern *p,
			const struct ref_busted *b)
{
	seq_printf(m, "%s:%s zoo=%u claim=%s caught-by=", p->name, b->name,
		   b->zoo, b->claim);
	show_checks(m, b->caught_by);
	seq_puts(m, " memory=quarantine");
	show_prediction(m, b);
	seq_printf(m, ": %s", b->about);
	if (b->splat)
		seq_printf(m, " (the kernel may warn: %s)", b->splat);
	seq_putc(m, '\n');
}

int ctl_busted_show(struct seq_file *m, void *unused)
{
	unsigned int i, j;

	for (i = 0; ref_patterns[i]; i++)
		for (j = 0; j < ref_patterns[i]->nr_busted; j++)
			show_busted(m, ref_patterns[i],
				    &ref_patterns[i]->busted[j]);
	return 0;
}
