/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "media/card.h"
#include "media/document.h"
#include "media/filter.h"
#include "media/genre.h"
#include "media/merge.h"
#include "media/quality.h"

static const char full_movie[] =
    "{\"ids\":{\"tmdb\":129,\"imdb\":\"tt0245429\"},\"title\":\"千と千尋の神隠し\","
    "\"original_title\":\"千と千尋の神隠し\",\"original_language\":\"ja\",\"overview\":\"日本語\","
    "\"release_date\":\"2001-07-20\",\"genres\":[\"tmdb:16\",\"tmdb:14\"],\"rating\":8.5,"
    "\"votes\":17000,\"popularity\":81.25,\"runtime\":125,\"status\":\"released\",\"status_raw\":"
    "\"Released\",\"poster\":\"/ja.jpg\",\"backdrop\":\"/b.jpg\",\"budget\":19000000,\"cast\":[{"
    "\"name\":\"Rumi\",\"character\":\"Chihiro\",\"order\":0,\"profile\":\"/r.jpg\",\"ids\":{"
    "\"tmdb\":19587}}],\"images\":{\"posters\":[{\"path\":\"/de.jpg\",\"language\":\"de\"}]},"
    "\"alternative_titles\":[{\"title\":\"Sen to \\\"Chihiro\\\"\",\"country\":\"JP\"}],"
    "\"translations\":{\"en-US\":{\"title\":\"Spirited Away\",\"overview\":\"A \\\"girl\\\"\\n\"},"
    "\"de-DE\":{\"title\":\"Chihiros Reise ins Zauberland\",\"tagline\":\"Los\"},"
    "\"pt-BR\":{\"title\":\"A Viagem de Chihiro\",\"overview\":\"BR\",\"homepage\":"
    "\"https://x.br/\"},\"pt-PT\":{\"overview\":\"PT\"}}}";

static json_t *merged(const char *document)
{
    json_auto_t *read = NULL;
    struct error err = { 0 };
    if (document_read(PROVIDER_MOVIE, 0, document, strlen(document), &read, &err))
        fail_msg("%s", err.text);
    struct merge_record record = { .provider = "tmdb", .document = read };
    struct merge_policy policy = { .n_precedence = 0 };
    return merge_records(&record, 1, &policy, NULL);
}

static void pack(const char *document, bool whole, struct text *out)
{
    json_auto_t *item = merged(document);
    struct card_facts facts = { .id = 42,
                                .kind = PROVIDER_MOVIE,
                                .added_at_ms = 1,
                                .updated_at_ms = 2,
                                .qualities = QUALITY_720P | QUALITY_1080P,
                                .flags = CARD_AVAILABLE };
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    card_pack(item, &facts, &card);
    if (whole)
        card_pack_item(item, &facts, out);
    else
        text_add(out, card.bytes, card.len);
}

/* What a reader of `language` gets; every answer must be JSON. */
static json_t *rendered(const struct text *packed, const char *language, const char *extra,
                        const char *expected_language)
{
    struct language_wish wish;
    char title_language[LANGUAGE_LEN] = "?";
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    assert_int_equal(language_wish_make(language, NULL, NULL, 0, &wish, NULL), 0);
    assert_true(card_render(packed->bytes, packed->len, &wish, extra, &out, title_language));
    assert_string_equal(title_language, expected_language);
    json_error_t why;
    json_t *value = json_loadb(out.bytes, out.len, JSON_REJECT_DUPLICATES, &why);
    if (!value)
        fail_msg("%s in %s", why.text, text_string(&out));
    return value;
}

static void expect_member(const json_t *object, const char *member, const char *expected)
{
    const char *value = json_string_value(json_object_get(object, member));
    if (!text_equal(value, expected))
        fail_msg("%s is %s and not %s", member, value ? value : "absent",
                 expected ? expected : "absent");
}

