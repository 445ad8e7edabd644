/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#define SHOW "{base}/tv/9500?*"
#define FIXTURE "tests/data/tmdb/tv_9500.json"

/* The Lantern Keepers through the real module. */
static struct fake_host *lantern(void)
{
    struct fake_host *host = tmdb_host();

    fake_host_answer(host, SHOW, &(struct fake_answer){ .body_file = FIXTURE });
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "9500"), 0);
    return host;
}

/* A show whose members are these; the rest is as short as it gets. */
static int fetch_with(struct fake_host *host, const char *members)
{
    CLEANUP(mem_free) char *body = mem_format("{\"id\":5,%s}", members);

    fake_host_clear(host);
    fake_host_answer_json(host, "{base}/tv/5?*", body);
    return fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5");
}

static const json_t *show_with(struct fake_host *host, const char *members)
{
    assert_int_equal(fetch_with(host, members), 0);
    return tmdb_document(host, 0, PROVIDER_TVSHOW, 0);
}

static void one_call_brings_the_show_and_its_first_seasons(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();

    (void)state;
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_int_equal(fake_host_count_requests(host, "*aggregate_credits%2C*%2Cseason%2F0%2C*"), 1);
    assert_int_equal(fake_host_count_requests(host, "*season%2F10&*"), 1);
    assert_int_equal(fake_host_n_documents(host), 4);
    assert_int_equal(fake_host_n_refused(host), 0);
    (void)tmdb_document(host, 0, PROVIDER_TVSHOW, 0);
    for (size_t i = 1; i < 4; i++)
        (void)tmdb_document(host, i, PROVIDER_SEASON, 0);
}

static void no_request_appends_more_than_twenty_parts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const char *at = strstr(fake_host_request(host, 0)->url, "append_to_response=");
    size_t n = 1;

    (void)state;
    assert_non_null(at);
    for (; at && *at && *at != '&'; at++)
        n += strncmp(at, "%2C", 3) == 0;
    assert_int_equal(n, 20);
}

static void a_show_has_its_facts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_int(show, "ids.tmdb", 9500);
    assert_text(show, "ids.imdb", "tt9990001");
    assert_int(show, "ids.tvdb", 350001);
    assert_text(show, "ids.wikidata", "Q990001");
    assert_text(show, "title", "The Lantern Keepers");
    assert_text(show, "title_language", "en-US");
    assert_text(show, "first_air_date", "2019-03-04");
    assert_text(show, "last_air_date", "2026-11-15");
    assert_text(show, "status", "returning");
    assert_text(show, "status_raw", "Returning Series");
    assert_text(show, "type", "Scripted");
    assert_true(json_is_true(tmdb_at(show, "in_production")));
    assert_int(show, "number_of_seasons", 3);
    assert_int(show, "number_of_episodes", 26);
    assert_int(show, "votes", 310);
    assert_text(show, "networks.0.name", "Harbour One");
    assert_text(show, "networks.0.logo", "/harbour.png");
    assert_false(tmdb_has(show, "networks.1.country"));
    assert_text(show, "created_by.0.name", "Ada Quill");
    assert_int_equal(json_array_size(tmdb_at(show, "created_by")), 1); /* one has no name */
    assert_text(show, "genres.0", "drama");
    assert_text(show, "countries.0", "GB");
}

static void the_lists_of_a_show_are_called_results(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_int_equal(json_array_size(tmdb_at(show, "keywords")), 2);
    assert_text(show, "keywords.1", "sea");
    assert_int_equal(json_array_size(tmdb_at(show, "alternative_titles")), 1);
    assert_text(show, "alternative_titles.0.title", "Die Leuchtturmwärter");
    assert_text(show, "certification.US", "TV-14");
    assert_false(tmdb_has(show, "certification.FR"));
    assert_int_equal(json_array_size(tmdb_at(show, "recommendations")), 1); /* one is a movie */
    assert_int(show, "recommendations.0.ids.tmdb", 9501);
}

