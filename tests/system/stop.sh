#!/bin/sh
# SPDX-License-Identifier: MIT
# The life of a daemon as an operator leads it: stopping under load, reloading, a second one on the same folder, and every
# command of miauflixctl with what it says and how it ends.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init stop
load=$builddir/tests/system/load
test -x "$load" || skip_all "$load is not built"

# ctl_ends STATUS ARGUMENT...: what it says is in $work/said and $work/complained.
ctl_ends() {
    expected=$1
    shift
    got=0
    ctl "$@" >"$work/said" 2>"$work/complained" </dev/null || got=$?
    test "$got" = "$expected" || { echo "# $*: $got, not $expected: $(head -c 300 "$work/complained")"; return 1; }
    test "$expected" = 0 || test -s "$work/complained" || test -s "$work/said" || { echo "# $* failed without a word"; return 1; }
}

# The tool's JSON parses: python and jq may be missing, a strict reader of ours is not.
is_json() {
    "$builddir/tests/system/is_json" <"$1"
}

# ctl_json ARGUMENT...: ends well, and what it says is one JSON value.
ctl_json() {
    ctl_ends 0 --json "$@" && is_json "$work/said"
}

provider_state() {
    get /api/providers/tmdb | member state
}

is_state() {
    test "$(provider_state)" = "$1"
}

ended_within_5_s() {
    begun=$(now_ms)
    stop "$daemon"
    took=$(($(now_ms) - begun))
    test $took -lt 5000 || { echo "# it took $took ms"; return 1; }
}

# An answer that began came to its end: whatever the clients got is whole.
answers_were_whole() {
    cut=$(grep -c '^cut$' "$work/answers" || :)
    whole=$(grep -c '^whole$' "$work/answers" || :)
    echo "# $whole answers were whole, $cut were cut"
    test "$whole" -gt 0 && test "$cut" = 0
}

# Until nobody answers any more: 7 is a refused connection, 52 and 56 one that was closed before an answer began.
ask_until_gone() {
    while :; do
        code=0
        curl -sS --max-time 10 -o /dev/null -H "Authorization: Bearer $token" "$url/api/movies?limit=100" 2>/dev/null || code=$?
        case $code in
        0) echo whole ;;
        18) echo cut ;;
        *) return 0 ;;
        esac
    done
}

item() {
    ctl --json show "$1" >"$work/$2" 2>/dev/null
}

# The first item that the changes in $work/changed leave alone: the copy may be older or newer than any other.
pick_untouched() {
    for untouched in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        item "$untouched" before
        tmdb=$(sed -n 's/.*"tmdb": *\([0-9][0-9]*\).*/\1/p' "$work/before" | head -n 1)
        sed 's/[][,]/\n/g' "$work/changed" | grep -qx " *$tmdb *" || return 0
    done
    return 1
}

same_item() {
    grep -v '"revision"' "$work/$1" >"$work/a"
    grep -v '"revision"' "$work/$2" >"$work/b"
    diff "$work/a" "$work/b" | head -n 5 | sed 's/^/# /'
    test -s "$work/a" && cmp -s "$work/a" "$work/b"
}

# All but the first line, which says when.
exports_the_same() {
    ctl export - 2>/dev/null | tail -n +2 >"$work/a"
    tail -n +2 "$work/all.ndjson" | cmp -s - "$work/a"
}

# --- The tool on a daemon that is not there
start_sandbox --scale 1000
write_conf
check "no daemon: status says so" ctl_ends 3 status
check "no daemon: sync says so" ctl_ends 3 sync
check "a command that does not exist is wrong usage" ctl_ends 2 frobnicate
check "none at all, too" ctl_ends 2
check "a word too many, too" ctl_ends 2 status now
check "an option nobody knows, too" ctl_ends 2 jobs --sideways
check "a job's number that is none, too" ctl_ends 2 jobs x1
check "nothing to search for, too" ctl_ends 2 search
check "a token for nobody, too" ctl_ends 2 token new
check "a backup to nowhere, too" ctl_ends 2 backup
check "two configurations, too" ctl_ends 2 --config "$work/none.conf" status
check "help is no failure" ctl_ends 0 --help
check "a store that never was is not verified" ctl_ends 4 verify

