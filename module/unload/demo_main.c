// SPDX-License-Identifier: GPL-2.0
/*
 * unload_demo: parameters, loading and unloading. demo.h tells what they mean.
 */
#define pr_fmt(fmt) "unload_demo: " fmt

#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/string.h>

#include "demo.h"

#define COUNT_MAX	1000000
#define LENGTH_MAX	100000
#define BARRIERS_MAX	1000

static char *exit = "barrier";
module_param(exit, charp, 0444);
MODULE_PARM_DESC(exit, "the way out: barrier none sync sync_many wrong_flavor barrier_before_timers barrier_before_work completion cache_first cache_renewed work_first close (barrier)");

static char *flavor = "";
module_param(flavor, charp, 0444);
MODULE_PARM_DESC(flavor, "how callbacks are posted: rcu hurry srcu tasks tasks_trace rcu_work percpu_ref; defer with exit=close (rcu)");

static char *context = "";
module_param(context, charp, 0444);
MODULE_PARM_DESC(context, "what posts them: task irq softirq timer work (task; timer or work where exit= is about them)");

static char *when = "exit";
module_param(when, charp, 0444);
MODULE_PARM_DESC(when, "the burst comes at: exit, as it begins, or init (exit)");

int demo_count = 1;
module_param_named(count, demo_count, int, 0444);
MODULE_PARM_DESC(count, "callbacks a burst (1)");

int demo_length_us;
module_param_named(length_us, demo_length_us, int, 0444);
MODULE_PARM_DESC(length_us, "how long each runs, in microseconds (0)");

int demo_cpu = -1;
module_param_named(cpu, demo_cpu, int, 0444);
MODULE_PARM_DESC(cpu, "which CPU posts; -1 for any (-1)");

int demo_repost;
module_param_named(repost, demo_repost, int, 0444);
MODULE_PARM_DESC(repost, "times a callback posts itself again; -1 for ever (0)");

bool demo_fullstop = true;
module_param_named(fullstop, demo_fullstop, bool, 0444);
MODULE_PARM_DESC(fullstop, "callbacks look at the stop flag before they repost (1)");

int demo_barriers = 1;
module_param_named(barriers, demo_barriers, int, 0444);
MODULE_PARM_DESC(barriers, "barriers in a row, where there is one (1)");

bool demo_cache;
module_param_named(cache, demo_cache, bool, 0444);
MODULE_PARM_DESC(cache, "objects are of a private kmem_cache (0)");

bool demo_work;
module_param_named(work, demo_work, bool, 0444);
MODULE_PARM_DESC(work, "callbacks queue work of this module (0)");

static bool init_fail;
module_param(init_fail, bool, 0444);
MODULE_PARM_DESC(init_fail, "init posts, fails with ENODEV and leaves by exit= (0)");

const struct demo_flavor *demo_flavor;
const struct demo_context *demo_context;
struct unload_ledger *demo_ledger;
static const struct demo_exit *way_out;

/* What modinfo -F form tells: the cases, and what is to come of each. */
#define FORM(exit, right, verdict, zoo, claim, with)			\
	MODULE_INFO(form, "exit=" exit " right=" right " verdict=" verdict \
		    " zoo=" zoo " claim=" claim " with=\"" with "\"")

