#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own runner carries these tests, also where sh is busybox and
# there is no perl: a result passes through it, and so does a skip's reason.

cd "$(dirname "$0")" || exit 1
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh

ktap_print_header
if [ ! -r ../run_kselftest.sh ]; then
	ktap_skip_all "no install tree: make selftests, or make kselftest-install"
	exit "$KSFT_SKIP"
fi
ktap_set_plan 3

said=$(../run_kselftest.sh -t lastref:ctl_perms 2>&1)

has()
{
	echo "$said" | grep -qE "$1"
}

count()
{
	[ "$(echo "$said" | grep -cE "$1")" -eq "$2" ]
}

ktap_test_result "the program's result is the runner's" \
	has '^ok 1 selftests: lastref: ctl_perms'
ktap_test_result "there is one" count '^(not )?ok ' 1
if has '# SKIP'; then
	ktap_test_skip "its own results are shown below"
else
	ktap_test_result "its own results are shown below" \
		has '^# ok [0-9]+ module\.modes'
fi
[ "$KTAP_CNT_FAIL" -eq 0 ] || echo "$said" | sed 's/^/# /'
ktap_finished
