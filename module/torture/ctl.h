/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The debugfs interface, /sys/kernel/debug/reftorture/.
 *
 * A command goes through three rooms, and only the last one changes anything:
 *
 *	ctl.c		takes the write, keeps the locks
 *	ctl_parse.c	words, verb, keys and values -> struct ctl_command
 *	ctl_verbs.c	carries the command out
 *
 * Whichever room refuses it says why, and points at the word that is to blame;
 * control/error.c keeps that for the reader of error_log.  What may be written is
 * said once, in the tables of ctl_verbs.c and ctl_keys.c: the parser, the
 * README, status and the line that repeats a run all read them.
 */
#ifndef _LASTREF_CTL_H
#define _LASTREF_CTL_H

#include "../control/control.h"
#include "run.h"

#define CTL_KEYS_MAX	32

struct ctl_key;

/**
 * struct ctl_key_type - a kind of value
 * @parse: put what @value says into @cfg; @column is where it stands
 * @show: the inverse
 * @names: tell @emit every legal value; NULL where they cannot be listed
 */
struct ctl_key_type {
	int (*parse)(const struct ctl_key *key, const char *value,
		     struct run_config *cfg, unsigned int column,
		     struct ctl_error *why);
	void (*show)(struct seq_file *m, const struct ctl_key *key,
		     const struct run_config *cfg);
	void (*names)(const struct ctl_key *key,
		      void (*emit)(void *arg, const char *name), void *arg);
};

extern const struct ctl_key_type ctl_type_run;
extern const struct ctl_key_type ctl_type_pattern;
extern const struct ctl_key_type ctl_type_flavor;
extern const struct ctl_key_type ctl_type_busted;
extern const struct ctl_key_type ctl_type_choice;
extern const struct ctl_key_type ctl_type_number;

#define CTL_KEY_REQUIRED	BIT(0)	/* start must give it */
#define CTL_KEY_LIVE		BIT(1)	/* set may change it */
#define CTL_KEY_OFF		BIT(2)	/* 0, below min, is legal: off */
#define CTL_KEY_PER_CPU		BIT(3)	/* max is for each CPU */

/**
 * struct ctl_key - a word users may write before an equals sign
 * @name: that word
 * @help: what it means, one line
 * @unit: of a number, NULL if it has none
 * @type: what its values look like
 * @offset: where it lives in struct run_config
 * @size: and how many bytes it takes there; numbers and choices only
 * @min: smallest number
 * @max: largest number
 * @def: what it is if it is not given; numbers and choices only
 * @def_of: the same, where it depends on the machine or on other keys
 * @choices: the values of a choice by name, ended by NULL
 * @flags: CTL_KEY_*
 */
struct ctl_key {
	const char *name;
	const char *help;
	const char *unit;
	const struct ctl_key_type *type;
	size_t offset;
	size_t size;
	u64 min;
	u64 max;
	u64 def;
	u64 (*def_of)(const struct run_config *cfg);
	const char *const *choices;
	unsigned int flags;
};

/* ctl_keys.c */
extern const struct ctl_key ctl_keys[];
extern const unsigned int ctl_nr_keys;
extern const struct flavor_ops *const ctl_flavors[];	/* ended by NULL */
const struct ctl_key *ctl_key_find(const char *name);
u64 ctl_key_max(const struct ctl_key *key);
u64 ctl_key_load(const struct ctl_key *key, const struct run_config *cfg);
void ctl_key_store(const struct ctl_key *key, struct run_config *cfg, u64 val);
void ctl_key_set_default(const struct ctl_key *key, struct run_config *cfg);
/* " key=value" for every key: what repeats a run after "start". */
void ctl_keys_show(struct seq_file *m, const struct run_config *cfg);

/* A command that has been understood. */
struct ctl_command {
	const struct ctl_verb *verb;
	struct run_config cfg;
	unsigned long given;			/* bit n: ctl_keys[n] */
	unsigned int column[CTL_KEYS_MAX];	/* where, if given */
};

#define CTL_VERB_CONFIG		BIT(0)	/* takes every key */
#define CTL_VERB_LIVE		BIT(1)	/* takes the live keys */

/**
 * struct ctl_verb - a word users may begin a command with
 * @name: that word
 * @args: what follows it, for people
 * @help: what it does, one line
 * @flags: CTL_VERB_*
 * @run: do it, with runs_mutex held; 0, or say why not
 */
struct ctl_verb {
	const char *name;
	const char *args;
	const char *help;
	unsigned int flags;
	int (*run)(const struct ctl_command *cmd, struct ctl_error *why);
};

/* ctl_verbs.c */
extern const struct ctl_verb ctl_verbs[];
extern const unsigned int ctl_nr_verbs;

/* ctl_parse.c; cuts @line into pieces */
int ctl_parse(char *line, size_t len, struct ctl_command *cmd,
	      struct ctl_error *why);
/* The rules that no value breaks alone; @cmd is to blame, @cfg the outcome. */
int ctl_check_rules(const struct ctl_command *cmd, const struct run_config *cfg,
		    struct ctl_error *why);

/* The kernel's: exported, but declared only in kernel/rcu/rcu.h. */
bool rcu_gp_is_expedited(void);
bool rcu_gp_is_normal(void);

/* ctl_readme.c, ctl_features.c, ctl_lists.c */
int ctl_readme_show(struct seq_file *m, void *unused);
int ctl_features_show(struct seq_file *m, void *unused);
int ctl_patterns_show(struct seq_file *m, void *unused);
int ctl_flavors_show(struct seq_file *m, void *unused);
int ctl_busted_show(struct seq_file *m, void *unused);

/* ctl.c */
extern const struct ctl_file ctl_files[];
extern const unsigned int ctl_nr_files;
/*
 * ctl_init() comes last in the module's init: once it has returned nothing
 * may fail, since a user may already hold one of the files open.  ctl_exit()
 * waits for reads and writes in progress, which may want runs_mutex: call it
 * without, before anything else is taken down.
 */
int ctl_init(void);
void ctl_exit(void);

/* ctl_files.c */
extern const struct ctl_file ctl_run_files[];
extern const unsigned int ctl_nr_run_files;
bool ctl_is_near_miss(enum run_counter id);
u64 ctl_near_misses(const struct torture_run *run);
u64 ctl_errors(const struct torture_run *run);
u64 ctl_not_freed(const struct torture_run *run);
u64 ctl_per_second(const struct torture_run *run, u64 n);

/* ctl_status.c, ctl_result.c, ctl_hist.c, ctl_failures.c */
int ctl_status_show(struct seq_file *m, void *unused);
int ctl_result_show(struct seq_file *m, void *unused);
int ctl_histograms_show(struct seq_file *m, void *unused);
int ctl_failures_show(struct seq_file *m, void *unused);

#endif /* _LASTREF_CTL_H */
