libmiauflixd_a_SOURCES += \
	%D%/card.c %D%/card.h %D%/card_compare.c %D%/card_format.h %D%/card_pack.c %D%/card_read.c \
	%D%/checking.c %D%/checking.h \
	%D%/document.c %D%/document.h \
	%D%/filter.c %D%/filter.h \
	%D%/genre.c %D%/genre.h \
	%D%/ids.c %D%/ids.h \
	%D%/language.c %D%/language.h %D%/language_wish.c \
	%D%/locks.c %D%/locks.h \
	%D%/merge.c %D%/merge.h %D%/merge_fields.c %D%/merge_fields.h %D%/merge_lists.c %D%/merge_texts.c %D%/merging.h \
	%D%/placeholder.c %D%/placeholder.h \
	%D%/quality.c %D%/quality.h \
	%D%/rank.c %D%/rank.h \
	%D%/schema.c %D%/schema.h \
	%D%/season.c %D%/season.h %D%/season_format.h %D%/season_merge.c %D%/season_pack.c \
	%D%/schema_text.c \
	%D%/subtitle.c %D%/subtitle.h %D%/subtitle_charset.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_document tests/unit/test_ids tests/unit/test_language \
	tests/unit/test_genre tests/unit/test_card tests/unit/test_card_older tests/unit/test_filter \
	tests/unit/test_merge tests/unit/test_quality tests/unit/test_rank tests/unit/test_season \
	tests/unit/test_season_merge tests/unit/test_subtitle
tests_unit_test_merge_SOURCES = tests/unit/test_merge.c tests/unit/test_merge_locks.c \
	tests/unit/test_merge_provenance.c tests/unit/merge_test.h
endif
