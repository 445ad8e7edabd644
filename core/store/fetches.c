/* SPDX-License-Identifier: MIT */
#include "store/fetches.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: priority, item id, provider's name.  The value is a version byte. */
enum { VERSION = 1, FIXED_LEN = 8 + 4, KEY_MAX = FIXED_LEN + 32 };

/* Positive doubles order like their bits, so the inverted top 56 bits are an order key. */
uint64_t fetch_priority(enum fetch_class class, double popularity)
{
    double known = popularity > 0 ? popularity : 0; /* NaN too */
    uint64_t bits;
    memcpy(&bits, &known, sizeof bits);
    return (uint64_t) class << 56 | (~bits >> 8 & 0xffffffffffffff);
}

uint64_t fetch_priority_due(int64_t due_at_ms)
{
    return (uint64_t)FETCH_STALE << 56 | ((uint64_t)MAX(due_at_ms, (int64_t)0) & 0xffffffffffffff);
}

enum fetch_class fetch_class_of(uint64_t priority)
{
    return (enum fetch_class)(priority >> 56);
}

static int key_of(uint64_t priority, uint32_t item_id, const char *provider, uint8_t out[KEY_MAX],
                  size_t *out_len, struct error *err)
{
    size_t len = strlen(provider);
    if (!len || len >= sizeof((struct fetch *)NULL)->provider)
        return error_set(err, PROVIDER_EINVAL, "a provider's name has 1 to 31 bytes");
    bytes_put_be(out, priority, 8);
    bytes_put_be(out + 8, item_id, 4);
    memcpy(out + FIXED_LEN, provider, len);
    *out_len = FIXED_LEN + len;
    return 0;
}

int fetches_txn_put(struct store_txn *txn, uint64_t priority, uint32_t item_id,
                    const char *provider, struct error *err)
{
    uint8_t key[KEY_MAX];
    size_t len;
    int failed = key_of(priority, item_id, provider, key, &len, err);
    bool is_new = false;
    static const uint8_t row[1] = { VERSION };
    failed =
        failed ? failed : txn_insert(txn, STORE_FETCHES, key, len, row, sizeof row, &is_new, err);
    if (!failed && is_new)
        txn->counters.n_fetches++;
    return failed;
}

int fetches_txn_delete(struct store_txn *txn, uint64_t priority, uint32_t item_id,
                       const char *provider, struct error *err)
{
    uint8_t key[KEY_MAX];
    size_t len;
    int failed = key_of(priority, item_id, provider, key, &len, err);
    bool was_there = false;
    failed = failed ? failed : txn_remove(txn, STORE_FETCHES, key, len, &was_there, err);
    if (!failed && was_there)
        txn->counters.n_fetches--;
    return failed;
}

struct collecting {
    const struct fetch *after;
    struct fetch *out;
    size_t max, n;
    struct error *err;
};

static bool is_same(const struct fetch *a, const struct fetch *b)
{
    return a && a->priority == b->priority && a->item_id == b->item_id &&
           !strcmp(a->provider, b->provider);
}

static int collect(const void *key, size_t key_len, const void *value, size_t value_len,
                   void *context)
{
    struct collecting *to = context;
    if (to->n == to->max)
        return 1;
    if (key_len <= FIXED_LEN || key_len >= KEY_MAX || !value_len)
        return error_set(to->err, PROVIDER_EPARSE, "a waiting fetch is cut off");
    if (*(const uint8_t *)value != VERSION)
        return error_set(to->err, PROVIDER_ENOTSUP, "a waiting fetch has an unknown version");
    const uint8_t *bytes = key;
    struct fetch fetch = { .priority = bytes_get_be(bytes, 8),
                           .item_id = (uint32_t)bytes_get_be(bytes + 8, 4) };
    memcpy(fetch.provider, bytes + FIXED_LEN, key_len - FIXED_LEN);
    if (!is_same(to->after, &fetch))
        to->out[to->n++] = fetch;
    return 0;
}

int fetches_next(struct store *store, const struct fetch *after, struct fetch *out, size_t max,
                 size_t *out_n, struct error *err)
{
    struct collecting to = { .after = after, .out = out, .max = max, .err = err };
    uint8_t key[KEY_MAX];
    size_t len = 0;
    int failed =
        after ? key_of(after->priority, after->item_id, after->provider, key, &len, err) : 0;
    if (!failed)
        failed = store_walk(store, STORE_FETCHES, key, len, collect, &to, err);
    if (failed < 0)
        return failed;
    *out_n = to.n;
    return 0;
}

int fetches_count(struct store *store, uint64_t *out, struct error *err UNUSED)
{
    *out = atomic_load(&store->n_fetches);
    return 0;
}

struct counting {
    enum fetch_class least_urgent;
    uint64_t *out;
};

static int count_urgent(const void *key, size_t key_len, const void *value UNUSED,
                        size_t value_len UNUSED, void *context)
{
    struct counting *counting = context;
    if (key_len <= FIXED_LEN || fetch_class_of(bytes_get_be(key, 8)) > counting->least_urgent)
        return 1;
    *counting->out += 1;
    return 0;
}

int fetches_count_urgent(struct store *store, enum fetch_class least_urgent, uint64_t *out,
                         struct error *err)
{
    struct counting counting = { .least_urgent = least_urgent, .out = out };
    *out = 0;
    return MIN(store_walk(store, STORE_FETCHES, NULL, 0, count_urgent, &counting, err), 0);
}
