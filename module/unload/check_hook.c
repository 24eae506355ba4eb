// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks: each call that posts a callback is met at its entry by ftrace.
 *
 * A function's arguments are in registers there, and ftrace restores them from
 * where it saved them: a function exchanged there is what the call then queues.
 * Unlike a kprobe the hook has no guard against recursion that could drop an
 * event, and needs none: nothing below it posts. Preemption is off meanwhile,
 * which is a section of RCU, and no call.
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

#include "check_fast.h"

struct uc_hook {
	struct ftrace_ops ops;
	char *name;
	enum uc_flavor flavor;
	int err;		/* why it is not there */
};

/* A function of the kernel's; what it is known to do goes before what it might. */
static bool notrace reaches_module(struct uc_key *key)
{
	if (uc_indirect(key->head, key))
		return uc_maybe_module(key->text);
	return uc_object(key, NULL);
}

/* Of a call whose argument number at is the head; before it may be what it is posted to. */
static __always_inline struct uc_key key_of(unsigned long from, struct ftrace_ops *ops,
					    struct ftrace_regs *fregs, unsigned int at)
{
	unsigned long func = lastref_argument(fregs, at + 1);

	return (struct uc_key){
		.head = (void *)lastref_argument(fregs, at),
		.func = (rcu_callback_t)func, .text = func, .from = from,
		.domain = at ? (void *)lastref_argument(fregs, 0) : NULL,
		.flavor = container_of(ops, struct uc_hook, ops)->flavor,
		.kind = UC_DIRECT,
	};
}

/* The long way. Returns the function to queue. */
static noinline rcu_callback_t notrace
posted_rarely(unsigned long from, struct ftrace_ops *ops, struct ftrace_regs *fregs,
	      unsigned int at)
{
	struct uc_key key = key_of(from, ops, fregs, at);
	const struct uc_module *owner;
	struct uc_site *site;

	if (!uc_maybe_module(key.text) && !reaches_module(&key))
		return key.func;
	site = uc_site_get(&key);
	owner = site ? READ_ONCE(site->owner) : NULL;
	if (!owner)
		return key.func;
	/* Posted by one for another that uses it. */
	if (READ_ONCE(owner->users) && uc_object(&key, owner))
		site = uc_site_get(&key);
	return site && READ_ONCE(site->owner) ? uc_site_post(site, key.head) :
						key.func;
}

/* Nearly all are from a place that is known, of a module that no other one uses. */
static __always_inline void posted(unsigned long from, struct ftrace_ops *ops,
				   struct ftrace_regs *fregs, unsigned int at)
{
	const struct uc_key key = key_of(from, ops, fregs, at);
	const struct uc_module *owner;
	struct uc_site *site;
	rcu_callback_t func;

	preempt_disable_notrace();
	site = uc_site_find(&key);
	owner = site ? READ_ONCE(site->owner) : NULL;
	if (likely(owner && !READ_ONCE(owner->users)))
		func = uc_site_post(site, key.head);
	else
		func = posted_rarely(from, ops, fregs, at);
	preempt_enable_notrace();
	lastref_set_argument(fregs, at + 1, (unsigned long)func);
}

static void notrace posted_head(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	posted(parent_ip, ops, fregs, 0);
}

static void notrace posted_to(unsigned long ip, unsigned long parent_ip,
			      struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	posted(parent_ip, ops, fregs, 1);
}

#define HOOK(_name, _flavor, _posted) {					\
	.ops = { .func = _posted, .flags = FTRACE_OPS_FL_PERMANENT },	\
	.name = _name, .flavor = _flavor }

static struct uc_hook hooks[] = {
	HOOK("call_rcu", UC_RCU, posted_head),
	HOOK("call_rcu_hurry", UC_RCU, posted_head),
	HOOK("call_srcu", UC_SRCU, posted_to),
	HOOK("call_rcu_tasks", UC_TASKS, posted_head),
	HOOK("call_rcu_tasks_rude", UC_TASKS_RUDE, posted_head),
	HOOK("call_rcu_tasks_trace", UC_TASKS_TRACE, posted_head),
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
