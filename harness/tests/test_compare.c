// SPDX-License-Identifier: GPL-2.0
/*
 * Two runs side by side: what differs is told, and what is noise is not.
 */
#include "compare.h"
#include "kt.h"
#include "tour_fixture.h"

/* Ten patterns at @rate, one of them at @odd, and nine catches from @ms on. */
static void make_side(struct tour_result *t, enum status status, long rate, long odd, long ms)
{
	struct case_result *c;
	char name[16];
	int i;

	begin_tour(t);
	c = add_case(t, "one", "6.12", status);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		add_run(c, name, NULL, i == 4 ? odd : rate + i);
	}
	for (i = 0; i < 9; i++)
		add_run(c, "p0", "p0:broken", ms + i);
}

static char *compare_text(struct tour_result *a, struct tour_result *b, bool *worse)
{
	static char text[8192];
	FILE *out = fmemopen(text, sizeof(text), "w");

	*worse = compare_write(out, a, b, false);
	fclose(out);
	tour_free(a);
	tour_free(b);
	return text;
}

static void two_runs(void)
{
	struct tour_result a, b;
	bool worse;
	char *text;

	/* A machine that is three times as fast as a whole, and one verdict lost. */
	make_side(&a, STATUS_PASS, 100000, 100000, 100);
	make_side(&b, STATUS_FAIL, 300000, 300000, 105);
	text = compare_text(&a, &b, &worse);
	kt_check(worse && strstr(text, "pass    -> FAIL"), "%s", text);
	kt_check(strstr(text, "is 3.00 of what it was") && strstr(text, "which is noise"), "%s",
		 text);
	kt_check(strstr(text, "none of 1 lies apart"), "%s", text);

	/* One pattern that is slower, one form that is caught later. */
	make_side(&a, STATUS_FAIL, 100000, 100000, 100);
	make_side(&b, STATUS_PASS, 110000, 50000, 2000);
	text = compare_text(&a, &b, &worse);
	kt_check(!worse && strstr(text, "FAIL    -> pass"), "%s", text);
	kt_check(strstr(text, "p4 rcu on 6.12: 0.50") && !strstr(text, "p5 rcu"), "%s", text);
	kt_check(strstr(text, "p0:broken rcu on 6.12: 104 ms -> 2.00 s"), "%s", text);

	/* What was and is no more, and what is new and bad. */
	begin_tour(&a);
	begin_tour(&b);
	add_case(&a, "gone", "6.12", STATUS_PASS);
	add_case(&b, "new", "6.12", STATUS_FAIL);
	add_case(&b, "newer", "6.12", STATUS_PASS);
	text = compare_text(&a, &b, &worse);
	kt_check(worse && strstr(text, "pass    -> (none)") &&
		 strstr(text, "(none)  -> FAIL"), "%s", text);
	kt_check(strstr(text, ", 1 that passed is new in B."), "%s", text);
	kt_check(strstr(text, "No rate can be compared") && strstr(text, "No time to catch"), "%s",
		 text);
}

static const struct kt_case cases[] = {
	{ "what differs and what is noise", two_runs },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
