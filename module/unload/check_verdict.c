// SPDX-License-Identifier: GPL-2.0
/*
 * The rule. What is counted is read once, before anything is waited for.
 *
 * A direct callback that is pending is a bug whatever the module thinks: its text
 * goes next. Of one that has begun it is not known whether it has the
 * module's last instruction behind it, so it is no more than unbarriered.
 *
 * Of callbacks of others that may call it, those count that do, when they are tried.
 *
 * A cache or workqueue that it took apart while callbacks of it were pending that
 * use such makes it unbarriered, even if a barrier followed.
 */
#include <linux/ktime.h>

#include "check.h"
#include "check_trace.h"

const struct uc_kind_traits uc_kinds[UC_NR_KINDS] = {
	[UC_DIRECT] = { "direct", .certain = true, .barrier = true },
	[UC_RCU_WORK] = { "rcu_work", .certain = true },
	[UC_PERCPU_REF] = { "percpu_ref" },
	[UC_INODE] = { "inode", .certain = true, .barrier = true },
	[UC_DATA] = { "data", .certain = true },
	[UC_OBJECT] = { "object" },
};

bool uc_concerns(const struct uc_site *s, const struct uc_facts *f)
{
	return s->owner == f->m && (f->phase != UC_INIT_TEXT || s->init);
}

/* Where a kernel function comes between, completion may be waited for otherwise. */
static void count(struct uc_facts *f, const struct uc_site *s)
{
	const struct uc_sum *sum = &s->ruled;
	unsigned long pending = sum->posted - sum->started;
	unsigned long running = sum->started - sum->returned;

	f->posted += sum->posted;
	if (s->kind == UC_OBJECT && f->tried) {
		f->pending += s->met;
	} else if (uc_kinds[s->kind].certain) {
		f->pending += pending;
		f->running += running;
	} else {
		f->indirect += pending + running;
	}
	if (!uc_kinds[s->kind].barrier)
		return;
	f->uncovered += sum->posted - s->ruled_covered;
	if (sum->posted > s->ruled_covered && s->covered_any >= sum->posted)
		f->in_time += sum->posted - s->ruled_covered;
}

static bool is_worse(const struct uc_site *a, const struct uc_site *b)
{
	unsigned long pending_a = a->ruled.posted - a->ruled.returned;
	unsigned long pending_b = b->ruled.posted - b->ruled.returned;

	if (pending_a != pending_b)
		return pending_a > pending_b;
	return a->ruled.posted - a->ruled_covered >
	       b->ruled.posted - b->ruled_covered;
}

static enum uc_verdict rule(const struct uc_facts *f)
{
	if (f->pending)
		return UC_PENDING;
	if (f->running || f->uncovered || f->indirect ||
	    uc_cache_destroyed(f->m) || uc_queue_destroyed(f->m))
		return UC_UNBARRIERED;
	return UC_CLEAN;
}

/**
 * uc_rule() - say what a module has left behind, and wait for it
 * @m: the module, whose text is still there
 * @phase: what it has come to
 *
 * Context: the task that loads or unloads it.
 */
void uc_rule(struct uc_module *m, enum uc_phase phase)
{
	struct uc_facts f = { .m = m, .phase = phase, .when = ktime_get_ns() };
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s)) {
		if (!uc_concerns(s, &f))
			continue;
		s->ruled_covered = uc_site_covered(s);
		s->ruled = uc_site_sum(s);
		if (!f.worst || is_worse(s, f.worst))
			f.worst = s;
	}
	f.tried = phase != UC_INIT_TEXT && uc_rescue && uc_try(m);
	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (uc_concerns(s, &f))
			count(&f, s);
	f.verdict = rule(&f);
	trace_verdict(m, uc_verdict_names[f.verdict], f.posted, f.pending);
	if (phase == UC_INIT_TEXT && f.verdict == UC_CLEAN)
		return;
	f.rescued = uc_rescue_from(&f);
	uc_report(&f);
}
