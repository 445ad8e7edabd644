#!/bin/sh
# SPDX-License-Identifier: MIT
# transmission seeds to the daemon.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
for program in transmission-daemon transmission-remote; do
    command -v "$program" >/dev/null 2>&1 || skip_all "$program is missing (apt install transmission-daemon transmission-cli)"
done
interop_init transmission

remote() {
    transmission-remote "127.0.0.1:$rpc_port" "$@" >>"$work/client.log" 2>&1
}

gives() {
    free_port
    rpc_port=$free_port
    free_port
    mkdir "$work/config"
    cat >"$work/config/settings.json" <<END
{
    "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1", "rpc-bind-address": "127.0.0.1", "rpc-port": $rpc_port,
    "peer-port": $free_port, "download-dir": "$3", "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false,
    "utp-enabled": false, "port-forwarding-enabled": false, "rpc-authentication-required": false
}
END
    timeout 150 transmission-daemon --foreground --config-dir "$work/config" >"$work/client.log" 2>&1 </dev/null &
    client=$!
    wait_until 20 remote --session-info || bail "transmission does not start"
    remote --add "$2" || bail "transmission does not take the torrent"
}

they_give gives transmission
finish
