#!/bin/sh
# SPDX-License-Identifier: MIT
# A million titles through the whole daemon: how long the export takes to become cards, what they are in memory, how soon the
# first search is answered; then the index over that store by itself.  Fails when a promise is broken.  BENCH_TITLES makes
# it smaller.  BENCH_KEEP names a folder for the data, where a later run finds it and need not load it again.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init scale
. "$srcdir/tests/bench/say.sh"
titles=${BENCH_TITLES:-1000000}
data=${BENCH_KEEP:-$data}

load_titles() {
    start_daemon
    begun=$(now_ms)
    begin_sync
    # What follows the export, lists of what is popular, is no part of this.
    wait_until 900 grep -q 'the export holds' "$work/daemon.log" || bail "the listing does not end"
    took=$(($(now_ms) - begun))
    n=$(sed -n 's/.*the export holds \([0-9]*\) titles.*/\1/p' "$work/daemon.log")
    status_of DELETE "/api/jobs/$(get '/api/jobs?state=running' | member id)" >/dev/null
    say "$n lines of the export become cards" "$(divide $took 1000 1)" s "below 120 for 1,000,000" most \
        "$(awk -v n="$n" 'BEGIN { limit = n * 120 / 1000000; print (n < 100000 && limit < 10) ? 10 : (limit > 120 ? 120 : limit) }')"
    say "memory then" "$(rss_mb "$daemon")" MB "at most 300" most 300
    stop "$daemon"
}

start_sandbox --scale "$titles"
write_conf
test -d "$data/store" || load_titles

# --- A search is answered as soon as the daemon says where it listens
mkfifo "$work/said"
for round in 1 2 3; do
    begun=$(now_ms)
    "$builddir/miauflixd" --config "$conf" >"$work/said" 2>/dev/null </dev/null &
    daemon=$!
    read -r line <"$work/said"
    url=$(echo "$line" | sed 's|.*\(http://[0-9.:]*\).*|\1|')
    curl -fsS -o "$work/first" "$url/api/search/movies?q=night&scope=local" || bail "the first search fails"
    echo $(($(now_ms) - begun)) >>"$work/times"
    test "$round" = 3 || stop "$daemon"
done
say "start to the first answer" "$(sort -n "$work/times" | sed -n 2p)" ms "at most 3000" most 3000
say "memory after a restart" "$(rss_mb "$daemon")" MB "at most 300" most 300
stop "$daemon"
stop "$sandbox"

# --- The index by itself
"$builddir/tests/bench/scale_index" "$data/store" || broken=1
exit $broken
