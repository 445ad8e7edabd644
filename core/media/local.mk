libmiauflixd_a_SOURCES += \
	%D%/card.c %D%/card.h %D%/card_format.h %D%/card_pack.c %D%/card_read.c \
	%D%/checking.c %D%/checking.h \
	%D%/document.c %D%/document.h \
	%D%/filter.c %D%/filter.h \
	%D%/genre.c %D%/genre.h \
	%D%/ids.c %D%/ids.h \
	%D%/language.c %D%/language.h %D%/language_wish.c \
	%D%/locks.c %D%/locks.h \
	%D%/bencode.c %D%/bencode.h %D%/metainfo.c %D%/metainfo.h %D%/metainfo_files.c %D%/metainfo_inside.h \
	%D%/metainfo_layers.c %D%/metainfo_write.c \
	%D%/magnet.c %D%/magnet.h %D%/magnet_build.c %D%/magnet_hash.c %D%/magnet_url.c %D%/magnet_url.h \
	%D%/merge.c %D%/merge.h %D%/merge_fields.c %D%/merge_fields.h %D%/merge_lists.c %D%/merge_texts.c %D%/merging.h \
	%D%/placeholder.c %D%/placeholder.h \
	%D%/quality.c %D%/quality.h \
	%D%/rank.c %D%/rank.h \
	%D%/release.c %D%/release.h %D%/release_pack.c %D%/release_score.c %D%/release_score.h \
	%D%/release_grammar.h %D%/release_group.c %D%/release_layout.c \
	%D%/release_name.c %D%/release_name.h %D%/release_place.c %D%/release_shape.c \
	%D%/release_tags.c %D%/release_text.c %D%/release_text.h %D%/release_title.c \
	%D%/release_words.c %D%/release_words.h \
	%D%/schema.c %D%/schema.h \
	%D%/season.c %D%/season.h %D%/season_format.h %D%/season_merge.c %D%/season_pack.c \
	%D%/schema_text.c \
	%D%/subtitle.c %D%/subtitle.h %D%/subtitle_charset.c \
	%D%/swarm.c %D%/swarm.h \
	%D%/torrent_file.c %D%/torrent_file.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_document tests/unit/test_ids tests/unit/test_language \
	tests/unit/test_genre tests/unit/test_card tests/unit/test_filter tests/unit/test_merge \
	tests/unit/test_quality tests/unit/test_rank tests/unit/test_season \
	tests/unit/test_season_merge
check_PROGRAMS += tests/unit/test_metainfo tests/unit/test_release tests/unit/test_subtitle tests/unit/test_torrent_file tests/unit/test_magnet tests/unit/test_release_name tests/unit/test_release_recorded tests/unit/test_release_habits
EXTRA_DIST += tests/data/release_names.tsv

# The parser once more, with its branches counted.
check_PROGRAMS += tests/unit/test_release_steps
tests_unit_test_release_steps_SOURCES = tests/unit/test_release_steps.c %D%/release_group.c \
	%D%/release_layout.c %D%/release_name.c %D%/release_place.c %D%/release_shape.c \
	%D%/release_tags.c %D%/release_text.c %D%/release_title.c %D%/release_words.c
tests_unit_test_release_steps_CFLAGS = $(AM_CFLAGS) -fsanitize-coverage=trace-pc
endif
