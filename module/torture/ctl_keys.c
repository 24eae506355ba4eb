// SPDX-License-Identifier: GPL-2.0
/*
 * The keys of a run: everything a user can choose.
 *
 * This table is the one place where a key's name, limits, default and meaning
 * are written down.  The defaults start every kind of thread, gently, and the
 * pauses are short enough for every check to run within ten seconds; only what
 * disturbs the rest of the machine (hotplug, stall) must be asked for.
 *
 * A live key is read again by the running threads each time they use it, so it
 * is stored in one piece.
 */
#include <linux/cpumask.h>

#include "ctl.h"

const struct flavor_ops *const ctl_flavors[] = {
	&flavor_rcu,
	&flavor_srcu,
	&flavor_defer_rcu,
	&flavor_defer_srcu,
	&flavor_defer_sched,
	&flavor_defer_gpctr,
	NULL
};

static const char *const memory_names[] = {
	[MEMORY_SLAB]		= "slab",
	[MEMORY_QUARANTINE]	= "quarantine",
	NULL
};

static const char *const on_failure_names[] = { "continue", "stop", NULL };

static u64 default_readers(const struct run_config *cfg)
{
	return 2 * num_online_cpus();
}

/* A busted form must be counted, not crash the machine. */
static u64 default_memory(const struct run_config *cfg)
{
	return cfg->busted ? MEMORY_QUARANTINE : MEMORY_SLAB;
}

static u64 default_irq_readers(const struct run_config *cfg)
{
	return irq_readers_refused() ? 0 : 1;
}

#define FIELD(field)							\
	.offset = offsetof(struct run_config, field),			\
	.size = sizeof_field(struct run_config, field)

#define NUMBER(key, lo, hi)						\
	.name = #key, FIELD(key), .type = &ctl_type_number,		\
	.min = lo, .max = hi

const struct ctl_key ctl_keys[] = {
	{
		.name = "run", .type = &ctl_type_run,
		.flags = CTL_KEY_REQUIRED,
		.help = "name of the run and of its directory",
	}, {
		.name = "pattern", .type = &ctl_type_pattern,
		.flags = CTL_KEY_REQUIRED,
		.help = "what is tortured, see the file patterns",
	}, {
		.name = "flavor", .type = &ctl_type_flavor,
		.help = "how to wait for readers, see the file flavors",
	}, {
		.name = "busted", .type = &ctl_type_busted,
		.help = "break a rule of the pattern, see the file busted",
	}, {
		.name = "memory", FIELD(memory), .type = &ctl_type_choice,
		.choices = memory_names, .def_of = default_memory,
		.help = "where elements come from; quarantine for busted forms",
	}, {
		NUMBER(readers, 0, 16), .flags = CTL_KEY_PER_CPU,
		.def_of = default_readers,
		.help = "threads that look up, and hold what they found",
	}, {
		NUMBER(updaters, 1, 8), .flags = CTL_KEY_PER_CPU, .def = 2,
		.help = "threads that add and delete",
	}, {
		NUMBER(fakewriters, 0, 8), .flags = CTL_KEY_PER_CPU, .def = 1,
		.help = "threads that only wait for grace periods",
	}, {
		NUMBER(timer_readers, 0, 8), .flags = CTL_KEY_PER_CPU, .def = 1,
		.help = "readers in timer context",
	}, {
		NUMBER(irq_readers, 0, 8), .flags = CTL_KEY_PER_CPU,
		.def_of = default_irq_readers,
		.help = "readers in hard interrupt context",
	}, {
		NUMBER(exit_readers, 0, 8), .flags = CTL_KEY_PER_CPU, .def = 1,
		.help = "readers that exit at once, again and again",
	}, {
		NUMBER(barriers, 0, 8), .flags = CTL_KEY_PER_CPU, .def = 1,
		.help = "threads that post, wait at a barrier, and count",
	}, {
		NUMBER(keys, 1, 65536), .def = 16,
		.help = "elements the table has room for; fewer is fiercer",
	}, {
		NUMBER(hold, 0, 1000000), .unit = "us", .def = 200,
		.flags = CTL_KEY_LIVE,
		.help = "longest a reader holds what it found",
	}, {
		NUMBER(window, 0, 1000), .unit = "us", .def = 200,
		.flags = CTL_KEY_LIVE,
		.help = "longest a race window is held open for others",
	}, {
		NUMBER(stutter, 100, 60000), .unit = "ms", .def = 1000,
		.flags = CTL_KEY_LIVE | CTL_KEY_OFF,
		.help = "between drains, where everything is counted",
	}, {
		NUMBER(shuffle, 50, 60000), .unit = "ms", .def = 1000,
		.flags = CTL_KEY_LIVE | CTL_KEY_OFF,
		.help = "between moves of all threads off one CPU",
	}, {
		NUMBER(flood, 1, 3600), .unit = "s", .def = 4,
		.flags = CTL_KEY_LIVE | CTL_KEY_OFF,
		.help = "between floods of callbacks",
	}, {
		NUMBER(hotplug, 50, 60000), .unit = "ms",
		.flags = CTL_KEY_LIVE | CTL_KEY_OFF,
		.help = "between taking a CPU down and up",
	}, {
		NUMBER(stall, 1, 3600), .unit = "s",
		.flags = CTL_KEY_LIVE | CTL_KEY_OFF,
		.help = "between readers that spin in their section for up to 2 s",
	}, {
		NUMBER(race, 0, 1),
		.help = "1: readers race on a count of no use, for KCSAN to see",
	}, {
		NUMBER(time, 1, 30 * 24 * 3600), .unit = "s",
		.flags = CTL_KEY_OFF,
		.help = "when the run stops by itself; 0: when told to",
	}, {
		NUMBER(seed, 0, U64_MAX),
		.help = "of all random choices; 0: pick one",
	}, {
		.name = "on_failure", FIELD(stop_on_failure),
		.type = &ctl_type_choice, .choices = on_failure_names,
		.def = true, .flags = CTL_KEY_LIVE,
		.help = "after the first failed check",
	},
};

