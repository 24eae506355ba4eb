// SPDX-License-Identifier: GPL-2.0
/* A module's memory by what it is for; since 6.4. */
#include <linux/module.h>

bool probe(const struct module *mod);
bool probe(const struct module *mod)
{
	return within_module_mem_type(0, mod, MOD_TEXT);
}
