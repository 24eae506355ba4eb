/* SPDX-License-Identifier: GPL-2.0 */
/*
 * junit.h - results in the form that CI systems read
 *
 * A testsuite is a scenario on a kernel; a testcase is one of its runs or
 * selftests, and one more, named "verdict", is the scenario as a whole: there a crash
 * shows that no run lived to tell. "not run" is <skipped>, what the harness could not do
 * is <error>, never anything green.
 */
#ifndef LASTREF_JUNIT_H
#define LASTREF_JUNIT_H

#include "errbuf.h"
#include "result.h"

int junit_save(const struct tour_result *t, const char *path, struct errbuf *err);

#endif
