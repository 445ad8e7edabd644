/* SPDX-License-Identifier: MIT
 *
 * Copies of a store, for tests: whether what they have is the same. */
#pragma once

#include "place.h"
#include "store/maintenance.h"

static inline int add_row(const void *key, size_t key_len, const void *value, size_t value_len,
                          void *context)
{
    uint64_t *sum = context;
    *sum += text_hash(key, key_len) * 31 + text_hash(value, value_len);
    return 0;
}

/* The same for tables with the same rows. */
static inline uint64_t sum_of_tables(struct store *store, enum store_table first,
                                     enum store_table last)
{
    uint64_t sum = 0;
    for (enum store_table table = first; table <= last; table++)
        assert_int_equal(store_walk(store, table, NULL, 0, add_row, &sum, NULL), 0);
    return sum;
}

/* remove_place() it. */
static inline struct place *another_place(void)
{
    void *made = NULL;
    if (make_place(&made))
        abort();
    return made;
}

/* Another place, with what was exported from this one. */
static inline struct place *import_elsewhere(struct place *place)
{
    struct place *other = another_place();
    FILE *file = tmpfile();
    uint64_t n;
    struct error err = { 0 };
    if (!file)
        abort();
    assert_int_equal(maintenance_export(place->store, file, &n, NULL), 0);
    rewind(file);
    if (maintenance_import(other->store, file, &n, &err))
        fail_msg("%s", err.text);
    fclose(file);
    return other;
}
