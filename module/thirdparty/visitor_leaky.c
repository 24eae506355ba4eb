// SPDX-License-Identifier: GPL-2.0
/*
 * The bug of cuse: this module posts nothing, and coat_free() is called all the same
 * when there may be no coat_free() any more.
 */
#include "visitor.h"

static void __exit visitor_exit(void)
{
	take_all_back();
}
module_exit(visitor_exit);

MODULE_DESCRIPTION("a user of cloakroom that cannot be unloaded safely");
