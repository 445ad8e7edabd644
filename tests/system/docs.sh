#!/bin/sh
# SPDX-License-Identifier: MIT
# What the documentation shows is done as it is shown: docs/api.md block by block, and the lines of README.md and
# docs/operating.md.
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

# lines FILE HEADING: the indented commands of the tools below a heading, places of this test in place of the reader's.
lines() {
    awk -v heading="$2" '/^## / { inside = $0 == heading } inside && /^    miauflix/ { print substr($0, 5) }' "$srcdir/$1" |
        sed -e "s|/var/backups|$work|g" -e "s|/srv/|$work/|g" -e "s|^miauflixctl|ctl|" -e "s|^miauflixd|\"$builddir/miauflixd\"|"
}

# said FILE HEADING: each of them, in order.
said() {
    lines "$1" "$2" >"$work/said"
    check "$1 shows commands under '$2'" test -s "$work/said"
    while read -r said_line <&3; do
        check "$1: $(echo "$said_line" | sed "s|$work||g")" play_command "$said_line"
    done 3<"$work/said"
}

play_command() {
    eval "$1" >"$work/answer" 2>"$work/said.log" </dev/null && return
    sed 's/^/# /' "$work/said.log"
    return 1
}

# Each link of a page leads to a file.
links_lead_somewhere() {
    grep -oE '\]\([^)#]+' "$srcdir/$1" | sed 's/^](//' | while read -r link; do
        case $link in
        http*) ;;
        *) test -e "$srcdir/$(dirname "$1")/$link" || { echo "# $link"; exit 1; } ;;
        esac
    done
}

# shellcheck disable=SC2119
start_sandbox
write_conf
test ! -f "$builddir/plugins/yts/yts.la" || write_yts "$upstream/parked" "$upstream"
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
check "TV shows are there to be described, too" play_command "ctl sync tvshows"
told "$builddir/tests/system/judge_openapi" "$url" "$token"
check "no sync is left behind" wait_for_jobs 60
said docs/operating.md '## Every day'
stop "$daemon"
check "the daemon stops cleanly" is "$stopped" 0
said docs/operating.md '## The store'
for page in README.md docs/README.md docs/api.md docs/architecture.md docs/operating.md docs/plugins.md docs/providers/tmdb.md docs/providers/yts.md; do
    check "the links of $page lead somewhere" links_lead_somewhere "$page"
done
for page in "$srcdir"/docs/*.md "$srcdir"/docs/providers/*.md; do
    name=${page#"$srcdir"/docs/}
    test "$name" = README.md || check "docs/README.md names $name" grep -qF "($name)" "$srcdir/docs/README.md"
done
finish
