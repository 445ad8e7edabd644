/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "base/cleanup.h"
#include "range.h"

static void expect_part(const char *header, uint64_t size, uint64_t first, uint64_t len)
{
    struct range range = { 77, 77 };
    if (range_parse(header, size, &range) != RANGE_PART)
        fail_msg("'%s' of %llu is no part", header, (unsigned long long)size);
    assert_int_equal(range.first, first);
    assert_int_equal(range.len, len);
}

static void expect_whole(const char *header, uint64_t size)
{
    struct range range = { 77, 77 };
    if (range_parse(header, size, &range) != RANGE_WHOLE)
        fail_msg("'%s' is not the whole", header);
    assert_int_equal(range.first, 0);
    assert_int_equal(range.len, size);
}

static void expect_nothing(const char *header, uint64_t size)
{
    struct range range = { 77, 78 };
    if (range_parse(header, size, &range) != RANGE_UNSATISFIABLE)
        fail_msg("'%s' of %llu can be satisfied", header, (unsigned long long)size);
    assert_int_equal(range.first, 77);
    assert_int_equal(range.len, 78);
}

static void a_part_is_read(void **state UNUSED)
{
    expect_part("bytes=0-0", 1000, 0, 1);
    expect_part("bytes=0-499", 1000, 0, 500);
    expect_part("bytes=500-999", 1000, 500, 500);
    expect_part("BYTES= 500-999 ", 1000, 500, 500);
    expect_part("bytes=9000000000-9000000009", 10000000000, 9000000000, 10);
}

static void an_open_part_ends_with_the_file(void **state UNUSED)
{
    expect_part("bytes=0-", 1000, 0, 1000);
    expect_part("bytes=999-", 1000, 999, 1);
}

static void a_suffix_is_counted_from_the_end(void **state UNUSED)
{
    expect_part("bytes=-1", 1000, 999, 1);
    expect_part("bytes=-1000", 1000, 0, 1000);
    expect_part("bytes=-5000", 1000, 0, 1000);
}

static void an_end_behind_the_end_is_clamped(void **state UNUSED)
{
    expect_part("bytes=10-5000", 1000, 10, 990);
    expect_part("bytes=10-99999999999999999999999999", 1000, 10, 990);
    expect_part("bytes=-99999999999999999999999999", 1000, 0, 1000);
}

static void what_lies_behind_the_end_is_not_there(void **state UNUSED)
{
    expect_nothing("bytes=1000-", 1000);
    expect_nothing("bytes=1000-2000", 1000);
    expect_nothing("bytes=99999999999999999999999999-", 1000);
    expect_nothing("bytes=-0", 1000);
    expect_nothing("bytes=0-", 0);
    expect_nothing("bytes=-5", 0);
}

static void what_is_not_understood_is_the_whole(void **state UNUSED)
{
    static const char *const headers[] = {
        "",          "bytes",        "bytes=",        "bytes=-",     "bytes=x-5",
        "bytes=5",   "bytes=5-4",    "bytes=1-2,5-6", "bytes=1-2,",  "bytes=0-1 2",
        "items=0-5", "bytes 0-5/10", "bytes=+1-5",    "bytes=1--5",  "bytes=--5",
        "bytes=1-x", "bytes=0x1-5",  "bytes= 1 - 2",  "bytes=1.0-5", "bytes=-5-",
    };
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        expect_whole(headers[i], 1000);
    expect_whole(NULL, 1000);
    expect_whole(NULL, 0);
}

static void only_the_same_strong_tag_keeps_a_range(void **state UNUSED)
{
    assert_true(range_condition_holds(NULL, "\"a\""));
    assert_true(range_condition_holds("\"a\"", "\"a\""));
    assert_false(range_condition_holds("\"b\"", "\"a\""));
    assert_false(range_condition_holds("W/\"a\"", "\"a\""));
    assert_false(range_condition_holds("*", "\"a\""));
    assert_false(range_condition_holds("", "\"a\""));
    assert_false(range_condition_holds("Tue, 15 Nov 1994 12:45:26 GMT", "\"a\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_read),
        cmocka_unit_test(an_open_part_ends_with_the_file),
        cmocka_unit_test(a_suffix_is_counted_from_the_end),
        cmocka_unit_test(an_end_behind_the_end_is_clamped),
        cmocka_unit_test(what_lies_behind_the_end_is_not_there),
        cmocka_unit_test(what_is_not_understood_is_the_whole),
        cmocka_unit_test(only_the_same_strong_tag_keeps_a_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
