/* SPDX-License-Identifier: MIT
 *
 * Folding: how titles and queries become comparable words.  Case, diacritics, width and ligatures
 * go (NFKD and case folding), punctuation separates, "&" is "and", roman numerals of sequels are
 * digits (index/numeral.h), "20,000" is "20000", letters that Unicode does not take apart are
 * written as people type them (ø is o, æ is ae), and scripts whose words no space separates, or not
 * reliably (CJK, kana, Hangul, Thai), become overlapping pairs of characters and, at the end of a
 * run of them, the last one alone. Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOLD_WORD_LEN = 64, FOLD_MAX_WORDS = 64 };

/* Ways in which people also write what a title says. */
enum fold_way {
    FOLD_JOINED = 1, /* "spiderman", "faceoff": what a sign joins is one word; a run goes on behind
                        spaces and signs */
    FOLD_BARE = 2,   /* "atalante", "ocean": without the article or the "s" beside an apostrophe */
    FOLD_WAYS = 4,   /* all of them and none */
};

/* What is known of a word, for who asks for it. */
enum fold_mark {
    FOLD_OPEN = 1,    /* it may go on: the last one, and the end of a run */
    FOLD_IMPLIED = 2, /* who has the word before it has this one, too, or one that it begins */
};

/* The words of one text in order; plain value. */
struct fold {
    char words[FOLD_MAX_WORDS][FOLD_WORD_LEN];
    uint8_t marks[FOLD_MAX_WORDS]; /* FOLD_OPEN, FOLD_IMPLIED */
    size_t n;
    unsigned ways;             /* that would have given other words */
    char typed[FOLD_WORD_LEN]; /* the last word when it was a roman number: "vi" may become "vicky"
                                */
};

/* Words beyond FOLD_MAX_WORDS are dropped, longer ones are cut at a character. */
void fold_text(const char *text, size_t len, struct fold *out);

/* The same in one or several of the other ways. */
void fold_text_as(const char *text, size_t len, unsigned ways, struct fold *out);

/* "1870" to "2200": a word that may be a year; 0 otherwise. */
int fold_year(const char *word);
