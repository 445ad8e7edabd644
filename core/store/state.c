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
