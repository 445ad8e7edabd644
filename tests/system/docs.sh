#!/bin/sh
# SPDX-License-Identifier: MIT
# What the documentation shows is done as it is shown: docs/api.md block by block, and the lines of README.md.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init docs

# told PROGRAM ARGUMENT...: its lines of TAP become ours.
told() {
    told_ok=0
    "$@" >"$work/told" || told_ok=1
    cat "$work/told"
    n_checks=$((n_checks + $(grep -cE '^(not )?ok ' "$work/told")))
    told_bad=$(grep -c '^not ok ' "$work/told")
    n_failed=$((n_failed + told_bad))
    test "$told_ok" = 0 || test "$told_bad" -gt 0 || check "$1 comes to its end" false
}

# The curl lines of README.md with this daemon's address in them, one that is continued made whole.
readme_lines() {
    sed -n ':whole
        /\\$/ { N; s/ *\\\n */ /; b whole; }
        s/^    \(curl .*\)/\1/p' "$srcdir/README.md" | sed "s|http://127.0.0.1:8480|$url|"
}

# Said in a shell, as a reader says it; the answer is a whole one and no problem.
play_line() {
    TOKEN=$token sh -c "$1" >"$work/answer" 2>"$work/curl.log" || return 1
    head -c 300 "$work/answer" | sed 's/^/# /'
    echo
    grep -q '"id":' "$work/answer" && ! grep -q '"code":' "$work/answer"
}

# shellcheck disable=SC2119
start_sandbox
write_conf
start_daemon
check "the documented sync begins" begin_sync
check "and ends" wait_for_jobs 60

readme_lines >"$work/lines"
check "README.md shows three lines" is "$(wc -l <"$work/lines" | tr -d ' ')" 3
while read -r line <&3; do
    check "README.md: $(echo "$line" | sed "s|$url||")" play_line "$line" '"id":'
done 3<"$work/lines"

told "$builddir/tests/system/play_docs" "$url" "$token" "$srcdir/docs/api.md"
check "no block of docs/api.md is left out" is "$(grep -c '^```http' "$srcdir/docs/api.md")" "$(grep -c ' - line ' "$work/told")"
told "$builddir/tests/system/judge_openapi" "$url" "$token"
check "no sync is left behind" wait_for_jobs 60
stop "$daemon"
check "the daemon stops cleanly" is "$stopped" 0
finish
