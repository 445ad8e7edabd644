libmiauflixd_a_SOURCES += \
	%D%/document.c %D%/document.h \
	%D%/genre.c %D%/genre.h \
	%D%/ids.c %D%/ids.h \
	%D%/language.c %D%/language.h \
	%D%/rank.c %D%/rank.h \
	%D%/schema.c %D%/schema.h \
	%D%/schema_text.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_document tests/unit/test_ids tests/unit/test_language \
	tests/unit/test_genre
endif
