// SPDX-License-Identifier: GPL-2.0
/*
 * The rule for caches: kmem_cache_destroy() by a module with callbacks pending.
 *
 * A callback that frees into the cache then finds it gone, or finds that its slabs
 * were taken for leaked. The barrier belongs before it (that is what
 * some 45 file systems have it for), and one that comes after cannot mend it.
 * Only what is destroyed on the way out counts, and callbacks whose objects have
 * the size of the cache's: a module with a cache for each of several runs
 * destroys the one while the other is in use. That they free into this very
 * cache is still not known, so what is reported is no more than unbarriered.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "check.h"

#define SLACK	128	/* of an object: alignment, red zones */

static bool may_be_of(const struct uc_site *s, size_t size)
{
	return s->kind == UC_DIRECT && s->room >= size &&
	       s->room < size + SLACK;
}

static unsigned long pending_of(const struct uc_module *m, size_t size)
{
	unsigned long pending = 0;
	struct uc_site *s;

	for (s = uc_next_site(NULL); s; s = uc_next_site(s)) {
		struct uc_sum sum;

		if (s->owner != m || !may_be_of(s, size))
			continue;
		sum = uc_site_sum(s);
		pending += sum.posted - sum.started;
	}
	return pending;
}

static int destroyed(struct kprobe *kp, struct pt_regs *regs)
{
	struct kmem_cache *cache = (void *)regs_get_kernel_argument(regs, 0);
	unsigned long from = regs_get_kernel_stack_nth(regs, 0);
	struct uc_module *m;

	if (!uc_maybe_module(from) || !cache)
		return 0;
	rcu_read_lock();
	m = uc_module_of(from);
	if (m && m->mod->state != MODULE_STATE_LIVE)
		atomic_long_add(pending_of(m, kmem_cache_size(cache)),
				&m->cache_pending);
	rcu_read_unlock();
	return 0;
}

NOKPROBE_SYMBOL(destroyed);

static struct kprobe probe = {
	.symbol_name = "kmem_cache_destroy",
	.pre_handler = destroyed,
};

int uc_caches_init(void)
{
	return register_kprobe(&probe);
}

void uc_caches_exit(void)
{
	unregister_kprobe(&probe);
}

void uc_caches_features(struct seq_file *m)
{
	seq_puts(m, "kmem_cache_destroy: yes\n");
}
