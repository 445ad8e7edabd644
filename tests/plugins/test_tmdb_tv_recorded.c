/* SPDX-License-Identifier: MIT
 *
 * TMDB's own answers about shows, seasons and lists, as others recorded them, through the real
 * module: for each, what must come out.  They are not part of this project; without them these
 * tests say so and are skipped. */
#include "tmdb_test.h"

static char *recorded(const char *name)
{
    CLEANUP(mem_free) char *path = mem_format("tmdb/%s", name);
    char *found = fake_host_recorded(path);

    if (!found) {
        print_message("# SKIP: the recorded answer '%s' is not there\n", path);
        skip();
    }
    return found;
}

static void answer(struct fake_host *host, const char *pattern, int status, const char *name)
{
    CLEANUP(mem_free) char *path = recorded(name);

    fake_host_answer(host, pattern, &(struct fake_answer){ .status = status, .body_file = path });
}

/* A size of 0: the member is absent. */
struct size {
    const char *path;
    size_t n;
};

static void assert_sizes(const char *name, const json_t *document, const struct size *sizes)
{
    for (; sizes->path; sizes++) {
        const size_t n = tmdb_has(document, sizes->path)
                             ? json_array_size(tmdb_at(document, sizes->path)) +
                                   json_object_size(tmdb_at(document, sizes->path))
                             : 0;

        if (n != sizes->n)
            fail_msg("%s: '%s' has %zu elements, not %zu", name, sizes->path, n, sizes->n);
    }
}

/* NULL: absent; 0: absent. */
static void assert_maybe_text(const json_t *document, const char *path, const char *expected)
{
    if (expected)
        assert_text(document, path, expected);
    else
        assert_false(tmdb_has(document, path));
}

static void assert_maybe_int(const json_t *document, const char *path, int64_t expected)
{
    if (expected)
        assert_int(document, path, expected);
    else
        assert_false(tmdb_has(document, path));
}

static const struct {
    const char *name, *id, *title, *first, *last, *status, *type;
    int64_t runtime, n_seasons, n_episodes;
    const char *last_episode, *next_episode;
    struct size sizes[14];
} shows[] = {
    { "tv_1396.json",
      "1396",
      "Breaking Bad",
      "2008-01-20",
      "2013-09-29",
      "ended",
      "Scripted",
      56,
      5,
      62,
      "Felina",
      NULL,
      { { "seasons", 6 },
        { "networks", 1 },
        { "created_by", 1 },
        { "cast", 0 },
        { "genres", 2 },
        { "companies", 3 },
        { "spoken_languages", 3 } } },
    { "tv_1396_append_images_pt.json",
      "1396",
      "Breaking Bad",
      "2008-01-20",
      "2013-09-29",
      "ended",
      "Scripted",
      56,
      5,
      62,
      "Felina",
      NULL,
      { { "images.posters", 3 }, { "images.backdrops", 1 }, { "images.logos", 1 } } },
    { "tv_1400_append_episode_groups.json",
      "1400",
      "Seinfeld",
      "1989-07-05",
      "1998-05-14",
      "ended",
      "Scripted",
      23,
      9,
      180,
      "The Finale (2)",
      NULL,
      { { "seasons", 10 }, { "created_by", 2 } } },
    { "tv_append_everything.json",
      "1399",
      "Game of Thrones",
      "2011-04-17",
      "2019-05-19",
      "ended",
      "Scripted",
      60,
      8,
      73,
      "The Iron Throne",
      "The Iron Throne",
      { { "seasons", 9 },
        { "cast", 1 },
        { "crew", 1 },
        { "keywords", 7 },
        { "alternative_titles", 8 },
        { "recommendations", 21 },
        { "images.posters", 1 },
        { "certification", 12 },
        { "ids", 4 } } },
    { "tv_details_complex.json",
      "2",
      "Clerks: The Animated Series",
      "2002-12-14",
      "2002-12-14",
      "ended",
      "Miniseries",
      132,
      1,
      6,
      "The Last Episode Ever",
      NULL,
      { { "seasons", 2 }, { "created_by", 3 }, { "companies", 4 }, { "tagline", 0 } } },
    { "tv_latest.json",
      "330998",
      "Philippine Selection Night",
      "2026-08-30",
      NULL,
      "returning",
      "Reality",
      0,
      1,
      1,
      NULL,
      "Episode 1",
      { { "seasons", 1 }, { "created_by", 0 }, { "networks", 1 }, { "companies", 0 } } },
};

