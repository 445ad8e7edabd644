/* SPDX-License-Identifier: MIT
 *
 * Ids of others: what TMDB knows under them.  On the thread of the call. */
#pragma once

#include "tmdb/tmdb.h"

/* A number from 1, at most nine digits; false otherwise. */
bool find_is_number(const char *text, int64_t *out);

/* "tt" and digits. */
bool find_is_imdb(const char *text);

/* The answer of /find for an IMDb or TVDB id; a new reference.  PROVIDER_EINVAL for what is none,
 * PROVIDER_ENOTSUP for ids of anybody else. */
int find_ask(struct provider *self, struct provider_call *call, const struct provider_id *id,
             const char *language, json_t **out);

/* The show of that id.  One number of TVDB's may name an episode of one show and a season of
 * another; neither is the show that was asked for. */
int find_show(struct provider *self, struct provider_call *call, const struct provider_id *id,
              int64_t *out);
