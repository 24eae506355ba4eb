# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# KTAP from shell functions; read with ". ktap.sh". A test is a function named
# test_*; it runs in a subshell with set -e, in an empty directory of its own,
# and has passed if it comes to its end. What it printed is quoted if not.

# shellcheck disable=SC2034 # the tests use it
scripts=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d) || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM

# fails STATUS COMMAND...: the command must exit with just this status.
fails()
{
	expected=$1
	shift
	got=0
	"$@" || got=$?
	[ "$got" -eq "$expected" ] && return
	echo "exit status $got instead of $expected: $*"
	return 1
}

# says REGEX FILE: the file must have a line that matches.
says()
{
	grep -E -q -e "$1" "$2" && return
	echo "no line matches $1 in:"
	cat "$2"
	return 1
}

# run_tests: every test_* function of the calling script, in its order.
run_tests()
{
	# shellcheck disable=SC2046 # names of functions
	set -- $(sed -n 's/^\(test_[a-z0-9_]*\)()$/\1/p' "$0")
	echo "KTAP version 1"
	echo "1..$#"
	number=0
	failed=0
	for test in "$@"; do
		number=$((number + 1))
		mkdir "$scratch/$test"
		# Not as a condition: that would turn set -e off inside.
		(
			set -e
			cd "$scratch/$test"
			"$test"
		) > "$scratch/said" 2>&1
		# shellcheck disable=SC2181 # see above
		if [ $? -eq 0 ]; then
			echo "ok $number ${test#test_}"
		else
			sed 's/^/# /' "$scratch/said"
			echo "not ok $number ${test#test_}"
			failed=1
		fi
	done
	exit $failed
}
