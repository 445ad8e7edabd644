/* SPDX-License-Identifier: MIT */
#include "store/changes.h"

#include "store/bytes.h"
#include "store/inside.h"

enum { VERSION = 1, ROW_LEN = 3 + 4 + 8 + 4, KEY_LEN = 8 };

static void write_row(const struct change *change, uint8_t out[ROW_LEN])
{
    uint8_t *at = bytes_put_le(out, VERSION, 1);
    at = bytes_put_le(at, change->kind, 1);
    at = bytes_put_le(at, change->what, 1);
    at = bytes_put_le(at, change->item_id, 4);
    at = bytes_put_le(at, (uint64_t)change->at_ms, 8);
    bytes_put_le(at, change->merged_into, 4);
}

static int read_row_of(const void *key, size_t key_len, const void *value, size_t value_len,
                       struct change *out, struct error *err)
{
    const uint8_t *at = value;
    if (key_len != KEY_LEN || value_len < ROW_LEN)
        return error_set(err, PROVIDER_EPARSE, "a change is cut off");
    *out = (struct change){ .revision = bytes_get_be(key, KEY_LEN) };
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a change has version %u, known here: %d", version,
                         VERSION);
    out->kind = (uint32_t)bytes_take_le(&at, 1);
    out->what = (enum change_what)bytes_take_le(&at, 1);
    out->item_id = (uint32_t)bytes_take_le(&at, 4);
    out->at_ms = (int64_t)bytes_take_le(&at, 8);
    out->merged_into = (uint32_t)bytes_take_le(&at, 4);
    return 0;
}

int changes_txn_put(struct store_txn *txn, const struct change *change, struct error *err)
{
    if (!change->item_id || change->kind > UINT8_MAX || !change_what_name(change->what))
        return error_set(err, PROVIDER_EINVAL, "change %llu names no item, or an unknown kind",
                         (unsigned long long)change->revision);
    uint8_t key[KEY_LEN], row[ROW_LEN];
    bytes_put_be(key, change->revision, KEY_LEN);
    write_row(change, row);
    return store_txn_put(txn, STORE_CHANGES, key, KEY_LEN, row, ROW_LEN, err);
}

int changes_txn_add(struct store_txn *txn, const struct change *change, uint64_t replaces,
                    uint64_t *out_revision, struct error *err)
{
    struct change numbered = *change;
    numbered.revision = txn->counters.revision + 1;
    int failed = changes_txn_put(txn, &numbered, err);
    if (failed)
        return failed;
    txn->counters.revision = numbered.revision;
    if (replaces) {
        uint8_t key[KEY_LEN];
        bytes_put_be(key, replaces, KEY_LEN);
        failed = store_txn_delete(txn, STORE_CHANGES, key, KEY_LEN, err);
    }
    if (!failed)
        *out_revision = numbered.revision;
    return failed;
}

int changes_get(struct store *store, uint64_t revision, struct change *out, struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(ROW_LEN * 2);
    uint8_t key[KEY_LEN];
    bytes_put_be(key, revision, KEY_LEN);
    int failed = store_get(store, STORE_CHANGES, key, KEY_LEN, &row, err);
    return failed ? failed : read_row_of(key, KEY_LEN, row.bytes, row.len, out, err);
}

struct walk {
    int (*each)(const struct change *, void *context);
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    struct change change;
    int failed = read_row_of(key, key_len, value, value_len, &change, walk->err);
    return failed ? failed : walk->each(&change, walk->context);
}

int changes_walk(struct store *store, uint64_t since,
                 int (*each)(const struct change *, void *context), void *context,
                 struct error *err)
{
    if (since == UINT64_MAX)
        return 0;
    struct walk walk = { .each = each, .context = context, .err = err };
    uint8_t key[KEY_LEN];
    bytes_put_be(key, since + 1, KEY_LEN);
    return store_walk(store, STORE_CHANGES, key, KEY_LEN, walk_row, &walk, err);
}

const char *change_what_name(enum change_what what)
{
    static const char *const names[] = {
        [CHANGE_ADDED] = "added",   [CHANGE_UPDATED] = "updated", [CHANGE_GONE] = "gone",
        [CHANGE_MERGED] = "merged", [CHANGE_DELETED] = "deleted",
    };
    return (size_t)what < ARRAY_LEN(names) ? names[what] : NULL;
}
