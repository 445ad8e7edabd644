/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "ctl/ctl.h"
#include "ctl/follow.h"
#include "ctl/human.h"

static void sizes_are_read_at_a_glance(void **state UNUSED)
{
    char out[HUMAN_LEN];
    assert_string_equal(human_bytes(0, out), "0 B");
    assert_string_equal(human_bytes(1023, out), "1023 B");
    assert_string_equal(human_bytes(1024, out), "1.0 KiB");
    assert_string_equal(human_bytes(1536, out), "1.5 KiB");
    assert_string_equal(human_bytes(1048575, out), "1.0 MiB");
    assert_string_equal(human_bytes(5368709120, out), "5.0 GiB");
    assert_string_equal(human_bytes(INT64_MAX, out), "8.0 EiB");
    assert_string_equal(human_bytes(-5, out), "0 B");
}

static void counts_have_their_commas(void **state UNUSED)
{
    char out[HUMAN_LEN];
    assert_string_equal(human_count(0, out), "0");
    assert_string_equal(human_count(999, out), "999");
    assert_string_equal(human_count(1000, out), "1,000");
    assert_string_equal(human_count(1234567, out), "1,234,567");
    assert_string_equal(human_count(-1234, out), "-1,234");
    assert_string_equal(human_count(INT64_MAX, out), "9,223,372,036,854,775,807");
    assert_string_equal(human_count(INT64_MIN, out), "-9,223,372,036,854,775,808");
}

static void durations_have_two_units_at_most(void **state UNUSED)
{
    char out[HUMAN_LEN];
    assert_string_equal(human_duration(0, out), "0 s");
    assert_string_equal(human_duration(59, out), "59 s");
    assert_string_equal(human_duration(60, out), "1 min");
    assert_string_equal(human_duration(192, out), "3 min 12 s");
    assert_string_equal(human_duration(3600, out), "1 h");
    assert_string_equal(human_duration(90061, out), "1 d 1 h");
    assert_string_equal(human_duration(-7, out), "0 s");
    assert_true(strlen(human_duration(INT64_MAX, out)) < HUMAN_LEN);
}

static void an_age_knows_past_and_future_and_nonsense(void **state UNUSED)
{
    char out[HUMAN_LEN];
    const int64_t now_ms = 1795358532000; /* 2026-11-22T14:42:12Z */
    assert_string_equal(human_age("2026-11-22T14:40:00Z", now_ms, out), "2 min 12 s ago");
    assert_string_equal(human_age("2026-11-22T14:42:32Z", now_ms, out), "in 20 s");
    assert_string_equal(human_age("yesterday", now_ms, out), "-");
    assert_string_equal(human_age("", now_ms, out), "-");
    assert_string_equal(human_age(NULL, now_ms, out), "-");
}

static void a_share_of_nothing_is_none(void **state UNUSED)
{
    char out[HUMAN_LEN];
    assert_string_equal(human_share(1, 3, out), "33 %");
    assert_string_equal(human_share(0, 0, out), "-");
    assert_string_equal(human_share(5, -1, out), "-");
}

/* What the table prints on a terminal of that width. */
static void expect(const struct table *table, unsigned width, const char *expected)
{
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    table_print(table, width, out);
    fclose(out);
    assert_string_equal(printed, expected);
    free(printed);
}

static void columns_are_as_wide_as_their_widest_cell(void **state UNUSED)
{
    CLEANUP(table_done) struct table table = { .heading = ">N|NAME|WHY" };
    table_cell(&table, "1");
    table_cell(&table, "tmdb");
    table_cell(&table, "%s", "well");
    table_end_row(&table);
    table_cell(&table, "100");
    table_cell(&table, "x");
    table_cell(&table, "%s", "");
    table_end_row(&table);
    expect(&table, 0, "  N  NAME  WHY\n  1  tmdb  well\n100  x\n");
}

static void wide_and_combining_characters_take_what_a_terminal_gives_them(void **state UNUSED)
{
    CLEANUP(table_done) struct table table = { 0 };
    table_cell(&table, "吸血鬼");
    table_cell(&table, "1");
    table_end_row(&table);
    table_cell(&table, "e\xCC\x81t\xC3\xA9"); /* é as two characters, t, é as one */
    table_cell(&table, "2");
    table_end_row(&table);
    expect(&table, 0, "吸血鬼  1\ne\xCC\x81t\xC3\xA9     2\n");
}

