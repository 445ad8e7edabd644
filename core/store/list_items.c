/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"
#include "store/lists.h"

/* Key: list, position.  Value: version, kind, item, when it was added, the note.  Backwards: item,
 * list -> version. */
enum { VERSION = 1, PART_LEN = 4, KEY_LEN = 2 * PART_LEN, HEAD_LEN = 2 + 4 + 8 };

static void put_key(uint32_t first, uint32_t second, uint8_t out[KEY_LEN])
{
    bytes_put_be(out, first, PART_LEN);
    bytes_put_be(out + PART_LEN, second, PART_LEN);
}

/* --- Walking */

struct walk {
    uint32_t list;
    list_items_each *each;
    void *context;
    int result; /* what `each` or a broken row said */
    struct text note;
    struct error *err;
};

static int read_item(struct walk *walk, size_t key_len, const void *value, size_t value_len,
                     struct list_item *out)
{
    const uint8_t *at = value;
    if (key_len != KEY_LEN || value_len < HEAD_LEN)
        return error_set(walk->err, PROVIDER_EPARSE, "an item of a list is cut off");
    if (at[0] != VERSION)
        return error_set(walk->err, PROVIDER_ENOTSUP,
                         "an item of a list has version %u, known here: %d", at[0], VERSION);
    at++;
    out->kind = (uint32_t)bytes_take_le(&at, 1);
    out->item_id = (uint32_t)bytes_take_le(&at, 4);
    out->added_at_ms = (int64_t)bytes_take_le(&at, 8);
    text_clear(&walk->note);
    text_add(&walk->note, at, value_len - HEAD_LEN);
    out->note = walk->note.len ? walk->note.bytes : NULL;
    return 0;
}

static int walk_item(const void *key, size_t key_len, const void *value, size_t value_len,
                     void *context)
{
    struct walk *walk = context;
    const uint8_t *parts = key;
    if (walk->list && key_len >= PART_LEN && bytes_get_be(parts, PART_LEN) != walk->list)
        return 1;
    struct list_item item;
    walk->result = read_item(walk, key_len, value, value_len, &item);
    if (!walk->result)
        walk->result =
            walk->each((uint32_t)bytes_get_be(parts, PART_LEN),
                       (uint32_t)bytes_get_be(parts + PART_LEN, PART_LEN), &item, walk->context);
    return walk->result ? 1 : 0;
}

/* Within a transaction or without. */
static int run_walk(struct store *store, struct store_txn *txn, uint32_t position,
                    struct walk *walk)
{
    uint8_t from[KEY_LEN];
    put_key(walk->list, position, from);
    int stopped =
        txn ? store_txn_walk(txn, STORE_LIST_ITEMS, from, KEY_LEN, walk_item, walk, walk->err)
            : store_walk(store, STORE_LIST_ITEMS, from, KEY_LEN, walk_item, walk, walk->err);
    text_done(&walk->note);
    return stopped < 0 ? stopped : walk->result;
}

int list_items_walk(struct store *store, uint32_t list, uint32_t position, list_items_each *each,
                    void *context, struct error *err)
{
    struct walk walk = { .list = list,
                         .each = each,
                         .context = context,
                         .note = TEXT_INIT(STORE_MAX_VALUE_LEN),
                         .err = err };
    return run_walk(store, NULL, position, &walk);
}

struct numbers {
    uint32_t *items;
    size_t n;
};

static int add_number(uint32_t list UNUSED, uint32_t position UNUSED, const struct list_item *item,
                      void *context)
{
    struct numbers *numbers = context;
    if (numbers->n == LIST_MAX_ITEMS)
        return 1;
    numbers->items[numbers->n++] = item->item_id;
    return 0;
}

int list_items_numbers(struct store *store, uint32_t list, uint32_t *out, size_t *out_n,
                       struct error *err)
{
    struct numbers numbers = { .items = out };
    int result = list_items_walk(store, list, 1, add_number, &numbers, err);
    *out_n = numbers.n;
    return MIN(result, 0);
}

int list_items_txn_walk(struct store_txn *txn, uint32_t list, uint32_t position,
                        list_items_each *each, void *context, struct error *err)
{
    struct walk walk = { .list = list,
                         .each = each,
                         .context = context,
                         .note = TEXT_INIT(STORE_MAX_VALUE_LEN),
                         .err = err };
    return run_walk(NULL, txn, position, &walk);
}

