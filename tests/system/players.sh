#!/bin/sh
# SPDX-License-Identifier: MIT
# What players and other programs are given of a torrent, from the real daemon and the sandbox's swarm: the .torrent file,
# what a film is made of, captions as WebVTT, playlists that play.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init players
need_films

# download TARGET FILE
download() {
    curl -fsS --max-time 60 -H "Authorization: Bearer $token" "$url$1" >"$2"
}

# upload FILE: the status.
upload() {
    curl -sS --max-time 30 -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/x-bittorrent' --data-binary "@$1" "$url/api/torrents"
}

is_analysed() {
    test "$(status_of POST "/api/torrents/$infohash/files/$index/analyse" '{}')" = 200 && grep -q '"tracks"' "$work/answer"
}

# Whoever read it until now may take a moment to leave.
is_forgotten() {
    test "$(status_of DELETE "/api/torrents/$infohash?files=1")" = 204
}

# has TEXT FILE
has() {
    grep -qF "$1" "$2" || { head -c 500 "$2" | sed 's/^/# /'; return 1; }
}

# The first address of $work/playlist, without a token.
playlist_plays() {
    player=$(grep -m 1 '^http' "$work/playlist")
    curl -fsS --max-time 60 "$player" | cmp - "$1"
}

start_films "$films"

reel Metropolis
check "a magnet becomes a torrent" learn "$magnet"
index=$(member best <"$work/torrent")
file=$films/$(member name <"$work/reel")
check "its file is handed out" download "/api/torrents/$infohash.torrent" "$work/film.torrent"
check "with the tracker in it" has announce "$work/film.torrent"
check "a film is analysed" wait_until 60 is_analysed
check "as a Matroska" has matroska "$work/answer"
check "a playlist is made" download "/api/torrents/$infohash/playlist.m3u" "$work/playlist"
check "it knows how long the film is" has "#EXTINF:" "$work/playlist"
check "and its address plays without a token" playlist_plays "$file"
check "the film is forgotten" wait_until 30 is_forgotten
check "its file is taken in" is "$(upload "$work/film.torrent")" 201
cp "$work/answer" "$work/torrent"
check "as the same torrent" is "$(member infohash <"$work/torrent")" "$infohash"
check "and plays, byte for byte" sh -c "curl -fsS --max-time 60 -H 'Authorization: Bearer $token' \
    '$url/api/torrents/$infohash/files/$index/stream' | cmp - '$file'"
check "the same again is known" is "$(upload "$work/film.torrent")" 200
head -c 300 "$work/film.torrent" >"$work/cut.torrent"
check "a part of it is refused" is "$(upload "$work/cut.torrent")" 422

reel Lighthouse
check "a season becomes a torrent" learn "$magnet"
check "its playlist has the episodes in order" download "/api/torrents/$infohash/playlist.m3u" "$work/playlist"
grep '^#EXTINF' "$work/playlist" | cut -d , -f 2 >"$work/names"
sort "$work/names" >"$work/sorted"
check "and nothing else" cmp "$work/names" "$work/sorted"
check "more than one" test "$(wc -l <"$work/names")" -gt 1
captions=$(sed 's/{"index":/\n/g' "$work/torrent" | grep '"kind":"subtitle"' | grep '\.srt"' | head -n 1 | cut -d , -f 1)
check "captions are WebVTT" download "/api/torrents/$infohash/files/$captions/subtitle.vtt" "$work/captions"
check "that begins as such" is "$(head -n 1 "$work/captions")" WEBVTT
check "and is UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$work/captions"
check "a film is no caption" is "$(status_of GET "/api/torrents/$infohash/files/$(member best <"$work/torrent")/subtitle.vtt")" 422

stop "$daemon"
check "the daemon ends well" is "$stopped" 0
finish
