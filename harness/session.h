/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session.h - a scenario at work in a machine
 *
 * What the parts of a worker share: worker.c lives the machine's life from
 * image to verdict, steps.c goes through the scenario, torture.c follows runs.
 */
#ifndef LASTREF_SESSION_H
#define LASTREF_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "clone.h"
#include "compiler.h"
#include "deadline.h"
#include "kernel.h"
#include "ktap.h"
#include "lines.h"
#include "options.h"
#include "progress.h"
#include "result.h"
#include "scenario.h"
#include "splat.h"
#include "symbols.h"
#include "text.h"
#include "textbuf.h"
#include "vm.h"

/* One scenario on one kernel: what the parent hands to a worker. */
struct job {
	const struct scenario *scenario;
	const struct kernel *kernel;
	const struct options *options;
	const char *qemu;
	const char *id;
	const char *dir;		/* exists */
	const char *again;		/* the command that repeats it */
	const char *mode;		/* of the matrix, or NULL */
	uint64_t seed;
	int status_fd;			/* for struct progress; -1: nobody wants it */
	const struct golden *golden;	/* clone this; NULL: as the scenario says */
	const struct clone_facts *facts;	/* of golden */
};

/* A KTAP the scenario promises, once it has come. */
struct session_ktap {
	char *name;
	char *text;
	struct ktap *ktap;
};

struct session {
	const struct job *job;
	struct vm *vm;
	struct splat_scan *splats;
	struct symbols *symbols;
	struct lines *lines;
	struct clone_facts facts;	/* how the machine came to be */
	struct deadlines deadlines;
	struct case_result result;
	struct session_ktap *ktaps;
	size_t nr_ktaps;
	unsigned int round;		/* of the repeat block, from 1 */
	unsigned int steps;
	unsigned int steps_done;
	char step_error[480];		/* "" while all is well */
	const char *deadline;		/* which fired */
	struct errbuf harness;		/* what the harness could not do */
};

/* SIGTERM came: come to an end. */
bool session_interrupted(void);

/*
 * One agent command for a step. May take @extra_ms more than any step. 0, or
 * -1 with the step's error set.
 */
__printf(6, 7)
int session_command(struct session *s, const struct step *step, long extra_ms,
		    void (*out)(void *arg, const char *line), void *arg,
		    const char *fmt, ...);

/* The first error of a step is kept; later ones are its echoes. */
__printf(3, 4)
void session_fail(struct session *s, const struct step *step, const char *fmt, ...);

/* Keep a KTAP that came; "" if it never did. Returns it parsed. */
const struct ktap *session_keep_ktap(struct session *s, const char *name,
				     const char *text);

/* Append to a file of the case's directory, under a heading. */
void session_append(struct session *s, const char *file, const char *heading,
		    const char *text);

__printf(2, 3) void session_phase(struct session *s, const char *fmt, ...);
void session_row(struct session *s, size_t row, const struct table_row *data);

/* steps.c: all of them; 0, or -1 when one failed or the machine ended. */
int session_steps(struct session *s);

/* torture.c: the torture= lines from steps[first] on, up to the next other step. */
int torture_follow(struct session *s, size_t first, size_t count);
int torture_start(struct session *s, size_t index);

/* The module's control files, and what the status of a run says at its end. */
#define TORTURE_DIR	"/sys/kernel/debug/reftorture"
#define TORTURE_ENDED	"^state:[[:space:]]*(passed|failed|caught|missed)"

/* The agent's command that starts a run (free() it), and for how many seconds. */
char *torture_command(const struct job *job, const struct step *step, unsigned int round,
		      unsigned int time);
unsigned int torture_time(const struct job *job, const struct torture_spec *t);

/* Which row of the table belongs to a step. */
size_t session_row_of(const struct scenario *scenario, size_t index);

#endif
