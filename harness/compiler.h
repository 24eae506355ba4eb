/* SPDX-License-Identifier: GPL-2.0 */
/* What kernel style expects and user space headers do not have. */
#ifndef LASTREF_COMPILER_H
#define LASTREF_COMPILER_H

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))

#endif
