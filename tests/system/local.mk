# SPDX-License-Identifier: MIT
# The real daemon against the real sandbox, from outside.
EXTRA_DIST += %D%/lib.sh
dist_check_SCRIPTS += %D%/availability.sh %D%/crash.sh %D%/films.sh %D%/full_disk.sh %D%/images.sh %D%/players.sh %D%/sick_upstream.sh %D%/stop.sh \
	%D%/torrent_crash.sh
SOAKS += %D%/crash.sh %D%/torrent_crash.sh %D%/sick_upstream.sh

noinst_PROGRAMS += %D%/load %D%/is_json

# The documentation, played.
noinst_PROGRAMS += %D%/play_docs %D%/judge_openapi
%C%_play_docs_SOURCES = %D%/play_docs.c %D%/ask.c %D%/ask.h
%C%_judge_openapi_SOURCES = %D%/judge_openapi.c %D%/ask.c %D%/ask.h
dist_check_SCRIPTS += %D%/docs.sh %D%/ctl.sh
EXTRA_DIST += %D%/completion.bash
