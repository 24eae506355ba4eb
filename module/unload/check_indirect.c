// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks that reach a module's text though their function is the kernel's.
 *
 *	rcu_work	queue_rcu_work() posts a function of the workqueue
 *			code, and that queues the work: its function runs then.
 *	percpu_ref	a switch to atomic mode is confirmed, and may be what
 *			drops the last reference: release() runs then.
 *	inode		free_inode() of the file system runs then. Some 45 have a
 *			barrier in their exit for it.
 *
 * These functions are static and cannot be named from here. So when unloadcheck is
 * loaded it posts one of each, of its own, and looks at what comes by the hook.
 *
 * For rcu_work and inode a pending callback is as certain a bug as a direct one. That
 * a percpu_ref's callback is pending is not: it may find references left.
 * When neither is pending all is well: completion was signalled from the module's
 * own work or release(), for which it can wait without a barrier.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/percpu-refcount.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>

#include "check.h"

static unsigned long work_text(struct rcu_head *head)
{
	return (unsigned long)container_of(head, struct rcu_work, rcu)->work.func;
}

static unsigned long ref_text(struct rcu_head *head)
{
	struct percpu_ref_data *data = container_of(head, struct percpu_ref_data,
						    rcu);
	unsigned long confirm = (unsigned long)data->confirm_switch;

	return uc_maybe_module(confirm) ? confirm : (unsigned long)data->release;
}

static unsigned long inode_text(struct rcu_head *head)
{
	return (unsigned long)container_of(head, struct inode, i_rcu)->free_inode;
}

static struct uc_way {
	const char *name;
	enum uc_kind kind;
	unsigned long (*text)(struct rcu_head *head);
	struct rcu_head *probe;		/* while its function is learnt */
	rcu_callback_t func;
} ways[] = {
	{ "rcu_work", UC_RCU_WORK, work_text },
	{ "percpu_ref", UC_PERCPU_REF, ref_text },
	{ "inode", UC_INODE, inode_text },
};

static void learn(struct rcu_head *head, rcu_callback_t func)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		if (READ_ONCE(ways[i].probe) == head)
			WRITE_ONCE(ways[i].func, func);
}

/**
 * uc_indirect() - is it known how a function of the kernel's goes on?
 * @head: what is posted
 * @key: with its function; filled in with what it reaches, a module or not, and how
 *
 * Context: any.
 * Return: false if not, as for nearly all.
 */
bool uc_indirect(struct rcu_head *head, struct uc_key *key)
{
	static bool learning = true;
	unsigned int i;

	if (unlikely(READ_ONCE(learning))) {
		learn(head, key->func);
		if (ways[0].func && ways[1].func && ways[2].func)
			WRITE_ONCE(learning, false);
	}
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (key->func != READ_ONCE(ways[i].func))
			continue;
		key->text = ways[i].text(head);
		key->kind = ways[i].kind;
		return true;
	}
	return false;
}

static void no_work(struct work_struct *unused)
{
}

static void learn_work(void)
{
	static struct rcu_work rwork;

	INIT_RCU_WORK(&rwork, no_work);
	ways[0].probe = &rwork.rcu;
	queue_rcu_work(system_wq, &rwork);
	flush_rcu_work(&rwork);
	ways[0].probe = NULL;
}

static DECLARE_COMPLETION(released);

static void release(struct percpu_ref *unused)
{
	complete(&released);
}

/* The callback has ended, not only completed, when we go on. */
static int learn_ref(void)
{
	struct percpu_ref ref;
	int err = percpu_ref_init(&ref, release, 0, GFP_KERNEL);

	if (err)
		return err;
	ways[1].probe = &ref.data->rcu;
	percpu_ref_kill(&ref);
	wait_for_completion(&released);
	rcu_barrier();
	ways[1].probe = NULL;
	percpu_ref_exit(&ref);
	return 0;
}

/* Of debugfs, where we will have files; hashed nowhere, so that it goes at once. */
static void learn_inode(void)
{
	struct dentry *dir = debugfs_create_dir("unloadcheck_learns", NULL);
	struct inode *inode = IS_ERR(dir) ? NULL : new_inode(dir->d_sb);

	if (inode) {
		ways[2].probe = &inode->i_rcu;
		iput(inode);
		ways[2].probe = NULL;
	}
	debugfs_remove(dir);
}

/* The hooks are set. */
int uc_indirect_init(void)
{
	learn_work();
	learn_inode();
	return learn_ref();
}

void uc_indirect_features(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++)
		seq_printf(m, "%s: %s\n", ways[i].name, ways[i].func ? "yes" :
			   "no, the function it posts did not show itself");
}
