# SPDX-License-Identifier: MIT
libmiauflixd_a_SOURCES += \
	%D%/problem.c %D%/problem.h \
	%D%/request.c %D%/request.h \
	%D%/server.c %D%/server.h \
	%D%/watchdog.c %D%/watchdog.h
