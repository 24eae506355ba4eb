// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks: each call that posts a callback is met at its entry by ftrace.
 *
 * A function's arguments are in registers there, and ftrace restores them from
 * where it saved them: a function exchanged there is what the call then queues.
 * Unlike a kprobe the hook has no guard against recursion that could drop an
 * event, and needs none: nothing below it posts.
 *
 * Left alone: functions of the kernel image (except those that
 * check_indirect.c knows and check_object.c finds), among them rcu_barrier()'s
 * own, and the offsets that kvfree_rcu() passes for functions. Nothing of the kernel's looks at the
 * function of a queued head but to call it; rcu_head_after_call_rcu() does,
 * for who asks, and would be answered "no" about a module's callback.
 *
 * FTRACE_OPS_FL_PERMANENT: while we watch, kernel.ftrace_enabled cannot be
 * cleared, which would blind us without a word.
 */
#define pr_fmt(fmt) "unloadcheck: " fmt

#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <lastref/compat.h>

#include "check.h"

struct uc_hook {
	struct ftrace_ops ops;
	char *name;
	enum uc_flavor flavor;
	bool has_domain;	/* the first argument; head and func follow */
	int err;		/* why it is not there */
};

/* A function of the kernel's; what it is known to do goes before what it might. */
static bool notrace reaches_module(struct uc_key *key)
{
	if (uc_indirect(key->head, key))
		return uc_maybe_module(key->text);
	return uc_object(key, NULL);
}

static void notrace posted(unsigned long ip, unsigned long parent_ip,
			   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct uc_hook *hook = container_of(ops, struct uc_hook, ops);
	unsigned int at = hook->has_domain;
	struct rcu_head *head = (void *)lastref_argument(fregs, at);
	unsigned long func = lastref_argument(fregs, at + 1);
	struct uc_key key = {
		.head = head, .func = (rcu_callback_t)func, .text = func, .from = parent_ip,
		.domain = at ? (void *)lastref_argument(fregs, 0) : NULL,
		.flavor = hook->flavor,
	};
	struct uc_site *site;

	rcu_read_lock();
	if (!uc_maybe_module(func) && !reaches_module(&key))
		goto out;
	site = uc_site_get(&key);
	/* Posted by one for another that uses it. */
	if (site && READ_ONCE(site->owner->users) &&
	    uc_object(&key, site->owner))
		site = uc_site_get(&key);
	if (site)
		key.func = uc_site_post(site, head) ?: key.func;
out:
	rcu_read_unlock();
	lastref_set_argument(fregs, at + 1, (unsigned long)key.func);
}

#define HOOK(_name, _flavor, _has_domain) {				\
	.ops = { .func = posted, .flags = FTRACE_OPS_FL_PERMANENT },	\
	.name = _name, .flavor = _flavor, .has_domain = _has_domain }

static struct uc_hook hooks[] = {
	HOOK("call_rcu", UC_RCU, false),
	HOOK("call_rcu_hurry", UC_RCU, false),
	HOOK("call_srcu", UC_SRCU, true),
	HOOK("call_rcu_tasks", UC_TASKS, false),
	HOOK("call_rcu_tasks_rude", UC_TASKS_RUDE, false),
	HOOK("call_rcu_tasks_trace", UC_TASKS_TRACE, false),
};

static int set(struct uc_hook *hook)
{
	int err = ftrace_set_filter(&hook->ops, hook->name,
				    strlen(hook->name), 1);

	if (!err)
		err = register_ftrace_function(&hook->ops);
	if (err)
		ftrace_free_filter(&hook->ops);
	return err;
}

/* Without the first there is nothing to watch; others a kernel may lack. */
int uc_hooks_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		hooks[i].err = set(&hooks[i]);
		if (!i && hooks[i].err) {
			pr_err("%s() cannot be hooked (%d): is kernel.ftrace_enabled 1?\n",
			       hooks[i].name, hooks[i].err);
			return hooks[i].err;
		}
	}
	return 0;
}

/* No hook runs any more when this returns; ftrace waits for them. */
void uc_hooks_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].err)
			continue;
		unregister_ftrace_function(&hooks[i].ops);
		ftrace_free_filter(&hooks[i].ops);
	}
}

void uc_hooks_features(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (hooks[i].err)
			seq_printf(m, "%s: no, this kernel has no such function to hook (%d)\n",
				   hooks[i].name, hooks[i].err);
		else
			seq_printf(m, "%s: yes\n", hooks[i].name);
}
