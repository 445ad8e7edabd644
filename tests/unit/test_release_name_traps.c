/* SPDX-License-Identifier: MIT
 *
 * What must not be read into a name. */
#include "release_name_test.h"

#include "base/text.h"
#include "naming/release_name.h"

static void words_of_a_title_are_no_tags(void **state)
{
    (void)state;
    static const char *const titles[] = {
        "The French Connection",
        "Johnny English",
        "The Italian Job",
        "Madame Web",
        "A Complete Unknown",
        "Kill Bill",
        "The Real Thing",
        "Cam",
        "Proper Manners",
        "Sub Zero",
        "Extended Stay",
        "Hybrid",
        "Limited",
        "German Doctor",
        "The Dub Room",
        "Uncut Gems",
        "Line of Duty",
        "Internal Affairs",
        "Red Season",
        "Max Payne",
        "Multi",
        "Dual",
    };
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        char text[128];
        snprintf(text, sizeof text, "%s 2019 1080p BluRay x264-GRP", titles[i]);
        struct release_name name = parse(text);
        assert_string_equal(name.title, titles[i]);
        assert_int_equal(name.n_languages, 0);
        assert_int_equal(name.flags, 0);
        assert_string_equal(name.edition, "");
        assert_int_equal(name.source, RELEASE_BLURAY);
    }
}

static void words_of_an_episodes_title_are_no_tags(void **state)
{
    (void)state;
    struct release_name name = parse("A.Show.S01E05.The.French.Mistake.720p.HDTV.x264-G");
    assert_int_equal(name.n_languages, 0);
    name = parse("A.Show.S02E03.Proper.Dual.Cam.Work.Here.1080p.WEB.H264-G");
    assert_int_equal(name.flags, 0);
    assert_int_equal(name.source, RELEASE_WEB);
}

static void numbers_of_a_title_are_neither_years_nor_episodes(void **state)
{
    (void)state;
    static const char *const names_[] = { "Apollo 13 (1995) 1080p",   "Se7en 1995 1080p",
                                          "District 9 2009 1080p",    "Movie 43 (2013) 720p BluRay",
                                          "Ocean's 8 2018 1080p",     "U-571 (2000) 1080p",
                                          "Ip Man 4 2019 BluRay",     "50 50 2011 1080p",
                                          "Area 51 2015 1080p x264-G" };
    for (size_t i = 0; i < ARRAY_LEN(names_); i++) {
        struct release_name name = parse(names_[i]);
        assert_int_equal(name.kind, RELEASE_MOVIE);
        assert_int_equal(name.n_episodes, 0);
        assert_in_range(name.year, 1990, 2020);
    }
    assert_int_equal(parse("Blade Runner 2049 1080p").year, 0);
    assert_int_equal(parse("1917 1080p").year, 0);
    assert_int_equal(parse("A Film 0000 1080p").year, 0);
}

static void a_size_or_rate_is_no_part_of_anything(void **state)
{
    (void)state;
    struct release_name name = parse("A Film (2019) 720p WEBRip 1.4GB 192Kbps 60fps x264 - GRP");
    assert_string_equal(name.title, "A Film");
    assert_string_equal(name.group, "GRP");
    assert_int_equal(name.n_episodes, 0);
    assert_int_equal(name.channels_x10, 0);
}

static void a_sites_mark_is_no_group(void **state)
{
    (void)state;
    assert_string_equal(parse("A.Show.S01E01.720p.HDTV.x264-GRP[eztv]").group, "GRP");
    assert_string_equal(parse("A.Show.S01E01.720p.HDTV.x264 [eztv]").group, "");
    assert_string_equal(parse("www.Some-Site.com - A Film 2019 1080p BluRay").title, "A Film");
    assert_string_equal(parse("[ www.Site.cd ] -A.Show.S07E07.720p.HDTV.X264-DIM").title, "A Show");
}

static void overflowing_numbers_are_no_places(void **state)
{
    (void)state;
    static const char *const wrong[] = { "A.Show.S99999E1",
                                         "A.Show.S1E99999",
                                         "A.Show.99999x99999",
                                         "A Show Season 99999",
                                         "A Show Episode 99999999999",
                                         "A.Show.S-1E-1",
                                         "A.Show.SxxEyy",
                                         "A.Show.S01E" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct release_name name = parse(wrong[i]);
        for (size_t k = 0; k < name.n_seasons; k++)
            assert_in_range(name.seasons[k].last, 0, 9999);
        assert_int_equal(name.n_episodes, 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(words_of_a_title_are_no_tags),
    cmocka_unit_test(words_of_an_episodes_title_are_no_tags),
    cmocka_unit_test(numbers_of_a_title_are_neither_years_nor_episodes),
    cmocka_unit_test(a_size_or_rate_is_no_part_of_anything),
    cmocka_unit_test(a_sites_mark_is_no_group),
    cmocka_unit_test(overflowing_numbers_are_no_places),
};

const struct test_part release_name_traps_part = TEST_PART(tests);
