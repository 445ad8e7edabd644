/* SPDX-License-Identifier: MIT
 *
 * Recorded lists, and recorded rows, changes and finds of shows: for each, what must come out. */
#include "tmdb_recorded.h"

static void recorded_rows_become_partial_shows(void **state)
{
    need_recorded();
    static const struct {
        const char *name;
        uint32_t kind;
        size_t n_shows, n_movies;
    } cases[] = {
        { "search_tv_bb_p1.json", PROVIDER_TVSHOW, 5, 0 },
        { "search_tv_bb_p2_beyond.json", PROVIDER_TVSHOW, 0, 0 },
        { "discover_tv.json", PROVIDER_TVSHOW, 20, 0 },
        { "account_watchlist_tv.json", PROVIDER_TVSHOW, 20, 0 },
        { "tv_popular_p1.json", PROVIDER_TVSHOW, 20, 0 },
        { "tv_on_the_air_p1.json", PROVIDER_TVSHOW, 20, 0 },
        { "tv_airing_today_p1.json", PROVIDER_TVSHOW, 20, 0 },
        { "trending_tv_week.json", PROVIDER_TVSHOW, 20, 0 },
        { "trending_all_week.json", PROVIDER_TVSHOW, 9, 0 },
        { "trending_movie_week.json", PROVIDER_TVSHOW, 0, 0 },
        { "trending_all_week.json", 0, 9, 11 },
        { "search_multi_arrow.json", 0, 9, 9 },
        { "search_multi_jobs.json", 0, 4, 6 },
        { "search_multi_decoding_error.json", 0, 0, 8 },
        { "v21_search_nothing.json", 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
        const struct provider_query query = {
            .size = sizeof(query), .kind = cases[i].kind, .text = "x", .page = 1, .limit = 40
        };
        size_t n_shows = 0;

        fake_host_answer_json(host, "{base}/search/*", "{\"results\":[]}");
        answer_recorded(host, "{base}/search/*&page=1", 200, cases[i].name);
        assert_int_equal(fake_host_search(host, &query), 0);
        assert_int_equal(fake_host_n_refused(host), 0);
        for (size_t j = 0; j < fake_host_n_documents(host); j++)
            n_shows += fake_host_document(host, j)->kind == PROVIDER_TVSHOW;
        if (n_shows != cases[i].n_shows ||
            fake_host_n_documents(host) != n_shows + cases[i].n_movies)
            fail_msg("%s: %zu shows of %zu", cases[i].name, n_shows, fake_host_n_documents(host));
    }
}

static void recorded_changes_of_shows_are_announced_once_each(void **state)
{
    need_recorded();
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "export", "false");
    fake_host_set_option(host, "tv_feeds", "none");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    CLEANUP(mem_free)
    char *cursor = mem_dup_text(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1));

    fake_host_answer_json(host, "{base}/tv/changes?*", "{\"results\":[]}");
    answer_recorded(host, "{base}/tv/changes?*&page=1", 200, "tv_changes_p1.json");
    assert_int_equal(fake_host_sync(host, "tvshows", cursor), 0);
    assert_announced_for_two_days(host, PROVIDER_TVSHOW, 100);
}

static void recorded_finds_lead_to_shows_only(void **state)
{
    need_recorded();
    static const struct {
        const char *name, *space, *id;
        int code;
    } cases[] = {
        { "find_imdb_tt0903747.json", "imdb", "tt0903747", 0 },
        { "find_imdb_tt0088247.json", "imdb", "tt0088247", PROVIDER_ENOTFOUND },
        { "find_imdb_tt0959621.json", "imdb", "tt0959621", PROVIDER_ENOTFOUND },
        { "find_tvdb_30272_ambiguous.json", "tvdb", "30272", PROVIDER_ENOTFOUND },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        answer_recorded(host, "{base}/find/*", 200, cases[i].name);
        answer_recorded(host, "{base}/tv/1396?*", 200, "tv_1396.json");
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, cases[i].space, cases[i].id),
                         cases[i].code);
        assert_int_equal(fake_host_n_documents(host) > 0, cases[i].code == 0);
    }
}

