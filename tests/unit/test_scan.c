/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "base/scan.h"

#include <string.h>

#include "base/mem.h"

static struct scan of(const char *text)
{
    return (struct scan){ text, text + strlen(text) };
}

static void members_are_found_whatever_stands_before_them(void **state UNUSED)
{
    const struct scan all =
        of("{\"a\":\"x\\\"},{\\\\\",\"b\":[1,{\"c\":2}], \"c\" : -3.5e1,\n\"d\":"
           "{\"e\":null},\"f\":true}");
    static const struct {
        const char *name, *value;
    } wanted[] = { { "a", "\"x\\\"},{\\\\\"" },
                   { "b", "[1,{\"c\":2}]" },
                   { "c", "-3.5e1" },
                   { "d", "{\"e\":null}" },
                   { "f", "true" } };
    struct scan value;
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_true(scan_find(all, wanted[i].name, &value));
        assert_true(scan_is(value, wanted[i].value));
    }
    assert_false(scan_find(all, "e", &value));
    assert_false(scan_find(all, "", &value));
}

static void elements_come_one_by_one(void **state UNUSED)
{
    static const char *const wanted[] = { "1", "[]", "{\"a\":[2]}", "\"]\"", "null" };
    struct scan rest = of("[1,[],{\"a\":[2]}, \"]\" ,null]"), one;
    assert_true(scan_enter(&rest));
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_true(scan_element(&rest, &one));
        assert_true(scan_is(one, wanted[i]));
    }
    assert_false(scan_element(&rest, &one));
    rest = of("[]");
    assert_true(scan_enter(&rest));
    assert_false(scan_element(&rest, &one));
}

static void numbers_have_bounds(void **state UNUSED)
{
    static const struct {
        const char *text;
        bool fits;
    } rows[] = { { "0", true },    { "100", true },
                 { "101", false }, { "99999999999999999999", false },
                 { "-1", false },  { "1.5", false },
                 { "", false },    { "\"5\"", false } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t number = -7;
        if (scan_number(of(rows[i].text), 100, &number) != rows[i].fits)
            fail_msg("%s", rows[i].text);
        assert_int_equal(number == -7, !rows[i].fits);
    }
}

/* Every beginning of it, in a block that ends there. */
static void what_breaks_off_ends_and_is_not_read_beyond(void **state UNUSED)
{
    static const char whole[] = "{\"a\":\"\\u0041\\\\\",\"b\":[1,{\"c\":2}],\"d\":7}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        CLEANUP(mem_free) char *bytes = mem_alloc(len + 1);
        memcpy(bytes, whole, len);
        struct scan value, all = { bytes, bytes + len };
        assert_false(scan_find(all, "nothing", &value));
        if (scan_find(all, "d", &value))
            assert_true(len > sizeof whole - 3);
    }
}

static void what_is_no_object_has_no_members(void **state UNUSED)
{
    static const char *const texts[] = { "",        "7",   "\"a\":1", "{a:1}", "{\"a\" 1}",
                                         "{\"a\"}", "{,}", "{:}",     "}",     "{\"a\":}" };
    struct scan value;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (scan_find(of(texts[i]), "a", &value))
            fail_msg("%s", texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_whatever_stands_before_them),
        cmocka_unit_test(elements_come_one_by_one),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(what_breaks_off_ends_and_is_not_read_beyond),
        cmocka_unit_test(what_is_no_object_has_no_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
