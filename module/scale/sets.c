// SPDX-License-Identifier: GPL-2.0
#include "sets.h"

const struct bench_set *const bench_sets[] = {
	&set_post,
	&set_object,
	&set_idle,
	&set_empty,
	&set_flood,
	&set_domains,
	&set_synchronize,
	&set_memory,
	&set_getput,
	&set_bytes,
	&set_delete,
	&set_reclaim,
	&set_hold,
	&set_lockcnt,
	&set_cleanup,
	&set_watch,
	NULL
};
