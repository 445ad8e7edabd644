/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/placeholder.h"
#include "media/season.h"

#define SEASON(more)                                                                               \
    "{\"ids\":{\"tmdb\":1},\"show\":{\"ids\":{\"tmdb\":2}},\"season_number\":1" more "}"
#define EPISODE(number, more) "{\"episode_number\":" #number more "}"

static const char *const a_first[] = { "a", "b" };
static const char *const b_first[] = { "b", "a" };
static const struct merge_policy plain = { .precedence = a_first, .n_precedence = 2 };

struct fixture {
    struct merge_record records[4];
    json_t *documents[4];
    size_t n;
};

static void add_flagged(struct fixture *f, const char *provider, bool partial, const char *json)
{
    struct error err = { 0 };
    json_t **document = &f->documents[f->n];
    if (document_read(PROVIDER_SEASON, partial ? PROVIDER_PARTIAL : 0, json, strlen(json), document,
                      &err))
        fail_msg("%s", err.text);
    f->records[f->n++] =
        (struct merge_record){ .provider = provider, .document = *document, .partial = partial };
}

static void add(struct fixture *f, const char *provider, const char *json)
{
    add_flagged(f, provider, false, json);
}

static void fixture_done(struct fixture *f)
{
    for (size_t i = 0; i < f->n; i++)
        json_decref(f->documents[i]);
}
DEFINE_CLEANUP_VALUE(struct fixture, fixture_done);

/* The season as somebody reads it. */
static json_t *read_in(const struct fixture *f, const struct merge_policy *policy,
                       const char *language)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text head = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text page = TEXT_INIT(1 << 20);
    struct language_wish wish;
    char said[LANGUAGE_LEN];
    assert_int_equal(language_wish_make(language, NULL, NULL, 0, &wish, NULL), 0);
    const struct season_reader reader = { .wish = &wish, .original_language = "en" };
    json_auto_t *merged = season_merge(f->records, f->n, policy);
    season_pack(merged, &packed);
    assert_true(season_render(packed.bytes, packed.len, 9, &reader, true, &head, said));
    assert_true(season_render_episodes(packed.bytes, packed.len, &reader, 0, 1000, &page));
    json_t *season = json_loadb(head.bytes, head.len, 0, NULL);
    json_object_set_new(season, "episodes", json_loadb(page.bytes, page.len, 0, NULL));
    return season;
}

static const json_t *episode(const json_t *season, size_t i)
{
    return json_array_get(js_array(season, "episodes"), i);
}

static void each_field_comes_from_the_first_who_has_it(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "b",
        SEASON(",\"name\":\"Of b\",\"title_language\":\"en\",\"overview\":\"B tells.\","
               "\"rating\":7,\"episodes\":[" EPISODE(
                   1, ",\"name\":\"Start\",\"overview\":\"It starts.\",\"runtime\":50,"
                      "\"still\":\"/b.jpg\",\"rating\":6,\"votes\":3") "]"));
    add(&f, "a",
        SEASON(",\"name\":\"Of a\",\"title_language\":\"en\",\"air_date\":\"2020-01-01\","
               "\"episodes\":[" EPISODE(1, ",\"name\":\"Begin\",\"rating\":9") "]"));
    json_auto_t *season = read_in(&f, &plain, "en");
    assert_string_equal(js_string(season, "name"), "Of a");
    assert_string_equal(js_string(season, "overview"), "B tells.");
    assert_string_equal(js_string(season, "air_date"), "2020-01-01");
    assert_int_equal(json_array_size(js_array(season, "episodes")), 1);
    const json_t *one = episode(season, 0);
    assert_string_equal(js_string(one, "name"), "Begin");
    assert_string_equal(js_string(one, "overview"), "It starts.");
    assert_string_equal(js_string(one, "still"), "/api/images/stills/b/b.jpg");
    assert_int_equal(js_int(one, "runtime", 0), 50);
    assert_true(js_double(one, "rating", 0) == 9);
    assert_null(json_object_get(one, "votes")); /* b's votes are not for a's rating */
}

