# The provider for TMDB.  Its files are a library of their own, so that fuzzers and benchmarks can reach inside.
if PLUGIN_TMDB
pkglib_LTLIBRARIES += %D%/tmdb.la
noinst_LTLIBRARIES += %D%/libtmdb.la
endif
%C%_tmdb_la_SOURCES = %D%/tmdb.c %D%/tmdb.h
%C%_tmdb_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
%C%_tmdb_la_CFLAGS = $(CFLAGS_PLUGIN)
%C%_tmdb_la_LDFLAGS = $(LDFLAGS_PLUGIN)
%C%_tmdb_la_LIBADD = %D%/libtmdb.la $(LIBS_PLUGIN_COMMON) $(JANSSON_LIBS) $(ZLIB_LIBS)

%C%_libtmdb_la_SOURCES = \
	core/media/placeholder.c core/media/placeholder.h \
	%D%/answer.c %D%/answer.h \
	%D%/changes.c \
	%D%/cursor.c %D%/cursor.h \
	%D%/editions.c %D%/editions.h \
	%D%/element.c %D%/element.h \
	%D%/episode.c %D%/episode.h \
	%D%/export.c \
	%D%/export_line.c %D%/export_line.h \
	%D%/feeds.c \
	%D%/fetch.c \
	%D%/find.c %D%/find.h \
	%D%/item.c %D%/item.h \
	%D%/lines.c %D%/lines.h \
	%D%/list.c %D%/list.h \
	%D%/locate.c \
	%D%/movie.c %D%/movie.h \
	%D%/parts.c %D%/parts.h \
	%D%/regions.c %D%/regions.h \
	%D%/request.c %D%/request.h \
	%D%/rows.c %D%/rows.h \
	%D%/scope.c %D%/scope.h \
	%D%/search.c \
	%D%/season.c %D%/season.h \
	%D%/show.c %D%/show.h \
	%D%/show_fetch.c %D%/show_fetch.h \
	%D%/sync.c %D%/sync.h \
	%D%/tag.c %D%/tag.h
# media/placeholder is the core's too: a word that counts is known in one place.
%C%_libtmdb_la_CPPFLAGS = $(CPPFLAGS_PLUGIN) -I$(top_srcdir)/core
%C%_libtmdb_la_CFLAGS = $(CFLAGS_PLUGIN)