static void the_last_column_is_cut_where_the_terminal_ends(void **state UNUSED)
{
    CLEANUP(table_done) struct table table = { .heading = "A|TITLE" };
    table_cell(&table, "1");
    table_cell(&table, "吸血鬼ノスフェラトゥ");
    table_end_row(&table);
    expect(&table, 10, "A  TITLE\n1  吸血鬼…\n");
    expect(&table, 2, "A  TITLE\n1  吸血鬼ノスフェラトゥ\n");
}

static void a_cell_cannot_break_its_row_or_command_the_terminal(void **state UNUSED)
{
    CLEANUP(table_done) struct table table = { 0 };
    table_cell(&table, "%s", "a\tb\nc\033[2Jd\x7F");
    table_cell(&table, "\xFF\xC3");
    table_end_row(&table);
    expect(&table, 0, "a b c [2Jd   \xFF\xC3\n");
}

static void more_columns_than_are_known_do_no_harm(void **state UNUSED)
{
    CLEANUP(table_done) struct table table = { .heading = "A" };
    for (int i = 0; i < TABLE_COLUMNS * 3; i++)
        table_cell(&table, "x");
    table_end_row(&table);
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    table_print(&table, 0, out);
    fclose(out);
    assert_true(len > TABLE_COLUMNS * 3);
    free(printed);
}

static void an_empty_table_prints_nothing(void **state UNUSED)
{
    struct table table = { 0 };
    expect(&table, 0, "");
}

static void expect_wrapped(const char *text, unsigned indent, unsigned width, const char *expected)
{
    char *printed = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&printed, &len);
    table_wrap(text, indent, width, out);
    fclose(out);
    assert_string_equal(printed, expected);
    free(printed);
}

static void paragraphs_break_between_words(void **state UNUSED)
{
    expect_wrapped("one two  three\nfour", 0, 9, "one two\nthree\nfour\n");
    expect_wrapped("one two", 2, 40, "  one two\n");
    expect_wrapped("unbreakable x", 0, 4, "unbreakable\nx\n");
    expect_wrapped("a\033b", 0, 40, "a?b\n");
    expect_wrapped(" \n ", 0, 40, "");
}

static void expect_line(const char *job, const char *expected)
{
    json_auto_t *value = json_loads(job, 0, NULL);
    CLEANUP(text_done) struct text line = TEXT_INIT(1000);
    follow_line(value, &line);
    assert_string_equal(text_string(&line), expected);
}

static void the_live_line_shows_rate_and_what_is_left(void **state UNUSED)
{
    expect_line("{\"phase\":\"fetching\",\"done\":1000,\"total\":4000,\"rate_per_s\":584.7,"
                "\"errors\":1}",
                "[######..................]  25 %  fetching: 1,000 of 4,000, 585/s, 6 s left, "
                "1 error");
    expect_line("{\"phase\":\"listing\",\"done\":12,\"rate_per_s\":0.5,\"errors\":2}",
                "listing: 12, 0.5/s, 2 errors");
}

static void the_live_line_survives_odd_numbers(void **state UNUSED)
{
    expect_line("{}", "working: 0");
    expect_line("{\"done\":5,\"total\":0}", "working: 5");
    expect_line("{\"done\":9,\"total\":4,\"rate_per_s\":1.0}",
                "[########################] 100 %  working: 9 of 4, 1.0/s");
    expect_line("{\"done\":-3,\"total\":4}", "[........................]   0 %  working: -3 of 4");
    expect_line("{\"done\":\"x\",\"total\":null,\"phase\":7}", "working: 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read_at_a_glance),
        cmocka_unit_test(counts_have_their_commas),
        cmocka_unit_test(durations_have_two_units_at_most),
        cmocka_unit_test(an_age_knows_past_and_future_and_nonsense),
        cmocka_unit_test(a_share_of_nothing_is_none),
        cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
        cmocka_unit_test(wide_and_combining_characters_take_what_a_terminal_gives_them),
        cmocka_unit_test(the_last_column_is_cut_where_the_terminal_ends),
        cmocka_unit_test(a_cell_cannot_break_its_row_or_command_the_terminal),
        cmocka_unit_test(more_columns_than_are_known_do_no_harm),
        cmocka_unit_test(an_empty_table_prints_nothing),
        cmocka_unit_test(paragraphs_break_between_words),
        cmocka_unit_test(the_live_line_shows_rate_and_what_is_left),
        cmocka_unit_test(the_live_line_survives_odd_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