static void a_card_has_the_members_of_the_contract_in_order(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), out = TEXT_INIT(1 << 20);
    pack(full_movie, false, &packed);
    struct language_wish wish;
    char language[LANGUAGE_LEN];
    assert_int_equal(language_wish_make("en-US", NULL, NULL, 0, &wish, NULL), 0);
    assert_true(card_render(packed.bytes, packed.len, &wish, ",\"score\":1.5", &out, language));
    assert_string_equal(
        text_string(&out),
        "{\"kind\":\"movie\",\"id\":42,\"ids\":{\"tmdb\":129,\"imdb\":\"tt0245429\"},"
        "\"title\":\"Spirited Away\",\"original_title\":\"千と千尋の神隠し\",\"year\":2001,"
        "\"release_date\":\"2001-07-20\",\"genres\":[\"animation\",\"fantasy\"],\"rating\":8.5,"
        "\"votes\":17000,\"popularity\":81.25,\"runtime\":125,\"overview\":\"A \\\"girl\\\"\\n\","
        "\"poster\":\"/api/images/posters/tmdb/ja.jpg\","
        "\"backdrop\":\"/api/images/backdrops/tmdb/b.jpg\",\"qualities\":[\"720p\",\"1080p\"],"
        "\"available\":true,\"languages\":{\"title\":\"en-US\",\"overview\":\"en-US\","
        "\"poster\":\"ja\"},\"score\":1.5}");
}

/* The wanted language in any region, none, English. */
static void a_poster_without_text_goes_before_an_english_one(void **state UNUSED)
{
    static const struct {
        const char *wanted, *poster;
    } rows[] = {
        { "pt-PT", "/api/images/posters/tmdb/pt.jpg" },
        { "de", "/api/images/posters/tmdb/none.jpg" },
        { "en-GB", "/api/images/posters/tmdb/en.jpg" },
    };
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    pack("{\"ids\":{\"tmdb\":1},\"title\":\"T\",\"original_language\":\"ja\",\"images\":{"
         "\"posters\":[{\"path\":\"/ja.jpg\",\"language\":\"ja\"},"
         "{\"path\":\"/en.jpg\",\"language\":\"en\"},{\"path\":\"/none.jpg\"},"
         "{\"path\":\"/pt.jpg\",\"language\":\"pt-BR\"}]}}",
         true, &packed);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_auto_t *item = rendered(&packed, rows[i].wanted, NULL, "ja");
        expect_member(item, "poster", rows[i].poster);
    }
}

static void each_field_falls_back_on_its_own(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    pack(full_movie, true, &packed);
    json_auto_t *german = rendered(&packed, "de-AT", NULL, "de-DE");
    expect_member(german, "title", "Chihiros Reise ins Zauberland");
    expect_member(german, "tagline", "Los");
    expect_member(german, "overview", "A \"girl\"\n");
    expect_member(german, "poster", "/api/images/posters/tmdb/de.jpg");
    expect_member(json_object_get(german, "languages"), "overview", "en-US");
    expect_member(json_object_get(german, "languages"), "poster", "de");
    json_auto_t *portuguese = rendered(&packed, "pt-PT", NULL, "pt-BR");
    expect_member(portuguese, "overview", "PT");
    expect_member(portuguese, "homepage", "https://x.br/");
    json_auto_t *japanese = rendered(&packed, "ja", NULL, "ja");
    expect_member(japanese, "title", "千と千尋の神隠し");
    json_auto_t *korean = rendered(&packed, "ko", NULL, "en-US");
    expect_member(korean, "title", "Spirited Away");
}

static void a_whole_item_has_all_of_the_contract(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    pack(full_movie, true, &packed);
    json_auto_t *item = rendered(&packed, "en", NULL, "en-US");
    expect_member(item, "status", "released");
    expect_member(item, "status_raw", "Released");
    expect_member(item, "original_language", "ja");
    assert_int_equal(js_int(item, "budget", 0), 19000000);
    const json_t *person = json_array_get(json_object_get(item, "cast"), 0);
    expect_member(person, "profile", "/api/images/profiles/tmdb/r.jpg");
    const json_t *translations = json_object_get(item, "translations");
    assert_int_equal(json_object_size(translations), 5);
    expect_member(json_object_get(translations, "pt-BR"), "title", "A Viagem de Chihiro");
    expect_member(json_object_get(translations, "de-DE"), "overview", NULL);
    assert_true(js_double(json_object_get(json_object_get(item, "ratings"), "tmdb"), "rating", 0) ==
                8.5);
    assert_null(json_object_get(item, "alternative_titles"));
    assert_null(json_object_get(item, "posters"));
    assert_null(json_object_get(item, "provenance"));
}

