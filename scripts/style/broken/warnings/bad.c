// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

int bad(unsigned int n, int unused)
{
	int i;

	for (i = 0; i < n; i++)
		printf("%s\n", i);
}
