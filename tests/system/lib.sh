# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# What the system tests and measurements share: the real sandbox, the real daemon and the operator's tool, each in a folder
# of the test's own, on free ports, stopped by their process ids.  Sourced; speaks TAP.
#
#   system_init NAME        makes $work and sees to it that nothing stays behind
#   start_sandbox ARG...    sets $sandbox (process id) and $upstream (its address)
#   write_conf              writes $conf and $providers/tmdb.conf, which the test may have filled in before
#   write_yts BASE_URL...   and $providers/yts.conf
#   need_films              sets $films, a folder that `start_sandbox --films` seeds; or all is skipped
#   write_webtorrent        and $providers/webtorrent.conf, for loopback; YTS's releases name the sandbox's trackers
#   start_daemon            sets $daemon, $url, $token; needs write_conf
#   stop PID                SIGTERM; $stopped is the exit status
#   wait_until S COMMAND... until it succeeds, at most S seconds
#   check TEXT COMMAND...   one line of TAP
#   finish                  the plan, and the exit status

LC_ALL=C
export LC_ALL
srcdir=${MIAUFLIX_SRCDIR:-.}
builddir=${MIAUFLIX_BUILDDIR:-.}
key=0123456789abcdef0123456789abcdef
n_checks=0
n_failed=0
work=
sandbox=
daemon=
others=

# Tests of the environment of whoever runs them have no say here.
unset TMDB_API_KEY TMDB_API_KEY_FILE TMDB_BASE_URL TMDB_LANGUAGE YTS_BASE_URL YTS_CACHE_TTL http_proxy HTTP_PROXY
unset WEBTORRENT_FOLDER WEBTORRENT_LISTEN WEBTORRENT_PROXY

skip_all() {
    echo "1..0 # SKIP $1"
    echo "${0##*/}: SKIPPED: $1" >&2
    exit 0
}

bail() {
    echo "Bail out! $*"
    for log in "$work"/*.log; do
        test ! -f "$log" || tail -n 20 "$log" | sed "s|^|# ${log##*/}: |"
    done
    exit 1
}

clean_up() {
    trap - EXIT
    for pid in $others $daemon $sandbox; do
        kill -9 "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    done
    test -z "$work" || rm -rf "$work"
}

system_init() {
    command -v curl >/dev/null 2>&1 || skip_all "curl is missing"
    for program in miauflixd miauflixctl miauflix-sandbox; do
        test -x "$builddir/$program" || skip_all "$builddir/$program is not built"
    done
    test -f "$builddir/plugins/tmdb/tmdb.la" || skip_all "plugins/tmdb is not built"
    work=$(mktemp -d "${TMPDIR:-/tmp}/miauflix-$1-XXXXXX") || exit 1
    : >"$work/daemon.log"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    conf=$work/miauflix.conf
    providers=$work/providers.d
    data=$work/data
    mkdir "$providers"
}

now() {
    date +%s
}

# Thousandths of a second.
now_ms() {
    date +%s%3N
}

# random LIMIT: from 0, below the limit.
random() {
    number=$(od -An -N4 -tu4 /dev/urandom)
    echo $((number % $1))
}

pause_ms() {
    sleep "$(awk -v ms="$1" 'BEGIN { printf "%.3f", ms / 1000 }')"
}

wait_until() {
    until_s=$(($(now) + $1))
    shift
    while ! "$@"; do
        test "$(now)" -lt "$until_s" || return 1
        sleep 0.05
    done
}

# A process that ended and was not waited for is gone as well.
is_gone() {
    read -r process_stat 2>/dev/null <"/proc/$1/stat" || return 0
    case $process_stat in
    *') Z '*) return 0 ;;
    esac
    return 1
}

check() {
    n_checks=$((n_checks + 1))
    check_text=$1
    shift
    if "$@"; then
        echo "ok $n_checks - $check_text"
        return 0
    fi
    n_failed=$((n_failed + 1))
    echo "not ok $n_checks - $check_text"
    echo "# failed: $*"
    return 1
}

is() {
    test "$1" = "$2" || { echo "# got '$1', expected '$2'"; return 1; }
}

