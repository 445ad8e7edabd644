libmiauflixd_a_SOURCES += \
	%D%/accounts.c %D%/accounts.h \
	%D%/availability.c %D%/availability.h \
	%D%/availability_policy.c %D%/availability_policy.h \
	%D%/backup.c %D%/backup.h \
	%D%/catalog.c %D%/catalog.h \
	%D%/derive.c %D%/derive.h \
	%D%/episodes.c %D%/episodes.h \
	%D%/denials.c %D%/denials.h \
	%D%/errands.c %D%/errands.h \
	%D%/events.c %D%/events.h \
	%D%/facets.c %D%/facets.h \
	%D%/feed.c %D%/feed.h \
	%D%/finder.c %D%/finder.h \
	%D%/freshness.c %D%/freshness.h \
	%D%/images.c %D%/images.h \
	%D%/identity.c %D%/identity.h \
	%D%/intake.c %D%/intake.h %D%/intake_entry.c %D%/intake_entry.h \
	%D%/job.c %D%/job_list.c %D%/jobs.c %D%/jobs.h %D%/jobs_inside.h \
	%D%/locks.c %D%/locks.h \
	%D%/list_pages.c %D%/lists.c %D%/lists.h \
	%D%/obtain.c %D%/obtain.h \
	%D%/pages.c %D%/pages.h \
	%D%/query.c %D%/query.h \
	%D%/rederive.c %D%/rederive.h \
	%D%/release_intake.c %D%/release_intake.h \
	%D%/release_search.c %D%/release_search.h %D%/release_swarm.c %D%/release_swarm.h %D%/releases.c %D%/releases.h %D%/releases_table.c %D%/releases_table.h \
	%D%/season_intake.c %D%/season_intake.h \
	%D%/settle.c %D%/settle.h \
	%D%/show_parts.c %D%/show_parts.h \
	%D%/prove.c %D%/prove.h %D%/prove_index.c \
	%D%/repair.c %D%/repair.h %D%/repair_records.c %D%/repair_records.h \
	%D%/refresh_policy.c %D%/refresh_policy.h \
	%D%/similar.c \
	%D%/recollection.c %D%/recollection.h \
	%D%/sources.c %D%/sources.h \
	%D%/standing.c %D%/standing.h \
	%D%/streams.c %D%/streams.h %D%/streams_find.c %D%/streams_inside.h %D%/streams_keep.c \
	%D%/torrent_find.c %D%/torrent_find.h %D%/torrent_media.c %D%/torrent_media.h %D%/torrent_playlist.c %D%/torrent_playlist.h %D%/torrent_subtitle.c %D%/torrent_subtitle.h %D%/torrent_metainfo.c %D%/torrent_trackers.c %D%/torrents.c %D%/torrents.h %D%/torrents_inside.h %D%/torrent_view.c %D%/torrent_view.h \
	%D%/twins.c %D%/twins.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_releases tests/unit/test_intake tests/unit/test_denials tests/unit/test_errands tests/unit/test_jobs tests/unit/test_lists tests/unit/test_catalog tests/unit/test_finder tests/unit/test_seasons tests/unit/test_show_parts tests/unit/test_locks tests/unit/test_rederive tests/unit/test_repair tests/unit/test_torrents
check_PROGRAMS += tests/unit/test_accounts
SERVICE_STAGE = tests/unit/service_stage.c tests/unit/service_stage.h
tests_unit_test_locks_SOURCES = tests/unit/test_locks.c $(SERVICE_STAGE)
tests_unit_test_rederive_SOURCES = tests/unit/test_rederive.c $(SERVICE_STAGE)
tests_unit_test_repair_SOURCES = tests/unit/test_repair.c $(SERVICE_STAGE)
tests_unit_test_seasons_SOURCES = tests/unit/test_seasons.c $(SERVICE_STAGE)
tests_unit_test_show_parts_SOURCES = tests/unit/test_show_parts.c $(SERVICE_STAGE)
tests_unit_test_releases_SOURCES = tests/unit/test_releases.c tests/unit/test_releases_listed.c \
	tests/unit/test_releases_swarm.c tests/unit/releases_stage.h $(SERVICE_STAGE)
tests_unit_test_intake_SOURCES = tests/unit/test_intake.c tests/unit/test_intake_due.c \
	tests/unit/test_intake_gone.c tests/unit/test_intake_identity.c tests/unit/intake_stage.h \
	$(SERVICE_STAGE)
tests_unit_test_finder_SOURCES = tests/unit/test_finder.c tests/unit/test_finder_twins.c \
	tests/unit/test_finder_asks.c tests/unit/test_finder_pages.c \
	tests/unit/finder_test.h $(SERVICE_STAGE)
tests_unit_test_catalog_SOURCES = tests/unit/test_catalog.c $(SERVICE_STAGE)
tests_unit_test_torrents_SOURCES = tests/unit/test_torrents.c $(SERVICE_STAGE)
tests_unit_test_lists_SOURCES = tests/unit/test_lists.c tests/unit/test_lists_reading.c \
	tests/unit/lists_stage.h $(SERVICE_STAGE)
tests_unit_test_jobs_SOURCES = tests/unit/test_jobs.c tests/threads.c tests/threads.h $(SERVICE_STAGE)
check_PROGRAMS += tests/unit/test_refresh_policy
endif
