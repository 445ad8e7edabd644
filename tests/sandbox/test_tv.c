/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "ask_world.h"
#include "base/clock.h"

#define LIGHTHOUSE "/3/tv/900001101"

static void what_is_not_there_is_404(void **state)
{
    (void)state;
    assert_fails("/3/tv/999999999", 404, 34);
    assert_fails("/3/tv/tt8900001101", 404, 34);
    assert_fails(LIGHTHOUSE "/nonsense", 404, 34);
    assert_fails(LIGHTHOUSE "/release_dates", 404, 34);
    assert_fails(LIGHTHOUSE "/season", 404, 34);
    assert_fails(LIGHTHOUSE "/season/3", 404, 34);
    assert_fails(LIGHTHOUSE "/season/-1", 404, 34);
    assert_fails(LIGHTHOUSE "/season/x", 404, 34);
    assert_fails(LIGHTHOUSE "/season/1/nonsense", 404, 34);
    assert_fails(LIGHTHOUSE "/season/1/episode", 404, 34);
    assert_fails(LIGHTHOUSE "/season/1/episode/0", 404, 34);
    assert_fails(LIGHTHOUSE "/season/1/episode/6", 404, 34);
    assert_fails(LIGHTHOUSE "/season/1/episode/1/content_ratings", 404, 34);
    assert_fails("/3/tv/popular?page=501", 400, 22);
    assert_fails("/3/tv/changes?start_date=2026-01-01&end_date=2026-01-16", 422, 20);
}

static void more_than_twenty_parts_are_refused(void **state)
{
    (void)state;
    assert_fails(LIGHTHOUSE "?append_to_response=season/0,season/1,season/2,season/3,season/4,"
                            "season/5,season/6,season/7,season/8,season/9,season/10,season/11,"
                            "season/12,season/13,season/14,season/15,season/16,season/17,"
                            "season/18,season/19,credits",
                 400, 27);
}

static void appended_seasons_are_there_or_absent(void **state)
{
    (void)state;
    json_auto_t *show = get("/3/tv/900001102?append_to_response=season/1,season/3,season/4");
    json_auto_t *alone = get("/3/tv/900001102/season/4");
    assert_non_null(js_object(show, "season/1"));
    assert_null(json_object_get(show, "season/3"));
    assert_true(json_equal(js_object(show, "season/4"), alone));
    assert_int_equal(js_int(show, "number_of_seasons", 0), 3);
}

static void a_name_within_another_one_is_appended_too(void **state)
{
    (void)state;
    json_auto_t *show =
        get("/3/tv/900001004?append_to_response=aggregate_credits,credits,season/1,credits");
    assert_non_null(js_object(show, "credits"));
    assert_non_null(js_object(show, "aggregate_credits"));
    assert_int_equal(json_array_size(js_array(js_object(show, "season/1"), "episodes")), 36);
}

static void specials_do_not_count(void **state)
{
    (void)state;
    json_auto_t *show = get(LIGHTHOUSE);
    json_auto_t *specials = get(LIGHTHOUSE "/season/0");
    const json_t *special = json_array_get(js_array(specials, "episodes"), 0);
    assert_int_equal(json_array_size(js_array(show, "seasons")), 3);
    assert_int_equal(js_int(show, "number_of_seasons", 0), 2);
    assert_int_equal(js_int(show, "number_of_episodes", 0), 10);
    assert_string_equal(js_string(specials, "name"), "Specials");
    assert_true(json_is_null(json_object_get(special, "air_date")));
    assert_true(json_is_null(json_object_get(special, "runtime")));
    assert_true(json_is_null(json_object_get(special, "still_path")));
}

