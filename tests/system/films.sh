#!/bin/sh
# SPDX-License-Identifier: MIT
# From a word in the search to a film that plays: search, releases, magnet, torrent, stream, over the real daemon and films
# that the sandbox seeds.  What arrives is what was seeded, byte for byte, whoever else takes part.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init films
need_films

# same FILE INFOHASH INDEX: the stream is that file.
same() {
    fetch "$2" "$3" >"$work/stream" && cmp "$work/stream" "$1"
}

# every_file_is_right NAME: of a reel, each file that is listed; all that were seeded are.
every_file_is_right() {
    reel "$1"
    name=$(member name <"$work/reel")
    learn "$magnet" || return 1
    (cd "$films" && find "$name" -type f) >"$work/files"
    while read -r file; do
        index=$(index_of "$file")
        test -n "$index" || { echo "# $file is not listed"; return 1; }
        same "$films/$file" "$infohash" "$index" || { echo "# $file is another"; return 1; }
    done <"$work/files"
    is "$(grep -o '{"index":' "$work/torrent" | wc -l)" "$(wc -l <"$work/files")"
}

# range FROM-TO OFFSET LENGTH: of $file at $index.
range() {
    fetch "$infohash" "$index" -r "$1" >"$work/part" || return 1
    tail -c "+$(($2 + 1))" "$file" | head -c "$3" | cmp - "$work/part"
}

probe() {
    ffprobe -v error -show_entries stream=codec_name,codec_type,width:format=duration "$@"
}

probes_alike() {
    probe "$file" >"$work/probe" &&
        probe -headers "Authorization: Bearer $token" "$url/api/torrents/$infohash/files/$index/stream" >"$work/probe_http" &&
        cmp "$work/probe" "$work/probe_http"
}

# peers JSON: how the sandbox's peers are to behave.
peers() {
    curl -fsS --max-time 10 -o /dev/null -X POST -d "$1" "$upstream/sandbox/peers"
}

good_peers() {
    curl -fsS --max-time 10 -o /dev/null -X DELETE "$upstream/sandbox/peers"
}

forget_all() {
    for one in $(get '/api/torrents?limit=100' | grep -o '"infohash":"[0-9a-f]*"' | cut -d '"' -f 4); do
        status_of DELETE "/api/torrents/$one?files=1" >/dev/null
    done
}

start_films "$films"

# --- The way through

check "the sync begins" begin_sync
check "and ends" wait_for_jobs 120
reel Sintel
movie=$(get '/api/movies/search?q=sintel' | member id)
check "a search finds the film" test -n "$movie"
check "YTS's release of it is there" wait_until 60 has_release "$movie" "$infohash"
magnet=$(sed "s/.*\"infohash\":\"$infohash\"//" "$work/releases" | member magnet)
check "with a magnet" test -n "$magnet"
check "the magnet becomes a torrent" learn "$magnet"
file=$films/$(member name <"$work/reel")/$(member name <"$work/reel").mp4
index=$(member best <"$work/torrent")
check "whose best file is the film" is "$index" "$(index_of "${file#"$films/"}")"
check "the stream is the film, byte for byte" same "$file" "$infohash" "$index"
is_size=$(stat -c %s "$file")
check "curl -r: its first bytes" range 0-99 0 100
check "curl -r: across pieces" range 65000-200000 65000 135001
check "curl -r: its last bytes" range -500 $((is_size - 500)) 500
check "curl -r: from the midst to the end" range 1000000- 1000000 $((is_size - 1000000))
check "nothing begins behind its end" is "$(fetch "$infohash" "$index" -r "$is_size-" -o "$work/part" -w '%{http_code}')" 416
check "ffprobe says of it what it says of the file" probes_alike
check "a file that nobody has is not found" is "$(status_of GET "/api/torrents/$infohash/files/99/stream")" 404

# --- Every container and every format

check "v1 with a caption beside it" every_file_is_right Sintel
check "a hybrid of one file" every_file_is_right Night.of
check "mkv with subtitles" every_file_is_right Metropolis
check "webm" every_file_is_right Charade
check "v2 alone" every_file_is_right Nosferatu
check "a season with sample, extras and captions, a hybrid" every_file_is_right Lighthouse

# --- Whoever else takes part

forget_all
reel Metropolis
peers "{\"infohash\":\"$infohash\",\"manner\":\"corrupt\"}"
peers "{\"infohash\":\"$infohash\",\"manner\":\"resetting\"}"
peers "{\"infohash\":\"$infohash\",\"manner\":\"lying\"}"
peers "{\"infohash\":\"$infohash\",\"manner\":\"honest\"}"
check "beside peers that mean it badly each byte is right" every_file_is_right Metropolis
good_peers
forget_all
reel Charade
check "what nobody seeds opens nothing" peers "{\"infohash\":\"$infohash\",\"manner\":\"stalling\",\"honest\":false}"
status=$(status_of POST /api/torrents "{\"magnet\":\"$magnet\"}")
check "a link that nobody answers is a job, or known ($status)" test "$status" = 202 -o "$status" = 200
good_peers
check "once somebody does, it is learned" every_file_is_right Charade

stop "$daemon"
check "the daemon ends well" is "$stopped" 0
finish
