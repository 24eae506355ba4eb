// SPDX-License-Identifier: GPL-2.0
int nobody_declared_me(void)
{
	return 0;
}
