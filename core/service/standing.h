/* SPDX-License-Identifier: MIT
 *
 * A few items in the order of a sort, as the index would have them, by their cards: for what stands
 * in an answer beside what the index found.  One thread. */
#pragma once

#include "service/catalog.h"

struct standings;
struct standings *standings_new(struct catalog *catalog, const struct filter *filter,
                                const uint32_t *ids, size_t n);
void standings_free(struct standings *standings);
DEFINE_CLEANUP(struct standings *, standings_free);

/* Takes the first that stands before the item `id` (0: any); false when none does. */
bool standings_take(struct standings *standings, uint32_t id, uint32_t *out);
