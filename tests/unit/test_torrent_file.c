/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/cleanup.h"
#include "torrent/torrent_file.h"

enum { MB = 1 << 20, MOST = 16 };

static struct torrent_file files[MOST];
static size_t n_files;

/* Each row: path, megabytes. */
struct row {
    const char *path;
    unsigned mb;
};

static void judge(const char *name, const struct row *rows)
{
    for (n_files = 0; rows[n_files].path; n_files++) {
        memset(&files[n_files], 0x55, sizeof files[n_files]);
        files[n_files].path = rows[n_files].path;
        files[n_files].size = (uint64_t)rows[n_files].mb * MB;
    }
    torrent_files_judge(name, files, n_files);
}

static void expect_role(size_t i, enum torrent_file_role role)
{
    if (files[i].role != role)
        fail_msg("%s: role %d", files[i].path, (int)files[i].role);
}

static void expect_episode(size_t i, int season, unsigned first, unsigned last)
{
    expect_role(i, TORRENT_FILE_EPISODE);
    if (files[i].has_season != (season >= 0) || (season >= 0 && files[i].season != season) ||
        files[i].episode != first || files[i].last_episode != last)
        fail_msg("%s: season %d, episodes %d-%d", files[i].path,
                 files[i].has_season ? files[i].season : -1, files[i].episode,
                 files[i].last_episode);
}

static int episode(uint16_t season, uint16_t number)
{
    struct torrent_wish wish = { .is_episode = true, .season = season, .episode = number };
    return torrent_files_choose(files, n_files, &wish);
}

static void a_film_with_what_comes_with_it(void **state UNUSED)
{
    judge("Charade.1963.1080p.BluRay.x264-GRP",
          (struct row[]){ { "Charade/Charade.1963.1080p.mkv", 8000 },
                          { "Charade/Sample/charade-sample.mkv", 40 },
                          { "Charade/Featurettes/The Making of.mkv", 900 },
                          { "Charade/Charade-trailer.mp4", 30 },
                          { "Charade/Subs/2_English.srt", 0 },
                          { "Charade/poster.jpg", 1 },
                          { "Charade/RARBG.txt", 0 },
                          { NULL, 0 } });
    expect_role(0, TORRENT_FILE_MAIN);
    expect_role(1, TORRENT_FILE_SAMPLE);
    expect_role(2, TORRENT_FILE_EXTRA);
    expect_role(3, TORRENT_FILE_EXTRA);
    expect_role(4, TORRENT_FILE_NONE);
    assert_int_equal(files[4].kind, TORRENT_FILE_SUBTITLE);
    assert_string_equal(files[4].language, "en");
    assert_int_equal(files[4].episode, 0);
    assert_int_equal(files[5].kind, TORRENT_FILE_IMAGE);
    assert_int_equal(files[6].kind, TORRENT_FILE_TEXT);
    assert_int_equal(torrent_files_best(files, n_files), 0);
}

static void a_pack_of_episodes(void **state UNUSED)
{
    judge("Show S02 1080p WEB-DL", (struct row[]){ { "Show.S02E02.mkv", 500 },
                                                   { "Show.S02E01E02.mkv", 900 },
                                                   { "03 - The Third.mkv", 400 },
                                                   { "Show.S00E01.Special.mkv", 300 },
                                                   { "Extras/Gag Reel.mkv", 50 },
                                                   { "Subs/Show.S02E01/2_English.srt", 0 },
                                                   { NULL, 0 } });
    expect_episode(0, 2, 2, 2);
    expect_episode(1, 2, 1, 2);
    expect_episode(2, 2, 3, 3);
    expect_episode(3, 0, 1, 1);
    expect_role(4, TORRENT_FILE_EXTRA);
    assert_int_equal(files[5].episode, 1);
    assert_int_equal(torrent_files_best(files, n_files), 1);
    assert_int_equal(episode(2, 2), 0); /* not the one that begins with the first */
    assert_int_equal(episode(2, 1), 1);
    assert_int_equal(episode(2, 3), 2);
    assert_int_equal(episode(0, 1), 3);
    assert_int_equal(episode(1, 1), -1);
    assert_int_equal(episode(2, 9), -1);
}

