// SPDX-License-Identifier: GPL-2.0
/*
 * The last trace events of a machine that died: found on its console, kept in a file of
 * their own, and no part of the report they stand in the midst of, whatever they quote.
 */
#include <string.h>

#include "fake.h"
#include "kt.h"
#include "splat.h"
#include "trace.h"

#define STAMP		"[    2.500000] "
#define RULER		STAMP "---------------------------------\r\n"
#define EVENT(NAME)	STAMP "  insmod-77        1d..2.  5123us" NAME

static const char console[] =
	STAMP "BUG: unable to handle page fault for address: ffffffffc0201010\r\n"
	STAMP "#PF: supervisor instruction fetch in kernel mode\r\n"
	STAMP "RIP: 0010:0xffffffffc0201010\r\n"
	STAMP "Call Trace:\r\n"
	STAMP " <IRQ>\r\n"
	STAMP " rcu_do_batch+0x1bd/0x560\r\n"
	STAMP " </IRQ>\r\n"
	STAMP "Dumping ftrace buffer:\r\n"
	RULER
	STAMP "CPU:1 [LOST 40 EVENTS]\r\n"
	EVENT(" : sched_switch: prev_comm=Kernel panic - not syncing: no prev_pid=1\r\n")
	EVENT("+: module_free: BUG: KASAN: use-after-free\r\n")
	STAMP "said by another in the midst of it\r\n"
	EVENT("!: softirq_entry: vec=9 [action=RCU]\r\n")
	RULER
	STAMP "---[ end trace 0000000000000000 ]---\r\n"
	STAMP "not us : an event any more\r\n"
	STAMP "Kernel panic - not syncing: Fatal exception in interrupt\r\n";

static void write_console(const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/console.log", fake_dir());
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(1);
}

static void is_cut(void)
{
	char *text;

	write_console(console);
	kt_check(trace_cut(fake_dir()) == 4, "not four lines");
	text = trace_tail(fake_dir(), 100);
	kt_check(!strncmp(text, "CPU:1 [LOST", 11) && strstr(text, "vec=9 [action=RCU]\n") &&
		 !strstr(text, "another") && !strstr(text, "any more") && !strchr(text, '\r'),
		 "%s", text);
	free(text);
	text = trace_tail(fake_dir(), 2);
	kt_check(strstr(text, "module_free") && !strstr(text, "sched_switch"), "%s", text);
	free(text);
}

static void is_absent(void)
{
	char path[PATH_MAX], *text;

	write_console(STAMP "Dumping ftrace buffer:\n" STAMP "   (ftrace buffer empty)\n"
		      EVENT(" : sched_switch: x\n"));
	kt_check(trace_cut(fake_dir()) == 0, "an event behind an empty buffer");
	snprintf(path, sizeof(path), "%s/" TRACE_NAME, fake_dir());
	kt_check(access(path, F_OK), "an empty file is left");
	text = trace_tail(fake_dir(), 9);
	kt_check(!*text, "\"%s\"", text);
	free(text);
	kt_check(!trace_cut("/nonexistent"), "of no console");
}

/* One report, and all of it: with the dump it would be several, or end too soon. */
static void is_no_part_of_the_report(void)
{
	struct splat_scan *scan = splat_scan_new();
	const struct splat *first;

	splat_scan_feed(scan, console, strlen(console));
	splat_scan_finish(scan);
	first = splat_get(scan, 0);
	kt_check(splat_count(scan) == 2, "%zu reports, not the oops and the panic",
		 splat_count(scan));
	kt_check(first && first->kind == SPLAT_TEXT_GONE &&
		 strstr(first->excerpt, "---[ end trace") &&
		 !strstr(first->excerpt, "sched_switch") &&
		 strstr(first->excerpt, "said by another"), "%s", first ? first->excerpt : "none");
	splat_scan_free(scan);
}

/* The control: the same lines without the dump's beginning are reports of their own. */
static void control(void)
{
	struct splat_scan *scan = splat_scan_new();
	const char *events = strstr(console, STAMP "CPU:1");

	splat_scan_feed(scan, events, strlen(events));
	splat_scan_finish(scan);
	kt_check(splat_count(scan) > 1, "%zu", splat_count(scan));
	splat_scan_free(scan);
}

static const struct kt_case cases[] = {
	{ "the events go to a file of their own", is_cut },
	{ "no events, no file", is_absent },
	{ "they are no part of the report", is_no_part_of_the_report },
	{ "control: without the beginning they are", control },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
