// SPDX-License-Identifier: GPL-2.0
/* lastref scan: each verdict from a module made for it, and the command as a whole. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "module_fixture.h"
#include "scan.h"

#define MODULE	MODINFO("\"license=GPL\"")

/* What a module imports, and what is made of it. */
static const struct {
	const char *name, *source;
	enum scan_verdict verdict;
	const char *lacks;	/* the barrier of a kind left open */
} fixtures[] = {
	{ "nothing", MODULE CALLS("call_rcu", "synchronize_rcu") HAS_INIT HAS_EXIT,
	  SCAN_NONE, "rcu_barrier()" },
	{ "barrier", MODULE CALLS("call_rcu", "rcu_barrier") HAS_INIT HAS_EXIT,
	  SCAN_BARRIER, NULL },
	{ "hurry", MODULE CALLS("call_rcu_hurry", "rcu_barrier") HAS_INIT HAS_EXIT,
	  SCAN_BARRIER, NULL },
	{ "wrong", MODULE CALLS("call_srcu", "rcu_barrier") HAS_INIT HAS_EXIT,
	  SCAN_NONE, "srcu_barrier()" },
	{ "tasks", MODULE CALLS("call_rcu_tasks_trace", "rcu_barrier_tasks") HAS_INIT HAS_EXIT,
	  SCAN_NONE, "rcu_barrier_tasks_trace()" },
	{ "inside", MODULE CALLS("call_rcu", "unregister_pernet_subsys") HAS_INIT HAS_EXIT,
	  SCAN_INSIDE, NULL },
	{ "maybe", MODULE CALLS("call_rcu", "kmem_cache_destroy") HAS_INIT HAS_EXIT,
	  SCAN_MAYBE, "rcu_barrier()" },
	{ "work", MODULE CALLS("queue_rcu_work", "flush_rcu_work") HAS_INIT HAS_EXIT,
	  SCAN_BARRIER, NULL },
	{ "act", MODULE CALLS("queue_rcu_work", "tcf_unregister_action") HAS_INIT HAS_EXIT,
	  SCAN_INSIDE, NULL },
	{ "ref", MODULE CALLS("percpu_ref_kill_and_confirm", "wait_for_completion")
	  HAS_INIT HAS_EXIT, SCAN_MAYBE, "rcu_barrier()" },
	{ "both", MODULE CALLS("call_rcu", "call_srcu") HAS_INIT HAS_EXIT
	  "void srcu_barrier(void); void more(void) { srcu_barrier(); }\n",
	  SCAN_NONE, "rcu_barrier()" },
	{ "stays", MODULE CALLS("call_rcu", "synchronize_rcu") HAS_INIT,
	  SCAN_PERMANENT, NULL },
	{ "quiet", MODULE CALLS("synchronize_rcu", "rcu_barrier") HAS_INIT HAS_EXIT,
	  SCAN_QUIET, NULL },
	{ "kfree", MODULE CALLS("kvfree_call_rcu", "kfree") HAS_INIT HAS_EXIT,
	  SCAN_QUIET, NULL },
};

static void make_fixtures(void)
{
	size_t i;

	mkdir(fixture_path("tree"), 0700);
	mkdir(fixture_path("tree/deep"), 0700);
	for (i = 0; i < ARRAY_SIZE(fixtures); i++)
		fixture_compile(fixture_path("tree/deep/%s.ko", fixtures[i].name),
				fixtures[i].source);
}

static const struct scan_entry *entry_of(const struct scan *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->entries[i].name, name))
			return &s->entries[i];
	return NULL;
}

