/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

static void context_is_added_in_front(void **state UNUSED)
{
    struct error err = { 0 };
    assert_int_equal(error_set(&err, PROVIDER_EUPSTREAM, "503 after %d tries", 3),
                     PROVIDER_EUPSTREAM);
    assert_int_equal(error_prefix(&err, "page %d", 3), PROVIDER_EUPSTREAM);
    assert_string_equal(err.text, "page 3: 503 after 3 tries");
    assert_int_equal(error_prefix(NULL, "page 3"), PROVIDER_EIO);
    /* What it says itself may be said again. */
    assert_int_equal(error_set(&err, PROVIDER_EREFUSED, "list 28: %s, %s", err.text, err.text),
                     PROVIDER_EREFUSED);
    assert_string_equal(err.text, "list 28: page 3: 503 after 3 tries, page 3: 503 after 3 tries");
}

static void a_long_error_is_cut_and_not_overrun(void **state UNUSED)
{
    struct error err = { 0 };
    char large[600];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    error_set(&err, PROVIDER_EIO, "%s", large);
    error_prefix(&err, "%s", large);
    error_prefix(&err, "front");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_true(text_starts_with(err.text, "front: x"));
}

static void errno_says_when_the_disk_is_full(void **state UNUSED)
{
    struct error err = { 0 };
    assert_int_equal(error_errno(&err, ENOSPC, "cannot write '%s'", "a"), PROVIDER_EFULL);
    assert_string_equal(err.text, "cannot write 'a': No space left on device");
    assert_int_equal(error_errno(NULL, EACCES, "x"), PROVIDER_EIO);
}

static void text_never_passes_its_limit(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(5);
    assert_true(text_add_string(&text, "abc"));
    assert_true(text_add(&text, NULL, 0)); /* of an empty one, where there is room */
    assert_false(text_add_string(&text, "def"));
    assert_true(text.overflow);
    assert_string_equal(text_string(&text), "abc");
    assert_true(text_add_string(&text, "de"));
}

static void json_strings_are_escaped(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(100);
    assert_true(text_add_json_string(&text, "a\"b\\c\n\x01é"));
    assert_string_equal(text_string(&text), "\"a\\\"b\\\\c\\n\\u0001é\"");
}

static void numbers_are_read_strictly(void **state UNUSED)
{
    static const char *const wrong[] = {
        "", " 1", "1 ", "+1", "0x10", "1.5", "99999999999999999999", "-", "11"
    };
    int64_t value = 7;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(text_to_int(wrong[i], -5, 10, &value));
    assert_int_equal(value, 7);
    assert_true(text_to_int("-5", -5, 10, &value));
    assert_int_equal(value, -5);
    double number = 0;
    assert_false(text_to_double("nan", &number));
    assert_false(text_to_double("0x1p3", &number));
    assert_true(text_to_double("7.5", &number));
}

static void bad_percent_signs_are_refused(void **state UNUSED)
{
    static const char *const wrong[] = { "%", "%4", "%zz", "%00", "a%ff", "%c0%80" };
    char *out = NULL;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(text_url_decode(wrong[i], strlen(wrong[i]), false, &out));
    assert_null(out);
    assert_true(text_url_decode("a%2Fb+c", 7, true, &out));
    assert_string_equal(out, "a/b c");
    free(out);
}

static void only_wellformed_utf8_is_text(void **state UNUSED)
{
    assert_true(text_is_utf8("プライド", strlen("プライド")));
    assert_false(text_is_utf8("\xed\xa0\x80", 3)); /* a surrogate */
    assert_false(text_is_utf8("\xc0\xaf", 2));     /* overlong */
    assert_false(text_is_utf8("\xf4\x90\x80\x80", 4));
    assert_false(text_is_utf8("a\0b", 3));
    assert_false(text_is_utf8("\xe3\x83", 2));
}

static void times_are_read_and_written(void **state UNUSED)
{
    char out[CLOCK_TEXT_LEN];
    int64_t ms = 0;
    assert_true(clock_parse("2026-11-22T13:25:00.250+01:00", &ms));
    assert_string_equal(clock_format(ms, out), "2026-11-22T12:25:00Z");
    assert_true(clock_parse_http("Sun, 06 Nov 1994 08:49:37 GMT", &ms));
    assert_string_equal(clock_format(ms, out), "1994-11-06T08:49:37Z");
    assert_true(clock_is_date("2024-02-29"));
}

static void times_that_do_not_exist_are_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",         "2023-02-29",  "2024-13-01",           "2024-00-10",         "0000-01-01",
        "2024-1-1", "2024-01-01x", "2024-01-01T25:00:00Z", "2024-01-01T10:00:00"
    };
    int64_t ms;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(clock_parse(wrong[i], &ms));
    assert_false(clock_parse_http("yesterday", &ms));
}

