// SPDX-License-Identifier: GPL-2.0
/*
 * The trial: do callbacks of others that may call a module that has gone do it?
 *
 * check_object.c finds callbacks whose object holds the address of a function of the
 * module. Many such only free the object: of a list of hooks, for one. So they
 * are tried, while the module's text is still there:
 *
 *	who unloads			callbacks
 *	park: from now on		are put aside by their trampoline
 *	hooks on those functions
 *	rcu_barrier()
 *	calls each that was put
 *	aside, and looks whether
 *	one of the hooks was met
 *
 * To arm a hook takes so long that the callbacks would have run meanwhile; this
 * is why they wait. Who meets a hook would have jumped into what is no more: it is
 * certain. Without rescue there is no trial, for it rescues.
 *
 * What is put aside keeps its head: the kernel is done with it. It is linked by its
 * next, and func says which site it is of.
 */
#include <linux/bottom_half.h>
#include <linux/ftrace.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "check.h"

static LLIST_HEAD(aside);
static DEFINE_PER_CPU(bool, met);

/**
 * uc_park() - put a callback aside
 * @head: whose function was to be called
 * @nr: of the site
 *
 * Context: callbacks.
 */
void notrace uc_park(struct rcu_head *head, unsigned int nr)
{
	head->func = (rcu_callback_t)(unsigned long)nr;
	llist_add((struct llist_node *)head, &aside);
}

static void notrace meet(unsigned long ip, unsigned long parent_ip,
			 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	if (uc_in_callback())
		this_cpu_write(met, true);
}

static bool is_tried(const struct uc_site *s, const struct uc_module *m)
{
	return s->owner == m && s->kind == UC_OBJECT;
}

static void park(const struct uc_module *m, bool on)
{
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (is_tried(s, m))
			WRITE_ONCE(s->park, on);
}

/* -ENOENT: what is held is no function's entry, but an address that is there by chance. */
static int arm(struct ftrace_ops *ops, const struct uc_module *m)
{
	int err = -ENOENT;
	struct uc_site *s;

	ops->func = meet;
	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (is_tried(s, m) && !ftrace_set_filter_ip(ops, s->text, 0, 0))
			err = 0;
	return err ?: register_ftrace_function(ops);
}

/* As they would have been called: with softirqs off. */
static void try_all(void)
{
	struct llist_node *node = llist_del_all(&aside), *next;

	for (; node; node = next) {
		struct rcu_head *head = (struct rcu_head *)node;
		unsigned int nr = (unsigned long)head->func;

		next = node->next;
		local_bh_disable();
		this_cpu_write(met, false);
		uc_invoke(head, nr);
		uc_sites[nr].met += this_cpu_read(met);
		local_bh_enable();
	}
}

static unsigned long pending_of(const struct uc_module *m)
{
	unsigned long pending = 0;
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s))
		if (is_tried(s, m)) {
			struct uc_sum sum = uc_site_sum(s);

			pending += sum.posted - sum.started;
		}
	return pending;
}

/**
 * uc_try() - tell those callbacks of others that call a module from those that do not
 * @m: the module, which is on its way out
 *
 * uc_site.met is how many of each site do. Callbacks that wait are counted as pending.
 *
 * Context: may sleep.
 * Return: false if they could not be tried, and nothing is known.
 */
bool uc_try(struct uc_module *m)
{
	struct ftrace_ops *ops;
	int err;

	if (!pending_of(m))
		return true;
	ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return false;
	park(m, true);
	err = arm(ops, m);
	rcu_barrier();
	park(m, false);
	synchronize_rcu(); /* who has seen it set has put it aside */
	try_all();
	if (!err)
		unregister_ftrace_function(ops);
	ftrace_free_filter(ops);
	kfree(ops);
	return !err || err == -ENOENT;
}