static void a_whole_show_in_folders(void **state UNUSED)
{
    judge("Show Complete", (struct row[]){ { "Show/Season 1/01. Begin.mkv", 500 },
                                           { "Show/Season 2/01. Again.mkv", 500 },
                                           { NULL, 0 } });
    expect_episode(0, 1, 1, 1);
    expect_episode(1, 2, 1, 1);
    assert_int_equal(torrent_files_best(files, n_files), 0);
}

static void numbers_of_anime_have_no_season(void **state UNUSED)
{
    judge("[Group] Anime (1080p)",
          (struct row[]){ { "[Group] Anime - 07 [1080p].mkv", 300 }, { NULL, 0 } });
    expect_episode(0, -1, 7, 7);
    assert_int_equal(episode(3, 7), 0);
}

static void the_number_over_the_whole_show_finds_it_where_no_season_is_said(void **state UNUSED)
{
    judge("[Group] Anime (1080p)", (struct row[]){ { "[Group] Anime - 03 [1080p].mkv", 300 },
                                                   { "[Group] Anime - 15 [1080p].mkv", 300 },
                                                   { NULL, 0 } });
    struct torrent_wish wish = { .is_episode = true, .season = 2, .episode = 3, .absolute = 15 };
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 1);
    wish.absolute = 16;
    assert_int_equal(torrent_files_choose(files, n_files, &wish), -1);
    wish.absolute = 0;
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 0);
}

static void a_daily_show_is_found_by_its_day(void **state UNUSED)
{
    judge("Nightly 2020 WEB", (struct row[]){ { "Nightly.2020.06.17.Guest.720p.mkv", 300 },
                                              { "Nightly.2020.06.18.Other.720p.mkv", 300 },
                                              { NULL, 0 } });
    expect_role(0, TORRENT_FILE_EPISODE);
    assert_string_equal(files[1].air_date, "2020-06-18");
    struct torrent_wish wish = {
        .is_episode = true, .season = 5, .episode = 9, .air_date = "2020-06-18"
    };
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 1);
    wish.air_date = "2020-06-19";
    assert_int_equal(torrent_files_choose(files, n_files, &wish), -1);
    wish.air_date = NULL;
    assert_int_equal(torrent_files_choose(files, n_files, &wish), -1);
}

static void a_torrent_of_one_episode_says_it_for_its_file(void **state UNUSED)
{
    judge("Show.S03E04.1080p.WEB",
          (struct row[]){ { "abcdef.mkv", 900 }, { "abcdef-sample.mkv", 20 }, { NULL, 0 } });
    expect_episode(0, 3, 4, 4);
    expect_role(1, TORRENT_FILE_SAMPLE);
    assert_int_equal(episode(3, 4), 0);
    assert_int_equal(episode(3, 5), -1);
    assert_int_equal(episode(4, 4), -1);
}

static void samples_and_extras_are_no_episodes(void **state UNUSED)
{
    judge("Show S01", (struct row[]){ { "Show.S01E01.mkv", 900 },
                                      { "Sample/Show.S01E02.sample.mkv", 20 },
                                      { "Show.S01E03.srt", 0 },
                                      { NULL, 0 } });
    assert_int_equal(episode(1, 1), 0);
    assert_int_equal(episode(1, 2), -1);
    assert_int_equal(episode(1, 3), -1);
    assert_int_equal(episode(0, 1), -1);
}