static void a_recorded_list_keeps_its_order(void **state)
{
    need_recorded();
    static const int64_t ids[] = { 77878, 71688, 640, 8358, 853, 1581, 824, 1402,
                                   10673, 1165,  855, 180,  603, 604,  435, 594 };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_recorded(host, "{base}/list/509?*", 200, "list_509.json");
    assert_int_equal(fake_host_sync(host, "list:509", NULL), 0);
    const json_t *list = tmdb_document(host, 0, PROVIDER_LIST, 0);
    const json_t *items = tmdb_at(list, "items");

    assert_text(list, "name", "Watched");
    assert_text(list, "owner", "regina.phalange");
    assert_int(list, "item_count", 16);
    assert_int_equal(json_array_size(items), 16);
    for (size_t i = 0; i < 16; i++) {
        assert_int(json_array_get(items, i), "ids.tmdb", ids[i]);
        assert_int(json_array_get(items, i), "rank", (int64_t)i + 1);
    }
    assert_text(list, "items.0.title", "The Lady");
    assert_int(list, "items.0.year", 2011);
}

static void recorded_pages_become_standing_lists(void **state)
{
    need_recorded();
    static const struct {
        const char *name, *scope, *kind;
        size_t n;
    } cases[] = {
        { "movie_popular_p1.json", "list:popular", "movie", 20 },
        { "movie_top_rated_de.json", "list:top_rated", "movie", 20 },
        { "movie_upcoming_de.json", "list:upcoming", "movie", 20 },
        { "movie_now_playing_p1.json", "list:now_playing", "movie", 20 },
        { "trending_all_week.json", "list:trending_week", NULL, 20 },
        { "tv_on_the_air_p1.json", "list:on_the_air", "tvshow", 20 },
        { "tv_airing_today_p1.json", "list:airing_today", "tvshow", 20 },
        { "tv_popular_p1.json", "list:popular_tvshows", "tvshow", 20 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, "feed_pages", "1");
        answer_recorded(host, "{base}/*", 200, cases[i].name);
        assert_int_equal(fake_host_sync(host, cases[i].scope, NULL), 0);
        const json_t *list = tmdb_document(host, 0, PROVIDER_LIST, 0);
        size_t j;
        json_t *item;

        assert_int_equal(json_array_size(tmdb_at(list, "items")), cases[i].n);
        json_array_foreach (tmdb_at(list, "items"), j, item)
            if (cases[i].kind)
                assert_text(item, "kind", cases[i].kind);
    }
}

/* What lists answer when they are written to, and errors, are no lists. */
static void recorded_answers_that_are_no_list_are_refused(void **state)
{
    need_recorded();
    static const struct {
        const char *name;
        int status, code;
    } cases[] = {
        { "list_add.json", 201, PROVIDER_EPARSE },
        { "list_clear.json", 201, PROVIDER_EPARSE },
        { "list_create.json", 201, PROVIDER_EPARSE },
        { "list_delete.json", 200, PROVIDER_EPARSE },
        { "list_remove.json", 200, PROVIDER_EPARSE },
        { "list_item_status.json", 200, PROVIDER_EPARSE },
        { "err_list_404.json", 404, PROVIDER_ENOTFOUND },
        { "v16_err_invalid_key_401.json", 401, PROVIDER_EAUTH },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        answer_recorded(host, "{base}/list/*", cases[i].status, cases[i].name);
        if (fake_host_sync(host, "list:28", NULL) != cases[i].code)
            fail_msg("%s: %s", cases[i].name, fake_host_error(host));
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(recorded_rows_become_partial_shows),
    cmocka_unit_test(recorded_changes_of_shows_are_announced_once_each),
    cmocka_unit_test(recorded_finds_lead_to_shows_only),
    cmocka_unit_test(a_recorded_list_keeps_its_order),
    cmocka_unit_test(recorded_pages_become_standing_lists),
    cmocka_unit_test(recorded_answers_that_are_no_list_are_refused),
};

const struct test_part tmdb_recorded_lists_part = TEST_PART(tests);
