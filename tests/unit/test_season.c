/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "media/season.h"

static const char first_season[] =
    "{\"ids\":{\"tmdb\":3572},\"show\":{\"ids\":{\"tmdb\":1396}},\"season_number\":1,"
    "\"name\":\"Season 1\",\"overview\":\"A teacher.\",\"title_language\":\"en\","
    "\"air_date\":\"2008-01-20\",\"poster\":\"/en.jpg\",\"rating\":8.2,"
    "\"translations\":{\"de\":{\"title\":\"Staffel 1\"}},"
    "\"images\":{\"posters\":[{\"path\":\"/de.jpg\",\"language\":\"de\"},"
    "{\"path\":\"/de2.jpg\",\"language\":\"de\"}]},"
    "\"cast\":[{\"name\":\"Bryan\",\"profile\":\"/b.jpg\"}],"
    "\"episodes\":["
    "{\"episode_number\":3,\"name\":\"Folge 3\",\"translations\":{\"de\":{\"title\":\"Folge 3\"},"
    "\"ja\":{\"title\":\"第3話\"}}},"
    "{\"episode_number\":1,\"name\":\"Pilot\",\"overview\":\"It \\\"begins\\\".\","
    "\"air_date\":\"2008-01-20\",\"runtime\":58,\"still\":\"/s1.jpg\",\"rating\":8.5,\"votes\":120,"
    "\"type\":\"standard\",\"crew\":[{\"name\":\"Vince\",\"job\":\"Director\"}],"
    "\"guest_stars\":[{\"name\":\"Guest\",\"profile\":\"/g.jpg\"}],"
    "\"translations\":{\"de\":{\"title\":\"Episode 1\",\"overview\":\"Es beginnt.\"},"
    "\"ja\":{\"title\":\"第1話\"},\"fr\":{\"title\":\"Chute libre\"}}},"
    "{\"episode_number\":1,\"name\":\"A double\"},"
    "{\"episode_number\":2,\"name\":\"Episode 2\",\"air_date\":\"2008-01-27\","
    "\"translations\":{\"fr\":{\"title\":\"Le choix\"}}}]}";

static json_t *document(const char *json)
{
    json_t *read = NULL;
    struct error err = { 0 };
    if (document_read(PROVIDER_SEASON, 0, json, strlen(json), &read, &err))
        fail_msg("%s", err.text);
    return read;
}

static void pack(const char *json, struct text *out)
{
    json_auto_t *season = document(json);
    const struct merge_record record = { .provider = "tmdb", .document = season };
    const struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *merged = season_merge(&record, 1, &policy);
    season_pack(merged, out);
    assert_false(out->overflow);
}

static struct language_wish wish_of(const char *language)
{
    struct language_wish wish;
    assert_int_equal(language_wish_make(language, NULL, NULL, 0, &wish, NULL), 0);
    return wish;
}

static json_t *parsed(const struct text *out)
{
    json_t *value = NULL;
    struct error err = { 0 };
    if (js_parse(text_string(out), out->len, 8 << 20, &value, &err))
        fail_msg("%s: %s", err.text, text_string(out));
    return value;
}

static json_t *season_in(const char *language, bool whole)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    struct language_wish wish = wish_of(language);
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    char said[LANGUAGE_LEN];
    pack(first_season, &packed);
    assert_true(season_render(packed.bytes, packed.len, 42, &reader, whole, &out, said));
    return parsed(&out);
}

/* NULL: there is no such episode. */
static json_t *episode_in(const char *language, uint32_t number, bool whole)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    struct language_wish wish = wish_of(language);
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    char said[LANGUAGE_LEN];
    bool found;
    pack(first_season, &packed);
    assert_true(season_render_episode(packed.bytes, packed.len, &reader, number, whole, NULL,
                                      &found, &out, said));
    return found ? parsed(&out) : NULL;
}

