/* SPDX-License-Identifier: MIT
 *
 * Fields that are locked. */
#include "merge_test.h"

#include "base/json.h"
#include "media/merge.h"

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_locked_field_is_that_and_nothing_else),
    cmocka_unit_test(a_text_is_locked_in_one_language_or_in_all),
    cmocka_unit_test(a_placeholder_may_be_locked_and_a_partial_record_changes_no_lock),
    cmocka_unit_test(rating_and_votes_are_locked_apart),
    cmocka_unit_test(a_lock_stands_before_an_order_of_its_field),
};

const struct test_part merge_locks_part = TEST_PART(tests);
