// SPDX-License-Identifier: GPL-2.0
int bad(int *p)
{
	if (p == NULL)
		return (1);
	return 0;
}
