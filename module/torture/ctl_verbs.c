// SPDX-License-Identifier: GPL-2.0
/*
 * The commands: what each may be given, and what it does.
 *
 * A command has been understood when it comes here.  What is left to refuse
 * depends on the runs there are: a name that is taken, a run that has ended.
 * A run that has ended keeps its name and its result until it is removed, so
 * that nobody loses a result by starting again.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "ctl.h"

static unsigned int column_of(const struct ctl_command *cmd, const char *key)
{
	return cmd->column[ctl_key_find(key) - ctl_keys];
}

static unsigned int run_column(const struct ctl_command *cmd)
{
	return column_of(cmd, "run");
}

/* The run a command is about, or NULL and the names of those there are. */
static struct torture_run *find(const struct ctl_command *cmd,
				struct ctl_error *why)
{
	struct torture_run *run = run_find(cmd->cfg.name);

	if (run)
		return run;
	ctl_refuse(why, run_column(cmd), -ENOENT, list_empty(&runs) ?
		   "there is no run %s, nor any other" :
		   "there is no run %s; there are", cmd->cfg.name);
	list_for_each_entry(run, &runs, node)
		ctl_refuse_name(why, run->cfg.name);
	return NULL;
}

static int refuse_ended(const struct ctl_command *cmd,
			const struct torture_run *run, struct ctl_error *why)
{
	return ctl_refuse(why, run_column(cmd), -EALREADY,
			  "run %s has ended (%s)", run->cfg.name,
			  run_state_names[run_state(run)]);
}

/* As find(), for commands that want a run that has not ended; or ERR_PTR(). */
static struct torture_run *find_alive(const struct ctl_command *cmd,
				      struct ctl_error *why)
{
	struct torture_run *run = find(cmd, why);

	if (!run)
		return ERR_PTR(-ENOENT);
	if (run_state_ended(run_state(run)))
		return ERR_PTR(refuse_ended(cmd, run, why));
	return run;
}

static unsigned int count_runs(void)
{
	struct torture_run *run;
	unsigned int n = 0;

	list_for_each_entry(run, &runs, node)
		n++;
	return n;
}

/* CPUs are the machine's: only one run at a time may take them away. */
static int check_hotplug(const struct ctl_command *cmd,
			 const struct run_config *cfg, struct ctl_error *why)
{
	struct torture_run *run;

	list_for_each_entry(run, &runs, node)
		if (cfg->hotplug && run->cfg.hotplug &&
		    strcmp(run->cfg.name, cfg->name) &&
		    !run_state_ended(run_state(run)))
			return ctl_refuse(why, column_of(cmd, "hotplug"),
					  -EBUSY,
					  "run %s takes CPUs offline already, and only one run may",
					  run->cfg.name);
	return 0;
}

static int verb_start(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = run_find(cmd->cfg.name);
	int err;

	if (run && run_state_ended(run_state(run)))
		return ctl_refuse(why, run_column(cmd), -EEXIST,
				  "run %s has ended and keeps its result: 'remove run=%s' first",
				  cmd->cfg.name, cmd->cfg.name);
	if (run)
		return ctl_refuse(why, run_column(cmd), -EBUSY,
				  "run %s is still running: choose another name, or 'remove run=%s' first",
				  cmd->cfg.name, cmd->cfg.name);
	if (count_runs() >= MAX_RUNS)
		return ctl_refuse(why, run_column(cmd), -ENOSPC,
				  "there are %d runs already, ended ones included: remove one first",
				  MAX_RUNS);
	err = check_hotplug(cmd, &cmd->cfg, why);
	if (err)
		return err;
	run = run_start(&cmd->cfg);
	if (IS_ERR(run))
		return ctl_refuse(why, 0, PTR_ERR(run),
				  "the run could not be started (%pe), dmesg may know more",
				  run);
	return 0;
}

static int verb_stop(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = find(cmd, why);

	if (!run)
		return -ENOENT;
	return run_stop(run) ? refuse_ended(cmd, run, why) : 0;
}

static int verb_pause(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = find_alive(cmd, why);

	if (IS_ERR(run))
		return PTR_ERR(run);
	if (run_pause(run))
		return ctl_refuse(why, run_column(cmd), -EALREADY,
				  "run %s is %s already", run->cfg.name,
				  run_state_names[run_state(run)]);
	return 0;
}

static int verb_resume(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = find_alive(cmd, why);

	if (IS_ERR(run))
		return PTR_ERR(run);
	if (run_resume(run))
		return ctl_refuse(why, run_column(cmd), -EALREADY,
				  "run %s is %s, not paused", run->cfg.name,
				  run_state_names[run_state(run)]);
	return 0;
}

/* What is given is checked as a whole before any of it is changed. */
static int verb_set(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = find_alive(cmd, why);
	struct run_config cfg;
	unsigned long given;
	unsigned int i;
	int err;

	if (IS_ERR(run))
		return PTR_ERR(run);
	given = cmd->given & ~BIT(ctl_key_find("run") - ctl_keys);
	if (!given)
		return ctl_refuse(why, 0, -EINVAL, "nothing to set: %s %s",
				  cmd->verb->name, cmd->verb->args);
	cfg = run->cfg;
	for_each_set_bit(i, &given, ctl_nr_keys)
		ctl_key_store(&ctl_keys[i], &cfg,
			      ctl_key_load(&ctl_keys[i], &cmd->cfg));
	err = ctl_check_rules(cmd, &cfg, why) ?:
	      check_hotplug(cmd, &cfg, why);
	if (err)
		return err;
	for_each_set_bit(i, &given, ctl_nr_keys)
		ctl_key_store(&ctl_keys[i], &run->cfg,
			      ctl_key_load(&ctl_keys[i], &cfg));
	return 0;
}

static int verb_remove(const struct ctl_command *cmd, struct ctl_error *why)
{
	struct torture_run *run = find(cmd, why);

	if (!run)
		return -ENOENT;
	run_remove(run);
	return 0;
}

const struct ctl_verb ctl_verbs[] = {
	{
		.name = "start", .run = verb_start, .flags = CTL_VERB_CONFIG,
		.args = "run=<name> pattern=<pattern> [key=value ...]",
		.help = "begin a run; its directory appears at once",
	}, {
		.name = "stop", .run = verb_stop,
		.args = "run=<name>",
		.help = "end it, and wait until its result is complete",
	}, {
		.name = "pause", .run = verb_pause,
		.args = "run=<name>",
		.help = "hold its threads where they hold nothing",
	}, {
		.name = "resume", .run = verb_resume,
		.args = "run=<name>",
		.help = "let them go on",
	}, {
		.name = "set", .run = verb_set, .flags = CTL_VERB_LIVE,
		.args = "run=<name> key=value ...",
		.help = "change live keys (marked * below)",
	}, {
		.name = "remove", .run = verb_remove,
		.args = "run=<name>",
		.help = "stop it if need be, and forget it with its result",
	},
};

const unsigned int ctl_nr_verbs = ARRAY_SIZE(ctl_verbs);
