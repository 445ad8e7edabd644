/* SPDX-License-Identifier: MIT
 *
 * Merging records: which provider wins where. */
#include "merge_test.h"

#include "base/json.h"
#include "media/merge.h"
#include "media/placeholder.h"

static void the_better_provider_wins_per_field(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "yts", false, "{\"ids\":{\"yts\":\"9\"},\"title\":\"Y\",\"runtime\":99,\"revenue\":7}");
    add(&f, "trakt", false, "{\"ids\":{\"trakt\":1},\"title\":\"T\",\"runtime\":120,\"budget\":5}");
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":603},\"title\":\"M\",\"release_date\":\"1999-03-30\"}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "title", "\"M\"");
    expect_field(item, "runtime", "120");
    expect_field(item, "budget", "5");
    expect_field(item, "revenue", "7");
    expect_field(item, "year", "1999");
    expect_field(item, "release_date", "\"1999-03-30\"");
    expect_field(item, "ids", "{\"tmdb\":603,\"trakt\":1,\"yts\":\"9\"}");
}

static void the_order_of_records_does_not_matter(void **state UNUSED)
{
    static const char *const documents[] = {
        "{\"ids\":{\"a\":\"1\"},\"title\":\"A\",\"runtime\":1,\"cast\":[{\"name\":\"X\"}]}",
        "{\"ids\":{\"b\":\"1\"},\"title\":\"B\",\"runtime\":2,\"cast\":[{\"name\":\"Y\"}]}",
        "{\"ids\":{\"c\":\"1\"},\"title\":\"C\",\"runtime\":3,\"rating\":5}",
    };
    static const char *const names[] = { "alpha", "beta", "tmdb" };
    static const int orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 }, { 0, 2, 1 } };
    CLEANUP(text_done) struct text first = TEXT_INIT(100000);
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        CLEANUP(fixture_done) struct fixture f = { .n = 0 };
        for (size_t k = 0; k < 3; k++)
            add(&f, names[orders[i][k]], false, documents[orders[i][k]]);
        json_auto_t *item = merge(&f, english);
        if (i == 0)
            js_write(item, &first);
        else
            expect_json(item, text_string(&first));
    }
}

static void a_partial_record_loses_to_a_whole_one_of_anybody(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", true, "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"runtime\":1,\"votes\":5}");
    add(&f, "zeta", false, "{\"ids\":{\"z\":\"1\"},\"title\":\"Z\",\"runtime\":2}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "title", "\"Z\"");
    expect_field(item, "runtime", "2");
}

static void a_field_may_have_its_own_order(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"rating\":5,\"votes\":10,\"runtime\":1}");
    add(&f, "trakt", false, "{\"ids\":{\"trakt\":1},\"title\":\"T\",\"rating\":8,\"runtime\":2}");
    static const char *const trakt_first[] = { "trakt" };
    static const struct merge_field_order fields[] = { { "rating", trakt_first, 1 } };
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 2, .fields = fields, .n_fields = 1
    };
    json_auto_t *item = merge_records(f.records, f.n, &policy, NULL);
    expect_field(item, "rating", "8");
    expect_field(item, "votes", ""); /* the other provider's votes say nothing of this rating */
    expect_field(item, "runtime", "1");
    expect_field(item, "ratings",
                 "{\"tmdb\":{\"rating\":5,\"votes\":10},\"trakt\":{\"rating\":8}}");
}

static void who_lacks_the_language_never_beats_who_has_it(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"Spirited Away\",\"title_language\":\"en\",\"overview\":"
        "\"English\"}");
    add(&f, "zeta", false,
        "{\"ids\":{\"z\":\"1\"},\"title\":\"Chihiro\",\"title_language\":\"de\",\"tagline\":"
        "\"Los\"}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "title", "\"Chihiro\"");
    expect_field(item, "overview", "\"English\"");
    expect_field(item, "text_languages",
                 "{\"title\":\"de\",\"overview\":\"en\",\"tagline\":\"de\"}");
    expect_field(item, "translations",
                 "{\"en\":{\"title\":\"Spirited Away\",\"overview\":\"English\"},"
                 "\"de\":{\"title\":\"Chihiro\",\"tagline\":\"Los\"}}");
}

static void the_original_title_is_the_title_of_its_language(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"Colony\",\"title_language\":\"en\",\"original_title\":"
        "\"군체\",\"original_language\":\"ko\"}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "title", "\"Colony\"");
    expect_field(item, "original_title", "\"군체\"");
    expect_field(json_object_get(item, "translations"), "ko", "{\"title\":\"군체\"}");
}

static void placeholders_lose_to_any_title(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"Folge 7\",\"title_language\":\"de\",\"translations\":{"
        "\"en\":{\"title\":\"Ozymandias\"}}}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "title", "\"Ozymandias\"");
    CLEANUP(fixture_done) struct fixture lone = { .n = 0 };
    add(&lone, "tmdb", false, "{\"ids\":{\"tmdb\":1},\"title\":\"Episode 7\"}");
    json_auto_t *alone = merge(&lone, german);
    expect_field(alone, "title", "\"Episode 7\"");
}

