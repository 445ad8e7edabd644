/* SPDX-License-Identifier: MIT
 *
 * A film as JSON, piece by piece in TMDB's shapes; parts_show.h does it for shows.  Pure; any
 * thread. */
#pragma once

#include "film.h"

/* What the parent's query parameters say to the parts. */
struct parts_ask {
    const struct film *film;
    const char *language;        /* NULL: not given, which does not filter images and videos */
    const char *image_languages; /* include_image_language; NULL */
    const char *country;         /* of alternative_titles; NULL: all */
};

/* The members of a detail, without braces. */
void parts_detail(struct text *out, const struct film *film, const char *language);

/* One row of a list; media_type NULL leaves that key out. */
void parts_row(struct text *out, const struct film *film, const char *language,
               const char *media_type);

/* The members of sub-resource `name`, without braces and without its id; false: not one of the
 * pure ones. */
bool parts_write(struct text *out, const char *name, const struct parts_ask *ask);

/* What the parts of films and of shows have in common. */
void parts_person(struct text *out, const struct film_credit *credit);
void parts_crew_member(struct text *out, const struct film *film, size_t i);

/* TMDB's own ids of rows are 24 hex digits. */
void parts_object_id(struct text *out, const char *key, int64_t of, const char *kind, size_t n);
void parts_genres(struct text *out, const struct film *film, const char *language);
void parts_production(struct text *out, const struct film *film);
void parts_image(struct text *out, const char *key, char kind, int64_t id, int n); /* -1: null */
void parts_votes(struct text *out, const struct film *film);

/* The letter of a film's picture, or of the same one of a show. */
char parts_letter(const struct film *film, char kind);

/* An array of n images of an id; those whose language was not asked for are left out. */
struct parts_pictures {
    const char *key;
    char letter;
    int width, height;
};
void parts_pictures(struct text *out, const struct parts_ask *ask, int64_t id, int n,
                    const struct parts_pictures *kind);

/* The path of an image: kind 'p'oster, 'b'ackdrop, 'l'ogo or 'f'ace; of shows 't', 'c' and 'o', of
 * seasons 's', of episodes 'e'.  And what a path stands for. */
enum { PARTS_PATH_LEN = 40 };
const char *parts_image_path(char kind, int64_t id, int n, char out[PARTS_PATH_LEN]);
bool parts_image_parse(const char *path, char *out_kind, int64_t *out_id, int *out_n);
