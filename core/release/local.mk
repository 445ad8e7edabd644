libmiauflixd_a_SOURCES += \
	%D%/edition.c %D%/edition.h \
	%D%/release.c %D%/release.h \
	%D%/release_pack.c \
	%D%/release_score.c %D%/release_score.h \
	%D%/swarm.c %D%/swarm.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_release tests/unit/test_swarm
endif
