// SPDX-License-Identifier: GPL-2.0
/*
 * Domains and their books.
 *
 * We count what we tried to post, what was refused and what ran; the engine
 * counts for itself.  Once a domain is closed and nobody posts any more the two
 * must agree, and nothing may be missing.
 */
#include <linux/err.h>
#include <linux/string.h>

#include "defertorture.h"

#define FLUSH_MS	1000

static char *gp = "rcu";
module_param(gp, charp, 0444);
MODULE_PARM_DESC(gp, "back end of the domains: rcu, srcu, sched, gpctr");

/* Is this the back end of the domains? */
bool dt_gp_is(const char *name)
{
	return !strcmp(gp, name);
}

int dt_domain_open(struct dt_domain *d, const char *name, unsigned long limit)
{
	struct defer_domain_attr attr = {
		.gp = gp,
		.limit = limit,
		.over = DEFER_REFUSE,
	};
	struct defer_domain *domain = defer_domain_create(name, &attr);

	if (IS_ERR(domain))
		return PTR_ERR(domain);
	atomic_long_set(&d->tried, 0);
	atomic_long_set(&d->refused, 0);
	atomic_long_set(&d->invoked, 0);
	d->d = domain;
	return 0;
}

/* At the end of the torture callbacks no longer post themselves. */
void dt_domain_close(struct dt_domain *d)
{
	int err;

	if (!d->d)
		return;
	if (dt_over()) {
		dt_ran(DT_QUIET);
		err = defer_flush(d->d, FLUSH_MS);
		if (err)
			dt_fail(DT_QUIET, "flush says %d after %d ms", err,
				FLUSH_MS);
	}
	err = defer_close(d->d);
	if (err)
		dt_fail(DT_CLOSE, "close says %d", err);
}

/* A barrier that posts callbacks of its own adds as many to both sides. */
static bool engine_agrees(const struct defer_stats *stats, u64 invoked,
			  u64 refused)
{
	if (stats->pending || stats->refused != refused ||
	    stats->posted != stats->invoked + stats->refused)
		return false;
	return dt_ops->wait_posts ? stats->invoked >= invoked :
				    stats->invoked == invoked;
}

void dt_domain_check(struct dt_domain *d)
{
	long tried = atomic_long_read(&d->tried);
	long refused = atomic_long_read(&d->refused);
	long invoked = atomic_long_read(&d->invoked);
	struct defer_stats stats;

	if (!d->d)
		return;
	defer_domain_stats(d->d, &stats);
	dt_ran(DT_ARITHMETIC);
	if (tried != invoked + refused)
		dt_fail(DT_ARITHMETIC, "%ld tried, %ld invoked + %ld refused",
			tried, invoked, refused);
	else if (!engine_agrees(&stats, invoked, refused))
		dt_fail(DT_ARITHMETIC, "the engine has %llu = %llu + %llu and %llu pending, we %ld = %ld + %ld",
			stats.posted, stats.invoked, stats.refused,
			stats.pending, tried, invoked, refused);
}

void dt_domain_destroy(struct dt_domain *d)
{
	int err;

	if (!d->d)
		return;
	err = defer_domain_destroy(d->d);
	if (err)
		dt_fail(DT_CLOSE, "destroy says %d", err);
	d->d = NULL;
}
