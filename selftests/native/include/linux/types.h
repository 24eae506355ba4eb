/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LINUX_TYPES_H
#define NATIVE_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/compiler.h>

typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

typedef struct {
	int counter;
} atomic_t;

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

/* Of the size and shape of liburcu's: shim_gp_urcu.c. */
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

typedef void (*rcu_callback_t)(struct rcu_head *head);

#endif
