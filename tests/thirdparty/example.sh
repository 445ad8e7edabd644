#!/bin/sh
# SPDX-License-Identifier: MIT
# The example of docs/plugins.md compiles as C99 and as C++11 without a warning, and passes the conformance check.
set -u
source=${MIAUFLIX_SRCDIR:-.}
build=${MIAUFLIX_BUILDDIR:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-pedantic -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -I$source/include"
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$source/docs/plugins.md" >"$work/example.c"

n=0
try() {
  n=$((n + 1))
  name=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    echo "ok $n - $name"
  else
    echo "not ok $n - $name"
    sed 's/^/# /' "$work/said"
  fi
}

echo 1..4
try "the page holds an example" test -s "$work/example.c"
# shellcheck disable=SC2086
try "it is C++11" ${CXX:-c++} -x c++ -std=c++11 $flags -o "$work/example.so" "$work/example.c"
# shellcheck disable=SC2086
try "it is C99" ${CC:-cc} -std=c99 $flags -o "$work/example.so" "$work/example.c"
try "it passes the check" "$build/tests/thirdparty/plugin_check" "$work/example.so"
