#!/bin/sh
# SPDX-License-Identifier: MIT
# A browser plays an mp4 with its index at the end, an mp4 with it in front, an mkv and a webm from the daemon's streams, and
# seeks in each.  It tells how it went by asking the sandbox for addresses that say so.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v chromium >/dev/null 2>&1 || skip_all "chromium is missing (apt install chromium)"
interop_init browser

# address_of NAME FILE: where a player finds it, with what lets it in.
address_of() {
    reel "$1"
    learn "$magnet" || return 1
    get "/api/torrents/$infohash/files/$(index_of "$2")" | member player
}

# play NAME FILE: the browser's verdict is "ok WIDTH DURATION", in $work/verdict.
verdict() {
    curl -fsS --max-time 10 "$upstream/sandbox/requests" | grep -o "/browser/$run/[^\"]*" | head -n 1 >"$work/verdict"
    test -s "$work/verdict"
}

play() {
    run=$((${run:-0} + 1))
    address=$(address_of "$1" "$2")
    test -n "$address" || return 1
    sed "s|STREAM|$url$address|; s|TELL|$upstream/browser/$run/|" "$srcdir/tests/interop/browser.html" >"$work/page.html"
    HOME=$work timeout 100 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --autoplay-policy=no-user-gesture-required --mute-audio --disable-background-networking --disable-component-update \
        --user-data-dir="$work/profile$run" --remote-debugging-port=0 "file://$work/page.html" >"$work/browser.log" 2>&1 </dev/null &
    client=$!
    others=$client
    wait_until 90 verdict
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
