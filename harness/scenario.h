/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scenario.h - a small file that says what to do in a machine and what must
 * come out
 *
 * A scenario is an INI file, vm-images/scenarios/NAME.scn. It predicts: what
 * comes out otherwise is a failure, whichever way it differs.
 *
 *	[scenario]
 *	about = one line for `lastref list`
 *	expect = pass		the right forms: every check passes
 *	         caught		busted forms: each must be caught by a check
 *	         crash		the machine must die, in its own way
 *	signature = REGEX	how the crash must look; only for a crash
 *	splat = REGEX		a complaint of the kernel that must come, while
 *				any other fails the scenario
 *	kernels = NAME ...	where it makes sense; all if not given
 *	boot = WORD ...		more kernel arguments
 *	cpus = N		of the machine, 2 if not given
 *	memory = MIB		512 if not given
 *	timeout = SECONDS	what one step may take beyond the time it asks
 *				for, on a fast machine; 60 if not given
 *	one-thread = yes	without KVM, QEMU's CPUs take turns in one thread: for
 *				what patches the text that another CPU runs, which
 *				QEMU before 8.1 gets wrong with a thread a CPU
 *	fresh = yes		a clone of a machine that was booted once, in place of
 *				a boot (see clone.h)
 *	tour = yes		part of what `lastref run` does by itself
 *
 *	[steps]			in this order
 *	do = COMMAND		a command of the guest's agent, such as
 *				"insmod reftorture"; it must succeed
 *	torture = run=NAME pattern=NAME [flavor=NAME] [busted=NAME] [time=SECONDS]
 *		  [KEY=VALUE ...]
 *				start a run, follow it to its end, collect what
 *				it found. Torture lines that follow each other
 *				run at the same time; any other step between
 *				them (such as `do = mark next`) parts them
 *	start = (the same)	start a run and go on with the next step
 *	selftest = NAME		a program of selftests/, its KTAP is judged
 *	repeat = N		do the steps up to the next `end` N times
 *	end = repeat
 *
 * Regular expressions are extended ones (POSIX). A line is at most
 * SCENARIO_LINE_MAX bytes; lines that begin with # or ; are comments.
 */
#ifndef LASTREF_SCENARIO_H
#define LASTREF_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include "errbuf.h"
#include "step.h"
#include "verdict.h"

#define SCENARIO_LINE_MAX	1024
#define SCENARIO_SUFFIX		".scn"

struct scenario {
	char *name;		/* of the file, without directory and suffix */
	char *path;
	char *about;
	enum expect expect;
	char *signature;
	char *splat;
	char *kernels;		/* names with one blank between; NULL: all */
	char *boot;
	unsigned int cpus;
	unsigned int memory;
	unsigned int timeout;
	bool one_thread;
	bool fresh;
	bool tour;
	struct step *steps;
	size_t nr_steps;
};

/* NULL and err, which names the file, the line and the word. */
struct scenario *scenario_load(const char *path, struct errbuf *err);
void scenario_free(struct scenario *s);

/*
 * Whether the list of kernels has this name, or there is no list. A kernel of
 * the user's own ("custom") is the user's own business.
 */
bool scenario_wants_kernel(const struct scenario *s, const char *kernel);

/* Whether it wants selftests in its image. */
bool scenario_has_selftests(const struct scenario *s);

/* Steps that will be done, each as often as it is repeated. @repeat overrides. */
size_t scenario_count_steps(const struct scenario *s, unsigned int repeat);

/* "pass", "caught", "crash" */
const char *expect_name(enum expect expect);

#endif
