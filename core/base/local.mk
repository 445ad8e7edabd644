libmiauflixd_a_SOURCES += \
	%D%/address.c %D%/address.h \
	%D%/cleanup.h \
	%D%/clock.c %D%/clock.h \
	%D%/digest.c %D%/digest.h \
	%D%/error.c %D%/error.h \
	%D%/json.c %D%/json.h \
	%D%/lock.c %D%/lock.h \
	%D%/log.c %D%/log.h \
	%D%/mem.c %D%/mem.h \
	%D%/quick.c %D%/quick.h \
	%D%/scan.c %D%/scan.h \
	%D%/schedule.c %D%/schedule.h \
	%D%/text.c %D%/text.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_base tests/unit/test_quick tests/unit/test_scan \
	tests/unit/test_schedule
endif