# A sanitizer's report says at its beginning what it is, and is longer than what else the log ends with.
finish() {
    echo "1..$n_checks"
    test "$n_failed" = 0 || {
        grep -A 25 'runtime error:\|==ERROR: \|WARNING: ThreadSanitizer' "$work"/daemon.log | head -n 100
        tail -n 30 "$work"/daemon.log
    } | sed 's/^/# daemon.log: /'
    test "$n_failed" = 0
}

address_in() {
    address=$(sed -n 's|.*listening on \(http://[0-9.]*:[0-9][0-9]*\).*|\1|p' "$1" | head -n 1)
    test -n "$address"
}

# has_started PID FILE: sets $address; fails as long as nothing is known.
has_started() {
    address_in "$2" || is_gone "$1"
}

start_sandbox() {
    : >"$work/sandbox.log"
    "$builddir/miauflix-sandbox" --port 0 --key $key "$@" >"$work/sandbox.log" 2>&1 </dev/null &
    sandbox=$!
    wait_until 60 has_started "$sandbox" "$work/sandbox.log" || bail "the sandbox does not start"
    test -n "$address" || bail "the sandbox ended"
    upstream=$address
}

# fault ROUTE NAME [MORE]: what is to go wrong; MORE is JSON with a comma before it.
fault() {
    curl -fsS --max-time 10 -o /dev/null -X POST -d "{\"route\":\"$1\",\"fault\":\"$2\"${3:-}}" "$upstream/sandbox/faults"
}

heal() {
    curl -fsS --max-time 10 -o /dev/null -X DELETE "$upstream/sandbox/faults"
}

write_conf() {
    cat >"$conf" <<END
data_folder = "$data";
http = { port = 0; anonymous_read = true; };
limits = { rate_per_minute = 0; };
sync = { changes = "never"; export = "never"; refresh = "never"; lists = "never"; availability = "never"; };
providers = { folder = "$providers"; plugin_path = "$builddir/plugins/tmdb:$builddir/plugins/yts:$builddir/plugins/webtorrent"; ${providers_more:-} };
${conf_more:-}
END
    cat >"$providers/tmdb.conf" <<END
enabled = true;
api_key = "$key";
base_url = [ "$upstream/3" ];
export_url = "$upstream/p/exports";
requests_per_second = ${pace:-100000};
parallel = 16;
END
}

# write_yts BASE_URL...: YTS is there as well, at these addresses.
write_yts() {
    cat >"$providers/yts.conf" <<END
enabled = true;
base_url = [ $(printf '"%s"\n' "$@" | paste -s -d , -) ];
requests_per_second = ${pace:-100000};
${trackers:+trackers = [ $trackers ];}
END
}

# The films are made once for all tests of a build.
need_films() {
    test -f "$builddir/plugins/webtorrent/webtorrent.la" || skip_all "plugins/webtorrent is not built"
    command -v ffmpeg >/dev/null 2>&1 || skip_all "ffmpeg is missing"
    films=$builddir/tests/films
    flock "$builddir/tests/films.lock" "$srcdir/tests/sandbox/films.sh" "$films" >"$work/films.log" 2>&1 </dev/null ||
        bail "the films cannot be made"
}

# The provider of torrents, on loopback.
write_webtorrent_conf() {
    cat >"$providers/webtorrent.conf" <<END
enabled = true;
folder = "$work/torrents";
listen = "127.0.0.1:0";
allow_networks = [ "127.0.0.0/8" ];
dht = false;
utp = false;
END
}

# And YTS, with the films that the sandbox seeds.
write_webtorrent() {
    curl -fsS --max-time 10 "$upstream/sandbox/reels" >"$work/reels" || bail "the sandbox has no films"
    trackers=$(sed 's/.*"trackers":\[\([^]]*\)\].*/\1/' "$work/reels")
    write_yts "$upstream"
    write_webtorrent_conf
}

# start_films FOLDER: a sandbox that seeds its films, and a daemon that fetches them.
start_films() {
    start_sandbox --films "$1"
    write_conf
    write_webtorrent
    # shellcheck disable=SC2119
    start_daemon
}

# has_release MOVIE INFOHASH: whether it has; all of its releases are then in $work/releases.
has_release() {
    get "/api/movies/$1/releases" >"$work/releases"
    grep -q "\"infohash\":\"$2\"" "$work/releases"
}

