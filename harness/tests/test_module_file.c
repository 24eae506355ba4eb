// SPDX-License-Identifier: GPL-2.0
/* Modules from files: what is read of them, packed or not, and of what is none. */
#include <sys/stat.h>

#include "module_file.h"
#include "module_fixture.h"

static const char plain[] =
	MODINFO("\"name=two_words\\0vermagic=6.1.0 SMP \\0depends=a,b\"")
	CALLS("call_rcu", "rcu_barrier") HAS_INIT HAS_EXIT;

static void good_one(const char *path)
{
	struct errbuf err = { "" };
	struct module_file m;

	if (!kt_check(!module_file_read(&m, path, &err), "%s: %s", path, err.text))
		return;
	kt_check(!strcmp(m.name, "two_words"), "name: %s", m.name);
	kt_check(!strcmp(m.vermagic, "6.1.0 SMP "), "vermagic: %s", m.vermagic);
	kt_check(!strcmp(m.depends, "a,b"), "depends: %s", m.depends);
	kt_check(module_file_imports(&m, "call_rcu") && module_file_imports(&m, "rcu_barrier"),
		 "%zu imports", m.nr_imports);
	kt_check(!module_file_imports(&m, "go") && !module_file_imports(&m, "call_rc") &&
		 !module_file_imports(&m, "init_module"), "imports what it has itself");
	kt_check(m.has_init && m.has_exit && !module_file_permanent(&m), "no way in or out");
	module_file_free(&m);
}

static void as_packages_have_it(void)
{
	char ko[PATH_MAX];

	strcpy(ko, fixture_path("two-words.ko"));
	fixture_compile(ko, plain);
	good_one(ko);
	fixture_pack(fixture_path("two-words.ko.xz"), ko, "xz");
	good_one(fixture_path("two-words.ko.xz"));
	fixture_pack(fixture_path("two-words.ko.zst"), ko, "zstd");
	good_one(fixture_path("two-words.ko.zst"));
	fixture_pack(fixture_path("two-words.ko.gz"), ko, "gzip");
	good_one(fixture_path("two-words.ko.gz"));
}

/* No modinfo but a name of the file; no exit. */
static void told_little(void)
{
	const char *ko = fixture_path("a-b.ko");
	struct errbuf err = { "" };
	struct module_file m;

	fixture_compile(ko, MODINFO("\"license=GPL\"") HAS_INIT);
	if (!kt_check(!module_file_read(&m, ko, &err), "%s", err.text))
		return;
	kt_check(!strcmp(m.name, "a_b"), "name: %s", m.name);
	kt_check(!*m.vermagic && !*m.depends, "'%s' '%s'", m.vermagic, m.depends);
	kt_check(module_file_permanent(&m), "it could be unloaded");
	kt_check(!module_file_imports(&m, "call_rcu"), "%zu imports", m.nr_imports);
	module_file_free(&m);
}

static void none(const char *path, const char *words)
{
	struct errbuf err = { "" };
	struct module_file m;

	if (!kt_check(module_file_read(&m, path, &err), "%s is taken for a module", path))
		module_file_free(&m);
	kt_check(strstr(err.text, words) && strstr(err.text, path), "%s", err.text);
}

static void what_is_none(void)
{
	const char *path = fixture_path("none.ko");

	none(fixture_path("missing.ko"), "No such file");
	none(fake_dir(), "Invalid argument");
	fixture_write(path, "", 0);
	none(path, "is not a kernel module");
	fixture_write(path, "#!/bin/sh\necho hello\n", 21);
	none(path, "is not a kernel module");
	fixture_write(path, "\177ELF", 4);
	none(path, "is not a kernel module");
	none("/proc/self/exe", "is not a kernel module");
	fixture_compile(path, HAS_INIT);
	none(path, "is not a kernel module");
}

/* Cut anywhere, a packed module is refused, and never read past its end. */
static void cut_short(void)
{
	static const char *const filters[] = { "xz", "zstd", "gzip" };
	char ko[PATH_MAX], packed[PATH_MAX], cut[PATH_MAX];
	struct errbuf err;
	struct content c;
	size_t i, n;

	strcpy(ko, fixture_path("whole.ko"));
	strcpy(packed, fixture_path("whole.packed"));
	strcpy(cut, fixture_path("cut"));
	fixture_compile(ko, plain);
	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		fixture_pack(packed, ko, filters[i]);
		kt_check(!content_map(packed, &c), "not packed");
		for (n = 1; n < c.size; n += 37) {
			struct module_file m;

			fixture_write(cut, c.bytes, n);
			/* What is behind the last byte of the module may be missing. */
			if (!module_file_read(&m, cut, &err)) {
				kt_check(n + 32 > c.size, "%s: %zu of %zu bytes are taken",
					 filters[i], n, c.size);
				module_file_free(&m);
			}
		}
		content_unmap(&c);
	}
}

/* Any bytes: an answer, no fault. What it is, the sanitizers watch. */
static void damaged(void)
{
	const char *ko = fixture_path("whole.ko"), *bad = fixture_path("bad.ko");
	unsigned int seed = 1, i, refused = 0;
	unsigned char bytes[16384];
	struct module_file m;
	struct errbuf err;
	struct content c;

	fixture_compile(ko, plain);
	kt_check(!content_map(ko, &c) && c.size < sizeof(bytes), "%zu bytes", c.size);
	for (i = 0; i < 2000; i++) {
		size_t hits = 1 + i % 8;

		memcpy(bytes, c.bytes, c.size);
		while (hits--)
			bytes[rand_r(&seed) % (i % 2 ? 64 : c.size)] = rand_r(&seed);
		fixture_write(bad, bytes, c.size);
		if (module_file_read(&m, bad, &err))
			refused++;
		else
			module_file_free(&m);
	}
	kt_check(refused > 100 && refused < 2000, "%u of 2000 refused", refused);
	content_unmap(&c);
}

static void names_of_files(void)
{
	char name[MODULE_NAME_SIZE] = "";

	kt_check(module_file_named("/x/nf-tables.ko.xz", name) && !strcmp(name, "nf_tables"),
		 "%s", name);
	kt_check(module_file_named("a.ko", NULL) && module_file_named("a.ko.gz", NULL) &&
		 module_file_named("a.ko.zst", NULL), "not taken for one");
	kt_check(!module_file_named(".ko", NULL) && !module_file_named("a.kox", NULL) &&
		 !module_file_named("a.ko/b", NULL) && !module_file_named("", NULL) &&
		 !module_file_named("a.ko.bz2", NULL), "taken for one");
}

static const struct kt_case cases[] = {
	{ "as packages have it: plain, xz, zstd, gzip", as_packages_have_it },
	{ "a module that tells little", told_little },
	{ "what is not a module", what_is_none },
	{ "cut short", cut_short },
	{ "damaged", damaged },
	{ "names of files", names_of_files },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
