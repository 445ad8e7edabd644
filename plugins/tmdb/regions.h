/* SPDX-License-Identifier: MIT
 *
 * What a movie's or a show's detail says per country and per language.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"

/* "certification", from the results of release_dates or content_ratings. */
void regions_write_certification(struct out *out, const json_t *countries);

/* "translations", from the list of that name. */
void regions_write_translations(struct out *out, const json_t *list);
