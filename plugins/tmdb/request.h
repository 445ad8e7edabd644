/* SPDX-License-Identifier: MIT
 *
 * One question to TMDB: its URL, its answer as JSON, and what an error answer means.  On the thread
 * of the call. */
#pragma once

#include "tmdb/tmdb.h"

enum { REQUEST_MAX_URL = 4096 };

/* "{base}/movie/popular?", with the key in it when there is one. */
void request_begin(struct out *url, const struct provider *self, const char *path);

/* The language of texts, and those of pictures and videos: with the wanted ones, English and none,
 * because `language` filters them unless told otherwise. */
void request_languages(struct out *url, const struct provider *self);

/* The answer is an object or array; a new reference.  Otherwise a failure that names `what` and
 * says what TMDB said. */
int request_json(struct provider *self, struct provider_call *call, const struct out *url,
                 const char *what, uint32_t max_age_s, json_t **out);

/* The same for what ends up in the store, which is the better cache: the host keeps no copy.  What
 * no document is made of may be missing. */
int request_detail(struct provider *self, struct provider_call *call, const struct out *url,
                   const char *what, json_t **out);
