// SPDX-License-Identifier: GPL-2.0
/*
 * unload_ledger: posted, invoked at exit, invoked later.
 *
 * That a cycle of unload_demo did not crash proves nothing; that callbacks ran
 * after its exit path had ended proves that the path is wrong. Who counts
 * them must not go with the module, so it is this one. demo.h has the form of
 * its file and of its lines in the kernel's log.
 *
 * The entries are static and used in turn: a callback may come as late as it
 * likes.
 */
#define pr_fmt(fmt) "unload_ledger: " fmt

#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "ledger.h"

#define NR_CYCLES	1024

struct unload_ledger {
	unsigned int cycle;
	char exit[24], flavor[16];
	long at_exit;			/* -1 until then */
	atomic_long_t posted, invoked, works, works_run;
};

static struct unload_ledger cycles[NR_CYCLES];
static unsigned int nr_cycles, first_shown;
static DEFINE_MUTEX(cycles_mutex);	/* these three */
static struct dentry *file;

/**
 * unload_ledger_open() - begin a cycle
 * @exit: the way out
 * @flavor: of the callbacks
 *
 * Return: where to count; never NULL.
 */
struct unload_ledger *unload_ledger_open(const char *exit, const char *flavor)
{
	struct unload_ledger *l;

	mutex_lock(&cycles_mutex);
	l = &cycles[nr_cycles % NR_CYCLES];
	*l = (struct unload_ledger){ .cycle = ++nr_cycles, .at_exit = -1 };
	strscpy(l->exit, exit, sizeof(l->exit));
	strscpy(l->flavor, flavor, sizeof(l->flavor));
	mutex_unlock(&cycles_mutex);
	return l;
}
EXPORT_SYMBOL_GPL(unload_ledger_open);

unsigned int unload_ledger_cycle(const struct unload_ledger *l)
{
	return l->cycle;
}
EXPORT_SYMBOL_GPL(unload_ledger_cycle);

void unload_ledger_posted(struct unload_ledger *l)
{
	atomic_long_inc(&l->posted);
}
EXPORT_SYMBOL_GPL(unload_ledger_posted);

void unload_ledger_invoked(struct unload_ledger *l)
{
	atomic_long_inc(&l->invoked);
}
EXPORT_SYMBOL_GPL(unload_ledger_invoked);

void unload_ledger_work(struct unload_ledger *l)
{
	atomic_long_inc(&l->works);
}
EXPORT_SYMBOL_GPL(unload_ledger_work);

void unload_ledger_work_run(struct unload_ledger *l)
{
	atomic_long_inc(&l->works_run);
}
EXPORT_SYMBOL_GPL(unload_ledger_work_run);

/**
 * unload_ledger_close() - the exit path has ended, the text may go
 * @l: of this cycle; what still comes is counted as later
 */
void unload_ledger_close(struct unload_ledger *l)
{
	WRITE_ONCE(l->at_exit, atomic_long_read(&l->invoked));
	pr_info("cycle=%u exit=%s flavor=%s posted=%ld at_exit=%ld\n", l->cycle,
		l->exit, l->flavor, atomic_long_read(&l->posted), l->at_exit);
}
EXPORT_SYMBOL_GPL(unload_ledger_close);

/* What is read first can only have grown less: nothing is lost that is not. */
static void show(struct seq_file *m, const struct unload_ledger *l)
{
	long posted = atomic_long_read(&l->posted);
	long works = atomic_long_read(&l->works);
	long at_exit = READ_ONCE(l->at_exit);
	long invoked, ran;

	smp_rmb(); /* counts are in this order: posted, then invoked */
	invoked = atomic_long_read(&l->invoked);
	ran = atomic_long_read(&l->works_run);
	seq_printf(m, "cycle=%u exit=%s flavor=%s posted=%ld ", l->cycle,
		   l->exit, l->flavor, posted);
	if (at_exit < 0)
		seq_puts(m, "at_exit=- later=- ");
	else
		seq_printf(m, "at_exit=%ld later=%ld ", at_exit,
			   invoked - at_exit);
	seq_printf(m, "lost=%ld works=%ld works_run=%ld\n",
		   max(posted - invoked, 0L), works, ran);
}

static int ledger_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&cycles_mutex);
	i = max(first_shown, nr_cycles > NR_CYCLES ? nr_cycles - NR_CYCLES : 0);
	for (; i < nr_cycles; i++)
		show(m, &cycles[i % NR_CYCLES]);
	mutex_unlock(&cycles_mutex);
	return 0;
}

static ssize_t ledger_write(struct file *unused, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	mutex_lock(&cycles_mutex);
	first_shown = nr_cycles;
	mutex_unlock(&cycles_mutex);
	return count;
}

static int ledger_open(struct inode *inode, struct file *f)
{
	return single_open(f, ledger_show, NULL);
}

static const struct file_operations ledger_fops = {
	.owner = THIS_MODULE,
	.open = ledger_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
	.write = ledger_write,
};

static int __init ledger_init(void)
{
	file = debugfs_create_file("unload_ledger", 0600, NULL, NULL,
				   &ledger_fops);
	return 0;
}

static void __exit ledger_exit(void)
{
	debugfs_remove(file);
}

module_init(ledger_init);
module_exit(ledger_exit);

MODULE_DESCRIPTION("What became of the callbacks of unload_demo");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
