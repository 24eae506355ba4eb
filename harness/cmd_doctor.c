// SPDX-License-Identifier: GPL-2.0
/*
 * lastref doctor: what is needed, whether it is there, and what to type if not.
 *
 * A check fills a line and says how it stands; what is only nice to have never
 * fails the whole. The checks look and do not change anything, but for KVM: its
 * ladder is climbed if the default kernel is in the cache already.
 */
#include <archive.h>
#include <errno.h>
#include <gelf.h>
#include <jansson.h>
#include <libxml/xmlversion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "bootimage.h"
#include "commands.h"
#include "compiler.h"
#include "human.h"
#include "kernel.h"
#include "paths.h"
#include "screen.h"

enum health {
	HEALTHY,
	HINT,			/* works without it */
	SICK,
};

struct finding {
	char text[256];
	char cure[256];		/* what to type */
};

struct patient {
	const struct options *options;
	unsigned int sick;
	bool color;
};

static __printf(2, 3) void say(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

static __printf(2, 3) void cure(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->cure, sizeof(f->cure), fmt, ap);
	va_end(ap);
}

static void put(struct patient *p, const char *name, enum health health,
		const struct finding *f)
{
	static const char *const words[] = { "ok", "note", "MISSING" };
	static const char *const colors[] = { "\033[32m", "\033[33m", "\033[1;31m" };

	printf("%s%-8s%s %-18s %s\n", p->color ? colors[health] : "", words[health],
	       p->color ? "\033[0m" : "", name, f->text);
	if (*f->cure && health != HEALTHY)
		printf("%-27s type: %s\n", "", f->cure);
	p->sick += health == SICK;
}

/* Programs, with the package each comes in and what it is needed for. */
static const struct tool {
	const char *program;
	const char *package;
	const char *use;
	enum health without;
} tools[] = {
	{ "gcc", "gcc", "builds everything", SICK },
	{ "make", "make", "builds everything", SICK },
	{ "busybox", "busybox-static", "the guest's commands", SICK },
	{ "apt-get", "apt", "fetches kernels", SICK },
	{ "dpkg-deb", "dpkg", "unpacks kernels", SICK },
	{ "depmod", "kmod", "builds modules", HINT },
	{ "flex", "flex", "builds the debug kernel", HINT },
	{ "bison", "bison", "builds the debug kernel", HINT },
	{ "bc", "bc", "builds the debug kernel", HINT },
	{ "xz", "xz-utils", "unpacks the kernel's source", HINT },
	{ "perl", "perl", "checkpatch, for make check", HINT },
	{ "rsync", "rsync", "installs the selftests", HINT },
	{ "sparse", "sparse", "checks the style, for make check", HINT },
	{ "shellcheck", "shellcheck", "checks the style, for make check", HINT },
};

static void check_tools(struct patient *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tools); i++) {
		char *path = paths_program(tools[i].program);
		struct finding f = { "", "" };

		say(&f, "%s%s%s", path ? path : "not found: ", path ? "" : tools[i].use, "");
		cure(&f, "apt-get install %s", tools[i].package);
		put(p, tools[i].program, path ? HEALTHY : tools[i].without, &f);
		free(path);
	}
}

static void check_libraries(struct patient *p)
{
	struct finding f = { "", "" };

	say(&f, "jansson %s, libxml2 %s, libelf %d, %s", jansson_version_str(),
	    LIBXML_DOTTED_VERSION, (int)elf_version(EV_CURRENT), archive_version_string());
	put(p, "libraries", HEALTHY, &f);
}

static void check_qemu(struct patient *p)
{
	char version[] = "--version", *line;
	struct finding f = { "", "" };
	struct errbuf err;
	char *qemu = kernel_qemu(p->options, &err);
	char *argv[3] = { qemu, version };

	cure(&f, "apt-get install qemu-system-x86");
	line = qemu ? paths_ask(argv, &err) : NULL;
	say(&f, "%s", line ? line : err.text);
	put(p, "qemu", line ? HEALTHY : SICK, &f);
	free(line);
	free(qemu);
}

