// SPDX-License-Identifier: GPL-2.0
/*
 * Which of the examples are called together, by as many threads as one likes.
 */
#include <linux/kernel.h>

#include "usage.h"

static void turn_variable(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_set, usage_set, usage_access, usage_free,
		usage_access_and_free
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_broken(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_set, usage_access, usage_access, usage_free_visited
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_list(unsigned int dice)
{
	static void (*const ways[])(void) = {
		usage_add_handler, usage_walk, usage_walk_if
	};

	ways[dice % ARRAY_SIZE(ways)]();
}

static void turn_pid(unsigned int dice)
{
	static void (*const ways[])(unsigned int nr) = {
		usage_pid_fork, usage_pid_find, usage_pid_find, usage_pid_exit
	};

	ways[dice % ARRAY_SIZE(ways)]((dice >> 8) % 4);
}

static void turn_acl(unsigned int dice)
{
	if (dice % 4)
		usage_acl_get();
	else
		usage_acl_set();
}

const struct usage_example usage_examples[] = {
	{ "LockCnt, a variable: set, access, free, access and free",
	  usage_lockcnt_begin, turn_variable, usage_lockcnt_end },
	{ "LockCnt, a list: walks that free at their end, or on their way",
	  usage_lockcnt_begin, turn_list, usage_lockcnt_end },
	{ "listing C as in struct pid", usage_pid_begin, turn_pid,
	  usage_pid_end },
	{ "listing B as in struct posix_acl", usage_acl_begin, turn_acl,
	  usage_acl_end },
	{ }
};

const struct usage_example usage_broken = {
	"a variable freed under visits",
	usage_lockcnt_begin, turn_broken, usage_lockcnt_end
};