static void a_show_has_what_shows_have(void **state UNUSED)
{
    static const char show[] =
        "{\"ids\":{\"tmdb\":1396},\"title\":\"Breaking Bad\",\"original_language\":\"en\","
        "\"status\":\"ended\",\"first_air_date\":\"2008-01-20\",\"number_of_seasons\":5,"
        "\"networks\":[{\"name\":\"AMC\",\"logo\":\"/amc.png\"}],\"last_episode\":{"
        "\"season_number\":5,\"episode_number\":16,\"still\":\"/s.jpg\"},\"seasons\":[{"
        "\"season_number\":0,\"poster\":\"/p.jpg\"}],\"created_by\":[{\"name\":\"V\"}]}";
    json_auto_t *document = NULL;
    assert_int_equal(document_read(PROVIDER_TVSHOW, 0, show, sizeof show - 1, &document, NULL), 0);
    struct merge_record record = { .provider = "tmdb", .document = document };
    struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *merged_show = merge_records(&record, 1, &policy, NULL);
    struct card_facts facts = { .id = 7, .kind = PROVIDER_TVSHOW };
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20), whole = TEXT_INIT(1 << 20);
    card_pack(merged_show, &facts, &card);
    card_pack_item(merged_show, &facts, &whole);
    assert_int_equal(facts.year, 2008);
    assert_int_equal(facts.status, CARD_STATUS_ENDED);
    json_auto_t *item = rendered(&whole, "de", NULL, "en");
    expect_member(item, "kind", "tvshow");
    expect_member(item, "first_air_date", "2008-01-20");
    expect_member(item, "release_date", "2008-01-20");
    expect_member(json_object_get(item, "last_episode"), "still", "/api/images/stills/tmdb/s.jpg");
    expect_member(json_array_get(json_object_get(item, "seasons"), 0), "poster",
                  "/api/images/posters/tmdb/p.jpg");
    expect_member(json_array_get(json_object_get(item, "networks"), 0), "logo",
                  "/api/images/logos/tmdb/amc.png");
    json_auto_t *short_form = rendered(&card, "de", NULL, "en");
    assert_null(json_object_get(short_form, "first_air_date"));
    assert_null(json_object_get(short_form, "seasons"));
}

static void what_is_unknown_is_absent(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), out = TEXT_INIT(1 << 20);
    pack("{\"ids\":{\"tmdb\":1},\"title\":\"A\"}", true, &packed);
    struct language_wish wish = { .n_tags = 0 };
    char language[LANGUAGE_LEN];
    assert_true(card_render(packed.bytes, packed.len, &wish, NULL, &out, language));
    assert_string_equal(text_string(&out),
                        "{\"kind\":\"movie\",\"id\":42,\"ids\":{\"tmdb\":1},\"title\":\"A\","
                        "\"qualities\":[\"720p\",\"1080p\"],\"available\":true}");
    assert_string_equal(language, "");
}

static void facts_come_back_as_they_were(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    pack(full_movie, false, &packed);
    struct card_facts facts;
    assert_true(card_facts_read(packed.bytes, packed.len, &facts));
    assert_int_equal(facts.id, 42);
    assert_int_equal(facts.kind, PROVIDER_MOVIE);
    assert_int_equal(facts.added_at_ms, 1);
    assert_int_equal(facts.updated_at_ms, 2);
    assert_int_equal(facts.year, 2001);
    assert_int_equal(facts.release_day, 11523);
    assert_int_equal(facts.votes, 17000);
    assert_int_equal(facts.runtime, 125);
    assert_int_equal(facts.rating_x1000, 8500);
    assert_true(facts.popularity == 81.25);
    assert_int_equal(facts.status, CARD_STATUS_RELEASED);
    assert_int_equal(facts.qualities, QUALITY_720P | QUALITY_1080P);
    assert_int_equal(facts.flags, CARD_AVAILABLE);
    assert_string_equal(facts.original_language, "ja");
    assert_true(facts.genres == (genre_of_spelling("animation") | genre_of_spelling("fantasy")));
}

static void another_time_of_change_is_all_that_a_restamp_changes(void **state UNUSED)
{
    for (int whole = 0; whole <= 1; whole++) {
        CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), before = TEXT_INIT(1 << 20);
        struct card_facts facts;
        pack(full_movie, whole, &packed);
        text_add(&before, packed.bytes, packed.len);
        card_restamp(&packed, INT64_C(0x0123456789abcdef));
        assert_true(card_facts_read(packed.bytes, packed.len, &facts));
        assert_true(facts.updated_at_ms == INT64_C(0x0123456789abcdef));
        assert_int_equal(facts.added_at_ms, 1);
        card_restamp(&packed, 2);
        assert_int_equal(packed.len, before.len);
        assert_memory_equal(packed.bytes, before.bytes, before.len);
    }
}

