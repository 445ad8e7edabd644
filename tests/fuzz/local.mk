# Each parser of foreign bytes has a target here, fuzz_NAME.c, and a corpus in tests/data/fuzz/NAME/.  make check replays
# the corpus through replay_NAME; make fuzz runs the same target under clang's libFuzzer.  A new target is one line in each
# of the two lists and its sources.
check_PROGRAMS += \
	%D%/replay_body \
	%D%/replay_card \
	%D%/replay_document \
	%D%/replay_filter \
	%D%/replay_ids \
	%D%/replay_language \
	%D%/replay_magnet \
	%D%/replay_metainfo \
	%D%/replay_quick \
	%D%/replay_range \
	%D%/replay_release \
	%D%/replay_release_name \
	%D%/replay_request \
	%D%/replay_season \
	%D%/replay_subtitle
FUZZERS += \
	fuzz-build/tests/fuzz/fuzz_body \
	fuzz-build/tests/fuzz/fuzz_card \
	fuzz-build/tests/fuzz/fuzz_document \
	fuzz-build/tests/fuzz/fuzz_filter \
	fuzz-build/tests/fuzz/fuzz_ids \
	fuzz-build/tests/fuzz/fuzz_language \
	fuzz-build/tests/fuzz/fuzz_magnet \
	fuzz-build/tests/fuzz/fuzz_metainfo \
	fuzz-build/tests/fuzz/fuzz_quick \
	fuzz-build/tests/fuzz/fuzz_range \
	fuzz-build/tests/fuzz/fuzz_release \
	fuzz-build/tests/fuzz/fuzz_release_name \
	fuzz-build/tests/fuzz/fuzz_request \
	fuzz-build/tests/fuzz/fuzz_season \
	fuzz-build/tests/fuzz/fuzz_subtitle

replay_sources = %D%/replay.c %D%/fuzz.h
%C%_replay_body_SOURCES = %D%/fuzz_body.c $(replay_sources)
%C%_replay_card_SOURCES = %D%/fuzz_card.c $(replay_sources)
%C%_replay_document_SOURCES = %D%/fuzz_document.c $(replay_sources)
%C%_replay_filter_SOURCES = %D%/fuzz_filter.c $(replay_sources)
%C%_replay_ids_SOURCES = %D%/fuzz_ids.c $(replay_sources)
%C%_replay_language_SOURCES = %D%/fuzz_language.c $(replay_sources)
%C%_replay_magnet_SOURCES = %D%/fuzz_magnet.c $(replay_sources)
%C%_replay_metainfo_SOURCES = %D%/fuzz_metainfo.c $(replay_sources)
%C%_replay_quick_SOURCES = %D%/fuzz_quick.c $(replay_sources)
%C%_replay_range_SOURCES = %D%/fuzz_range.c $(replay_sources)
%C%_replay_release_SOURCES = %D%/fuzz_release.c $(replay_sources)
%C%_replay_release_name_SOURCES = %D%/fuzz_release_name.c $(replay_sources)
%C%_replay_request_SOURCES = %D%/fuzz_request.c $(replay_sources)
%C%_replay_season_SOURCES = %D%/fuzz_season.c $(replay_sources)
%C%_replay_subtitle_SOURCES = %D%/fuzz_subtitle.c $(replay_sources)
EXTRA_DIST += tests/data/fuzz

# The daemon's sources once more, with clang's coverage feedback and ASan, beside the ordinary build.
FUZZ_CC = clang
FUZZ_CFLAGS = -std=gnu17 -g -O1 -fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer -pthread \
	$(JANSSON_CFLAGS) $(CURL_CFLAGS) $(LIBCONFIG_CFLAGS) $(SODIUM_CFLAGS) $(CRYPTO_CFLAGS)
FUZZ_CPPFLAGS = $(DEFS) -I. $(AM_CPPFLAGS) $(libmiauflixd_a_CPPFLAGS) -U_FORTIFY_SOURCE
fuzz_objects = $(patsubst %.c,fuzz-build/%.o,$(filter %.c,$(libmiauflixd_a_SOURCES)))

fuzz-build/%.o: %.c
	@command -v $(FUZZ_CC) >/dev/null || { echo "make fuzz needs clang: apt install clang libclang-rt-14-dev" >&2; exit 1; }
	@$(MKDIR_P) $(@D)
	$(AM_V_CC)$(FUZZ_CC) $(FUZZ_CPPFLAGS) $(FUZZ_CFLAGS) -c -o $@ $<

fuzz-build/library.a: $(fuzz_objects)
	$(AM_V_AR)rm -f $@ && $(AR) cr $@ $(fuzz_objects)

fuzz-build/tests/fuzz/fuzz_%: fuzz-build/tests/fuzz/fuzz_%.o fuzz-build/library.a
	$(AM_V_CCLD)$(FUZZ_CC) -fsanitize=fuzzer,address -pthread -o $@ $< fuzz-build/library.a $(PARTS_LIBS)

.PRECIOUS: fuzz-build/%.o

# plugins/tmdb
if PLUGIN_TMDB
check_PROGRAMS += %D%/replay_tmdb_export %D%/replay_tmdb_movie %D%/replay_tmdb_show
FUZZERS += fuzz-build/tests/fuzz/fuzz_tmdb_export fuzz-build/tests/fuzz/fuzz_tmdb_movie \
	fuzz-build/tests/fuzz/fuzz_tmdb_show
endif
tmdb_replay_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/plugins
tmdb_replay_libs = plugins/tmdb/libtmdb.la $(LIBS_PLUGIN_COMMON) $(LDADD)
%C%_replay_tmdb_export_SOURCES = %D%/fuzz_tmdb_export.c $(replay_sources)
%C%_replay_tmdb_export_CPPFLAGS = $(tmdb_replay_cppflags)
%C%_replay_tmdb_export_LDADD = $(tmdb_replay_libs)
%C%_replay_tmdb_movie_SOURCES = %D%/fuzz_tmdb_movie.c $(replay_sources)
%C%_replay_tmdb_movie_CPPFLAGS = $(tmdb_replay_cppflags)
%C%_replay_tmdb_movie_LDADD = $(tmdb_replay_libs)
%C%_replay_tmdb_show_SOURCES = %D%/fuzz_tmdb_show.c $(replay_sources)
%C%_replay_tmdb_show_CPPFLAGS = $(tmdb_replay_cppflags)
%C%_replay_tmdb_show_LDADD = $(tmdb_replay_libs)

fuzz_tmdb_objects = $(patsubst %.c,fuzz-build/%.o,$(filter %.c,$(plugins_tmdb_libtmdb_la_SOURCES) \
	$(plugins_common_libcommon_la_SOURCES)))

fuzz-build/plugins/%.o fuzz-build/tests/fuzz/fuzz_tmdb_%.o: FUZZ_CFLAGS += -I$(top_srcdir)/plugins

fuzz-build/tests/fuzz/fuzz_tmdb_%: fuzz-build/tests/fuzz/fuzz_tmdb_%.o $(fuzz_tmdb_objects) fuzz-build/library.a
	$(AM_V_CCLD)$(FUZZ_CC) -fsanitize=fuzzer,address -pthread -o $@ $^ $(PARTS_LIBS)
