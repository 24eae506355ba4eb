// SPDX-License-Identifier: GPL-2.0
/*
 * The files of /sys/kernel/debug/deferscale/.
 *
 *	start group=defer rounds=15
 *	start group=defer set=post rounds=15 ms=20 cpu=1
 *	stop
 *
 * What may be written stands in two tables, which the parser and the README
 * read. A command that is refused has changed nothing, and error_log says why.
 */
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>

#include "scale.h"

static struct dentry *scale_dir;

/* A command that has been understood. */
struct bench_command {
	struct bench_config cfg;
	unsigned long given;	/* bit n: keys[n] */
};

struct bench_key {
	const char *name;
	const char *help;
	size_t offset;		/* of a number in struct bench_config */
	u64 min, max, def;
	int (*parse)(const struct bench_key *key, const char *value,
		     struct bench_config *cfg, unsigned int column,
		     struct ctl_error *why);
};

static int parse_number(const struct bench_key *key, const char *value,
			struct bench_config *cfg, unsigned int column,
			struct ctl_error *why)
{
	u64 n;

	if (!isdigit(value[0]) || kstrtou64(value, 10, &n))
		return ctl_refuse(why, column, -EINVAL,
				  "%s takes a number, not '%.40s'", key->name,
				  value);
	if (n < key->min || n > key->max)
		return ctl_refuse(why, column, -ERANGE,
				  "%s=%.40s is out of range: %llu to %llu",
				  key->name, value, key->min, key->max);
	*(u64 *)((char *)cfg + key->offset) = n;
	return 0;
}

static int parse_cpu(const struct bench_key *key, const char *value,
		     struct bench_config *cfg, unsigned int column,
		     struct ctl_error *why)
{
	int err = parse_number(key, value, cfg, column, why);

	if (err || (cfg->cpu < nr_cpu_ids && cpu_online(cfg->cpu)))
		return err;
	return ctl_refuse(why, column, -ENODEV, "CPU %llu is not online",
			  cfg->cpu);
}

static int parse_group(const struct bench_key *key, const char *value,
		       struct bench_config *cfg, unsigned int column,
		       struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; bench_sets[i]; i++) {
		if (!strcmp(bench_sets[i]->group, value)) {
			cfg->group = bench_sets[i]->group;
			return 0;
		}
	}
	return ctl_refuse(why, column, -EINVAL,
			  "there is no group '%.40s', see the file rows", value);
}

static int parse_set(const struct bench_key *key, const char *value,
		     struct bench_config *cfg, unsigned int column,
		     struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; bench_sets[i]; i++) {
		if (!strcmp(bench_sets[i]->name, value)) {
			cfg->set = bench_sets[i];
			return 0;
		}
	}
	return ctl_refuse(why, column, -EINVAL,
			  "there is no set '%.40s', see the file rows", value);
}

#define NUMBER(field, lo, hi, dflt)					\
	.name = #field, .offset = offsetof(struct bench_config, field),	\
	.min = (lo), .max = (hi), .def = (dflt)

static const struct bench_key keys[] = {
	{
		.name = "group", .parse = parse_group,
		.help = "what is measured, see the file rows; must be given",
	}, {
		.name = "set", .parse = parse_set,
		.help = "only this set of the group",
	}, {
		NUMBER(rounds, 1, 10000, 15), .parse = parse_number,
		.help = "samples of each row",
	}, {
		NUMBER(ms, 1, 10000, 20), .parse = parse_number,
		.help = "how long a sample takes at least, where it can",
	}, {
		NUMBER(cpu, 0, CONFIG_NR_CPUS - 1, 0), .parse = parse_cpu,
		.help = "where it is taken",
	},
};

static int verb_start(const struct bench_command *cmd, struct ctl_error *why)
{
	int err;

	if (!cmd->cfg.group)
		return ctl_refuse(why, 0, -EINVAL,
				  "start lacks group=, see the file rows");
	if (cmd->cfg.set && strcmp(cmd->cfg.set->group, cmd->cfg.group))
		return ctl_refuse(why, 0, -EINVAL, "set=%s is of group=%s",
				  cmd->cfg.set->name, cmd->cfg.set->group);
	err = bench_start(&cmd->cfg);
	if (err)
		ctl_refuse(why, 0, err, err == -EBUSY ?
			   "a run is going on: 'stop' first" :
			   "the run could not be started (%pe)", ERR_PTR(err));
	return err;
}

static int verb_stop(const struct bench_command *cmd, struct ctl_error *why)
{
	if (cmd->given)
		return ctl_refuse(why, 0, -EINVAL, "stop takes no key");
	bench_stop();
	return 0;
}

static const struct bench_verb {
	const char *name;
	const char *args;
	const char *help;
	int (*run)(const struct bench_command *cmd, struct ctl_error *why);
} verbs[] = {
	{
		.name = "start", .run = verb_start,
		.args = "group=<group> [key=value ...]",
		.help = "begin a run; the results of the last one are forgotten",
	}, {
		.name = "stop", .run = verb_stop, .args = "",
		.help = "end it; what it has measured stays",
	},
};

static const struct bench_verb *find_verb(const char *word)
{
	unsigned int i;

	for (i = 0; word && i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, word))
			return &verbs[i];
	return NULL;
}

