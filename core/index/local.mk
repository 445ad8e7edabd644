libmiauflixd_a_SOURCES += \
	%D%/build.c \
	%D%/fold.c %D%/fold.h \
	%D%/generation.c %D%/generation.h \
	%D%/index.c %D%/index.h \
	%D%/match.c %D%/match.h \
	%D%/select.c %D%/select.h \
	%D%/sequence.c %D%/sequence.h \
	%D%/view.c %D%/view.h \
	%D%/words.c %D%/words.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_fold tests/unit/test_index
tests_unit_test_index_SOURCES = tests/unit/test_index.c tests/unit/index_world.c tests/unit/index_world.h
endif
