// SPDX-License-Identifier: GPL-2.0
/*
 * defertorture: load it, and it tortures the deferral engine until its time is
 * over; then the file state says how it ended and result holds the verdict:
 *
 *	insmod defertorture.ko gp=gpctr seconds=10
 *	cat /sys/kernel/debug/defertorture/state	(running, passed, failed,
 *							 caught, missed)
 *	cat /sys/kernel/debug/defertorture/result
 *
 * The end is that of the rcubarrier document (claim B6), for the end of the time,
 * a start that fails half way, and rmmod alike: the flag that stops callbacks
 * from posting themselves, the threads, the timers and interrupts they set off,
 * and only then the domains.
 */
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "defertorture.h"

static unsigned int seconds = 10;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "how long; at most a day");

static unsigned long seed;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "of all random choices; 0: pick one");

static char *which = "engine";
module_param_named(barrier, which, charp, 0444);
MODULE_PARM_DESC(barrier, "which: engine, or 2005 for the document's");

static char *busted = "";
module_param(busted, charp, 0444);
MODULE_PARM_DESC(busted, "a broken form, to be caught: see the file busted");

#define MAX_SECONDS	86400
#define LOOK		(HZ / 10)

bool dt_ending;
struct dt_domain dt_main, dt_second, dt_flooded;
const struct dt_ops *dt_ops;
const struct dt_busted *dt_busted;

static struct dentry *dir;
static unsigned long end_time;	/* jiffies */
static const char *state = "running";

void dt_seed(struct rnd_state *rnd)
{
	static u64 n;

	prandom_seed_state(rnd, seed + ++n * 0x9e3779b97f4a7c15ull);
}

static int (*const starts[])(void) = {
	dt_nmi_start,
	dt_barriers_start,
	dt_churn_start,
	dt_readers_start,
	dt_flood_start,
	dt_posters_start,
};

static int open_domains(void)
{
	int err = dt_domain_open(&dt_main, "dt-main", 0);

	if (!err)
		err = dt_domain_open(&dt_second, "dt-second", 0);
	if (!err)
		err = dt_domain_open(&dt_flooded, "dt-flooded", dt_ops->limit);
	return err;
}

static int start(void)
{
	int i, err = open_domains();

	for (i = 0; i < ARRAY_SIZE(starts) && !err; i++)
		err = starts[i]();
	return err;
}

/* Callbacks of one post to the other: close all, then look, then let go. */
static void end_domains(void)
{
	struct dt_domain *const all[] = { &dt_main, &dt_second, &dt_flooded };
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		dt_domain_close(all[i]);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		dt_domain_check(all[i]);
	for (i = 0; i < ARRAY_SIZE(all); i++)
		dt_domain_destroy(all[i]);
}

static void end(void)
{
	WRITE_ONCE(dt_ending, true);
	dt_threads_join();
	dt_posters_quiesce();
	dt_nmi_quiesce();
	end_domains();
	dt_posters_free();
	dt_nmi_free();
	dt_barriers_free();
	dt_churn_free();
	dt_readers_free();
}

/* A broken form is over when it is caught. */
static void time_is_over(struct work_struct *work)
{
	if (time_before(jiffies, end_time) &&
	    !(dt_busted && !strcmp(dt_verdict(), "caught"))) {
		schedule_delayed_work(to_delayed_work(work), LOOK);
		return;
	}
	end();
	/* All numbers, then the state: pairs with state_show(). */
	smp_store_release(&state, dt_verdict());
}

static DECLARE_DELAYED_WORK(time_work, time_is_over);

static int state_show(struct seq_file *m, void *unused)
{
	/* Pairs with time_is_over(). */
	seq_printf(m, "%s\n", smp_load_acquire(&state));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);
DEFINE_SHOW_ATTRIBUTE(dt_result);

static int busted_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < dt_nr_busted; i++)
		seq_printf(m, "%s zoo=%u: %s\n", dt_busted_forms[i].name,
			   dt_busted_forms[i].zoo, dt_busted_forms[i].about);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(busted);

static int choose_ops(void)
{
	unsigned int i;

	dt_ops = &dt_right_engine;
	if (!strcmp(which, "2005"))
		dt_ops = &dt_right_2005;
	else if (strcmp(which, "engine"))
		return -EINVAL;
	for (i = 0; i < dt_nr_busted; i++)
		if (!strcmp(busted, dt_busted_forms[i].name)) {
			dt_busted = &dt_busted_forms[i];
			dt_ops = &dt_busted->ops;
		}
	return *busted && !dt_busted ? -EINVAL : 0;
}

static int __init defertorture_init(void)
{
	int err = choose_ops();

	if (err || !seconds || seconds > MAX_SECONDS) {
		pr_err("defertorture: barrier=%s busted=%s seconds=%u: barrier is engine or 2005, seconds 1 to %d; modinfo tells more\n",
		       which, busted, seconds, MAX_SECONDS);
		return -EINVAL;
	}
	if (!seed)
		seed = get_random_u32();
	err = start();
	if (err) {
		pr_err("defertorture: it cannot start: %pe\n", ERR_PTR(err));
		end();
		return err;
	}
	dir = debugfs_create_dir("defertorture", NULL);
	debugfs_create_file("state", 0400, dir, NULL, &state_fops);
	debugfs_create_file("result", 0400, dir, NULL, &dt_result_fops);
	debugfs_create_file("busted", 0400, dir, NULL, &busted_fops);
	end_time = jiffies + seconds * HZ;
	schedule_delayed_work(&time_work, LOOK);
	return 0;
}

static void __exit defertorture_exit(void)
{
	debugfs_remove(dir);
	cancel_delayed_work_sync(&time_work);
	if (!dt_over())
		end();
}

module_init(defertorture_init);
module_exit(defertorture_exit);

MODULE_DESCRIPTION("Torture for the deferral engine");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
