/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/schema.h"

#define MOVIE(fields) "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"" fields "}"

static void expect_kept(uint32_t kind, uint32_t flags, const char *json, const char *expected)
{
    json_auto_t *document = NULL;
    struct error err = { 0 };
    if (document_read(kind, flags, json, strlen(json), &document, &err))
        fail_msg("refused: %s", err.text);
    CLEANUP(text_done) struct text kept = TEXT_INIT(100000);
    assert_true(js_write(document, &kept));
    assert_string_equal(text_string(&kept), expected);
}

static void expect_refused(uint32_t kind, uint32_t flags, const char *json, const char *why)
{
    json_t *document = NULL;
    struct error err = { 0 };
    assert_int_equal(document_read(kind, flags, json, strlen(json), &document, &err),
                     PROVIDER_EREFUSED);
    assert_null(document);
    assert_int_equal(err.code, PROVIDER_EREFUSED);
    assert_string_equal(err.text, why);
    assert_int_equal(document_read(kind, flags, json, strlen(json), &document, NULL),
                     PROVIDER_EREFUSED);
}

static void unknown_fields_are_kept_out(void **state UNUSED)
{
    expect_kept(PROVIDER_MOVIE, 0,
                MOVIE(",\"script\":\"<x>\",\"cast\":[{\"name\":\"A\",\"age\":5}]"),
                MOVIE(",\"cast\":[{\"name\":\"A\"}]"));
}

static void null_and_empty_mean_absent(void **state UNUSED)
{
    expect_kept(PROVIDER_MOVIE, 0,
                MOVIE(",\"overview\":\"\",\"tagline\":null,\"release_date\":\" \",\"genres\":[],"
                      "\"cast\":[null,{}],\"images\":{\"posters\":[]},\"translations\":{\"de\":{"
                      "\"title\":\"\"}},\"keywords\":[\"\",\"x\",null],\"collection\":null,"
                      "\"runtime\":0,\"budget\":0,\"certification\":{\"US\":\"\"}"),
                MOVIE(",\"keywords\":[\"x\"]"));
}

static void values_take_their_normal_form(void **state UNUSED)
{
    expect_kept(PROVIDER_MOVIE, 0,
                "{\"ids\":{\"tmdb\":\"603\",\"imdb\":\"tt133093\",\"wikidata\":null,\"tvdb\":0},"
                "\"title\":\"A\",\"original_language\":\"EN_us\",\"runtime\":136.0,"
                "\"countries\":[\"us\"],\"certification\":{\"us\":\"R\"},"
                "\"translations\":{\"zh-Hant-TW\":{\"title\":\"B\"},\"zh-TW\":{\"title\":\"C\"}},"
                "\"videos\":[{\"site\":\"YouTube\",\"key\":\"k\","
                "\"published_at\":\"2020-01-01T01:00:00.000+01:00\"}]}",
                "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},"
                "\"title\":\"A\",\"original_language\":\"en-US\",\"runtime\":136,"
                "\"countries\":[\"US\"],\"certification\":{\"US\":\"R\"},"
                "\"translations\":{\"zh-TW\":{\"title\":\"B\"}},"
                "\"videos\":[{\"site\":\"YouTube\",\"key\":\"k\","
                "\"published_at\":\"2020-01-01T00:00:00Z\"}]}");
}

static void genres_become_slugs_and_unknown_ones_are_kept_out(void **state UNUSED)
{
    expect_kept(
        PROVIDER_MOVIE, 0,
        MOVIE(",\"genres\":[\"tmdb:878\",\"Sci-Fi\",\"Blurb\",\"Action & Adventure\",null]"),
        MOVIE(",\"genres\":[\"action\",\"adventure\",\"science-fiction\"]"));
    expect_kept(PROVIDER_MOVIE, 0, MOVIE(",\"genres\":[\"Blurb\"]"), MOVIE(""));
}

