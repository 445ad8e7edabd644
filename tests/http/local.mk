# SPDX-License-Identifier: MIT
if HAVE_CMOCKA
check_PROGRAMS += tests/http/test_server tests/http/test_access tests/http/test_api tests/http/test_bodies tests/http/test_images tests/http/test_language tests/http/test_lists tests/http/test_queues tests/http/test_players tests/http/test_release_filters tests/http/test_releases tests/http/test_robust tests/http/test_shows tests/http/test_streams tests/http/test_torrents tests/http/test_warm
HOUSE = tests/http/house.c tests/http/house.h tests/http/raw.c tests/http/raw.h
tests_http_test_server_SOURCES = %D%/test_server.c %D%/raw.c %D%/raw.h
tests_http_test_access_SOURCES = %D%/test_access.c $(HOUSE)
tests_http_test_api_SOURCES = %D%/test_api.c %D%/test_api_locks.c %D%/test_api_rights.c %D%/api_test.h \
	$(HOUSE)
tests_http_test_bodies_SOURCES = %D%/test_bodies.c %D%/api_test.h $(HOUSE)
tests_http_test_images_SOURCES = %D%/test_images.c %D%/api_test.h tests/fake_upstream.c tests/fake_upstream.h $(HOUSE)
tests_http_test_language_SOURCES = %D%/test_language.c $(HOUSE)
tests_http_test_lists_SOURCES = %D%/test_lists.c $(HOUSE)
tests_http_test_queues_SOURCES = %D%/test_queues.c $(HOUSE)
tests_http_test_releases_SOURCES = %D%/test_releases.c $(HOUSE)
tests_http_test_release_filters_SOURCES = %D%/test_release_filters.c $(HOUSE)
tests_http_test_players_SOURCES = %D%/test_players.c $(HOUSE)
tests_http_test_shows_SOURCES = %D%/test_shows.c $(HOUSE)
tests_http_test_streams_SOURCES = %D%/test_streams.c %D%/test_streams_tickets.c %D%/test_streams_trouble.c \
	%D%/streams_scene.h $(HOUSE)
tests_http_test_torrents_SOURCES = %D%/test_torrents.c $(HOUSE)
tests_http_test_warm_SOURCES = %D%/test_warm.c $(HOUSE)
tests_http_test_robust_SOURCES = %D%/test_robust.c $(HOUSE)
endif
