#!/bin/sh
# SPDX-License-Identifier: MIT
# The daemon is killed with -9 at random moments while it synchronises and while tokens are made and revoked.  Whatever it had
# answered must hold after each restart; at the end the store is sound, and the sync came to its end without beginning anew.
# Then it is killed while it derives its items anew.
# 5 rounds; MIAUFLIX_SOAK=1 (make soak) makes it 50.
. "${MIAUFLIX_SRCDIR:-.}/tests/system/lib.sh"
system_init crash

rounds=5
films=3000
if test -n "${MIAUFLIX_SOAK:-}"; then
    rounds=50
    films=6000
fi
# The slack of one death: what the workers had fetched and the store had not yet taken.
slack=400

made=$work/made
revoked=$work/revoked
whole=$work/whole
changes=$work/changes
: >"$made"
: >"$revoked"
: >"$whole"
: >"$changes"

# Each token is noted once the daemon has said 201; every third is revoked, and noted once it has said 204.
write_tokens() {
    number=0
    while :; do
        number=$((number + 1))
        answer=$(curl -sS --max-time 10 -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
            -d '{"label":"crash","scopes":["read"]}' -w '\n%{http_code}' "$url/api/me/tokens" 2>/dev/null) || return 0
        test "${answer##*
}" = 201 || return 0
        fresh=$(echo "$answer" | member token)
        if test $((number % 3)) != 0; then
            echo "$fresh" >>"$made"
            continue
        fi
        status=$(curl -sS --max-time 10 -o /dev/null -X DELETE -H "Authorization: Bearer $token" -w '%{http_code}' \
            "$url/api/me/tokens/$(echo "$answer" | member id)" 2>/dev/null) || return 0
        test "$status" = 204 && echo "$fresh" >>"$revoked"
    done
}

# Ids of the cards that are more than a title, on pages 1 to $1.
whole_cards() {
    page=1
    while test $page -le "$1"; do
        # An answer that was cut by the kill said nothing.
        get "/api/movies?limit=100&page=$page" >"$work/page" 2>/dev/null || return 0
        cat "$work/page"
        echo
        page=$((page + 1))
    done | sed 's/{"kind":"movie","id":/\n/g' | sed -n 's/^\([0-9]*\),.*"runtime":.*/\1/p'
}

n_pages() {
    get "/api/movies?limit=100" | member total_pages
}

# What changed and when it did, from where we were; a number that was told once is never told of something else.
follow_changes() {
    since=$(tail -n 1 "$changes" | cut -d ' ' -f 1)
    since=${since:-0}
    turns=0
    while test $turns -lt "$1"; do
        told=$(get "/api/changes?since=$since&limit=1000" 2>/dev/null) || return 0
        case $told in
        *'"next":'*) ;;
        *) return 0 ;;
        esac
        echo "$told" | sed 's/{"revision":/\n/g' | sed -n 's/^\([0-9]*\),"id":\([0-9]*\),.*/\1 \2/p' >>"$changes"
        since=$(echo "$told" | member next)
        turns=$((turns + 1))
        echo "$told" | grep -q '"more":true' || return 0
    done
}

lets_in() {
    curl -sS --max-time 10 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" "$url/api/me"
}

# tokens_answer FILE STATUS: all of them.
tokens_answer() {
    while read -r one; do
        test "$(lets_in "$one")" = "$2" || { echo "# a token of $1 does not get $2"; return 1; }
    done <"$1"
}

whole_ones_stayed() {
    sort -u "$whole" >"$work/were"
    whole_cards "$(n_pages)" | sort -u >"$work/are"
    lost=$(comm -23 "$work/were" "$work/are" | wc -l)
    test "$lost" = 0 || { echo "# $lost movies are titles again: $(comm -23 "$work/were" "$work/are" | head -n 5 | tr '\n' ' ')"; return 1; }
}

