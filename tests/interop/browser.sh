#!/bin/sh
# SPDX-License-Identifier: MIT
# A browser plays an mp4 with its index at the end, an mp4 with it in front, an mkv and a webm from the daemon's streams, and
# seeks in each.  It tells how it went by asking the sandbox for addresses that say so.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v chromium >/dev/null 2>&1 || skip_all "chromium is missing (apt install chromium)"
interop_init browser

# Only in the background or before a pipe: it becomes the browser, so that this can be ended by its number.
browse() {
    profile=$1
    shift
    exec env HOME="$work" timeout 150 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --autoplay-policy=no-user-gesture-required --mute-audio --disable-background-networking --disable-component-update \
        --user-data-dir="$work/$profile" "$@" 2>"$work/browser.log" </dev/null
}

browse probe --dump-dom 'data:text/html,<p>well</p>' | grep -q '<p>well</p>' || skip_all "chromium does not run here"

# address_of NAME FILE: where a player finds it, with what lets it in.
address_of() {
    reel "$1"
    learn "$magnet" || return 1
    get "/api/torrents/$infohash/files/$(index_of "$2")" | member player
}

# play NAME FILE: the browser's verdict, in $work/verdict, is that it plays, so wide and so many seconds long.
verdict() {
    curl -fsS --max-time 10 "$upstream/sandbox/requests" | grep -o "/browser/$run/[^\"]*" | head -n 1 >"$work/verdict"
    test -s "$work/verdict"
}

play() {
    run=$((${run:-0} + 1))
    address=$(address_of "$1" "$2")
    test -n "$address" || return 1
    sed "s|STREAM|$url$address|; s|TELL|$upstream/browser/$run/|" "$srcdir/tests/interop/browser.html" >"$work/page.html"
    browse "profile$run" --remote-debugging-port=0 "file://$work/page.html" &
    client=$!
    others=$client
    wait_until 120 verdict
    end_client
    is "$(sed "s|/browser/$run/||" "$work/verdict")" "ok/640/12"
}

sintel=Sintel.2010.720p.BluRay.x264-SANDBOX
check "mp4 with its index at the end" play Sintel $sintel/$sintel.mp4
check "mp4 with its index in front" play Night.of Night.of.the.Living.Dead.1968.720p.BluRay.x264-SANDBOX.mp4
check "mkv" play Metropolis "$taken"
check "webm" play Charade "$given"
check "what is no film does not play" is "$(play Sintel $sintel/$sintel.en.srt >/dev/null; sed "s|/browser/$run/||; s|/.*||" "$work/verdict")" error
finish