static void conflicting_air_dates_follow_the_order_of_that_field(void **state UNUSED)
{
    static const struct merge_field_order of_date = { "air_date", b_first, 2 };
    static const struct merge_policy dates = {
        .precedence = a_first, .n_precedence = 2, .fields = &of_date, .n_fields = 1
    };
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "a",
        SEASON(",\"episodes\":[" EPISODE(1, ",\"name\":\"A\",\"air_date\":\"2020-01-01\"") "]"));
    add(&f, "b",
        SEASON(",\"episodes\":[" EPISODE(1, ",\"name\":\"B\",\"air_date\":\"2020-01-02\"") "]"));
    json_auto_t *season = read_in(&f, &plain, "en");
    assert_string_equal(js_string(episode(season, 0), "air_date"), "2020-01-01");
    json_auto_t *other = read_in(&f, &dates, "en");
    assert_string_equal(js_string(episode(other, 0), "air_date"), "2020-01-02");
    assert_string_equal(js_string(episode(other, 0), "name"), "A");
}

static void who_lacks_the_wanted_language_never_beats_who_has_it(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "a",
        SEASON(",\"name\":\"One\",\"title_language\":\"en\",\"episodes\":[" EPISODE(
            1, ",\"name\":\"Begin\",\"overview\":\"It begins.\"") "]"));
    add(&f, "b",
        SEASON(",\"name\":\"Eins\",\"title_language\":\"de\",\"episodes\":[" EPISODE(
            1, ",\"name\":\"Anfang\"") "]"));
    json_auto_t *german = read_in(&f, &plain, "de");
    assert_string_equal(js_string(german, "name"), "Eins");
    assert_string_equal(js_string(episode(german, 0), "name"), "Anfang");
    assert_string_equal(js_string(episode(german, 0), "overview"), "It begins.");
    const json_t *languages = js_object(episode(german, 0), "languages");
    assert_string_equal(js_string(languages, "name"), "de");
    assert_string_equal(js_string(languages, "overview"), "en");
    json_auto_t *english = read_in(&f, &plain, "en");
    assert_string_equal(js_string(episode(english, 0), "name"), "Begin");
}

static void who_has_only_placeholders_gives_no_name(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "a",
        SEASON(",\"title_language\":\"de\",\"episodes\":[" EPISODE(
            1,
            ",\"name\":\"Folge "
            "1\",\"overview\":\"Es "
            "beginnt.\"") "," EPISODE(2, ",\"name\":\"Folge 2\"") "," EPISODE(3,
                                                                              ",\"name\":\"Drei\","
                                                                              "\"placeholder\":"
                                                                              "true") "]"));
    add(&f, "b",
        SEASON(",\"title_language\":\"en\",\"episodes\":[" EPISODE(
            1, ",\"name\":\"Begin\"") "," EPISODE(3, ",\"name\":\"Three\"") "]"));
    json_auto_t *season = read_in(&f, &plain, "de");
    assert_string_equal(js_string(episode(season, 0), "name"), "Begin");
    assert_string_equal(js_string(episode(season, 0), "overview"), "Es beginnt.");
    assert_string_equal(js_string(episode(season, 1), "name"), "Folge 2");
    assert_string_equal(js_string(episode(season, 2), "name"), "Three");
}

static void episodes_and_people_are_united(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "a",
        SEASON(",\"episode_count\":2,\"episodes\":[" EPISODE(
            3, ",\"guest_stars\":[{\"name\":\"Ann\",\"ids\":{\"tmdb\":5}}]") "," EPISODE(1,
                                                                                         "") "]"));
    add(&f, "b",
        SEASON(",\"episodes\":[" EPISODE(2, ",\"name\":\"Two\"") "," EPISODE(
            3, ",\"guest_stars\":[{\"name\":\"Anne\",\"ids\":{\"tmdb\":5}},"
               "{\"name\":\"Bob\",\"profile\":\"/p.jpg\"}]") "]"));
    json_auto_t *season = read_in(&f, &plain, "en");
    assert_int_equal(js_int(season, "episode_count", 0), 3);
    assert_int_equal(json_array_size(js_array(season, "episodes")), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(js_int(episode(season, i), "episode_number", 0), i + 1);
    assert_string_equal(js_string(episode(season, 1), "name"), "Two");
    const json_t *guests = js_array(episode(season, 2), "guest_stars");
    assert_int_equal(json_array_size(guests), 2);
    assert_string_equal(js_string(json_array_get(guests, 0), "name"), "Ann");
    assert_string_equal(js_string(json_array_get(guests, 1), "profile"),
                        "/api/images/profiles/b/p.jpg");
}

