/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_STRING_H
#define NATIVE_LINUX_STRING_H

#include <string.h>

#endif
