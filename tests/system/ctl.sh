#!/bin/sh
# SPDX-License-Identifier: MIT
# miauflixctl as it is typed: against a running daemon, on a stopped store, and wrongly; and its completion in bash.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init ctl
unset MIAUFLIX_URL MIAUFLIX_TOKEN

# run ARGUMENT...: $status, $work/out and $work/err.
run() {
    status=0
    ctl "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# gives STATUS PATTERN ARGUMENT...: the status, and standard output that matches.
gives() {
    wanted=$1
    pattern=$2
    shift 2
    run "$@"
    test "$status" = "$wanted" && grep -qE -e "$pattern" "$work/out" && return
    echo "# status $status, expected $wanted and '$pattern':"
    head -n 5 "$work/out" "$work/err" | sed 's/^/# /'
    return 1
}

# refuses STATUS PATTERN ARGUMENT...: nothing on standard output, one complaint on standard error.
refuses() {
    wanted=$1
    pattern=$2
    shift 2
    run "$@"
    test "$status" = "$wanted" && test ! -s "$work/out" && grep -qE -e "^miauflixctl: .*$pattern" "$work/err" && return
    echo "# status $status, expected $wanted and '$pattern':"
    head -n 5 "$work/out" "$work/err" | sed 's/^/# /'
    return 1
}

# answers_json ARGUMENT...: one value; what came of it is read back by the shell's means.
answers_json() {
    run --json "$@"
    test "$status" = 0 && head -c 1 "$work/out" | grep -q '[[{]' && tail -n 1 "$work/out" | grep -qE '^[]}]|^\{\}|^\[\]'
}

# shellcheck disable=SC2119
start_sandbox
write_conf

# --- Without a daemon
check "without a daemon status says where it looked" refuses 3 "no daemon runs on '$data'" status
check "and so does sync" refuses 3 'no daemon runs' sync
check "what needs a store makes none" refuses 4 'there is no store' export "$work/none.ndjson"
check "neither does a backup" refuses 4 'there is no store' backup "$work/none"
check "nor a compaction" refuses 4 'there is no store' compact
check "and nothing was made" test ! -e "$data/store"
check "an import of nothing makes none either" refuses 1 'cannot open' import "$work/none.ndjson"
check "nothing listens at an address" refuses 3 'no daemon answers at http://127.0.0.1:1:' status --url http://127.0.0.1:1
check "an address is an address" refuses 2 'http://ADDRESS:PORT' status --url localhost
check "a configuration that is not there is said" sh -c "! '$builddir/miauflixctl' --config '$work/nowhere.conf' status 2>'$work/err' && grep -q nowhere.conf '$work/err'"
check "a token can be made before the daemon's first start" gives 0 '^mfx_' token new --user anna --scope read
check "and is listed" gives 0 'anna +read +.*never' token list

start_daemon
first=$daemon

# --- Ctrl-C ends the watching; the job is the daemon's.
# The export takes its time, so that there is something to watch.
fault '/p/exports/*' slow ',"delay_ms":5000'
a_job_runs() {
    is "$(ctl --json jobs --state running | member total)" 1 >/dev/null
}
# The tool has taken the signal over once it follows: it says so itself, in /proc.
watches() {
    grep -qE '^SigCgt:.*[2367abef]$' "/proc/$watcher/status"
}
interrupted() {
    "$builddir/miauflixctl" --config "$conf" sync >"$work/out" 2>"$work/err" </dev/null &
    watcher=$!
    wait_until 10 a_job_runs && wait_until 10 watches || return 1
    kill -INT "$watcher"
    reap "$watcher"
    is "$stopped" 130 && grep -q 'goes on' "$work/err" && a_job_runs
}
check "Ctrl-C leaves the sync to the daemon and says so" interrupted
refused_with_its_address() {
    is "$(status_of POST /api/movies/sync '{"mode":"full"}')" 409 && grep -qi '^location: /api/jobs/1.$' "$work/head"
}
check "who wants more than the job that runs does is told its address" refused_with_its_address
check "one that does less is not joined, and is named" refuses 1 "job 1 synchronises 'movies' already" sync --full
heal

# --- With one
check "a sync that runs is joined and followed to its end" gives 0 '^sync done: [0-9,]+ done, 0 errors$' sync
check "it was joined, not doubled" is "$(ctl --json jobs | member total)" 1
check "what is no terminal gets no live line" test ! -s "$work/err"
check "status shows the catalogue" gives 0 '^catalogue +[0-9]+ movies, 0 TV shows$' status
check "providers show their circuits and budgets" gives 0 '^tmdb +active +closed +- +[0-9]' providers
check "one provider is shown in full" gives 0 '^  budget +[0-9,]+ this hour, [0-9,]+ today$' providers tmdb
check "a provider is taken out of service" gives 0 '^state +disabled' providers tmdb disable
check "and comes back" gives 0 '^state +active' providers tmdb enable
check "and is reset" gives 0 '^state +active' providers tmdb reset
check "jobs have a heading" gives 0 '^ID +WHAT +STATE +DONE' jobs
check "one job is shown" gives 0 '^job 1: sync movies is done$' jobs 1
check "and what it was asked for" gives 0 '^  incremental, from tmdb$' jobs 1
check "jobs of one state are shown" gives 0 '^no jobs$' jobs --state failed
check "a search has a heading" gives 0 '^ *ID +KIND +YEAR +RATING +MIN +TITLE' search nosferatu
check "and says how many it found" gives 0 '^2 of [0-9]+ found; --limit shows more$' search the --limit 2 --local
check "nothing found is no failure" gives 0 '^nothing found$' search zzzzqqqqxxxx --local
check "what looks like an option is a word behind --" gives 0 'found' search --local -- --nosferatu
check "an item is shown" gives 0 '^director +F. W. Murnau' show tmdb:653
check "in another language" gives 0 '^original +Nosferatu' show tmdb:653 --language ja
check "a token is made by the daemon" gives 0 '^mfx_' token new --user ben --scope read,write --label 'a phone' --days 3
token=$(cat "$work/out")
check "and opens it" answers_json status --url "$url" --token "$token"
check "a user's tokens are listed" gives 0 '^ *[0-9]+ +ben +read,write .*in 2 d 23 h +a phone$' token list --user ben
number=$(ctl --json token list --user ben | member id)
check "a token is revoked" gives 0 'is revoked$' token revoke "$number" --user ben
check "and opens nothing any more" refuses 1 'HTTP 401' providers --url "$url" --token "$token"
check "a backup is made while the daemon runs" gives 0 '^backup done' backup "$work/copy"
for command in status providers 'providers tmdb' jobs 'jobs 1' 'sync' 'sync --no-wait' 'search night' 'show tmdb:653' 'plugin list' \
    'token list --user ben' 'providers tmdb reset'; do
    # shellcheck disable=SC2086
    check "--json: $command" answers_json $command
done

# --- Wrongly
check "no command" refuses 2 'which command'
check "an unknown command" refuses 2 "no command 'frob'" frob
check "an unknown option" refuses 2 "no option '--frob'" status --frob
check "another command's option" refuses 2 "no option '--full'" status --full
check "an option without its value" refuses 2 '--user wants NAME' token new --scope read --user
check "an option in place of a value" refuses 2 '--user wants NAME' token new --user --scope read
check "an option that means nothing there" refuses 2 '--days means nothing' token list --user ben --days 3
check "an option twice" refuses 2 'given twice' jobs --state failed --state failed
check "a word too much" refuses 2 "'extra'" status extra
check "a number that is none" refuses 2 "'x' is no job" jobs x
check "a limit out of bounds" refuses 2 'from 1 to 100' search night --limit 101
check "a state that is none" refuses 2 'queued, running' jobs --state gone
check "a kind that is none" refuses 2 'movies, tvshows or all' search --kind ../status night
check "a kind of an item that is none" refuses 2 'movies or tvshows' show 1 --kind all
check "a movie is no show" refuses 4 'HTTP 404' show tmdb:653 --kind tvshows
check "an action that is none" refuses 2 "not 'explode'" providers tmdb explode
check "a scope that is none" refuses 2 'scope' token new --user ben --scope everything
check "days that are none" refuses 2 'from 1 to 36500' token new --user ben --scope read --days 0
check "something that cannot be synchronised" refuses 2 'movies, tvshows or lists' sync ../status
check "search for nothing" refuses 2 'search for what' search
check "a provider that is not there" refuses 4 'no provider' providers nobody
check "a name that is a path" refuses 4 '' providers ../status
check "a job that is not there" refuses 4 'no job' jobs 99999
check "an item that is not there" refuses 4 'HTTP 404' show tmdb:1
check "an id that is none" refuses 1 'is no id' show '--' --json
check "a job that has ended cannot be cancelled" refuses 1 'has ended' jobs 1 cancel
check "a failure prints no JSON" refuses 4 'no job' --json jobs 99999
check "the store of a running daemon is not verified" refuses 1 'in use' verify
check "nor exported" refuses 1 'stop miauflixd first' export "$work/x.ndjson"
check "a backup without a folder" refuses 2 'which folder' backup
check "half a plugin command" refuses 2 'plugin list, plugin check or plugin new' plugin
check "a plugin that is not there" refuses 4 'cannot read' plugin check "$work/none.so"
full() {
    ctl status >/dev/full 2>"$work/err"
    is $? 1
}
test ! -c /dev/full || check "an answer that cannot be written is a failure" full

# --- Help, completion and the page agree
for command in status providers sync jobs search show token backup restore verify compact export import plugin; do
    check "$command --help" gives 0 "^Usage: miauflixctl $command" "$command" --help
    check "miauflixctl(1) knows $command" grep -qE "^\.(B|BR|BI) \"?$command" "$srcdir/docs/man/miauflixctl.1"
    # shellcheck disable=SC2013
    for option in $(sed -n '/^Options:/,/^$/s/^ *-*[a-z]*,* *\(--[a-z-]*\).*/\1/p' "$work/out"); do
        check "miauflixctl(1) knows $command $option" \
            grep -qF -e "$(echo "$option" | sed 's/-/\\-/g')" "$srcdir/docs/man/miauflixctl.1"
    done
done

completes() {
    wanted=$1
    shift
    is "$(bash "$srcdir/tests/system/completion.bash" "$srcdir/etc/bash-completion/miauflixctl" "$@" | tr '\n' ' ')" "$wanted"
}
tool=$builddir/miauflixctl
if command -v bash >/dev/null 2>&1; then
    check "the completion is bash" bash -n "$srcdir/etc/bash-completion/miauflixctl"
    check "a command is completed" completes 'search show status sync ' "$tool" s
    check "behind an option's value too" completes 'providers ' "$tool" --data "$data" pr
    check "an action is completed" completes 'new ' "$tool" token n
    check "an option is completed" completes '--limit ' "$tool" search --li
    check "an option of another command is not" completes '' "$tool" status --fu
    check "a provider that the daemon has is completed" completes 'tmdb ' "$tool" --config "$conf" providers t
    check "behind --provider too" completes 'tmdb ' "$tool" --config "$conf" sync --provider ''
    check "and behind --provider=" completes 'tmdb ' "$tool" --config "$conf" sync --provider = t
    check "a provider that it has not is not" completes '' "$tool" --config "$conf" providers zz
    check "without a daemon nothing is, and nobody complains" completes '' "$tool" --data "$work/nowhere" providers t
    check "a state is completed" completes 'running ' "$tool" jobs --state r
    check "a command that is none has nothing behind it" completes '' "$tool" frob x
    for command in $("$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        check "the completion knows $command" completes "$command " "$tool" "$command"
        for option in $("$tool" "$command" --help | sed -n '/^Options:/,/^$/s/^ *-*[a-z]*,* *\(--[a-z-]*\).*/\1/p'); do
            check "and $command $option" completes "$option " "$tool" "$command" "$option"
        done
    done
else
    echo "# SKIP: bash is missing, its completion is not tested"
fi

# --- A killed daemon leaves its control file behind
kill_daemon
check "a killed daemon does not answer" refuses 3 'no daemon answers' status
check "its store is reached nevertheless" gives 0 '^mfx_' token new --user anna --scope read

# --- Stopped
check "the store is sound" gives 0 '^the store is sound$' verify
check "it is exported" gives 0 'lines written$' export "$work/all.ndjson"
check "to standard output, the count elsewhere" gives 0 '^\{"type":"end"' export -
check "a part of an export is refused" sh -c "head -n 20 '$work/all.ndjson' >'$work/part.ndjson'"
check "as incomplete" refuses 1 '' --data "$work/part" import "$work/part.ndjson"
check "it is imported elsewhere" answers_json --data "$work/second" import "$work/all.ndjson"
check "where it is sound, too" gives 0 '^the store is sound$' --data "$work/second" verify
check "an import into what is there is refused" refuses 1 '' import "$work/all.ndjson"
check "a backup is restored" gives 0 '^restored' --data "$work/third" restore "$work/copy"
check "but not over a store" refuses 1 '' restore "$work/copy"
check "nor from nothing" refuses 1 'not a complete backup' --data "$work/fourth" restore "$work/none"
check "the store is compacted" gives 0 'given back$' compact
check "a stopped store is backed up" answers_json backup "$work/copy2"
for command in verify compact 'token list' 'plugin list'; do
    # shellcheck disable=SC2086
    check "--json, stopped: $command" answers_json $command
done
finish