static void an_episode_may_be_called_a_sample(void **state UNUSED)
{
    judge("Show S03", (struct row[]){ { "Show.S03E04.Long.mkv", 900 },
                                      { "Show.S03E05.Free.Sample.mkv", 200 },
                                      { "Show.S03E04.sample.mkv", 20 },
                                      { "Show.S03E05.sample.mkv", 20 },
                                      { "sample-Show.2020-06-18.mkv", 10 },
                                      { "Show.2020-06-18.mkv", 800 },
                                      { "sample.mkv", 20 },
                                      { NULL, 0 } });
    expect_episode(1, 3, 5, 5);
    for (size_t i = 2; i < 5; i++)
        expect_role(i, TORRENT_FILE_SAMPLE);
    expect_role(6, TORRENT_FILE_SAMPLE);
    assert_int_equal(files[3].episode, 0);
    assert_string_equal(files[4].air_date, "");
    assert_int_equal(episode(3, 5), 1);
    assert_int_equal(episode(3, 4), 0);
    /* The large one does not say what it is. */
    judge("Show.S03E04.1080p.WEB",
          (struct row[]){ { "abcdef.mkv", 900 }, { "Show.S03E04.sample.mkv", 20 }, { NULL, 0 } });
    expect_episode(0, 3, 4, 4);
    expect_role(1, TORRENT_FILE_SAMPLE);
    assert_int_equal(episode(3, 4), 0);
}

static void a_film_of_a_pack_may_be_called_like_an_extra(void **state UNUSED)
{
    struct torrent_wish wish = { .year = 2001 };
    judge("Enemy Lines 1-2", (struct row[]){ { "Behind.Enemy.Lines.2001.1080p.mkv", 700 },
                                             { "Behind.Enemy.Lines.II.2006.1080p.mkv", 900 },
                                             { "Behind the Scenes.mkv", 90 },
                                             { "Bonus - The Crew.mkv", 600 },
                                             { NULL, 0 } });
    expect_role(0, TORRENT_FILE_NONE);
    expect_role(1, TORRENT_FILE_MAIN);
    expect_role(2, TORRENT_FILE_EXTRA);
    expect_role(3, TORRENT_FILE_EXTRA);
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 0);
    /* Much smaller, as the torrent says itself. */
    judge("Behind Enemy Lines Collection", (struct row[]){ { "Behind.Enemy.Lines.2001.mkv", 90 },
                                                           { "Enemy.Lines.II.2006.mkv", 900 },
                                                           { NULL, 0 } });
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 0);
}

static void a_film_of_a_pack_is_found_by_its_year(void **state UNUSED)
{
    judge("Rocky Collection", (struct row[]){ { "Rocky (1976)/Rocky.1976.mkv", 800 },
                                              { "Rocky II (1979)/Rocky.II.1979.mkv", 900 },
                                              { "Rocky II (1979)/Rocky.II.1979.sample.mkv", 9 },
                                              { NULL, 0 } });
    struct torrent_wish wish = { .year = 1976 };
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 0);
    wish.year = 1979;
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 1);
    wish.year = 2001; /* nobody says it: as if nothing was asked */
    assert_int_equal(torrent_files_choose(files, n_files, &wish), 1);
    assert_int_equal(torrent_files_choose(files, 0, &wish), -1);
}

static void what_a_title_says_is_not_what_a_file_is(void **state UNUSED)
{
    judge("Extras", (struct row[]){ { "The.Sample.2012.mkv", 900 }, { NULL, 0 } });
    expect_role(0, TORRENT_FILE_MAIN);
    judge("x",
          (struct row[]){ { "Trailer Park Boys.mkv", 900 }, { "other.mkv", 100 }, { NULL, 0 } });
    expect_role(0, TORRENT_FILE_MAIN);
    expect_role(1, TORRENT_FILE_NONE);
    judge("1917", (struct row[]){ { "1917.2019.mkv", 900 }, { NULL, 0 } });
    expect_role(0, TORRENT_FILE_MAIN);
    judge("x", (struct row[]){ { "12 Angry Men.mkv", 900 }, { NULL, 0 } });
    expect_role(0, TORRENT_FILE_MAIN);
}

