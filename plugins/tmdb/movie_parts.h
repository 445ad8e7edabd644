/* SPDX-License-Identifier: MIT
 *
 * The lists of a movie's detail: people, companies, pictures, videos, translations and the rest. */
#pragma once

#include <jansson.h>

#include "common/out.h"

void movie_write_parts(struct out *out, const json_t *detail);
