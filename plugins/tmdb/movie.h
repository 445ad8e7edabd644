/* SPDX-License-Identifier: MIT
 *
 * TMDB's movies as media documents (docs/media-document.md).  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"

/* /movie/{id} with its appended parts, asked for in `language`; absent parts are no error.  False
 * when it is no movie: no id or no title. */
bool movie_write(struct out *out, const json_t *detail, const char *language);