static void a_partial_record_only_fills_what_is_missing(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add_flagged(&f, "a", true,
                SEASON(",\"name\":\"Part\",\"overview\":\"Told.\",\"air_date\":\"2020-01-01\""));
    add(&f, "b", SEASON(",\"name\":\"Whole\",\"air_date\":\"2021-01-01\""));
    json_auto_t *season = read_in(&f, &plain, "en");
    assert_string_equal(js_string(season, "name"), "Whole");
    assert_string_equal(js_string(season, "air_date"), "2021-01-01");
    assert_string_equal(js_string(season, "overview"), "Told.");
}

static void the_order_of_the_records_does_not_matter(void **state UNUSED)
{
    static const char one[] =
        SEASON(",\"name\":\"A\",\"title_language\":\"en\",\"episodes\":[" EPISODE(
            2, ",\"name\":\"x\"") "," EPISODE(1, ",\"name\":\"y\"") "," EPISODE(2,
                                                                                ",\"name\":"
                                                                                "\"again\"") "]");
    static const char other[] =
        SEASON(",\"name\":\"B\",\"title_language\":\"de\",\"poster\":\"/b.jpg\","
               "\"episodes\":[" EPISODE(2, ",\"name\":\"z\"") "]");
    CLEANUP(fixture_done) struct fixture there = { .n = 0 };
    CLEANUP(fixture_done) struct fixture back = { .n = 0 };
    CLEANUP(text_done) struct text a = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text b = TEXT_INIT(1 << 20);
    add(&there, "a", one);
    add(&there, "b", other);
    add(&back, "b", other);
    add(&back, "a", one);
    json_auto_t *first = season_merge(there.records, 2, &plain);
    json_auto_t *second = season_merge(back.records, 2, &plain);
    season_pack(first, &a);
    season_pack(second, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    assert_int_equal(json_array_size(js_array(first, "episodes")), 2);
}

static void placeholders_of_an_episode_have_its_number(void **state UNUSED)
{
    static const char *const yes[] = {
        "Episode 1",  "EPISODE 1",    "Épisode 1",  "épisode 1", "Folge 1",
        "Episodio 1", "Episódio 1",   "第 1 集",    "第1話",     "第１話",
        "第1回",      "1화",          "제1화",      "제 1 회",   "Эпизод 1",
        "1 серия",    "Aflevering 1", "1. epizóda", "1. Bölüm",  "1. rész",
        "الحلقة ١",   "قسمت ۱",       "Tập 1",      "ตอนที่ 1",    "Episode #1",
        "#1",         "Episode 01",   "Episode 1",  "1",         "TBA",
    };
    static const char *const no[] = {
        "Episode 2",
        "Folge 11",
        "第2話",
        "2",
        "Part 1",
        "Teil 1",
        "Episode",
        "Episode One",
        "",
        "Episode 1: Pilot",
        "1/1",
        "Chapter 1",
        "Episode 1 1",
        "Episode 99999999999999999999",
        "The First Episode of All That There Are 1",
    };
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        if (!placeholder_episode(yes[i], 1))
            fail_msg("'%s' is a placeholder", yes[i]);
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (placeholder_episode(no[i], 1))
            fail_msg("'%s' is a name", no[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_comes_from_the_first_who_has_it),
        cmocka_unit_test(conflicting_air_dates_follow_the_order_of_that_field),
        cmocka_unit_test(who_lacks_the_wanted_language_never_beats_who_has_it),
        cmocka_unit_test(who_has_only_placeholders_gives_no_name),
        cmocka_unit_test(episodes_and_people_are_united),
        cmocka_unit_test(a_partial_record_only_fills_what_is_missing),
        cmocka_unit_test(the_order_of_the_records_does_not_matter),
        cmocka_unit_test(placeholders_of_an_episode_have_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
