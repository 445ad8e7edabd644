/* SPDX-License-Identifier: MIT
 *
 * The words that invented films are made of.  In patterns $1, $2, $3 stand for
 * words, as film_fill() takes them.  Constant; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WORDS_FOREIGN_NOUNS = 8 };

struct words_foreign {
    const char *language;
    const char *title; /* of two nouns */
    const char *nouns[WORDS_FOREIGN_NOUNS];
};

struct words_tongue {
    const char *language;
    const char *country;
    const char *title;    /* of a noun */
    const char *overview; /* of a noun and a place */
};

struct words_job {
    const char *job;
    const char *department;
};

extern const char *const words_adjectives[64];
extern const char *const words_nouns[120];
extern const char *const words_verbs[16];
extern const char *const words_places[48];
extern const char *const words_subtitles[16];
extern const char *const words_first_names[64];
extern const char *const words_last_names[80];
extern const char *const words_jobs[24];
extern const char *const words_openings[8]; /* name, job, place */
extern const char *const words_middles[12];
extern const char *const words_endings[12];
extern const char *const words_taglines[12];
extern const char *const words_keywords[32];
extern const char *const words_unreleased[4];
extern const char *const words_countries[12];
extern const struct words_foreign words_foreign[6];
extern const struct words_job words_crew[14];
extern const struct words_tongue words_tongues[];
extern const size_t n_words_tongues;
extern const uint32_t words_genres[];
extern const size_t n_words_genres;
