# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# How a stage prints KTAP from things that have an exit status; read with
# ". lib.sh". Standard output is KTAP, standard error is for who looks closer.

set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 3
nr=0
scratch=$(mktemp -d) || exit 3
mkfifo "$scratch/fifo" || exit 3
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' TERM INT

plan()
{
	echo "KTAP version 1"
	echo "1..$1"
}

# result STATUS NAME...: status as a program's: 0 ok, 4 skipped, or failed
result()
{
	status=$1
	shift
	nr=$((nr + 1))
	case $status in
	0) echo "ok $nr $*" ;;
	4) echo "ok $nr $* # SKIP $(tail -n 1 "$scratch/said")" ;;
	*) echo "not ok $nr $*" ;;
	esac
}

# quote: what the program said last, as diagnostics
quote()
{
	tail -n 30 "$scratch/said" | tr -d '\r' | sed 's/^/#   /'
}

# try NAME COMMAND...: one result. A program that prints KTAP itself becomes a
# subtest; what another says is shown if it fails.
try()
{
	name=$1
	shift
	tee "$scratch/said" <"$scratch/fifo" >&2 &
	listener=$!
	"$@" >"$scratch/out" 2>"$scratch/fifo" </dev/null
	rc=$?
	wait "$listener"
	if head -n 1 "$scratch/out" | grep -qE '^(K?TAP version|1\.\.)'; then
		sed 's/^/  /' "$scratch/out"
	else
		tee -a "$scratch/said" <"$scratch/out" >&2
	fi
	[ "$rc" -eq 0 ] || [ "$rc" -eq 4 ] || {
		echo "# $*: exit status $rc"
		grep -q '^[[:blank:]]*not ok ' "$scratch/out" || quote
	}
	result "$rc" "$name"
	return "$rc"
}
