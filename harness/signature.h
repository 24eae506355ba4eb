/* SPDX-License-Identifier: GPL-2.0 */
/*
 * signature.h - what came out of a case, in a word and a line
 *
 * The class is what happened, whatever was foretold. Two failures are the same one
 * if their signatures are equal: the kind of the kernel's complaint with the
 * function it was made in, or the check that noticed.
 */
#ifndef LASTREF_SIGNATURE_H
#define LASTREF_SIGNATURE_H

#include <stddef.h>

#include "result.h"

enum outcome {
	OUTCOME_CLEAN,		/* nothing was noticed, and it came to its end */
	OUTCOME_CAUGHT,		/* a check noticed something */
	OUTCOME_SPLAT,		/* the kernel complained and lived on */
	OUTCOME_CRASH,		/* the kernel died */
	OUTCOME_HANG,		/* a deadline passed */
	OUTCOME_HARNESS,	/* no result, or the harness could not do its work */
	NR_OUTCOMES
};

const char *outcome_name(enum outcome outcome);

#define SIGNATURE_MAX	160

/* @c may be NULL: the worker left no result. */
enum outcome signature_of(const struct case_result *c, char sig[SIGNATURE_MAX]);

/* Of a report of the kernel, whose addresses are decoded; and of a crash without one. */
void signature_splat(const char *kind, const char *headline, const char *excerpt,
		     char sig[SIGNATURE_MAX]);
#define SIGNATURE_MUTE	"without a word"

/*
 * The function a report was made in, from its text: "" if that is not said. Of text
 * that nobody can name, who called it.
 */
void signature_frame(const char *excerpt, char *buf, size_t size);

#endif