static void facts_of_a_bare_title_say_unknown(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    pack("{\"ids\":{\"tmdb\":1},\"title\":\"A\"}", false, &packed);
    struct card_facts facts;
    assert_true(card_facts_read(packed.bytes, packed.len, &facts));
    assert_int_equal(facts.release_day, INT32_MIN);
    assert_int_equal(facts.year, 0);
    assert_int_equal(facts.rating_x1000, 0);
    assert_int_equal(facts.status, CARD_STATUS_UNKNOWN);
    assert_string_equal(facts.original_language, "");
}

static void days_are_counted_from_1970(void **state UNUSED)
{
    static const struct {
        const char *date;
        int day;
    } days[] = { { "1970-01-01", 0 },     { "1969-12-31", -1 },     { "2000-02-29", 11016 },
                 { "2000-03-01", 11017 }, { "1900-03-01", -25508 }, { "2100-02-28", 47540 } };
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        json_auto_t *item = json_pack("{s:s}", "release_date", days[i].date);
        struct card_facts facts = { .id = 1 };
        CLEANUP(text_done) struct text out = TEXT_INIT(1000);
        card_pack(item, &facts, &out);
        assert_int_equal(facts.release_day, days[i].day);
    }
}

static void collect(const char *title, size_t len, const char *language, void *context)
{
    text_add(context, title, len);
    text_add_format(context, "[%s] ", language);
}

static void titles_of_all_languages_come_once(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), seen = TEXT_INIT(1000);
    pack(full_movie, false, &packed);
    card_titles(packed.bytes, packed.len, collect, &seen);
    assert_string_equal(text_string(&seen),
                        "千と千尋の神隠し[ja] Spirited Away[en-US] Chihiros Reise ins "
                        "Zauberland[de-DE] A Viagem de Chihiro[pt-BR] Sen to \"Chihiro\"[] ");
}

static void packing_is_deterministic_and_compact(void **state UNUSED)
{
    CLEANUP(text_done) struct text a = TEXT_INIT(1 << 20), b = TEXT_INIT(1 << 20);
    const char *title = "{\"ids\":{\"tmdb\":3924},\"title\":\"Blondie\",\"popularity\":1.8133}";
    pack(full_movie, true, &a);
    pack(full_movie, true, &b);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    text_clear(&a);
    pack(title, false, &a);
    assert_in_range(a.len, 80, 150);
}

static void provenance_is_shown_only_when_asked_for(void **state UNUSED)
{
    json_auto_t *item = merged(full_movie);
    json_object_set_new(item, "provenance", json_pack("{s:{}}", "tmdb"));
    struct card_facts facts = { .id = 1, .kind = PROVIDER_MOVIE };
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), extra = TEXT_INIT(1000);
    card_pack_item(item, &facts, &packed);
    json_auto_t *without = rendered(&packed, "en", NULL, "en-US");
    assert_null(json_object_get(without, "provenance"));
    assert_true(card_provenance(packed.bytes, packed.len, &extra));
    assert_string_equal(text_string(&extra), ",\"provenance\":{\"tmdb\":{}}");
    json_auto_t *with = rendered(&packed, "en", extra.bytes, "en-US");
    assert_non_null(json_object_get(with, "provenance"));
}

/* A card that was cut off or changed anywhere is refused or read within its bytes: the sanitizers
 * watch. */
static void broken_bytes_are_refused(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), out = TEXT_INIT(1 << 20);
    pack(full_movie, true, &packed);
    struct language_wish wish = { .n_tags = 1, .tags = { "de" } };
    char language[LANGUAGE_LEN];
    struct card_facts facts = { .id = 7 };
    for (size_t len = 0; len < packed.len; len++) {
        CLEANUP(mem_free) char *cut = mem_dup(packed.bytes, len);
        assert_false(card_render(cut, len, &wish, NULL, &out, language));
        assert_false(card_provenance(cut, len, &out));
        card_titles(cut, len, collect, &out);
    }
    assert_int_equal(out.len, 0);
    assert_false(card_facts_read("", 0, &facts));
    assert_false(card_facts_read(packed.bytes, 60, &facts));
    assert_int_equal(facts.id, 7);
    packed.bytes[1] = 99; /* a version from the future */
    assert_false(card_facts_read(packed.bytes, packed.len, &facts));
}

static void changed_bytes_stay_within_their_bounds(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), out = TEXT_INIT(1 << 20);
    pack(full_movie, true, &packed);
    struct language_wish wish = { .n_tags = 1, .tags = { "de" } };
    char language[LANGUAGE_LEN];
    size_t refused = 0;
    for (size_t at = 0; at < packed.len; at++) {
        char was = packed.bytes[at];
        packed.bytes[at] = (char)(was ^ 0xff);
        text_clear(&out);
        refused += !card_render(packed.bytes, packed.len, &wish, NULL, &out, language);
        packed.bytes[at] = was;
    }
    assert_true(refused > 2);
}

