/* SPDX-License-Identifier: GPL-2.0 */
/*
 * qcow2.h - an empty disk for QEMU to keep snapshots in
 *
 * Going back in a replay means going forward again from a snapshot, and QEMU keeps those in
 * a disk of this format, which need not belong to the machine. Four clusters: the header,
 * the table of reference counts, its one block, and the (empty) table of the disk's own
 * clusters. So no other program is needed for it.
 */
#ifndef LASTREF_QCOW2_H
#define LASTREF_QCOW2_H

#include "errbuf.h"

/* A new file. 0, or -1 and err. */
int qcow2_create(const char *path, struct errbuf *err);

#endif
