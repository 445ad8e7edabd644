/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "media/genre.h"

static uint64_t bit(const char *slug)
{
    int genre = genre_of_slug(slug);
    assert_true(genre >= 0);
    return UINT64_C(1) << genre;
}

static void every_spelling_of_a_genre_is_one(void **state UNUSED)
{
    static const char *const spellings[] = { "tmdb:878", "Science Fiction", "science-fiction",
                                             "Sci-Fi",   "SCI FI",          "sci_fi",
                                             "SF" };
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
        assert_true(genre_of_spelling(spellings[i]) == bit("science-fiction"));
    assert_true(genre_of_spelling("Film-Noir") == bit("film-noir"));
    assert_true(genre_of_spelling("Reality-TV") == bit("reality"));
    assert_true(genre_of_spelling("children") == bit("kids"));
    assert_true(genre_of_spelling("Talk-Show") == bit("talk-show"));
    assert_true(genre_of_spelling("Historie") == 0);
    assert_true(genre_of_spelling("History ") == bit("history"));
}

static void a_combined_genre_is_several(void **state UNUSED)
{
    uint64_t both = bit("science-fiction") | bit("fantasy");
    assert_true(genre_of_spelling("tmdb:10765") == both);
    assert_true(genre_of_spelling("Sci-Fi & Fantasy") == both);
    assert_true(genre_of_spelling("Fantasy/Science Fiction") == both);
    assert_true(genre_of_spelling("Action & Adventure") == (bit("action") | bit("adventure")));
    assert_true(genre_of_spelling("War & Politics") == (bit("war") | bit("politics")));
}

static void what_nobody_knows_is_no_genre(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",
        " ",
        "&",
        "tmdb:",
        "tmdb:1",
        "tmdb:8780",
        "Actions",
        "x",
        "\xff",
        "a&b/c,d",
        "a very long spelling that does not fit into what is looked at science fiction",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_true(genre_of_spelling(wrong[i]) == 0);
    assert_int_equal(genre_of_slug("Action"), -1);
    assert_int_equal(genre_of_slug(""), -1);
    assert_null(genre_slug(GENRE_MAX));
    assert_null(genre_name(GENRE_MAX, "en"));
}

static void every_slug_and_english_name_finds_itself(void **state UNUSED)
{
    for (unsigned i = 0; genre_slug(i); i++) {
        assert_int_equal(genre_of_slug(genre_slug(i)), i);
        assert_true(genre_of_spelling(genre_slug(i)) == UINT64_C(1) << i);
        assert_true(genre_of_spelling(genre_name(i, "en")) == UINT64_C(1) << i);
    }
}

/* TMDB's own ids, movies and TV, as recorded. */
static void every_id_of_tmdb_is_known(void **state UNUSED)
{
    static const int ids[] = { 28, 12,    16,    35,    80,    99,    18,    10751, 14,
                               36, 27,    10402, 9648,  10749, 878,   10770, 53,    10752,
                               37, 10759, 10762, 10763, 10764, 10765, 10766, 10767, 10768 };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        char text[16];
        snprintf(text, sizeof text, "tmdb:%d", ids[i]);
        if (!genre_of_spelling(text))
            fail_msg("%s is unknown", text);
    }
}

static void names_fall_back_to_english(void **state UNUSED)
{
    unsigned sf = (unsigned)genre_of_slug("science-fiction");
    assert_string_equal(genre_name(sf, "de"), "Science-Fiction");
    assert_string_equal(genre_name(sf, "pt-BR"), "Ficção científica");
    assert_string_equal(genre_name(sf, "xx"), "Science Fiction");
    assert_string_equal(genre_name(sf, ""), "Science Fiction");
    assert_string_equal(genre_name(sf, NULL), "Science Fiction");
    assert_string_equal(genre_name(sf, "deu"), "Science Fiction");
    assert_string_equal(genre_name((unsigned)genre_of_slug("donghua"), "ja"), "Donghua");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_genre_is_one),
        cmocka_unit_test(a_combined_genre_is_several),
        cmocka_unit_test(what_nobody_knows_is_no_genre),
        cmocka_unit_test(every_slug_and_english_name_finds_itself),
        cmocka_unit_test(every_id_of_tmdb_is_known),
        cmocka_unit_test(names_fall_back_to_english),
    };
    return cmocka_run_group_tests_name("genre", tests, NULL, NULL);
}
