/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where grace periods come from: liburcu (shim_gp_urcu.c), or, since liburcu is
 * a library that ThreadSanitizer does not see into, C11 atomics (shim_gp_own.c).
 */
#ifndef NATIVE_SHIM_GP_H
#define NATIVE_SHIM_GP_H

struct rcu_head;

extern const char *const shim_gp_name;

/* A thread does this once before, and once after all of the others. */
void shim_gp_register(void);
void shim_gp_unregister(void);

void shim_gp_enter(void);
void shim_gp_leave(void);
void shim_gp_wait(void);
void shim_gp_call(struct rcu_head *head, void (*func)(struct rcu_head *head));
/* Waits for every callback posted before it. */
void shim_gp_barrier(void);

#endif
