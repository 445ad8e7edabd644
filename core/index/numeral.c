/* SPDX-License-Identifier: MIT */
#include "index/numeral.h"

#include <string.h>

#include "base/mem.h"

const char *numeral_digits(const char *word)
{
    static const struct {
        char roman[8], digits[4];
    } numbers[] = { { "ii", "2" },   { "iii", "3" },   { "iv", "4" },     { "vi", "6" },
                    { "vii", "7" },  { "viii", "8" },  { "ix", "9" },     { "xi", "11" },
                    { "xii", "12" }, { "xiii", "13" }, { "xiv", "14" },   { "xv", "15" },
                    { "xvi", "16" }, { "xvii", "17" }, { "xviii", "18" }, { "xix", "19" },
                    { "xxi", "21" }, { "xxii", "22" }, { "xxiii", "23" }, { "xxiv", "24" },
                    { "xxv", "25" }, { "xxvi", "26" }, { "xxvii", "27" }, { "xxviii", "28" },
                    { "xxix", "29" } };
    if (*word != 'i' && *word != 'v' && *word != 'x')
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        if (strcmp(word, numbers[i].roman) == 0)
            return numbers[i].digits;
    return NULL;
}

const char *numeral_also(const char *word)
{
    static const struct {
        char word[4], also[4];
    } pairs[] = { { "1", "i" },   { "5", "v" },   { "v", "5" },    { "10", "x" },  { "x", "10" },
                  { "20", "xx" }, { "xx", "20" }, { "30", "xxx" }, { "xxx", "30" } };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (strcmp(word, pairs[i].word) == 0)
            return pairs[i].also;
    return NULL;
}
