/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <dirent.h>
#include <string.h>

#include "base/mem.h"
#include "base/quick.h"
#include "base/text.h"

static bool reads(const char *text)
{
    json_auto_t *read = quick_read(text, strlen(text));
    return read != NULL;
}

static const char *const of_genres[] = { "genres", "name", "x", NULL };
static const char *const of_cast[] = { "cast", "popularity", "gender", "credit_id", "adult", NULL };
static const char *const *const unread[] = { of_genres, of_cast, NULL };

static void leave_out(json_t *value, const char *const *names)
{
    const char *key;
    json_t *member;
    size_t i;
    json_array_foreach (value, i, member)
        leave_out(member, names);
    for (size_t k = 0; json_is_object(value) && names && names[k]; k++)
        json_object_del(value, names[k]);
    json_object_foreach (value, key, member) {
        const char *const *const *list = unread;
        while (*list && strcmp(**list, key) != 0)
            list++;
        leave_out(member, *list ? *list + 1 : NULL);
    }
}

/* What is left of it is what Jansson reads, without what nobody looks at. */
static bool is_read_alike_without(const char *bytes, size_t len)
{
    json_auto_t *quick = quick_read_without(bytes, len, unread);
    if (!quick)
        return false;
    json_auto_t *slow = json_loadb(bytes, len, JSON_ALLOW_NUL, NULL);
    leave_out(slow, NULL);
    if (!slow || !json_equal(quick, slow))
        fail_msg("read otherwise without some: %.*s", (int)MIN(len, 400), bytes);
    return true;
}

/* Whatever the bytes are: it is read as Jansson reads it, or left to Jansson. */
static bool is_read_alike(const char *bytes, size_t len)
{
    json_auto_t *quick = quick_read(bytes, len);
    bool without = is_read_alike_without(bytes, len);
    if (!quick)
        return false;
    assert_true(without);
    json_auto_t *slow = json_loadb(bytes, len, JSON_ALLOW_NUL, NULL);
    CLEANUP(mem_free) char *one = json_dumps(quick, 0);
    CLEANUP(mem_free) char *other = slow ? json_dumps(slow, 0) : NULL;
    if (!slow || !json_equal(quick, slow))
        fail_msg("read otherwise: %.*s", (int)MIN(len, 400), bytes);
    assert_string_equal(one, other);
    return true;
}

static const char usual[] =
    "{\"id\":603,\"adult\":false,\"video\":true,\"tagline\":null,\"popularity\":73.219,"
    "\"title\":\"The \\\"Matrix\\\"\",\"overview\":\"Na\xc3\xafve \\u00e9\\u20AC\\u0041 \\/ \\\\ "
    "\\b\\f\\n\\r\\t\",\"genres\":[{\"id\":28,\"name\":\"Action\"},{\"id\":-7,\"x\":{}},[]],"
    "\"vote_average\": 8.2 ,\"a\":-0.0,\"b\":-0,\"c\":0.1,\"d\":[1,2]}\r\n";

static void what_upstreams_write_is_read_as_jansson_reads_it(void **state UNUSED)
{
    static const char *const texts[] = {
        usual,
        "[]",
        " {\t}\n",
        "[\"\"]",
        "{\"\":0}",
        "[123456789012345,-123456789012345,0.12345678901234,12345678901.2345,0.00000000000001]",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!is_read_alike(texts[i], strlen(texts[i])))
            fail_msg("not read: %s", texts[i]);
}

/* Three decimals at most are what TMDB writes; every one of them is the same double. */
static void every_short_number_is_the_same_double(void **state UNUSED)
{
    for (int whole = 0; whole < 100; whole++)
        for (int part = 0; part < 1000; part += 7) {
            char text[64];
            int len = snprintf(text, sizeof text, "[%d.%03d,-%d.%d]", whole, part, part, whole);
            assert_true(is_read_alike(text, (size_t)len));
        }
}

static void what_is_unusual_is_left_to_jansson(void **state UNUSED)
{
    static const char *const texts[] = {
        "[1234567890123456]", "[0.1234567890123456]", "[9223372036854775807]", "[1e3]",
        "[1.5E-7]",           "[\"\\ud83d\\ude00\"]", "[\"\\u0000\"]",         "{\"a\":1,\"a\":2}",
        "{\"\\u0041\":1}",    "{\"\xc3\xa9\":1}",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_false(reads(texts[i]));
        json_auto_t *read = json_loads(texts[i], JSON_ALLOW_NUL, NULL);
        if (!read)
            fail_msg("lost: %s", texts[i]);
    }
}

static void what_is_deep_is_left_to_jansson(void **state UNUSED)
{
    for (size_t depth = 60; depth < 70; depth++) {
        char text[2 * 70];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(is_read_alike(text, 2 * depth), depth <= 64);
        json_auto_t *read = json_loadb(text, 2 * depth, 0, NULL);
        assert_non_null(read);
    }
}

