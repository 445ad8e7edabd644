/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "index/fold.h"

/* The words of `text` with '|' between. */
static void assert_folds_as(const char *text, unsigned ways, const char *words)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    CLEANUP(text_done) struct text joined = TEXT_INIT(8192);
    fold_text_as(text, strlen(text), ways, fold);
    for (size_t i = 0; i < fold->n; i++) {
        text_add_string(&joined, i ? "|" : "");
        text_add_string(&joined, fold->words[i]);
    }
    assert_string_equal(text_string(&joined), words);
}

static void assert_folds(const char *text, const char *words)
{
    assert_folds_as(text, 0, words);
}

/* Which other ways of writing it give other words. */
static void assert_ways(const char *text, unsigned ways)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    fold_text(text, strlen(text), fold);
    assert_int_equal(fold->ways, ways);
    for (unsigned other = 1; other < FOLD_WAYS; other++)
        if (!(other & ways)) {
            CLEANUP(mem_free) struct fold *again = mem_new(struct fold);
            fold_text_as(text, strlen(text), other, again);
            assert_int_equal(again->n, fold->n);
            for (size_t i = 0; i < fold->n; i++)
                assert_string_equal(again->words[i], fold->words[i]);
        }
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
    assert_folds("8½", "8|1|2");
    assert_folds("Naked Gun 33⅓", "naked|gun|33|1|3");
    assert_folds("8 1/2", "8|1|2");
    assert_folds("Rocky Ⅳ", "rocky|4");
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
    assert_folds("Part XVI", "part|16");
    assert_folds("Part XXIX", "part|29");
    assert_folds("XX xXx", "xx|xxx");
    assert_folds("XXXI", "xxxi");
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

static void groups_of_three_digits_are_one_number(void **state UNUSED)
{
    assert_folds("20,000 Leagues", "20000|leagues");
    assert_folds("20.000 Meilen", "20000|meilen");
    assert_folds("20 000 lieues", "20000|lieues");
    assert_folds("20\u202f000 lieues", "20000|lieues");
    assert_folds("1,000,000 B.C.", "1000000|bc");
    assert_folds("2,345", "2345");
}

static void other_numbers_stay_apart(void **state UNUSED)
{
    assert_folds("20, 000", "20|000");
    assert_folds("20,00", "20|00");
    assert_folds("20,0000", "20|0000");
    assert_folds("2001,000", "2001|000");
    assert_folds("007.300", "007|300");
    assert_folds("12 300", "12|300");
    assert_folds("Up,000", "up|000");
    assert_folds("東,000", "東|000");
    assert_folds("000", "000");
    assert_folds("20,\u0663\u0663\u0663", "20|\u0663\u0663\u0663");
}

static void what_a_sign_joins_may_be_one_word(void **state UNUSED)
{
    assert_folds_as("Spider-Man: Far From Home", FOLD_JOINED, "spiderman|far|from|home");
    assert_folds_as("Face/Off", FOLD_JOINED, "faceoff");
    assert_folds_as("AC/DC", FOLD_JOINED, "acdc");
    assert_folds_as("WALL·E", FOLD_JOINED, "walle");
    assert_folds_as("M*A*S*H", FOLD_JOINED, "mash");
    assert_folds_as("Spider\u2010Man", FOLD_JOINED, "spiderman");
    assert_folds_as("バック・バニー", FOLD_JOINED, "ハッ|ック|クハ|ハニ|ニー|ー");
    assert_ways("Spider-Man", FOLD_JOINED);
    assert_folds_as("嵐を 呼ぶ！", FOLD_JOINED, "嵐を|を呼|呼ふ|ふ");
    assert_folds_as("アキラ 2-3", FOLD_JOINED, "アキ|キラ|ラ|23");
    assert_folds_as("東&西", FOLD_JOINED, "東|and|西");
    assert_ways("バック・バニー", FOLD_JOINED);
    assert_ways("東京、 物語", FOLD_JOINED);
    assert_ways("Spider--Man", FOLD_JOINED);
    assert_ways("アキラ-2", 0);
    assert_ways("2:東", 0);
    assert_ways("東&西", 0);
    assert_ways("Léon - Der Profi", 0);
    assert_ways("Dune: Part Two", 0);
    assert_ways("Spider- Man", 0);
    assert_ways("-Man -", 0);
    assert_ways("8½", 0);
}

static void what_an_apostrophe_splits_off_may_go(void **state UNUSED)
{
    assert_folds_as("L'Atalante", FOLD_BARE, "atalante");
    assert_folds_as("L\u2019Été d\u2019avant", FOLD_BARE, "ete|avant");
    assert_folds_as("Ocean's Twelve", FOLD_BARE, "ocean|twelve");
    assert_folds_as("Spider-Man's Day", FOLD_BARE | FOLD_JOINED, "spiderman|day");
    assert_ways("L'Atalante", FOLD_BARE);
    assert_ways("Ocean's Twelve", FOLD_BARE);
    assert_ways("Spider-Man's Day", FOLD_BARE | FOLD_JOINED);
    assert_ways("It's I'm Don't O'Hara", 0);
    assert_ways("Rock 'n' Roll", 0);
    assert_ways("Gullivers' Travels", 0);
    assert_ways("rock'n'roll", 0);
    assert_ways("' ' l' 's", 0);
}

