/* SPDX-License-Identifier: MIT
 *
 * A film as JSON, piece by piece in TMDB's shapes.  Pure; any thread. */
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

/* The path of an image: kind 'p'oster, 'b'ackdrop, 'l'ogo or 'f'ace; and what a path stands for. */
enum { PARTS_PATH_LEN = 40 };
const char *parts_image_path(char kind, int64_t id, int n, char out[PARTS_PATH_LEN]);
bool parts_image_parse(const char *path, char *out_kind, int64_t *out_id, int *out_n);