static void each_verdict(void)
{
	struct scan s = { 0 };
	size_t i;

	make_fixtures();
	scan_add(&s, fixture_path("tree"));
	scan_read(&s);
	kt_check(s.count == ARRAY_SIZE(fixtures), "%zu modules", s.count);
	for (i = 0; i < ARRAY_SIZE(fixtures); i++) {
		const struct scan_entry *e = entry_of(&s, fixtures[i].name);
		unsigned int kind = 0;

		if (!kt_check(e, "%s was not read", fixtures[i].name))
			continue;
		kt_check(e->result.verdict == fixtures[i].verdict, "%s: %s", e->name,
			 scan_verdict_name(e->result.verdict));
		while (kind < NR_SCAN_KINDS && !(e->result.open & 1u << kind))
			kind++;
		if (!fixtures[i].lacks)
			kt_check(kind == NR_SCAN_KINDS, "%s: open %x", e->name, e->result.open);
		else if (kt_check(kind < NR_SCAN_KINDS, "%s: nothing open", e->name))
			kt_check(!strcmp(scan_barrier_of(kind), fixtures[i].lacks), "%s: %s",
				 e->name, scan_barrier_of(kind));
	}
	scan_free(&s);
}

/* Links that lead out, other files, what cannot be read, and what is not there. */
static void what_is_found(void)
{
	struct scan s = { 0 };

	fixture_write(fixture_path("tree/README"), "no module", 9);
	fixture_write(fixture_path("tree/broken.ko.xz"), "no archive", 10);
	symlink("/", fixture_path("tree/build"));
	scan_add(&s, fixture_path("tree"));
	scan_add(&s, fixture_path("tree/README"));
	scan_add(&s, fixture_path("missing"));
	scan_read(&s);
	kt_check(s.count == ARRAY_SIZE(fixtures) + 3, "%zu entries", s.count);
	kt_check(!entry_of(&s, "README") && !entry_of(&s, "broken"), "taken for modules");
	scan_free(&s);
	remove(fixture_path("tree/broken.ko.xz"));
}

/* Runs build/lastref scan; its output, cut, in @out. */
static int command(const char *words, char *out, size_t size)
{
	char line[4 * PATH_MAX], self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *pipe;
	int status;

	self[n < 0 ? 0 : n] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(line, sizeof(line), "'%s/../lastref' scan %s 2>&1", self, words);
	pipe = popen(line, "r");
	n = pipe ? fread(out, 1, size - 1, pipe) : 0;
	out[n] = '\0';
	status = pipe ? pclose(pipe) : -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void whole_command(void)
{
	const struct {
		const char *words;
		int code;
		const char *said;
	} calls[] = {
		{ "", 2, "wants files or directories" },
		{ fixture_path("tree"), 1, "12 post callbacks" },
		{ fixture_path("tree/deep/barrier.ko"), 0, "1 have the barrier" },
		{ fixture_path("missing.ko"), 3, "No such file" },
		{ fixture_path("tree/README"), 3, "is not a kernel module" },
	};
	char out[16384];
	size_t i;
	int code;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		code = command(calls[i].words, out, sizeof(out));
		kt_check(code == calls[i].code, "scan %s: exit %d", calls[i].words, code);
		kt_check(strstr(out, calls[i].said), "scan %s: %s", calls[i].words, out);
	}
}

static void for_programs(void)
{
	char out[65536], words[PATH_MAX + 16];
	int code;

	/* Of any bytes, but a result. */
	fixture_compile(fixture_path("tree/\377\t.ko"), fixtures[0].source);
	snprintf(words, sizeof(words), "--json %s", fixture_path("tree"));
	code = command(words, out, sizeof(out));
	kt_check(code == 1, "exit %d", code);
	kt_check(strstr(out, "\"suspects\": 7") && strstr(out, "\"unread\": []") &&
		 strstr(out, "\"missing\": [") && strstr(out, "\"srcu_barrier()\""), "%s", out);
	kt_check(!strstr(out, "\"quiet\""), "a module that posts nothing is listed");
}

static const struct kt_case cases[] = {
	{ "each verdict", each_verdict },
	{ "what is found in a directory", what_is_found },
	{ "the command", whole_command },
	{ "for programs", for_programs },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
