/* SPDX-License-Identifier: MIT
 *
 * The code tables of TMDB: genres with their names in a few languages, languages, countries.
 * Constant; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct names_genre {
    uint32_t id;
    const char *names[6]; /* in the order of names_genre_languages */
};

struct names_language {
    const char *code;    /* ISO 639-1 */
    const char *english; /* "German" */
    const char *native;  /* "Deutsch"; "" as TMDB has it for many */
};

struct names_country {
    const char *code;
    const char *english;
    const char *native;
};

extern const struct names_genre names_movie_genres[];
extern const size_t n_names_movie_genres;
extern const struct names_genre names_tv_genres[];
extern const size_t n_names_tv_genres;
extern const struct names_language names_languages[];
extern const size_t n_names_languages;
extern const struct names_country names_countries[];
extern const size_t n_names_countries;

/* In the language asked for, else English; as TMDB, which falls back for genres. */
const char *names_of_genre(const struct names_genre *genre, const char *language);

/* NULL when there is no such movie genre, or genre of shows. */
const struct names_genre *names_movie_genre(uint32_t id);
const struct names_genre *names_tv_genre(uint32_t id);

/* Its position among those of its kind as a bit; 0: no such genre. */
uint32_t names_genre_bit(uint32_t id, bool of_shows);

/* The numbers of with_status and with_type in discover; -1: unknown. */
int names_tv_status(const char *status);
int names_tv_type(const char *type);

/* What TMDB calls a season or an episode that has no name in the language: "Staffel 2"; season 0 is
 * "Specials". */
void names_placeholder(char *out, size_t size, bool is_season, int number, const char *language);

/* Never NULL: an unknown code has empty names. */
const struct names_language *names_language(const char *code);
const struct names_country *names_country(const char *code);
