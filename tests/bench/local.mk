# SPDX-License-Identifier: MIT
CLEANFILES += bench.log
EXTRA_PROGRAMS += %D%/bench_store
BENCHES += %D%/bench_store
BENCHES += %D%/bench_media
EXTRA_PROGRAMS += %D%/bench_media
BENCHES += %D%/bench_http
BENCHES += %D%/bench_system.sh %D%/bench_pace.sh
EXTRA_DIST += %D%/bench.h %D%/bench_system.sh %D%/bench_pace.sh %D%/say.sh %D%/table.awk
EXTRA_PROGRAMS += %D%/bench_http
%C%_bench_http_SOURCES = %D%/bench_http.c $(HOUSE)
if PLUGIN_TMDB
EXTRA_PROGRAMS += %D%/bench_tmdb
BENCHES += %D%/bench_tmdb
endif
%C%_bench_tmdb_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_bench_tmdb_LDADD = plugins/tmdb/libtmdb.la $(LIBS_PLUGIN_COMMON) $(LDADD)
BENCHES += %D%/bench_scale.sh
EXTRA_DIST += %D%/bench_scale.sh
BENCH_NEEDS += %D%/scale_index
EXTRA_PROGRAMS += %D%/scale_index
EXTRA_PROGRAMS += %D%/bench_index
BENCHES += %D%/bench_index
%C%_bench_index_SOURCES = %D%/bench_index.c %D%/bench_rival.h
%C%_scale_index_SOURCES = %D%/scale_index.c %D%/bench_rival.h
if HAVE_SQLITE
%C%_bench_index_SOURCES += %D%/bench_rival.c
%C%_bench_index_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_bench_index_LDADD = $(LDADD) $(SQLITE_LIBS)
%C%_scale_index_SOURCES += %D%/bench_rival.c
%C%_scale_index_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_scale_index_LDADD = $(LDADD) $(SQLITE_LIBS)
else
%C%_bench_index_SOURCES += %D%/no_rival.c
%C%_scale_index_SOURCES += %D%/no_rival.c
endif
if PLUGIN_WEBTORRENT
EXTRA_PROGRAMS += %D%/bench_torrent
BENCHES += %D%/bench_torrent %D%/bench_link.sh %D%/bench_rivals.sh
endif
EXTRA_DIST += %D%/bench_link.sh %D%/bench_rivals.sh %D%/rivals.mjs
%C%_bench_torrent_SOURCES = %D%/bench_torrent.cc %D%/torrent_seed.cc %D%/torrent_seed.hpp %D%/bench.h
%C%_bench_torrent_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins -I$(top_srcdir)/tests/plugins
%C%_bench_torrent_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fPIE
%C%_bench_torrent_LDADD = tests/plugins/libswarm.a plugins/webtorrent/libwebtorrent.la $(LIBS_PLUGIN_COMMON) \
	$(LDADD) $(LIBTORRENT_LIBS)
