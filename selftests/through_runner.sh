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

# Predicates without arguments: ktap_test_result splits them at blanks.
result_is_passed_on()
{
	echo "$said" | grep -q '^ok 1 selftests: lastref: ctl_perms'
}

there_is_one()
{
	[ "$(echo "$said" | grep -cE '^(not )?ok ')" -eq 1 ]
}

own_results_are_shown()
{
	echo "$said" | grep -qE '^# ok [0-9]+ module\.modes'
}

ktap_test_result "the program's result is the runner's" result_is_passed_on
ktap_test_result "there is one" there_is_one
case $said in
*"# SKIP"*)
	ktap_test_skip "its own results are shown below" ;;
*)
	ktap_test_result "its own results are shown below" own_results_are_shown ;;
esac
[ "$KTAP_CNT_FAIL" -eq 0 ] || echo "$said" | sed 's/^/# /'
ktap_finished
