/* SPDX-License-Identifier: MIT */
#include "store/state.h"

#include <string.h>

#include "store/inside.h"

/* Key: owner, a zero, key.  Value: version, text. */
enum { VERSION = 1, HEAD_LEN = 1, VALUE_MAX = 64 << 10, KEY_MAX = 400 };

static int key_of(const char *owner, const char *key, struct text *out, struct error *err)
{
    if (!*owner || !text_add(out, owner, strlen(owner) + 1) || !text_add_string(out, key))
        return error_set(err, PROVIDER_ELIMIT, "the names of owner and key have 1 to %d bytes",
                         KEY_MAX - 1);
    return 0;
}

int state_get(struct store *store, const char *owner, const char *key, struct text *out,
              struct error *err)
{
    CLEANUP(text_done) struct text name = TEXT_INIT(KEY_MAX);
    int failed = key_of(owner, key, &name, err);
    failed = failed ? failed : store_get(store, STORE_STATE, name.bytes, name.len, out, err);
    if (failed)
        return failed;
    if (!out->len || out->bytes[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "the state '%s' of '%s' has an unknown version",
                         key, owner);
    row_drop_head(out, HEAD_LEN);
    return 0;
}

int state_txn_put(struct store_txn *txn, const char *owner, const char *key, const char *value,
                  struct error *err)
{
    CLEANUP(text_done) struct text name = TEXT_INIT(KEY_MAX);
    int failed = key_of(owner, key, &name, err);
    if (failed)
        return failed;
    if (!value)
        return store_txn_delete(txn, STORE_STATE, name.bytes, name.len, err);
    size_t len = strlen(value);
    if (len > VALUE_MAX)
        return error_set(err, PROVIDER_ELIMIT, "the state '%s' of '%s' has %zu bytes, at most %d",
                         key, owner, len, VALUE_MAX);
    static const uint8_t head[HEAD_LEN] = { VERSION };
    return txn_put_parts(txn, STORE_STATE, name.bytes, name.len, head, HEAD_LEN, value, len, err);
}

struct putting {
    const char *owner, *key, *value;
};

static int put(struct store_txn *txn, void *context, struct error *err)
{
    const struct putting *putting = context;
    return state_txn_put(txn, putting->owner, putting->key, putting->value, err);
}

int state_put(struct store *store, const char *owner, const char *key, const char *value,
              struct error *err)
{
    struct putting putting = { .owner = owner, .key = key, .value = value };
    return store_write(store, put, &putting, err);
}

struct walk {
    state_each *each;
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    const char *zero = memchr(key, 0, key_len);
    if (!zero || !value_len || *(const uint8_t *)value != VERSION)
        return error_set(walk->err, PROVIDER_ENOTSUP,
                         "a state is unreadable or of a newer version");
    const char *owner = key;
    CLEANUP(mem_free) char *name = mem_dup(zero + 1, key_len - (size_t)(zero - owner) - 1);
    return walk->each(owner, name, (const char *)value + HEAD_LEN, value_len - HEAD_LEN,
                      walk->context);
}

int state_walk(struct store *store, state_each *each, void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_STATE, NULL, 0, walk_row, &walk, err);
}