static void cast_and_crew_are_over_all_seasons_with_episode_counts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_int_equal(json_array_size(tmdb_at(show, "cast")), 2);
    assert_text(show, "cast.0.name", "Mara Finn");
    assert_text(show, "cast.0.character", "Rose / Young Rose");
    assert_int(show, "cast.0.episode_count", 26);
    assert_false(tmdb_has(show, "cast.0.order"));
    assert_false(tmdb_has(show, "cast.1.character"));
    assert_int_equal(json_array_size(tmdb_at(show, "crew")), 2);
    assert_text(show, "crew.1.job", "Second Unit Director");
    assert_int(show, "crew.1.episode_count", 3);
    assert_text(show, "crew.1.department", "Directing");
}

static void the_next_and_the_last_episode_are_told(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_text(show, "last_episode.name", "The Far Pier");
    assert_int(show, "last_episode.season_number", 4);
    assert_int(show, "last_episode.runtime", 44);
    assert_false(tmdb_has(show, "last_episode.placeholder"));
    assert_text(show, "next_episode.name", "Episode 3");
    assert_true(json_is_true(tmdb_at(show, "next_episode.placeholder")));
    assert_text(show, "next_episode.type", "finale");
    assert_false(tmdb_has(show, "next_episode.runtime"));
    assert_false(tmdb_has(show, "next_episode.still"));
}

static void seasons_are_summed_up_with_specials_and_gaps(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_int_equal(json_array_size(tmdb_at(show, "seasons")), 3);
    assert_int(show, "seasons.0.season_number", 0);
    assert_text(show, "seasons.0.name", "Specials");
    assert_false(tmdb_has(show, "seasons.0.air_date"));
    assert_false(tmdb_has(show, "seasons.0.rating"));
    assert_false(tmdb_has(show, "seasons.0.poster"));
    assert_int(show, "seasons.2.season_number", 4);
    assert_text(show, "seasons.1.poster", "/s1.jpg");
}

static void translations_keep_their_region(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *show = tmdb_document(host, 0, PROVIDER_TVSHOW, 0);

    (void)state;
    assert_text(show, "translations.pt-PT.title", "Os Faroleiros");
    assert_text(show, "translations.pt-BR.title", "Guardiões do Farol");
    assert_false(tmdb_has(show, "translations.pt-PT.overview"));
    assert_false(tmdb_has(show, "translations.en-US.title"));
}

