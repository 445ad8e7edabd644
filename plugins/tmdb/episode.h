/* SPDX-License-Identifier: MIT
 *
 * One episode as TMDB answers it, as part of a season or of a show.  Pure; any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/out.h"
#include "tmdb/tag.h"

enum { EPISODE_MAX_NUMBER = 100000 };

/* The same season, asked for in another language. */
struct season_edition {
    char language[TAG_SIZE];
    const json_t *season; /* NULL: it was not asked for */
};

/* An element of a season's episodes, the one at `index`, with what it is called in the other
 * editions.  A name that only counts is left out when one of those has a real one, and marked as a
 * placeholder otherwise.  `lean`: without its people. */
void episode_write(struct out *out, const json_t *episode, size_t index,
                   const struct season_edition *editions, size_t n_editions, bool lean);

/* An episode that stands alone, under `key`; nothing without its number. */
void episode_write_one(struct out *out, const char *key, const json_t *episode);

/* Whether it has a name that says something, and a number at all. */
bool episode_has_name(const json_t *episode);

/* The episode of the same number; NULL when the edition lacks it. */
const json_t *episode_in(const json_t *season, const json_t *episode, size_t index);
