#!/bin/sh
# SPDX-License-Identifier: MIT
# What a sync at the pace TMDB is asked at costs: the processor time of the daemon's threads, while it fetches
# BENCH_PACE movies a second (25) with all their details for BENCH_SECONDS (20).
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init pace
. "$srcdir/tests/bench/say.sh"
pace=${BENCH_PACE:-25}
seconds=${BENCH_SECONDS:-20}

# shellcheck disable=SC2317
is_fetching() {
    get "/api/jobs?state=running" | grep -q '"phase":"fetching"'
}

start_sandbox --scale 10000
write_conf
start_daemon
begin_sync
wait_until 120 is_fetching || bail "the sync fetches nothing"
# The burst that a full bucket allows is not the pace.
pause_ms 5000
asked=$(sandbox_asked "/3/movie/{id}")
threads "$daemon" >"$work/before"
begun=$(now_ms)
pause_ms $((seconds * 1000))
threads "$daemon" >"$work/after"
took=$(($(now_ms) - begun))
asked=$(($(sandbox_asked "/3/movie/{id}") - asked))
spent "$work/before" "$work/after" >"$work/spent"
read -r ms times <"$work/spent"
say "processor at $(divide $((asked * 1000)) $took 1) movies/s" "$(divide $((ms * 100)) $took 2)" % "below 5" most 5 \
    "$(divide "$ms" "$asked" 2) ms and $(divide "$times" "$asked" 0) wake-ups a movie"
spent_by "$work/before" "$work/after"
stop "$daemon"
stop "$sandbox"
exit $broken
