/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "ask_world.h"

#define LIGHTHOUSE "/3/tv/900001101"

static size_t n_found(const char *target, const char *key, int64_t *out_id)
{
    json_auto_t *body = get(target);
    const json_t *rows = js_array(body, key);
    *out_id = js_int(json_array_get(rows, 0), "id", -1);
    return json_array_size(rows);
}

static void ids_of_others_are_found(void **state)
{
    int64_t id;
    (void)state;
    assert_int_equal(n_found("/3/find/tt8900001101?external_source=imdb_id", "tv_results", &id), 1);
    assert_int_equal(id, 900001101);
    assert_int_equal(n_found("/3/find/9020010?external_source=tvdb_id", "tv_results", &id), 1);
    assert_int_equal(id, 900001101);
    assert_int_equal(n_found("/3/find/500000007?external_source=tvdb_id", "tv_results", &id), 1);
    assert_int_equal(id, 500000007);
    assert_int_equal(n_found("/3/find/12?external_source=tvdb_id", "tv_results", &id), 0);
    assert_int_equal(n_found("/3/find/tt0000001?external_source=imdb_id", "tv_results", &id), 0);
    assert_int_equal(n_found("/3/find/x?external_source=tvdb_id", "tv_episode_results", &id), 0);
}

static void one_tvdb_number_is_a_season_and_an_episode(void **state)
{
    (void)state;
    json_auto_t *body = get("/3/find/9020012?external_source=tvdb_id");
    const json_t *season = json_array_get(js_array(body, "tv_season_results"), 0);
    const json_t *episode = json_array_get(js_array(body, "tv_episode_results"), 0);
    assert_int_equal(js_int(season, "show_id", 0), 900001101);
    assert_int_equal(js_int(episode, "show_id", 0), 900001115);
    assert_int_equal(json_array_size(js_array(body, "tv_results")), 0);
}

static void an_episode_is_found_by_the_ids_it_says(void **state)
{
    static const char *const episodes[] = { "/3/tv/500000003/season/1/episode/2",
                                            LIGHTHOUSE "/season/2/episode/2" };
    size_t n_imdb = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(episodes); i++) {
        CLEANUP(mem_free) char *target = mem_format("%s/external_ids", episodes[i]);
        json_auto_t *ids = get(target);
        const char *imdb = js_string(ids, "imdb_id");
        int64_t id;
        if (!imdb)
            continue;
        CLEANUP(mem_free) char *find = mem_format("/3/find/%s?external_source=imdb_id", imdb);
        assert_int_equal(n_found(find, "tv_episode_results", &id), 1);
        assert_int_equal(id, js_int(ids, "id", 0));
        n_imdb++;
    }
    assert_true(n_imdb > 0);
}

static void searches_look_at_years_and_translations(void **state)
{
    int64_t id;
    (void)state;
    assert_true(n_found("/3/search/tv?query=leuchtturm", "results", &id) == 1 && id == 900001101);
    assert_int_equal(
        n_found("/3/search/tv?query=lighthouse+nine&first_air_date_year=2019", "results", &id), 1);
    assert_int_equal(
        n_found("/3/search/tv?query=lighthouse+nine&first_air_date_year=2018", "results", &id), 0);
    json_auto_t *body = get("/3/search/multi?query=beverly+hillb");
    assert_string_equal(js_string(json_array_get(js_array(body, "results"), 0), "media_type"),
                        "tv");
}

static void discover_filters_by_status_type_and_dates(void **state)
{
    int64_t id;
    (void)state;
    assert_int_equal(
        n_found("/3/discover/tv?with_type=2&with_genres=10768&with_original_language=it", "results",
                &id),
        1);
    assert_int_equal(id, 900001107);
    assert_true(n_found("/3/discover/tv?with_status=5", "results", &id) == 1 && id == 900001110);
    assert_int_equal(n_found("/3/discover/tv?with_original_language=pt-BR", "results", &id), 0);
    assert_int_equal(n_found("/3/discover/tv?first_air_date.gte=1954-10-18"
                             "&first_air_date.lte=1954-10-18",
                             "results", &id),
                     1);
    assert_int_equal(id, 900001001);
    assert_int_equal(n_found("/3/discover/tv?with_genres=28", "results", &id), 0);
}

