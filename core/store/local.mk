libmiauflixd_a_SOURCES += \
	%D%/backup.c %D%/backup_manifest.c \
	%D%/bytes.h \
	%D%/changes.c %D%/changes.h \
	%D%/environment.c %D%/environment.h \
	%D%/export.c %D%/export.h \
	%D%/fetches.c %D%/fetches.h \
	%D%/group.c \
	%D%/ids.c %D%/ids.h \
	%D%/import.c \
	%D%/inside.h \
	%D%/items.c %D%/items.h \
	%D%/jobs.c %D%/jobs.h \
	%D%/keeper.c \
	%D%/list_items.c %D%/list_write.c %D%/lists.c %D%/lists.h \
	%D%/maintenance.h \
	%D%/migrate.c %D%/migrate_releases.c \
	%D%/pages.c %D%/pages.h \
	%D%/read.c \
	%D%/heads.c %D%/heads.h \
	%D%/records.c %D%/records.h \
	%D%/repair.c %D%/repair_following.c %D%/repair_lists.c %D%/repairing.h \
	%D%/releases.c %D%/releases.h \
	%D%/seasons.c %D%/seasons.h \
	%D%/state.c %D%/state.h \
	%D%/store.c %D%/store.h \
	%D%/swarms.c %D%/swarms.h \
	%D%/tokens.c %D%/tokens.h \
	%D%/torrent_parts.c %D%/torrent_parts.h %D%/torrents.c %D%/torrents.h \
	%D%/txn.c \
	%D%/verify_releases.c \
	%D%/verify.c %D%/verify_lists.c \
	%D%/writer.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_store tests/unit/test_store_tables tests/unit/test_store_crash \
	tests/unit/test_store_backup tests/unit/test_store_maintenance tests/unit/test_store_lists tests/unit/test_store_releases tests/unit/test_store_seasons tests/unit/test_store_trouble \
	tests/unit/test_pages
tests_unit_test_pages_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=pwrite
tests_unit_test_store_lists_SOURCES = tests/unit/test_store_lists.c tests/unit/test_store_lists_care.c \
	tests/unit/lists_place.h
tests_unit_test_store_tables_SOURCES = tests/unit/test_store_tables.c tests/unit/test_store_changes.c \
	tests/unit/test_store_fetches.c tests/unit/test_store_migrate.c tests/unit/test_store_records.c \
	tests/unit/store_rows.h
SOAKS += tests/unit/test_store_crash
endif
EXTRA_DIST += tests/unit/full_place.h tests/copies.h tests/findings.h tests/old_release.h tests/older_store.h tests/place.h tests/titles.h
