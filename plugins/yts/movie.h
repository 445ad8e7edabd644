/* SPDX-License-Identifier: MIT
 *
 * A movie object of YTS and its torrents as media documents. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/out.h"
#include "yts/yts.h"

/* "tt0133093" of the movie; NULL when it has none that is one. */
const char *movie_imdb(const json_t *movie);

/* When it was last added to, Unix time; 0: unknown, or more than a day to come by `now_s`. */
int64_t movie_uploaded_s(const json_t *movie, int64_t now_s);

/* The movie itself; a row of a list is PROVIDER_PARTIAL to a search.  A movie without a title or
 * any id is passed over. */
int movie_emit(struct provider_call *call, const json_t *movie, uint32_t flags,
               struct out *document);

/* Its torrents, each infohash once. */
int movie_emit_releases(struct provider *self, struct provider_call *call, const json_t *movie,
                        struct out *document);