/* --- Rows */

int list_items_txn_put(struct store_txn *txn, uint32_t list, uint32_t position,
                       const struct list_item *item, struct error *err)
{
    uint8_t key[KEY_LEN], head[HEAD_LEN];
    uint8_t *at = bytes_put_le(head, VERSION, 1);
    at = bytes_put_le(at, item->kind, 1);
    at = bytes_put_le(at, item->item_id, 4);
    bytes_put_le(at, (uint64_t)item->added_at_ms, 8);
    put_key(list, position, key);
    const char *note = item->note ? item->note : "";
    return txn_put_parts(txn, STORE_LIST_ITEMS, key, KEY_LEN, head, HEAD_LEN, note, strlen(note),
                         err);
}

int list_items_txn_delete(struct store_txn *txn, uint32_t list, uint32_t position,
                          struct error *err)
{
    uint8_t key[KEY_LEN];
    put_key(list, position, key);
    return store_txn_delete(txn, STORE_LIST_ITEMS, key, KEY_LEN, err);
}

int item_lists_txn_put(struct store_txn *txn, uint32_t item, uint32_t list, struct error *err)
{
    static const uint8_t value[] = { VERSION };
    uint8_t key[KEY_LEN];
    put_key(item, list, key);
    return store_txn_put(txn, STORE_ITEM_LISTS, key, KEY_LEN, value, sizeof value, err);
}

int item_lists_txn_delete(struct store_txn *txn, uint32_t item, uint32_t list, struct error *err)
{
    uint8_t key[KEY_LEN];
    put_key(item, list, key);
    return store_txn_delete(txn, STORE_ITEM_LISTS, key, KEY_LEN, err);
}

/* --- Backwards */

struct back_walk {
    uint32_t item;
    item_lists_each *each;
    void *context;
    int result;
    struct error *err;
};

static int walk_back(const void *key, size_t key_len, const void *value, size_t value_len,
                     void *context)
{
    struct back_walk *walk = context;
    const uint8_t *parts = key;
    if (walk->item && key_len >= PART_LEN && bytes_get_be(parts, PART_LEN) != walk->item)
        return 1;
    if (key_len != KEY_LEN || value_len != 1 || *(const uint8_t *)value != VERSION)
        walk->result = error_set(walk->err, PROVIDER_EPARSE, "a list of an item is unreadable");
    else
        walk->result =
            walk->each((uint32_t)bytes_get_be(parts, PART_LEN),
                       (uint32_t)bytes_get_be(parts + PART_LEN, PART_LEN), walk->context);
    return walk->result ? 1 : 0;
}

static int run_back_walk(struct store *store, struct store_txn *txn, struct back_walk *walk)
{
    uint8_t from[PART_LEN];
    bytes_put_be(from, walk->item, PART_LEN);
    int stopped =
        txn ? store_txn_walk(txn, STORE_ITEM_LISTS, from, PART_LEN, walk_back, walk, walk->err)
            : store_walk(store, STORE_ITEM_LISTS, from, PART_LEN, walk_back, walk, walk->err);
    return stopped < 0 ? stopped : walk->result;
}

int item_lists_walk(struct store *store, uint32_t item, item_lists_each *each, void *context,
                    struct error *err)
{
    struct back_walk walk = { .item = item, .each = each, .context = context, .err = err };
    return run_back_walk(store, NULL, &walk);
}

int item_lists_txn_walk(struct store_txn *txn, uint32_t item, item_lists_each *each, void *context,
                        struct error *err)
{
    struct back_walk walk = { .item = item, .each = each, .context = context, .err = err };
    return run_back_walk(NULL, txn, &walk);
}

static int stop_here(uint32_t item UNUSED, uint32_t list UNUSED, void *context UNUSED)
{
    return 1;
}

bool item_lists_any(struct store *store, uint32_t item)
{
    return item_lists_walk(store, item, stop_here, NULL, NULL) == 1;
}

bool item_lists_txn_any(struct store_txn *txn, uint32_t item)
{
    return item_lists_txn_walk(txn, item, stop_here, NULL, NULL) == 1;
}
