/* SPDX-License-Identifier: MIT
 *
 * The lists of a movie's or a show's detail: people, companies, pictures, videos, translations and
 * the rest.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"
#include "tmdb/item.h"

/* The schema's limits on lists. */
enum {
    PARTS_MAX_CAST = 1000,
    PARTS_MAX_CREW = 2000,
    PARTS_MAX_COMPANIES = 100,
    PARTS_MAX_WORD = 256,
    PARTS_MAX_CHARACTER = 1024,
};

/* Elements for element_list(). */
void parts_write_cast(struct out *out, const json_t *person);
void parts_write_crew(struct out *out, const json_t *person);
void parts_write_company(struct out *out, const json_t *company);

/* What stands in every detail, whatever it is about; people are not among it. */
void parts_write(struct out *out, const json_t *detail, const struct item_shape *shape);
