/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "media/language.h"

static void tags_are_reduced(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { "en", "en" },
        { "PT_br", "pt-BR" },
        { "zh-Hant-TW", "zh-TW" },
        { "zh-Hant", "zh-TW" },
        { "zh-hans", "zh-CN" },
        { "zh-Hans-SG", "zh-SG" },
        { "sr-Latn-RS", "sr-RS" },
        { "sr-Latn", "sr" },
        { "es-419", "es-419" },
        { "de-1996", "de" },
        { "sl-rozaj-biske", "sl" },
        { "de-DE-u-co-phonebk", "de-DE" },
        { "en-US-x-twain", "en-US" },
        { "zh-yue-HK", "yue-HK" },
        { "iw-IL", "he-IL" },
        { "xx", "zxx" },
        { "cn", "yue" },
        { "fil", "fil" },
    };
    char out[LANGUAGE_LEN];
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_true(language_parse(pairs[i][0], out));
        assert_string_equal(out, pairs[i][1]);
        assert_true(language_parse(pairs[i][1], out)); /* and stay so */
        assert_string_equal(out, pairs[i][1]);
    }
}

static void what_is_no_tag_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",
        "e",
        "-",
        "en-",
        "-en",
        "en--US",
        "english",
        "en US",
        "12",
        "en-U",
        "en-US-",
        "en-x",
        "en-u-a-b",
        "e1",
        "*",
        "en;q=1",
        "i-klingon",
        "en-US-DE-FR",
        "en-verylongsubtag",
        "d\xc3\xa9",
        "en-Latn-Cyrl",
        "pt-BR1",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char out[LANGUAGE_LEN] = "untouched";
        if (language_parse(wrong[i], out))
            fail_msg("'%s' was taken for '%s'", wrong[i], out);
        assert_string_equal(out, "untouched");
    }
}

static void expect_wish(const char *asked, const char *header, const char *configured,
                        const char *expected)
{
    struct language_wish wish;
    char key[LANGUAGE_WISHES * LANGUAGE_LEN];
    assert_int_equal(
        language_wish_make(asked, header, &configured, configured ? 1 : 0, &wish, NULL), 0);
    language_wish_key(&wish, key, sizeof key);
    assert_string_equal(key, expected);
}

static void a_wish_is_asked_then_header_then_configured(void **state UNUSED)
{
    expect_wish("pt-br", "de", "fr", "pt-BR,fr");
    expect_wish(NULL, "de-DE,de;q=0.9, en;q=0.8,*;q=0.5", "fr", "de-DE,de,en,fr");
    expect_wish(NULL, "en;q=0.5, de", "en", "de,en");
    expect_wish(NULL, "a-bad-one, fr ; q=0.3,es;q=0.31", NULL, "es,fr");
    expect_wish(NULL, "de,fr,it", NULL, "de,fr,it");
    expect_wish(NULL, NULL, "fr", "fr");
    expect_wish(NULL, NULL, NULL, "");
}

static void a_bad_header_is_ignored(void **state UNUSED)
{
    static const char *const headers[] = {
        "",
        ",,,",
        "*",
        ";q=1",
        "de;q=0",
        "de;q=2",
        "de;q=1.001",
        "de;q=x",
        "de;x=1",
        "de;q",
        "\x01\xff",
        "de;q=0.5;q=0.6",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        expect_wish(NULL, headers[i], "fr", "fr");
}

static void an_asked_language_that_is_none_is_an_error(void **state UNUSED)
{
    struct language_wish wish = { .n_tags = 3 };
    struct error err = { 0 };
    assert_int_equal(language_wish_make("klingon!", "de", NULL, 0, &wish, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "language: 'klingon!' is no language tag");
    assert_int_equal(language_wish_make("", NULL, NULL, 0, &wish, &err), PROVIDER_EINVAL);
    assert_int_equal(wish.n_tags, 3);
}

static void a_huge_header_keeps_the_best(void **state UNUSED)
{
    CLEANUP(text_done) struct text header = TEXT_INIT(100000);
    for (char a = 'a'; a <= 'z'; a++)
        for (char b = 'a'; b <= 'z'; b++)
            text_add_format(&header, "%c%c;q=0.1,", a, b);
    struct language_wish wish;
    assert_int_equal(language_wish_make(NULL, text_string(&header), NULL, 0, &wish, NULL), 0);
    assert_int_equal(wish.n_tags, LANGUAGE_WISHES);
    assert_string_equal(wish.tags[0], "aa");
    text_clear(&header);
    for (char b = 'a'; b <= 'z'; b++)
        text_add_format(&header, "a%c;q=0.1,", b);
    text_add_string(&header, "de;q=0.2");
    assert_int_equal(language_wish_make(NULL, text_string(&header), NULL, 0, &wish, NULL), 0);
    assert_string_equal(wish.tags[0], "de");
    assert_int_equal(wish.n_tags, LANGUAGE_WISHES);
}

static void ranks_walk_the_fallback(void **state UNUSED)
{
    static const char *const best_first[] = { "pt-BR", "pt", "pt-PT", "de-AT", "de",
                                              "de-DE", "en", "en-US", "en-GB", "ja" };
    static const char *const configured[] = { "de-AT" };
    struct language_wish wish;
    assert_int_equal(language_wish_make("pt-BR", NULL, configured, 1, &wish, NULL), 0);
    int last = -1;
    for (size_t i = 0; i < ARRAY_LEN(best_first); i++) {
        int rank = language_rank(&wish, best_first[i], "ja");
        assert_true(rank > last);
        last = rank;
    }
    assert_int_equal(language_rank(&wish, "pt-BR", NULL), 0);
}

static void what_nobody_wished_has_no_rank(void **state UNUSED)
{
    struct language_wish wish;
    assert_int_equal(language_wish_make("pt", NULL, NULL, 0, &wish, NULL), 0);
    assert_int_equal(language_rank(&wish, "fr", "ja"), -1);
    assert_int_equal(language_rank(&wish, "", "ja"), -1);
    assert_int_equal(language_rank(&wish, NULL, ""), -1);
    assert_int_equal(language_rank(&wish, "p", NULL), -1);
    assert_int_equal(language_rank(&wish, "ptx", NULL), -1);
    assert_false(language_same("", ""));
    assert_true(language_same("pt-BR", "pt"));
}

static void a_key_never_passes_its_buffer(void **state UNUSED)
{
    struct language_wish wish = { .n_tags = 2, .tags = { "pt-BR", "de" } };
    char key[6];
    language_wish_key(&wish, key, sizeof key);
    assert_string_equal(key, "pt-BR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_reduced),
        cmocka_unit_test(what_is_no_tag_is_refused),
        cmocka_unit_test(a_wish_is_asked_then_header_then_configured),
        cmocka_unit_test(a_bad_header_is_ignored),
        cmocka_unit_test(an_asked_language_that_is_none_is_an_error),
        cmocka_unit_test(a_huge_header_keeps_the_best),
        cmocka_unit_test(ranks_walk_the_fallback),
        cmocka_unit_test(what_nobody_wished_has_no_rank),
        cmocka_unit_test(a_key_never_passes_its_buffer),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