static void recorded_details_become_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        answer(host, "{base}/tv/*", 200, shows[i].name);
        if (fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", shows[i].id) != 0)
            fail_msg("%s: %s", shows[i].name, fake_host_error(host));
        const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

        assert_text(show, "title", shows[i].title);
        assert_text(show, "title_language", "en-US");
        assert_text(show, "first_air_date", shows[i].first);
        assert_maybe_text(show, "last_air_date", shows[i].last);
        assert_text(show, "status", shows[i].status);
        assert_text(show, "type", shows[i].type);
        assert_maybe_int(show, "runtime", shows[i].runtime);
        assert_int(show, "number_of_seasons", shows[i].n_seasons);
        assert_int(show, "number_of_episodes", shows[i].n_episodes);
        assert_maybe_text(show, "last_episode.name", shows[i].last_episode);
        assert_maybe_text(show, "next_episode.name", shows[i].next_episode);
        assert_sizes(shows[i].name, show, shows[i].sizes);
        assert_int_equal(fake_host_n_refused(host), 0);
    }
}

static const struct {
    const char *name, *id;
    int64_t show, tmdb, number;
    const char *title, *air_date, *first_name;
    struct size sizes[4];
    size_t n_stills, n_dates;
} seasons[] = {
    { "mia_tv_2734_season_0.json",
      "2734/0",
      2734,
      8888,
      0,
      "Specials",
      NULL,
      "Colossal Manatee",
      { { "episodes", 6 }, { "episodes.0.guest_stars", 0 } },
      4,
      0 },
    { "tv_1396_season_1.json",
      "1396/1",
      1396,
      3572,
      1,
      "Season 1",
      "2008-01-20",
      "Pilot",
      { { "episodes", 7 }, { "episodes.0.crew", 7 }, { "episodes.0.guest_stars", 17 } },
      7,
      7 },
    { "tv_1396_season_1_append_images.json",
      "1396/1",
      1396,
      3572,
      1,
      "Season 1",
      "2008-01-20",
      "Pilot",
      { { "episodes", 7 } },
      7,
      7 },
    { "season_append_everything.json",
      "52814/1",
      52814,
      105701,
      1,
      "Season 1",
      "2022-03-24",
      "Contact",
      { { "episodes", 9 }, { "episodes.0.crew", 15 }, { "episodes.0.guest_stars", 23 } },
      9,
      9 },
};

/* A season that was recorded alone where append_to_response would put it. */
static char *in_its_show(const char *name, int64_t show, int64_t number)
{
    CLEANUP(mem_free) char *path = recorded(name);
    CLEANUP(mem_free) char *key = mem_format("season/%lld", (long long)number);
    json_auto_t *detail = json_pack("{s:I,s:s}", "id", (json_int_t)show, "name", "The show");
    json_t *season = json_load_file(path, 0, NULL);

    assert_non_null(season);
    json_object_set_new(detail, key, season);
    return json_dumps(detail, 0);
}

static size_t count(const json_t *episodes, const char *member)
{
    size_t i, n = 0;
    json_t *episode;

    json_array_foreach (episodes, i, episode)
        n += json_object_get(episode, member) != NULL;
    return n;
}

