# SPDX-License-Identifier: MIT
# The real daemon against the real sandbox, from outside.
EXTRA_DIST += %D%/lib.sh
dist_check_SCRIPTS += %D%/crash.sh
SOAKS += %D%/crash.sh

noinst_PROGRAMS += %D%/load
