/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/merge.h"
#include "media/placeholder.h"

enum { MOST = 4 };

struct fixture {
    struct merge_record records[MOST];
    json_t *documents[MOST];
    size_t n;
};

static void add(struct fixture *fixture, const char *provider, bool partial, const char *json)
{
    struct error err = { 0 };
    json_t **document = &fixture->documents[fixture->n];
    if (document_read(PROVIDER_MOVIE, partial ? PROVIDER_PARTIAL : 0, json, strlen(json), document,
                      &err))
        fail_msg("%s", err.text);
    fixture->records[fixture->n++] = (struct merge_record){
        .provider = provider, .document = *document, .fetched_at_ms = 1000, .partial = partial
    };
}

static void fixture_done(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->n; i++)
        json_decref(fixture->documents[i]);
}
DEFINE_CLEANUP_VALUE(struct fixture, fixture_done);

static const char *const order[] = { "tmdb", "trakt" };
static const char *const english[] = { "en" };
static const char *const german[] = { "de" };

static json_t *merge(const struct fixture *fixture, const char *const *languages)
{
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 2, .languages = languages, .n_languages = 1
    };
    return merge_records(fixture->records, fixture->n, &policy, NULL);
}

static void expect_json(const json_t *value, const char *expected)
{
    CLEANUP(text_done) struct text said = TEXT_INIT(100000);
    if (value)
        js_write(value, &said);
    assert_string_equal(text_string(&said), expected);
}

static void expect_field(const json_t *item, const char *field, const char *expected)
{
    expect_json(json_object_get(item, field), expected);
}

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

static void provenance_says_who_gave_what(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add(&f, "trakt", false, "{\"ids\":{\"trakt\":1},\"title\":\"T\",\"runtime\":5}");
    add(&f, "tmdb", false, "{\"ids\":{\"tmdb\":1},\"title\":\"M\"}");
    add(&f, "yts", false, "{\"ids\":{\"tmdb\":1},\"title\":\"Y\"}");
    struct merge_policy policy = { .precedence = order, .n_precedence = 2 };
    json_auto_t *provenance = NULL;
    json_auto_t *item = merge_records(f.records, f.n, &policy, &provenance);
    assert_non_null(item);
    expect_json(
        provenance,
        "{\"tmdb\":{\"fetched_at\":\"1970-01-01T00:00:01Z\",\"fields\":[\"ids\",\"title\"]},"
        "\"trakt\":{\"fetched_at\":\"1970-01-01T00:00:01Z\",\"fields\":[\"ids\",\"runtime\"]},"
        "\"yts\":{\"fetched_at\":\"1970-01-01T00:00:01Z\",\"fields\":[]}}");
}

static void nothing_merges_to_nothing(void **state UNUSED)
{
    struct merge_policy policy = { .n_precedence = 0 };
    json_auto_t *provenance = NULL;
    json_auto_t *item = merge_records(NULL, 0, &policy, &provenance);
    expect_json(item, "{}");
    expect_json(provenance, "{}");
}

/* --- Locks */

/* The local record is no document of a provider, so it is not read as one. */
static void lock(struct fixture *fixture, const char *json)
{
    json_t *document = json_loads(json, 0, NULL);
    assert_non_null(document);
    fixture->documents[fixture->n] = document;
    fixture->records[fixture->n++] = (struct merge_record){ .provider = MERGE_LOCAL,
                                                            .document = document,
                                                            .fetched_at_ms = 2000 };
}

static void add_known_film(struct fixture *fixture)
{
    add(fixture, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"Nobody\",\"original_language\":\"en\","
        "\"translations\":{\"de\":{\"title\":\"Niemand\",\"overview\":\"Hier\"}},"
        "\"overview\":\"Here\",\"rating\":5,\"votes\":10,\"runtime\":90,"
        "\"cast\":[{\"name\":\"A\"},{\"name\":\"B\"}],\"poster\":\"/p.jpg\","
        "\"status\":\"released\",\"status_raw\":\"Released\"}");
}

static void a_locked_field_is_that_and_nothing_else(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add_known_film(&f);
    lock(&f, "{\"runtime\":91,\"cast\":[{\"name\":\"C\"}],\"status\":\"canceled\","
             "\"poster\":\"/api/images/posters/tmdb/mine.jpg\"}");
    json_auto_t *item = merge(&f, english);
    expect_field(item, "runtime", "91");
    expect_field(item, "cast", "[{\"name\":\"C\"}]");
    expect_field(item, "poster", "\"/api/images/posters/tmdb/mine.jpg\"");
    expect_field(item, "status", "\"canceled\"");
    expect_field(item, "status_raw", "");
    expect_field(item, "title", "\"Nobody\"");
    expect_field(item, "rating", "5");
}

static void a_text_is_locked_in_one_language_or_in_all(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add_known_film(&f);
    lock(&f, "{\"title\":\"Mine\",\"translations\":{\"de\":{\"overview\":\"Dort\"}}}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "title", "\"Mine\"");
    expect_field(item, "overview", "\"Dort\"");
    expect_field(item, "translations",
                 "{\"de\":{\"overview\":\"Dort\"},\"en\":{\"overview\":\"Here\"}}");
    expect_field(item, "text_languages", "{\"overview\":\"de\"}");
    /* Who knows it by another title still finds it. */
    expect_field(item, "alternative_titles",
                 "[{\"title\":\"Nobody\",\"language\":\"en\"},"
                 "{\"title\":\"Niemand\",\"language\":\"de\"}]");
}

