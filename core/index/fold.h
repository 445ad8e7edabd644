/* SPDX-License-Identifier: MIT
 *
 * Folding: how titles and queries become comparable words.  Case, diacritics, width and ligatures
 * go (NFKD and case folding), punctuation separates, "&" is "and", roman numerals of sequels are
 * digits, letters that Unicode does not take apart are written as people type them (ø is o, æ is
 * ae), and scripts without spaces (CJK, kana, Thai) become overlapping pairs of characters. Pure;
 * any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { FOLD_WORD_LEN = 64, FOLD_MAX_WORDS = 64 };

/* The words of one text in order; plain value. */
struct fold {
    char words[FOLD_MAX_WORDS][FOLD_WORD_LEN];
    size_t n;
    char typed[FOLD_WORD_LEN]; /* the last word when it was a roman number: "vi" may become "vicky"
                                */
};

/* Words beyond FOLD_MAX_WORDS are dropped, longer ones are cut at a character. */
void fold_text(const char *text, size_t len, struct fold *out);

/* "1870" to "2200": a word that may be a year; 0 otherwise. */
int fold_year(const char *word);
