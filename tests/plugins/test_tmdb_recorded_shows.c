/* SPDX-License-Identifier: MIT
 *
 * Recorded answers about shows and seasons: for each, what must come out. */
#include "tmdb_recorded.h"

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
    need_recorded();
    (void)state;
    for (size_t i = 0; i < sizeof(shows) / sizeof(*shows); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        answer_recorded(host, "{base}/tv/*", 200, shows[i].name);
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
    need_recorded();
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

static void recorded_parts_land_in_one_show(void **state)
{
    need_recorded();
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
    need_recorded();
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    json_auto_t *detail = json_pack("{s:i,s:s}", "id", 1399, "name", "S");

    (void)state;
    append_recorded(detail, "aggregate_credits", "tv_aggregate_credits.json");
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
    need_recorded();
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

    (void)state;
    refuse_recorded(PROVIDER_TVSHOW, "1396", "{base}/tv/*", names, ARRAY_LEN(names));
}

/* A season or an episode has an id and a name as well; its id is another. */
static void recorded_seasons_and_episodes_are_no_shows(void **state)
{
    need_recorded();
    static const char *const names[] = { "tv_1396_season_1.json", "tv_1396_s1e1.json",
                                         "mia_tv_2734_season_0.json", "list_509.json" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        answer_recorded(host, "{base}/tv/*", 200, names[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1396"), PROVIDER_EPARSE);
        assert_non_null(strstr(fake_host_error(host), "the answer is about show"));
    }
}

static void recorded_errors_about_shows_have_their_meaning(void **state)
{
    need_recorded();
    static const char *const names[] = { "err_tv_404.json", "err_season_404.json",
                                         "err_episode_404.json", "err_34_without_success.json" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        answer_recorded(host, "{base}/tv/*", 404, names[i]);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "1"), PROVIDER_ENOTFOUND);
        assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "1/1"), PROVIDER_ENOTFOUND);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(recorded_details_become_shows),
    cmocka_unit_test(recorded_seasons_become_seasons),
    cmocka_unit_test(recorded_parts_land_in_one_show),
    cmocka_unit_test(recorded_large_casts_keep_within_the_limits),
    cmocka_unit_test(recorded_answers_that_are_no_show_are_refused),
    cmocka_unit_test(recorded_seasons_and_episodes_are_no_shows),
    cmocka_unit_test(recorded_errors_about_shows_have_their_meaning),
};

const struct test_part tmdb_recorded_shows_part = TEST_PART(tests);