static void no_votes_mean_no_rating(void **state UNUSED)
{
    expect_kept(PROVIDER_MOVIE, 0, MOVIE(",\"rating\":5.5,\"votes\":0"), MOVIE(""));
    expect_kept(PROVIDER_MOVIE, 0, MOVIE(",\"rating\":5.5"), MOVIE(",\"rating\":5.5"));
}

static void a_date_is_better_than_a_year(void **state UNUSED)
{
    expect_kept(PROVIDER_MOVIE, 0, MOVIE(",\"year\":1998,\"release_date\":\"1999-03-30\""),
                MOVIE(",\"release_date\":\"1999-03-30\""));
}

static void a_long_string_is_refused_with_its_path(void **state UNUSED)
{
    char name[901], json[1200];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(
        json, sizeof json,
        MOVIE(",\"cast\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"},{\"name\":\"%s\"}]"),
        name);
    expect_refused(PROVIDER_MOVIE, 0, json,
                   "cast[3].name: a string of 900 bytes, at most 512 are accepted");
}

static void a_wrong_value_is_refused_with_its_path(void **state UNUSED)
{
    static const struct {
        const char *json, *why;
    } wrong[] = {
        { MOVIE(",\"runtime\":\"136\""), "runtime: a string, an integer is wanted" },
        { MOVIE(",\"runtime\":1.5"), "runtime: a number, an integer is wanted" },
        { MOVIE(",\"runtime\":-1"), "runtime: -1 is out of range 1..100000" },
        { MOVIE(",\"rating\":10.5"), "rating: 10.5 is out of range 0..10" },
        { MOVIE(",\"rating\":true"), "rating: a boolean, a number is wanted" },
        { MOVIE(",\"popularity\":-0.1"), "popularity: -0.1 is out of range 0..1000000000" },
        { MOVIE(",\"adult\":1"), "adult: an integer, a boolean is wanted" },
        { MOVIE(",\"overview\":[1]"), "overview: an array, a string is wanted" },
        { MOVIE(",\"release_date\":\"2023-02-29\""),
          "release_date: '2023-02-29' is no date (YYYY-MM-DD)" },
        { MOVIE(",\"release_date\":20230228"), "release_date: an integer, a string is wanted" },
        { MOVIE(",\"year\":1200"), "year: 1200 is out of range 1870..2200" },
        { MOVIE(",\"status\":\"Released\""),
          "status: 'Released' is none of: rumored planned in_production post_production released "
          "canceled" },
        { MOVIE(",\"status\":\"release\""),
          "status: 'release' is none of: rumored planned in_production post_production released "
          "canceled" },
        { MOVIE(",\"original_language\":\"english\""),
          "original_language: 'english' is no language tag" },
        { MOVIE(",\"countries\":[\"US\",\"USA\"]"),
          "countries[1]: 'USA' is no country (ISO 3166-1 alpha-2)" },
        { MOVIE(",\"homepage\":\"javascript:alert(1)\""),
          "homepage: 'javascript:alert(1)' is no http or https URL" },
        { MOVIE(",\"homepage\":\"http:///x\""), "homepage: 'http:///x' is no http or https URL" },
        { MOVIE(",\"homepage\":\"http://a b\""), "homepage: 'http://a b' is no http or https URL" },
        { MOVIE(",\"poster\":\"http://x/a.jpg\""),
          "poster: 'http://x/a.jpg' is no path of a picture" },
        { MOVIE(",\"poster\":\"/../a.jpg\""), "poster: '/../a.jpg' is no path of a picture" },
        { MOVIE(",\"images\":{\"posters\":[{\"path\":\"/a?b\"}]}"),
          "images.posters[0].path: '/a?b' is no path of a picture" },
        { MOVIE(",\"images\":{\"posters\":[{\"width\":5}]}"), "images.posters[0].path: missing" },
        { MOVIE(",\"images\":[]"
                ",\"cast\":{}"
                ",\"crew\":\"x\""),
          "crew: a string, an array is wanted" },
        { MOVIE(",\"cast\":[5]"), "cast[0]: an integer, an object is wanted" },
        { MOVIE(",\"cast\":[{\"character\":\"Neo\"}]"), "cast[0].name: missing" },
        { MOVIE(",\"cast\":[{\"name\":\"A\",\"ids\":{\"tmdb\":-5}}]"),
          "cast[0].ids.tmdb: an integer is no such id" },
        { MOVIE(",\"translations\":{\"deutsch\":{\"title\":\"x\"}}"),
          "translations.deutsch: no language tag" },
        { MOVIE(",\"translations\":{\"de\":{\"title\":5}}"),
          "translations.de.title: an integer, a string is wanted" },
        { MOVIE(",\"certification\":{\"USA\":\"R\"}"), "certification.USA: no country" },
        { MOVIE(",\"genres\":[\"Action\",7]"), "genres[1]: an integer, a string is wanted" },
        { MOVIE(",\"genres\":\"Action\""), "genres: a string, an array is wanted" },
        { "{\"ids\":{\"tmdb\":603}}", "title: missing" },
        { "{\"title\":\"A\"}", "ids: missing" },
        { "{\"ids\":{},\"title\":\"A\"}", "ids: missing" },
        { "{\"ids\":{\"tmdb\":null},\"title\":\"A\"}", "ids: missing" },
        { "{\"ids\":[1],\"title\":\"A\"}", "ids: an array, an object is wanted" },
        { "{\"ids\":{\"imdb\":\"nm0000206\"},\"title\":\"A\"}",
          "ids.imdb: 'nm0000206' is no such id" },
        { "{\"ids\":{\"imdb\":133093},\"title\":\"A\"}", "ids.imdb: an integer is no such id" },
        { "[]", "document: an array, an object is wanted" },
        { "7", "document: an integer, an object is wanted" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        expect_refused(PROVIDER_MOVIE, 0, wrong[i].json, wrong[i].why);
}

static void what_is_no_json_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",
        "{",
        "{\"ids\":",
        "<html>",
        MOVIE("") "x",
        MOVIE(",\"title\":\"twice\""),
        "{\"title\":\"\xff\"}",
        "{\"title\":\"a\\u0000b\"}",
        "{\"title\":\"\\ud800\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        json_t *document = NULL;
        struct error err = { 0 };
        assert_int_equal(
            document_read(PROVIDER_MOVIE, 0, wrong[i], strlen(wrong[i]), &document, &err),
            PROVIDER_EREFUSED);
        assert_non_null(strstr(err.text, "movie: JSON line"));
    }
}

