# SPDX-License-Identifier: MIT
# What media files are made of: the daemon's half, and the process that takes them apart.
libmiauflixd_a_SOURCES += %D%/probe.c %D%/probe.h %D%/result.c %D%/result.h %D%/wire.h
pkglibexec_PROGRAMS += miauflix-probe
miauflix_probe_SOURCES = %D%/main.c %D%/media.c %D%/media.h
miauflix_probe_CFLAGS = $(AM_CFLAGS) $(AVFORMAT_CFLAGS)
miauflix_probe_LDADD = libmiauflixd.a $(AVFORMAT_LIBS) $(PARTS_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_probe
endif
