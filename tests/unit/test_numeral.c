/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "index/numeral.h"

static void roman_numbers_have_digits(void **state UNUSED)
{
    static const char *const tens[] = { "", "x", "xx" };
    static const char *const ones[] = {
        "", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"
    };
    for (unsigned n = 0; n < 30; n++) {
        char roman[16], digits[4];
        bool is_word = n == 0 || n == 1 || n == 5 || n == 10 || n == 20;
        snprintf(roman, sizeof roman, "%s%s", tens[n / 10], ones[n % 10]);
        snprintf(digits, sizeof digits, "%u", n);
        if (is_word)
            assert_null(numeral_digits(roman));
        else
            assert_string_equal(numeral_digits(roman), digits);
    }
}

static void words_and_broken_numbers_have_none(void **state UNUSED)
{
    static const char *const words[] = { "",     "i",    "v",    "x",    "xx",  "xxx",
                                         "xxxi", "iiii", "iivx", "vivi", "ivy", "xiii2",
                                         "2",    "six",  "mix",  "II" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        assert_null(numeral_digits(words[i]));
}

static void letters_and_digits_mean_each_other(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { "5", "v" }, { "10", "x" }, { "20", "xx" }, { "30", "xxx" }
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_string_equal(numeral_also(pairs[i][0]), pairs[i][1]);
        assert_string_equal(numeral_also(pairs[i][1]), pairs[i][0]);
    }
    assert_string_equal(numeral_also("1"), "i");
}

static void other_words_mean_only_themselves(void **state UNUSED)
{
    static const char *const words[] = {
        "", "i", "m", "2", "6", "50", "100", "vv", "xxxx", "five"
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        assert_null(numeral_also(words[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roman_numbers_have_digits),
        cmocka_unit_test(words_and_broken_numbers_have_none),
        cmocka_unit_test(letters_and_digits_mean_each_other),
        cmocka_unit_test(other_words_mean_only_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