# reel NAME: sets $infohash and $magnet of the one whose name begins so.
reel() {
    sed 's/{"name":/\n&/g' "$work/reels" | grep "^{\"name\":\"$1" >"$work/reel" || bail "no film is called $1"
    infohash=$(member infohash <"$work/reel")
    magnet=$(member magnet <"$work/reel")
}

# learn MAGNET: the daemon has learned what it is; the torrent is then in $work/torrent.
is_learned() {
    test "$(status_of POST /api/torrents "{\"magnet\":\"$1\"}")" = 200 && cp "$work/answer" "$work/torrent"
}

learn() {
    wait_until 60 is_learned "$1"
}

# index_of PATH: of the file in $work/torrent.
index_of() {
    sed 's/{"index":/\n/g' "$work/torrent" | grep -F "\"path\":\"$1\"" | sed 's/,.*//'
}

# fetch INFOHASH INDEX CURL-OPTION...: the bytes, on standard output.
fetch() {
    fetch_target=/api/torrents/$1/files/$2/stream
    shift 2
    curl -sS --max-time 60 -H "Authorization: Bearer $token" "$@" "$url$fetch_target"
}

# What the daemon prints first is where it listens; then the control file holds a token with every scope.
# shellcheck disable=SC2120
start_daemon() {
    : >"$work/daemon.out" # the line of the one before must not be taken for the new one's
    "$builddir/miauflixd" --config "$conf" "$@" >"$work/daemon.out" 2>>"$work/daemon.log" </dev/null &
    daemon=$!
    wait_until 60 has_started "$daemon" "$work/daemon.out" || bail "the daemon does not start"
    test -n "$address" || bail "the daemon ended"
    url=$address
    token=$(sed -n 2p "$data/control")
}

# The shell says "Killed" of a background process it waits for; that belongs to nobody's log.
reap() {
    stopped=0
    wait "$1" 2>/dev/null || stopped=$?
}

stop() {
    kill "$1" 2>/dev/null
    reap "$1"
    test "$1" != "$daemon" || daemon=
    test "$1" != "$sandbox" || sandbox=
}

kill_daemon() {
    kill -9 "$daemon" 2>/dev/null
    reap "$daemon" 2>/dev/null
    daemon=
}

ctl() {
    "$builddir/miauflixctl" --config "$conf" "$@"
}

# get TARGET: the body, whatever the status.
get() {
    curl -sS --max-time 20 -H "Authorization: Bearer $token" "$url$1"
}

# status_of METHOD TARGET [BODY]: the status alone; the answer's body is then in $work/answer, its head in $work/head.
status_of() {
    if test $# -gt 2; then
        set -- "$1" "$2" -H 'Content-Type: application/json' -d "$3"
    fi
    status_method=$1
    status_target=$2
    shift 2
    curl -sS --max-time 30 -X "$status_method" -H "Authorization: Bearer $token" -o "$work/answer" -D "$work/head" \
        -w '%{http_code}' "$@" "$url$status_target"
}

# member NAME: the first plain member of that name in the JSON on standard input, without quotes.
member() {
    awk -v name="\"$1\"" '{ json = json $0 }
        END {
            at = index(json, name)
            if (!at)
                exit
            json = substr(json, at + length(name), 400)
            sub(/^ *: */, "", json)
            if (substr(json, 1, 1) == "\"") {
                json = substr(json, 2)
                sub(/".*/, "", json)
            } else {
                sub(/[],}].*/, "", json)
            }
            print json
        }'
}

sandbox_films() {
    curl -fsS --max-time 10 "$upstream/sandbox/status" | member films
}

# sandbox_asked ROUTE: how often, "/3/movie/{id}".
sandbox_asked() {
    asked=$(curl -fsS --max-time 10 "$upstream/sandbox/requests" | member "$1")
    echo "${asked:-0}"
}

n_movies() {
    get "/api/movies?limit=1" | member total
}

begin_sync() {
    is "$(status_of POST /api/movies/sync '{}')" 202
}

job_state() {
    get "/api/jobs/$1" | member state
}

# The state of the newest job, whoever started it.
no_job_runs() {
    test "$(get '/api/jobs?state=running' | member total)" = 0
}

# wait_for_jobs SECONDS: false at once when the daemon is gone.
jobs_ended_or_gone() {
    is_gone "$daemon" || no_job_runs 2>/dev/null
}

wait_for_jobs() {
    wait_until "$1" jobs_ended_or_gone && ! is_gone "$daemon"
}
