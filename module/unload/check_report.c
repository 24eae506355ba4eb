// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts in words: a line for the kernel's log, and what it stands on for the
 * file verdicts. The form of both is in check.h.
 *
 * They are written while the module's symbols can still be named, and kept as
 * text. Only the newest are kept.
 */
#define pr_fmt(fmt) "unloadcheck: " fmt

#include <linux/module.h>
#include <linux/printk.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "check.h"

#define NR_KEPT		256
#define TEXT_MAX	8192

const char *const uc_verdict_names[] = { "clean", "unbarriered", "pending" };
static_assert(ARRAY_SIZE(uc_verdict_names) == UC_NR_VERDICTS);

static const char *const phases[] = { "exit", "init_failed", "init_text" };
static_assert(ARRAY_SIZE(phases) == UC_NR_PHASES);

static const char *const rescues[] = { "-", "yes", "no", "timeout" };
static_assert(ARRAY_SIZE(rescues) == UC_NR_RESCUED);

const char *const uc_flavor_names[] = {
	"rcu", "srcu", "tasks", "tasks_rude", "tasks_trace", "none"
};

static_assert(ARRAY_SIZE(uc_flavor_names) == UC_NR_FLAVORS + 1);

struct kept {
	char name[MODULE_NAME_LEN];
	enum uc_verdict verdict;
	bool sure;
	char *text;
};

static struct kept ring[NR_KEPT];
static unsigned long nr_verdicts, nr_kept, nr_of[UC_NR_VERDICTS];
static char text[TEXT_MAX];	/* all of these under uc_mutex */

enum why {
	NONE_POSTED, BARRIER, RETURNED, CACHE, QUEUE, INDIRECT, AFTER, OTHER_TASK,
	WRONG_FLAVOR, NOT_A_BARRIER, NO_BARRIER, NR_WHYS
};

static const struct {
	const char *code, *words;
} whys[] = {
	[NONE_POSTED] = { "none_posted", "it posted no callbacks" },
	[BARRIER] = { "barrier",
		"each post was followed by a barrier of its flavor" },
	[RETURNED] = { "returned",
		"its callbacks are the kernel's, and had all returned" },
	[CACHE] = { "cache_destroyed",
		"a cache was destroyed with callbacks pending: barrier first" },
	[QUEUE] = { "queue_destroyed",
		"a workqueue was destroyed with callbacks pending: barrier first" },
	[INDIRECT] = { "indirect",
		"callbacks of others were pending that may call it" },
	[AFTER] = { "post_after_barrier",
		"callbacks were posted after its barrier began: stop what posts them first" },
	[OTHER_TASK] = { "other_task",
		"only another task's barrier came in time, which it cannot count on" },
	[WRONG_FLAVOR] = { "wrong_flavor",
		"it ran a barrier, but not that of what it posted to" },
	[NOT_A_BARRIER] = { "not_a_barrier",
		"synchronize_rcu() and its kin wait for readers, not for callbacks" },
	[NO_BARRIER] = { "no_barrier",
		"no barrier was run after the last post" },
};

static_assert(ARRAY_SIZE(whys) == NR_WHYS);

static enum why why(const struct uc_facts *f, struct uc_barrier_seen ran)
{
	if (f->verdict == UC_CLEAN && !f->posted)
		return NONE_POSTED;
	if (f->verdict == UC_CLEAN)
		return uc_kinds[f->worst->kind].barrier ? BARRIER : RETURNED;
	if (!f->pending && !f->running && !f->uncovered && f->indirect)
		return INDIRECT;
	if (!f->pending && uc_cache_destroyed(f->m))
		return CACHE;
	if (!f->pending && uc_queue_destroyed(f->m))
		return QUEUE;
	if (ran.matching)
		return AFTER;
	if (f->in_time && f->in_time == f->uncovered)
		return OTHER_TASK;
	if (ran.other)
		return WRONG_FLAVOR;
	return ran.none ? NOT_A_BARRIER : NO_BARRIER;
}

static const char *end_of_it(const struct uc_facts *f)
{
	if (f->pending)
		return "; queued callbacks will run text that is about to go";
	if (f->running)
		return "; a callback was in it still, or just out of it";
	if (f->uncovered)
		return "; all had run, by its own counting or by luck";
	return "";
}

