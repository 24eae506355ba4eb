/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scenario_rules.h - what no single line of a scenario can break
 */
#ifndef LASTREF_SCENARIO_RULES_H
#define LASTREF_SCENARIO_RULES_H

#include "scenario.h"

/*
 * Joins each repeat with its end. 0; or -1, why (without file and line), and
 * *line is the one to blame, if it is another than the last.
 */
int scenario_rules(struct scenario *s, unsigned int *line, struct errbuf *why);

#endif
