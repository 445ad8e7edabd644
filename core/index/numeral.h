/* SPDX-License-Identifier: MIT
 *
 * Numerals of sequels: "Rocky II" is what people type as "rocky 2".  Pure; any thread. */
#pragma once

/* The digits of a roman number from 2 to 29 that is nothing but a number; NULL for any other word,
 * "i", "v", "x", "xx" and "xxx" among them: they are words as often. */
const char *numeral_digits(const char *word);

/* What a word behind another one may also mean, or NULL: "5" is "v" and the other way round, and so
 * are 10, 20 and 30.  "1" is "i", but "i" is a word. */
const char *numeral_also(const char *word);
