libmiauflixd_a_SOURCES += \
	%D%/release_grammar.h \
	%D%/release_group.c \
	%D%/release_layout.c \
	%D%/release_name.c %D%/release_name.h \
	%D%/release_place.c \
	%D%/release_shape.c \
	%D%/release_tags.c \
	%D%/release_text.c %D%/release_text.h \
	%D%/release_title.c \
	%D%/release_words.c %D%/release_words.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_release_name tests/unit/test_release_recorded tests/unit/test_release_habits
tests_unit_test_release_name_SOURCES = tests/unit/test_release_name.c tests/unit/test_release_name_fields.c \
	tests/unit/test_release_name_traps.c tests/unit/release_name_test.h
EXTRA_DIST += tests/data/release_names.tsv

# The parser once more, with its branches counted.
check_PROGRAMS += tests/unit/test_release_steps
tests_unit_test_release_steps_SOURCES = tests/unit/test_release_steps.c %D%/release_group.c \
	%D%/release_layout.c %D%/release_name.c %D%/release_place.c %D%/release_shape.c \
	%D%/release_tags.c %D%/release_text.c %D%/release_title.c %D%/release_words.c
tests_unit_test_release_steps_CFLAGS = $(AM_CFLAGS) -fsanitize-coverage=trace-pc
endif
