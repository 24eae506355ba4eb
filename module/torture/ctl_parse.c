// SPDX-License-Identifier: GPL-2.0
/*
 * From a line to a command.
 *
 *	start run=a pattern=listing_b readers=8
 *	^     ^---^ ^               ^ ^
 *	verb  key   column 12       blank
 *
 * The line is cut up in place and read from left to right, so the first thing
 * that is wrong is the one that is reported.  What can only be judged when
 * everything is known (a busted form of another pattern) comes last, from a
 * table of rules, and is blamed on the word that gave that key.
 *
 * Nothing here looks at a run: a line is right or wrong by itself.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl.h"

static int parse_verb(const char *word, struct ctl_command *cmd,
		      unsigned int column, struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; i < ctl_nr_verbs; i++) {
		if (!strcmp(ctl_verbs[i].name, word)) {
			cmd->verb = &ctl_verbs[i];
			return 0;
		}
	}
	ctl_refuse(why, column, -EINVAL,
		   "'%.40s' is not a command; there are", word);
	for (i = 0; i < ctl_nr_verbs; i++)
		ctl_refuse_name(why, ctl_verbs[i].name);
	return -EINVAL;
}

static bool verb_takes(const struct ctl_verb *verb, const struct ctl_key *key)
{
	if (verb->flags & CTL_VERB_CONFIG || key->type == &ctl_type_run)
		return true;
	return verb->flags & CTL_VERB_LIVE && key->flags & CTL_KEY_LIVE;
}

/* @err: -EINVAL for what is no key at all, -EBUSY for what is one. */
static int refuse_key(const struct ctl_verb *verb, const char *word, int err,
		      unsigned int column, struct ctl_error *why)
{
	unsigned int i;

	ctl_refuse(why, column, err, err == -EBUSY ?
		   "%.40s is fixed once a run has started; %s takes" :
		   "%.40s is not a key of this command; %s takes",
		   word, verb->name);
	for (i = 0; i < ctl_nr_keys; i++)
		if (verb_takes(verb, &ctl_keys[i]))
			ctl_refuse_name(why, ctl_keys[i].name);
	return err;
}

static int parse_pair(char *word, struct ctl_command *cmd, unsigned int column,
		      struct ctl_error *why)
{
	char *value = strchr(word, '=');
	const struct ctl_key *key;
	unsigned int nr;

	if (!value)
		return ctl_refuse(why, column, -EINVAL,
				  "'%.40s' is not of the form key=value", word);
	*value++ = '\0';
	key = ctl_key_find(word);
	if (!key)
		return refuse_key(cmd->verb, word, -EINVAL, column, why);
	if (!verb_takes(cmd->verb, key))
		return refuse_key(cmd->verb, word,
				  cmd->verb->flags & CTL_VERB_LIVE ?
				  -EBUSY : -EINVAL, column, why);
	nr = key - ctl_keys;
	if (cmd->given & BIT(nr))
		return ctl_refuse(why, column, -EINVAL,
				  "%s= is given twice", word);
	cmd->given |= BIT(nr);
	cmd->column[nr] = column;
	return key->type->parse(key, value, &cmd->cfg,
				column + (value - word), why);
}

/* Keys that must be given, and the rest filled in. */
static int fill_in(struct ctl_command *cmd, struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; i < ctl_nr_keys; i++) {
		const struct ctl_key *key = &ctl_keys[i];

		if (cmd->given & BIT(i) || !verb_takes(cmd->verb, key))
			continue;
		if (key->flags & CTL_KEY_REQUIRED)
			return ctl_refuse(why, 0, -EINVAL, "%s lacks %s=: %s %s",
					  cmd->verb->name, key->name,
					  cmd->verb->name, cmd->verb->args);
		if (cmd->verb->flags & CTL_VERB_CONFIG)
			ctl_key_set_default(key, &cmd->cfg);
	}
	return 0;
}

static int rule_busted_of_pattern(const struct run_config *cfg,
				  unsigned int column, struct ctl_error *why)
{
	const struct ref_pattern *p = cfg->pattern;

	if (!cfg->busted || (cfg->busted >= p->busted &&
			     cfg->busted < p->busted + p->nr_busted))
		return 0;
	return ctl_refuse(why, column, -EINVAL,
			  "this is a busted form of another pattern than %s",
			  p->name);
}

