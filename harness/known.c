// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "compiler.h"
#include "known.h"

static const struct known {
	enum splat_kind kind;
	const char *regex;	/* of the whole headline */
	const char *why;
} known[] = {
	{
		SPLAT_KCSAN,
		"data-race in hrtimer_wakeup / schedule_hrtimeout_range_clock$",
		"the sleeper looks at its task pointer while the timer clears it: whichever value it sees, it was made runnable first or sleeps until it is",
	},
	{
		SPLAT_KCSAN,
		"data-race in __hrtimer_run_queues / hrtimer_active$",
		"the tick looks without the lock which timer runs, by a sequence count that makes it look again when one was begun meanwhile; the pointer is compared, never followed",
	},
};

/* Only the headline is looked at: who called the two is another matter. */
const char *known_splat(const struct splat *splat)
{
	char nothing[] = "";
	struct splat headline = { .headline = splat->headline, .excerpt = nothing };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (splat->kind == known[i].kind && splat_matches(&headline, known[i].regex))
			return known[i].why;
	return NULL;
}
