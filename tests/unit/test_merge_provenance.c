/* SPDX-License-Identifier: MIT
 *
 * Who is credited with what. */
#include "merge_test.h"

#include <string.h>

#include "base/json.h"
#include "media/merge.h"

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(provenance_credits_what_counts_and_nothing_else),
    cmocka_unit_test(provenance_says_who_gave_what),
};

const struct test_part merge_provenance_part = TEST_PART(tests);