static int parse_pair(char *word, struct bench_command *cmd, unsigned int column,
		      struct ctl_error *why)
{
	char *value = strchr(word, '=');
	unsigned int i;

	if (!value)
		return ctl_refuse(why, column, -EINVAL,
				  "'%.40s' is not of the form key=value", word);
	*value++ = '\0';
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, word))
			break;
	if (i == ARRAY_SIZE(keys))
		return ctl_refuse(why, column, -EINVAL,
				  "'%.40s' is not a key; README has them", word);
	if (cmd->given & BIT(i))
		return ctl_refuse(why, column, -EINVAL, "%s= is given twice",
				  word);
	cmd->given |= BIT(i);
	return keys[i].parse(&keys[i], value, &cmd->cfg,
			     column + (value - word), why);
}

static void set_defaults(struct bench_config *cfg)
{
	unsigned int i;

	memset(cfg, 0, sizeof(*cfg));
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].max)
			*(u64 *)((char *)cfg + keys[i].offset) = keys[i].def;
}

static int do_command(char *line, size_t len, struct ctl_error *why)
{
	struct bench_command cmd = { .given = 0 };
	const struct bench_verb *verb;
	char *rest = line, *word;
	int err = ctl_check_bytes(line, len, why);

	if (err)
		return err;
	set_defaults(&cmd.cfg);
	word = ctl_next_word(&rest);
	verb = find_verb(word);
	if (!verb)
		return ctl_refuse(why, word ? word - line : 0, -EINVAL,
				  "'%.40s' is not a command; there are start and stop",
				  word ?: "");
	while (!err && (word = ctl_next_word(&rest)))
		err = parse_pair(word, &cmd, word - line, why);
	return err ?: verb->run(&cmd, why);
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	return ctl_write(buf, count, *ppos, do_command);
}

static int control_show(struct seq_file *m, void *unused)
{
	bench_show_state(m);
	return 0;
}

static int control_open(struct inode *inode, struct file *file)
{
	return single_open(file, control_show, NULL);
}

static const struct file_operations control_fops = {
	.owner		= THIS_MODULE,
	.open		= control_open,
	.read		= seq_read,
	.write		= control_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int rows_show(struct seq_file *m, void *unused)
{
	const struct bench_set *set;
	unsigned int i, j;

	for (i = 0; (set = bench_sets[i]); i++) {
		seq_printf(m, "set %s %s %s %s\n", set->group, set->name,
			   bench_unit_names[set->unit], set->about);
		for (j = 0; j < set->nr_rows; j++)
			seq_printf(m, "row %s %s %s\n", set->name,
				   set->rows[j].name, set->rows[j].about);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(rows);
DEFINE_SHOW_ATTRIBUTE(bench_results);

static int readme_show(struct seq_file *m, void *unused);
DEFINE_SHOW_ATTRIBUTE(readme);

static const struct ctl_file files[] = {
	{
		.name = "README", .mode = 0400, .fops = &readme_fops,
		.about = "this text",
	}, {
		.name = "rows", .mode = 0400, .fops = &rows_fops,
		.about = "what can be measured: sets with group, name, unit, and their rows",
	}, {
		.name = "control", .mode = 0600, .fops = &control_fops,
		.about = "write a command; read idle, running, done or stopped",
	}, {
		.name = "results", .mode = 0400, .fops = &bench_results_fops,
		.about = "a line a sample: set, row, round, ns or bytes, operations",
	}, {
		.name = "error_log", .mode = 0600, .fops = &ctl_error_log_fops,
		.about = "the last commands refused, and why; write to clear",
	},
};

static int readme_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	seq_puts(m, "What things cost, against the kernel's own, in one boot.\n\n"
		 "  # echo 'start group=defer set=post' > control\n"
		 "  # cat control results\n\nFiles:\n");
	for (i = 0; i < ARRAY_SIZE(files); i++)
		seq_printf(m, "  %-10s %s\n", files[i].name, files[i].about);
	seq_puts(m, "\ncontrol takes one command a write:\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		seq_printf(m, "  %s %s\n          %s\n", verbs[i].name,
			   verbs[i].args, verbs[i].help);
	seq_puts(m, "\nKeys:\n");
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		seq_printf(m, "  %-7s %s", keys[i].name, keys[i].help);
		if (keys[i].max)
			seq_printf(m, "; %llu to %llu, default %llu",
				   keys[i].min, keys[i].max, keys[i].def);
		seq_putc(m, '\n');
	}
	return 0;
}

/*
 * Comes last in the module's init: once it has returned nothing may fail, since
 * a user may already hold one of the files open.
 */
int ctl_init(void)
{
	unsigned int i;

	if (!debugfs_initialized()) {
		pr_err("deferscale: no debugfs, and no other way to control it: boot without debugfs=off\n");
		return -ENODEV;
	}
	scale_dir = ctl_dir_create("deferscale", NULL);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, files[i].mode, scale_dir,
				    NULL, files[i].fops);
	return 0;
}

/* Waits for reads and writes in progress. */
void ctl_exit(void)
{
	debugfs_remove(scale_dir);
	scale_dir = NULL;
}
