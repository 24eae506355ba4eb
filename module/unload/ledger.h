/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of the callbacks of unload_demo, kept outside of it.
 */
#ifndef LASTREF_UNLOAD_LEDGER_H
#define LASTREF_UNLOAD_LEDGER_H

struct unload_ledger;

struct unload_ledger *unload_ledger_open(const char *exit, const char *flavor);
unsigned int unload_ledger_cycle(const struct unload_ledger *l);
void unload_ledger_posted(struct unload_ledger *l);
void unload_ledger_invoked(struct unload_ledger *l);
void unload_ledger_work(struct unload_ledger *l);
void unload_ledger_work_run(struct unload_ledger *l);
void unload_ledger_close(struct unload_ledger *l);

#endif /* LASTREF_UNLOAD_LEDGER_H */
