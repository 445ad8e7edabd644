#!/bin/sh
# SPDX-License-Identifier: MIT
# Two TMDB clients that nobody here wrote talk to the sandbox: moviedb-promise and tmdb-ts, from npm into
# a directory of their own.  Without node or the registry the test says so and is skipped.
set -u

srcdir=${MIAUFLIX_SRCDIR:-.}
builddir=${MIAUFLIX_BUILDDIR:-.}

skip() {
    echo "1..0 # SKIP $1"
    echo "clients.sh: SKIPPED: $1" >&2
    exit 0
}

command -v node >/dev/null 2>&1 || skip "node is missing"
command -v npm >/dev/null 2>&1 || skip "npm is missing"
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' || skip "node is older than 18"

work=$(mktemp -d) || exit 1
sandbox=
end() {
    test -z "$sandbox" || kill "$sandbox" 2>/dev/null
    test -z "$sandbox" || wait "$sandbox" 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

npm install --silent --no-audit --no-fund --no-save --ignore-scripts --fetch-retries=1 \
    --fetch-timeout=20000 --prefix "$work" moviedb-promise@4.0.8 tmdb-ts@2.3.0 >"$work/npm.log" 2>&1 ||
    skip "npm cannot install the clients"

"$builddir/miauflix-sandbox" --scale 200 --scale-shows 200 --announce "$work/port" >"$work/sandbox.log" 2>&1 &
sandbox=$!
waited=0
while ! test -s "$work/port"; do
    waited=$((waited + 1))
    if ! kill -0 "$sandbox" 2>/dev/null || test "$waited" -gt 300; then
        echo "Bail out! the sandbox does not start"
        exit 1
    fi
    sleep 0.1
done

cp "$srcdir/tests/sandbox/clients.cjs" "$work/clients.cjs"
node "$work/clients.cjs" "http://127.0.0.1:$(cat "$work/port")"
