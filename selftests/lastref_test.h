/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the selftests share: the module, its files, a run, the kernel's health.
 *
 * Functions that can fail return 0 or a negative errno, as the call into the
 * kernel that failed did. Paths are relative to LR_DIR unless they begin
 * with a slash.
 */
#ifndef LASTREF_TEST_H
#define LASTREF_TEST_H

#include <stdbool.h>
#include <stddef.h>

#define LR_MODULE	"reftorture"
#define LR_NEEDED	"rcudefer"	/* what it depends on */
#define LR_DIR		"/sys/kernel/debug/" LR_MODULE

struct lr_name {
	char text[48];
};

/* Keys for a run that hardly does anything: one updater. */
#define LR_QUIET							\
	"readers=0 updaters=1 fakewriters=0 timer_readers=0 irq_readers=0 "	\
	"exit_readers=0 barriers=0 flood=0 shuffle=0 stutter=0"

/*
 * The module is taken from the directory $LASTREF_MODULES, from where a guest
 * of ours has it, or by modprobe; lr_missing() says why none of them will
 * do, or NULL.
 */
const char *lr_missing(void);
int lr_load(void);
int lr_unload(void);
/* What the module needs, which those two see to; left alone where others use it. */
int lr_load_needed(void);
int lr_unload_needed(void);
bool lr_loaded(void);
/* The same for any module of ours; what it needs has to be there already. */
/* A module's file, open, or -1. */
int lr_file_of(const char *module);
int lr_insmod(const char *module);
int lr_insmod_with(const char *module, const char *params);
int lr_rmmod(const char *module);
/* The module's file, open, or -1; and loading it from there. */
int lr_module_file(void);
int lr_load_file(int fd);

/* The whole file, which the caller frees; NULL and errno if it cannot be read. */
char *lr_read(const char *path);
/* One write(2) of n bytes. */
int lr_write(const char *path, const void *bytes, size_t n);
/* One command to control; and the same with printf's words. */
int lr_do(const char *command);
__attribute__((format(printf, 1, 2)))
int lr_control(const char *format, ...);

/*
 * The last entry of an error_log: its sentence, and as the result the column
 * of its caret, -1 if there is none.
 */
int lr_last_error(const char *path, char *says, size_t size);

/* Of the line "name: value": where value begins, or NULL. */
const char *lr_field(const char *text, const char *name);
/* A number of a run's stats; -1 if it is not there. */
long long lr_stat(const char *run, const char *name);
/* Into state[16] what control says of a run; -ENOENT if it has no such run. */
int lr_state(const char *run, char *state);
bool lr_ended(const char *state);
/* Wait until the run is in this state; "ended" stands for all of the last ones. */
int lr_wait_state(const char *run, const char *state, unsigned int seconds);
/* The same for a number of its stats to reach min. */
int lr_wait_stat(const char *run, const char *name, long long min,
		 unsigned int seconds);

/* The names a file lists: the first word of each line that is no comment. */
size_t lr_names(const char *path, struct lr_name *names, size_t max);
/* Does the run's result say that it was given, or set to, key=value? */
bool lr_config_has(const char *run, const char *word);
/* Does the file hold this text? */
bool lr_shows(const char *path, const char *what);
/* Say a text, or a file, as diagnostics: what is in it may look like results. */
void lr_say(const char *text);
void lr_say_file(const char *path);

/* A seed: $LASTREF_SEED, or one from the clock; and numbers from it. */
unsigned long long lr_seed(void);
unsigned int lr_random(unsigned long long *state, unsigned int below);

/* Seconds since some point in the past. */
double lr_now(void);

/*
 * The kernel's log from here on, and the first line since then in which the
 * kernel complains of itself; NULL if there is none. The text is static.
 */
int lr_log_open(void);
const char *lr_log_complaint(int log);

/* Objects in use in all slab caches whose name begins so; -1: cannot be told. */
long lr_slab_objects(const char *prefix);
/*
 * What kmemleak finds to be lost of this module, which the caller frees: "" if
 * nothing, NULL if this kernel has no kmemleak.
 */
char *lr_leaks(void);
/* Forget what kmemleak has found so far. */
void lr_leaks_clear(void);
/* Is this kernel slow to torture, as KASAN and lockdep make it? */
bool lr_debug_kernel(void);
/*
 * By what to multiply a bound that holds on an idle machine. lastref measures each
 * guest, and makes the kernel's own patience with a CPU that hangs as much longer
 * as it is slower; where nobody has, it is the kernel's default, and this is 1.
 */
unsigned int lr_patience(void);

#endif
