#!/bin/sh
# SPDX-License-Identifier: MIT
# qbittorrent-nox fetches from the daemon.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
. "${MIAUFLIX_SRCDIR:-.}/tests/interop/lib.sh"
command -v qbittorrent-nox >/dev/null 2>&1 || skip_all "qbittorrent-nox is missing (apt install qbittorrent-nox)"
interop_init qbittorrent

takes() {
    free_port
    mkdir -p "$work/profile/qBittorrent/config"
    cat >"$work/profile/qBittorrent/config/qBittorrent.conf" <<END
[LegalNotice]
Accepted=true

[BitTorrent]
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\Interface=lo
Session\\InterfaceName=lo
Session\\InterfaceAddress=127.0.0.1
Session\\DefaultSavePath=$3
Session\\SSRFMitigation=false

[Network]
PortForwardingEnabled=false

[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\UseUPnP=false
END
    HOME=$work timeout 150 qbittorrent-nox --profile="$work/profile" --webui-port="$free_port" --save-path="$3" \
        --skip-dialog=true "$2" >"$work/client.log" 2>&1 </dev/null &
    client=$!
}

they_take takes qbittorrent-nox
finish