const unsigned int ctl_nr_keys = ARRAY_SIZE(ctl_keys);
static_assert(ARRAY_SIZE(ctl_keys) <= CTL_KEYS_MAX);

const struct ctl_key *ctl_key_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ctl_nr_keys; i++)
		if (!strcmp(ctl_keys[i].name, name))
			return &ctl_keys[i];
	return NULL;
}

u64 ctl_key_max(const struct ctl_key *key)
{
	return key->flags & CTL_KEY_PER_CPU ? key->max * num_online_cpus() :
					      key->max;
}

u64 ctl_key_load(const struct ctl_key *key, const struct run_config *cfg)
{
	const void *field = (const char *)cfg + key->offset;

	switch (key->size) {
	case sizeof(u8):
		return READ_ONCE(*(const u8 *)field);
	case sizeof(u32):
		return READ_ONCE(*(const u32 *)field);
	default:
		return READ_ONCE(*(const u64 *)field);
	}
}

void ctl_key_store(const struct ctl_key *key, struct run_config *cfg, u64 val)
{
	void *field = (char *)cfg + key->offset;

	switch (key->size) {
	case sizeof(u8):
		WRITE_ONCE(*(u8 *)field, val);
		break;
	case sizeof(u32):
		WRITE_ONCE(*(u32 *)field, val);
		break;
	default:
		WRITE_ONCE(*(u64 *)field, val);
	}
}

void ctl_key_set_default(const struct ctl_key *key, struct run_config *cfg)
{
	if (key->size)
		ctl_key_store(key, cfg,
			      key->def_of ? key->def_of(cfg) : key->def);
}

void ctl_keys_show(struct seq_file *m, const struct run_config *cfg)
{
	unsigned int i;

	for (i = 0; i < ctl_nr_keys; i++) {
		const struct ctl_key *key = &ctl_keys[i];

		if (key->type == &ctl_type_busted && !cfg->busted)
			continue;
		seq_printf(m, " %s=", key->name);
		key->type->show(m, key, cfg);
	}
}
