libmiauflixd_a_SOURCES += \
	%D%/answers.c %D%/answers.h \
	%D%/answer_shard.c %D%/answer_shard.h \
	%D%/bodies.c %D%/bodies.h \
	%D%/body_file.c %D%/body_file.h \
	%D%/body_index.c %D%/body_index.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_answers tests/unit/test_bodies
endif
