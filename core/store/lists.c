/* SPDX-License-Identifier: MIT */
#include "store/lists.h"

#include <string.h>

#include "store/bytes.h"
#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"

/* Key: the list's number.  Value: what has a fixed length, then owner, provider and source, each
 * behind its length, then the JSON. */
enum { VERSION = 1, KEY_LEN = 4, FIXED_LEN = 7 + 8 + 4 * 8 + 4, N_NAMES = 3 };
enum {
    HEAD_MAX_LEN = FIXED_LEN + N_NAMES + LIST_OWNER_LEN + RECORD_PROVIDER_LEN + LIST_SOURCE_LEN
};

/* --- Rows */

static uint8_t *write_name(uint8_t *at, const char *name)
{
    size_t len = strlen(name);
    at = bytes_put_le(at, len, 1);
    memcpy(at, name, len);
    return at + len;
}

static size_t write_head(const struct list_row *row, uint8_t out[HEAD_MAX_LEN])
{
    uint8_t *at = bytes_put_le(out, VERSION, 1);
    at = bytes_put_le(at, row->kind, 1);
    at = bytes_put_le(at, row->visibility, 1);
    at = bytes_put_le(at, row->flags, 2);
    at = bytes_put_le(at, row->sort, 1);
    at = bytes_put_le(at, row->ascending, 1);
    at = bytes_put_le(at, row->revision, 8);
    at = bytes_put_le(at, (uint64_t)row->created_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)row->updated_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)row->checked_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)row->gone_since_ms, 8);
    at = bytes_put_le(at, row->n_items, 4);
    at = write_name(at, row->owner);
    at = write_name(at, row->provider);
    at = write_name(at, row->source);
    return (size_t)(at - out);
}

/* False: cut off, or longer than it may be. */
static bool read_name(const uint8_t **at, const uint8_t *end, char *out, size_t out_size)
{
    size_t len = *at < end ? **at : SIZE_MAX;
    if (len >= out_size || (size_t)(end - *at) <= len)
        return false;
    memcpy(out, *at + 1, len);
    out[len] = '\0';
    *at += 1 + len;
    return true;
}

static void read_fixed(const uint8_t *at, struct list_row *out)
{
    at++;
    out->kind = (enum list_kind)bytes_take_le(&at, 1);
    out->visibility = (enum list_visibility)bytes_take_le(&at, 1);
    out->flags = (uint32_t)bytes_take_le(&at, 2);
    out->sort = (enum filter_sort)bytes_take_le(&at, 1);
    out->ascending = bytes_take_le(&at, 1) != 0;
    out->revision = bytes_take_le(&at, 8);
    out->created_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->updated_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->checked_at_ms = (int64_t)bytes_take_le(&at, 8);
    out->gone_since_ms = (int64_t)bytes_take_le(&at, 8);
    out->n_items = (uint32_t)bytes_take_le(&at, 4);
}

/* *out_head_len: where the JSON begins. */
static int read_head(uint32_t id, const void *value, size_t len, struct list_row *out,
                     size_t *out_head_len, struct error *err)
{
    const uint8_t *bytes = value, *at = bytes + FIXED_LEN, *end = bytes + len;
    if (len && bytes[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "list %u has version %u, known here: %d", id,
                         bytes[0], VERSION);
    struct list_row row = { .id = id };
    if (len < FIXED_LEN || !read_name(&at, end, row.owner, sizeof row.owner) ||
        !read_name(&at, end, row.provider, sizeof row.provider) ||
        !read_name(&at, end, row.source, sizeof row.source))
        return error_set(err, PROVIDER_EPARSE, "list %u is cut off", id);
    read_fixed(bytes, &row);
    *out = row;
    *out_head_len = (size_t)(at - bytes);
    return 0;
}

static int finish_get(uint32_t id, struct list_row *out, struct text *row, struct error *err)
{
    size_t head_len;
    int failed = read_head(id, row->bytes, row->len, out, &head_len, err);
    if (!failed)
        row_drop_head(row, head_len);
    return failed;
}

int list_rows_get(struct store *store, uint32_t id, struct list_row *out, struct text *out_about,
                  struct error *err)
{
    uint8_t key[KEY_LEN];
    bytes_put_be(key, id, KEY_LEN);
    int failed = store_get(store, STORE_LISTS, key, KEY_LEN, out_about, err);
    return failed ? failed : finish_get(id, out, out_about, err);
}

int list_rows_txn_get(struct store_txn *txn, uint32_t id, struct list_row *out,
                      struct text *out_about, struct error *err)
{
    uint8_t key[KEY_LEN];
    bytes_put_be(key, id, KEY_LEN);
    int failed = store_txn_get(txn, STORE_LISTS, key, KEY_LEN, out_about, err);
    return failed ? failed : finish_get(id, out, out_about, err);
}

struct walk {
    list_rows_each *each;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    struct list_row row;
    size_t head_len;
    if (key_len != KEY_LEN)
        return walk->result = error_set(walk->err, PROVIDER_EPARSE, "the key of a list is cut off");
    walk->result = read_head((uint32_t)bytes_get_be(key, KEY_LEN), value, value_len, &row,
                             &head_len, walk->err);
    if (!walk->result)
        walk->result =
            walk->each(&row, (const char *)value + head_len, value_len - head_len, walk->context);
    return walk->result;
}

int list_rows_walk(struct store *store, list_rows_each *each, void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_LISTS, NULL, 0, walk_row, &walk, err);
}