static void recorded_seasons_become_seasons(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(seasons) / sizeof(*seasons); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
        CLEANUP(mem_free)
        char *body = in_its_show(seasons[i].name, seasons[i].show, seasons[i].number);

        fake_host_answer_json(host, "{base}/tv/*", body);
        if (fake_host_fetch(host, PROVIDER_SEASON, "tmdb", seasons[i].id) != 0)
            fail_msg("%s: %s", seasons[i].name, fake_host_error(host));
        const json_t *season = tmdb_document(host, 0, PROVIDER_SEASON, 0);
        const json_t *episodes = tmdb_at(season, "episodes");

        assert_int(season, "ids.tmdb", seasons[i].tmdb);
        assert_int(season, "show.ids.tmdb", seasons[i].show);
        assert_int(season, "season_number", seasons[i].number);
        assert_text(season, "name", seasons[i].title);
        assert_maybe_text(season, "air_date", seasons[i].air_date);
        assert_text(season, "episodes.0.name", seasons[i].first_name);
        assert_int_equal(count(episodes, "still"), seasons[i].n_stills);
        assert_int_equal(count(episodes, "air_date"), seasons[i].n_dates);
        assert_int_equal(count(episodes, "name"), json_array_size(episodes));
        assert_int_equal(count(episodes, "placeholder"), 0);
        assert_sizes(seasons[i].name, season, seasons[i].sizes);
        assert_int_equal(fake_host_n_refused(host), 0);
    }
}

/* Puts a part that was recorded alone where append_to_response would put it. */
static void append(json_t *detail, const char *part, const char *name)
{
    CLEANUP(mem_free) char *path = recorded(name);
    json_t *body = json_load_file(path, 0, NULL);

    assert_non_null(body);
    json_object_del(body, "id");
    json_object_set_new(detail, part, body);
}

