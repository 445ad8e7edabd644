#!/bin/sh
# SPDX-License-Identifier: MIT
# While the upstream hangs, floods, fails, trickles, breaks off or answers HTML, what the store has is read as ever; what it has
# not is answered as promised; the provider's state says why; and all is well again once the upstream is.
# The p99 of local reads beside that of the healthy run is told, and judged by make bench; here only a read that waited for the
# upstream would fail the test.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init sick
load=$builddir/tests/system/load
test -x "$load" || skip_all "$load is not built"

slow_us=1000000
seconds=2
test -z "${MIAUFLIX_SOAK:-}" || seconds=20

# local_reads NAME: an item, a page, and a search of the store, all at once; $p99 is the outcome.
local_reads() {
    # shellcheck disable=SC2154
    measured=$("$load" "${url##*:}" $seconds 4 5 "$token" "/api/movies/$first" '/api/movies?limit=20' \
        '/api/movies?genre=horror&limit=20' '/api/search/movies?q=night&scope=local')
    p99=${measured##*p99_us=}
    p99=${p99%% *}
    failed=${measured##*failed=}
    failed=${failed%% *}
    slowest=${measured##*max_us=}
    echo "# $1: $measured"
}

# What has expired is read as well: who comes first may wait a second for the upstream, and nobody behind them.
stale_reads() {
    measured=$("$load" "${url##*:}" $seconds 4 5 "$token" "/api/tvshows/$show")
    expired_p99=${measured##*p99_us=}
    expired_p99=${expired_p99%% *}
    echo "# $1, expired: $measured"
    case $measured in
    *' failed=0 '*) test "$expired_p99" -lt $((slow_us / 2)) ;;
    *) return 1 ;;
    esac
}

reads_are_well() {
    test "$failed" = 0 || { echo "# $failed reads failed"; return 1; }
    test "$slowest" -lt $slow_us || { echo "# one took $slowest us"; return 1; }
}

# Asks all the while for what only the upstream knows, as a crowd does: in the background, with $others as its process id.
# The healthy run has its crowd as well, so that the two differ in nothing but the upstream.
demand() {
    demanded=$((demanded + 1))
    set --
    while test $# -lt 200; do
        set -- "$@" "/api/movies/tmdb:$((700000000 + demanded * 1000 + $#))" \
            "/api/movies/search?q=unheard${demanded}of$#&timeout_ms=1000"
    done
    "$load" "${url##*:}" 60 8 20 "$token" "$@" >/dev/null 2>&1 &
    others=$!
}

end_demand() {
    test -z "$others" || { kill "$others" 2>/dev/null; reap "$others" 2>/dev/null; }
    others=
}

provider() {
    get /api/providers/tmdb
}

# An unknown id: an error of ours with a problem document, never an empty answer, and within the fetch time limit.
demand_is_refused() {
    begun=$(now_ms)
    status=$(status_of GET "/api/movies/tmdb:79$(random 1000000)")
    took=$(($(now_ms) - begun))
    case $status in
    502 | 503 | 504) ;;
    *) echo "# status $status: $(head -c 300 "$work/answer")"; return 1 ;;
    esac
    grep -q '"code":' "$work/answer" || { echo "# no problem document"; return 1; }
    grep -qi '^content-type: application/problem+json' "$work/head" || { echo "# not declared as one"; return 1; }
    if test "$status" = 503; then
        grep -qi '^retry-after: [0-9]' "$work/head" || { echo "# 503 without Retry-After"; return 1; }
    fi
    test $took -lt 13000 || { echo "# after $took ms"; return 1; }
}

search_says_why() {
    get '/api/movies/search?q=nosferatu&timeout_ms=1500' >"$work/found"
    grep -q '"complete":false' "$work/found" || { echo "# $(tail -c 400 "$work/found")"; return 1; }
    grep -q '"sources":\[{"provider":"tmdb","status":"\(timeout\|rate_limited\|circuit_open\|error\)"' "$work/found" ||
        { echo "# $(tail -c 400 "$work/found")"; return 1; }
    grep -qi 'nosferatu' "$work/found"
}

# Of what failed, something must be to be seen.
state_says() {
    provider >"$work/provider"
    grep -q "$1" "$work/provider"
}

recovers() {
    test "$(status_of GET '/api/movies/tmdb:'"$unfetched")" = 200
}

cure() {
    end_demand
    heal
    ctl providers tmdb reset >/dev/null
}

start_sandbox --scale 400
providers_more='fetch_timeout_ms = 4000; search_timeout_ms = 2000;'
write_conf
# Shows expire as soon as they are fetched, films do not.
CACHE_TTL_TVSHOWS=1
export CACHE_TTL_TVSHOWS
# shellcheck disable=SC2119
start_daemon
begin_sync
check "a first sync ends" wait_for_jobs 120
show=$(get '/api/tvshows/tmdb:900001001' | member id)
first=$(get '/api/movies?limit=1' | member id)
demanded=0
demand
local_reads healthy
end_demand
check "local reads answer while all is well" reads_are_well
healthy_p99=$p99
worst=$healthy_p99

# sick NAME FAULT MORE STATE: with that fault on every route of the API.
sick() {
    # What the provider has to be asked for: films the upstream got since the sync.
    unfetched=$(curl -fsS -X POST -d '{"random":1}' "$upstream/sandbox/add" | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    fault '/3/*' "$2" "$3"
    demand
    local_reads "$1"
    check "$1: local reads answer" reads_are_well
    check "$1: what has expired is read nevertheless" stale_reads "$1"
    test "$p99" -le "$worst" || worst=$p99
    check "$1: what is not in the store is refused clearly" demand_is_refused
    check "$1: a search has what the store has, and says which source failed" search_says_why
    check "$1: the provider's state shows it" wait_until 20 state_says "$4"
    cure
    check "$1: it is over when the upstream is well again" wait_until 20 recovers
    check "$1: the provider's state shows that, too" wait_until 20 state_says '"state":"active"'
}

failing='"last_error":"'
sick "hangs" hang '' '"circuit":"open"'
sick "floods 429" 429 ',"retry_after":30' '"backoff_until":"'
sick "answers HTML" html '' "$failing"
sick "breaks off" cut_off '' "$failing"
sick "fails with 500" 500 '' '"circuit":"open"'
sick "trickles" trickle '' "$failing"

local_reads "well again"
check "local reads answer when all is over" reads_are_well
echo "# p99 of local reads: $healthy_p99 us healthy, at worst $worst us, ratio $(awk -v a="$worst" -v b="$healthy_p99" 'BEGIN { printf "%.2f", a / (b ? b : 1) }')"
stop "$daemon"
check "the daemon ends well" is "$stopped" 0
check "the store is sound" ctl verify
finish
