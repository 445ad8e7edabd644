libmiauflixd_a_SOURCES += \
	%D%/answer.c %D%/answer.h \
	%D%/best.c %D%/best.h \
	%D%/bits.c %D%/bits.h \
	%D%/build.c \
	%D%/build_orders.c %D%/build_orders.h \
	%D%/build_terms.c %D%/build_terms.h \
	%D%/columns.c %D%/columns.h \
	%D%/fold.c %D%/fold.h \
	%D%/gather.c %D%/gather.h \
	%D%/generation.c %D%/generation.h \
	%D%/index.c %D%/index.h \
	%D%/lexicon.c %D%/lexicon.h \
	%D%/match.c %D%/match.h \
	%D%/members.c %D%/members.h \
	%D%/numeral.c %D%/numeral.h \
	%D%/radix.c %D%/radix.h \
	%D%/script.c %D%/script.h \
	%D%/select.c %D%/select.h \
	%D%/sequence.c %D%/sequence.h \
	%D%/view.c %D%/view.h \
	%D%/words.c %D%/words.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_fold tests/unit/test_golden tests/unit/test_index tests/unit/test_index_beside \
	tests/unit/test_index_follow tests/unit/test_numeral tests/unit/test_search
tests_unit_test_index_follow_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=cards_get
index_writing = tests/unit/index_world.c tests/unit/index_world.h tests/unit/index_writing.c \
	tests/unit/index_writing.h
tests_unit_test_index_beside_SOURCES = tests/unit/test_index_beside.c $(index_writing)
tests_unit_test_index_follow_SOURCES = tests/unit/test_index_follow.c $(index_writing)
tests_unit_test_index_SOURCES = tests/unit/test_index.c tests/unit/index_world.c tests/unit/index_world.h
endif
EXTRA_DIST += tests/data/golden_films.tsv tests/data/golden_queries.tsv