static void recorded_parts_land_in_one_show(void **state)
{
    static const char *const parts[][2] = {
        { "aggregate_credits", "tv_96677_aggregate_credits.json" },
        { "translations", "tv_1396_translations.json" },
        { "external_ids", "tv_1399_external_ids.json" },
        { "content_ratings", "tv_1396_content_ratings.json" },
        { "keywords", "tv_1396_keywords.json" },
        { "season/1", "tv_1396_season_1.json" },
    };
    static const struct size sizes[] = {
        { "cast", 179 }, { "crew", 66 }, { "keywords", 28 }, { "certification", 27 }, { NULL, 0 }
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(mem_free) char *path = recorded("tv_1396.json");
    json_auto_t *detail = json_load_file(path, 0, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        CLEANUP(mem_free) char *name = recorded(parts[i][1]);
        json_t *body = json_load_file(name, 0, NULL);

        assert_non_null(body);
        json_object_set_new(detail, parts[i][0], body);
    }
    CLEANUP(mem_free) char *body = json_dumps(detail, 0);

    fake_host_answer_json(host, "{base}/tv/1396?*", body);
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1396"), 0);
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    assert_sizes("tv_1396", show, sizes);
    assert_text(show, "cast.0.name", "Omar Sy");
    assert_text(show, "cast.0.character", "Assane Diop");
    assert_int(show, "cast.0.episode_count", 26);
    assert_int(show, "ids.tvdb", 121361);
    assert_text(show, "ids.imdb", "tt0944947");
    assert_text(show, "certification.DE", "16");
    assert_text(show, "certification.MX", "C"); /* the first of two */
    assert_text(show, "translations.zh-CN.title", "绝命毒师");
    assert_text(show, "translations.ru-RU.title", "Во все тяжкие");
    assert_false(tmdb_has(show, "translations.de-DE.title")); /* "" upstream */
    assert_true(tmdb_has(show, "translations.de-DE.overview"));
    assert_int(tmdb_document(host, 1, PROVIDER_SEASON, 0), "season_number", 1);
}

static void recorded_large_casts_keep_within_the_limits(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    json_auto_t *detail = json_pack("{s:i,s:s}", "id", 1399, "name", "S");

    (void)state;
    append(detail, "aggregate_credits", "tv_aggregate_credits.json");
    CLEANUP(mem_free) char *body = json_dumps(detail, 0);

    fake_host_answer_json(host, "{base}/tv/*", body);
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1399"), 0);
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    assert_int_equal(json_array_size(tmdb_at(show, "cast")), 536);
    assert_int_equal(json_array_size(tmdb_at(show, "crew")), 299); /* one per job */
}

/* Answers of other routes, where a show is expected. */
static void recorded_answers_that_are_no_show_are_refused(void **state)
{
    static const char *const names[] = {
        "movie_47964.json",
        "tv_1396_content_ratings.json",
        "tv_1396_keywords.json",
        "tv_1396_translations.json",
        "tv_1399_external_ids.json",
        "tv_96677_aggregate_credits.json",
        "tv_changes_p1.json",
        "tv_popular_p1.json",
        "tv_1396_rating_post_201.json",
        "genre_tv_en.json",
        "genre_tv_da.json",
        "find_imdb_tt0903747.json",
        "tv_1396_s1e1_external_ids.json",
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        answer(host, "{base}/tv/*", 200, names[i]);
        if (fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1396") != PROVIDER_EPARSE)
            fail_msg("%s was taken for a show", names[i]);
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

/* A season or an episode has an id and a name as well; its id is another. */
static void recorded_seasons_and_episodes_are_no_shows(void **state)
{
    static const char *const names[] = { "tv_1396_season_1.json", "tv_1396_s1e1.json",
                                         "mia_tv_2734_season_0.json", "list_509.json" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        answer(host, "{base}/tv/*", 200, names[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1396"), PROVIDER_EPARSE);
        assert_non_null(strstr(fake_host_error(host), "the answer is about show"));
    }
}

static void recorded_rows_become_partial_shows(void **state)
{
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
        answer(host, "{base}/search/*&page=1", 200, cases[i].name);
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
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "export", "false");
    fake_host_set_option(host, "tv_feeds", "none");
    assert_int_equal(fake_host_sync(host, "tvshows", NULL), 0);
    CLEANUP(mem_free)
    char *cursor = mem_dup_text(fake_host_checkpoint(host, fake_host_n_checkpoints(host) - 1));

    fake_host_answer_json(host, "{base}/tv/changes?*", "{\"results\":[]}");
    answer(host, "{base}/tv/changes?*&page=1", 200, "tv_changes_p1.json");
    assert_int_equal(fake_host_sync(host, "tvshows", cursor), 0);
    assert_announced_for_two_days(host, PROVIDER_TVSHOW, 100);
}

static void recorded_finds_lead_to_shows_only(void **state)
{
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

        answer(host, "{base}/find/*", 200, cases[i].name);
        answer(host, "{base}/tv/1396?*", 200, "tv_1396.json");
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, cases[i].space, cases[i].id),
                         cases[i].code);
        assert_int_equal(fake_host_n_documents(host) > 0, cases[i].code == 0);
    }
}

static void a_recorded_list_keeps_its_order(void **state)
{
    static const int64_t ids[] = { 77878, 71688, 640, 8358, 853, 1581, 824, 1402,
                                   10673, 1165,  855, 180,  603, 604,  435, 594 };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer(host, "{base}/list/509?*", 200, "list_509.json");
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
        answer(host, "{base}/*", 200, cases[i].name);
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
        answer(host, "{base}/list/*", cases[i].status, cases[i].name);
        if (fake_host_sync(host, "list:28", NULL) != cases[i].code)
            fail_msg("%s: %s", cases[i].name, fake_host_error(host));
    }
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void recorded_errors_about_shows_have_their_meaning(void **state)
{
    static const char *const names[] = { "err_tv_404.json", "err_season_404.json",
                                         "err_episode_404.json", "err_34_without_success.json" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        answer(host, "{base}/tv/*", 404, names[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1"), PROVIDER_ENOTFOUND);
        assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "1/1"), PROVIDER_ENOTFOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_details_become_shows),
        cmocka_unit_test(recorded_seasons_become_seasons),
        cmocka_unit_test(recorded_parts_land_in_one_show),
        cmocka_unit_test(recorded_large_casts_keep_within_the_limits),
        cmocka_unit_test(recorded_answers_that_are_no_show_are_refused),
        cmocka_unit_test(recorded_seasons_and_episodes_are_no_shows),
        cmocka_unit_test(recorded_rows_become_partial_shows),
        cmocka_unit_test(recorded_changes_of_shows_are_announced_once_each),
        cmocka_unit_test(recorded_finds_lead_to_shows_only),
        cmocka_unit_test(a_recorded_list_keeps_its_order),
        cmocka_unit_test(recorded_pages_become_standing_lists),
        cmocka_unit_test(recorded_answers_that_are_no_list_are_refused),
        cmocka_unit_test(recorded_errors_about_shows_have_their_meaning),
    };

    return cmocka_run_group_tests_name("tmdb recorded shows", tests, NULL, NULL);
}
