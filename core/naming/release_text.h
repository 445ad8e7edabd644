/* SPDX-License-Identifier: MIT
 *
 * A release name cut into words, each with what it means by itself.  What a word means in its
 * place is the grammar's business (release_name.c).  A private part of release_name; any thread. */
#pragma once

#include "naming/release_name.h"
#include "naming/release_words.h"

enum { RELEASE_TEXT_LEN = 704, RELEASE_TOKENS = 128 };

enum { /* what stands before a word, bits */
       GAP_SPACE = 1,
       GAP_DOT = 2,
       GAP_UNDERSCORE = 4,
       GAP_HYPHEN = 8,
       GAP_OPEN = 16,
       GAP_CLOSE = 32,
       GAP_SLASH = 64, /* or a bar */
       GAP_OTHER = 128,
};

struct release_token {
    uint16_t start, len;
    uint8_t gap;
    uint8_t bracket;  /* which outermost bracket it is in, from 1; 0: none */
    char opener;      /* of that bracket: ( or [ */
    uint8_t meaning;  /* enum release_meaning */
    bool strong;      /* never part of a title */
    bool follows;     /* belongs to the token before it */
    bool disc;        /* "BD1080p": lines that say where they are from */
    uint16_t number;  /* of a number, a year, lines, channels, a version */
    uint16_t version; /* of "08v2" */
    bool has_season, has_episode;
    struct release_name_range seasons, episodes;
    const struct release_word *word;
};

struct release_text {
    char bytes[RELEASE_TEXT_LEN];
    char lower[RELEASE_TEXT_LEN];
    size_t len, n;
    struct release_token tokens[RELEASE_TOKENS];
};

/* Cuts the name into words. */
void release_text_split(struct release_text *text, const char *name, size_t len);

/* Gives each word its meaning. */
void release_text_read(struct release_text *text);

/* What has a shape instead of an entry in the table: numbers, years, dates, places, sizes, sound
 * with channels.  How many tokens it took; 0: it is none. */
size_t release_shape_read(struct release_text *text, size_t i);

/* "S01E02-E03", "1x02", "Season 1-4", "Episode 8".  As above. */
size_t release_place_read(struct release_text *text, size_t i);

static inline struct release_slice release_text_slice(const struct release_text *text, size_t i)
{
    if (i >= text->n)
        return (struct release_slice){ "", 0 };
    return (struct release_slice){ text->lower + text->tokens[i].start, text->tokens[i].len };
}

/* Digits from the start of the slice, at most `most` of them; how many there were (more than
 * `most`: 0). */
size_t release_text_digits(struct release_slice slice, size_t most, unsigned *out);

bool release_text_is(const struct release_text *text, size_t i, const char *word);

/* The whole token is a number of at most five digits; -1: not. */
int release_text_number(const struct release_text *text, size_t i);
