// SPDX-License-Identifier: GPL-2.0
/*
 * The KVM ladder: each rung can say no, the last word is remembered, and a
 * change of anything it depends on asks again.
 *
 * The first rungs are replaced where /dev/kvm may be absent; the kernel of the
 * last one is a fake QEMU. That an answer was remembered is seen by changing what
 * the fake QEMU would do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accel.h"
#include "content.h"
#include "fake.h"
#include "kt.h"
#include "kvm_probe.h"

static int probes;

static int probe_yes(char *why, size_t size)
{
	probes++;
	snprintf(why, size, "fine");
	return 0;
}

static int probe_no(char *why, size_t size)
{
	probes++;
	snprintf(why, size, "/dev/kvm is made of wood");
	return -ENODEV;
}

static const char *path_of(const char *name)
{
	static char paths[4][PATH_MAX];
	static int i;

	i = (i + 1) % 4;
	snprintf(paths[i], PATH_MAX, "%s/%s", fake_dir(), name);
	return paths[i];
}

static void host_file(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	fputs(text, f);
	fclose(f);
}

static struct accel_choice choice;
static struct errbuf err;

static int choose(enum accel_mode mode, int (*probe)(char *why, size_t size),
		  const char *behaviour)
{
	char kernel[PATH_MAX], init[PATH_MAX], cache[PATH_MAX];
	struct accel_query query = {
		.mode = mode, .qemu = fake_qemu(), .kernel = kernel, .init = init,
		.cache = cache, .probe_host = probe,
	};

	strcpy(kernel, path_of("kernel"));
	strcpy(init, path_of("init"));
	strcpy(cache, path_of("cache"));
	setenv("FAKE_QEMU", behaviour, 1);
	err.text[0] = '\0';
	probes = 0;
	return accel_choose(&query, &choice, &err);
}

static void modes(void)
{
	enum accel_mode mode = ACCEL_MODE_AUTO;

	kt_check(!accel_parse_mode("kvm", &mode) && mode == ACCEL_MODE_KVM, "kvm");
	kt_check(!accel_parse_mode("tcg", &mode) && mode == ACCEL_MODE_TCG, "tcg");
	kt_check(!accel_parse_mode("auto", &mode) && mode == ACCEL_MODE_AUTO, "auto");
	kt_check(accel_parse_mode("xen", &mode) == -EINVAL, "xen");
	kt_check(accel_parse_mode("", &mode) == -EINVAL, "nothing");
}

static void tcg_demanded(void)
{
	kt_check(!choose(ACCEL_MODE_TCG, probe_yes, "abort"), "%s", err.text);
	kt_check(choice.accel == ACCEL_TCG && !probes, "%d probes", probes);
	kt_check(strstr(choice.why, "TCG"), "%s", choice.why);
}

static void first_rungs(void)
{
	char why[160] = "";

	kt_check(kvm_probe_device("/nonexistent/kvm", why, sizeof(why)) == -ENOENT &&
		 strstr(why, "does not exist"), "%s", why);
	kt_check(kvm_probe_device("/dev/null", why, sizeof(why)) < 0 &&
		 strstr(why, "API"), "%s", why);
}

static void host_says_no(void)
{
	kt_check(!choose(ACCEL_MODE_AUTO, probe_no, "clean"), "%s", err.text);
	kt_check(choice.accel == ACCEL_TCG, "KVM is used");
	kt_check(!strcmp(choice.why, "KVM: no, /dev/kvm is made of wood; using TCG"),
		 "%s", choice.why);
	kt_check(choose(ACCEL_MODE_KVM, probe_no, "clean") == -ENODEV, "accepted");
	kt_check(strstr(err.text, "made of wood") && strstr(err.text, "--accel"), "%s",
		 err.text);
}

static void expect(const char *what, enum accel accel, bool remembered)
{
	kt_check(choice.accel == accel && choice.remembered == remembered, "%s: %s",
		 what, choice.why);
}

static void remembers(void)
{
	accel_forget(path_of("cache"));
	choose(ACCEL_MODE_AUTO, probe_yes, "clean");
	expect("first", ACCEL_KVM, false);
	kt_check(strstr(choice.why, "6.12.0-fake reached PID 1"), "%s", choice.why);
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("again", ACCEL_KVM, true);
	kt_check(strstr(choice.why, "(remembered)"), "%s", choice.why);
	accel_forget(path_of("cache"));
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("forgotten", ACCEL_TCG, false);
	choose(ACCEL_MODE_AUTO, probe_yes, "clean");
	expect("a no is remembered, too", ACCEL_TCG, true);
	kt_check(choose(ACCEL_MODE_KVM, probe_yes, "clean") == -ENODEV &&
		 strstr(err.text, "accel.json"), "%s", err.text);
}

static void asks_again(void)
{
	accel_forget(path_of("cache"));
	choose(ACCEL_MODE_AUTO, probe_yes, "clean");
	setenv("FAKE_QEMU_VERSION", "9.9.9", 1);
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("another QEMU", ACCEL_TCG, false);
	unsetenv("FAKE_QEMU_VERSION");
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("the first QEMU", ACCEL_KVM, true);
	host_file("kernel", "another kernel");
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("another kernel", ACCEL_TCG, false);
	host_file("kernel", "a kernel");
	choose(ACCEL_MODE_AUTO, probe_no, "abort");
	expect("a host that lost KVM", ACCEL_TCG, false);
}

static void key_of_facts(void)
{
	struct accel_facts base = { "boot", "qemu", "cpu", 1 }, f[] = {
		{ "Boot", "qemu", "cpu", 1 }, { "boot", "Qemu", "cpu", 1 },
		{ "boot", "qemu", "Cpu", 1 }, { "boot", "qemu", "cpu", 2 },
		{ "bootq", "emu", "cpu", 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(f); i++)
		kt_check(accel_key(&f[i]) != accel_key(&base), "facts %zu", i);
}

static void never_says_hello(void)
{
	accel_forget(path_of("cache"));
	choose(ACCEL_MODE_AUTO, probe_yes, "no-kvm");
	expect("a kernel that hangs with KVM", ACCEL_TCG, false);
	kt_check(strstr(choice.why, "the kernel did not reach PID 1 in 9 s; using TCG"),
		 "%s", choice.why);
}

static void damaged_memory(void)
{
	static const char *const texts[] = {
		"", "{", "[]", "{\"x\": 1}", "\x80\xff",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		host_file("cache/accel.json", texts[i]);
		choose(ACCEL_MODE_AUTO, probe_yes, "clean");
		expect(texts[i], ACCEL_KVM, false);
		choose(ACCEL_MODE_AUTO, probe_yes, "abort");
		expect("repaired", ACCEL_KVM, true);
	}
}

/* Every kernel leaves an answer: there is a bound, and the oldest go. */
static void many_answers(void)
{
	struct content c;
	char text[32];
	int i;

	accel_forget(path_of("cache"));
	for (i = 0; i < 60; i++) {
		snprintf(text, sizeof(text), "kernel %d", i);
		host_file("kernel", text);
		choose(ACCEL_MODE_AUTO, probe_yes, "clean");
	}
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("the newest", ACCEL_KVM, true);
	host_file("kernel", "kernel 0");
	choose(ACCEL_MODE_AUTO, probe_yes, "abort");
	expect("the oldest", ACCEL_TCG, false);
	host_file("kernel", "a kernel");
	if (kt_check(!content_map(path_of("cache/accel.json"), &c), "no file")) {
		kt_check(c.size < 8192, "%zu bytes", c.size);
		content_unmap(&c);
	}
}

static void no_question(void)
{
	remove(path_of("init"));
	accel_forget(path_of("cache"));
	kt_check(choose(ACCEL_MODE_AUTO, probe_yes, "clean") == -ENOENT, "answered");
	kt_check(strstr(err.text, "init"), "%s", err.text);
	host_file("init", "init");
}

static const struct kt_case cases[] = {
	{ "the names of the modes", modes },
	{ "TCG demanded: nothing is probed", tcg_demanded },
	{ "a device that is missing, or no KVM", first_rungs },
	{ "the host says no", host_says_no },
	{ "an answer is remembered", remembers },
	{ "another QEMU, kernel or host asks again", asks_again },
	{ "the key depends on each fact", key_of_facts },
	{ "a kernel that hangs with KVM", never_says_hello },
	{ "a damaged memory", damaged_memory },
	{ "a bounded memory", many_answers },
	{ "the question cannot be put", no_question },
};

int main(void)
{
	mkdir(path_of("cache"), 0700);
	host_file("kernel", "a kernel");
	host_file("init", "init");
	return kt_run(cases, ARRAY_SIZE(cases));
}
