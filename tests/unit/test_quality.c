/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/cleanup.h"
#include "media/quality.h"

static void words_and_places_go_both_ways(void **state)
{
    (void)state;
    for (int i = 0; i < QUALITY_N; i++)
        assert_int_equal(quality_of_word(quality_word(i)), i);
    assert_string_equal(quality_word(2), "1080p");
    for (unsigned i = QUALITY_CAM; i < QUALITY_SOURCES; i++)
        assert_int_equal(quality_source_of_word(quality_source_word(i)), i);
    for (unsigned i = QUALITY_MPEG2; i < QUALITY_CODECS; i++)
        assert_int_equal(quality_codec_of_word(quality_codec_word(i)), i);
}

static void other_words_and_places_are_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "1080", "1080P", "1080p ", "4k", "p", "10800p" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_int_equal(quality_of_word(wrong[i]), QUALITY_NONE);
    assert_null(quality_word(QUALITY_NONE));
    assert_null(quality_word(QUALITY_N));
    assert_null(quality_source_word(QUALITY_SOURCE_UNKNOWN));
    assert_null(quality_source_word(QUALITY_SOURCES));
    assert_null(quality_codec_word(QUALITY_CODEC_UNKNOWN));
    assert_null(quality_codec_word(QUALITY_CODECS));
    assert_int_equal(quality_source_of_word("BluRay"), QUALITY_SOURCE_UNKNOWN);
    assert_int_equal(quality_source_of_word(""), QUALITY_SOURCE_UNKNOWN);
    assert_int_equal(quality_codec_of_word("h264"), QUALITY_CODEC_UNKNOWN);
}

static void every_number_of_lines_has_its_shelf(void **state)
{
    (void)state;
    static const struct {
        unsigned lines;
        int quality;
    } cases[] = { { 0, QUALITY_NONE }, { 1, 0 },    { 360, 0 },  { 480, 0 },  { 576, 0 },
                  { 720, 1 },          { 800, 2 },  { 1080, 2 }, { 1440, 2 }, { 1600, 3 },
                  { 2160, 3 },         { 4320, 3 }, { ~0u, 3 } };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(quality_of_lines(cases[i].lines), cases[i].quality);
}

static void films_of_a_usual_size_are_credible(void **state)
{
    (void)state;
    assert_int_equal(quality_judge(0, QUALITY_XVID, 734003200, 100), QUALITY_CREDIBLE);
    assert_int_equal(quality_judge(1, QUALITY_H264, 853000000, 100), QUALITY_CREDIBLE);
    assert_int_equal(quality_judge(2, QUALITY_H264, 1740000000, 100), QUALITY_CREDIBLE);
    assert_int_equal(quality_judge(2, QUALITY_H265, 1200000000, 136), QUALITY_CREDIBLE);
    assert_int_equal(quality_judge(3, QUALITY_H265, 5500000000, 136), QUALITY_CREDIBLE);
    assert_int_equal(quality_judge(3, QUALITY_H265, 90000000000, 136), QUALITY_CREDIBLE);
}

static void nobody_believes_a_film_that_is_too_small_or_too_large(void **state)
{
    (void)state;
    assert_int_equal(quality_judge(2, QUALITY_H264, 700000000, 120), QUALITY_TOO_SMALL);
    assert_int_equal(quality_judge(3, QUALITY_H265, 900000000, 120), QUALITY_TOO_SMALL);
    assert_int_equal(quality_judge(0, QUALITY_CODEC_UNKNOWN, 1, 120), QUALITY_TOO_SMALL);
    assert_int_equal(quality_judge(3, QUALITY_H264, UINT64_MAX, 1), QUALITY_TOO_LARGE);
    assert_int_equal(quality_judge(QUALITY_NONE, QUALITY_H264, UINT64_MAX, 10), QUALITY_TOO_LARGE);
}

static void nothing_is_said_of_what_is_not_known(void **state)
{
    (void)state;
    assert_int_equal(quality_judge(2, QUALITY_H264, 0, 120), QUALITY_UNTESTED);
    assert_int_equal(quality_judge(2, QUALITY_H264, 1, 0), QUALITY_UNTESTED);
    assert_int_equal(quality_judge(QUALITY_NONE, QUALITY_H264, 1000000, 90), QUALITY_UNTESTED);
    assert_int_equal(quality_judge(QUALITY_N, QUALITY_H264, 1000000, 90), QUALITY_UNTESTED);
    assert_int_equal(quality_least_per_minute(QUALITY_NONE, QUALITY_H264), 0);
    assert_int_equal(quality_least_per_minute(1, QUALITY_CODECS), 0);
}

static void only_cinema_and_screener_copies_are_poor(void **state)
{
    (void)state;
    assert_true(quality_source_is_poor(QUALITY_CAM));
    assert_true(quality_source_is_poor(QUALITY_SCREENER));
    assert_false(quality_source_is_poor(QUALITY_SOURCE_UNKNOWN));
    assert_false(quality_source_is_poor(QUALITY_DVD));
    assert_false(quality_source_is_poor(QUALITY_REMUX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_places_go_both_ways),
        cmocka_unit_test(other_words_and_places_are_nothing),
        cmocka_unit_test(every_number_of_lines_has_its_shelf),
        cmocka_unit_test(films_of_a_usual_size_are_credible),
        cmocka_unit_test(nobody_believes_a_film_that_is_too_small_or_too_large),
        cmocka_unit_test(nothing_is_said_of_what_is_not_known),
        cmocka_unit_test(only_cinema_and_screener_copies_are_poor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
