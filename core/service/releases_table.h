/* SPDX-License-Identifier: MIT
 *
 * The facts of all releases in memory, by item: what filters and orders look at.  It follows the
 * change feed when it is asked, so that an answer has everything that was committed before.  Any
 * thread; one at a time. */
#pragma once

#include "release/release.h"
#include "store/store.h"

enum { RELEASES_TABLE_PROVIDERS = 32 };

struct releases_row {
    struct release_facts facts;
    uint32_t providers; /* bits of releases_table_provider() */
    uint32_t runtime;   /* of the item, minutes; 0: unknown */
};

struct releases_table;
struct releases_table *releases_table_new(struct store *store);
void releases_table_free(struct releases_table *table);
DEFINE_CLEANUP(struct releases_table *, releases_table_free);

/* Calls `each` for every release of an item (0: of all items) and tells the change number this is
 * of.  `each` must not use the table. */
int releases_table_each(struct releases_table *table, uint32_t item,
                        void (*each)(const struct releases_row *row, void *context), void *context,
                        uint64_t *out_revision, struct error *err);

/* The provider's bit; 0: no release is of it. */
uint32_t releases_table_provider(struct releases_table *table, const char *provider);

/* Of the item, minutes; 0: unknown. */
uint32_t releases_table_runtime(struct store *store, uint32_t item);
