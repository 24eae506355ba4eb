/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases of unload_demo, as it tells them itself, and one cycle of a case with
 * what unloadcheck and the ledger say of it.
 */
#ifndef LASTREF_UNLOAD_H
#define LASTREF_UNLOAD_H

#include <stdbool.h>
#include <stddef.h>

#define UC		"/sys/kernel/debug/unloadcheck/"
#define LEDGER		"/sys/kernel/debug/unload_ledger"
#define UF_MAX		64

struct uf_case {
	char exit[32], right[8], verdicts[32], zoo[8], claim[8], with[128];
};

/* What came of one cycle; numbers are -1 where nothing was said. */
struct uf_cycle {
	int err;			/* of insmod or rmmod */
	char line[1024];		/* the verdict's */
	char verdict[16], why[32], sure[8], rescued[16];
	long posted, pending, at_exit, later, lost;
};

/* How many; 0 if the module's file cannot be read or has none. */
size_t uf_cases(struct uf_case *cases);
/* Load and unload it, and wait until what was posted has been invoked. */
void uf_run(const struct uf_case *c, struct uf_cycle *cycle);
/* The two ends of a cycle of another module: nothing was said yet; the last verdict. */
void uf_clear(struct uf_cycle *cycle);
void uf_verdict(struct uf_cycle *cycle);
/* Is the verdict among those foretold? */
bool uf_foretold(const struct uf_case *c, const struct uf_cycle *cycle);
/* Does what it does wrong make the kernel warn, in some kernels? */
bool uf_splats(const struct uf_case *c);

/* The modules it takes; and away with them. */
int uf_load(const char *unloadcheck_params);
int uf_unload(void);
void uf_expedite(bool on);
unsigned int uf_count(unsigned int few);

#endif
