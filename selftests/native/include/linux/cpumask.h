/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_CPUMASK_H
#define NATIVE_LINUX_CPUMASK_H

#include <linux/percpu.h>

#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < SHIM_CPUS; (cpu)++)

#endif
