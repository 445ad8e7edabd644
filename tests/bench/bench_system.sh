#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole daemon against the sandbox: a sync of 10,000 movies, what it leaves in memory, how soon it starts with them, what a
# sick upstream does to local reads.  Fails when a promise is broken.  BENCH_FILMS makes it smaller.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init bench
. "$srcdir/tests/bench/say.sh"
load=$builddir/tests/system/load
films=${BENCH_FILMS:-10000}

# Ticks of processor time the process took so far.
cpu_ticks() {
    sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# --- 10,000 movies with all their details
start_sandbox --scale "$films"
write_conf
start_daemon
begun=$(now_ms)
ticks=$(cpu_ticks "$daemon")
begin_sync
wait_for_jobs 600 || bail "the sync does not end"
took=$(($(now_ms) - begun))
ticks=$(($(cpu_ticks "$daemon") - ticks))
n=$(n_movies)
say "sync of $n movies, pace lifted" "$(divide $((n * 1000)) $took 0)" movies/s "at least 300" least 300 \
    "$(divide $((ticks * 10)) $took 2) processors"
say "memory after it" "$(rss_mb "$daemon")" MB "below 80" most 80

# --- Local reads, the upstream hanging, flooding, answering HTML; a healthy run before each
reads() {
    "$load" "${url##*:}" 3 4 5 "$token" /api/movies/7 '/api/movies?limit=20' '/api/search/movies?q=night&scope=local' |
        sed 's/.*p99_us=\([0-9]*\).*/\1/'
}
crowd() {
    set --
    while test $# -lt 100; do
        set -- "$@" "/api/movies/tmdb:$((700000000 + $(random 10000000)))"
    done
    "$load" "${url##*:}" 20 8 20 "$token" "$@" >/dev/null 2>&1 &
    others=$!
}
disperse() {
    kill "$others" 2>/dev/null
    reap "$others" 2>/dev/null
    others=
}
for sickness in hang 429 html; do
    crowd
    healthy=$(reads)
    disperse
    fault '/3/*' $sickness
    crowd
    sick=$(reads)
    disperse
    heal
    ctl providers tmdb reset >/dev/null
    say "p99 of local reads, upstream: $sickness" "$sick" us "at most 2 times" most $((healthy * 2)) \
        "$(divide "$sick" "$healthy" 2) of the healthy run"
done

# --- Many who ask now and then, over connections that stay open
said=$("$load" "${url##*:}" 20 500 1000 "$token" /api/movies /api/movies/7 '/api/movies?limit=20' '/api/search/movies?q=night&scope=local')
echo "# 500 clients: $said"
case $said in *" failed=0 "*) ;; *) bail "requests fail" ;; esac
say "p99 of 500 clients at 1 request/s each" "$(echo "$said" | sed 's/.*p99_us=\([0-9]*\).*/\1/')" us "below 10000" most 10000
stop "$daemon"

# --- How soon it is there with all of them: until it says where it listens
mkfifo "$work/said"
: >"$work/times"
for round in 1 2 3 4 5 6 7; do
    begun=$(now_ms)
    "$builddir/miauflixd" --config "$conf" >"$work/said" 2>/dev/null </dev/null &
    daemon=$!
    read -r line <"$work/said"
    echo $(($(now_ms) - begun)) >>"$work/times"
    stop "$daemon"
done
say "start with $n movies" "$(sort -n "$work/times" | sed -n 4p)" ms "at most 300" most 300
start_daemon
say "memory after a restart" "$(rss_mb "$daemon")" MB "below 80" most 80
stop "$daemon"
stop "$sandbox"

exit $broken
