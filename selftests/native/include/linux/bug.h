/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Warnings are counted, each time.  A test that provokes one looks at the count;
 * any other count is a failure.
 */
#ifndef NATIVE_LINUX_BUG_H
#define NATIVE_LINUX_BUG_H

#include <shim.h>

#define WARN_ONCE(cond, ...)						\
({									\
	bool _warn = (cond);						\
									\
	if (_warn)							\
		shim_warn(__FILE__, __LINE__, __VA_ARGS__);		\
	_warn;								\
})

#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s\n", #cond)

#endif