# --- Running
# shellcheck disable=SC2119
start_daemon
check "sync runs to its end" ctl_ends 0 sync
check "a second one joins or begins anew" ctl_json sync
for command in status providers 'providers tmdb' jobs 'jobs 1' 'search night' 'search --local night' 'token list --user operator' 'plugin list'; do
    # shellcheck disable=SC2086
    check "--json $command parses" ctl_json $command
    # shellcheck disable=SC2086
    check "$command speaks to people" ctl_ends 0 $command
done
check "an item is shown" ctl_ends 0 show 1
check "as JSON, too" ctl_json show 1
check "one that is not there is not found" ctl_ends 4 show tmdb:987654321
check "nor a job" ctl_ends 4 jobs 4000000
check "nor a provider" ctl_ends 4 providers nobody
check "a token is made while the daemon runs" ctl_json token new --user ann --scope read
ann=$(member token <"$work/said")
check "it lets in" is "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $ann" "$url/api/me")" 200
check "it may not do what is for others" is "$(curl -sS -o /dev/null -w '%{http_code}' -X POST -H "Authorization: Bearer $ann" "$url/api/movies/sync")" 403
check "a wrong token is told so" ctl_ends 1 --token wrong --url "$url" status
for command in verify compact "import $work/none" "restore $work/none"; do
    # shellcheck disable=SC2086
    check "$command: not while the daemon runs" ctl_ends 1 $command
done

# --- A second one
second=0
"$builddir/miauflixd" --config "$conf" >"$work/second.out" 2>"$work/second.err" </dev/null || second=$?
check "a second daemon on the same folder is refused" is "$second" 1
check "and says what is the matter" grep -q 'in use\|another\|running' "$work/second.err"
check "the first one does not mind" is "$(status_of GET /api/health)" 200
check "the control file is still the first one's" ctl_ends 0 status

# --- Reloading
sed 's/^enabled = true/enabled = false/' "$providers/tmdb.conf" >"$work/off" && cp "$work/off" "$providers/tmdb.conf"
kill -HUP "$daemon"
check "SIGHUP takes a provider out of service" wait_until 10 is_state disabled
sed 's/^enabled = false/enabled = true/' "$work/off" >"$providers/tmdb.conf"
kill -HUP "$daemon"
check "SIGHUP brings it back" wait_until 10 is_state active
cp "$conf" "$work/conf.before"
sed 's/rate_per_minute = 0/rate_per_minute = 60; rate_burst = 3/' "$work/conf.before" >"$conf"
kill -HUP "$daemon"
is_limited() {
    test "$(status_of GET '/api/movies?limit=1')" = 429
}
check "SIGHUP brings new limits" wait_until 10 is_limited
check "who is limited learns when to come back" grep -qi '^retry-after: [0-9]' "$work/head"
echo 'nonsense = 1;' >>"$conf"
kill -HUP "$daemon"
says_it_goes_on() {
    grep -q 'nonsense.*going on with the old' "$work/daemon.log"
}
check "a wrong configuration is refused, and the daemon goes on" wait_until 10 says_it_goes_on
cp "$work/conf.before" "$conf"
kill -HUP "$daemon"
is_free_again() {
    test "$(status_of GET '/api/movies?limit=1')" = 200
}
check "SIGHUP lifts the limits" wait_until 10 is_free_again
ranks_by() {
    get '/api/search/movies?q=the&scope=local&explain=1&limit=1' | grep -q "\"match\":$1,"
}
check "what the words of a title are worth" ranks_by 9.000
sed 's/^limits/ranking = { prefix = 850; };\nlimits/' "$work/conf.before" >"$conf"
kill -HUP "$daemon"
check "SIGHUP brings other weights, of answers that were ready too" wait_until 20 ranks_by 8.500
cp "$work/conf.before" "$conf"
kill -HUP "$daemon"
check "SIGHUP brings back the usual ones" wait_until 20 ranks_by 9.000
speaks() {
    test "$(status_of GET /api/movies/tmdb:775)" = 200 && grep -qi "^content-language: $1" "$work/head"
}
check "who names no language is answered in the configured one" speaks en
check "also out of what is ready" speaks en
sed 's/^limits/catalogue = { languages = [ "pt-BR" ]; };\nlimits/' "$work/conf.before" >"$conf"
kill -HUP "$daemon"
check "SIGHUP brings other languages, of answers that were ready too" wait_until 20 speaks pt-BR
check "what follows from them is derived" wait_for_jobs 120
cp "$work/conf.before" "$conf"
kill -HUP "$daemon"
check "SIGHUP brings back the usual ones" wait_until 20 speaks en
check "and so is what they imply" wait_for_jobs 120
n_jobs=$(get '/api/jobs?limit=1' | member total)
more_jobs() {
    test "$(get '/api/jobs?limit=1' | member total)" -gt "$n_jobs"
}
sed 's/changes = "never"/changes = "every 6 h"/; s/^sync = {/& scopes = [ "movies" ];/' "$work/conf.before" >"$conf"
kill -HUP "$daemon"
check "SIGHUP brings other schedules: what is due now begins" wait_until 20 more_jobs
check "and comes to its end" wait_for_jobs 120
cp "$work/conf.before" "$conf"
kill -HUP "$daemon"

