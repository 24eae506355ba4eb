// SPDX-License-Identifier: GPL-2.0
/*
 * Control: declared here, exported by no kernel. It compiles and must be
 * refused all the same, for the module would not load.
 */
#include <linux/module.h>

void lastref_symbol_that_no_kernel_exports(void);

void probe(void);
void probe(void)
{
	lastref_symbol_that_no_kernel_exports();
}
