/* SPDX-License-Identifier: MIT
 *
 * TMDB's shows as media documents (docs/media-document.md); their seasons are season.h.  Pure; any
 * thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"

/* /tv/{id} with its appended parts, asked for in `language`; absent parts are no error.  False when
 * it is no show: no id or no name. */
bool show_write(struct out *out, const json_t *detail, const char *language);
