# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# What the tests against other people's BitTorrent clients share: the sandbox with its films, the daemon, and one film each
# way.  Everything on loopback, without DHT and the like, each wait bounded.  Sourced, after tests/system/lib.sh.
#
#   interop_init NAME  the sandbox seeds, the daemon runs
#   they_take START    START FILM MAGNET FOLDER starts a client that fetches: all that the daemon has, from nobody else
#   they_give START    START FILM TORRENT FOLDER starts a client that seeds what is in FOLDER: the daemon fetches it
#
#   npm_install DEPENDENCIES  into $work/npm
#
# START sets $client, the process to be ended, and writes what it says to $work/client.log.

taken=Metropolis.1927.1080p.BluRay.x264-SANDBOX.mkv
given=Charade.1963.720p.WEB.VP8-SANDBOX.webm

interop_init() {
    system_init "$1"
    need_films
    start_sandbox --films "$films"
    write_conf
    write_webtorrent
    # shellcheck disable=SC2119
    start_daemon
}

# honest true|false: whether the sandbox's own peers seed.
honest() {
    curl -fsS --max-time 10 -o /dev/null -X POST -d "{\"honest\":$1}" "$upstream/sandbox/peers"
}

is_whole() {
    cmp -s "$1" "$films/$2"
}

# What the tracker knows of the film.
scrape() {
    curl -sS --max-time 10 "$(sed 's|.*"trackers":\["\([^"]*\)/announce".*|\1|' "$work/reels")/scrape?info_hash=$(
        echo "$infohash" | sed 's/../%&/g')" 2>&1
}

# The tracker knows of somebody, or of somebody who has all of it; who asks before that is not told again for half an hour.
is_announced() {
    scrape | grep -aq 'completei[1-9]'
}

is_seeded() {
    scrape | grep -aq '8:completei[1-9]'
}

# As check, of something in which the other client takes part.
check_client() {
    check "$@" || {
        tail -n 40 "$work/client.log"
        scrape | tr -cd '[:print:]'
        echo
    } | sed 's/^/# client: /'
}

end_client() {
    test -z "$client" || kill "$client" 2>/dev/null
    test -z "$client" || reap "$client" 2>/dev/null
    others=
    client=
}

# The film at its best index is the one there is.
daemon_has() {
    learn "$magnet" && fetch "$infohash" "$(index_of "$1")" >"$work/stream" 2>"$work/curl.log" && cmp -s "$work/stream" "$films/$1"
}

they_take() {
    reel "$taken"
    check "the daemon has a film" daemon_has "$taken"
    honest false
    check "the tracker knows of it" wait_until 60 is_announced
    rm -rf "$work/theirs"
    mkdir "$work/theirs"
    "$1" "$taken" "$magnet" "$work/theirs"
    others=$client
    check_client "$2 fetches it from the daemon alone, byte for byte" wait_until 90 is_whole "$work/theirs/$taken" "$taken"
    end_client
    honest true
}

they_give() {
    reel "$given"
    honest false
    curl -fsS --max-time 10 -o "$work/given.torrent" "$upstream/sandbox/reels/$infohash.torrent"
    rm -rf "$work/ours"
    mkdir "$work/ours"
    cp "$films/$given" "$work/ours/"
    "$1" "$given" "$work/given.torrent" "$work/ours"
    others=$client
    check_client "$2 seeds" wait_until 60 is_seeded
    check_client "the daemon fetches from $2 alone, byte for byte" wait_until 90 daemon_has "$given"
    end_client
    honest true
}

# A port that nobody listens at, for who cannot be told to take any.  Below those that connections are given: such a one can
# still be held by a connection that has ended.
free_port() {
    free_port=$((10000 + $(random 20000)))
    while curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$free_port/" || test $? != 7; do
        free_port=$((10000 + $(random 20000)))
    done
}

# npm_install DEPENDENCIES: as package.json names them.  WebRTC is of no use here, and its binary comes from elsewhere: a module
# of that name without WebRTC takes its place.
npm_install() {
    no_webrtc=$work/npm/webrtc-polyfill
    mkdir -p "$no_webrtc"
    echo '{"name":"webrtc-polyfill","version":"1.1.10","type":"module","exports":"./index.js"}' >"$no_webrtc/package.json"
    echo 'export const RTCPeerConnection = undefined, RTCSessionDescription = undefined, RTCIceCandidate = undefined' >"$no_webrtc/index.js"
    cat >"$work/npm/package.json" <<END
{
  "private": true,
  "overrides": { "webrtc-polyfill": "file:./webrtc-polyfill", "uint8-util": "2.2.5" },
  "dependencies": { $1 }
}
END
    timeout 150 npm install --silent --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=20000 \
        --prefix "$work/npm" >"$work/npm.log" 2>&1 </dev/null
}
