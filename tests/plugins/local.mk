# The host that drives a plugin's real module in tests.
if HAVE_CMOCKA
check_LIBRARIES += %D%/libfakehost.a
endif
%C%_libfakehost_a_SOURCES = %D%/fake_host.c %D%/fake_host.h %D%/fake_host_private.h %D%/fake_http.c %D%/fake_services.c
include tests/plugins/faults/local.mk

# plugins/tmdb
if HAVE_CMOCKA
if PLUGIN_TMDB
tmdb_tests = %D%/test_tmdb_movie %D%/test_tmdb_request %D%/test_tmdb_search \
	%D%/test_tmdb_sync %D%/test_tmdb_export %D%/test_tmdb_pictures %D%/test_tmdb_recorded \
	%D%/test_tmdb_show %D%/test_tmdb_season %D%/test_tmdb_list %D%/test_tmdb_tv_sync \
	%D%/test_tmdb_every
check_PROGRAMS += $(tmdb_tests)
check_LIBRARIES += %D%/libtmdbtest.a
endif
endif
tmdb_test_libs = %D%/libtmdbtest.a %D%/libfakehost.a $(LDADD)
%C%_libtmdbtest_a_SOURCES = %D%/tmdb_test.c %D%/tmdb_test.h
%C%_test_tmdb_movie_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_request_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_search_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_recorded_SOURCES = %D%/test_tmdb_recorded.c %D%/test_tmdb_recorded_lists.c \
	%D%/test_tmdb_recorded_shows.c %D%/tmdb_recorded.c %D%/tmdb_recorded.h
%C%_test_tmdb_recorded_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_show_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_list_LDADD = $(tmdb_test_libs)
EXTRA_DIST += tests/data/tmdb_recorded.tsv
%C%_test_tmdb_every_LDADD = $(tmdb_test_libs)
# These have a clock of their own, which the module must find before that of the C library.
%C%_test_tmdb_sync_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_sync_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
%C%_test_tmdb_season_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_season_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
%C%_test_tmdb_tv_sync_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_tv_sync_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
%C%_test_tmdb_export_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_export_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
%C%_test_tmdb_pictures_LDADD = $(tmdb_test_libs)
%C%_test_tmdb_pictures_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
EXTRA_DIST += tests/data/tmdb/movie_4808.json tests/data/tmdb/search_nosferatu.json \
	tests/data/tmdb/tv_9500.json

# plugins/webtorrent
if HAVE_CMOCKA
if PLUGIN_WEBTORRENT
check_PROGRAMS += %D%/test_webtorrent_window
# libtorrent is not instrumented: ThreadSanitizer does not see what orders its threads and ours.
if !SANITIZE_THREAD
check_PROGRAMS += %D%/test_webtorrent_resolve %D%/test_webtorrent_availability %D%/test_webtorrent_stream \
	%D%/test_webtorrent_check %D%/test_webtorrent_http %D%/test_webtorrent_room %D%/test_webtorrent_peers \
	%D%/test_webtorrent_options %D%/test_webtorrent_queue %D%/test_webtorrent_dht
SOAKS += %D%/test_webtorrent_room
endif
endif
endif
# The sandbox has it too.
if PLUGIN_WEBTORRENT
noinst_LIBRARIES += %D%/libswarm.a
endif
%C%_libswarm_a_SOURCES = %D%/swarm.cc %D%/swarm.h %D%/swarm_dht.cc %D%/swarm_dht.hpp \
	%D%/swarm_peer.cc %D%/swarm_peer.hpp %D%/swarm_seed.cc %D%/swarm_seed.hpp %D%/swarm_tracker.cc %D%/swarm_tracker.hpp \
	%D%/swarm_wire.cc %D%/swarm_wire.hpp
%C%_libswarm_a_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fPIE
webtorrent_test_libs = %D%/libswarm.a %D%/libfakehost.a plugins/webtorrent/libwebtorrent.la $(LIBS_PLUGIN_COMMON) \
	$(LDADD) $(LIBTORRENT_LIBS)
%C%_test_webtorrent_resolve_SOURCES = %D%/test_webtorrent_resolve.c %D%/webtorrent_test.h
%C%_test_webtorrent_resolve_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_resolve_LDADD = $(webtorrent_test_libs)
# Linked by the C++ compiler.
nodist_EXTRA_%C%_test_webtorrent_resolve_SOURCES = %D%/none.cc
%C%_test_webtorrent_window_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_window_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_window_SOURCES = %D%/none.cc
%C%_test_webtorrent_availability_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_availability_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_availability_SOURCES = %D%/none.cc
%C%_test_webtorrent_stream_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_stream_LDADD = $(webtorrent_test_libs)
# The library does not say what its own classes are.
%C%_test_webtorrent_stream_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fPIE -fno-sanitize=vptr
%C%_test_webtorrent_stream_SOURCES = %D%/test_webtorrent_stream.c %D%/test_webtorrent_stream_disk.c \
	%D%/test_webtorrent_stream_state.c %D%/webtorrent_stream_test.h %D%/stream_test.h %D%/webtorrent_test.h \
	%D%/engine_inside.cc %D%/engine_inside.h
%C%_test_webtorrent_room_SOURCES = %D%/test_webtorrent_room.c %D%/stream_test.h %D%/webtorrent_test.h
%C%_test_webtorrent_room_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_room_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_room_SOURCES = %D%/none.cc
%C%_test_webtorrent_peers_SOURCES = %D%/test_webtorrent_peers.c %D%/stream_test.h %D%/webtorrent_test.h
%C%_test_webtorrent_peers_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_peers_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_peers_SOURCES = %D%/none.cc
%C%_test_webtorrent_options_SOURCES = %D%/test_webtorrent_options.c %D%/stream_test.h %D%/webtorrent_test.h
%C%_test_webtorrent_options_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_options_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_options_SOURCES = %D%/none.cc
%C%_test_webtorrent_dht_SOURCES = %D%/test_webtorrent_dht.c %D%/stream_test.h %D%/webtorrent_test.h
%C%_test_webtorrent_dht_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_dht_LDADD = $(webtorrent_test_libs)
nodist_EXTRA_%C%_test_webtorrent_dht_SOURCES = %D%/none.cc
%C%_test_webtorrent_queue_SOURCES = %D%/test_webtorrent_queue.cc
%C%_test_webtorrent_queue_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
%C%_test_webtorrent_queue_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fPIE
%C%_test_webtorrent_queue_LDADD = $(webtorrent_test_libs)

if HAVE_CMOCKA
%C%_test_webtorrent_http_SOURCES = %D%/test_webtorrent_http.c $(HOUSE)
endif
%C%_test_webtorrent_http_LDADD = %D%/libswarm.a $(LDADD) $(LIBTORRENT_LIBS)
nodist_EXTRA_%C%_test_webtorrent_http_SOURCES = %D%/none.cc

# plugins/yts
if HAVE_CMOCKA
if PLUGIN_YTS
check_PROGRAMS += %D%/test_yts
endif
endif
%C%_test_yts_LDADD = %D%/libfakehost.a $(LDADD)