static void a_season_has_what_its_document_says_with_our_pictures(void **state UNUSED)
{
    json_auto_t *season = season_in("en", true);
    assert_string_equal(js_string(season, "kind"), "season");
    assert_int_equal(js_int(season, "show", 0), 42);
    assert_int_equal(js_int(season, "season_number", 0), 1);
    assert_string_equal(js_string(season, "overview"), "A teacher.");
    assert_string_equal(js_string(season, "air_date"), "2008-01-20");
    assert_string_equal(js_string(season, "poster"), "/api/images/posters/tmdb/en.jpg");
    assert_int_equal(js_int(season, "episode_count", 0), 3);
    const json_t *actor = json_array_get(js_array(season, "cast"), 0);
    assert_string_equal(js_string(actor, "profile"), "/api/images/profiles/tmdb/b.jpg");
    const json_t *poster = json_array_get(js_array(js_object(season, "images"), "posters"), 0);
    assert_string_equal(js_string(poster, "path"), "/api/images/posters/tmdb/de.jpg");
    assert_int_equal(json_array_size(js_array(season, "episodes")), 3);
}

static void the_head_of_a_season_is_without_episodes_and_people(void **state UNUSED)
{
    json_auto_t *season = season_in("en", false);
    assert_null(json_object_get(season, "episodes"));
    assert_null(json_object_get(season, "cast"));
    assert_non_null(js_string(season, "name"));
}

static void each_text_comes_in_the_language_that_serves_best(void **state UNUSED)
{
    json_auto_t *season = season_in("de", false);
    assert_string_equal(js_string(season, "name"), "Staffel 1");
    assert_string_equal(js_string(season, "overview"), "A teacher.");
    assert_string_equal(js_string(season, "poster"), "/api/images/posters/tmdb/de.jpg");
    const json_t *languages = js_object(season, "languages");
    assert_string_equal(js_string(languages, "name"), "de");
    assert_string_equal(js_string(languages, "overview"), "en");
    assert_string_equal(js_string(languages, "poster"), "de");
}

static void episodes_stand_in_order_and_each_number_once(void **state UNUSED)
{
    json_auto_t *season = season_in("en", true);
    const json_t *episodes = js_array(season, "episodes");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(js_int(json_array_get(episodes, i), "episode_number", 0), i + 1);
    assert_string_equal(js_string(json_array_get(episodes, 0), "name"), "Pilot");
    assert_null(json_object_get(json_array_get(episodes, 0), "crew"));
}

static void a_placeholder_never_beats_a_real_name_of_another_language(void **state UNUSED)
{
    static const struct {
        const char *language, *name, *of;
        uint32_t number;
    } cases[] = {
        { "de", "Pilot", "en", 1 },       { "ja", "Pilot", "en", 1 },
        { "fr", "Chute libre", "fr", 1 }, { "en", "Le choix", "fr", 2 },
        { "de", "Le choix", "fr", 2 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        json_auto_t *episode = episode_in(cases[i].language, cases[i].number, false);
        assert_string_equal(js_string(episode, "name"), cases[i].name);
        assert_string_equal(js_string(js_object(episode, "languages"), "name"), cases[i].of);
    }
}

static void placeholders_are_shown_when_there_is_nothing_else(void **state UNUSED)
{
    json_auto_t *japanese = episode_in("ja", 3, false);
    json_auto_t *german = episode_in("de", 3, false);
    assert_string_equal(js_string(japanese, "name"), "第3話");
    assert_string_equal(js_string(german, "name"), "Folge 3");
}

static void one_episode_is_whole_or_short(void **state UNUSED)
{
    json_auto_t *whole = episode_in("de", 1, true);
    assert_string_equal(js_string(whole, "overview"), "Es beginnt.");
    assert_string_equal(js_string(whole, "still"), "/api/images/stills/tmdb/s1.jpg");
    assert_int_equal(js_int(whole, "runtime", 0), 58);
    const json_t *guest = json_array_get(js_array(whole, "guest_stars"), 0);
    assert_string_equal(js_string(guest, "profile"), "/api/images/profiles/tmdb/g.jpg");
    json_auto_t *brief = episode_in("de", 1, false);
    assert_null(json_object_get(brief, "crew"));
    assert_null(json_object_get(brief, "guest_stars"));
}

static void an_episode_that_is_not_there_is_not_found(void **state UNUSED)
{
    assert_null(episode_in("en", 0, true));
    assert_null(episode_in("en", 4, true));
    assert_null(episode_in("en", UINT32_MAX, true));
}

static void a_page_of_episodes_is_a_part_of_them(void **state UNUSED)
{
    static const struct {
        uint64_t skip;
        uint32_t limit;
        size_t n;
    } cases[] = { { 0, 20, 3 }, { 1, 1, 1 },          { 2, 2, 1 },
                  { 3, 5, 0 },  { UINT64_MAX, 5, 0 }, { 0, 0, 0 } };
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    struct language_wish wish = wish_of("en");
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    pack(first_season, &packed);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
        assert_true(season_render_episodes(packed.bytes, packed.len, &reader, cases[i].skip,
                                           cases[i].limit, &out));
        json_auto_t *page = parsed(&out);
        assert_int_equal(json_array_size(page), cases[i].n);
        if (cases[i].n)
            assert_int_equal(js_int(json_array_get(page, 0), "episode_number", 0),
                             cases[i].skip + 1);
    }
}

