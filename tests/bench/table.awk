# SPDX-License-Identifier: MIT
# The lines of `make bench` as one table; fails when a measurement failed.

BEGIN {
    print "| case | measured | beside it | promise | |"
    print "|---|---|---|---|---|"
}

/^bench: / {
    line = substr($0, 8)
    promise = verdict = ratio = ""
    if (match(line, / *\(promise .*: (kept|BROKEN)\)$/)) {
        promise = substr(line, RSTART, RLENGTH)
        line = substr(line, 1, RSTART - 1)
        sub(/^ *\(promise /, "", promise)
        verdict = promise ~ /: kept\)$/ ? "kept" : "**broken**"
        sub(/: (kept|BROKEN)\)$/, "", promise)
    }
    if (match(line, /  ratio [0-9.]+ of .*$/)) {
        ratio = substr(line, RSTART + 8, RLENGTH - 8)
        line = substr(line, 1, RSTART - 1)
    }
    match(line, /[0-9.-]+ +[^ ]* *$/)
    measured = substr(line, RSTART)
    gsub(/ +/, " ", measured)
    name = substr(line, 1, RSTART - 1)
    sub(/ +$/, "", name)
    sub(/ +$/, "", measured)
    print "| " name " | " measured " | " ratio " | " promise " | " verdict " |"
}

/^failed: / {
    failed = 1
}

END {
    exit failed
}