static void a_document_that_is_too_large_is_refused(void **state UNUSED)
{
    size_t len = DOCUMENT_MAX_LEN + 1;
    CLEANUP(mem_free) char *json = mem_alloc(len);
    memset(json, ' ', len);
    json_t *document = NULL;
    struct error err = { 0 };
    assert_int_equal(document_read(PROVIDER_MOVIE, 0, json, len, &document, &err),
                     PROVIDER_EREFUSED);
    assert_non_null(strstr(err.text, "at most 4194304"));
}

static void too_many_elements_are_refused(void **state UNUSED)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(100000);
    text_add_string(&json, "{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"cast\":[");
    for (int i = 0; i < 1001; i++)
        text_add_string(&json, i ? ",{\"name\":\"a\"}" : "{\"name\":\"a\"}");
    text_add_string(&json, "]}");
    expect_refused(PROVIDER_MOVIE, 0, text_string(&json),
                   "cast: an array of 1001, at most 1000 are accepted");
}

static void what_changed_or_is_gone_needs_only_ids(void **state UNUSED)
{
    const char *bare = "{\"ids\":{\"tmdb\":603}}";
    expect_kept(PROVIDER_MOVIE, PROVIDER_CHANGED, bare, bare);
    expect_kept(PROVIDER_TVSHOW, PROVIDER_GONE, bare, bare);
    expect_refused(PROVIDER_MOVIE, PROVIDER_PARTIAL, bare, "title: missing");
    expect_refused(PROVIDER_MOVIE, PROVIDER_GONE, "{\"title\":\"A\"}", "ids: missing");
    expect_refused(PROVIDER_TITLE, PROVIDER_CHANGED, bare, "kind: missing");
    expect_refused(PROVIDER_MOVIE, PROVIDER_CHANGED,
                   "{\"ids\":{\"tmdb\":603},\"cast\":[{\"order\":1}]}", "cast[0].name: missing");
}

