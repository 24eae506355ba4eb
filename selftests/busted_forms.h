/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A broken form is let loose and must be caught, in time and by a check that
 * was predicted; the right form beside it in the same kernel passes.
 *
 * In the program busted those forms that harm nobody, in busted_splat those
 * that the kernel itself warns about: they want a machine of their own, since
 * the kernel says most of its warnings once.
 */
#ifndef LASTREF_BUSTED_FORMS_H
#define LASTREF_BUSTED_FORMS_H

#include "lastref_fixture.h"

/*
 * Seconds that a form may take to be caught: 10 on a stock kernel, 30 on one that
 * KASAN and lockdep make slow; more only where the machine was measured to be slow.
 */
#define CAUGHT_S	((lr_debug_kernel() ? 30 : 10) * lr_patience())

/* A line of the file busted. */
struct form {
	char name[48];
	char pattern[48];
	char caught_by[128];	/* ",check,check," */
	bool splat;
	bool offered;
};

static inline bool form_parse(const char *line, struct form *form)
{
	const char *by = strstr(line, " caught-by=");
	size_t n = line ? strcspn(line, ":") : 0;

	if (!by || sscanf(line, "%47s", form->name) != 1)
		return false;
	by += strlen(" caught-by=");
	snprintf(form->pattern, sizeof(form->pattern), "%.*s", (int)n, line);
	snprintf(form->caught_by, sizeof(form->caught_by), ",%.*s,",
		 (int)strcspn(by, " "), by);
	form->offered = strstr(line, " here=caught");
	form->splat = strstr(line, "(the kernel may warn:");
	return true;
}

/* All forms of this kernel; n is their number. */
static inline size_t forms_read(struct form *forms, size_t max)
{
	char *text = lr_read("busted"), *line, *rest;
	size_t n = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &rest); line && n < max;
	     line = strtok_r(NULL, "\n", &rest))
		if (*line != '#' && form_parse(line, &forms[n]))
			n++;
	free(text);
	return n;
}

/* The check that result names: "ok 1 caught by CHECK # after 132 ms". */
static inline bool caught_by(const char *run, char *check, size_t size)
{
	char path[64], *text, *by;

	snprintf(path, sizeof(path), "%s/result", run);
	text = lr_read(path);
	by = text ? strstr(text, "\nok 1 caught by ") : NULL;
	if (by) {
		by += strlen("\nok 1 caught by ");
		snprintf(check, size, "%.*s", (int)strcspn(by, " #\n"), by);
	}
	free(text);
	return by;
}

static inline bool predicted(const struct form *form, const char *check)
{
	char word[64];

	snprintf(word, sizeof(word), ",%s,", check);
	return strstr(form->caught_by, word);
}

static inline void must_be_caught(struct __test_metadata *_metadata,
				  const struct form *form)
{
	unsigned int seconds = CAUGHT_S;
	char check[48] = "";

	/* Few keys, so that who races meets. */
	ASSERT_EQ(0, lr_control("start run=broken pattern=%s busted=%s keys=4 time=%u",
				form->pattern, form->name, seconds));
	ASSERT_EQ(0, lr_control("start run=right pattern=%s time=%u",
				form->pattern, seconds + 30));
	EXPECT_EQ(0, lr_wait_state("broken", "ended", seconds + 30));
	EXPECT_TRUE(lr_shows("broken/stats", "state: caught\n")) {
		lr_say_file("broken/result");
	}
	EXPECT_TRUE(caught_by("broken", check, sizeof(check)));
	EXPECT_TRUE(predicted(form, check)) {
		TH_LOG("%s: caught by %s, predicted %s", form->name, check,
		       form->caught_by);
	}
	EXPECT_TRUE(lr_shows("broken/failures", check));
	TH_LOG("%s: %s after %lld ms", form->name, check,
	       lr_stat("broken", "first_error_ms"));
	EXPECT_EQ(0, lr_do("stop run=right"));
	EXPECT_TRUE(lr_shows("right/stats", "state: passed\n"));
	EXPECT_EQ(0, lr_do("remove run=broken"));
	EXPECT_EQ(0, lr_do("remove run=right"));
}

#endif
