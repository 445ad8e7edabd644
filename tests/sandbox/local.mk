# The sandbox: all but its main() as a library, for its own tests.  It knows base and api/server.h and
# nothing else of the daemon.
noinst_LIBRARIES += libsandbox.a
libsandbox_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
libsandbox_a_SOURCES = \
	%D%/admin.c %D%/admin.h \
	%D%/catalog.c %D%/catalog.h %D%/catalog_private.h \
	%D%/catalog_changes.c \
	%D%/catalog_list.c \
	%D%/catalog_show.c \
	%D%/chance.h \
	%D%/emit.c %D%/emit.h \
	%D%/faults.c %D%/faults.h \
	%D%/film.c %D%/film.h \
	%D%/filter.c %D%/filter.h \
	%D%/fold.c %D%/fold.h \
	%D%/invent.c %D%/invent.h \
	%D%/invent_parts.c %D%/invent_parts.h \
	%D%/invent_show.c %D%/invent_show.h \
	%D%/lists.c %D%/lists.h \
	%D%/names.c %D%/names.h \
	%D%/names_tv.c \
	%D%/parts.c %D%/parts.h \
	%D%/parts_more.c \
	%D%/parts_people.c \
	%D%/parts_show.c %D%/parts_show.h \
	%D%/parts_show_more.c \
	%D%/picture.c %D%/picture.h \
	%D%/read.c %D%/read.h \
	%D%/reel.h \
	%D%/reels.c %D%/reels.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/show.c %D%/show.h \
	%D%/show_episode.c \
	%D%/spoil.c %D%/spoil.h \
	%D%/tmdb.c %D%/tmdb.h \
	%D%/tmdb_append.c \
	%D%/tmdb_changes.c \
	%D%/tmdb_config.c \
	%D%/tmdb_export.c \
	%D%/tmdb_find.c \
	%D%/tmdb_image.c \
	%D%/tmdb_list.c \
	%D%/tmdb_lists.c \
	%D%/tmdb_movie.c \
	%D%/tmdb_page.c \
	%D%/tmdb_search.c \
	%D%/tmdb_season.c \
	%D%/tmdb_tv.c %D%/tmdb_tv.h \
	%D%/wire.c %D%/wire.h \
	%D%/words.c %D%/words.h \
	%D%/yts.c %D%/yts.h
nodist_libsandbox_a_SOURCES = %D%/data.c

sandbox_data = \
	%D%/data/films/open.json %D%/data/films/silent.json %D%/data/films/sound.json \
	%D%/data/films/odd.json \
	%D%/data/shows/open.json %D%/data/shows/invented.json \
	%D%/data/lists/lists.json
EXTRA_DIST += %D%/data.awk %D%/data/README $(sandbox_data)
BUILT_SOURCES += %D%/data.c
CLEANFILES += %D%/data.c
%D%/data.c: $(sandbox_data) %D%/data.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	for file in $(sandbox_data); do set -- "$$@" "$(srcdir)/$$file"; done && \
	LC_ALL=C $(AWK) -f $(srcdir)/%D%/data.awk "$$@" >$@.new && mv $@.new $@

sandbox_libs = libsandbox.a $(LDADD)
noinst_PROGRAMS += miauflix-sandbox
miauflix_sandbox_SOURCES = %D%/main.c
miauflix_sandbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
miauflix_sandbox_LDADD = libsandbox.a $(seeding_libs) $(LDADD)

# Films that are really there need libtorrent; its part is C++, and so is the program then.
EXTRA_DIST += %D%/films.sh
if PLUGIN_WEBTORRENT
noinst_LIBRARIES += libseeding.a
nodist_EXTRA_miauflix_sandbox_SOURCES = %D%/none.cc
seeding_libs = libseeding.a tests/plugins/libswarm.a $(LIBTORRENT_LIBS)
else
miauflix_sandbox_SOURCES += %D%/no_seeding.c
endif
libseeding_a_SOURCES = %D%/seeding.cc %D%/seeding.h
libseeding_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D% -I$(srcdir)/tests/plugins
libseeding_a_CXXFLAGS = $(AM_CXXFLAGS) $(LIBTORRENT_CFLAGS) -fPIE

# The sandbox at the end of a pipe, for tests of synchronisation.
noinst_PROGRAMS += %D%/pipe
%C%_pipe_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
%C%_pipe_LDADD = $(sandbox_libs)

EXTRA_DIST += %D%/ask.h %D%/ask_world.h
if HAVE_CMOCKA
check_PROGRAMS += tests/sandbox/test_tmdb tests/sandbox/test_tv tests/sandbox/test_tv_find \
	tests/sandbox/test_list tests/sandbox/test_shapes tests/sandbox/test_wire tests/sandbox/test_yts tests/sandbox/test_reels
tests_sandbox_test_reels_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_reels_LDADD = $(sandbox_libs)
tests_sandbox_test_tmdb_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_tmdb_LDADD = $(sandbox_libs)
tests_sandbox_test_tv_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_tv_LDADD = $(sandbox_libs)
tests_sandbox_test_tv_find_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_tv_find_LDADD = $(sandbox_libs)
tests_sandbox_test_list_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_list_LDADD = $(sandbox_libs)
tests_sandbox_test_shapes_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_shapes_LDADD = $(sandbox_libs)
tests_sandbox_test_wire_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_wire_LDADD = $(sandbox_libs)
tests_sandbox_test_yts_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_yts_LDADD = $(sandbox_libs)
endif

dist_check_SCRIPTS += %D%/clients.sh
EXTRA_DIST += %D%/clients.cjs

# Made by the first test that needs them.
clean-local: clean-films
clean-films:
	rm -rf tests/films tests/films.lock
.PHONY: clean-films
