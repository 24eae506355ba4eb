/* SPDX-License-Identifier: GPL-2.0 */
/*
 * progress.h - what a worker tells its parent while it works
 *
 * Messages of fixed size over a SOCK_SEQPACKET pair, for the live table only:
 * one that does not fit is dropped, since a parent that is stopped at a
 * terminal must not stop the machines. What counts is in result.json.
 */
#ifndef LASTREF_PROGRESS_H
#define LASTREF_PROGRESS_H

#include "table.h"

enum progress_kind {
	PROGRESS_PHASE,		/* what the scenario does now */
	PROGRESS_ROW,		/* a row of the table has changed */
};

struct progress {
	enum progress_kind kind;
	size_t row;		/* the how manieth step that has a row */
	char phase[sizeof(((struct table_block *)0)->phase)];
	struct table_row data;
};

#endif
