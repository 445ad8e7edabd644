/* SPDX-License-Identifier: MIT
 *
 * What the tests of the tables have in common. */
#pragma once

#include "../test.h"

#include "store/ids.h"
#include "store/inside.h"

#include "../parts.h"
#include "../place.h"

/* Runs one function as a write and gives its result. */
static inline int write_with(struct place *place, store_apply *apply, void *context)
{
    return store_write(place->store, apply, context, NULL);
}

struct raw {
    enum store_table table;
    const void *key, *value;
    size_t key_len, value_len;
};

static inline int put_raw(struct store_txn *txn, void *context, struct error *err)
{
    const struct raw *raw = context;
    return store_txn_put(txn, raw->table, raw->key, raw->key_len, raw->value, raw->value_len, err);
}

struct seen {
    char text[200];
    int stop;
};

static inline uint32_t find_id(struct place *place, uint32_t kind, const char *text)
{
    uint32_t item = 0;
    int failed = external_ids_find(place->store, kind, text, &item, NULL);
    assert_true(failed == 0 || failed == PROVIDER_ENOTFOUND);
    return item;
}

extern const struct test_part store_records_part;
extern const struct test_part store_changes_part;
extern const struct test_part store_fetches_part;
extern const struct test_part store_migrate_part;
