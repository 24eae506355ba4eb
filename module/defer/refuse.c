// SPDX-License-Identifier: GPL-2.0
/*
 * Posts that are refused: counted, and their posters named.
 *
 * A refusal that tells of a bug warns once: twice the same head, nothing to
 * post, a domain that is no more.  To be refused because the domain is closed
 * or full is an answer that callers are written for, so it is only counted.
 */
#include <linux/bug.h>
#include <linux/err.h>

#include "domain.h"

void refused(struct defer_domain *d, defer_func_t func, unsigned long from,
	     int err)
{
	void *poster = (void *)from;

	if (!IS_ERR_OR_NULL(d))
		atomic_long_inc(&d->refused);
	if (err == -EBUSY)
		atomic_long_inc(&d->double_posts);
	WARN_ONCE(err == -EINVAL,
		  "defer_call: without a domain, a head or a function (%pS), posted from %pS\n",
		  func, poster);
	WARN_ONCE(err == -EBUSY,
		  "defer_call: head is pending already (%pS), posted from %pS\n",
		  func, poster);
	if (err == -ESHUTDOWN)
		who_late(d, func, from);
	WARN_ONCE(err == -ESHUTDOWN && READ_ONCE(d->destroyed),
		  "defer_call: domain is destroyed (%pS), posted from %pS\n",
		  func, poster);
}
