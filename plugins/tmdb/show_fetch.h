/* SPDX-License-Identifier: MIT
 *
 * A show with its seasons, in as few requests as TMDB allows.  On the thread of the call. */
#pragma once

#include "tmdb/tmdb.h"

enum { SHOW_ALL_SEASONS = -1, SHOW_NO_SEASON = -2 };

/* The show and then its seasons; or only the one season of that number; or the show alone.
 * `tvdb_id` not 0: the show must not name another one. */
int show_fetch(struct provider *self, struct provider_call *call, int64_t id, int64_t season,
               int64_t tvdb_id);
