#!/bin/sh
# SPDX-License-Identifier: MIT
# Whether a release is alive: what a tracker's listing claims, and what is found when the daemon looks, over the real daemon
# and a swarm on loopback.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init availability
need_films

look() {
    is "$(status_of POST "/api/releases/$1/check")" "$2"
}

# said FILE OBJECT MEMBER: of an object of "availability".
said() {
    sed "s/.*\"$2\":{/{/" "$1" | member "$3"
}

is_alive() {
    is "$(said "$1" availability state)" alive && test "$(said "$1" verified seeds)" -ge 1 &&
        test "$(said "$1" check met)" -ge 1 && test "$(said "$1" check answers)" -ge 1
}

is_dead() {
    is "$(said "$1" availability state)" dead && is "$(said "$1" verified seeds)" 0 && ! said "$1" check dead_since | grep -q null
}

start_films "$films"

check "the sync begins" begin_sync
check "and ends" wait_for_jobs 120
reel Sintel
movie=$(get '/api/movies/search?q=sintel' | member id)
check "a release that is seeded is known" wait_until 60 has_release "$movie" "$infohash"
get "/api/releases/$infohash" >"$work/before"
check "nobody looked at it yet" grep -q '"verified":null' "$work/before"
claimed=$(said "$work/before" claimed seeds)
check "looking finds its seeds" look "$infohash" 200
check "so it is alive" is_alive "$work/answer"
check "what is claimed stays beside it" is "$(said "$work/answer" claimed seeds)" "$claimed"
check "both make its history" is "$(sed 's/.*"history"//' "$work/answer" | grep -o '"at"' | wc -l)" 2

# Of all releases the first that no reel seeds.
seeded=$(grep -o '"infohash":"[0-9a-f]*"' "$work/reels" | sort)
for one in $(get '/api/releases?limit=100' | grep -o '"infohash":"[0-9a-f]*"'); do
    case $seeded in
    *"$one"*) ;;
    *) nobodys=$(echo "$one" | cut -d '"' -f 4) && break ;;
    esac
done
check "there is one that nobody seeds" test -n "$nobodys"
check "looking finds nobody" look "$nobodys" 200
check "so it is dead" is_dead "$work/answer"
of_seeds() {
    get "/api/movies/$1/releases?scope=local&min_seeds=1" >"$work/with_seeds"
    grep -q "\"infohash\":\"$2\"" "$work/with_seeds"
}
is_of_none() {
    ! of_seeds "$1" "$2" && grep -q '"results":' "$work/with_seeds"
}
check "it is none of those with seeds" is_of_none "$(member item <"$work/answer")" "$nobodys"
check "the other one is" of_seeds "$movie" "$infohash"

stop "$daemon"
check "the store is sound" ctl verify
# shellcheck disable=SC2119
start_daemon
get "/api/releases/$infohash" >"$work/after"
check "all of it is there after a restart" is_alive "$work/after"
finish
