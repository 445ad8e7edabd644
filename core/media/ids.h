/* SPDX-License-Identifier: MIT
 *
 * External ids: the spaces we know, and the one way each is written.  Numbers ("tmdb", "trakt",
 * "tvdb", "tvrage") are JSON integers in documents, the others ("imdb" tt0133093, "wikidata"
 * Q83495, "btih" 40 lower-case hex, "yts", "slug", ...) strings.  As text they are "space:value".
 * Pure; any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

enum { IDS_TEXT_LEN = 96 };

/* "tmdb:603", "imdb:tt0133093" or a bare "tt0133093" to the canonical "imdb:tt0133093"; false when
 * it is none. */
bool ids_parse(const char *text, char out[IDS_TEXT_LEN]);

/* Checks and normalises one member of an "ids" object in place; false: the member is wrong. */
bool ids_normalise_member(json_t *ids, const char *space);

/* Calls `each` with the canonical text of every id that decides identity (not slugs, not
 * homepages); stops when it returns nonzero and returns that. */
int ids_each(const json_t *ids, int (*each)(const char *text, void *context), void *context);

/* Whether an id of this space decides what an item is; false for slugs, homepages, social names. */
bool ids_decides(const char *space);

/* An infohash of 40 hex digits in any case, or of 32 characters of base32, as 40 lower-case hex
 * digits. */
bool ids_infohash(const char *value, char out[41]);
