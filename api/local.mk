# SPDX-License-Identifier: MIT
libmiauflixd_a_SOURCES += \
	%D%/server.c %D%/server.h \
	%D%/watchdog.c %D%/watchdog.h