static void what_airs_within_a_week_is_on_the_air(void **state)
{
    (void)state;
    json_auto_t *body = get("/3/tv/on_the_air");
    const json_t *rows = js_array(body, "results");
    assert_true(json_array_size(rows) > 3);
    assert_non_null(row_by_name(rows, "The Evening Ferry"));
    assert_null(row_by_name(rows, "Lighthouse Nine"));
}

/* A page of films and shows in turns, each of them once over all pages. */
static void mixed_lists_leave_nothing_out(void **state)
{
    json_auto_t *seen = json_object();
    int64_t total = 1;
    size_t n = 0;
    (void)state;
    for (int page = 1; (page - 1) * 20 < total; page++) {
        CLEANUP(mem_free) char *target = mem_format("/3/trending/all/week?page=%d", page);
        json_auto_t *body = get(target);
        size_t i;
        json_t *row;
        total = js_int(body, "total_results", 0);
        json_array_foreach (js_array(body, "results"), i, row) {
            CLEANUP(mem_free)
            char *name = mem_format("%s:%lld", js_string(row, "media_type"),
                                    (long long)js_int(row, "id", 0));
            assert_null(json_object_get(seen, name));
            json_object_set_new(seen, name, json_true());
            n++;
        }
    }
    assert_true(total > 380);
    assert_int_equal(n, total);
}

static void a_change_of_a_show_shows_in_its_newest_season(void **state)
{
    (void)state;
    json_auto_t *before = get("/3/tv/500000009");
    json_auto_t *film = get("/3/movie/500000009");
    assert_int_equal(
        direct(sandbox, "POST", "/sandbox/change", "{\"kind\":\"tv\",\"id\":500000009}"), 200);
    json_auto_t *after = get("/3/tv/500000009?append_to_response=changes");
    json_auto_t *same = get("/3/movie/500000009");
    const json_t *seasons = js_array(after, "seasons");
    const json_t *newest = json_array_get(seasons, json_array_size(seasons) - 1);
    const json_t *changes = js_array(js_object(after, "changes"), "changes");
    assert_int_equal(js_int(after, "vote_count", 0), js_int(before, "vote_count", 0) + 1);
    assert_true(json_equal(film, same));
    assert_non_null(strstr(js_string(newest, "overview"), "(Revision 1)"));
    assert_string_equal(js_string(json_array_get(changes, 1), "key"), "season");
}

static bool is_announced(const char *target, int64_t id)
{
    json_auto_t *body = get(target);
    size_t i;
    json_t *row;

    json_array_foreach (js_array(body, "results"), i, row) {
        if (js_int(row, "id", 0) == id)
            return true;
    }
    return false;
}

static void feeds_of_films_and_shows_are_apart(void **state)
{
    (void)state;
    direct(sandbox, "POST", "/sandbox/change", "{\"kind\":\"tv\",\"id\":900001103}");
    assert_true(is_announced("/3/tv/changes", 900001103));
    assert_false(is_announced("/3/movie/changes", 900001103));
    assert_int_equal(
        direct(sandbox, "POST", "/sandbox/change", "{\"kind\":\"song\",\"id\":900001103}"), 400);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/change", "{\"id\":900001103}"), 404);
}

static void faults_hit_shows_alone_when_told_so(void **state)
{
    json_auto_t *body = NULL, *film = NULL;
    (void)state;
    direct(sandbox, "POST", "/sandbox/faults", "{\"route\":\"/3/tv/*\",\"fault\":\"503\"}");
    assert_int_equal(ask(sandbox, LIGHTHOUSE "/season/1", &body), 503);
    assert_int_equal(ask(sandbox, "/3/movie/19", &film), 200);
    direct(sandbox, "DELETE", "/sandbox/faults", NULL);
    json_auto_t *again = get(LIGHTHOUSE "/season/1");
    assert_int_equal(js_int(again, "season_number", 0), 1);
}

static void a_removed_show_is_gone(void **state)
{
    (void)state;
    assert_int_equal(
        direct(sandbox, "POST", "/sandbox/remove", "{\"kind\":\"tv\",\"id\":500000011}"), 200);
    assert_fails("/3/tv/500000011", 404, 34);
    assert_int_equal(
        direct(sandbox, "POST", "/sandbox/remove", "{\"kind\":\"tv\",\"id\":500000011}"), 404);
    json_auto_t *film = get("/3/movie/500000011");
    assert_int_equal(js_int(film, "id", 0), 500000011);
}