static void every_kind_has_its_own_fields(void **state UNUSED)
{
    expect_kept(PROVIDER_TVSHOW, 0,
                "{\"ids\":{\"tmdb\":1396},\"title\":\"B\",\"status\":\"ended\",\"budget\":5,"
                "\"seasons\":[{\"season_number\":0}],\"next_episode\":{\"episode_number\":0}}",
                "{\"ids\":{\"tmdb\":1396},\"title\":\"B\",\"status\":\"ended\","
                "\"seasons\":[{\"season_number\":0}],\"next_episode\":{\"episode_number\":0}}");
    expect_kept(PROVIDER_SEASON, 0,
                "{\"ids\":{\"tmdb\":3572},\"show\":{\"ids\":{\"tmdb\":1396}},\"season_number\":1,"
                "\"episodes\":[{\"episode_number\":1,\"name\":\"Pilot\",\"guest_stars\":[{\"name\":"
                "\"A\",\"ids\":{\"imdb\":\"nm1\"}}]}]}",
                "{\"ids\":{\"tmdb\":3572},\"show\":{\"ids\":{\"tmdb\":1396}},\"season_number\":1,"
                "\"episodes\":[{\"episode_number\":1,\"name\":\"Pilot\",\"guest_stars\":[{\"name\":"
                "\"A\",\"ids\":{\"imdb\":\"nm0000001\"}}]}]}");
    expect_kept(PROVIDER_LIST, 0,
                "{\"ids\":{\"tmdb\":28},\"name\":\"L\",\"items\":[{\"ids\":{\"tmdb\":1},\"kind\":"
                "\"movie\"}]}",
                "{\"ids\":{\"tmdb\":28},\"name\":\"L\",\"items\":[{\"ids\":{\"tmdb\":1},\"kind\":"
                "\"movie\"}]}");
    expect_kept(PROVIDER_RELEASE, 0,
                "{\"infohash\":\"DD8255ECDC7CA55FB0BBF81323D87062DB1F6D1C\",\"name\":\"N\","
                "\"size\":3000000000,\"seeds\":0}",
                "{\"infohash\":\"dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c\",\"name\":\"N\","
                "\"size\":3000000000,\"seeds\":0}");
    expect_kept(PROVIDER_TORRENT, 0,
                "{\"infohash\":\"AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH\",\"name\":\"N\",\"files\":[{"
                "\"path\":\"a/b.mkv\",\"size\":0}]}",
                "{\"infohash\":\"0123456789abcdef0123456789abcdef01234567\",\"name\":\"N\","
                "\"files\":[{\"path\":\"a/b.mkv\",\"size\":0}]}");
    expect_kept(PROVIDER_TITLE, 0,
                "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"M\",\"popularity\":62.5,"
                "\"adult\":false,\"video\":false,\"cast\":[]}",
                "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"M\",\"popularity\":62.5,"
                "\"adult\":false,\"video\":false}");
}

