/* SPDX-License-Identifier: MIT */
#include "store/tokens.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: hash.  Value: version, id, scopes, times, and two texts behind their lengths. */
enum { VERSION = 1, HEAD_LEN = 1 + 4 + 4 + 8 + 8, ROW_MAX = HEAD_LEN + 2 * 64 };

static uint8_t *put_text(uint8_t *at, const char *text)
{
    size_t len = strlen(text);
    at = bytes_put_le(at, len, 1);
    memcpy(at, text, len);
    return at + len;
}

/* False when it is longer than its room or the row. */
static bool take_text(const uint8_t **at, const uint8_t *end, char *out, size_t out_size)
{
    if (*at >= end)
        return false;
    size_t len = (size_t)bytes_take_le(at, 1);
    if (len >= out_size || len > (size_t)(end - *at))
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len;
    return true;
}

static int read_row_of(const uint8_t *hash, const void *value, size_t value_len,
                       struct token_row *out, struct error *err)
{
    const uint8_t *at = value, *end = at + value_len;
    if (value_len < HEAD_LEN)
        return error_set(err, PROVIDER_EPARSE, "a token is cut off");
    unsigned version = (unsigned)bytes_take_le(&at, 1);
    if (version != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a token has version %u, known here: %d", version,
                         VERSION);
    struct token_row row = { .id = (uint32_t)bytes_take_le(&at, 4) };
    memcpy(row.hash, hash, TOKEN_HASH_LEN);
    row.scopes = (uint32_t)bytes_take_le(&at, 4);
    row.created_at_ms = (int64_t)bytes_take_le(&at, 8);
    row.expires_at_ms = (int64_t)bytes_take_le(&at, 8);
    if (!take_text(&at, end, row.user, sizeof row.user) ||
        !take_text(&at, end, row.label, sizeof row.label))
        return error_set(err, PROVIDER_EPARSE, "token %u is cut off", row.id);
    *out = row;
    return 0;
}

int token_rows_get(struct store *store, const uint8_t hash[TOKEN_HASH_LEN], struct token_row *out,
                   struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(ROW_MAX * 2);
    int failed = store_get(store, STORE_TOKENS, hash, TOKEN_HASH_LEN, &row, err);
    return failed ? failed : read_row_of(hash, row.bytes, row.len, out, err);
}

int token_rows_txn_put(struct store_txn *txn, const struct token_row *row, struct error *err)
{
    if (!memchr(row->user, 0, sizeof row->user) || !memchr(row->label, 0, sizeof row->label))
        return error_set(err, PROVIDER_EINVAL, "a token's user and label have at most %d bytes",
                         TOKEN_USER_LEN - 1);
    uint8_t value[ROW_MAX];
    uint8_t *at = bytes_put_le(value, VERSION, 1);
    at = bytes_put_le(at, row->id, 4);
    at = bytes_put_le(at, row->scopes, 4);
    at = bytes_put_le(at, (uint64_t)row->created_at_ms, 8);
    at = bytes_put_le(at, (uint64_t)row->expires_at_ms, 8);
    at = put_text(put_text(at, row->user), row->label);
    return store_txn_put(txn, STORE_TOKENS, row->hash, TOKEN_HASH_LEN, value, (size_t)(at - value),
                         err);
}

struct putting {
    const struct token_row *row;
    uint32_t id; /* out */
};

static int put(struct store_txn *txn, void *context, struct error *err)
{
    struct putting *putting = context;
    struct token_row row = *putting->row;
    if (!row.id && txn->counters.next_token == UINT32_MAX)
        return error_set(err, PROVIDER_ELIMIT, "all token numbers are used");
    if (!row.id)
        row.id = txn->counters.next_token++;
    putting->id = row.id;
    return token_rows_txn_put(txn, &row, err);
}

int token_rows_put(struct store *store, struct token_row *row, struct error *err)
{
    struct putting putting = { .row = row };
    int failed = store_write(store, put, &putting, err);
    if (!failed)
        row->id = putting.id;
    return failed;
}

static int delete (struct store_txn *txn, void *context, struct error *err)
{
    return store_txn_delete(txn, STORE_TOKENS, context, TOKEN_HASH_LEN, err);
}

int token_rows_delete(struct store *store, const uint8_t hash[TOKEN_HASH_LEN], struct error *err)
{
    uint8_t copy[TOKEN_HASH_LEN];
    memcpy(copy, hash, TOKEN_HASH_LEN);
    return store_write_reserved(store, delete, copy, err);
}

struct walk {
    int (*each)(const struct token_row *, void *context);
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    struct token_row row;
    if (key_len != TOKEN_HASH_LEN)
        return error_set(walk->err, PROVIDER_EPARSE, "a token's key is cut off");
    int failed = read_row_of(key, value, value_len, &row, walk->err);
    return failed ? failed : walk->each(&row, walk->context);
}

int token_rows_walk(struct store *store, int (*each)(const struct token_row *, void *context),
                    void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_TOKENS, NULL, 0, walk_row, &walk, err);
}
