#!/bin/sh
# SPDX-License-Identifier: MIT
# webtorrent of npm, over TCP, fetches from the daemon and seeds to it.  Without node or the registry it is skipped.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v npm >/dev/null 2>&1 || skip_all "npm is missing"
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || skip_all "node is older than 18"
interop_init webtorrent

# WebRTC is of no use here, and its binary comes from elsewhere.
stub=$work/npm/webrtc-polyfill
mkdir -p "$stub"
echo '{"name":"webrtc-polyfill","version":"1.1.10","type":"module","exports":"./index.js"}' >"$stub/package.json"
echo 'export const RTCPeerConnection = undefined, RTCSessionDescription = undefined, RTCIceCandidate = undefined' >"$stub/index.js"
cat >"$work/npm/package.json" <<'END'
{
  "private": true,
  "overrides": { "webrtc-polyfill": "file:./webrtc-polyfill", "uint8-util": "2.2.5" },
  "dependencies": { "webtorrent": "2.8.5" }
}
END
timeout 150 npm install --silent --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=20000 \
    --prefix "$work/npm" >"$work/npm.log" 2>&1 </dev/null || skip_all "npm cannot install webtorrent"
cp "$srcdir/tests/interop/webtorrent.mjs" "$work/npm/"

peer() {
    node "$work/npm/webtorrent.mjs" "$2" "$3" >"$work/webtorrent.log" 2>&1 </dev/null &
    client=$!
}

they_take peer webtorrent
they_give peer webtorrent
finish