static void a_placeholder_may_be_locked_and_a_partial_record_changes_no_lock(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    lock(&f, "{\"title\":\"TBA\",\"translations\":{\"de\":{\"tagline\":\"T\"}}}");
    add(&f, "alpha", true,
        "{\"ids\":{\"a\":\"1\"},\"title\":\"A\",\"tagline\":\"U\","
        "\"title_language\":\"de\"}");
    json_auto_t *item = merge(&f, german);
    expect_field(item, "title", "\"TBA\"");
    expect_field(item, "tagline", "\"T\"");
}

static void rating_and_votes_are_locked_apart(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture rating = { .n = 0 };
    add_known_film(&rating);
    lock(&rating, "{\"rating\":9.5}");
    json_auto_t *item = merge(&rating, english);
    expect_field(item, "rating", "9.5");
    expect_field(item, "votes", "10");
    expect_field(item, "ratings", "{\"tmdb\":{\"rating\":5,\"votes\":10}}");
    CLEANUP(fixture_done) struct fixture votes = { .n = 0 };
    add_known_film(&votes);
    lock(&votes, "{\"votes\":77}");
    json_auto_t *other = merge(&votes, english);
    expect_field(other, "rating", "5");
    expect_field(other, "votes", "77");
}

static void a_lock_stands_before_an_order_of_its_field(void **state UNUSED)
{
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add_known_film(&f);
    lock(&f, "{\"runtime\":91}");
    static const struct merge_field_order fields[] = { { "runtime", order, 1 } };
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 2, .fields = fields, .n_fields = 1
    };
    json_auto_t *provenance = NULL;
    json_auto_t *item = merge_records(f.records, f.n, &policy, &provenance);
    expect_field(item, "runtime", "91");
    expect_json(js_object(provenance, "local"),
                "{\"fetched_at\":\"1970-01-01T00:00:02Z\",\"fields\":[\"runtime\"]}");
}

/* --- Provenance */

/* Takes a field away from a record, its translations too. */
static void forget_field(json_t *document, const char *field)
{
    const char *language;
    json_t *texts;
    json_object_del(document, field);
    json_object_foreach (json_object_get(document, "translations"), language, texts)
        json_object_del(texts, field);
}

static bool has_credit(const json_t *provenance, const char *provider, const char *field)
{
    const json_t *fields = js_array(js_object(provenance, provider), "fields");
    for (size_t i = 0; i < json_array_size(fields); i++)
        if (text_equal(json_string_value(json_array_get(fields, i)), field))
            return true;
    return false;
}

/* Without what a record is credited with the item is another; without anything else it is not. */
static void expect_true_credit(const struct fixture *f, const struct merge_policy *policy,
                               size_t record, const char *field)
{
    json_auto_t *provenance = NULL;
    json_auto_t *whole = merge_records(f->records, f->n, policy, &provenance);
    struct merge_record without[MOST];
    memcpy(without, f->records, sizeof without);
    json_auto_t *document = json_deep_copy(f->documents[record]);
    forget_field(document, field);
    without[record].document = document;
    json_auto_t *less = merge_records(without, f->n, policy, NULL);
    const char *provider = f->records[record].provider;
    bool changes = !json_equal(less, whole);
    if (changes != has_credit(provenance, provider, field))
        fail_msg("'%s' of '%s' is %scredited and makes %s difference", field, provider,
                 changes ? "not " : "", changes ? "a" : "no");
}

static void provenance_credits_what_counts_and_nothing_else(void **state UNUSED)
{
    static const char *const fields[] = { "title",   "overview", "runtime", "status",
                                          "poster",  "cast",     "genres",  "certification",
                                          "tagline", "keywords", "revenue", "release_date" };
    static const struct merge_field_order orders[] = { { "runtime", order + 1, 1 },
                                                       { "poster", order + 1, 1 } };
    CLEANUP(fixture_done) struct fixture f = { .n = 0 };
    add_known_film(&f);
    add(&f, "trakt", false,
        "{\"ids\":{\"trakt\":1},\"title\":\"Nemo\",\"original_language\":\"en\","
        "\"title_language\":\"en\",\"translations\":{\"fr\":{\"title\":\"Personne\"},"
        "\"de\":{\"overview\":\"Da\"}},\"overview\":\"There\",\"runtime\":95,"
        "\"genres\":[\"drama\"],\"certification\":{\"US\":\"R\"},\"keywords\":[\"k\"],"
        "\"cast\":[{\"name\":\"Z\"}],\"poster\":\"/t.jpg\","
        "\"release_date\":\"2001-02-03\",\"tagline\":\"Say\"}");
    add(&f, "yts", true,
        "{\"ids\":{\"yts\":\"1\"},\"title\":\"N\",\"runtime\":1,"
        "\"title_language\":\"pt\",\"year\":2000,\"revenue\":5}");
    lock(&f, "{\"overview\":\"Locked\",\"translations\":{\"de\":{\"tagline\":\"Sag\"}},"
             "\"genres\":[\"comedy\"]}");
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 2, .fields = orders, .n_fields = 2
    };
    for (size_t record = 0; record < f.n; record++)
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            expect_true_credit(&f, &policy, record, fields[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_locked_field_is_that_and_nothing_else),
        cmocka_unit_test(a_text_is_locked_in_one_language_or_in_all),
        cmocka_unit_test(a_placeholder_may_be_locked_and_a_partial_record_changes_no_lock),
        cmocka_unit_test(rating_and_votes_are_locked_apart),
        cmocka_unit_test(a_lock_stands_before_an_order_of_its_field),
        cmocka_unit_test(provenance_credits_what_counts_and_nothing_else),
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
        cmocka_unit_test(the_status_and_its_raw_word_come_from_one),
        cmocka_unit_test(a_year_of_one_never_hides_a_date_of_another),
        cmocka_unit_test(provenance_says_who_gave_what),
        cmocka_unit_test(nothing_merges_to_nothing),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