static void secrets_are_masked(void **state UNUSED)
{
    log_secret("0123456789abcdef");
    log_secret("abc"); /* too short to be told from ordinary text */
    char text[] = "GET /3/movie?api_key=0123456789abcdef&x=abc";
    log_mask(text);
    assert_string_equal(text, "GET /3/movie?api_key=***&x=abc");
}

static void json_with_surprises_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "", "{", "{\"a\":1,\"a\":2}", "[1] 2", "\"\xff\"", "<html>"
    };
    json_t *out = NULL;
    struct error err;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(js_parse(wrong[i], strlen(wrong[i]), 100, &out, &err), PROVIDER_EPARSE);
    assert_int_equal(js_parse("[1,2,3]", 7, 6, &out, &err), PROVIDER_ELIMIT);
    assert_null(out);
}

/* Opened `depth` times; closed again, or cut off behind the last. */
static int parse_nested(const char *open, const char *close, size_t depth, json_t **out)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(1 << 20);
    for (size_t i = 0; i < depth; i++)
        text_add_string(&text, open);
    text_add_string(&text, "1");
    for (size_t i = 0; i < depth; i++)
        text_add_string(&text, close);
    return js_parse(text.bytes, text.len, text.len, out, NULL);
}

static void json_is_as_deep_as_a_small_stack_bears(void **state UNUSED)
{
    static const size_t too_deep[] = { 65, 66, 1000, 2048, 100000 };
    json_auto_t *array = NULL, *object = NULL, *texts = NULL, *none = NULL;
    assert_int_equal(parse_nested("[", "]", 64, &array), 0);
    assert_int_equal(parse_nested("{\"a\":", "}", 64, &object), 0);
    /* Texts with brackets in them, in a way that only Jansson reads. */
    assert_int_equal(parse_nested("{\"[[{{\\\"[[{{\\\\\":", "}", 64, &texts), 0);
    for (size_t i = 0; i < ARRAY_LEN(too_deep); i++) {
        assert_int_equal(parse_nested("[", "]", too_deep[i], &none), PROVIDER_ELIMIT);
        assert_int_equal(parse_nested("[", "", too_deep[i], &none), PROVIDER_ELIMIT);
        assert_int_equal(parse_nested("[{\"[\\\"]\":", "}]", too_deep[i], &none), PROVIDER_ELIMIT);
    }
    assert_int_equal(parse_nested("[]", "]", 1000, &none), PROVIDER_EPARSE);
    assert_int_equal(parse_nested("]", "[", 60, &none), PROVIDER_EPARSE);
    assert_null(none);
}

static void a_digest_sees_every_byte_and_the_length(void **state UNUSED)
{
    unsigned char bytes[70] = { 0 };
    uint64_t seen[70 * 8 + 71];
    size_t n = 0;
    for (size_t len = 0; len <= sizeof bytes; len++)
        seen[n++] = text_digest(bytes, len);
    for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        seen[n++] = text_digest(bytes, sizeof bytes);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    assert_true(text_digest(bytes, 70) == text_digest(bytes, 70));
}

static void a_number_is_written_as_printf_does(void **state UNUSED)
{
    static const uint64_t numbers[] = {
        0,         7, 10, 99, 100, 101, 12345, 100000000, 999999999999, UINT32_MAX, UINT64_MAX - 1,
        UINT64_MAX
    };
    for (size_t room = 0; room < 70; room++)
        for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
            char wanted[32];
            CLEANUP(text_done) struct text text = TEXT_INIT(70);
            snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)numbers[i]);
            for (size_t k = 0; k < room; k++)
                text_add_char(&text, 'x');
            bool fits = room + strlen(wanted) <= 70;
            assert_int_equal(text_add_number(&text, numbers[i]), fits);
            assert_int_equal(text.overflow, !fits);
            assert_string_equal(text_string(&text) + room, fits ? wanted : "");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_written_as_printf_does),
        cmocka_unit_test(a_digest_sees_every_byte_and_the_length),
        cmocka_unit_test(context_is_added_in_front),
        cmocka_unit_test(a_long_error_is_cut_and_not_overrun),
        cmocka_unit_test(errno_says_when_the_disk_is_full),
        cmocka_unit_test(text_never_passes_its_limit),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(bad_percent_signs_are_refused),
        cmocka_unit_test(only_wellformed_utf8_is_text),
        cmocka_unit_test(times_are_read_and_written),
        cmocka_unit_test(times_that_do_not_exist_are_refused),
        cmocka_unit_test(secrets_are_masked),
        cmocka_unit_test(json_with_surprises_is_refused),
        cmocka_unit_test(json_is_as_deep_as_a_small_stack_bears),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