static void each_status_has_its_word(void **state)
{
    static const char *const statuses[][2] = {
        { "Returning Series", "returning" },  { "Planned", "planned" },
        { "In Production", "in_production" }, { "Ended", "ended" },
        { "Canceled", "canceled" },           { "Pilot", "pilot" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        CLEANUP(mem_free)
        char *members = mem_format("\"name\":\"A\",\"status\":\"%s\"", statuses[i][0]);
        const json_t *show = show_with(host, members);

        assert_text(show, "status", statuses[i][1]);
        assert_text(show, "status_raw", statuses[i][0]);
    }
    const json_t *show = show_with(host, "\"name\":\"A\",\"status\":\"On Hiatus\"");

    assert_false(tmdb_has(show, "status"));
    assert_text(show, "status_raw", "On Hiatus");
}

static void the_runtime_is_the_listed_one_or_that_of_the_last_episode(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int(show_with(host, "\"name\":\"A\",\"episode_run_time\":[42,60]"), "runtime", 42);
    assert_int(show_with(host, "\"name\":\"A\",\"episode_run_time\":[],"
                               "\"last_episode_to_air\":{\"episode_number\":1,\"runtime\":51}"),
               "runtime", 51);
    assert_false(tmdb_has(show_with(host, "\"name\":\"A\",\"episode_run_time\":[],"
                                          "\"last_episode_to_air\":null"),
                          "runtime"));
    assert_false(
        tmdb_has(show_with(host, "\"name\":\"A\",\"episode_run_time\":[0,\"60\"]"), "runtime"));
}

static void empty_and_null_dates_are_unknown(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const json_t *show = show_with(host, "\"name\":\"A\",\"first_air_date\":\"\","
                                         "\"last_air_date\":null,\"next_episode_to_air\":null,"
                                         "\"last_episode_to_air\":null,\"tagline\":null,"
                                         "\"homepage\":\"\",\"poster_path\":null");

    (void)state;
    assert_false(tmdb_has(show, "first_air_date"));
    assert_false(tmdb_has(show, "last_air_date"));
    assert_false(tmdb_has(show, "next_episode"));
    assert_false(tmdb_has(show, "poster"));
    show = show_with(host, "\"name\":\"A\",\"first_air_date\":null");
    assert_false(tmdb_has(show, "first_air_date"));
}

static void a_show_without_the_cast_of_all_seasons_has_that_of_the_newest(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const json_t *show = show_with(host, "\"name\":\"A\",\"credits\":{\"cast\":[{\"name\":\"B\","
                                         "\"character\":\"C\",\"order\":0}],\"crew\":[]}");

    (void)state;
    assert_text(show, "cast.0.character", "C");
    assert_false(tmdb_has(show, "crew"));
}

static void values_of_the_wrong_type_cost_only_themselves(void **state)
{
    static const char members[] =
        "\"name\":\"A\",\"episode_run_time\":{},\"networks\":[null,7,{\"name\":5}],\"seasons\":"
        "[null,{\"season_number\":\"1\"},{\"season_number\":-1},{\"season_number\":2.0,"
        "\"episode_count\":-4}],\"aggregate_credits\":{\"cast\":[{\"name\":\"B\",\"roles\":{}}],"
        "\"crew\":[{\"name\":\"C\",\"jobs\":[null,{\"job\":7}]}]},\"next_episode_to_air\":[],"
        "\"external_ids\":{\"tvdb_id\":\"x\",\"imdb_id\":\"tt0\"},\"number_of_seasons\":-1,"
        "\"content_ratings\":{\"results\":[{\"iso_3166_1\":\"us\",\"rating\":\"X\"}]},\"type\":8,"
        "\"created_by\":\"me\",\"season/1\":[],\"season/2\":{\"success\":false}";
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const json_t *show = show_with(host, members);

    (void)state;
    assert_int_equal(fake_host_n_refused(host), 0);
    assert_int_equal(json_array_size(tmdb_at(show, "seasons")), 1);
    assert_int(show, "seasons.0.season_number", 2);
    assert_false(tmdb_has(show, "seasons.0.episode_count"));
    assert_false(tmdb_has(show, "networks"));
    assert_false(tmdb_has(show, "ids.imdb"));
    assert_false(tmdb_has(show, "certification"));
    assert_text(show, "cast.0.name", "B");
}

static void what_is_no_show_is_refused(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    assert_int_equal(fetch_with(host, "\"title\":\"A movie\""), PROVIDER_EPARSE);
    assert_non_null(strstr(fake_host_error(host), "show 5"));
    fake_host_answer_json(host, "{base}/tv/5?*", "{\"id\":6,\"name\":\"Another\"}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), PROVIDER_EPARSE);
    assert_non_null(strstr(fake_host_error(host), "about show 6"));
    fake_host_answer_json(host, "{base}/tv/5?*", "{\"name\":\"No id\"}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), PROVIDER_EPARSE);
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void ids_that_are_none_are_not_asked_for(void **state)
{
    static const char *const ids[][2] = {
        { "tmdb", "" },     { "tmdb", "0" },    { "tmdb", "12x" },   { "tmdb", "1/../2" },
        { "tmdb", "-5" },   { "imdb", "9500" }, { "imdb", "tt" },    { "tmdb", "12345678901" },
        { "tvdb", "tt12" }, { "tvdb", "" },     { "imdb", "tt1/2" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, ids[i][0], ids[i][1]),
                         PROVIDER_EINVAL);
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "trakt", "1"), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void an_imdb_id_leads_to_its_show(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, SHOW, &(struct fake_answer){ .body_file = FIXTURE });
    fake_host_answer_json(host, "{base}/find/tt9990001?*external_source=imdb_id*",
                          "{\"movie_results\":[{\"id\":3,\"title\":\"M\"}],"
                          "\"tv_results\":[{\"id\":9500,\"name\":\"The Lantern Keepers\"}]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "imdb", "tt9990001"), 0);
    assert_int_equal(fake_host_n_requests(host), 2);
    assert_int(tmdb_document(host, 0, PROVIDER_TVSHOW, 0), "ids.tmdb", 9500);
}

static void an_imdb_id_of_a_movie_or_an_episode_is_no_show(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer_json(host, "{base}/find/*",
                          "{\"movie_results\":[{\"id\":3,\"title\":\"M\"}],\"tv_results\":[]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "imdb", "tt0000003"),
                     PROVIDER_ENOTFOUND);
    fake_host_answer_json(host, "{base}/find/*",
                          "{\"tv_results\":[],\"tv_episode_results\":[{\"id\":8,\"show_id\":9}]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "imdb", "tt0000008"),
                     PROVIDER_ENOTFOUND);
    assert_non_null(strstr(fake_host_error(host), "season or an episode"));
}

static void a_tvdb_id_counts_only_when_the_show_confirms_it(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, SHOW, &(struct fake_answer){ .body_file = FIXTURE });
    fake_host_answer_json(host, "{base}/find/*external_source=tvdb_id*",
                          "{\"tv_results\":[{\"id\":9500,\"name\":\"L\"}],"
                          "\"tv_season_results\":[{\"id\":1,\"show_id\":77}]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tvdb", "350001"), 0);
    assert_int(tmdb_document(host, 0, PROVIDER_TVSHOW, 0), "ids.tvdb", 350001);
    fake_host_clear(host);
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tvdb", "30272"), PROVIDER_ENOTFOUND);
    assert_non_null(strstr(fake_host_error(host), "TVDB id 350001, not 30272"));
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void a_show_that_is_gone_is_not_found(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_answer(host, SHOW,
                     &(struct fake_answer){ .status = 404,
                                            .body = "{\"status_code\":34,\"status_message\":"
                                                    "\"The resource could not be found.\"}" });
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "9500"), PROVIDER_ENOTFOUND);
    assert_int_equal(fake_host_n_documents(host), 0);
}

static void what_nobody_reads_of_a_show_changes_no_document(void **state)
{
    (void)state;
    assert_nothing_unread_is_missing(PROVIDER_TVSHOW, "9500", FIXTURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_brings_the_show_and_its_first_seasons),
        cmocka_unit_test(no_request_appends_more_than_twenty_parts),
        cmocka_unit_test(a_show_has_its_facts),
        cmocka_unit_test(the_lists_of_a_show_are_called_results),
        cmocka_unit_test(cast_and_crew_are_over_all_seasons_with_episode_counts),
        cmocka_unit_test(the_next_and_the_last_episode_are_told),
        cmocka_unit_test(seasons_are_summed_up_with_specials_and_gaps),
        cmocka_unit_test(translations_keep_their_region),
        cmocka_unit_test(each_status_has_its_word),
        cmocka_unit_test(the_runtime_is_the_listed_one_or_that_of_the_last_episode),
        cmocka_unit_test(empty_and_null_dates_are_unknown),
        cmocka_unit_test(a_show_without_the_cast_of_all_seasons_has_that_of_the_newest),
        cmocka_unit_test(values_of_the_wrong_type_cost_only_themselves),
        cmocka_unit_test(what_is_no_show_is_refused),
        cmocka_unit_test(ids_that_are_none_are_not_asked_for),
        cmocka_unit_test(an_imdb_id_leads_to_its_show),
        cmocka_unit_test(an_imdb_id_of_a_movie_or_an_episode_is_no_show),
        cmocka_unit_test(a_tvdb_id_counts_only_when_the_show_confirms_it),
        cmocka_unit_test(a_show_that_is_gone_is_not_found),
        cmocka_unit_test(what_nobody_reads_of_a_show_changes_no_document),
    };

    return cmocka_run_group_tests_name("tmdb show", tests, NULL, NULL);
}
