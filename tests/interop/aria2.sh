#!/bin/sh
# SPDX-License-Identifier: MIT
# aria2 fetches from the daemon and seeds to it.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v aria2c >/dev/null 2>&1 || skip_all "aria2 is missing (apt install aria2)"
interop_init aria2

aria2() {
    free_port
    aria2c --no-conf --enable-dht=false --enable-dht6=false --bt-enable-lpd=false --enable-peer-exchange=false \
        --disable-ipv6=true --interface=127.0.0.1 --listen-port="$free_port" --summary-interval=0 --stop=120 "$@" \
        >"$work/client.log" 2>&1 </dev/null &
    client=$!
}

takes() {
    aria2 --dir="$3" --seed-time=0 "$2"
}

gives() {
    aria2 --dir="$3" --check-integrity=true --seed-ratio=0 "$2"
}

they_take takes aria2
they_give gives aria2
finish
