/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "media/subtitle.h"

static void expect_bytes(const char *bytes, size_t len, const char *vtt)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    if (subtitle_to_vtt(bytes, len, &out, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(text_string(&out), vtt);
}

static void expect(const char *srt, const char *vtt)
{
    expect_bytes(srt, strlen(srt), vtt);
}

static void refuse(const char *srt, int code)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    assert_int_equal(subtitle_to_vtt(srt, strlen(srt), &out, &err), code);
    assert_string_not_equal(err.text, "");
}

static void cues_become_cues(void **state UNUSED)
{
    expect(
        "1\n00:00:01,000 --> 00:00:02,500\nHello\nyou\n\n2\n01:00:00,000 --> 01:00:01,000\nBye\n",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\nyou\n\n"
        "01:00:00.000 --> 01:00:01.000\nBye\n\n");
}

static void line_ends_of_all_systems_are_line_ends(void **state UNUSED)
{
    static const char vtt[] = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA\nB\n\n";
    expect("1\r\n00:00:01,000 --> 00:00:02,000\r\nA\r\nB\r\n\r\n", vtt);
    expect("1\r00:00:01,000 --> 00:00:02,000\rA\rB\r", vtt);
    expect("1\n00:00:01,000 --> 00:00:02,000\nA\nB", vtt);
}

static void careless_times_are_read(void **state UNUSED)
{
    static const char vtt[] = "WEBVTT\n\n00:00:01.500 --> 00:01:02.000\nA\n\n";
    expect("00:00:01.5-->0:01:02\nA\n", vtt);
    expect("1\n  0:0:1,50 -->  1:2,0  X1:10 X2:20\nA\n", vtt);
}

static void tags_that_mean_the_same_stay_and_others_go(void **state UNUSED)
{
    expect("1\n00:00:01,000 --> 00:00:02,000\n<I>soft</I> <font color=\"#ff0000\">red</font>\n"
           "{\\an8}above {not this}\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<i>soft</i> red\nabove {not this}\n\n");
}

static void signs_with_a_meaning_lose_it(void **state UNUSED)
{
    expect("1\n00:00:01,000 --> 00:00:02,000\nTom & Jerry 1 < 2 --> 3\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nTom &amp; Jerry 1 &lt; 2 --&gt; 3\n\n");
}

static void a_blank_line_inside_a_text_does_not_end_it(void **state UNUSED)
{
    expect("1\n00:00:01,000 --> 00:00:02,000\nA\n\nB\n\n2\n00:00:03,000 --> 00:00:04,000\nC\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nA\nB\n\n"
           "00:00:03.000 --> 00:00:04.000\nC\n\n");
}

static void a_number_in_a_text_is_text(void **state UNUSED)
{
    expect("1\n00:00:01,000 --> 00:00:02,000\n1917\n2012\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n1917\n2012\n\n");
}

static void what_cannot_be_read_is_left_out(void **state UNUSED)
{
    expect("nonsense\n1\n00:00:02,000 --> 00:00:01,000\nbackwards\n\n"
           "2\n00:00:99,000 --> 00:01:00,000\nno such second\n\n"
           "3\n00:00:05,000 --> 00:00:06,000\nGood\n",
           "WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nGood\n\n");
}

static void webvtt_stays_what_it_is(void **state UNUSED)
{
    static const char vtt[] =
        "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hi\n";
    expect(vtt, vtt);
    expect_bytes("\xef\xbb\xbfWEBVTT\n", 10, "WEBVTT\n");
}

static void marks_tell_the_character_set(void **state UNUSED)
{
    static const char srt[] = "00:00:01,000 --> 00:00:02,000\n\351\n"; /* Latin 1 */
    char utf16[2 * sizeof srt] = "\xff\xfe";
    for (size_t i = 0; i < sizeof srt - 1; i++) {
        utf16[2 + 2 * i] = srt[i];
        utf16[3 + 2 * i] = 0;
    }
    expect_bytes(utf16, sizeof utf16, "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\xc3\xa9\n\n");
}

static void old_character_sets_are_guessed(void **state UNUSED)
{
    /* "Привет, как дела? Хорошо, спасибо." in Windows-1251. */
    expect("1\n00:00:01,000 --> 00:00:02,000\n\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea "
           "\xe4\xe5\xeb\xe0? \xd5\xee\xf0\xee\xf8\xee, \xf1\xef\xe0\xf1\xe8\xe1\xee.\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nПривет, как дела? Хорошо, спасибо.\n\n");
    /* A little French in Windows-1252. */
    expect("1\n00:00:01,000 --> 00:00:02,000\nUn \xe9l\xe8ve na\357f \xe0 No\xebl, "
           "\xe7"
           "a c'\xe9tait l'\xe9t\xe9 dernier, tr\xe8s bient\xf4t\n",
           "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"
           "Un élève naïf à Noël, ça c'était l'été dernier, très bientôt\n\n");
}

static void what_has_no_cue_is_refused(void **state UNUSED)
{
    refuse("", PROVIDER_EPARSE);
    refuse("<html><body>Not found</body></html>", PROVIDER_EPARSE);
    refuse("00:00:01,000 -> 00:00:02,000\nA\n", PROVIDER_EPARSE);
    refuse("100:00:01,000 --> 101:00:02,000\nA\n", PROVIDER_EPARSE);
    refuse("WEBVTTX\n", PROVIDER_EPARSE);
    expect_bytes("1\n00:00:01,000 --> 00:00:02,000\nA\0B\n", 35,
                 "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAB\n\n");
}

static void what_is_too_large_is_refused(void **state UNUSED)
{
    CLEANUP(mem_free) char *large = mem_alloc_array(SUBTITLE_MAX + 1, 1);
    memset(large, 'x', SUBTITLE_MAX + 1);
    CLEANUP(text_done) struct text out = TEXT_INIT(40);
    struct error err = { 0 };
    assert_int_equal(subtitle_to_vtt(large, SUBTITLE_MAX + 1, &out, &err), PROVIDER_ELIMIT);
    static const char srt[] = "00:00:01,000 --> 00:00:02,000\nmore than fits\n";
    assert_int_equal(subtitle_to_vtt(srt, sizeof srt - 1, &out, &err), PROVIDER_ELIMIT);
}

static void names_tell_what_can_be_converted(void **state UNUSED)
{
    assert_true(subtitle_is_text("Film/Film.en.srt"));
    assert_true(subtitle_is_text("film.VTT"));
    assert_false(subtitle_is_text("film.sub"));
    assert_false(subtitle_is_text(".srt"));
    assert_false(subtitle_is_text(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cues_become_cues),
        cmocka_unit_test(line_ends_of_all_systems_are_line_ends),
        cmocka_unit_test(careless_times_are_read),
        cmocka_unit_test(tags_that_mean_the_same_stay_and_others_go),
        cmocka_unit_test(signs_with_a_meaning_lose_it),
        cmocka_unit_test(a_blank_line_inside_a_text_does_not_end_it),
        cmocka_unit_test(a_number_in_a_text_is_text),
        cmocka_unit_test(what_cannot_be_read_is_left_out),
        cmocka_unit_test(webvtt_stays_what_it_is),
        cmocka_unit_test(marks_tell_the_character_set),
        cmocka_unit_test(old_character_sets_are_guessed),
        cmocka_unit_test(what_has_no_cue_is_refused),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(names_tell_what_can_be_converted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
