/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules by which a verdict is reached, as a table.
 *
 * Evidence is first digested into findings, so that a rule is a condition and
 * a sentence. The engine takes the table as a parameter: a test can leave a
 * rule out and demand that somebody notices.
 */
#ifndef LASTREF_VERDICT_RULES_H
#define LASTREF_VERDICT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "textbuf.h"
#include "verdict.h"

struct findings {
	const struct evidence *e;
	bool died;			/* QEMU saw a reset or a panic */

	const struct splat *worst;	/* of those that nothing foretold */
	size_t unforetold;		/* splats, and those too many to be looked at */
	const struct splat *foretold;	/* matches evidence.splat */
	const struct splat *signature;	/* matches evidence.signature */
	const struct splat *before;	/* came before that, and nothing foretold it */

	const struct ktap *torn;	/* the first KTAP that is not complete */
	unsigned int passed, failed, skipped, xfailed;
	const struct ktap_result *first_failed;
	const struct ktap_result *caught;	/* "caught by ..." */
};

struct verdict_rule {
	const char *name;
	enum status status;
	bool (*applies)(const struct findings *f);
	void (*why)(const struct findings *f, struct textbuf *b);
};

extern const struct verdict_rule verdict_rules[];
extern const size_t nr_verdict_rules;

struct verdict verdict_by(const struct verdict_rule *rules, size_t nr,
			  const struct evidence *e);

#endif
