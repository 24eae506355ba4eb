/* SPDX-License-Identifier: GPL-2.0 */
/*
 * known.h - what a kernel complains of that is no matter of ours
 *
 * A list, each with its reason; a complaint is on it only after both sides of
 * it were read in the kernel's source. It is noted in the result and does not
 * make a case fail. A scenario that foretells such a complaint still gets it.
 */
#ifndef LASTREF_KNOWN_H
#define LASTREF_KNOWN_H

#include "splat.h"

/* The reason why it does not count, or NULL: it does. */
const char *known_splat(const struct splat *splat);

#endif
