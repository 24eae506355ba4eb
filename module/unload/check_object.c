// SPDX-License-Identifier: GPL-2.0
/*
 * Callbacks of others whose object is a module's.
 *
 * A core posts a function of its own for an object that a module has given to it,
 * and that function calls the module:
 *
 *	the module			its core (or the kernel)
 *	obj->release = my_release;
 *	core_put(obj);			call_rcu(&obj->rcu, core_free);
 *	its exit ends
 *	its text goes			core_free(): obj->release(obj)
 *
 * What the core does with the object cannot be known. That the object holds the
 * address of a function of the module can be seen, in the words about the head: this
 * is a suspicion, and when the module goes it is put to the trial (check_trial.c).
 * It is different if the head itself lies in the module's data: that goes, whatever
 * the function does, so it is certain.
 *
 * Of a core that is a module, only objects of modules that use it are looked at:
 * they go before it does, so the callback is theirs to wait for. Functions of the
 * kernel are posted too often to look each time; each is looked at a few times,
 * and again after a module has come.
 *
 * Not on a kernel with KASAN, where it cannot be said where an object begins.
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <lastref/compat.h>

#include "check.h"

#define REACH		512	/* bytes looked at before and after the head */
#define FUNC_BITS	8
#define LOOKS		16

/* A function of the kernel's, and how often it was looked at. Races do no harm. */
static struct {
	unsigned long func;
	unsigned int looks;
} known[1 << FUNC_BITS];

/* A module came: objects may be its. */
void uc_objects_anew(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		WRITE_ONCE(known[i].looks, 0);
}

/* A place that is taken by another function is not looked at: a rule less. */
static bool looked_enough(unsigned long func)
{
	unsigned int i = hash_long(func, FUNC_BITS);
	unsigned long there = READ_ONCE(known[i].func);

	if (!there) {
		cmpxchg(&known[i].func, 0, func);
		there = READ_ONCE(known[i].func);
	}
	if (there != func || READ_ONCE(known[i].looks) >= LOOKS)
		return true;
	WRITE_ONCE(known[i].looks, known[i].looks + 1);
	return false;
}

/* The slab object that the head is in, as far as it is looked at. */
static bool bounds(unsigned long head, unsigned long *from, unsigned long *to)
{
	unsigned long begin, size;
	struct page *page;

	if (head < PAGE_OFFSET || head >= (unsigned long)high_memory)
		return false;
	page = virt_to_head_page((void *)head);
	if (!PageSlab(page))
		return false;
	size = ksize((void *)head);
	if (size < sizeof(struct rcu_head))
		return false;
	begin = (unsigned long)page_address(page);
	begin += (head - begin) / size * size;
	*from = max(begin, head - REACH);
	*to = min(begin + size, head + REACH);
	return true;
}

/* Whose it is, if it is of one that uses the lender; NULL is the kernel, which all use. */
static struct uc_module *borrower(unsigned long addr, const struct uc_module *lender)
{
	struct uc_module *m = uc_maybe_module(addr) ? uc_module_of(addr) : NULL;

	return m && m->watched && (!lender || uc_uses(m, lender)) ? m : NULL;
}

/* The first address of a function of such a module, or 0. */
static unsigned long function_in(unsigned long head, const struct uc_module *lender)
{
	unsigned long at, to;

	if (IS_ENABLED(CONFIG_KASAN) || !bounds(head, &at, &to))
		return 0;
	for (; at < to; at += sizeof(long)) {
		unsigned long word = READ_ONCE_NOCHECK(*(unsigned long *)at);
		const struct uc_module *m = borrower(word, lender);

		if (m && lastref_module_text(word, m->mod))
			return word;
	}
	return 0;
}

/**
 * uc_object() - is what is posted by others an object of a module?
 * @key: of the post; changed to what of the module is reached, and how, if so
 * @lender: whose function is posted; NULL: it is the kernel's
 *
 * Context: any but NMI, within a section of RCU.
 * Return: whether it is.
 */
bool uc_object(struct uc_key *key, const struct uc_module *lender)
{
	unsigned long head = (unsigned long)key->head, text;

	if (borrower(head, lender)) {
		key->text = head;
		key->kind = UC_DATA;
		return true;
	}
	/* What is tried is rcu_barrier()'s; what is no address is kvfree_rcu()'s. */
	if (key->flavor != UC_RCU || (unsigned long)key->func < PAGE_OFFSET)
		return false;
	if (!lender && looked_enough((unsigned long)key->func))
		return false;
	text = function_in(head, lender);
	if (!text)
		return false;
	key->text = text;
	key->kind = UC_OBJECT;
	return true;
}

void uc_objects_features(struct seq_file *m)
{
	if (IS_ENABLED(CONFIG_KASAN))
		seq_puts(m, "object: no, this kernel has KASAN: where an object begins is not known\n");
	else
		seq_puts(m, "object: yes\n");
}
