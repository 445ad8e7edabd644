libmiauflixd_a_SOURCES += \
	%D%/drain.c %D%/drain.h \
	%D%/sync.c %D%/sync.h \
	%D%/sync_availability.c \
	%D%/sync_export.c \
	%D%/sync_inside.h \
	%D%/sync_lists.c \
	%D%/sync_refresh.c \
	%D%/sync_schedule.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_sync
tests_unit_test_sync_SOURCES = tests/unit/test_sync.c tests/unit/test_sync_drain.c \
	tests/unit/test_sync_missing.c tests/unit/test_sync_whole.c tests/unit/sync_test.h \
	$(SERVICE_STAGE)

# The plugin asks the C library for the time and gets the test's.
check_PROGRAMS += tests/unit/test_sync_again tests/unit/test_sync_day
SYNC_WORLD = tests/unit/sync_world.c tests/unit/sync_world.h
tests_unit_test_sync_again_SOURCES = tests/unit/test_sync_again.c $(SYNC_WORLD)
tests_unit_test_sync_again_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
tests_unit_test_sync_day_SOURCES = tests/unit/test_sync_day.c $(SYNC_WORLD)
tests_unit_test_sync_day_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
endif
