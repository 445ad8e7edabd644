#!/bin/sh
# SPDX-License-Identifier: MIT
# A stranger's plugin against what was installed: builds it from the installed header alone, as C99 and as
# C++11, has the installed checker judge it, and does the same with a fresh skeleton.
# usage: installcheck.sh SOURCE-FOLDER INSTALLED-BIN INSTALLED-INCLUDE INSTALLED-PKGCONFIG CHECKER
# CHECKER stands in where miauflixctl is not installed.
set -eu

source=$(cd "$1" && pwd)
bin=$2
include=$3
pkgconfig=$4
checker=$(cd "$(dirname "$5")" && pwd)/$(basename "$5")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
warnings="-pedantic -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -Wl,-z,defs -Wl,-z,now"

say() {
  echo "installcheck: $*"
}

# judge FILE: the checker speaks TAP and fails when something speaks against the plugin.
judge() {
  if [ -x "$bin/miauflixctl" ]; then
    set -- "$1" "$bin/miauflixctl" plugin check "$1"
  else
    set -- "$1" "$checker" "$1"
  fi
  file=$1
  shift
  if ! "$@" >judged 2>&1; then
    cat judged
    say "$file does not pass the check"
    exit 1
  fi
  say "$file: $(grep -c '^ok ' judged) findings, all good"
}

mkdir c cxx
# shellcheck disable=SC2086
${CC:-cc} -std=c99 $warnings -I"$include" -o c/archive.so "$source/tests/thirdparty/archive.c"
say "archive.c is C99"
# shellcheck disable=SC2086
${CXX:-c++} -x c++ -std=c++11 $warnings -I"$include" -o cxx/archive.so "$source/tests/thirdparty/archive.c"
say "archive.c is C++11"
judge c/archive.so
judge cxx/archive.so

[ -x "$bin/miauflixctl" ] || exit 0
"$bin/miauflixctl" plugin new stranger >/dev/null
PKG_CONFIG_PATH=$pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
make -s -C stranger CPPFLAGS="-I$include" CFLAGS=-Werror
judge stranger/stranger.so
