/* SPDX-License-Identifier: MIT
 *
 * A store as an older program left it, for tests. */
#pragma once

#include <unistd.h>

#include "place.h"

static inline int put_schema(struct store_txn *txn, void *context, struct error *err)
{
    return store_txn_put(txn, STORE_META, "schema", 6, context, 4, err);
}

/* Closes it; the schema becomes this one and the tables are gone. */
static inline void make_older(struct place *place, uint8_t schema, const char *const *tables,
                              size_t n_tables)
{
    uint8_t row[4] = { schema };
    assert_int_equal(store_write(place->store, put_schema, row, NULL), 0);
    store_close(place->store);
    place->store = NULL;
    for (size_t i = 0; i < n_tables; i++) {
        CLEANUP(mem_free) char *file = mem_format("%s/%s.db", place->path, tables[i]);
        assert_int_equal(unlink(file), 0);
    }
}

static inline void expect_too_old_to_read_only(struct place *place)
{
    struct error err = { 0 };
    struct store_options options = { .path = place->path, .read_only = true };
    assert_int_equal(store_open(&options, &place->store, &err), PROVIDER_ENOTSUP);
    assert_non_null(strstr(err.text, "older program"));
}
