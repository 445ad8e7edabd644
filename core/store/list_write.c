/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

enum { MAX_NOTE = 4000 };

/* --- A whole list in memory */

struct held {
    struct list_item *rows; /* their notes are owned */
    size_t n, capacity;
};

static void held_done(struct held *held)
{
    for (size_t i = 0; i < held->n; i++)
        free((char *)(uintptr_t)held->rows[i].note);
    free(held->rows);
}
DEFINE_CLEANUP_VALUE(struct held, held_done);

static int hold(uint32_t list UNUSED, uint32_t position UNUSED, const struct list_item *item,
                void *context)
{
    struct held *held = context;
    if (held->n == held->capacity) {
        held->capacity = held->capacity * 2 + 64;
        held->rows = mem_resize(held->rows, held->capacity, sizeof *held->rows);
    }
    held->rows[held->n] = *item;
    held->rows[held->n++].note = mem_dup_text(item->note);
    return 0;
}

static bool is_same(const struct list_item *a, const struct list_item *b)
{
    return a->item_id == b->item_id && a->kind == b->kind && a->added_at_ms == b->added_at_ms &&
           text_equal(a->note, b->note);
}

/* --- Replacing */

static int compare_items(const void *a, const void *b)
{
    uint32_t x = ((const struct list_item *)a)->item_id, y = ((const struct list_item *)b)->item_id;
    return (x > y) - (x < y);
}

static struct list_item *sort_items(const struct list_item *items, size_t n)
{
    struct list_item *sorted = mem_alloc_array(n + 1, sizeof *sorted);
    if (n)
        memcpy(sorted, items, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_items);
    return sorted;
}

static int check_items(const struct list_item *sorted, size_t n, struct error *err)
{
    if (n > LIST_MAX_ITEMS)
        return error_set(err, PROVIDER_ELIMIT, "a list has at most %d items", LIST_MAX_ITEMS);
    for (size_t i = 0; i < n; i++) {
        if (!sorted[i].item_id || !sorted[i].kind || sorted[i].kind > UINT8_MAX)
            return error_set(err, PROVIDER_EINVAL, "what is on a list has a number and a kind");
        if (i && sorted[i].item_id == sorted[i - 1].item_id)
            return error_set(err, PROVIDER_EINVAL, "item %u is twice on a list", sorted[i].item_id);
        if (sorted[i].note && strlen(sorted[i].note) > MAX_NOTE)
            return error_set(err, PROVIDER_ELIMIT, "a note has at most %d bytes", MAX_NOTE);
    }
    return 0;
}

/* One list on its way from what it was to what it shall be. */
struct replacing {
    struct store_txn *txn;
    uint32_t list;
    int64_t now_ms;
    struct held before;
    struct list_item *before_sorted, *after_sorted; /* by item; borrowed notes */
    size_t n_after;
    bool changed;
    struct error *err;
};

static void replacing_done(struct replacing *r)
{
    held_done(&r->before);
    free(r->before_sorted);
    free(r->after_sorted);
}
DEFINE_CLEANUP_VALUE(struct replacing, replacing_done);

/* What the source does not say is kept from before. */
static struct list_item complete(const struct replacing *r, const struct list_item *item)
{
    struct list_item out = *item;
    out.note = text_is_empty(item->note) ? NULL : item->note;
    if (out.added_at_ms)
        return out;
    const struct list_item *former =
        bsearch(item, r->before_sorted, r->before.n, sizeof *r->before_sorted, compare_items);
    out.added_at_ms = former ? former->added_at_ms : r->now_ms;
    return out;
}

static int put_order(struct replacing *r, const struct list_item *items)
{
    int failed = 0;
    for (size_t i = 0; i < r->n_after && !failed; i++) {
        struct list_item item = complete(r, &items[i]);
        if (i < r->before.n && is_same(&r->before.rows[i], &item))
            continue;
        r->changed = true;
        failed = list_items_txn_put(r->txn, r->list, (uint32_t)i + 1, &item, r->err);
    }
    for (size_t i = r->n_after; i < r->before.n && !failed; i++) {
        r->changed = true;
        failed = list_items_txn_delete(r->txn, r->list, (uint32_t)i + 1, r->err);
    }
    return failed;
}