static void nothing_to_play_is_nothing_to_play(void **state UNUSED)
{
    judge("x",
          (struct row[]){ { "film.r00", 50 }, { "film.rar", 50 }, { "readme", 1 }, { NULL, 0 } });
    assert_int_equal(torrent_files_best(files, n_files), -1);
    assert_int_equal(files[0].danger, TORRENT_FILE_PACKED);
    assert_int_equal(files[1].danger, TORRENT_FILE_PACKED);
    assert_int_equal(files[2].danger, TORRENT_FILE_HARMLESS);
    assert_int_equal(torrent_files_best(files, 0), -1);
    judge("x", (struct row[]){ { "a.mp3", 5 }, { "b.mp3", 9 }, { NULL, 0 } });
    assert_int_equal(torrent_files_best(files, n_files), 1);
}

static void programs_are_marked_whatever_they_call_themselves(void **state UNUSED)
{
    judge("x", (struct row[]){ { "Film.2020.mp4.exe", 900 },
                               { "codec.SCR", 1 },
                               { "play.lnk", 1 },
                               { "Film.mkv", 10 },
                               { NULL, 0 } });
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(files[i].danger, TORRENT_FILE_EXECUTABLE);
        assert_int_equal(files[i].kind, TORRENT_FILE_OTHER);
        assert_string_equal(files[i].mime, "application/octet-stream");
    }
    assert_int_equal(torrent_files_best(files, n_files), 3);
}

static void names_of_any_shape_are_judged(void **state UNUSED)
{
    static const char *const paths[] = { "",         "/",      ".",        "..",
                                         ".mkv",     "a/",     "a/.mkv",   "a.",
                                         "\xff.mkv", "a.mkv/", "//",       "a..mkv",
                                         "E.mkv",    "-.srt",  "()[].srt", "999999999999.mkv" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        judge("S01", (struct row[]){ { paths[i], 1 }, { NULL, 0 } });
        assert_non_null(files[0].mime);
        assert_non_null(torrent_file_kind_word(files[0].kind));
    }
    judge("", (struct row[]){ { ".mkv", 1 }, { NULL, 0 } });
    assert_int_equal(files[0].kind, TORRENT_FILE_OTHER);
}

static void languages_of_subtitles_are_told_by_their_names(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { "Film.2010.pt-BR.forced.srt", "pt-BR" },
        { "Film.en.srt", "en" },
        { "eng.srt", "en" },
        { "English (SDH).srt", "en" },
        { "Film.German.ass", "de" },
        { "3_French.srt", "fr" },
        { "Film.srt", "" },
        { "Film.1080p.srt", "" },
        { "2_.srt", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        judge("x", (struct row[]){ { pairs[i][0], 1 }, { NULL, 0 } });
        assert_string_equal(files[0].language, pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_film_with_what_comes_with_it),
        cmocka_unit_test(a_pack_of_episodes),
        cmocka_unit_test(a_whole_show_in_folders),
        cmocka_unit_test(numbers_of_anime_have_no_season),
        cmocka_unit_test(the_number_over_the_whole_show_finds_it_where_no_season_is_said),
        cmocka_unit_test(a_daily_show_is_found_by_its_day),
        cmocka_unit_test(a_torrent_of_one_episode_says_it_for_its_file),
        cmocka_unit_test(samples_and_extras_are_no_episodes),
        cmocka_unit_test(an_episode_may_be_called_a_sample),
        cmocka_unit_test(a_film_of_a_pack_may_be_called_like_an_extra),
        cmocka_unit_test(a_film_of_a_pack_is_found_by_its_year),
        cmocka_unit_test(what_a_title_says_is_not_what_a_file_is),
        cmocka_unit_test(nothing_to_play_is_nothing_to_play),
        cmocka_unit_test(programs_are_marked_whatever_they_call_themselves),
        cmocka_unit_test(names_of_any_shape_are_judged),
        cmocka_unit_test(languages_of_subtitles_are_told_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
