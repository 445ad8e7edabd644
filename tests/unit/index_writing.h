/* SPDX-License-Identifier: MIT
 *
 * Items of a world written into a store, as a change of the catalogue.  One thread. */
#pragma once

#include "index_world.h"
#include "store/store.h"

struct writing {
    struct world *world;
    uint32_t ids[8]; /* different ones */
    size_t n;
};

/* Invents or removes a few items with ids of 1 to n_ids. */
void writing_invent(struct world *world, uint32_t n_ids, struct writing *out);

/* As one commit; each item is a change of its own. */
int writing_commit(struct writing *writing, struct store *store, struct error *err);