static void placeholders_are_told_from_titles(void **state UNUSED)
{
    static const char *const yes[] = { "TBA",        "tbd",    "Episode 12", "Folge 3",
                                       "Episódio 1", "第12話", "第 3 集",    "エピソード4",
                                       "Episode #7", "#12",    "Untitled" };
    static const char *const no[] = {
        "Episode",   "Episode One", "Episode 1: Pilot", "300",  "1917",
        "Part Time", "#Alive",      "Untitled Project", "TBA!", "",
        "ttt",       "2046"
    };
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        if (!placeholder_title(yes[i]))
            fail_msg("'%s' is a placeholder", yes[i]);
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (placeholder_title(no[i]))
            fail_msg("'%s' is a title", no[i]);
}

static void people_are_united_by_id(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"cast\":[{\"name\":\"Keanu Reeves\",\"character\":"
        "\"Neo\",\"order\":0,\"ids\":{\"tmdb\":6384}},{\"name\":\"Nobody\",\"order\":1}],\"crew\":["
        "{"
        "\"name\":\"Lana\",\"job\":\"Director\",\"ids\":{\"tmdb\":9}},{\"name\":\"Lana\",\"job\":"
        "\"Writer\",\"ids\":{\"tmdb\":9}}]}");
    add(&f, "trakt", false,
        "{\"ids\":{\"trakt\":1},\"title\":\"M\",\"cast\":[{\"name\":\"K. Reeves\",\"order\":0,"
        "\"profile\":\"/"
        "k.jpg\",\"ids\":{\"tmdb\":6384,\"imdb\":\"nm0000206\"}},{\"name\":\"Nobody\","
        "\"profile\":\"/n.jpg\"},{\"name\":\"Keanu Reeves\",\"order\":5,\"ids\":{\"tmdb\":7}}],"
        "\"crew\":[{\"name\":\"Lana\",\"job\":\"Writer\",\"ids\":{\"tmdb\":9}}]}");
    json_auto_t *item = merge(&f, english);
    expect_field(
        item, "cast",
        "[{\"name\":\"Keanu Reeves\",\"character\":\"Neo\",\"order\":0,\"ids\":{\"tmdb\":"
        "6384,\"imdb\":\"nm0000206\"},\"profile\":\"/api/images/profiles/trakt/k.jpg\"},{"
        "\"name\":\"Nobody\",\"order\":1,\"profile\":\"/api/images/profiles/trakt/n.jpg\"},"
        "{\"name\":\"Keanu Reeves\",\"order\":2,\"ids\":{\"tmdb\":7}}]");
    assert_int_equal(json_array_size(json_object_get(item, "crew")), 2);
}

static void one_providers_own_repetitions_stay(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    const char *cast = "[{\"name\":\"Eddie\",\"character\":\"A\",\"ids\":{\"tmdb\":1}},"
                       "{\"name\":\"Eddie\",\"character\":\"B\",\"ids\":{\"tmdb\":1}}]";
    CLEANUP(mem_free)
    char *json = mem_format("{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"cast\":%s}", cast);
    add(&f, "tmdb", false, json);
    add(&f, "trakt", false,
        "{\"ids\":{\"trakt\":1},\"title\":\"M\",\"cast\":[{\"name\":\"Eddie\",\"ids\":{\"tmdb\":1}}"
        "]}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "cast", cast);
}

static void pictures_become_paths_of_ours(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"title_language\":\"en\",\"poster\":\"/p.jpg\","
        "\"backdrop\":\"/b.jpg\",\"companies\":[{\"name\":\"C\",\"logo\":\"/"
        "c.png\"}],\"collection\":"
        "{\"name\":\"K\",\"poster\":\"/k.jpg\"},\"images\":{\"posters\":[{\"path\":\"/de.jpg\","
        "\"language\":\"de\"},{\"path\":\"/de2.jpg\",\"language\":\"de\"}],\"logos\":[{\"path\":"
        "\"/l.svg\"}]}}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "poster", "\"/api/images/posters/tmdb/de.jpg\"");
    expect_field(item, "posters",
                 "{\"en\":\"/api/images/posters/tmdb/p.jpg\",\"de\":"
                 "\"/api/images/posters/tmdb/de.jpg\"}");
    expect_field(item, "backdrop", "\"/api/images/backdrops/tmdb/b.jpg\"");
    expect_field(item, "companies", "[{\"name\":\"C\",\"logo\":\"/api/images/logos/tmdb/c.png\"}]");
    expect_field(item, "collection",
                 "{\"name\":\"K\",\"poster\":\"/api/images/posters/tmdb/k.jpg\"}");
    expect_field(json_object_get(item, "images"), "logos",
                 "[{\"path\":\"/api/images/logos/tmdb/l.svg\"}]");
    expect_json(json_object_get(f.documents[0], "poster"), "\"/p.jpg\"");
}

