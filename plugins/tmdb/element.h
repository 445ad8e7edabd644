/* SPDX-License-Identifier: MIT
 *
 * Small pieces of media documents that are written in more than one place, each checked on the way:
 * what the schema would refuse is left out, so that one odd value does not cost the whole film.
 * Pure; any thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"

enum {
    ELEMENT_MAX_TITLE = 512,
    ELEMENT_MAX_NAME = 512,
    ELEMENT_MAX_OVERVIEW = 20000,
    ELEMENT_MAX_TAGLINE = 1000,
    ELEMENT_MAX_PATH = 256,
};

/* Writes one element of a list as JSON, or nothing when it is of no use. */
typedef void element_writer(struct out *out, const json_t *element);

/* `key`: an array of what `write` makes of the first elements, at most `limit`; no key when that is
 * nothing. */
void element_list(struct out *out, const char *key, const json_t *array, size_t limit,
                  element_writer *write);

/* {"tmdb":id} under "ids"; nothing without an id. */
void element_ids(struct out *out, const json_t *object);

/* A picture's path, a YYYY-MM-DD date, a moment (RFC 3339), a web address, a
 * language. */
void element_path(struct out *out, const char *key, const json_t *object, const char *member);
void element_date(struct out *out, const char *key, const char *value);
void element_time(struct out *out, const char *key, const char *value);
void element_url(struct out *out, const char *key, const char *value);
void element_language(struct out *out, const char *key, const json_t *object, const char *member);

/* For any kind of picture: printable ASCII, begins with a slash, no "..", and no SVG: the host lets
 * none through. */
bool element_is_path(const char *path);

/* "rating" and "votes": no votes, no rating. */
void element_rating(struct out *out, const json_t *object);
/* A season has no vote_count: a rating of 0 is none. */
void element_season_rating(struct out *out, const json_t *season);
void element_popularity(struct out *out, const json_t *object);

/* `key` as a boolean of the same name; nothing when unknown. */
void element_bool(struct out *out, const json_t *object, const char *key);
void element_positive(struct out *out, const json_t *object, const char *key, int64_t max);
