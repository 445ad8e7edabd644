# The provider for YTS.
if PLUGIN_YTS
pkglib_LTLIBRARIES += %D%/yts.la
endif
%C%_yts_la_SOURCES = \
	%D%/fetch.c \
	%D%/movie.c %D%/movie.h \
	%D%/request.c %D%/request.h \
	%D%/search.c \
	%D%/sync.c \
	%D%/torrent.c %D%/torrent.h \
	%D%/yts.c %D%/yts.h
%C%_yts_la_CPPFLAGS = $(CPPFLAGS_PLUGIN)
%C%_yts_la_CFLAGS = $(CFLAGS_PLUGIN)
%C%_yts_la_LDFLAGS = $(LDFLAGS_PLUGIN)
%C%_yts_la_LIBADD = $(LIBS_PLUGIN_COMMON) $(JANSSON_LIBS)
