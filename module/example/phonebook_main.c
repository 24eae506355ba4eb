// SPDX-License-Identifier: GPL-2.0
/*
 * A client of the engine, in one page: a list that is read under RCU, whose
 * entries are freed after a grace period, and an exit path that leaves nothing.
 *
 * Behind each step that changes stands what it was with call_rcu().
 */
#include <lastref/defer.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct entry {
	struct list_head node;
	int number;
	struct defer_head defer;	/* was: struct rcu_head rcu; */
};

static LIST_HEAD(book);
static DEFINE_SPINLOCK(book_lock);
static struct defer_domain *domain;	/* was: none, everybody shares one */

static void entry_free(struct defer_head *head)
{
	kfree(container_of(head, struct entry, defer));
}

static int book_add(int number)
{
	struct entry *e = kmalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	e->number = number;
	spin_lock(&book_lock);
	list_add_rcu(&e->node, &book);
	spin_unlock(&book_lock);
	return 0;
}

/* Readers are as they were: rcu_read_lock(), and no word of the engine. */
static bool book_has(int number)
{
	struct entry *e;
	bool found = false;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &book, node)
		found |= e->number == number;
	rcu_read_unlock();
	return found;
}

/* A post is refused only when the domain is closed, which exit does last. */
static void book_clear(void)
{
	struct entry *e, *next;

	spin_lock(&book_lock);
	list_for_each_entry_safe(e, next, &book, node) {
		list_del_rcu(&e->node);
		/* was: call_rcu(&e->rcu, entry_free); */
		WARN_ON_ONCE(defer_call(domain, &e->defer, entry_free));
	}
	spin_unlock(&book_lock);
}

/* Nobody posts any more; what is pending has run when this returns. */
static void __exit phonebook_exit(void)
{
	book_clear();
	defer_domain_destroy(domain);	/* was: rcu_barrier(); */
}

static int __init phonebook_init(void)
{
	int err = 0, i;

	domain = defer_domain_create("phonebook", NULL);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	for (i = 0; i < 100 && !err; i++)
		err = book_add(i);
	if (!err && !book_has(99))
		err = -ENOENT;
	if (err) {
		book_clear();
		defer_domain_destroy(domain);
	}
	return err;
}

module_init(phonebook_init);
module_exit(phonebook_exit);

MODULE_DESCRIPTION("A client of the deferral engine, as an example");
MODULE_LICENSE("GPL");
