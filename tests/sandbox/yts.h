/* SPDX-License-Identifier: MIT
 *
 * YTS v2: /api/v2/list_movies.json and movie_details.json over the sandbox's films.  Below /parked
 * and /copycat the same paths answer as a domain that was given up, and as a copy of the site.  The
 * newest film is the one added last; infohashes are made up of the IMDb id and lead to nothing, but
 * for reels. Any thread. */
#pragma once

#include "sandbox.h"

/* False: no such route. */
bool yts_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply);

/* Malformed answers that the real service gives: no_movies (a count without them), no_torrents,
 * status_error, no_data; false: no such fault, or nothing to spoil. */
bool yts_spoil(const char *name, struct sandbox_reply *reply);