# --- Backup while it runs and is written to
curl -fsS -o "$work/changed" -X POST -d '{"random":400}' "$upstream/sandbox/change"
check "an item that no change touches" pick_untouched
curl -fsS -o /dev/null -X POST -d '{"random":6000}' "$upstream/sandbox/add"
check "another sync begins" ctl_ends 0 sync --no-wait
check "a backup beside it" ctl_ends 0 backup "$work/copy"
check "a backup never clears what is not one" ctl_ends 1 backup "$work"

# --- Stopping under load
: >"$work/answers"
for one in 1 2 3 4; do
    ask_until_gone >>"$work/answers" &
    others="$others $!"
done
enough() {
    test "$(wc -l <"$work/answers")" -gt 200
}
check "clients are answered during a sync" wait_until 20 enough
check "which still runs" is "$(get '/api/jobs?state=running' | member total)" 1
check "SIGTERM under load: gone within 5 s" ended_within_5_s
check "with status 0" is "$stopped" 0
for one in $others; do
    reap "$one"
done
others=
check "answers that had begun came to their end ($(wc -l <"$work/answers"))" answers_were_whole
check "nothing is half-written" ctl_ends 0 verify
check "the control file is gone" test ! -e "$data/control"

# --- Elsewhere
live=$data
cp "$conf" "$work/conf.live"
elsewhere() {
    data=$work/$1
    mkdir -p "$data"
    sed "s|^data_folder = .*|data_folder = \"$data\";|" "$work/conf.live" >"$conf"
}
elsewhere restored
check "the backup is restored elsewhere" ctl_ends 0 restore "$work/copy"
check "never over a store" ctl_ends 1 restore "$work/copy"
check "it is sound" ctl_json verify
# shellcheck disable=SC2119
start_daemon
ctl providers tmdb disable >/dev/null
check "the same item is there" item "$untouched" after
check "and is the same" same_item before after
check "the token, too" is "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $ann" "$url/api/me")" 200
stop "$daemon"
check "compact ends well" ctl_ends 0 compact
check "export writes all" ctl_ends 0 export "$work/all.ndjson"
check "to standard output, too" exports_the_same
elsewhere imported
check "import reads it back" ctl_ends 0 import "$work/all.ndjson"
check "not twice" ctl_ends 1 import "$work/all.ndjson"
check "the imported store is sound" ctl_ends 0 verify
check "what it exports is the same to the byte" exports_the_same
# shellcheck disable=SC2119
start_daemon
ctl providers tmdb disable >/dev/null
check "the item is there" item "$untouched" imported_item
check "and is the same" same_item before imported_item
stop "$daemon"
data=$live
finish