static int rule_busted_with_flavor(const struct run_config *cfg,
				   unsigned int column, struct ctl_error *why)
{
	if (!cfg->busted || !(cfg->busted->not_with & cfg->flavor->flags))
		return 0;
	return ctl_refuse(why, column, -EOPNOTSUPP,
			  "%s is not offered with flavor=%s: the file busted says where it is",
			  cfg->busted->name, cfg->flavor->name);
}

static int rule_busted_in_quarantine(const struct run_config *cfg,
				     unsigned int column, struct ctl_error *why)
{
	if (IS_ENABLED(CONFIG_KASAN) || !cfg->busted ||
	    cfg->memory == MEMORY_QUARANTINE)
		return 0;
	return ctl_refuse(why, column, -EOPNOTSUPP,
			  "a busted form would crash a kernel without KASAN: take memory=quarantine");
}

static int rule_irq_readers(const struct run_config *cfg, unsigned int column,
			    struct ctl_error *why)
{
	if (!cfg->irq_readers || !irq_readers_refused())
		return 0;
	return ctl_refuse(why, column, -EOPNOTSUPP,
			  "leave irq_readers=0 here: %s", irq_readers_refused());
}

static int rule_hotplug_needs_cpus(const struct run_config *cfg,
				   unsigned int column, struct ctl_error *why)
{
	if (!cfg->hotplug ||
	    (IS_ENABLED(CONFIG_HOTPLUG_CPU) && num_present_cpus() > 1))
		return 0;
	return ctl_refuse(why, column, -EOPNOTSUPP,
			  "no CPU here can go offline: leave hotplug=0");
}

static int rule_stall_needs_grace_periods(const struct run_config *cfg,
					  unsigned int column,
					  struct ctl_error *why)
{
	if (!cfg->stall || cfg->pattern->flags & PATTERN_USES_FLAVOR)
		return 0;
	return ctl_refuse(why, column, -EOPNOTSUPP,
			  "%s waits for no grace period, there is nothing to stall: leave stall=0",
			  cfg->pattern->name);
}

/* Which word is to blame, and the rule that it breaks. */
static const struct rule {
	const char *key;
	int (*check)(const struct run_config *cfg, unsigned int column,
		     struct ctl_error *why);
} rules[] = {
	{ "busted", rule_busted_of_pattern },
	{ "busted", rule_busted_with_flavor },
	{ "memory", rule_busted_in_quarantine },
	{ "irq_readers", rule_irq_readers },
	{ "hotplug", rule_hotplug_needs_cpus },
	{ "stall", rule_stall_needs_grace_periods },
};

int ctl_check_rules(const struct ctl_command *cmd, const struct run_config *cfg,
		    struct ctl_error *why)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(rules) && !err; i++) {
		unsigned int nr = ctl_key_find(rules[i].key) - ctl_keys;

		/* What was not given has its default, and column 0. */
		err = rules[i].check(cfg, cmd->column[nr], why);
	}
	return err;
}

/**
 * ctl_parse() - understand one command
 * @line: the line, ended by NUL; is cut into pieces
 * @len: its length; a NUL before that is one of the bytes refused
 * @cmd: filled in
 * @why: filled in when the line is refused
 *
 * Return: 0, or a negative errno.
 */
int ctl_parse(char *line, size_t len, struct ctl_command *cmd,
	      struct ctl_error *why)
{
	char *rest = line, *word;
	int err = ctl_check_bytes(line, len, why);

	if (err)
		return err;
	memset(cmd, 0, sizeof(*cmd));
	cmd->cfg.flavor = ctl_flavors[0];
	word = ctl_next_word(&rest);
	if (!word)
		return ctl_refuse(why, 0, -EINVAL,
				  "there is no command; README shows what may be written");
	err = parse_verb(word, cmd, word - line, why);
	while (!err && (word = ctl_next_word(&rest)))
		err = parse_pair(word, cmd, word - line, why);
	if (!err)
		err = fill_in(cmd, why);
	if (!err && cmd->verb->flags & CTL_VERB_CONFIG)
		err = ctl_check_rules(cmd, &cmd->cfg, why);
	return err;
}