static void check_built(struct patient *p)
{
	static const struct {
		const char *path, *what;
	} parts[] = {
		{ "build/init", "the guest's PID 1" },
		{ "build/modules/" KERNEL_DEFAULT "/reftorture.ko", "the module" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		char *path = paths_in_root("%s", parts[i].path);
		struct finding f = { "", "" };
		bool there = !access(path, R_OK);

		say(&f, there ? "%s" : "%s is not built yet", parts[i].what);
		cure(&f, "make");
		put(p, strrchr(parts[i].path, '/') + 1, there ? HEALTHY : HINT, &f);
		free(path);
	}
}

static void check_space(struct patient *p, const char *name, const char *dir,
			uint64_t need)
{
	struct finding f = { "", "" };
	char have[HUMAN_MAX], want[HUMAN_MAX];
	struct statvfs fs;
	uint64_t space = 0;

	if (!statvfs(dir, &fs))
		space = (uint64_t)fs.f_bavail * fs.f_frsize;
	say(&f, "%s: %s free (%s wanted)%s", dir, human_bytes(have, space),
	    human_bytes(want, need), access(dir, W_OK) ? ", and not writable" : "");
	cure(&f, "LASTREF_CACHE=<a larger place>, or --results for results");
	put(p, name, space >= need && !access(dir, W_OK) ? HEALTHY : SICK, &f);
}

static void check_memory(struct patient *p)
{
	struct finding f = { "", "" };
	char have[HUMAN_MAX];
	struct sysinfo info;
	uint64_t free_ram;

	if (sysinfo(&info))
		return;
	free_ram = (uint64_t)(info.freeram + info.bufferram) * info.mem_unit;
	say(&f, "%s free, %ld CPUs", human_bytes(have, free_ram), sysconf(_SC_NPROCESSORS_ONLN));
	put(p, "machine", free_ram >= 1ULL << 30 ? HEALTHY : HINT, &f);
}

/* A kernel is in the cache if its directory there has an image. */
static void check_kernels(struct patient *p, const char *cache)
{
	struct errbuf err;
	size_t count, i;
	struct kernel_name *list = kernel_list(&count, &err);

	for (i = 0; list && i < count; i++) {
		struct finding f = { "", "" };
		char name[64], *pattern;
		bool there;

		if (!strcmp(list[i].name, KERNEL_CUSTOM))
			continue;
		snprintf(name, sizeof(name), "kernel %s", list[i].name);
		if (asprintf(&pattern, "%s/kernels/%s-", cache, list[i].name) < 0)
			break;
		there = paths_begin(pattern);
		say(&f, "%s: %s", list[i].about ? list[i].about : "",
		    there ? "in the cache" : "fetched or built when first used");
		cure(&f, "scripts/prepare %s", list[i].name);
		put(p, name, there ? HEALTHY : HINT, &f);
		free(pattern);
	}
	kernel_list_free(list, count);
}

static void check_accel(struct patient *p, const char *cache)
{
	struct finding f = { "", "" };
	struct errbuf err;
	struct kernel k;
	char *pattern = NULL;

	if (asprintf(&pattern, "%s/kernels/%s-", cache, KERNEL_DEFAULT) < 0 ||
	    !paths_begin(pattern)) {
		say(&f, "is tried with a kernel, and there is none yet");
		cure(&f, "scripts/prepare %s", KERNEL_DEFAULT);
		put(p, "acceleration", HINT, &f);
	} else if (kernel_look(&k, KERNEL_DEFAULT, p->options, &err)) {
		say(&f, "%s", err.text);
		put(p, "acceleration", SICK, &f);
	} else {
		say(&f, "%s", k.accel.why);
		put(p, "acceleration", k.accel.accel == ACCEL_KVM ? HEALTHY : HINT, &f);
		kernel_free(&k);
	}
	free(pattern);
}

static int examine(const struct options *o)
{
	struct patient p = { .options = o, .color = screen_color(STDOUT_FILENO) };
	struct errbuf err;
	const char *root = paths_root(&err);
	char *cache = root ? paths_cache(&err) : NULL;

	if (!cache) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	check_tools(&p);
	check_libraries(&p);
	check_qemu(&p);
	check_built(&p);
	check_memory(&p);
	check_space(&p, "cache", cache, 4ULL << 30);
	check_space(&p, "results", root, 256ULL << 20);
	check_kernels(&p, cache);
	check_accel(&p, cache);
	free(cache);
	if (p.sick)
		printf("\n%u thing%s missing: make deps installs what apt has.\n", p.sick,
		       p.sick == 1 ? " is" : "s are");
	else
		printf("\nAll that is needed is here: make run\n");
	return p.sick ? EXIT_HARNESS : EXIT_PASSED;
}

const struct command command_doctor = {
	.name = "doctor",
	.operands = "",
	.about = "Look whether everything is there that lastref needs, and say what to type",
	.text = "A line for each thing: \"ok\", \"note\" (works without it) or \"MISSING\".\n"
		"\n"
		"Exit status: 0 nothing is missing, 3 something is.\n",
	.options = OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_QEMU),
	.run = examine,
};
