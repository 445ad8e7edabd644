#!/bin/sh
# SPDX-License-Identifier: MIT
# A line of 50 Mbit/s in a network of its own, shared by the film and all that is said about it.
builddir=${MIAUFLIX_BUILDDIR:-.}
if test -z "${MIAUFLIX_OWN_NETWORK:-}"; then
    unshare -rn true 2>/dev/null || { echo "bench_link.sh: SKIPPED: name spaces are not to be had here" >&2; exit 0; }
    MIAUFLIX_OWN_NETWORK=1 exec unshare -rn sh "$0"
fi
PATH=$PATH:/usr/sbin:/sbin
if ! ip link set lo up || ! tc qdisc add dev lo root tbf rate 50mbit burst 256k latency 60ms; then
    echo "bench_link.sh: SKIPPED: no line can be made here (iproute2, tbf)" >&2
    exit 0
fi
exec "$builddir/tests/bench/bench_torrent" link
