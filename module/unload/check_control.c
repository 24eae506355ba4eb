// SPDX-License-Identifier: GPL-2.0
/*
 * The form of control files that all modules share, linked into this one: an
 * object file belongs to one module, so the sources are taken in here.
 */
#include "../control/error.c"
#include "../control/line.c"
#include "../control/write.c"
