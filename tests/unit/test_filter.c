/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "media/card.h"
#include "media/filter.h"
#include "media/genre.h"
#include "media/quality.h"

static struct filter set(const char *key, const char *value)
{
    struct filter filter = { .kind = PROVIDER_MOVIE };
    const char *wrong;
    struct error err = { 0 };
    if (filter_set(&filter, key, value, &err))
        fail_msg("%s=%s: %s", key, value, err.text);
    assert_int_equal(filter_check(&filter, &wrong, &err), 0);
    return filter;
}

static void every_key_sets_its_field(void **state UNUSED)
{
    assert_true(set("genre", "action,science-fiction").genres_all ==
                (genre_of_spelling("action") | genre_of_spelling("sci-fi")));
    assert_true(set("genre_any", "western").genres_any == genre_of_spelling("western"));
    assert_int_equal(set("year", "1999").year_min, 1999);
    assert_int_equal(set("year", "1999").year_max, 1999);
    assert_int_equal(set("year_min", "1990").year_min, 1990);
    assert_int_equal(set("year_max", "1990").year_max, 1990);
    assert_int_equal(set("rating_min", "7.5").rating_min_x1000, 7500);
    assert_int_equal(set("rating_min", "8.2").rating_min_x1000, 8200);
    assert_int_equal(set("rating_min", "8.217").rating_min_x1000, 8217);
    assert_int_equal(set("rating_min", "8.2171").rating_min_x1000, 8218);
    assert_int_equal(set("rating_min", "10").rating_min_x1000, 10000);
    assert_int_equal(set("votes_min", "100").votes_min, 100);
    assert_int_equal(set("runtime_min", "90").runtime_min, 90);
    assert_int_equal(set("runtime_max", "120").runtime_max, 120);
    assert_string_equal(set("original_language", "PT-br").original_language, "pt");
    assert_int_equal(set("quality", "720p,2160p").qualities_all, QUALITY_720P | QUALITY_2160P);
    assert_int_equal(set("quality_min", "1080p").qualities_any, QUALITY_1080P | QUALITY_2160P);
    assert_true(set("available", "true").available);
    assert_false(set("available", "0").available);
    assert_int_equal(set("status", "released,ended").statuses,
                     1u << CARD_STATUS_RELEASED | 1u << CARD_STATUS_ENDED);
    assert_int_equal(set("sort", "release_date").sort, FILTER_SORT_RELEASE_DATE);
    assert_true(set("order", "asc").ascending);
    assert_true(set("order", "desc").order_given);
    assert_false(set("order", "desc").ascending);
    assert_int_equal(set("facets", "genre,quality").facets,
                     FILTER_FACET_GENRE | FILTER_FACET_QUALITY);
}

static void a_wrong_value_is_an_error_that_names_it(void **state UNUSED)
{
    static const struct {
        const char *key, *value, *why;
    } wrong[] = {
        { "genre", "blurb", "genre: 'blurb' is no genre" },
        { "genre", "", "genre: '' is no list of words" },
        { "genre", "action,", "genre: 'action,' is no list of words" },
        { "genre", ",action", "genre: ',action' is no list of words" },
        { "genre_any", "action,,war", "genre_any: 'action,,war' is no list of words" },
        { "year", "99", "year: '99' is no number of 1870..2200" },
        { "year", "1999.5", "year: '1999.5' is no number of 1870..2200" },
        { "year", "", "year: '' is no number of 1870..2200" },
        { "year_min", "x", "year_min: 'x' is no number of 1870..2200" },
        { "year_max", " 1999", "year_max: ' 1999' is no number of 1870..2200" },
        { "rating_min", "11", "rating_min: '11' is no number of 0..10" },
        { "rating_min", "-1", "rating_min: '-1' is no number of 0..10" },
        { "rating_min", "nan", "rating_min: 'nan' is no number of 0..10" },
        { "votes_min", "-1", "votes_min: '-1' is no number of 0..2147483647" },
        { "votes_min", "2147483648", "votes_min: '2147483648' is no number of 0..2147483647" },
        { "runtime_min", "1h", "runtime_min: '1h' is no number of 0..100000" },
        { "runtime_max", "0", "runtime_max: '0' is no number of 1..100000" },
        { "original_language", "english", "original_language: 'english' is no language tag" },
        { "quality", "4k", "quality: '4k' is none of 480p 720p 1080p 2160p" },
        { "quality_min", "720p,1080p",
          "quality_min: '720p,1080p' is none of 480p 720p 1080p 2160p" },
        { "available", "yes", "available: 'yes' is neither true nor false" },
        { "available", "", "available: '' is neither true nor false" },
        { "status", "Released", "status: 'Released' is no status" },
        { "list", "0", "list: '0' is no list's number" },
        { "list", "tmdb:28", "list: 'tmdb:28' is no list's number" },
        { "sort", "random",
          "sort: 'random' is none of popularity rating title release_date added updated" },
        { "sort", "", "sort: '' is none of popularity rating title release_date added updated" },
        { "order", "ASC", "order: 'ASC' is neither asc nor desc" },
        { "facets", "genre,country", "facets: 'country' is none of genre year quality" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct filter filter = { .kind = PROVIDER_MOVIE }, before = filter;
        struct error err = { 0 };
        assert_int_equal(filter_set(&filter, wrong[i].key, wrong[i].value, &err), PROVIDER_EINVAL);
        assert_string_equal(err.text, wrong[i].why);
        assert_memory_equal(&filter, &before, sizeof filter);
    }
}

static void what_is_no_filter_is_left_to_the_caller(void **state UNUSED)
{
    static const char *const others[] = { "page", "limit", "language", "lists", "watched",
                                          "",     "Genre", "year_",    "scope" };
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        struct filter filter = { .kind = 0 };
        struct error err = { 0 };
        assert_int_equal(filter_set(&filter, others[i], "1", &err), PROVIDER_ENOTFOUND);
        assert_int_equal(filter.given, 0);
    }
}

