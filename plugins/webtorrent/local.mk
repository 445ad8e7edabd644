# The provider for torrents.  Its engine is C++, because libtorrent is; the rest knows it as plain C.  As with TMDB, what
# tests reach into is a library of its own.
if PLUGIN_WEBTORRENT
pkglib_LTLIBRARIES += %D%/webtorrent.la
noinst_LTLIBRARIES += %D%/libwebtorrent.la
endif
%C%_webtorrent_la_SOURCES = %D%/webtorrent.c %D%/webtorrent.h
# Whoever has a C++ part is linked by the C++ compiler.
nodist_EXTRA_%C%_webtorrent_la_SOURCES = %D%/none.cc
%C%_webtorrent_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
%C%_webtorrent_la_CFLAGS = $(CFLAGS_PLUGIN)
%C%_webtorrent_la_LDFLAGS = $(LDFLAGS_PLUGIN)
%C%_webtorrent_la_LIBADD = %D%/libwebtorrent.la $(LIBS_PLUGIN_COMMON) $(LIBTORRENT_LIBS) $(JANSSON_LIBS)

%C%_libwebtorrent_la_SOURCES = \
	%D%/alerts.cc \
	%D%/availability.c \
	%D%/disk.cc \
	%D%/engine.h %D%/engine.hpp \
	%D%/fetch.cc \
	%D%/file.cc \
	%D%/link.c %D%/link.h \
	%D%/metainfo.cc \
	%D%/network.cc \
	%D%/prompt.cc \
	%D%/queue.cc \
	%D%/resolve.c \
	%D%/resume.cc \
	%D%/room.cc \
	%D%/session.cc \
	%D%/settled.cc \
	%D%/stream.cc \
	%D%/streams.c \
	%D%/survey.cc \
	%D%/swarm.cc \
	%D%/torrents.cc \
	%D%/trim.cc \
	%D%/use.hpp \
	%D%/window.c %D%/window.h \
	%D%/witness.cc
%C%_libwebtorrent_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
%C%_libwebtorrent_la_CFLAGS = $(CFLAGS_PLUGIN) $(LIBTORRENT_CFLAGS)
%C%_libwebtorrent_la_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fvisibility=hidden -fPIC
