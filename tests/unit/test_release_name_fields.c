/* SPDX-License-Identifier: MIT
 *
 * Names of releases, field by field. */
#include "release_name_test.h"

#include "naming/release_name.h"

static void dynamic_range_sound_and_depth_are_sets(void **state)
{
    (void)state;
    struct release_name name =
        parse("A.Film.2021.2160p.WEB-DL.x265.10bit.HDR10Plus.DV.TrueHD.7.1.Atmos.DDP5.1-G");
    assert_int_equal(name.hdr, RELEASE_HDR10PLUS | RELEASE_DOLBY_VISION);
    assert_int_equal(name.audio, RELEASE_TRUEHD | RELEASE_ATMOS | RELEASE_EAC3);
    assert_int_equal(name.channels_x10, 71);
    assert_int_equal(name.bit_depth, 10);
}

static void spoken_and_written_languages_are_told_apart(void **state)
{
    (void)state;
    struct release_name name = parse("Un Film (2015) ITA ENG AC3 BDRip 1080p sub ita eng fre-Crew");
    assert_int_equal(name.n_languages, 2);
    assert_string_equal(name.languages[0], "it");
    assert_string_equal(name.languages[1], "en");
    assert_int_equal(name.n_subtitles, 3);
    assert_string_equal(name.subtitles[2], "fr");
    name = parse("A Film 2019 HDRip 1080p Mandarin HC CHS-ENG SUBS");
    assert_true(name.flags & RELEASE_HARDCODED);
    assert_int_equal(name.n_subtitles, 2);
    assert_string_equal(parse("A.Show.S01E02.VOSTFR.720p.WEB").subtitles[0], "fr");
}

static void flags_say_what_kind_of_copy_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t flag;
    } cases[] = {
        { "A.Film.2019.PROPER.1080p.BluRay.x264-G", RELEASE_PROPER },
        { "A.Film.2019.REPACK.1080p.BluRay.x264-G", RELEASE_REPACK },
        { "A.Film.2019.REAL.PROPER.720p.HDTV.x264-G", RELEASE_REAL | RELEASE_PROPER },
        { "A.Film.2019.iNTERNAL.BDRip.x264-G", RELEASE_INTERNAL },
        { "A.Film.2019.HC.HDRip.XviD-G", RELEASE_HARDCODED },
        { "A.Film.2019.3D.HSBS.1080p.BluRay", RELEASE_3D | RELEASE_3D_SBS | RELEASE_HALF_3D },
        { "A.Film.2019.1080p.BluRay.Half-OU", RELEASE_3D | RELEASE_3D_OU | RELEASE_HALF_3D },
        { "A.Show.S01.COMPLETE.1080p.WEB", RELEASE_COMPLETE },
        { "A.Film.2019.HDTS.1080p.LINE.x264", RELEASE_LINE_AUDIO },
        { "A.Show.S01E01.1080i.HDTV.MPEG2", RELEASE_INTERLACED },
        { "[Group] A Show - 12 [720p]", RELEASE_ABSOLUTE },
        { "A.Film.2019.Dubbed.1080p.WEB-DL", RELEASE_DUBBED },
        { "A.Film.2014.720p.HDRip.KORSUB.x264-G", RELEASE_HARDCODED | RELEASE_SUBBED },
        { "[Group] A Show [01-12 Fin][1080p][\u7b80\u4f53\u5185\u5d4c]",
          RELEASE_HARDCODED | RELEASE_SUBBED | RELEASE_ANIME_END },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(parse(cases[i].name).flags & cases[i].flag, cases[i].flag);
}

static void subtitles_are_in_the_picture_only_where_that_is_said(void **state)
{
    (void)state;
    static const char *const names_[] = { "A Film 2019 Kor Sub 1080p", "A.Film.2019.VOSTFR.1080p",
                                          "A Film 2019 1080p ESub",
                                          "[G] A Show - 12 [1080p][CHS]" };
    for (size_t i = 0; i < ARRAY_LEN(names_); i++) {
        assert_true(parse(names_[i]).flags & RELEASE_SUBBED);
        assert_false(parse(names_[i]).flags & RELEASE_HARDCODED);
    }
}

