#!/bin/sh
# SPDX-License-Identifier: MIT
# Pictures, from the sandbox's image host through the real daemon: fetched once, kept within cache.images and over a
# restart, never kept when they are none, and labelled with the language they are in.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init images
limit=204800

# picture TARGET [CURL-OPTION...]: its status; the bytes are then in $work/picture, the head in $work/head.
picture() {
    picture_target=$1
    shift
    curl -sS --max-time 60 -H "Authorization: Bearer $token" -o "$work/picture" -D "$work/head" -w '%{http_code}' "$@" \
        "$url$picture_target"
}

is_png() {
    is "$(head -c 4 "$1" | od -An -tx1 | tr -d ' ')" 89504e47
}

# In the head of the last answer.
head_has() {
    grep -qi "^$1: $2" "$work/head" || { echo "# $(tr -d '\r' <"$work/head" | paste -s -d '|' -)"; return 1; }
}

# asked SIZE: how many pictures of that size the host was asked for.
asked() {
    sandbox_asked "/t/p/$1/{file}"
}

many_get() {
    curl -sS --max-time 60 -Z --parallel-immediate --parallel-max 40 -H "Authorization: Bearer $token" \
        -o "$work/many-#1" "$url$1#[1-40]" 2>"$work/complained" || { cat "$work/complained"; return 1; }
    for many in "$work"/many-*; do
        cmp -s "$many" "$work/many-1" || { echo "# $many differs"; return 1; }
    done
    is "$(find "$work" -name 'many-*' | wc -l)" 40 && is_png "$work/many-1"
}

bytes_kept() {
    find "$data/cache/images" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

# shown LANGUAGE: the show's poster and the language it is said to be in.
shown() {
    get "/api/tvshows/tmdb:900001108?language=$1" >"$work/show"
    poster=$(member poster <"$work/show")
    said=$(sed 's/.*"languages":{//; s/}.*//' "$work/show" | grep -o '"poster":"[^"]*"' | cut -d '"' -f 4)
}

start_sandbox --scale 200
conf_more="cache = { images = $limit; };"
write_conf
echo "image_url = \"$upstream/t/p\"; languages = [ \"de-DE\" ];" >>"$providers/tmdb.conf"
# shellcheck disable=SC2119
start_daemon
get /api/movies/tmdb:45745 >"$work/film"
poster=$(member poster <"$work/film")
check "a film has a poster of ours" test "${poster#/api/images/posters/tmdb/}" != "$poster"

check "it is a picture" is "$(picture "$poster?w=150")" 200
check "a PNG" is_png "$work/picture"
check "that says so" head_has content-type image/png
check "and may be kept for long" head_has cache-control '.*max-age=2592000'
etag=$(tr -d '\r' <"$work/head" | sed -n 's/^[Ee][Tt]ag: *//p')
check "it is not sent to who has it" is "$(picture "$poster?w=150" -H "If-None-Match: $etag")" 304
check "HEAD tells of it" is "$(picture "$poster?w=150" -I)" 200
check "the host was asked once, for the next larger size" is "$(asked w154)" 1
check "no size is that wide" is "$(picture "$poster?w=5000")" 400
check "without a width it is the original" is "$(picture "$poster")" 200
check "of that size" is "$(asked original)" 1
check "forty at once get one picture" many_get "$poster?w=342"
check "for one request" is "$(asked w342)" 1

for wrong in html empty; do
    fault '/t/p/w92/*' $wrong
    check "$wrong is no picture" is "$(picture "$poster?w=92")" 502
    heal
done
check "and is not kept as one" is "$(picture "$poster?w=92")" 200
check "once the host is well" is_png "$work/picture"

stop "$daemon"
# shellcheck disable=SC2119
start_daemon
check "after a restart it is there" is "$(picture "$poster?w=150" -H "If-None-Match: $etag")" 304
check "without its host" is "$(asked w154)" 1

check "a sync begins" begin_sync
check "and ends" wait_for_jobs 120
get '/api/movies?limit=100' | grep -o '"poster":"/[^"]*"' | cut -d '"' -f 4 >"$work/posters"
n=$(wc -l <"$work/posters")
check "there are many posters" test "$n" -ge 60
got=0
while read -r one; do
    test "$(picture "$one?w=500" </dev/null)" != 200 || got=$((got + 1))
done <"$work/posters"
check "all are pictures" is "$got" "$n"
kept=$(bytes_kept)
check "more than fit were fetched, and the limit holds" test "$kept" -gt 0 -a "$kept" -le $limit
before=$(asked w500)
check "what was looked at last is kept" is "$(picture "$(tail -n 1 "$work/posters")?w=500")" 200
check "so its host is not asked" is "$(asked w500)" "$before"
check "what was looked at first is fetched again" is "$(picture "$(head -n 1 "$work/posters")?w=500")" 200
check "from its host" is "$(asked w500)" $((before + 1))

# TMDB's choice falls back to the original language, which is no other language's poster.
shown ja
original=$poster
check "the Japanese poster is shown to Japanese" is "$said" ja
shown en
check "to others one without text" is "$said" ''
check "which is another" test -n "$poster" -a "$poster" != "$original"
shown de
check "or that of their language" is "$said" de

stop "$daemon"
check "the daemon ends well" is "$stopped" 0
finish