# The store's counter never falls behind what was told.
revision_did_not_fall() {
    told=$(tail -n 1 "$changes" | cut -d ' ' -f 1)
    is_at=$(get /api/status | member revision)
    test "$is_at" -ge "${told:-0}" || { echo "# revision $is_at, $told was told"; return 1; }
}

changes_rise() {
    awk '$1 <= last { print "# " $1 " came after " last; bad = 1 } { last = $1 } END { exit bad }' "$changes"
}

# Nothing that follows would mean anything.
check_lives() {
    is_gone "$daemon" || return 0
    reap "$daemon"
    check "round $round: the daemon lives $1, and did not end with $stopped" false
    finish
    exit 1
}

start_sandbox --scale $films
write_conf
# shellcheck disable=SC2119
start_daemon
check "the sync begins" begin_sync
round=0
while test $round -lt $rounds; do
    round=$((round + 1))
    write_tokens &
    writer=$!
    others=$writer
    # Every moment of a first sync gets its share: the listing takes about a second, the details several.
    moment=$(random $((round % 5 == 1 ? 600 : 2500)))
    begun=$(now_ms)
    while test $(($(now_ms) - begun)) -lt "$moment"; do
        whole_cards 2 >>"$whole"
        follow_changes 2
    done
    check_lives "until it is killed"
    kill_daemon
    reap "$writer"
    others=
    # shellcheck disable=SC2119
    start_daemon
    check "round $round, killed after $moment ms: every token that was answered lets in ($(wc -l <"$made"))" tokens_answer "$made" 200
    check "round $round: every token that was revoked does not ($(wc -l <"$revoked"))" tokens_answer "$revoked" 401
    check "round $round: movies that were whole are whole ($(sort -u "$whole" | wc -l))" whole_ones_stayed
    check "round $round: no change number is behind what was told" revision_did_not_fall
    check_lives "after its restart"
done

check "the sync goes on by itself and comes to its end" wait_for_jobs 300
check "nothing waits to be fetched" is "$(get /api/status | member waiting_fetches)" 0
left_out=$(sed -n 's/.*titles, \([0-9]*\) were left out.*/\1/p' "$work/daemon.log" | tail -n 1)
check "every movie of the upstream is there" is "$(n_movies)" $(($(sandbox_films) - ${left_out:-0}))
whole_cards "$(n_pages)" | sort -u >"$work/are"
follow_changes 1000
check "the changes rise, over all deaths" changes_rise
asked=$(sandbox_asked '/3/movie/{id}')
check "details were not fetched anew after each death: $asked fetched for $(n_movies)" \
    test "$asked" -le $(($(n_movies) + rounds * slack))
check "the export was read to its end once, or cut short and read again" \
    test "$(sandbox_asked '/p/exports/{file}')" -le $((1 + rounds))
movies=$(n_movies)
stop "$daemon"
check "the daemon ends well" is "$stopped" 0
check "the store is sound" ctl verify

# --- Items are derived anew when the order of providers changes; that, too, survives its deaths
echo 'enabled = false;' >"$providers/yts.conf"
cp "$conf" "$work/conf.before"
round=0
while test $round -lt $rounds; do
    round=$((round + 1))
    test $((round % 2)) = 0 && order='"tmdb", "yts"' || order='"yts", "tmdb"'
    { cat "$work/conf.before"; echo "catalogue = { precedence = [ $order ]; };"; } >"$conf"
    # shellcheck disable=SC2119
    start_daemon
    moment=$(random 400)
    begun=$(now_ms)
    while test $(($(now_ms) - begun)) -lt "$moment"; do
        get '/api/movies?limit=1' >"$work/page" 2>/dev/null
    done
    check_lives "while it derives"
    kill_daemon
done
# shellcheck disable=SC2119
start_daemon
check "deriving anew goes on by itself and comes to its end" wait_for_jobs 120
check "no movie is lost by it" is "$(n_movies)" "$movies"
stop "$daemon"
check "the store is what the records imply under the new order" ctl verify
finish