/* Both sorted by item: who is new, and who left. */
static int put_backwards(struct replacing *r)
{
    int failed = 0;
    for (size_t a = 0, b = 0; (a < r->n_after || b < r->before.n) && !failed;) {
        uint32_t after = a < r->n_after ? r->after_sorted[a].item_id : UINT32_MAX;
        uint32_t before = b < r->before.n ? r->before_sorted[b].item_id : UINT32_MAX;
        if (after < before)
            failed = item_lists_txn_put(r->txn, after, r->list, r->err);
        else if (before < after)
            failed = item_lists_txn_delete(r->txn, before, r->list, r->err);
        a += after <= before;
        b += before <= after;
    }
    return failed;
}

int list_items_txn_replace(struct store_txn *txn, uint32_t list, const struct list_item *items,
                           size_t n, int64_t now_ms, bool *out_changed, struct error *err)
{
    CLEANUP(replacing_done)
    struct replacing r = { .txn = txn, .list = list, .now_ms = now_ms, .n_after = n, .err = err };
    r.after_sorted = sort_items(items, n);
    int failed = check_items(r.after_sorted, n, err);
    failed = failed ? failed : list_items_txn_walk(txn, list, 1, hold, &r.before, err);
    if (failed)
        return failed;
    r.before_sorted = sort_items(r.before.rows, r.before.n);
    failed = put_order(&r, items);
    failed = failed ? failed : put_backwards(&r);
    if (!failed)
        *out_changed = r.changed;
    return failed;
}

/* --- Two items that are one */

struct lists_of {
    uint32_t *lists;
    size_t n;
};

static int note_list(uint32_t item UNUSED, uint32_t list, void *context)
{
    struct lists_of *of = context;
    of->lists = mem_resize(of->lists, of->n + 1, sizeof *of->lists);
    of->lists[of->n++] = list;
    return 0;
}

/* The one that stands first keeps its place. */
static void merge_held(struct held *held, uint32_t survivor, uint32_t loser)
{
    bool seen = false;
    size_t kept = 0;
    for (size_t i = 0; i < held->n; i++) {
        struct list_item row = held->rows[i];
        bool is_it = row.item_id == survivor || row.item_id == loser;
        if (is_it && seen) {
            free((char *)(uintptr_t)row.note);
            continue;
        }
        seen = seen || is_it;
        if (is_it)
            row.item_id = survivor;
        held->rows[kept++] = row;
    }
    held->n = kept;
}

static int merge_on_list(struct store_txn *txn, uint32_t list, uint32_t survivor, uint32_t loser,
                         int64_t now_ms, struct error *err)
{
    CLEANUP(held_done) struct held held = { 0 };
    CLEANUP(text_done) struct text about = TEXT_INIT(STORE_MAX_VALUE_LEN);
    struct list_row row;
    bool changed;
    int failed = list_rows_txn_get(txn, list, &row, &about, err);
    failed = failed ? failed : list_items_txn_walk(txn, list, 1, hold, &held, err);
    if (failed)
        return failed;
    merge_held(&held, survivor, loser);
    failed = list_items_txn_replace(txn, list, held.rows, held.n, now_ms, &changed, err);
    failed = failed ? failed : list_rows_txn_change(txn, &row, now_ms, err);
    row.n_items = (uint32_t)held.n;
    return failed ? failed : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

int list_items_txn_merge(struct store_txn *txn, uint32_t survivor, uint32_t loser, int64_t now_ms,
                         struct error *err)
{
    struct lists_of of = { 0 };
    int failed = item_lists_txn_walk(txn, loser, note_list, &of, err);
    CLEANUP(mem_free) uint32_t *lists = of.lists;
    for (size_t i = 0; i < of.n && !failed; i++)
        failed = merge_on_list(txn, lists[i], survivor, loser, now_ms, err);
    return failed;
}
