// SPDX-License-Identifier: GPL-2.0
/*
 * Every pattern.
 */
#include "pattern.h"

const struct ref_pattern *const ref_patterns[] = {
	&pattern_listing_a,
	&pattern_listing_b,
	&pattern_listing_c,
	&pattern_listing_c_sync,
	&pattern_percpu_ref,
	&pattern_rcuref,
	&pattern_rcu_ref,
	&pattern_rcu_ref_call,
	&pattern_rcu_ref_defers,
	&pattern_rwlock_inside,
	&pattern_rwlock_ref,
	&pattern_rwlock_ref_bh,
	&pattern_rcu_array,
	&pattern_lockcnt,
	&pattern_lockcnt_mutex,
	&pattern_lockcnt_percpu,
	&pattern_lockcnt_list,
	&pattern_lockcnt_list_if,
	NULL
};