static void a_full_buffer_is_told(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), small = TEXT_INIT(100);
    pack(full_movie, true, &packed);
    struct language_wish wish = { .n_tags = 0 };
    char language[LANGUAGE_LEN];
    assert_false(card_render(packed.bytes, packed.len, &wish, NULL, &small, language));
    assert_true(small.len <= 100);
}

static void statuses_have_names(void **state UNUSED)
{
    for (enum card_status status = CARD_STATUS_RUMORED; status <= CARD_STATUS_PILOT; status++)
        assert_int_equal(card_status_of_name(card_status_name(status)), status);
    assert_null(card_status_name(CARD_STATUS_UNKNOWN));
    assert_null(card_status_name((enum card_status)99));
    assert_int_equal(card_status_of_name("Released"), CARD_STATUS_UNKNOWN);
    assert_int_equal(card_status_of_name(""), CARD_STATUS_UNKNOWN);
}

static void expect_difference(const char *a, const char *b, bool whole, const char *expected)
{
    CLEANUP(text_done) struct text x = TEXT_INIT(1 << 20), y = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text names = TEXT_INIT(1 << 10);
    pack(a, whole, &x);
    pack(b, whole, &y);
    card_compare(x.bytes, x.len, y.bytes, y.len, &names);
    assert_string_equal(text_string(&names), expected);
}

static void what_differs_is_named(void **state UNUSED)
{
    static const char bare[] = "{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"overview\":\"O\"}";
    expect_difference(full_movie, full_movie, true, "");
    expect_difference(full_movie, full_movie, false, "");
    expect_difference(bare, "{\"ids\":{\"tmdb\":1},\"title\":\"B\",\"overview\":\"O\"}", true,
                      "title");
    expect_difference(bare, "{\"ids\":{\"tmdb\":2},\"title\":\"A\"}", false, "overview, ids");
    expect_difference(bare,
                      "{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"overview\":\"O\","
                      "\"popularity\":7.5,\"budget\":3}",
                      true, "popularity, budget");
    expect_difference("{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"translations\":{"
                      "\"de\":{\"title\":\"D\"}}}",
                      "{\"ids\":{\"tmdb\":1},\"title\":\"A\",\"translations\":{"
                      "\"fr\":{\"title\":\"D\"}}}",
                      true, "title");
}

static void what_cannot_be_read_differs(void **state UNUSED)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20), names = TEXT_INIT(1 << 10);
    pack(full_movie, true, &packed);
    for (size_t len = 0; len < packed.len; len++) {
        text_clear(&names);
        card_compare(packed.bytes, len, packed.bytes, packed.len, &names);
        assert_string_equal(text_string(&names), "bytes that cannot be read");
    }
    /* Each byte on its own: never beyond the end, and never nothing. */
    for (size_t at = 0; at < packed.len; at++) {
        CLEANUP(text_done) struct text changed = TEXT_INIT(1 << 20);
        text_add(&changed, packed.bytes, packed.len);
        changed.bytes[at] ^= 0x55;
        text_clear(&names);
        card_compare(changed.bytes, changed.len, packed.bytes, packed.len, &names);
        assert_true(names.len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_has_the_members_of_the_contract_in_order),
        cmocka_unit_test(a_poster_without_text_goes_before_an_english_one),
        cmocka_unit_test(each_field_falls_back_on_its_own),
        cmocka_unit_test(a_whole_item_has_all_of_the_contract),
        cmocka_unit_test(a_show_has_what_shows_have),
        cmocka_unit_test(what_is_unknown_is_absent),
        cmocka_unit_test(facts_come_back_as_they_were),
        cmocka_unit_test(another_time_of_change_is_all_that_a_restamp_changes),
        cmocka_unit_test(facts_of_a_bare_title_say_unknown),
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(titles_of_all_languages_come_once),
        cmocka_unit_test(packing_is_deterministic_and_compact),
        cmocka_unit_test(provenance_is_shown_only_when_asked_for),
        cmocka_unit_test(broken_bytes_are_refused),
        cmocka_unit_test(changed_bytes_stay_within_their_bounds),
        cmocka_unit_test(a_full_buffer_is_told),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(what_differs_is_named),
        cmocka_unit_test(what_cannot_be_read_differs),
    };
    return cmocka_run_group_tests_name("card", tests, NULL, NULL);
}
