/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/repairing.h"

/* The items of one list as they stand there. */
struct held {
    struct held_item {
        uint32_t position;
        struct list_item item;
    } * items;
    size_t n, capacity;
};

static void held_done(struct held *held)
{
    for (size_t i = 0; i < held->n; i++)
        free((void *)(uintptr_t)held->items[i].item.note);
    free(held->items);
}
DEFINE_CLEANUP_VALUE(struct held, held_done);

static int hold(uint32_t list UNUSED, uint32_t position, const struct list_item *item,
                void *context)
{
    struct held *held = context;
    if (held->n == held->capacity) {
        held->capacity = held->capacity * 2 + 64;
        held->items = mem_resize(held->items, held->capacity, sizeof *held->items);
    }
    struct held_item *one = &held->items[held->n++];
    *one = (struct held_item){ position, *item };
    one->item.note = item->note ? mem_dup_text(item->note) : NULL;
    return 0;
}

static int stop(const struct record_header *header UNUSED, const char *json UNUSED,
                size_t len UNUSED, void *context UNUSED)
{
    return 1;
}

/* Whether there is such an item, or what waits to become one; its kind is the item's own. */
static bool is_there(struct store_txn *txn, struct list_item *item)
{
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(STORE_MAX_VALUE_LEN);
    if (items_txn_get(txn, item->item_id, &header, &body, NULL))
        return records_txn_walk(txn, item->item_id, stop, NULL, NULL) == 1;
    item->kind = header.kind;
    return true;
}

static int clear(struct store_txn *txn, uint32_t list, const struct held *held, struct error *err)
{
    int failed = 0;
    for (size_t i = 0; !failed && i < held->n; i++) {
        failed = list_items_txn_delete(txn, list, held->items[i].position, err);
        failed =
            failed ? failed : item_lists_txn_delete(txn, held->items[i].item.item_id, list, err);
    }
    return failed;
}

static int put_back(struct store_txn *txn, uint32_t list, struct held *held, uint32_t *out_n,
                    struct error *err)
{
    int failed = 0;
    *out_n = 0;
    for (size_t i = 0; !failed && i < held->n; i++) {
        struct list_item *item = &held->items[i].item;
        if (!is_there(txn, item))
            continue;
        failed = list_items_txn_put(txn, list, ++*out_n, item, err);
        failed = failed ? failed : item_lists_txn_put(txn, item->item_id, list, err);
    }
    return failed;
}

struct mending {
    struct store *store;
    uint32_t list;
    bool is_told; /* its change is in the feed */
};

static int mend(struct store_txn *txn, void *context, struct error *err)
{
    const struct mending *mending = context;
    CLEANUP(held_done) struct held held = { .n = 0 };
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    struct list_row row;
    uint32_t n;
    int failed = list_rows_txn_get(txn, mending->list, &row, &about, err);
    failed = failed ? failed : list_items_txn_walk(txn, row.id, 1, hold, &held, err);
    failed = failed ? failed : clear(txn, row.id, &held, err);
    failed = failed ? failed : put_back(txn, row.id, &held, &n, err);
    if (failed)
        return failed;
    bool seen = row.revision != 0;
    if (!mending->is_told)
        row.revision = 0;
    if (seen && (!mending->is_told || n != row.n_items))
        failed = list_rows_txn_change(txn, &row, clock_wall_ms(), err);
    row.n_items = n;
    return failed ? failed : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

struct ids {
    uint32_t *ids;
    size_t n, capacity;
};

static int note_list(const struct list_row *row, const char *about UNUSED, size_t len UNUSED,
                     void *context)
{
    struct ids *ids = context;
    if (ids->n == ids->capacity) {
        ids->capacity = ids->capacity * 2 + 64;
        ids->ids = mem_resize(ids->ids, ids->capacity, sizeof *ids->ids);
    }
    ids->ids[ids->n++] = row->id;
    return 0;
}

static bool is_told(struct store *store, uint32_t list)
{
    struct list_row row;
    struct change change;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    return !list_rows_get(store, list, &row, &about, NULL) &&
           !changes_get(store, row.revision, &change, NULL) && change.item_id == list &&
           change.kind == PROVIDER_LIST;
}

/* --- Sources that lead to a list that is not theirs */

struct stray {
    struct store *store;
    struct text about;
    char text[LIST_SOURCE_LEN + RECORD_PROVIDER_LEN]; /* one of them; "": there is none */
};

static int find_stray(uint32_t kind, const char *text, uint32_t id, void *context)
{
    struct stray *stray = context;
    struct list_row row;
    char source[sizeof stray->text] = "";
    if (kind != PROVIDER_LIST)
        return 0;
    if (!list_rows_get(stray->store, id, &row, &stray->about, NULL))
        snprintf(source, sizeof source, "%s:%s", row.provider, row.source);
    if (text_equal(source, text))
        return 0;
    snprintf(stray->text, sizeof stray->text, "%s", text);
    return 1;
}

static int delete_stray(struct store_txn *txn, void *context, struct error *err)
{
    const struct stray *stray = context;
    return external_ids_txn_delete(txn, PROVIDER_LIST, stray->text, err);
}

static int repair_sources(struct store *store, struct error *err)
{
    struct stray stray = { .store = store, .about = TEXT_INIT(LIST_ABOUT_MAX_LEN) };
    int failed = 0;
    while (!failed && external_ids_walk(store, find_stray, &stray, err) == 1)
        failed = store_write(store, delete_stray, &stray, err);
    text_done(&stray.about);
    return failed;
}

int repair_lists(struct store *store, struct error *err)
{
    struct ids ids = { 0 };
    int failed = repair_sources(store, err);
    failed = failed ? failed : list_rows_walk(store, note_list, &ids, err);
    CLEANUP(mem_free) uint32_t *lists = ids.ids;
    for (size_t i = 0; !failed && i < ids.n; i++) {
        struct mending mending = { store, lists[i], is_told(store, lists[i]) };
        failed = store_write(store, mend, &mending, err);
    }
    return failed;
}