/* Every picture of one of these is "/LANGUAGE.jpg". */
static void a_poster_has_the_language_it_is_in(void **state UNUSED)
{
#define POSTERS(rest) "\"images\":{\"posters\":[{\"path\":\"/none.jpg\"}" rest "]}"
    static const struct {
        const char *rest, *posters;
    } rows[] = {
        /* Of its title's, another region's, another, none; what was not listed is the original's.
         */
        { "\"poster\":\"/en.jpg\"," POSTERS(",{\"path\":\"/en.jpg\",\"language\":\"en\"}"), "en" },
        { "\"poster\":\"/de.jpg\"," POSTERS(",{\"path\":\"/de.jpg\",\"language\":\"de\"}"), "de" },
        { "\"poster\":\"/none.jpg\"," POSTERS(""), "" },
        { "\"poster\":\"/ja.jpg\"," POSTERS(""), "ja" },
        { "\"poster\":\"/ja.jpg\",\"images\":{\"logos\":[{\"path\":\"/l.png\"}]}", "ja" },
        /* A document without pictures is believed. */
        { "\"poster\":\"/en-US.jpg\"", "en-US" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(fixture_done) struct fixture f = { .n = 0 };
        CLEANUP(mem_free)
        char *json =
            mem_format("{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"title_language\":\"en-US\","
                       "\"original_language\":\"ja\",%s}",
                       rows[i].rest);
        CLEANUP(mem_free)
        char *expected = mem_format("\"/api/images/posters/tmdb/%s.jpg\"",
                                    *rows[i].posters ? rows[i].posters : "none");
        add(&f, "tmdb", false, json);
        json_auto_t *item = merge(&f, english);
        expect_field(json_object_get(item, "posters"), rows[i].posters, expected);
        const char *language;
        json_t *path;
        json_object_foreach (json_object_get(item, "posters"), language, path)
            if (!strstr(json_string_value(path), *language ? language : "none"))
                fail_msg("%zu: %s is of '%s'", i, json_string_value(path), language);
    }
}

/* What a list of two hundred lacks may have been cut off. */
static void a_long_list_says_nothing_of_what_it_lacks(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 16);
    text_add_string(&json, "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"title_language\":\"de\","
                           "\"original_language\":\"ja\",\"poster\":\"/p.jpg\","
                           "\"images\":{\"posters\":[");
    for (int i = 0; i < 200; i++)
        text_add_format(&json, "%s{\"path\":\"/%d.jpg\",\"language\":\"en\"}", i ? "," : "", i);
    text_add_string(&json, "]}}");
    add(&f, "tmdb", false, text_string(&json));
    json_auto_t *item = merge(&f, german);
    expect_field(item, "posters",
                 "{\"de\":\"/api/images/posters/tmdb/p.jpg\",\"en\":"
                 "\"/api/images/posters/tmdb/0.jpg\"}");
}

static void the_status_and_its_raw_word_come_from_one(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false, "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"status\":\"released\"}");
    add(&f, "trakt", false,
        "{\"ids\":{\"trakt\":1},\"title\":\"M\",\"status\":\"canceled\",\"status_raw\":\"Axed\"}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "status", "\"released\"");
    expect_field(item, "status_raw", "");
}

static void a_year_of_one_never_hides_a_date_of_another(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "tmdb", false, "{\"ids\":{\"tmdb\":1},\"title\":\"M\",\"year\":1998}");
    add(&f, "trakt", false,
        "{\"ids\":{\"trakt\":1},\"title\":\"M\",\"release_date\":\"1999-03-30\"}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "year", "1999");
}

static void nothing_merges_to_nothing(void **state UNUSED)
{
    struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *provenance = NULL;
    json_auto_t *item = merge_records(NULL, 0, &policy, &provenance);
    expect_json(item, "{}");
    expect_json(provenance, "{}");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_better_provider_wins_per_field),
    cmocka_unit_test(the_order_of_records_does_not_matter),
    cmocka_unit_test(a_partial_record_loses_to_a_whole_one_of_anybody),
    cmocka_unit_test(a_field_may_have_its_own_order),
    cmocka_unit_test(who_lacks_the_language_never_beats_who_has_it),
    cmocka_unit_test(the_original_title_is_the_title_of_its_language),
    cmocka_unit_test(placeholders_lose_to_any_title),
    cmocka_unit_test(placeholders_are_told_from_titles),
    cmocka_unit_test(people_are_united_by_id),
    cmocka_unit_test(one_providers_own_repetitions_stay),
    cmocka_unit_test(pictures_become_paths_of_ours),
    cmocka_unit_test(a_poster_has_the_language_it_is_in),
    cmocka_unit_test(a_long_list_says_nothing_of_what_it_lacks),
    cmocka_unit_test(the_status_and_its_raw_word_come_from_one),
    cmocka_unit_test(a_year_of_one_never_hides_a_date_of_another),
    cmocka_unit_test(nothing_merges_to_nothing),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), merge_locks_part, merge_provenance_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
