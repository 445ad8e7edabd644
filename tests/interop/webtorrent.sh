#!/bin/sh
# SPDX-License-Identifier: MIT
# webtorrent of npm, over TCP, fetches from the daemon and seeds to it.  Without node or the registry it is skipped.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v npm >/dev/null 2>&1 || skip_all "npm is missing"
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || skip_all "node is older than 18"
interop_init webtorrent

npm_install '"webtorrent": "2.8.5"' || skip_all "npm cannot install webtorrent"
cp "$srcdir/tests/interop/webtorrent.mjs" "$work/npm/"

peer() {
    node "$work/npm/webtorrent.mjs" "$2" "$3" >"$work/client.log" 2>&1 </dev/null &
    client=$!
}

they_take peer webtorrent
they_give peer webtorrent
finish