/* --- Sources: kept with the external ids, "tmdb:28" and "tmdb:top_rated" */

enum { SOURCE_TEXT_LEN = RECORD_PROVIDER_LEN + LIST_SOURCE_LEN };

static void source_text(const char *provider, const char *source, char out[SOURCE_TEXT_LEN])
{
    snprintf(out, SOURCE_TEXT_LEN, "%s:%s", provider, source);
}

int list_sources_find(struct store *store, const char *provider, const char *source, uint32_t *out,
                      struct error *err)
{
    char text[SOURCE_TEXT_LEN];
    source_text(provider, source, text);
    return external_ids_find(store, PROVIDER_LIST, text, out, err);
}

int list_sources_txn_find(struct store_txn *txn, const char *provider, const char *source,
                          uint32_t *out, struct error *err)
{
    char text[SOURCE_TEXT_LEN];
    source_text(provider, source, text);
    return external_ids_txn_find(txn, PROVIDER_LIST, text, out, err);
}

/* --- Writing */

static int check_row(const struct list_row *row, size_t about_len, struct error *err)
{
    bool ends = memchr(row->owner, 0, sizeof row->owner) &&
                memchr(row->provider, 0, sizeof row->provider) &&
                memchr(row->source, 0, sizeof row->source);
    if (!row->id || !row->kind || row->kind > LIST_SYNCED || !row->visibility ||
        row->visibility > LIST_PUBLIC || !ends)
        return error_set(err, PROVIDER_EINVAL,
                         "a list needs a number, a kind, a visibility and names that end");
    if ((row->kind == LIST_SYNCED) != (*row->provider && *row->source))
        return error_set(err, PROVIDER_EINVAL, "a synced list, and no other, has a source");
    if (about_len > LIST_ABOUT_MAX_LEN || row->n_items > LIST_MAX_ITEMS)
        return error_set(err, PROVIDER_ELIMIT, "a list has at most %d items and %d bytes of text",
                         LIST_MAX_ITEMS, LIST_ABOUT_MAX_LEN);
    return 0;
}

int list_rows_txn_put(struct store_txn *txn, const struct list_row *row, const char *about,
                      size_t about_len, struct error *err)
{
    uint8_t key[KEY_LEN], head[HEAD_MAX_LEN];
    int failed = check_row(row, about_len, err);
    if (!failed && row->kind == LIST_SYNCED && !*row->owner) {
        char text[SOURCE_TEXT_LEN];
        source_text(row->provider, row->source, text);
        failed = external_ids_txn_put(txn, PROVIDER_LIST, text, row->id, err);
    }
    if (failed)
        return failed;
    bytes_put_be(key, row->id, KEY_LEN);
    return txn_put_parts(txn, STORE_LISTS, key, KEY_LEN, head, write_head(row, head), about,
                         about_len, err);
}

int list_rows_txn_new_id(struct store_txn *txn, uint32_t *out, struct error *err)
{
    return items_txn_new_id(txn, out, err);
}

int list_rows_txn_change(struct store_txn *txn, struct list_row *row, int64_t now_ms,
                         struct error *err)
{
    struct change change = { .item_id = row->id,
                             .kind = PROVIDER_LIST,
                             .what = row->revision ? CHANGE_UPDATED : CHANGE_ADDED,
                             .at_ms = now_ms };
    row->updated_at_ms = now_ms;
    return changes_txn_add(txn, &change, row->revision, &row->revision, err);
}

/* One that was never seen was never told of, either. */
static int tell_deleted(struct store_txn *txn, const struct list_row *row, int64_t now_ms,
                        struct error *err)
{
    struct change change = {
        .item_id = row->id, .kind = PROVIDER_LIST, .what = CHANGE_DELETED, .at_ms = now_ms
    };
    uint64_t revision;
    return row->revision ? changes_txn_add(txn, &change, row->revision, &revision, err) : 0;
}

int list_rows_txn_delete(struct store_txn *txn, uint32_t id, int64_t now_ms, struct error *err)
{
    uint8_t key[KEY_LEN];
    struct list_row row;
    bool changed;
    CLEANUP(text_done) struct text about = TEXT_INIT(STORE_MAX_VALUE_LEN);
    int failed = list_rows_txn_get(txn, id, &row, &about, err);
    failed = failed ? failed : list_items_txn_replace(txn, id, NULL, 0, now_ms, &changed, err);
    failed = failed ? failed : tell_deleted(txn, &row, now_ms, err);
    if (!failed && row.kind == LIST_SYNCED && !*row.owner) {
        char text[SOURCE_TEXT_LEN];
        source_text(row.provider, row.source, text);
        failed = external_ids_txn_delete(txn, PROVIDER_LIST, text, err);
    }
    bytes_put_be(key, id, KEY_LEN);
    return failed ? failed : store_txn_delete(txn, STORE_LISTS, key, KEY_LEN, err);
}
