// SPDX-License-Identifier: GPL-2.0
/* A module and what it depends on, from files, our own modules and a package. */
#include <sys/stat.h>

#include "exercise.h"
#include "module_fixture.h"
#include "module_set.h"

#define INFO(name, depends) \
	MODINFO("\"name=" name "\\0vermagic=6.1.0 SMP \\0depends=" depends "\"")

static char dir[PATH_MAX], ours[PATH_MAX];

static struct kernel kernel = {
	.name = "made-up", .release = "6.1.0", .dir = dir, .modules = ours,
};

static const struct {
	const char *path, *source;
} files[] = {
	{ "modules/kernel/top.ko", INFO("top", "mid-dle") HAS_INIT },
	{ "modules/kernel/mid-dle.ko", INFO("mid_dle", "low,ours") HAS_INIT },
	{ "modules/kernel/low.ko", INFO("low", "") HAS_INIT },
	{ "ours/ours.ko", INFO("ours", "low") HAS_INIT },
	{ "own/mine.ko", INFO("mine", "beside") HAS_INIT },
	{ "own/beside.ko", INFO("beside", "") HAS_INIT },
	{ "own/lost.ko", INFO("lost", "nowhere") HAS_INIT },
	{ "own/round.ko", INFO("round", "about") HAS_INIT },
	{ "own/about.ko", INFO("about", "round") HAS_INIT },
	{ "own/other.ko", MODINFO("\"vermagic=6.12.0 SMP \"") HAS_INIT },
	{ "own/soft.ko",
	  MODINFO("\"vermagic=6.1.0 \\0softdep=pre: sum missing post: low\"") HAS_INIT },
	{ "own/nameless.ko", MODINFO("\"license=GPL\"") HAS_INIT },
};

static void make_package(void)
{
	static const char dep[] =
		"kernel/top.ko: kernel/mid-dle.ko\nkernel/mid-dle.ko:\nkernel/low.ko:\n"
		"kernel/gone.ko:\n";
	size_t i;

	if (*dir)
		return;
	strcpy(dir, fake_dir());
	strcpy(ours, fixture_path("ours"));
	mkdir(ours, 0700);
	mkdir(fixture_path("own"), 0700);
	mkdir(fixture_path("out"), 0700);
	mkdir(fixture_path("modules"), 0700);
	mkdir(fixture_path("modules/kernel"), 0700);
	fixture_write(fixture_path("modules/modules.dep"), dep, strlen(dep));
	fixture_write(fixture_path("modules/modules.alias"), "alias sum top\nalias sum low\n", 28);
	fixture_write(fixture_path("modules/modules.builtin"), "kernel/fixed-in.ko\n", 19);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		fixture_compile(fixture_path("%s", files[i].path), files[i].source);
}

/* The names in the order of the set, a blank between. */
static const char *order(const struct module_set *s)
{
	static char text[256];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < s->count; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s%s", i ? " " : "",
				s->items[i].file.name, s->items[i].asked ? "!" : "");
	return text;
}

static void in_order(void)
{
	struct module_set s = { .kernel = &kernel };
	struct errbuf err = { "" };
	size_t i;

	make_package();
	kt_check(!module_set_add(&s, "top", &err), "%s", err.text);
	kt_check(!strcmp(order(&s), "low ours mid_dle top!"), "%s", order(&s));
	kt_check(!module_set_add(&s, "low", &err), "%s", err.text);
	kt_check(!module_set_add(&s, fixture_path("own/mine.ko"), &err), "%s", err.text);
	kt_check(!strcmp(order(&s), "low! ours mid_dle top! beside mine!"), "%s", order(&s));
	kt_check(!module_set_unpack(&s, fixture_path("out"), &err), "%s", err.text);
	for (i = 0; i < s.count; i++)
		kt_check(!access(s.items[i].host, R_OK), "%s", s.items[i].host);
	module_set_free(&s, false);
	kt_check(access(fixture_path("out/low.ko"), F_OK), "what was unpacked stays");
}

/* An alias may stand for several; what is not there is done without. */
static void what_is_wanted(void)
{
	struct module_set s = { .kernel = &kernel };
	struct errbuf err = { "" };

	make_package();
	kt_check(!module_set_add(&s, fixture_path("own/soft.ko"), &err), "%s", err.text);
	kt_check(!strcmp(order(&s), "low ours mid_dle top soft!"), "%s", order(&s));
	kt_check(s.count == 5 && s.items[0].soft && s.items[3].soft && !s.items[4].soft, "soft");
	module_set_free(&s, false);
}

static void names_in_any_form(void)
{
	static const char *const words[] = { "mid_dle", "mid-dle", "mid-dle.ko" };
	size_t i;

	make_package();
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		struct module_set s = { .kernel = &kernel };
		struct errbuf err = { "" };

		kt_check(!module_set_add(&s, words[i], &err), "%s: %s", words[i], err.text);
		kt_check(s.count == 3, "%s: %s", words[i], order(&s));
		module_set_free(&s, false);
	}
}

static void what_cannot_be(void)
{
	static const struct {
		const char *word, *said;
		bool own;
	} wrong[] = {
		{ "nowhere", "there is no module nowhere for kernel made-up", false },
		{ "fixed_in", "is built into kernel made-up", false },
		{ "gone", "there is no module gone", false },
		{ "./nowhere.ko", "No such file", false },
		{ "other.ko", "is for kernel 6.12.0 and not for 6.1.0", true },
		{ "nameless.ko", "is for kernel unknown", true },
		{ "lost.ko", "lost depends on nowhere: there is no module", true },
		{ "round.ko", "in a circle", true },
		{ "../modules/modules.dep", "is not a kernel module", true },
	};
	size_t i;

	make_package();
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct module_set s = { .kernel = &kernel };
		struct errbuf err = { "" };
		const char *word = wrong[i].own ? fixture_path("own/%s", wrong[i].word) :
						  wrong[i].word;

		kt_check(module_set_add(&s, word, &err), "%s is taken: %s", word, order(&s));
		kt_check(strstr(err.text, wrong[i].said), "%s: %s", word, err.text);
		module_set_free(&s, false);
	}
}

static int needs(struct module_set *s, const char *script, struct errbuf *err)
{
	const char *path = fixture_path("exercise.sh");

	fixture_write(path, script, strlen(script));
	return exercise_needs(s, path, err);
}

/* It is not judged; what is in the kernel is there already. */
static void what_an_exercise_needs(void)
{
	struct module_set s = { .kernel = &kernel }, wrong = s;
	struct errbuf err = { "" };

	make_package();
	kt_check(!needs(&s, "#!/bin/sh\n# needs: top fixed-in\n#needs: x\n# needs:\n", &err),
		 "%s", err.text);
	kt_check(!module_set_add(&s, "ours", &err), "%s", err.text);
	kt_check(!strcmp(order(&s), "low ours! mid_dle top"), "%s", order(&s));
	kt_check(s.target == 1, "the target is %zu", s.target);
	module_set_free(&s, false);

	kt_check(needs(&wrong, "# needs: low nowhere", &err), "taken: %s", order(&wrong));
	kt_check(strstr(err.text, "there is no module nowhere"), "%s", err.text);
	kt_check(exercise_needs(&wrong, fixture_path("none.sh"), &err), "there is none");
	module_set_free(&wrong, false);
}

static const struct kt_case cases[] = {
	{ "what it depends on comes first", in_order },
	{ "what it wants is taken if it is there", what_is_wanted },
	{ "names in any form", names_in_any_form },
	{ "what cannot be", what_cannot_be },
	{ "what an exercise needs", what_an_exercise_needs },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
