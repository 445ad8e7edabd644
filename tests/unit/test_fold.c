/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "index/fold.h"

/* The words of `text` with '|' between. */
static void assert_folds(const char *text, const char *words)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    CLEANUP(text_done) struct text joined = TEXT_INIT(8192);
    fold_text(text, strlen(text), fold);
    for (size_t i = 0; i < fold->n; i++) {
        text_add_string(&joined, i ? "|" : "");
        text_add_string(&joined, fold->words[i]);
    }
    assert_string_equal(text_string(&joined), words);
}

static void case_and_punctuation_go(void **state UNUSED)
{
    assert_folds("The Matrix: Reloaded!", "the|matrix|reloaded");
    assert_folds("  Spider-Man/Homecoming  ", "spider|man|homecoming");
    assert_folds("Don't Look Up", "dont|look|up");
    assert_folds("Don\u2019t Look Up", "dont|look|up");
}

static void diacritics_width_and_ligatures_go(void **state UNUSED)
{
    assert_folds("Amélie", "amelie");
    assert_folds("Ame\u0301lie", "amelie");
    assert_folds("Čarodějův učeň", "carodejuv|ucen");
    assert_folds("ＭＡＴＲＩＸ", "matrix");
    assert_folds("\uFB01lm", "film");
    assert_folds("Straße", "strasse");
}

static void letters_that_do_not_come_apart_are_written_as_typed(void **state UNUSED)
{
    assert_folds("Æon Flux", "aeon|flux");
    assert_folds("Øyvind Łódź", "oyvind|lodz");
    assert_folds("Þórr Œuvre Kız", "thorr|oeuvre|kiz");
}

static void initials_are_one_word(void **state UNUSED)
{
    assert_folds("D.O.A.", "doa");
    assert_folds("E.T. the Extra-Terrestrial", "et|the|extra|terrestrial");
    assert_folds("J. Edgar", "j|edgar");
    assert_folds("J.Edgar", "j|edgar");
    assert_folds("Mr. Brooks", "mr|brooks");
    assert_folds("Vol.2", "vol|2");
    assert_folds("2.0", "2|0");
}

static void a_raised_digit_is_a_word(void **state UNUSED)
{
    assert_folds("Alien\u00b3", "alien|3");
    assert_folds("\u00b2\u00b3", "2|3");
    assert_folds("Amélie\u00b2 ", "amelie|2");
}

static void an_ampersand_is_a_word(void **state UNUSED)
{
    assert_folds("Tom & Jerry", "tom|and|jerry");
    assert_folds("Tom&Jerry", "tom|and|jerry");
    assert_folds("&", "and");
}

static void roman_numbers_of_sequels_are_digits(void **state UNUSED)
{
    assert_folds("Rocky II", "rocky|2");
    assert_folds("Henry VIII", "henry|8");
    assert_folds("Rocky V", "rocky|v");
    assert_folds("Malcolm X", "malcolm|x");
    assert_folds("I Robot", "i|robot");
    assert_folds("IIII", "iiii");
    assert_folds("vivid", "vivid");
}

static void the_last_word_is_kept_as_typed_when_it_became_a_digit(void **state UNUSED)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    fold_text("Uncle Vi", 8, fold);
    assert_string_equal(fold->words[1], "6");
    assert_string_equal(fold->typed, "vi");
    fold_text("vi king", 7, fold);
    assert_string_equal(fold->typed, "");
    fold_text("vi &", 4, fold);
    assert_string_equal(fold->typed, "");
}

static void scripts_without_spaces_become_pairs(void **state UNUSED)
{
    assert_folds("東京物語", "東京|京物|物語");
    assert_folds("鬼", "鬼");
    assert_folds("AKIRA アキラ 2", "akira|アキ|キラ|2");
    assert_folds("佐々木", "佐々|々木");
}

static void a_dot_between_kana_separates(void **state UNUSED)
{
    assert_folds("バック・バニー", "ハッ|ック|ハニ|ニー");
    assert_folds("七人、侍。", "七人|侍");
}

static void hebrew_arabic_greek_and_cyrillic_are_words(void **state UNUSED)
{
    assert_folds("Большой КРОЛИК", "большои|кролик");
    assert_folds("Ταξίδι", "ταξιδι");
    assert_folds("שלום עולם", "שלום|עולם");
}

static void nothing_comes_of_nothing(void **state UNUSED)
{
    assert_folds("", "");
    assert_folds("   ", "");
    assert_folds("!!! ... ???", "");
    assert_folds("\u200b\u00ad", "");
    assert_folds("💥", "");
}

static void broken_utf8_makes_no_words_and_no_harm(void **state UNUSED)
{
    assert_folds("\xff\xfe\xfd", "");
    assert_folds("caf\xc3", "");
}

static void a_word_is_cut_and_words_are_counted(void **state UNUSED)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    CLEANUP(text_done) struct text text = TEXT_INIT(100000);
    for (int i = 0; i < 5000; i++)
        text_add_string(&text, "東");
    fold_text(text.bytes, text.len, fold);
    assert_int_equal(fold->n, FOLD_MAX_WORDS);
    text_clear(&text);
    for (int i = 0; i < 500; i++)
        text_add_string(&text, "я");
    fold_text(text.bytes, text.len, fold);
    assert_int_equal(fold->n, 1);
    assert_true(strlen(fold->words[0]) < FOLD_WORD_LEN);
    assert_true(text_is_utf8(fold->words[0], strlen(fold->words[0])));
}

static void only_four_digits_are_a_year(void **state UNUSED)
{
    assert_int_equal(fold_year("1927"), 1927);
    assert_int_equal(fold_year("1869"), 0);
    assert_int_equal(fold_year("2201"), 0);
    assert_int_equal(fold_year("19277"), 0);
    assert_int_equal(fold_year("+927"), 0);
    assert_int_equal(fold_year("abcd"), 0);
    assert_int_equal(fold_year(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_punctuation_go),
        cmocka_unit_test(diacritics_width_and_ligatures_go),
        cmocka_unit_test(letters_that_do_not_come_apart_are_written_as_typed),
        cmocka_unit_test(initials_are_one_word),
        cmocka_unit_test(a_raised_digit_is_a_word),
        cmocka_unit_test(an_ampersand_is_a_word),
        cmocka_unit_test(roman_numbers_of_sequels_are_digits),
        cmocka_unit_test(the_last_word_is_kept_as_typed_when_it_became_a_digit),
        cmocka_unit_test(scripts_without_spaces_become_pairs),
        cmocka_unit_test(a_dot_between_kana_separates),
        cmocka_unit_test(hebrew_arabic_greek_and_cyrillic_are_words),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(broken_utf8_makes_no_words_and_no_harm),
        cmocka_unit_test(a_word_is_cut_and_words_are_counted),
        cmocka_unit_test(only_four_digits_are_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