static void what_is_wrong_is_not_read(void **state UNUSED)
{
    static const char *const texts[] = {
        "",
        " ",
        "1",
        "\"a\"",
        "null",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "{\"a\":1",
        "[01]",
        "[-]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[-.5]",
        "[0x10]",
        "[1.2.3]",
        "[nul]",
        "[nullx]",
        "[True]",
        "[\"a]",
        "[\"\n\"]",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"\\u12g4\"]",
        "[\"\\\"]",
        "[\"\xff\"]",
        "[\"\xc0\xaf\"]",
        "[\"\xed\xa0\x80\"]",
        "[\"\\ud800\"]",
        "[\"\\udc00\"]",
        "{} {}",
        "[] x",
        "[1]]",
        "\xef\xbb\xbf[]",
        "['a']",
        "[1]/**/",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (reads(texts[i]))
            fail_msg("read: %s", texts[i]);
        json_auto_t *read = json_loads(texts[i], JSON_ALLOW_NUL, NULL);
        if (read)
            fail_msg("read after all: %s", texts[i]);
    }
    assert_false(is_read_alike("[1]\0", 4));
    assert_false(is_read_alike("[\"a\0b\"]", 7));
}

static void what_nobody_looks_at_is_left_out(void **state UNUSED)
{
    static const char text[] =
        "{\"name\":1,\"genres\":[{\"name\":\"A\",\"id\":1},[{\"x\":[{\"id\":[]}],\"y\":2}]],"
        "\"cast\":{\"adult\":{\"a\":[1,-2.5,true,null,\"\\n\xc3\xa9\"]},\"id\":3,\"genres\":{\"x\":"
        "1},"
        "\"gender\":4},\"gender\":5}";
    json_auto_t *read = quick_read_without(text, strlen(text), unread);
    CLEANUP(mem_free) char *said = json_dumps(read, JSON_COMPACT);
    assert_string_equal(said, "{\"name\":1,\"genres\":[{\"id\":1},[{\"y\":2}]],"
                              "\"cast\":{\"id\":3,\"genres\":{}},\"gender\":5}");
}

static void what_is_wrong_is_not_read_where_nobody_looks(void **state UNUSED)
{
    static const char *const texts[] = {
        "1,",           "",       "01",       "[1,]", "{\"a\":}", "{\"a\"}",
        "\"\\x\"",      "\"\n\"", "\"\xff\"", "nulx", "[1 2]",    "{1:2}",
        "\"\xc0\xaf\"", "[[]",    "]",        "-",    "{},{}",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(mem_free) char *text = mem_format("{\"genres\":{\"name\":%s}}", texts[i]);
        if (is_read_alike_without(text, strlen(text)))
            fail_msg("read: %s", text);
    }
}

static void a_text_cut_off_anywhere_is_not_read(void **state UNUSED)
{
    size_t whole = (size_t)(strrchr(usual, '}') - usual) + 1;
    for (size_t len = 0; len < whole; len++) {
        CLEANUP(mem_free) char *exact = mem_dup(usual, len);
        assert_false(is_read_alike(exact, len));
    }
}

static void a_text_with_any_byte_changed_is_never_read_otherwise(void **state UNUSED)
{
    static const char others[] = "\"\\{}[]:,0-.eutn \n\x80\xc3";
    char text[sizeof usual];
    for (size_t at = 0; at < sizeof usual - 1; at++)
        for (size_t i = 0; i < sizeof others; i++) {
            memcpy(text, usual, sizeof usual);
            text[at] = others[i];
            is_read_alike(text, sizeof usual - 1);
        }
}

static void read_recorded(const char *folder, const char *name, unsigned *n_read, unsigned *n)
{
    CLEANUP(mem_free) char *path = mem_format("%s/%s", folder, name);
    CLEANUP(file_close) FILE *file = fopen(path, "rb");
    enum { MOST = 4 << 20 };
    CLEANUP(mem_free) char *bytes = mem_alloc(MOST);
    assert_non_null(file);
    size_t len = fread(bytes, 1, MOST, file);
    *n_read += is_read_alike(bytes, len);
    ++*n;
}

static void nearly_all_that_was_recorded_is_read_quickly(void **state UNUSED)
{
    const char *source = getenv("MIAUFLIX_SRCDIR");
    CLEANUP(mem_free)
    char *folder = mem_format("%s/../shared/recorded/tmdb", source ? source : ".");
    DIR *open = opendir(folder);
    unsigned n_read = 0, n = 0;
    if (!open) {
        print_message("SKIPPED: there are no recordings in %s\n", folder);
        skip();
    }
    for (const struct dirent *at; (at = readdir(open));)
        if (text_ends_with(at->d_name, ".json"))
            read_recorded(folder, at->d_name, &n_read, &n);
    closedir(open);
    print_message("%u of %u recorded answers read quickly\n", n_read, n);
    assert_true(n > 0 && n_read * 10 >= n * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_upstreams_write_is_read_as_jansson_reads_it),
        cmocka_unit_test(every_short_number_is_the_same_double),
        cmocka_unit_test(what_is_unusual_is_left_to_jansson),
        cmocka_unit_test(what_is_deep_is_left_to_jansson),
        cmocka_unit_test(what_is_wrong_is_not_read),
        cmocka_unit_test(what_nobody_looks_at_is_left_out),
        cmocka_unit_test(what_is_wrong_is_not_read_where_nobody_looks),
        cmocka_unit_test(a_text_cut_off_anywhere_is_not_read),
        cmocka_unit_test(a_text_with_any_byte_changed_is_never_read_otherwise),
        cmocka_unit_test(nearly_all_that_was_recorded_is_read_quickly),
    };
    return cmocka_run_group_tests_name("quick", tests, NULL, NULL);
}
