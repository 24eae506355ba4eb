// SPDX-License-Identifier: GPL-2.0
/* Its twin that is right: the barrier is for the callbacks of cloakroom. */
#include "visitor.h"

static void __exit visitor_exit(void)
{
	take_all_back();
	rcu_barrier();
}
module_exit(visitor_exit);

MODULE_DESCRIPTION("a user of cloakroom that can be unloaded safely");
