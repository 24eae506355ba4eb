/* SPDX-License-Identifier: GPL-2.0 */
/*
 * figures.h - which figures a report has, and what each shows
 */
#ifndef LASTREF_FIGURES_H
#define LASTREF_FIGURES_H

#include "plot.h"
#include "result.h"

enum figure_kind {
	FIGURE_MATRIX,		/* operations a second, pattern by kernel */
	FIGURE_CAUGHT,		/* busted forms, time until each was caught */
	FIGURE_RATES,		/* a case's runs over time */
	FIGURE_RECLAIM,		/* from delete to free */
	FIGURE_BARRIER,		/* how long a barrier took */
	NR_FIGURE_KINDS
};

struct figure {
	enum figure_kind kind;
	char title[128];
	char words[256];	/* what it shows, for who cannot see it */
	size_t plot;
};

/* Describes all that the results have data for; an array of *@nr, or NULL. */
struct figure *figures_plan(struct plots *p, const struct tour_result *t, size_t *nr);

#endif
