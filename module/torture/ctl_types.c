// SPDX-License-Identifier: GPL-2.0
/*
 * The kinds of value a key can have: how each is read, written and listed.
 *
 * A value that is not understood is answered with the values that would be,
 * or with the range, so that nobody has to look them up.
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "ctl.h"

static int unknown_value(const struct ctl_key *key, const char *value,
			 unsigned int column, struct ctl_error *why)
{
	ctl_refuse(why, column, -EINVAL, "%s=%.40s is not known; there are",
		   key->name, value);
	key->type->names(key, ctl_refuse_name, why);
	return -EINVAL;
}

/* run=: also the name of a directory, beside the module's own files. */

static bool is_file_name(const char *name)
{
	unsigned int i;

	for (i = 0; i < ctl_nr_files; i++)
		if (!strcmp(ctl_files[i].name, name))
			return true;
	return false;
}

static int run_parse(const struct ctl_key *key, const char *value,
		     struct run_config *cfg, unsigned int column,
		     struct ctl_error *why)
{
	size_t good = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	if (value[good] || !good)
		return ctl_refuse(why, column + good, -EINVAL,
				  "a run's name is made of a-z, 0-9, '_' and '-'");
	if (good >= RUN_NAME_LEN)
		return ctl_refuse(why, column + RUN_NAME_LEN - 1, -EINVAL,
				  "a run's name has at most %d characters",
				  RUN_NAME_LEN - 1);
	if (is_file_name(value))
		return ctl_refuse(why, column, -EINVAL,
				  "'%s' is the name of a file here, choose another",
				  value);
	strscpy(cfg->name, value, sizeof(cfg->name));
	return 0;
}

static void run_show(struct seq_file *m, const struct ctl_key *key,
		     const struct run_config *cfg)
{
	seq_puts(m, cfg->name);
}

const struct ctl_key_type ctl_type_run = {
	.parse = run_parse,
	.show = run_show,
};

/* pattern= */

static int pattern_parse(const struct ctl_key *key, const char *value,
			 struct run_config *cfg, unsigned int column,
			 struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; ref_patterns[i]; i++) {
		if (!strcmp(ref_patterns[i]->name, value)) {
			cfg->pattern = ref_patterns[i];
			return 0;
		}
	}
	return unknown_value(key, value, column, why);
}

static void pattern_show(struct seq_file *m, const struct ctl_key *key,
			 const struct run_config *cfg)
{
	seq_puts(m, cfg->pattern->name);
}

static void pattern_names(const struct ctl_key *key,
			  void (*emit)(void *arg, const char *name), void *arg)
{
	unsigned int i;

	for (i = 0; ref_patterns[i]; i++)
		emit(arg, ref_patterns[i]->name);
}

const struct ctl_key_type ctl_type_pattern = {
	.parse = pattern_parse,
	.show = pattern_show,
	.names = pattern_names,
};

/* flavor= */

static int flavor_parse(const struct ctl_key *key, const char *value,
			struct run_config *cfg, unsigned int column,
			struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; ctl_flavors[i]; i++) {
		if (!strcmp(ctl_flavors[i]->name, value)) {
			cfg->flavor = ctl_flavors[i];
			return 0;
		}
	}
	return unknown_value(key, value, column, why);
}

static void flavor_show(struct seq_file *m, const struct ctl_key *key,
			const struct run_config *cfg)
{
	seq_puts(m, cfg->flavor->name);
}

static void flavor_names(const struct ctl_key *key,
			 void (*emit)(void *arg, const char *name), void *arg)
{
	unsigned int i;

	for (i = 0; ctl_flavors[i]; i++)
		emit(arg, ctl_flavors[i]->name);
}

const struct ctl_key_type ctl_type_flavor = {
	.parse = flavor_parse,
	.show = flavor_show,
	.names = flavor_names,
};

/* busted=<pattern>:<form> */

static const struct ref_busted *find_form(const struct ref_pattern *pattern,
					  const char *name)
{
	unsigned int i;

	for (i = 0; i < pattern->nr_busted; i++)
		if (!strcmp(pattern->busted[i].name, name))
			return &pattern->busted[i];
	return NULL;
}

