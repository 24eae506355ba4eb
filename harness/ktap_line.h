/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line of KTAP by itself: what kind it is and what it says.
 *
 * Nothing here knows of other lines; ktap.c does.
 */
#ifndef LASTREF_KTAP_LINE_H
#define LASTREF_KTAP_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "ktap.h"

#define KTAP_LINE_MAX	4096

enum ktap_line_kind {
	KTAP_BLANK,
	KTAP_VERSION,		/* KTAP version 1, TAP version 13 */
	KTAP_PLAN,		/* 1..N */
	KTAP_RESULT,
	KTAP_SUBTEST,		/* # Subtest: name */
	KTAP_COMMENT,
	KTAP_BAIL,
	KTAP_OTHER,
};

/* What makes a line doubtful. */
enum ktap_damage {
	KTAP_SOUND,
	KTAP_BINARY,		/* control bytes or no UTF-8 */
	KTAP_KERNEL,		/* a kernel message inside */
	KTAP_TORN,		/* a result begins in the middle */
	KTAP_LONG,		/* cut at KTAP_LINE_MAX */
};

struct ktap_parsed {
	enum ktap_line_kind kind;
	enum ktap_damage damage;
	enum ktap_status status;	/* of a result */
	unsigned int indent;
	unsigned int number;	/* of a result, a plan; 0: none */
	bool skipped;		/* a plan with # SKIP */
	const char *name;	/* of a result, a subtest; text of a comment, a bail */
	const char *note;	/* after the directive, or "" */
	char text[KTAP_LINE_MAX + 1];	/* name and note point into this */
};

void ktap_parse(struct ktap_parsed *p, const char *line, size_t len);

#endif
