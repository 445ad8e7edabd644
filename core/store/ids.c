/* SPDX-License-Identifier: MIT */
#include "store/ids.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: kind, text.  A number in the text stands behind its length, so that keys are in the numbers'
 * order and a catalogue that arrives by ascending id is appended: "tmdb:603" is "tmdb:", 0x83,
 * "603".  No UTF-8 text begins with such a byte, so the two forms cannot meet.  Value: version,
 * item id. */
enum { VERSION = 1, ROW_LEN = 5, KIND_LEN = 1, TEXT_MAX = 200 };
enum { NUMBER_MARK = 0x80, NUMBER_MAX_LEN = 20, KEY_MAX = KIND_LEN + TEXT_MAX + 1 };
enum { MAX_CHAIN = 32 };

struct key {
    uint8_t bytes[KEY_MAX];
    size_t len;
};

static bool is_number(const char *text)
{
    size_t len = strspn(text, "0123456789");
    return len && len <= NUMBER_MAX_LEN && !text[len];
}

static int key_of(uint32_t kind, const char *text, struct key *out, struct error *err)
{
    size_t len = strlen(text);
    if (!len || len > TEXT_MAX)
        return error_set(err, PROVIDER_EINVAL, "an external id has 1 to %d bytes", TEXT_MAX);
    if (!kind || kind > UINT8_MAX)
        return error_set(err, PROVIDER_EINVAL, "no kind of item has the number %u", kind);
    const char *colon = strchr(text, ':');
    const char *value = colon && is_number(colon + 1) ? colon + 1 : text + len;
    size_t head_len = (size_t)(value - text);
    out->bytes[0] = (uint8_t)kind;
    uint8_t *at = out->bytes + KIND_LEN;
    memcpy(at, text, head_len);
    at += head_len;
    if (*value)
        *at++ = (uint8_t)(NUMBER_MARK | (len - head_len));
    memcpy(at, value, len - head_len);
    out->len = (size_t)(at - out->bytes) + len - head_len;
    return 0;
}

/* The reverse; false when it is no key of ours. */
static bool text_of(const uint8_t *key, size_t key_len, char out[TEXT_MAX + 1])
{
    if (key_len <= KIND_LEN || key_len > KEY_MAX || !key[0])
        return false;
    size_t len = 0;
    bool was_colon = false;
    for (size_t i = KIND_LEN; i < key_len; i++) {
        bool is_mark = was_colon && key[i] > NUMBER_MARK && key[i] <= NUMBER_MARK + NUMBER_MAX_LEN;
        was_colon = key[i] == ':';
        if (is_mark)
            continue;
        if (len == TEXT_MAX)
            return false;
        out[len++] = (char)key[i];
    }
    out[len] = '\0';
    return true;
}

static void write_row(uint32_t id, uint8_t out[ROW_LEN])
{
    bytes_put_le(bytes_put_le(out, VERSION, 1), id, 4);
}

static int read_row_of(const void *row, size_t len, uint32_t *out, struct error *err)
{
    const uint8_t *at = row;
    if (len != ROW_LEN)
        return error_set(err, PROVIDER_EPARSE, "an id row is cut off");
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "an id row has version %u, known here: %d", version,
                         VERSION);
    *out = (uint32_t)bytes_take_le(&at, 4);
    return 0;
}

int external_ids_find(struct store *store, uint32_t kind, const char *text, uint32_t *out,
                      struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(64);
    struct key key;
    int failed = key_of(kind, text, &key, err);
    failed = failed ? failed : store_get(store, STORE_IDS, key.bytes, key.len, &row, err);
    return failed ? failed : read_row_of(row.bytes, row.len, out, err);
}

int external_ids_txn_find(struct store_txn *txn, uint32_t kind, const char *text, uint32_t *out,
                          struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    failed =
        failed ? failed : store_txn_get(txn, STORE_IDS, key.bytes, key.len, &txn->scratch, err);
    return failed ? failed : read_row_of(txn->scratch.bytes, txn->scratch.len, out, err);
}

