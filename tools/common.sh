# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the check scripts share.  They run in the source folder; $BUILDDIR is where config.h is.

top=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${BUILDDIR:-$top}" && pwd)
cd "$top" || exit 1
failed=0

# need PROGRAM PACKAGE: a missing tool is an error, not a check that passes.
need() {
    command -v "$1" >/dev/null 2>&1 && return
    echo "$(basename "$0"): $1 is missing: apt install $2" >&2
    exit 1
}

# say FILE:LINE: WHY
complain() {
    echo "$*"
    failed=1
}

# sources NAME-PATTERN...: our own files of those names, sorted; not what a build made among them.
sources() {
    for pattern; do
        if test -e .git && command -v git >/dev/null 2>&1; then
            git ls-files -co --exclude-standard -- "$pattern"
        else
            find api core include plugins tests tools -name "$pattern" -type f | grep -v '/\.'
        fi
    done | while read -r file; do test ! -f "$file" || echo "$file"; done | sort
}

# What every compiler-like tool needs to read our files.
include_flags() {
    printf '%s ' -D_GNU_SOURCE "-I$build" -Iinclude -Iapi -Icore -Iplugins \
        -DMIAUFLIX_SYSCONFDIR='"/etc"' -DMIAUFLIX_LOCALSTATEDIR='"/var"' -DMIAUFLIX_PKGLIBDIR='"/usr/lib/miauflixd"' -DMIAUFLIX_PKGLIBEXECDIR='"/usr/libexec/miauflixd"'
}

jobs() {
    nproc 2>/dev/null || echo 2
}

need_config() {
    test -f "$build/config.h" && return
    echo "$(basename "$0"): no config.h in $build: run ./configure, or set BUILDDIR" >&2
    exit 1
}
