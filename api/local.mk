# SPDX-License-Identifier: MIT
libmiauflixd_a_SOURCES += \
	%D%/backup.c %D%/app.c %D%/app.h \
	%D%/changes.c \
	%D%/door.c %D%/door.h \
	%D%/events.c \
	%D%/images.c \
	%D%/jobs.c \
	%D%/listing.c %D%/listing.h \
	%D%/lists.c \
	%D%/me.c \
	%D%/metrics.c \
	%D%/item_locks.c \
	%D%/items.c \
	%D%/openapi.c %D%/openapi.h \
	%D%/openapi_schemas.c %D%/openapi_schemas.h \
	%D%/patience.c \
	%D%/playlist.c \
	%D%/ports.c %D%/ports.h \
	%D%/problem.c %D%/problem.h \
	%D%/providers.c \
	%D%/ready.c %D%/ready.h \
	%D%/range.c %D%/range.h \
	%D%/releases.c \
	%D%/reply.c %D%/reply.h \
	%D%/reply_head.c %D%/reply_head.h \
	%D%/request.c %D%/request.h \
	%D%/router.c %D%/router.h \
	%D%/routes.c %D%/routes.h \
	%D%/search.c \
	%D%/shows.c \
	%D%/server.c %D%/server.h \
	%D%/status.c \
	%D%/streams.c \
	%D%/throttle.c %D%/throttle.h \
	%D%/ticket.c %D%/ticket.h \
	%D%/torrents.c \
	%D%/warm.c %D%/warm.h \
	%D%/watchdog.c %D%/watchdog.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_events tests/unit/test_openapi tests/unit/test_range tests/unit/test_reply tests/unit/test_request tests/unit/test_router tests/unit/test_throttle
endif
