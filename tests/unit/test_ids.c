/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "media/ids.h"

static void ids_are_written_in_one_way(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { "tmdb:603", "tmdb:603" },
        { "TMDB:00603", "tmdb:603" },
        { "imdb:tt0133093", "imdb:tt0133093" },
        { "tt0133093", "imdb:tt0133093" },
        { "tt133093", "imdb:tt0133093" },
        { "TT00133093", "imdb:tt0133093" },
        { "tt29623480", "imdb:tt29623480" },
        { "wikidata:q83495", "wikidata:Q83495" },
        { "btih:DD8255ECDC7CA55FB0BBF81323D87062DB1F6D1C",
          "btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c" },
        { "btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH",
          "btih:0123456789abcdef0123456789abcdef01234567" },
        { "my_site:a-9.b", "my_site:a-9.b" },
    };
    char out[IDS_TEXT_LEN];
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_true(ids_parse(pairs[i][0], out));
        assert_string_equal(out, pairs[i][1]);
        assert_true(ids_parse(pairs[i][1], out)); /* and stay so */
        assert_string_equal(out, pairs[i][1]);
    }
}

static void what_is_no_id_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",
        ":",
        "603",
        "tmdb:",
        "tmdb:0",
        "tmdb:-1",
        "tmdb:+1",
        "tmdb: 1",
        "tmdb:603x",
        "tmdb:99999999999999999999",
        "tt",
        "tt0",
        "ttx133093",
        "nm0000206", /* a person is no item */
        "imdb:0133093",
        "imdb:tt-5",
        "imdb:tt9999999999999",
        "wikidata:83495",
        "wikidata:Q",
        "btih:abc",
        "btih:zz8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
        "btih:0ERUKZ4JVPG66AJDIVTYTK6N54ASGRLH",
        "my site:1",
        "1site:1",
        "site:a b",
        "site:a/b",
        "site:\xc3\xa9",
        "a_space_that_is_far_too_long:1",
        "site:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char out[IDS_TEXT_LEN] = "untouched";
        if (ids_parse(wrong[i], out))
            fail_msg("'%s' was taken for '%s'", wrong[i], out);
        assert_string_equal(out, "untouched");
    }
}

static json_t *normalised(const char *json, const char *space, bool expected)
{
    json_t *ids = json_loads(json, 0, NULL);
    assert_non_null(ids);
    assert_int_equal(ids_normalise_member(ids, space), expected);
    return ids;
}

static void members_become_numbers_or_strings(void **state UNUSED)
{
    json_auto_t *tmdb = normalised("{\"tmdb\":\"603\"}", "tmdb", true);
    assert_int_equal(json_integer_value(json_object_get(tmdb, "tmdb")), 603);
    json_auto_t *yts = normalised("{\"yts\":42}", "yts", true);
    assert_string_equal(json_string_value(json_object_get(yts, "yts")), "42");
    json_auto_t *imdb = normalised("{\"imdb\":\"tt133093\"}", "imdb", true);
    assert_string_equal(json_string_value(json_object_get(imdb, "imdb")), "tt0133093");
    json_auto_t *person = normalised("{\"imdb\":\"nm206\"}", "imdb", true);
    assert_string_equal(json_string_value(json_object_get(person, "imdb")), "nm0000206");
}

static void wrong_members_are_refused(void **state UNUSED)
{
    json_decref(normalised("{\"tmdb\":-1}", "tmdb", false));
    json_decref(normalised("{\"tmdb\":1.5}", "tmdb", false));
    json_decref(normalised("{\"tmdb\":true}", "tmdb", false));
    json_decref(normalised("{\"imdb\":133093}", "imdb", false));
    json_decref(normalised("{\"imdb\":{}}", "imdb", false));
    json_decref(normalised("{\"No Space\":\"a\"}", "No Space", false));
    json_decref(normalised("{}", "tmdb", false));
}

static int collect(const char *text, void *context)
{
    text_add_string(context, text);
    text_add_char(context, ' ');
    return 0;
}

static int stop_at_imdb(const char *text, void *context)
{
    *(int *)context += 1;
    return strncmp(text, "imdb:", 5) == 0 ? 7 : 0;
}

static void slugs_and_social_names_decide_nothing(void **state UNUSED)
{
    json_auto_t *ids = json_loads("{\"tmdb\":603,\"slug\":\"the-matrix\",\"imdb\":\"tt0133093\","
                                  "\"facebook\":\"Matrix\",\"bad\":null,\"yts\":\"9\"}",
                                  0, NULL);
    CLEANUP(text_done) struct text seen = TEXT_INIT(1000);
    assert_int_equal(ids_each(ids, collect, &seen), 0);
    assert_string_equal(text_string(&seen), "tmdb:603 imdb:tt0133093 yts:9 ");
    int n = 0;
    assert_int_equal(ids_each(ids, stop_at_imdb, &n), 7);
    assert_int_equal(n, 2);
    assert_int_equal(ids_each(NULL, collect, &seen), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_written_in_one_way),
        cmocka_unit_test(what_is_no_id_is_refused),
        cmocka_unit_test(members_become_numbers_or_strings),
        cmocka_unit_test(wrong_members_are_refused),
        cmocka_unit_test(slugs_and_social_names_decide_nothing),
    };
    return cmocka_run_group_tests_name("ids", tests, NULL, NULL);
}
