// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "unload_mode.h"

#define SECONDS	10

/* Else what is one cache of several cannot be told from what is all of them. */
#define NOMERGE	"slab_nomerge"

const struct unload_mode unload_modes[NR_UNLOAD_MODES] = {
	[MODE_NORMAL] = { .name = "normal", .how = "as the kernel boots", .boot = NOMERGE },
	[MODE_EXPEDITED] = { .name = "expedited", .how = "rcu_expedited is 1", .boot = NOMERGE,
			     .expedited = true },
	[MODE_LAZY] = { .name = "nocb+lazy", .how = "booted with rcu_nocbs=all",
			.boot = NOMERGE " rcu_nocbs=all", .lazy = true },
};

static bool has_lazy(const struct kernel *k)
{
	char *path = NULL, *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *in;

	if (!k->dir || asprintf(&path, "%s/config", k->dir) < 0)
		return false;
	in = fopen(path, "r");
	while (in && !found && getline(&line, &size, in) > 0)
		found = !strcmp(line, "CONFIG_RCU_LAZY=y\n");
	if (in)
		fclose(in);
	free(line);
	free(path);
	return found;
}

const char *unload_mode_lacks(const struct unload_mode *mode, const struct kernel *k)
{
	if (!mode->lazy || has_lazy(k))
		return NULL;
	return k->dir ? "this kernel has no CONFIG_RCU_LAZY" :
			"whether this kernel has CONFIG_RCU_LAZY is not known";
}

/* PREEMPT_RT comes up with rcu_normal, which would have the last word. */
int unload_mode_set(struct rig *r, const struct unload_mode *mode)
{
	int ret = rig_command(r, SECONDS, NULL, "write /sys/kernel/rcu_normal 0");

	if (ret)
		return ret;
	return rig_command(r, SECONDS, NULL, "write /sys/kernel/rcu_expedited %d",
			   mode->expedited);
}
