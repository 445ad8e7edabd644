/* SPDX-License-Identifier: MIT
 *
 * A store with six titles and a list of three of them. */
#pragma once

#include "../test.h"

#include <string.h>

#include "store/lists.h"

#include "../parts.h"
#include "../place.h"
#include "../titles.h"

enum { N_TITLES = 6, FIRST_LIST = N_TITLES + 1 };

/* Makes or replaces the list of a source, as a sync does. */
struct wanted {
    const char *source;
    const char *about;
    struct list_item items[N_TITLES];
    size_t n;
    uint32_t id;  /* out */
    bool changed; /* out */
};

static inline int put_list(struct store_txn *txn, void *context, struct error *err)
{
    struct wanted *w = context;
    const char *about = w->about ? w->about : "{\"name\":\"Best\"}";
    struct list_row row = { .kind = LIST_SYNCED, .visibility = LIST_PUBLIC, .provider = "tmdb" };
    CLEANUP(text_done) struct text former = TEXT_INIT(1000);
    snprintf(row.source, sizeof row.source, "%s", w->source);
    int failed = list_sources_txn_find(txn, "tmdb", w->source, &row.id, err);
    if (!failed)
        failed = list_rows_txn_get(txn, row.id, &row, &former, err);
    else if (failed == PROVIDER_ENOTFOUND)
        failed = list_rows_txn_new_id(txn, &row.id, err);
    w->id = row.id;
    if (!failed)
        failed =
            list_items_txn_replace(txn, row.id, w->items, w->n, 1700000000002, &w->changed, err);
    row.n_items = (uint32_t)w->n;
    if (!failed && w->changed)
        failed = list_rows_txn_change(txn, &row, 1700000000002, err);
    return failed ? failed : list_rows_txn_put(txn, &row, about, strlen(about), err);
}

static inline void put_wanted(struct place *place, struct wanted *wanted)
{
    struct error err = { 0 };
    if (store_write(place->store, put_list, wanted, &err))
        fail_msg("%s", err.text);
}

/* Titles 1 to 6, and list 7 with 3, 1, 2 in this order. */
static inline int make_filled_place(void **state)
{
    int failed = make_place(state);
    struct place *place = failed ? NULL : *state;
    for (int i = 1; i <= N_TITLES && place; i++) {
        char external[32];
        snprintf(external, sizeof external, "tmdb:%d", i);
        struct title title = { .external = external };
        assert_int_equal(store_write(place->store, put_title, &title, NULL), 0);
    }
    struct wanted wanted = { .source = "28",
                             .items = { { .item_id = 3, .kind = PROVIDER_MOVIE },
                                        { .item_id = 1, .kind = PROVIDER_MOVIE, .note = "früh" },
                                        { .item_id = 2, .kind = PROVIDER_MOVIE, .note = "" } },
                             .n = 3 };
    if (place)
        put_wanted(place, &wanted);
    return failed;
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, make_filled_place, remove_place)

struct seen {
    uint32_t lists[40], positions[40], items[40];
    int64_t added[40];
    char notes[40][20];
    size_t n;
};

static inline int see(uint32_t list, uint32_t position, const struct list_item *item, void *context)
{
    struct seen *seen = context;
    seen->lists[seen->n] = list;
    seen->positions[seen->n] = position;
    seen->items[seen->n] = item->item_id;
    seen->added[seen->n] = item->added_at_ms;
    snprintf(seen->notes[seen->n], 20, "%s", item->note ? item->note : "-");
    seen->n++;
    return 0;
}

static inline struct seen items_of(struct place *place, uint32_t list, uint32_t position)
{
    struct seen seen = { .n = 0 };
    assert_int_equal(list_items_walk(place->store, list, position, see, &seen, NULL), 0);
    return seen;
}

static inline void assert_items(struct place *place, uint32_t list, const uint32_t *items, size_t n)
{
    struct seen seen = items_of(place, list, 1);
    assert_int_equal(seen.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(seen.items[i], items[i]);
        assert_int_equal(seen.positions[i], i + 1);
    }
}

extern const struct test_part store_lists_care_part;
