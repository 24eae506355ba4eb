# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the scripts beside this file share; read with ". common.sh".
#
# The cache holds kernels and kernel source, outside of the clone so that
# every clone uses it. Three rules keep it sound without any repair step:
#  - what is in it under its final name is complete: it is made under
#    another name on the same file system and renamed;
#  - one process makes one thing: a lock per thing, held by an open file and
#    so released by any kind of death;
#  - what is in it never changes: its name holds what it was made from.

top=$(cd "$(dirname "$0")/.." && pwd)
me=${0##*/}
conf=$top/vm-images/kernels.conf

# The same messages from every tool, for they are read by awk below.
export LC_ALL=C

say()
{
	echo "$*" >&2
}

# Exit 3: the work could not be done. The message says why and what to do.
die()
{
	say "$me: $*"
	exit 3
}

usage()
{
	say "usage: $me $*"
	exit 2
}

# home_dir: a system's service has no $HOME, but its user has one.
home_dir()
{
	[ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
	echo "${HOME:-}"
}

# cache_dir: prints the cache directory, making it when it is not there.
cache_dir()
{
	dir=${LASTREF_CACHE:-${XDG_CACHE_HOME:-$(home_dir)/.cache}/lastref}
	case $dir in
	*[[:space:]:]*)
		die "the cache $dir has a blank or a colon in its name," \
		    "which kbuild does not take: set LASTREF_CACHE" ;;
	/*) ;;
	*)
		die "the cache $dir is not an absolute path: set LASTREF_CACHE" ;;
	esac
	mkdir -p "$dir" 2>/dev/null ||
		die "cannot make the cache $dir: set LASTREF_CACHE to a" \
		    "directory you may write"
	echo "$dir"
}

# lock_cache THING: until this process ends, nobody else makes THING.
lock_cache()
{
	exec 9>"$(cache_dir)/lock.$1"
	flock -n 9 && return
	say "$me: another lastref process is making $1, waiting for it"
	flock 9
}

# conf_section NAME: the section's lines, without comments, as written.
conf_section()
{
	awk -v want="[$1]" '
		/^[ \t]*(;|#|$)/ { next }
		/^\[/ { inside = ($0 == want); next }
		inside' "$conf"
}

# conf_get NAME KEY: the value, or nothing.
conf_get()
{
	conf_section "$1" | sed -n "s/^$2[ \t]*=[ \t]*//p"
}

# conf_names: every section.
conf_names()
{
	sed -n 's/^\[\(.*\)\]$/\1/p' "$conf"
}

# hash_of: twelve hex digits of what comes on stdin.
hash_of()
{
	sha256sum | cut -c1-12
}

# apt_* below look at the system's package lists; where those do not know a
# package, or name a version the archive no longer has, apt_refresh fetches new ones. An
# unprivileged user may not write the system's, so gets lists in the cache.
apt_lists=

apt_run()
{
	tool=$1
	shift
	if [ -n "$apt_lists" ]; then
		set -- -o Dir::State::Lists="$apt_lists/lists" \
			-o Dir::Cache="$apt_lists/cache" "$@"
	fi
	if [ "$(id -u)" -eq 0 ]; then
		set -- -o APT::Sandbox::User=root "$@"
	fi
	"$tool" "$@"
}

apt_refresh()
{
	if [ "$(id -u)" -ne 0 ]; then
		apt_lists=$(cache_dir)/apt
		mkdir -p "$apt_lists/lists/partial" "$apt_lists/cache/archives/partial"
	fi
	say "$me: fetching apt's package lists"
	apt_run apt-get -qq update >&2
}

# apt_depends PACKAGE REGEX: what PACKAGE depends on, filtered, one a line.
apt_depends()
{
	apt_run apt-cache depends --important "$1" 2>/dev/null |
		sed -n 's/^ *|\{0,1\}Depends: //p' | grep -E -x "$2" || true
}

# apt_version PACKAGE: the version that would be downloaded, or nothing.
apt_version()
{
	apt_run apt-cache policy "$1" 2>/dev/null |
		sed -n 's/^ *Candidate: //p' | grep -vx '(none)' || true
}

# apt_newest PATTERN: of the packages it stands for the newest, or nothing.
apt_newest()
{
	apt_run apt-cache pkgnames "${1%%[*?]*}" 2>/dev/null |
		while read -r found; do
			# shellcheck disable=SC2254 # it is a pattern
			case $found in
			$1) echo "$found" ;;
			esac
		done | grep -vE -- '-(doc|rt)$' | sort -V | tail -n 1
}

# apt_extract DIR PACKAGE...: downloads the packages and unpacks them there.
apt_extract()
{
	into=$1
	shift
	say "$me: downloading $*"
	mkdir "$into/debs" || return 1
	(cd "$into/debs" && apt_run apt-get -qq download "$@" >&2) || return 1
	for deb in "$into"/debs/*.deb; do
		dpkg-deb -x "$deb" "$into" || return 1
	done
	rm -r "$into/debs"
}
