// SPDX-License-Identifier: GPL-2.0
/*
 * Modules: those that are watched, from COMING to GOING.
 *
 * The notifier is called with priority over others: what they tear down, SRCU's
 * its srcu_structs of the module for one, is still there when we rule.
 *
 * An address is looked up for the first post from a place, in any context, so the
 * list is RCU's. Modules that were there before us are found by walking the
 * kernel's list of modules from our own entry in it; its head is the one that
 * is not in a module. What they have posted before is not known.
 */
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "check.h"

LIST_HEAD(uc_modules);
DEFINE_MUTEX(uc_mutex); /* modules, verdicts, config */
/* Gone, with callbacks under way that nobody waited for: their sites need it. */
static LIST_HEAD(gone);

/**
 * uc_module_of() - the watched module an address is in
 * @addr: of text or data, the init part included
 *
 * Context: any, within a section of RCU.
 * Return: NULL if it is in none.
 */
struct uc_module *uc_module_of(unsigned long addr)
{
	struct uc_module *m;

	list_for_each_entry_rcu(m, &uc_modules, node) {
		const struct module *mod = READ_ONCE(m->mod);

		if (mod && within_module(addr, mod))
			return m;
	}
	return NULL;
}

static struct uc_module *find(const struct module *mod)
{
	struct uc_module *m;

	list_for_each_entry(m, &uc_modules, node)
		if (m->mod == mod)
			return m;
	return NULL;
}

/* Is name one of those, with commas between them? */
static bool named(const char *names, const char *name)
{
	size_t len = strlen(name);
	const char *p = names;

	if (!strcmp(names, "all"))
		return true;
	while ((p = strstr(p, name))) {
		if ((p == names || p[-1] == ',') && (!p[len] || p[len] == ','))
			return true;
		p++;
	}
	return false;
}

/**
 * uc_uses() - does a module use another, itself or through others?
 * @m: which
 * @used: the other
 *
 * Context: any, within a section of RCU.
 */
bool uc_uses(const struct uc_module *m, const struct uc_module *used)
{
	const struct module *mod = READ_ONCE(used->mod);
	unsigned int i;

	for (i = 0; i < m->nr_uses; i++)
		if (m->uses[i] == mod)
			return true;
	return false;
}

static void add_use(struct uc_module *m, const struct module *used)
{
	struct uc_module *there = find(used);
	unsigned int i;

	for (i = 0; i < m->nr_uses; i++)
		if (m->uses[i] == used)
			return;
	if (!there || m->nr_uses == UC_USES)
		return;
	m->uses[m->nr_uses++] = used;
	WRITE_ONCE(there->users, there->users + 1);
}

/* Its symbols are resolved, and nobody but who loads it, we, changes that list. */
static void add_uses(struct uc_module *m)
{
	const struct uc_module *there;
	struct module_use *use;
	unsigned int i;

	list_for_each_entry(use, &m->mod->target_list, target_list) {
		add_use(m, use->target);
		there = find(use->target);
		for (i = 0; there && i < there->nr_uses; i++)
			add_use(m, there->uses[i]);
	}
}

static void drop_uses(const struct uc_module *m)
{
	struct uc_module *there;
	unsigned int i;

	for (i = 0; i < m->nr_uses; i++) {
		there = find(m->uses[i]);
		if (there)
			WRITE_ONCE(there->users, there->users - 1);
	}
}

/* For want of memory a module is not watched, and nothing will be said of it. */
static void add(struct module *mod, bool known, gfp_t gfp)
{
	struct uc_module *m = kzalloc(sizeof(*m), gfp);

	if (!m)
		return;
	m->mod = mod;
	strscpy(m->name, mod->name, sizeof(m->name));
	m->since = ktime_get_ns();
	m->nmissed_then = uc_barriers_nmissed();
	m->known = known;
	m->live = mod->state == MODULE_STATE_LIVE;
	m->watched = named(uc_watched, m->name);
	if (known)
		add_uses(m);
	list_add_tail_rcu(&m->node, &uc_modules);
}

/* One whose coming we have not seen has posted before we knew of it. */
static struct uc_module *lookup(struct module *mod, unsigned long state)
{
	struct uc_module *m;

	mutex_lock(&uc_mutex);
	m = find(mod);
	if (!m && state != MODULE_STATE_GOING && mod != THIS_MODULE) {
		add(mod, state == MODULE_STATE_COMING, GFP_KERNEL);
		m = find(mod);
		uc_objects_anew();
	}
	mutex_unlock(&uc_mutex);
	return m;
}

/* The text of its init is about to go; only the task that loads it is here. */
static void live(struct uc_module *m)
{
	m->live = true;
	if (m->watched)
		uc_rule(m, UC_INIT_TEXT);
	uc_sites_retire(m, true);
}

/*
 * The module's text and data are there until we return. Its callbacks may still
 * be running if they were not waited for: then what they find must stay as well.
 */
static void going(struct uc_module *m)
{
	if (m->watched)
		uc_rule(m, m->live ? UC_EXIT : UC_INIT_FAILED);
	mutex_lock(&uc_mutex);
	list_del_rcu(&m->node);
	drop_uses(m);
	WRITE_ONCE(m->mod, NULL);
	synchronize_rcu();
	if (uc_sites_retire(m, false))
		kfree_rcu(m, rcu);
	else
		list_add(&m->node, &gone);
	mutex_unlock(&uc_mutex);
}

static int notify(struct notifier_block *nb, unsigned long state, void *data)
{
	struct uc_module *m = lookup(data, state);

	if (m && state == MODULE_STATE_LIVE)
		live(m);
	else if (m && state == MODULE_STATE_GOING)
		going(m);
	return NOTIFY_OK;
}

static struct notifier_block notifier = {
	.notifier_call = notify,
	.priority = INT_MAX,
};

static void add_loaded(void)
{
	struct list_head *us = &THIS_MODULE->list, *pos;

	mutex_lock(&uc_mutex);
	rcu_read_lock();
	for (pos = rcu_dereference(list_next_rcu(us)); pos != us;
	     pos = rcu_dereference(list_next_rcu(pos))) {
		struct module *mod = list_entry(pos, struct module, list);

		if (!uc_maybe_module((unsigned long)pos) || find(mod) ||
		    READ_ONCE(mod->state) != MODULE_STATE_LIVE)
			continue;
		add(mod, false, GFP_ATOMIC);
	}
	rcu_read_unlock();
	mutex_unlock(&uc_mutex);
}

/**
 * uc_watch() - watch these, and no others
 * @names: "all", or names with commas between them
 *
 * Context: process, uc_mutex held.
 */
void uc_watch(const char *names)
{
	struct uc_module *m;

	list_for_each_entry(m, &uc_modules, node) {
		bool watched = named(names, m->name);

		if (watched && !m->watched) {
			m->known = false;
			m->since = ktime_get_ns();
		}
		WRITE_ONCE(m->watched, watched);
	}
}

/* The hooks are set: from here on nothing is posted unseen. */
int uc_modules_init(void)
{
	int err = register_module_notifier(&notifier);

	if (!err)
		add_loaded();
	return err;
}

/* No verdicts from here on. What is listed is still found by posts. */
void uc_modules_stop(void)
{
	unregister_module_notifier(&notifier);
}

/* No posts any more. */
void uc_modules_exit(void)
{
	struct uc_module *m, *next;

	list_splice_init(&gone, &uc_modules);
	list_for_each_entry_safe(m, next, &uc_modules, node)
		kfree(m);
}