static void what_a_kind_lacks_is_refused(void **state UNUSED)
{
    expect_refused(PROVIDER_TVSHOW, 0,
                   "{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"status\":\"released\"}",
                   "status: 'released' is none of: returning planned in_production ended canceled "
                   "pilot");
    expect_refused(PROVIDER_SEASON, 0, "{\"ids\":{\"tmdb\":1},\"season_number\":1}",
                   "show: missing");
    expect_refused(PROVIDER_SEASON, 0,
                   "{\"ids\":{\"tmdb\":1},\"season_number\":1,\"show\":{\"title\":\"A\"}}",
                   "show.ids: missing");
    expect_refused(PROVIDER_LIST, 0, "{\"ids\":{\"tmdb\":1}}", "name: missing");
    expect_refused(PROVIDER_LIST, 0,
                   "{\"ids\":{\"tmdb\":1},\"name\":\"L\",\"items\":[{\"ids\":{\"tmdb\":1},\"kind\":"
                   "\"person\"}]}",
                   "items[0].kind: 'person' is none of: movie tvshow season episode");
    expect_refused(PROVIDER_RELEASE, 0, "{\"infohash\":\"xyz\",\"name\":\"N\"}",
                   "infohash: 'xyz' is no infohash");
    expect_refused(PROVIDER_TORRENT, 0,
                   "{\"infohash\":\"dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c\",\"name\":\"N\","
                   "\"files\":[]}",
                   "files: missing");
    expect_refused(PROVIDER_TITLE, 0, "{\"ids\":{\"tmdb\":1},\"title\":\"A\"}", "kind: missing");
    expect_refused(0, 0, "{}", "0 is no kind of document");
    expect_refused(99, 0, "{}", "99 is no kind of document");
}

static void kinds_have_names(void **state UNUSED)
{
    for (uint32_t kind = PROVIDER_MOVIE; kind <= PROVIDER_TITLE; kind++)
        assert_int_equal(document_kind_of_name(document_kind_name(kind)), kind);
    assert_null(document_kind_name(0));
    assert_null(document_kind_name(8));
    assert_int_equal(document_kind_of_name("film"), 0);
    assert_int_equal(document_kind_of_name(NULL), 0); /* whole documents do not say it */
    json_auto_t *title = json_pack("{s:s}", "kind", "tvshow");
    assert_int_equal(document_item_kind(PROVIDER_TITLE, title), PROVIDER_TVSHOW);
    assert_int_equal(document_item_kind(PROVIDER_MOVIE, title), PROVIDER_MOVIE);
    assert_int_equal(document_item_kind(PROVIDER_TITLE, NULL), 0);
}

/* docs/media-document.md holds the tables exactly as the schema prints them.  To renew them:
 * MIAUFLIX_RENEW=1 tests/unit/test_document, which writes what belongs there to standard output. */
static void the_documentation_shows_the_schema(void **state UNUSED)
{
    CLEANUP(text_done) struct text tables = TEXT_INIT(1 << 20);
    schema_write_markdown(&tables);
    const char *renew = getenv("MIAUFLIX_RENEW"), *source = getenv("MIAUFLIX_SRCDIR");
    if (renew)
        puts(text_string(&tables));
    CLEANUP(mem_free) char *path = mem_format("%s/docs/media-document.md", source ? source : ".");
    CLEANUP(file_close) FILE *file = fopen(path, "r");
    assert_non_null(file);
    CLEANUP(mem_free) char *page = mem_alloc(1 << 20);
    assert_true(fread(page, 1, (1 << 20) - 1, file) > 0);
    if (!strstr(page, text_string(&tables)))
        fail_msg("%s does not hold the tables as the schema prints them", path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_fields_are_kept_out),
        cmocka_unit_test(null_and_empty_mean_absent),
        cmocka_unit_test(values_take_their_normal_form),
        cmocka_unit_test(genres_become_slugs_and_unknown_ones_are_kept_out),
        cmocka_unit_test(no_votes_mean_no_rating),
        cmocka_unit_test(a_date_is_better_than_a_year),
        cmocka_unit_test(a_long_string_is_refused_with_its_path),
        cmocka_unit_test(a_wrong_value_is_refused_with_its_path),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(a_document_that_is_too_large_is_refused),
        cmocka_unit_test(too_many_elements_are_refused),
        cmocka_unit_test(what_changed_or_is_gone_needs_only_ids),
        cmocka_unit_test(every_kind_has_its_own_fields),
        cmocka_unit_test(what_a_kind_lacks_is_refused),
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(the_documentation_shows_the_schema),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
