// SPDX-License-Identifier: GPL-2.0
/*
 * A module that cannot be tried, or should not be: what `lastref check-module` has to
 * live through.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/string.h>

static char *does = "";
module_param(does, charp, 0444);
MODULE_PARM_DESC(does, "fail_init panic_init hang_init panic_exit hang_exit stay");

static int fail(void)
{
	return -ENODEV;
}

static int panic_now(void)
{
	panic("trouble: it was asked to");
	return 0;
}

static int hang(void)
{
	static bool enough;

	while (!READ_ONCE(enough))
		msleep(1000);
	return 0;
}

static int stay(void)
{
	__module_get(THIS_MODULE);
	return 0;
}

static const struct {
	const char *name;
	int (*init)(void);
	int (*exit)(void);
} troubles[] = {
	{ "", NULL, NULL },
	{ "fail_init", fail, NULL },
	{ "panic_init", panic_now, NULL },
	{ "hang_init", hang, NULL },
	{ "stay", stay, NULL },
	{ "panic_exit", NULL, panic_now },
	{ "hang_exit", NULL, hang },
};

static unsigned int which;

static int __init trouble_init(void)
{
	while (which < ARRAY_SIZE(troubles) && strcmp(troubles[which].name, does))
		which++;
	if (which == ARRAY_SIZE(troubles))
		return -EINVAL;
	return troubles[which].init ? troubles[which].init() : 0;
}
module_init(trouble_init);

static void __exit trouble_exit(void)
{
	if (troubles[which].exit)
		troubles[which].exit();
}
module_exit(trouble_exit);

MODULE_DESCRIPTION("a module that fails, hangs or takes the kernel down");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
