# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# What the measurements of the whole daemon share; sourced behind tests/system/lib.sh.
broken=0 # what the case exits with
export broken

# say CASE VALUE UNIT PROMISE HOW LIMIT [RATIO]: HOW is "most" or "least"; RATIO is "r of what".
say() {
    verdict=$(awk -v value="$2" -v limit="$6" -v how="$5" 'BEGIN { print (how == "most" ? value <= limit : value >= limit) ? "kept" : "BROKEN" }')
    test "$verdict" = kept || broken=1
    printf 'bench: %-44s %12s %-10s%s  (promise %s: %s)\n' "$1" "$2" "$3" "${7:+  ratio $7}" "$4" "$verdict"
}

divide() {
    awk -v a="$1" -v b="$2" -v digits="$3" 'BEGIN { printf "%.*f", digits, b ? a / b : 0 }'
}

# threads PID: per thread its number, the nanoseconds it ran, how often it was given a processor, and its name.  The ticks of
# /proc/PID/stat miss what runs shorter than one.
threads() {
    for thread in "/proc/$1/task"/*; do
        read -r ran _ given <"$thread/schedstat" && read -r name <"$thread/comm" &&
            echo "${thread##*/} $ran $given $name"
    done 2>/dev/null
}

# spent BEFORE AFTER: two answers of threads(): milliseconds that all threads ran in between, and how often one was woken.
spent() {
    awk 'NR == FNR { ran[$1] = $2; given[$1] = $3; next }
        { ms += ($2 - ran[$1]) / 1e6; times += $3 - given[$1] }
        END { printf "%.0f %.0f\n", ms, times }' "$1" "$2"
}

# spent_by BEFORE AFTER: the same for each name of thread, the busiest first.
spent_by() {
    awk 'NR == FNR { ran[$1] = $2; given[$1] = $3; next }
        { ms[$4] += ($2 - ran[$1]) / 1e6; times[$4] += $3 - given[$1] }
        END { for (name in ms) if (times[name]) printf "%8.0f ms %8d times  %s\n", ms[name], times[name], name }' "$1" "$2" | sort -rn
}

# rss_mb PID
rss_mb() {
    awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"
}