static void scripts_without_spaces_become_pairs_and_the_last_character(void **state UNUSED)
{
    assert_folds("東京物語", "東京|京物|物語|語");
    assert_folds("鬼", "鬼");
    assert_folds("AKIRA アキラ 2", "akira|アキ|キラ|ラ|2");
    assert_folds("佐々木", "佐々|々木|木");
    assert_folds("ー2", "ー|2");
    assert_folds("เห็นผี", "เห|หน|นผ|ผ");
}

/* As letters, so that a syllable may still be typed. */
static void hangul_becomes_pairs_of_syllables(void **state UNUSED)
{
    assert_folds(
        "기생충",
        "\u1100\u1175\u1109\u1162\u11bc|\u1109\u1162\u11bc\u110e\u116e\u11bc|\u110e\u116e\u11bc");
    assert_folds(
        "올드 보이",
        "\u110b\u1169\u11af\u1103\u1173|\u1103\u1173|\u1107\u1169\u110b\u1175|\u110b\u1175");
    assert_folds("기ㅅ", "\u1100\u1175\u1109|\u1109");
    assert_folds("그", "\u1100\u1173");
    assert_folds("ㅏㅏㅏㅏㅏㅏㅏ", "\u1161\u1161\u1161\u1161\u1161\u1161\u1161|\u1161\u1161");
}

static void assert_marks(const char *text, size_t n, const uint8_t *marks)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    fold_text(text, strlen(text), fold);
    assert_int_equal(fold->n, n);
    assert_memory_equal(fold->marks, marks, n);
}

static void what_may_go_on_and_what_goes_without_saying_is_marked(void **state UNUSED)
{
    assert_marks("big bunny", 2, (uint8_t[]){ 0, FOLD_OPEN });
    assert_marks("鬼 2", 2, (uint8_t[]){ FOLD_OPEN, FOLD_OPEN });
    assert_marks("東京 2", 3, (uint8_t[]){ 0, FOLD_OPEN | FOLD_IMPLIED, FOLD_OPEN });
    assert_marks("기생", 2, (uint8_t[]){ FOLD_OPEN, FOLD_OPEN | FOLD_IMPLIED });
}

static void a_dot_between_kana_separates(void **state UNUSED)
{
    assert_folds("バック・バニー", "ハッ|ック|ク|ハニ|ニー|ー");
    assert_folds("七人、侍。", "七人|人|侍");
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

/* Whatever stands beside whatever. */
static void any_mixture_becomes_words(void **state UNUSED)
{
    static const char *const pieces[] = { "s",  "L", "'", "\u2019", "-",    "/",   "\u00b7",
                                          ".",  ",", " ", "0",      "00",   "000", "1",
                                          "II", "x", "&", "東",     "ー",   "기",  "ㅏ",
                                          "ㄱ", "ผี", "½", "\u00b2", "\xff", "é" };
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    uint64_t chance = 88172645463325252;
    for (int round = 0; round < 20000; round++) {
        CLEANUP(text_done) struct text text = TEXT_INIT(4096);
        for (unsigned i = 0; i < (unsigned)round % 90; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            text_add_string(&text, pieces[(chance >> 33) % ARRAY_LEN(pieces)]);
        }
        fold_text_as(text_string(&text), text.len, (unsigned)round % FOLD_WAYS, fold);
        assert_true(fold->n <= FOLD_MAX_WORDS);
        assert_true(!fold->n || fold->marks[fold->n - 1] & FOLD_OPEN);
        assert_true(!fold->n || !(fold->marks[0] & FOLD_IMPLIED));
        for (size_t i = 0; i < fold->n; i++) {
            size_t len = strnlen(fold->words[i], FOLD_WORD_LEN);
            assert_true(len > 0 && len < FOLD_WORD_LEN);
            assert_true(text_is_utf8(fold->words[i], len));
        }
    }
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
        cmocka_unit_test(groups_of_three_digits_are_one_number),
        cmocka_unit_test(other_numbers_stay_apart),
        cmocka_unit_test(what_a_sign_joins_may_be_one_word),
        cmocka_unit_test(what_an_apostrophe_splits_off_may_go),
        cmocka_unit_test(scripts_without_spaces_become_pairs_and_the_last_character),
        cmocka_unit_test(hangul_becomes_pairs_of_syllables),
        cmocka_unit_test(what_may_go_on_and_what_goes_without_saying_is_marked),
        cmocka_unit_test(a_dot_between_kana_separates),
        cmocka_unit_test(hebrew_arabic_greek_and_cyrillic_are_words),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(broken_utf8_makes_no_words_and_no_harm),
        cmocka_unit_test(a_word_is_cut_and_words_are_counted),
        cmocka_unit_test(any_mixture_becomes_words),
        cmocka_unit_test(only_four_digits_are_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