static void count_airing(int32_t day, uint32_t episode, void *context)
{
    int64_t *sum = context;
    *sum += (int64_t)day * 10 + episode;
}

static void episodes_with_a_date_are_in_the_calendar(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    int64_t sum = 0;
    pack(first_season, &packed);
    assert_true(season_airings(packed.bytes, packed.len, count_airing, &sum));
    assert_int_equal(sum, 13898 * 10 + 1 + 13905 * 10 + 2);
}

static void a_season_without_episodes_is_a_season(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    struct language_wish wish = wish_of("en");
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    struct season_facts facts;
    char said[LANGUAGE_LEN];
    pack("{\"ids\":{\"tmdb\":1},\"show\":{\"ids\":{\"tmdb\":2}},\"season_number\":2023}", &packed);
    assert_true(season_facts_read(packed.bytes, packed.len, &facts));
    assert_int_equal(facts.season_number, 2023);
    assert_int_equal(facts.n_episodes, 0);
    assert_true(season_render(packed.bytes, packed.len, 1, &reader, true, &out, said));
    assert_string_equal(out.bytes, "{\"kind\":\"season\",\"show\":1,\"season_number\":2023,"
                                   "\"episode_count\":0,\"ids\":{\"tmdb\":1},\"episodes\":[]}");
    assert_string_equal(said, "");
}

static void the_same_document_packs_to_the_same_bytes(void **state UNUSED)
{
    CLEANUP(text_done) struct text a = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text b = TEXT_INIT(1 << 20);
    pack(first_season, &a);
    pack(first_season, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
}

/* Every shorter and every damaged form is refused or rendered, never read beyond. */
static void broken_bytes_are_survived(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    struct language_wish wish = wish_of("de");
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    char said[LANGUAGE_LEN];
    bool found;
    pack(first_season, &packed);
    for (size_t i = 0; i < packed.len; i++) {
        CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
        CLEANUP(mem_free) char *cut = mem_dup(packed.bytes, i);
        assert_false(season_render(cut, i, 1, &reader, true, &out, said));
        assert_false(season_render_episodes(cut, i, &reader, 0, 20, &out));
        assert_int_equal(out.len, 0);
        CLEANUP(mem_free) char *spoilt = mem_dup(packed.bytes, packed.len);
        spoilt[i] = (char)(spoilt[i] ^ 0x55);
        season_render(spoilt, packed.len, 1, &reader, true, &out, said);
        season_render_episode(spoilt, packed.len, &reader, 3, true, NULL, &found, &out, said);
    }
}

static void what_does_not_fit_is_said(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text out = TEXT_INIT(100);
    struct language_wish wish = wish_of("de");
    struct season_reader reader = { .wish = &wish, .original_language = "en" };
    char said[LANGUAGE_LEN];
    pack(first_season, &packed);
    assert_false(season_render(packed.bytes, packed.len, 1, &reader, true, &out, said));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_season_has_what_its_document_says_with_our_pictures),
        cmocka_unit_test(the_head_of_a_season_is_without_episodes_and_people),
        cmocka_unit_test(each_text_comes_in_the_language_that_serves_best),
        cmocka_unit_test(episodes_stand_in_order_and_each_number_once),
        cmocka_unit_test(a_placeholder_never_beats_a_real_name_of_another_language),
        cmocka_unit_test(placeholders_are_shown_when_there_is_nothing_else),
        cmocka_unit_test(one_episode_is_whole_or_short),
        cmocka_unit_test(an_episode_that_is_not_there_is_not_found),
        cmocka_unit_test(a_page_of_episodes_is_a_part_of_them),
        cmocka_unit_test(episodes_with_a_date_are_in_the_calendar),
        cmocka_unit_test(a_season_without_episodes_is_a_season),
        cmocka_unit_test(the_same_document_packs_to_the_same_bytes),
        cmocka_unit_test(broken_bytes_are_survived),
        cmocka_unit_test(what_does_not_fit_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