static void only_a_list_and_an_order_leave_nothing_out(void **state UNUSED)
{
    static const char *const narrow[][2] = {
        { "genre", "war" },      { "genre_any", "war" },        { "year", "1950" },
        { "rating_min", "1" },   { "votes_min", "1" },          { "runtime_min", "1" },
        { "runtime_max", "90" }, { "original_language", "en" }, { "quality", "720p" },
        { "available", "true" }, { "quality_min", "720p" },     { "status", "ended" },
        { "year_min", "1950" },  { "year_max", "1950" },
    };
    static const char *const open[][2] = {
        { "list", "7" }, { "sort", "title" }, { "order", "asc" }, { "facets", "year" }
    };
    for (size_t i = 0; i < ARRAY_LEN(narrow); i++) {
        struct filter filter = set(narrow[i][0], narrow[i][1]);
        filter.kind = 0;
        assert_false(filter_is_open(&filter));
    }
    for (size_t i = 0; i < ARRAY_LEN(open); i++) {
        struct filter filter = set(open[i][0], open[i][1]);
        filter.kind = 0;
        assert_true(filter_is_open(&filter));
    }
    struct filter kind = { .kind = PROVIDER_MOVIE };
    assert_false(filter_is_open(&kind));
    assert_int_equal(set("list", "7").list, 7);
}

static void a_key_given_twice_is_refused(void **state UNUSED)
{
    struct filter filter = set("genre", "action");
    struct error err = { 0 };
    assert_int_equal(filter_set(&filter, "genre", "war", &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "genre: given twice");
    assert_true(filter.genres_all == genre_of_spelling("action"));
}

static void bounds_that_leave_nothing_are_refused(void **state UNUSED)
{
    static const char *const pairs[][4] = {
        { "year_min", "2000", "year_max", "1999" },
        { "year_min", "2000", "year", "1999" },
        { "year", "1999", "year_max", "1990" }, /* who gave no year_min is not told of one */
        { "runtime_min", "120", "runtime_max", "90" },
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct filter filter = { .kind = 0 };
        const char *wrong = NULL;
        struct error err = { 0 };
        assert_int_equal(filter_set(&filter, pairs[i][2], pairs[i][3], &err), 0);
        assert_int_equal(filter_set(&filter, pairs[i][0], pairs[i][1], &err), 0);
        assert_int_equal(filter_check(&filter, &wrong, &err), PROVIDER_EINVAL);
        assert_string_equal(wrong, pairs[i][0]);
    }
}

static void every_key_of_the_contract_is_known(void **state UNUSED)
{
    static const char *const keys[] = {
        "genre",      "genre_any",   "year",        "year_min",    "year_max",
        "rating_min", "votes_min",   "runtime_min", "runtime_max", "original_language",
        "quality",    "quality_min", "available",   "status",      "list",
        "sort",       "order",       "facets"
    };
    size_t n = 0;
    while (filter_key(n))
        n++;
    assert_int_equal(n, ARRAY_LEN(keys));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct filter filter = { .kind = 0 };
        assert_int_equal(filter_set(&filter, keys[i], "\x01", NULL), PROVIDER_EINVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_sets_its_field),
        cmocka_unit_test(a_wrong_value_is_an_error_that_names_it),
        cmocka_unit_test(what_is_no_filter_is_left_to_the_caller),
        cmocka_unit_test(only_a_list_and_an_order_leave_nothing_out),
        cmocka_unit_test(a_key_given_twice_is_refused),
        cmocka_unit_test(bounds_that_leave_nothing_are_refused),
        cmocka_unit_test(every_key_of_the_contract_is_known),
    };
    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
