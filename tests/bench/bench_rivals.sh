#!/bin/sh
# SPDX-License-Identifier: MIT
# The daemon's streams against peerflix and webtorrent of npm: a magnet to the first byte over HTTP, jumps, memory.  Films of
# BENCH_MIB (2048) from one seed, one for each of BENCH_TURNS (2).  Short ones have arrived whole at who fetches all ahead
# before the first jump.  Without node or the registry it is skipped.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
command -v npm >/dev/null 2>&1 || skip_all "npm is missing"
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || skip_all "node is older than 18"
system_init rivals
. "$srcdir/tests/bench/say.sh"
. "$srcdir/tests/interop/lib.sh"
mib=${BENCH_MIB:-2048}
turns=${BENCH_TURNS:-2}

npm_install '"webtorrent": "2.8.5", "peerflix": "0.39.0"' || skip_all "npm cannot install the rivals"
cp "$srcdir/tests/bench/rivals.mjs" "$work/npm/"

mkfifo "$work/hold"
"$builddir/tests/bench/bench_torrent" offer "$mib" "$turns" <"$work/hold" >"$work/offer" &
others=$!
exec 7>"$work/hold"
# shellcheck disable=SC2317
offers_all() {
    test "$(wc -l <"$work/offer")" = "$turns"
}
wait_until 60 offers_all || bail "nobody seeds"

start_sandbox --scale 1
write_conf
write_webtorrent_conf
# shellcheck disable=SC2119
start_daemon
node "$work/npm/rivals.mjs" "$url" "$token" "$work" "$mib" <"$work/offer" >"$work/times" 2>"$work/rivals.log" 7>&- ||
    bail "somebody does not serve"
grep '^#' "$work/rivals.log"
memory=$(awk '/^VmHWM:/ { printf "%.0f", $2 / 1024 }' "/proc/$daemon/status")

# Of the rivals, the better one's.
best() {
    awk -v column="$1" '$1 != "miauflixd" && (!best || $column < best) { best = $column; name = $1 } END { print best, name }' "$work/times"
}
ours() {
    awk -v column="$1" '$1 == "miauflixd" { print $column }' "$work/times"
}
# compare CASE UNIT OURS COLUMN
compare() {
    best "$4" >"$work/best"
    read -r theirs whose <"$work/best"
    say "$1" "$3" "$2" "at most $whose's $theirs" most "$theirs" "$(divide "$3" "$theirs" 2) of $whose"
}
compare "magnet to a film's first byte" ms "$(ours 2)" 2
compare "jumps in it over HTTP" ms "$(ours 3)" 3
compare "the most memory meanwhile" MB "$memory" 4
exec 7>&-
stop "$daemon"
stop "$sandbox"
exit $broken