static void a_bracket_of_years_is_no_other_title(void **state)
{
    (void)state;
    struct release_name name = parse("A Film Collection (2001-2011) 1080p BluRay");
    assert_string_equal(name.title, "A Film Collection");
    assert_string_equal(name.other_title, "");
    assert_string_equal(parse("Brat (Brother 2) 1080p BluRay").other_title, "(Brother 2)");
}

static void a_copy_from_the_cinema_stays_one(void **state)
{
    (void)state;
    assert_int_equal(parse("A Film 2014 R6 720p HDCAM x264-JYK").source, RELEASE_CAM);
    assert_int_equal(parse("A Film 2018 WEBRip HDTS x264").source, RELEASE_TELESYNC);
    assert_true(quality_source_is_poor(release_name_shelf(parse("A.Film.2022.TS.XviD-A").source)));
}

static void the_date_of_a_daily_show_is_its_place(void **state)
{
    (void)state;
    struct release_name name = parse("A.Show.2020.06.18.Some.Guest.540p.WEBDL-Anon");
    assert_string_equal(name.date, "2020-06-18");
    assert_int_equal(name.kind, RELEASE_EPISODE);
    assert_string_equal(parse("A Show 18 06 2020 HDTV").date, "2020-06-18");
    assert_string_equal(parse("A.Show.2020.13.18.HDTV").date, "");
    assert_string_equal(parse("A.Show.2020.06.32.HDTV").date, "");
}

static void holding_an_episode_means_its_season_and_number(void **state)
{
    (void)state;
    struct release_name some = parse("A.Show.S02E03-E05.720p"), pack = parse("A.Show.S01-S03.720p");
    assert_true(release_name_has(&some, 2, 3));
    assert_true(release_name_has(&some, 2, 5));
    assert_false(release_name_has(&some, 2, 6));
    assert_false(release_name_has(&some, 1, 3));
    assert_true(release_name_has(&pack, 3, 17));
    assert_false(release_name_has(&pack, 4, 1));
    struct release_name film = parse("A.Film.2019.1080p");
    assert_false(release_name_has(&film, 1, 1));
    assert_false(release_name_has(&film, 0, 0));
}

static void unknown_places_have_no_words(void **state)
{
    (void)state;
    assert_null(release_name_source_word(RELEASE_SOURCE_UNKNOWN));
    assert_null(release_name_source_word(RELEASE_SOURCES));
    assert_null(release_name_audio_word(RELEASE_AUDIO_FORMATS));
    assert_int_equal(release_name_shelf(RELEASE_SOURCES), QUALITY_SOURCE_UNKNOWN);
    for (unsigned i = 0; i < RELEASE_AUDIO_FORMATS; i++)
        assert_non_null(release_name_audio_word(i));
    for (unsigned i = RELEASE_CAM; i < RELEASE_SOURCES; i++)
        assert_int_not_equal(release_name_shelf(i), QUALITY_SOURCE_UNKNOWN);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(dynamic_range_sound_and_depth_are_sets),
    cmocka_unit_test(spoken_and_written_languages_are_told_apart),
    cmocka_unit_test(flags_say_what_kind_of_copy_it_is),
    cmocka_unit_test(subtitles_are_in_the_picture_only_where_that_is_said),
    cmocka_unit_test(a_bracket_of_years_is_no_other_title),
    cmocka_unit_test(a_copy_from_the_cinema_stays_one),
    cmocka_unit_test(the_date_of_a_daily_show_is_its_place),
    cmocka_unit_test(holding_an_episode_means_its_season_and_number),
    cmocka_unit_test(unknown_places_have_no_words),
};

const struct test_part release_name_fields_part = TEST_PART(tests);