static void a_merged_show_is_found_where_it_went(void **state)
{
    int64_t id;
    (void)state;
    json_auto_t *before = get("/3/tv/900001112/external_ids");
    assert_null(js_string(before, "imdb_id"));
    assert_int_equal(direct(sandbox, "POST", "/sandbox/merge",
                            "{\"kind\":\"tv\",\"id\":900001111,\"into\":900001112}"),
                     200);
    assert_fails("/3/tv/900001111", 404, 34);
    n_found("/3/find/tt8900001111?external_source=imdb_id", "tv_results", &id);
    assert_int_equal(id, 900001112);
    json_auto_t *after = get("/3/tv/900001112/external_ids");
    assert_string_equal(js_string(after, "imdb_id"), "tt8900001111");
    assert_int_equal(direct(sandbox, "POST", "/sandbox/merge",
                            "{\"kind\":\"tv\",\"id\":900001111,\"into\":900001112}"),
                     404);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/merge",
                            "{\"kind\":\"tv\",\"id\":900001112,\"into\":900001112}"),
                     404);
}

static void a_show_of_ones_own_can_be_added(void **state)
{
    (void)state;
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add",
                            "{\"show\":{\"id\":900005000,\"title\":\"Mine\",\"seasons\":"
                            "[{\"number\":1,\"from\":\"2020-02-28\",\"every\":1,"
                            "\"episodes\":[\"A\",\"B\"]}]}}"),
                     200);
    json_auto_t *season = get("/3/tv/900005000/season/1");
    const json_t *second = json_array_get(js_array(season, "episodes"), 1);
    assert_string_equal(js_string(second, "air_date"), "2020-02-29");
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add", "{\"show\":{\"id\":900005001}}"), 400);
}

static void the_same_seed_invents_the_same_shows(void **state)
{
    (void)state;
    struct sandbox *mine = sandbox;
    json_auto_t *here = get("/3/tv/500000021?append_to_response=season/1,aggregate_credits");
    sandbox = sandbox_with(0, 300);
    json_auto_t *there = get("/3/tv/500000021?append_to_response=season/1,aggregate_credits");
    sandbox_free(sandbox);
    sandbox = mine;
    assert_true(json_equal(here, there));
}

static void episode_ids_are_of_one_episode_only(void **state)
{
    json_auto_t *seen = json_object();
    (void)state;
    for (int id = 500000000; id < 500000060; id++) {
        CLEANUP(mem_free)
        char *target =
            mem_format("/3/tv/%d?append_to_response=season/0,season/1,season/2,season/3", id);
        json_auto_t *body = NULL;
        if (ask(sandbox, target, &body) != 200)
            continue;
        for (int n = 0; n < 4; n++) {
            char key[16];
            size_t i;
            json_t *episode;
            snprintf(key, sizeof(key), "season/%d", n);
            json_array_foreach (js_array(js_object(body, key), "episodes"), i, episode) {
                char text[32];
                snprintf(text, sizeof(text), "%lld", (long long)js_int(episode, "id", 0));
                assert_null(json_object_get(seen, text));
                json_object_set_new(seen, text, json_true());
            }
        }
    }
    assert_true(json_object_size(seen) > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_others_are_found),
        cmocka_unit_test(one_tvdb_number_is_a_season_and_an_episode),
        cmocka_unit_test(an_episode_is_found_by_the_ids_it_says),
        cmocka_unit_test(searches_look_at_years_and_translations),
        cmocka_unit_test(discover_filters_by_status_type_and_dates),
        cmocka_unit_test(what_airs_within_a_week_is_on_the_air),
        cmocka_unit_test(mixed_lists_leave_nothing_out),
        cmocka_unit_test(a_change_of_a_show_shows_in_its_newest_season),
        cmocka_unit_test(feeds_of_films_and_shows_are_apart),
        cmocka_unit_test(faults_hit_shows_alone_when_told_so),
        cmocka_unit_test(a_removed_show_is_gone),
        cmocka_unit_test(a_merged_show_is_found_where_it_went),
        cmocka_unit_test(a_show_of_ones_own_can_be_added),
        cmocka_unit_test(the_same_seed_invents_the_same_shows),
        cmocka_unit_test(episode_ids_are_of_one_episode_only),
    };
    return cmocka_run_group_tests_name("sandbox_tv_find", tests, start, stop);
}
