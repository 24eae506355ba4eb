/* SPDX-License-Identifier: GPL-2.0 */
/*
 * collect.h - from the texts a run leaves in debugfs to a run_result
 *
 * No machine is needed for it: texts in, structures out.
 */
#ifndef LASTREF_COLLECT_H
#define LASTREF_COLLECT_H

#include "ktap.h"
#include "result.h"
#include "step.h"
#include "table.h"

/* Whether the module's word for a state is one of the last. */
int state_ended(const char *state);

/* A row of the table from a run's stats file. */
void collect_row(struct table_row *row, const char *stats);

/* What a run that has ended says of itself. @k is the finished KTAP of its result. */
void collect_run(struct run_result *r, const struct torture_spec *spec,
		 const char *stats, const struct ktap *k, const char *failures);

/*
 * A run whose end was not seen, with the last that was, and one of STATE_*.
 */
void collect_lost(struct run_result *r, const struct torture_spec *spec,
		  const struct table_row *last, const char *state);

/* The row's last column, for one or several ends of it. */
void collect_verdict(struct table_row *row, const struct run_result *r);

/* A selftest from its finished KTAP, and its row. */
void collect_test(struct test_result *t, const char *name, const struct ktap *k);
void collect_test_row(struct table_row *row, const struct test_result *t);

/* The KTAP as text, fed line by line and finished; ktap_free() it. */
struct ktap *ktap_of(const char *text);

#endif
