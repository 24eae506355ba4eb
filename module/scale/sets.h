/* SPDX-License-Identifier: GPL-2.0 */
/* Every set of rows; each in a file of its own, or with its likes. */
#ifndef _LASTREF_SCALE_SETS_H
#define _LASTREF_SCALE_SETS_H

#include "scale.h"

extern const struct bench_set set_post;
extern const struct bench_set set_object;
extern const struct bench_set set_idle;
extern const struct bench_set set_empty;
extern const struct bench_set set_flood;
extern const struct bench_set set_domains;
extern const struct bench_set set_synchronize;
extern const struct bench_set set_memory;
extern const struct bench_set set_getput;
extern const struct bench_set set_bytes;
extern const struct bench_set set_delete;
extern const struct bench_set set_reclaim;
extern const struct bench_set set_hold;
extern const struct bench_set set_lockcnt;
extern const struct bench_set set_cleanup;
extern const struct bench_set set_watch;

#endif /* _LASTREF_SCALE_SETS_H */