static void placeholders_stand_where_a_language_has_no_name(void **state)
{
    static const struct {
        const char *language, *name;
    } cases[] = {
        { "en-US", "Episode 2" }, { "ja-JP", "出席簿" },  { "de-DE", "Das Klassenbuch" },
        { "fr-FR", "Épisode 2" }, { "zh-CN", "第 2 集" }, { "nl-NL", "Episode 2" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(mem_free)
        char *target =
            mem_format("/3/tv/900001108/season/1/episode/2?language=%s", cases[i].language);
        json_auto_t *episode = get(target);
        assert_string_equal(js_string(episode, "name"), cases[i].name);
    }
}

static void placeholders_are_not_among_the_translations(void **state)
{
    (void)state;
    json_auto_t *body = get("/3/tv/900001108/season/1/episode/5/translations");
    const json_t *rows = js_array(body, "translations");
    const json_t *english = js_object(json_array_get(rows, 0), "data");
    assert_int_equal(json_array_size(rows), 2); /* English, which is always there, and Japanese */
    assert_string_equal(json_string_value(json_object_get(english, "name")), "");
}

static void portuguese_of_brazil_is_not_that_of_portugal(void **state)
{
    (void)state;
    json_auto_t *brazil = get("/3/tv/900001109?language=pt-BR");
    json_auto_t *portugal = get("/3/tv/900001109?language=pt-PT");
    json_auto_t *taiwan = get("/3/tv/900001113?language=zh-TW");
    json_auto_t *china = get("/3/tv/900001113?language=zh-CN");
    assert_true(js_string(brazil, "overview")[0] != '\0');
    assert_string_equal(json_string_value(json_object_get(portugal, "overview")), "");
    assert_string_equal(js_string(portugal, "name"), "Ônibus 47 para o mar");
    assert_string_equal(js_string(taiwan, "name"), "舊海關的茶");
    assert_string_equal(js_string(china, "name"), "旧海关的茶");
}

static void a_running_show_has_a_last_and_a_next_episode(void **state)
{
    char today[CLOCK_TEXT_LEN];
    (void)state;
    json_auto_t *show = get("/3/tv/900001104");
    clock_format_date(clock_wall_ms(), today);
    assert_true(strcmp(js_string(js_object(show, "last_episode_to_air"), "air_date"), today) <= 0);
    assert_string_equal(js_string(js_object(show, "last_episode_to_air"), "air_date"),
                        js_string(show, "last_air_date"));
    const char *next = js_string(js_object(show, "next_episode_to_air"), "air_date");
    assert_true(!next || strcmp(next, today) > 0);
}

static void a_daily_show_has_seasons_named_by_years(void **state)
{
    char year[CLOCK_TEXT_LEN];
    (void)state;
    json_auto_t *show = get("/3/tv/900001007");
    clock_format_date(clock_wall_ms(), year);
    year[4] = '\0';
    int64_t number = strtol(year, NULL, 10);
    const json_t *newest = json_array_get(js_array(show, "seasons"), 2);
    assert_int_equal(js_int(newest, "season_number", 0), number);
    CLEANUP(mem_free) char *target = mem_format("/3/tv/900001007/season/%lld", (long long)number);
    json_auto_t *season = get(target);
    const json_t *episodes = js_array(season, "episodes");
    /* After the fifth, a Friday, comes a Monday. */
    int64_t friday, monday;
    assert_true(clock_parse(js_string(json_array_get(episodes, 4), "air_date"), &friday));
    assert_true(clock_parse(js_string(json_array_get(episodes, 5), "air_date"), &monday));
    assert_int_equal((monday - friday) / (24 * 3600 * 1000), 3);
}

static void episodes_may_begin_with_zero(void **state)
{
    (void)state;
    json_auto_t *episode = get("/3/tv/900001106/season/1/episode/0");
    assert_string_equal(js_string(episode, "name"), "Pilot: Dead Air");
    assert_fails("/3/tv/900001106/season/1/episode/4", 404, 34);
}

static void a_planned_show_has_nothing_but_a_name(void **state)
{
    (void)state;
    json_auto_t *show = get("/3/tv/900001105");
    assert_string_equal(json_string_value(json_object_get(show, "first_air_date")), "");
    assert_true(json_is_null(json_object_get(show, "last_air_date")));
    assert_true(json_is_null(json_object_get(show, "next_episode_to_air")));
    assert_int_equal(json_array_size(js_array(show, "seasons")), 0);
}

static void credits_are_of_the_newest_season_and_aggregate_credits_of_all(void **state)
{
    (void)state;
    json_auto_t *all = get(LIGHTHOUSE "/aggregate_credits");
    json_auto_t *newest = get(LIGHTHOUSE "/credits");
    const json_t *cook = row_by_name(js_array(all, "cast"), "Otis Drake");
    assert_int_equal(json_array_size(js_array(cook, "roles")), 2);
    assert_int_equal(js_int(cook, "total_episode_count", 0), 10);
    assert_non_null(row_by_name(js_array(newest, "cast"), "Keiko Ito"));
    assert_null(row_by_name(js_array(newest, "cast"), "Lars Kerr"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_404),
        cmocka_unit_test(more_than_twenty_parts_are_refused),
        cmocka_unit_test(appended_seasons_are_there_or_absent),
        cmocka_unit_test(a_name_within_another_one_is_appended_too),
        cmocka_unit_test(specials_do_not_count),
        cmocka_unit_test(placeholders_stand_where_a_language_has_no_name),
        cmocka_unit_test(placeholders_are_not_among_the_translations),
        cmocka_unit_test(portuguese_of_brazil_is_not_that_of_portugal),
        cmocka_unit_test(a_running_show_has_a_last_and_a_next_episode),
        cmocka_unit_test(a_daily_show_has_seasons_named_by_years),
        cmocka_unit_test(episodes_may_begin_with_zero),
        cmocka_unit_test(a_planned_show_has_nothing_but_a_name),
        cmocka_unit_test(credits_are_of_the_newest_season_and_aggregate_credits_of_all),
    };
    return cmocka_run_group_tests_name("sandbox_tv", tests, start, stop);
}
