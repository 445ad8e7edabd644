#!/bin/sh
# SPDX-License-Identifier: MIT
# The daemon is killed with -9 in the midst of fetching a film.  After each restart it goes on, and what it then serves is the
# film, byte for byte.  3 rounds; MIAUFLIX_SOAK=1 (make soak) makes it 20.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init torrent_crash
test -f "$builddir/plugins/webtorrent/webtorrent.la" || skip_all "plugins/webtorrent is not built"

rounds=3
test -z "${MIAUFLIX_SOAK:-}" || rounds=20

# Large enough to be caught in the midst of; nobody looks at it.
mkdir "$work/films"
number=0
while test $number -lt $rounds; do
    number=$((number + 1))
    format=$(echo v1 v2 hybrid | cut -d ' ' -f $((number % 3 + 1)))
    head -c 40000000 /dev/urandom >"$work/films/Noise.$number.mkv"
    printf 'Noise.%s.mkv\t%s\t-\t-\n' $number "$format" >>"$work/films/reels.tsv"
done

start_films "$work/films"

n_bytes() {
    stat -c %s "$work/part" 2>/dev/null || echo 0
}

has_begun() {
    test "$(n_bytes)" -gt "$begun_at" || is_gone "$reader"
}

# What a reader was sent until the connection broke is the beginning of the film.
part_is_right() {
    head -c "$(n_bytes)" "$film" | cmp - "$work/part"
}

is_right() {
    fetch "$infohash" 0 >"$work/stream" && cmp "$work/stream" "$film"
}

midst=0
round=0
while test $round -lt $rounds; do
    round=$((round + 1))
    film=$work/films/Noise.$round.mkv
    reel "Noise.$round."
    learn "$magnet" || bail "round $round: the torrent is not learned"
    begun_at=$(random 20000000)
    : >"$work/part"
    fetch "$infohash" 0 --limit-rate 20M >"$work/part" 2>/dev/null &
    reader=$!
    others=$reader
    wait_until 60 has_begun
    kill_daemon
    reap "$reader"
    others=
    test "$(n_bytes)" = 40000000 || midst=$((midst + 1))
    check "round $round: what was sent until the kill is right ($(n_bytes) bytes)" part_is_right
    # shellcheck disable=SC2119
    start_daemon
    check "round $round: after it the film is right ($(member format <"$work/reel"))" is_right
done
echo "# $midst of $rounds kills came in the midst"
check "kills came in the midst" test "$midst" -gt 0
stop "$daemon"
check "the daemon ends well" is "$stopped" 0
check "the store is sound" ctl verify
finish