FORM("barrier", "yes", "clean", "-", "B5", "count=100");
FORM("barrier", "yes", "clean", "-", "B5", "count=100 context=irq");
FORM("barrier", "yes", "clean", "-", "B5", "count=100 context=softirq cpu=1");
FORM("barrier", "yes", "clean", "-", "B7", "count=100 context=timer");
FORM("barrier", "yes", "clean", "-", "B7", "count=100 context=work");
FORM("barrier", "yes", "clean", "-", "B6", "repost=-1");
FORM("barrier", "yes", "clean", "-", "B6", "repost=4 fullstop=0 barriers=5");
FORM("barrier", "yes", "clean", "-", "B8", "flavor=srcu count=100");
FORM("barrier", "yes", "clean", "-", "B8", "flavor=tasks count=100");
FORM("barrier", "yes", "clean", "-", "B8", "flavor=tasks_trace count=100");
FORM("barrier", "yes", "clean", "-", "B5", "flavor=rcu_work count=100");
FORM("barrier", "yes", "clean", "-", "B5", "flavor=percpu_ref count=10");
FORM("barrier", "yes", "clean", "-", "B11", "cache=1 count=100");
FORM("cache_renewed", "yes", "clean", "-", "B11", "cache=1 count=100");
FORM("barrier", "yes", "clean", "-", "B5", "work=1 count=100");
FORM("barrier", "yes", "clean", "-", "B5", "init_fail=1 count=100");
FORM("close", "yes", "clean", "-", "B5", "count=100");
FORM("close", "yes", "clean", "-", "B6", "repost=-1 fullstop=0");
FORM("none", "no", "pending|unbarriered", "1", "B2", "");
FORM("none", "no", "pending", "1", "B2", "count=20000 length_us=50 cpu=1");
FORM("none", "no", "pending|unbarriered", "1", "B2", "flavor=rcu_work");
FORM("none", "no", "pending", "10", "B6", "repost=4 fullstop=0");
FORM("sync", "no", "pending|unbarriered", "2", "B3", "");
FORM("sync_many", "no", "pending|unbarriered", "2", "B4", "count=1000");
FORM("wrong_flavor", "no", "pending|unbarriered", "3", "B8", "flavor=srcu");
FORM("wrong_flavor", "no", "pending|unbarriered", "3", "B8", "flavor=tasks");
FORM("barrier_before_timers", "no", "pending|unbarriered", "7", "B7", "");
FORM("barrier_before_work", "no", "pending|unbarriered", "8", "B7", "");
FORM("barrier", "no", "pending|unbarriered", "10", "B6", "repost=4 fullstop=0");
FORM("barrier", "no", "pending", "10", "B6", "repost=-1 fullstop=0");
FORM("completion", "no", "unbarriered|pending", "12", "B5", "length_us=50");
FORM("cache_first", "no", "unbarriered", "5", "B11", "cache=1 count=100");
FORM("work_first", "no", "unbarriered", "9", "B5", "work=1 count=10");
FORM("none", "no", "pending|unbarriered", "11", "B2", "init_fail=1 count=100");

bool demo_at_exit(void)
{
	return !init_fail && !strcmp(when, "exit");
}

static int refuse(const char *what, const char *value)
{
	pr_err("%s=%s: no such thing; modinfo tells which there are\n", what,
	       value);
	return -EINVAL;
}

static int check_number(const char *what, int value, int min, int max)
{
	if (value >= min && value <= max)
		return 0;
	pr_err("%s=%d: from %d to %d\n", what, value, min, max);
	return -EINVAL;
}

static int check_numbers(void)
{
	int err = check_number("count", demo_count, 0, COUNT_MAX) ?:
		  check_number("length_us", demo_length_us, 0, LENGTH_MAX) ?:
		  check_number("barriers", demo_barriers, 1, BARRIERS_MAX) ?:
		  check_number("repost", demo_repost, -1, INT_MAX) ?:
		  check_number("cpu", demo_cpu, -1, nr_cpu_ids - 1);

	if (!err && demo_cpu >= 0 && !cpu_online(demo_cpu)) {
		pr_err("cpu=%d: it is not online\n", demo_cpu);
		err = -EINVAL;
	}
	return err;
}

/* Where the way out is about them. */
static const char *default_context(void)
{
	if (!strcmp(exit, "barrier_before_timers"))
		return "timer";
	return strcmp(exit, "barrier_before_work") ? "task" : "work";
}

static int find_words(void)
{
	bool close = !strcmp(exit, "close");

	if (!*flavor)
		flavor = close ? "defer" : "rcu";
	if (!*context)
		context = (char *)default_context();
	way_out = demo_exit_find(exit);
	demo_flavor = demo_flavor_find(flavor);
	demo_context = demo_context_find(context);
	if (!way_out)
		return refuse("exit", exit);
	if (!demo_flavor || close != !strcmp(flavor, "defer"))
		return refuse("flavor", flavor);
	if (!demo_context)
		return refuse("context", context);
	if (strcmp(when, "exit") && strcmp(when, "init"))
		return refuse("when", when);
	return 0;
}

static int start(void)
{
	int err = demo_objects_init();

	if (err)
		return err;
	if (demo_flavor->init)
		err = demo_flavor->init();
	if (err) {
		demo_objects_end();
		return err;
	}
	if (demo_context->start)
		demo_context->start();
	if (!demo_at_exit())
		demo_context->burst();
	return 0;
}

static int __init demo_init(void)
{
	int err = find_words() ?: check_numbers();

	if (err)
		return err;
	demo_ledger = unload_ledger_open(exit, flavor);
	err = start();
	if (err) {
		unload_ledger_close(demo_ledger);
		return err;
	}
	if (!init_fail)
		return 0;
	demo_leave(way_out);
	return -ENODEV;
}

static void __exit demo_exit(void)
{
	demo_leave(way_out);
}

module_init(demo_init);
module_exit(demo_exit);

MODULE_DESCRIPTION("A module whose exit path is a parameter, right or wrong");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