static int busted_parse(const struct ctl_key *key, const char *value,
			struct run_config *cfg, unsigned int column,
			struct ctl_error *why)
{
	const char *form = strchr(value, ':');
	unsigned int i;

	for (i = 0; form && ref_patterns[i]; i++) {
		const struct ref_pattern *p = ref_patterns[i];
		size_t len = form - value;

		if (len == strlen(p->name) && !strncmp(p->name, value, len)) {
			cfg->busted = find_form(p, form + 1);
			if (cfg->busted)
				return 0;
		}
	}
	return unknown_value(key, value, column, why);
}

static void busted_show(struct seq_file *m, const struct ctl_key *key,
			const struct run_config *cfg)
{
	if (cfg->busted)
		seq_printf(m, "%s:%s", cfg->pattern->name, cfg->busted->name);
	else
		seq_putc(m, '-');
}

static void busted_names(const struct ctl_key *key,
			 void (*emit)(void *arg, const char *name), void *arg)
{
	char name[64];
	unsigned int i, j;

	for (i = 0; ref_patterns[i]; i++) {
		const struct ref_pattern *p = ref_patterns[i];

		for (j = 0; j < p->nr_busted; j++) {
			snprintf(name, sizeof(name), "%s:%s", p->name,
				 p->busted[j].name);
			emit(arg, name);
		}
	}
}

const struct ctl_key_type ctl_type_busted = {
	.parse = busted_parse,
	.show = busted_show,
	.names = busted_names,
};

/* One of a few words. */

static int choice_parse(const struct ctl_key *key, const char *value,
			struct run_config *cfg, unsigned int column,
			struct ctl_error *why)
{
	unsigned int i;

	for (i = 0; key->choices[i]; i++) {
		if (!strcmp(key->choices[i], value)) {
			ctl_key_store(key, cfg, i);
			return 0;
		}
	}
	return unknown_value(key, value, column, why);
}

static void choice_show(struct seq_file *m, const struct ctl_key *key,
			const struct run_config *cfg)
{
	seq_puts(m, key->choices[ctl_key_load(key, cfg)]);
}

static void choice_names(const struct ctl_key *key,
			 void (*emit)(void *arg, const char *name), void *arg)
{
	unsigned int i;

	for (i = 0; key->choices[i]; i++)
		emit(arg, key->choices[i]);
}

const struct ctl_key_type ctl_type_choice = {
	.parse = choice_parse,
	.show = choice_show,
	.names = choice_names,
};

/* A number: decimal, or hexadecimal after 0x; never octal. */

static int number_parse(const struct ctl_key *key, const char *value,
			struct run_config *cfg, unsigned int column,
			struct ctl_error *why)
{
	bool hex = value[0] == '0' && tolower(value[1]) == 'x';
	bool off_is_legal = key->flags & CTL_KEY_OFF;
	u64 n = 0, max = ctl_key_max(key);
	int err = -EINVAL;

	if (isdigit(value[0]))	/* kstrto*() would take a sign, too */
		err = kstrtou64(value, hex ? 16 : 10, &n);
	if (err == -EINVAL)
		return ctl_refuse(why, column, -EINVAL,
				  "%s takes a number, decimal or 0x..., not '%.40s'",
				  key->name, value);
	if (err || n > max || (n < key->min && !(off_is_legal && !n)))
		return ctl_refuse(why, column, -ERANGE,
				  "%s=%.40s is out of range: %s%llu to %llu%s%s",
				  key->name, value,
				  off_is_legal ? "0, or " : "",
				  key->min, max, key->unit ? " " : "",
				  key->unit ?: "");
	ctl_key_store(key, cfg, n);
	return 0;
}

static void number_show(struct seq_file *m, const struct ctl_key *key,
			const struct run_config *cfg)
{
	seq_printf(m, "%llu", ctl_key_load(key, cfg));
}

const struct ctl_key_type ctl_type_number = {
	.parse = number_parse,
	.show = number_show,
};
