// SPDX-License-Identifier: GPL-2.0
int bad( int x )
{
	if (x) {
		return 1;
	}
	else
		return 0 ;
}