int external_ids_txn_put(struct store_txn *txn, uint32_t kind, const char *text, uint32_t item_id,
                         struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    uint8_t row[ROW_LEN];
    write_row(item_id, row);
    return failed ? failed : store_txn_put(txn, STORE_IDS, key.bytes, key.len, row, ROW_LEN, err);
}

int external_ids_txn_delete(struct store_txn *txn, uint32_t kind, const char *text,
                            struct error *err)
{
    struct key key;
    int failed = key_of(kind, text, &key, err);
    return failed ? failed : store_txn_delete(txn, STORE_IDS, key.bytes, key.len, err);
}

struct walk {
    external_ids_each *each;
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    char text[TEXT_MAX + 1];
    if (!text_of(key, key_len, text))
        return error_set(walk->err, PROVIDER_EPARSE, "an external id is unreadable");
    uint32_t id = 0;
    int failed = read_row_of(value, value_len, &id, walk->err);
    return failed ? failed : walk->each(*(const uint8_t *)key, text, id, walk->context);
}

int external_ids_walk(struct store *store, external_ids_each *each, void *context,
                      struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_IDS, NULL, 0, walk_row, &walk, err);
}

/* --- Redirects */

/* Reads one row, from a transaction or without. */
static int read_redirect(struct store *store, struct store_txn *txn, uint32_t id, struct text *row,
                         struct error *err)
{
    uint8_t key[4];
    bytes_put_be(key, id, sizeof key);
    return txn ? store_txn_get(txn, STORE_REDIRECTS, key, sizeof key, row, err)
               : store_get(store, STORE_REDIRECTS, key, sizeof key, row, err);
}

static int follow_redirects(struct store *store, struct store_txn *txn, uint32_t id, uint32_t *out,
                            struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(64);
    uint32_t at = id;
    for (int steps = 0; steps < MAX_CHAIN; steps++) {
        int failed = read_redirect(store, txn, at, &row, err);
        if (failed == PROVIDER_ENOTFOUND && steps) {
            *out = at;
            return 0;
        }
        failed = failed ? failed : read_row_of(row.bytes, row.len, &at, err);
        if (failed)
            return failed;
    }
    return error_set(err, PROVIDER_EIO, "the redirects of item %u go round in a circle", id);
}

int redirects_find(struct store *store, uint32_t id, uint32_t *out, struct error *err)
{
    return follow_redirects(store, NULL, id, out, err);
}

int redirects_txn_find(struct store_txn *txn, uint32_t id, uint32_t *out, struct error *err)
{
    return follow_redirects(NULL, txn, id, out, err);
}

int redirects_txn_put(struct store_txn *txn, uint32_t id, uint32_t survivor, struct error *err)
{
    if (id == survivor)
        return error_set(err, PROVIDER_EINVAL, "item %u cannot be merged into itself", id);
    uint8_t key[4], row[ROW_LEN];
    bytes_put_be(key, id, sizeof key);
    write_row(survivor, row);
    return store_txn_put(txn, STORE_REDIRECTS, key, sizeof key, row, ROW_LEN, err);
}

struct redirect_walk {
    int (*each)(uint32_t id, uint32_t survivor, void *context);
    void *context;
    struct error *err;
};

static int walk_redirect(const void *key, size_t key_len, const void *value, size_t value_len,
                         void *context)
{
    struct redirect_walk *walk = context;
    uint32_t survivor = 0;
    if (key_len != 4)
        return error_set(walk->err, PROVIDER_EPARSE, "a redirect is unreadable");
    int failed = read_row_of(value, value_len, &survivor, walk->err);
    return failed ? failed : walk->each((uint32_t)bytes_get_be(key, 4), survivor, walk->context);
}

int redirects_walk(struct store *store, int (*each)(uint32_t id, uint32_t survivor, void *context),
                   void *context, struct error *err)
{
    struct redirect_walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_REDIRECTS, NULL, 0, walk_redirect, &walk, err);
}
