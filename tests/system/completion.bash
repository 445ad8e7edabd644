# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# completion.bash FILE WORD...: what bash would offer for the last WORD, one a line, sorted.
# shellcheck source=/dev/null
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMPREPLY=()
_miauflixctl
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}" | sort
