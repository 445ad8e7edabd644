/* SPDX-License-Identifier: MIT
 *
 * The words of release names and what they mean: the one table a new source, codec, language or
 * edition is added to.  Any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/language.h"

enum { RELEASE_PHRASE_WORDS = 4 };

enum release_meaning {
    RELEASE_IS_TEXT, /* nothing known: title, group, or prose */
    RELEASE_IS_LINES,
    RELEASE_IS_SOURCE,
    RELEASE_IS_CODEC,
    RELEASE_IS_DEPTH,
    RELEASE_IS_HDR,
    RELEASE_IS_AUDIO,
    RELEASE_IS_CHANNELS,
    RELEASE_IS_FLAG,
    RELEASE_IS_EDITION,
    RELEASE_IS_SUBTITLE,
    RELEASE_IS_SUBS,
    RELEASE_IS_LANGUAGE,
    RELEASE_IS_CAPITALS, /* a language, but only in capitals */
    RELEASE_IS_SEASON,   /* the word beside a number */
    RELEASE_IS_EPISODE,
    RELEASE_IS_NOISE,
    RELEASE_IS_SITE,
    /* Those are found by their shape, not in the table. */
    RELEASE_IS_NUMBER,
    RELEASE_IS_YEAR,
    RELEASE_IS_DATE,
    RELEASE_IS_PLACE, /* a season, episodes, or both */
    RELEASE_IS_HASH,
    RELEASE_IS_VERSION,
};

struct release_word {
    enum release_meaning meaning;
    bool strong; /* never part of a title; the others are tags only in the company of tags */
    uint32_t number;
    const char *text;
    const char *phrases; /* "web dl|webdl": alternatives, words parted by one blank */
};

struct release_slice {
    const char *at; /* lower case */
    size_t len;
};

/* What the longest phrase of the first `n` words means; NULL: none. */
const struct release_word *release_words_find(const struct release_slice *slices, size_t n,
                                              size_t *out_taken);

/* The language a word in lower case means: "german", "ger", "deu", "de", "pt-br". */
bool release_words_language(const char *word, size_t len, char out[LANGUAGE_LEN]);
