#!/bin/sh
# SPDX-License-Identifier: MIT
# The disk fills up during a sync: reads go on, writes say 507, what ended is still told, and with room again everything
# works, without a restart as well as after one.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"

# A small disk of one's own needs a name space of one's own.
if test -z "${MIAUFLIX_OWN_MOUNTS:-}"; then
    command -v unshare >/dev/null 2>&1 || skip_all "unshare is missing"
    unshare -rm true 2>/dev/null || skip_all "name spaces are not to be had here"
    MIAUFLIX_OWN_MOUNTS=1 exec unshare -rm sh "$0"
fi

system_init full_disk
mkdir "$data"
mount -t tmpfs -o size=80m miauflix "$data" || skip_all "no small disk can be made here"
trap 'umount -l "$data"; clean_up' EXIT

give_room() {
    mount -o "remount,size=$1" "$data"
}

new_token() {
    status_of POST /api/me/tokens '{"label":"more","scopes":["read"]}'
}

writing_says() {
    test "$(new_token)" = "$1"
}

status_with() {
    curl -sS --max-time 20 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" "$url/api/me"
}

start_sandbox --scale 5000
write_conf
# shellcheck disable=SC2119
start_daemon
is "$(new_token)" 201
ann=$(member token <"$work/answer")
ann_id=$(member id <"$work/answer")
check "a sync begins" begin_sync
check "the disk fills up, and a write says so" wait_until 60 writing_says 507
check "as a problem of the disk" grep -q "\"code\":\"disk_full\"" "$work/answer"
check "the sync has ended" wait_for_jobs 60
check "as a failure" is "$(job_state 1)" failed
check "which says why" is "$(get /api/jobs/1 | grep -c 'MiB are left')" 1
check "reads go on" is "$(status_of GET '/api/movies?limit=20')" 200
check "of one item, too" is "$(status_of GET /api/movies/1)" 200
check "and of the state" is "$(status_of GET /api/status)" 200
check "no new sync begins" is "$(status_of POST /api/movies/sync '{}')" 507
check "a token that is to be revoked is revoked" is "$(status_of DELETE "/api/me/tokens/$ann_id")" 204
check "and lets nobody in" is "$(status_with "$ann")" 401
kill_daemon
# shellcheck disable=SC2119
start_daemon
check "it starts on the full disk" is "$(status_of GET /api/health)" 200
check "reads go on there" is "$(status_of GET '/api/movies?limit=20')" 200
check "what was revoked stays so" is "$(status_with "$ann")" 401
check "writes are still refused" is "$(new_token)" 507
give_room 1g
check "with room again they are not" wait_until 20 writing_says 201
check "a sync begins again" begin_sync
check "and comes to its end" wait_for_jobs 200
check "this time well" is "$(get "/api/jobs?limit=1" | member state)" "done"
stop "$daemon"
check "the daemon stops well" is "$stopped" 0
check "the store is sound" ctl verify
finish
