/* SPDX-License-Identifier: MIT
 *
 * One torrent of a movie as a release document. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/out.h"
#include "yts/yts.h"

/* False when it has no hash that is one, or its movie no id. */
bool torrent_write(const struct provider *self, struct out *document, const json_t *movie,
                   const json_t *torrent);

/* Of movie.c: {"imdb":...,"yts":...}; false when there is neither. */
bool movie_write_ids(struct out *document, const char *key, const json_t *movie);
const char *movie_language(const json_t *movie);