const char *uc_symbol(struct uc_name *name, unsigned long addr)
{
	char *blank;

	snprintf(name->text, sizeof(name->text), "%pS", (void *)addr);
	blank = strchr(name->text, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
	return name->text;
}

void uc_site_say(struct seq_buf *s, const struct uc_site *site,
		 const struct uc_sum *sum, unsigned long covered)
{
	struct uc_name name;

	seq_buf_printf(s, "\tsite func=%s", uc_symbol(&name, site->text));
	seq_buf_printf(s, " flavor=%s from=%s kind=%s posted=%lu pending=%lu running=%lu uncovered=%lu\n",
		       uc_flavor_names[site->flavor],
		       uc_symbol(&name, site->from), uc_kinds[site->kind].name,
		       sum->posted, sum->posted - sum->started,
		       sum->started - sum->returned, sum->posted - covered);
}

static void say_sites(struct seq_buf *s, const struct uc_facts *f)
{
	struct uc_site *site;
	struct uc_name name;
	unsigned int i;

	for (site = uc_next_site(NULL); site; site = uc_next_site(site)) {
		if (!uc_concerns(site, f))
			continue;
		uc_site_say(s, site, &site->ruled, site->ruled_covered);
		for (i = 0; i < site->nr_stack; i++)
			seq_buf_printf(s, "\tstack %s\n",
				       uc_symbol(&name, site->stack[i]));
	}
}

/* Is there something we have not seen that would have changed the verdict? */
static bool is_sure(const struct uc_facts *f)
{
	switch (f->verdict) {
	case UC_CLEAN:
		return f->m->known && !atomic_long_read(&f->m->missed);
	case UC_UNBARRIERED:
		return f->m->nmissed_then == uc_barriers_nmissed();
	default:
		return true;
	}
}

static void say_head(struct seq_buf *s, const struct uc_facts *f,
		     enum why because, bool sure)
{
	seq_buf_printf(s, "verdict=%s module=%s nr=%lu phase=%s posted=%lu pending=%lu running=%lu uncovered=%lu rescued=%s known=%s missed=%ld sure=%s why=%s: %s%s\n",
		       uc_verdict_names[f->verdict], f->m->name, nr_verdicts,
		       phases[f->phase], f->posted, f->pending, f->running,
		       f->uncovered, rescues[f->rescued],
		       f->m->known ? "all" : "since_watch",
		       atomic_long_read(&f->m->missed), sure ? "yes" : "no",
		       whys[because].code, whys[because].words, end_of_it(f));
}

static void keep(const struct uc_facts *f, bool sure, size_t len)
{
	struct kept *k = &ring[nr_kept++ % NR_KEPT];

	kfree(k->text);
	*k = (struct kept){ .verdict = f->verdict, .sure = sure,
			    .text = kmemdup_nul(text, len, GFP_KERNEL) };
	strscpy(k->name, f->m->name, sizeof(k->name));
	nr_of[f->verdict]++;
}

/**
 * uc_report() - write a verdict to the log and keep it with its grounds
 * @f: what it is
 *
 * Context: the task that loads or unloads the module, which is still there.
 */
void uc_report(const struct uc_facts *f)
{
	static char grounds[TEXT_MAX / 2];	/* under uc_mutex */
	bool sure = is_sure(f);
	struct uc_barrier_seen ran;
	struct seq_buf s, ground;
	int line;

	mutex_lock(&uc_mutex);
	seq_buf_init(&ground, grounds, sizeof(grounds));
	ran = uc_barriers_say(&ground, f);
	nr_verdicts++;
	seq_buf_init(&s, text, sizeof(text));
	say_head(&s, f, why(f, ran), sure);
	line = seq_buf_used(&s);
	if (f->verdict == UC_CLEAN)
		pr_info("%.*s", line, text);
	else
		pr_warn("%.*s", line, text);
	say_sites(&s, f);
	seq_buf_printf(&s, "%.*s", (int)seq_buf_used(&ground), grounds);
	keep(f, sure, seq_buf_used(&s));
	mutex_unlock(&uc_mutex);
}

static unsigned long first_kept(void)
{
	return nr_kept > NR_KEPT ? nr_kept - NR_KEPT : 0;
}

void uc_verdicts_show(struct seq_file *m)
{
	unsigned long i;

	for (i = first_kept(); i < nr_kept; i++)
		seq_puts(m, ring[i % NR_KEPT].text ?:
			    "# a verdict was lost for want of memory; it is in the kernel's log\n");
}

/* In KTAP; what is clean only as far as could be seen is not taken for passed. */
void uc_result_show(struct seq_file *m)
{
	unsigned long i, n = 0;

	seq_printf(m, "KTAP version 1\n1..%lu\n", nr_kept - first_kept());
	for (i = first_kept(); i < nr_kept; i++) {
		const struct kept *k = &ring[i % NR_KEPT];

		if (k->text)
			seq_printf(m, "# %.*s\n", (int)strcspn(k->text, "\n"),
				   k->text);
		seq_printf(m, "%sok %lu %s%s\n",
			   k->verdict == UC_CLEAN ? "" : "not ", ++n, k->name,
			   k->verdict == UC_CLEAN && !k->sure ?
			   " # SKIP clean as far as could be seen" : "");
	}
}

void uc_verdicts_clear(void)
{
	unsigned int i;

	for (i = 0; i < NR_KEPT; i++) {
		kfree(ring[i].text);
		ring[i].text = NULL;
	}
	nr_kept = 0;
}

unsigned long uc_verdict_count(enum uc_verdict verdict)
{
	return nr_of[verdict];
}
