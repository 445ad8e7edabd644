# The sandbox: all but its main() as a library, for its own tests.  It knows base and api/server.h and
# nothing else of the daemon.
noinst_LIBRARIES += libsandbox.a
libsandbox_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
libsandbox_a_SOURCES = \
	%D%/admin.c %D%/admin.h \
	%D%/catalog.c %D%/catalog.h %D%/catalog_private.h \
	%D%/catalog_changes.c \
	%D%/catalog_list.c \
	%D%/chance.h \
	%D%/emit.c %D%/emit.h \
	%D%/faults.c %D%/faults.h \
	%D%/film.c %D%/film.h \
	%D%/filter.c %D%/filter.h \
	%D%/fold.c %D%/fold.h \
	%D%/invent.c %D%/invent.h \
	%D%/invent_parts.c %D%/invent_parts.h \
	%D%/names.c %D%/names.h \
	%D%/parts.c %D%/parts.h \
	%D%/parts_more.c \
	%D%/picture.c %D%/picture.h \
	%D%/read.c %D%/read.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/spoil.c %D%/spoil.h \
	%D%/tmdb.c %D%/tmdb.h \
	%D%/tmdb_changes.c \
	%D%/tmdb_config.c \
	%D%/tmdb_export.c \
	%D%/tmdb_image.c \
	%D%/tmdb_lists.c \
	%D%/tmdb_movie.c \
	%D%/tmdb_search.c \
	%D%/wire.c %D%/wire.h \
	%D%/words.c %D%/words.h
nodist_libsandbox_a_SOURCES = %D%/data.c

sandbox_films = %D%/data/open.json %D%/data/silent.json %D%/data/sound.json %D%/data/odd.json
EXTRA_DIST += %D%/data.awk %D%/data/README $(sandbox_films)
BUILT_SOURCES += %D%/data.c
CLEANFILES += %D%/data.c
%D%/data.c: $(sandbox_films) %D%/data.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	for file in $(sandbox_films); do set -- "$$@" "$(srcdir)/$$file"; done && \
	LC_ALL=C $(AWK) -f $(srcdir)/%D%/data.awk "$$@" >$@.new && mv $@.new $@

noinst_PROGRAMS += miauflix-sandbox
miauflix_sandbox_SOURCES = %D%/main.c
miauflix_sandbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
miauflix_sandbox_LDADD = libsandbox.a $(LDADD)

EXTRA_DIST += %D%/ask.h
if HAVE_CMOCKA
check_PROGRAMS += tests/sandbox/test_tmdb tests/sandbox/test_shapes tests/sandbox/test_wire
tests_sandbox_test_tmdb_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_tmdb_LDADD = $(miauflix_sandbox_LDADD)
tests_sandbox_test_shapes_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_shapes_LDADD = $(miauflix_sandbox_LDADD)
tests_sandbox_test_wire_CPPFLAGS = $(miauflix_sandbox_CPPFLAGS)
tests_sandbox_test_wire_LDADD = $(miauflix_sandbox_LDADD)
endif

dist_check_SCRIPTS += %D%/clients.sh
EXTRA_DIST += %D%/clients.cjs
