/* SPDX-License-Identifier: MIT */
#include "store/releases.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"
#include "store/swarms.h"

/* Key: the infohash.  Value: a version byte, the packed release.  Key of the other table: item,
 * infohash; its value is a version byte. */
enum { VERSION = 1, HEAD_LEN = 1, ITEM_LEN = 4, LINK_LEN = ITEM_LEN + RELEASE_HASH_LEN };

static int check_row(int failed, struct text *out, struct error *err)
{
    if (failed)
        return failed;
    if (out->len < HEAD_LEN || out->bytes[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "a release has another version than %d", VERSION);
    row_drop_head(out, HEAD_LEN);
    return 0;
}

int releases_get(struct store *store, const uint8_t hash[RELEASE_HASH_LEN], struct text *out,
                 struct error *err)
{
    return check_row(store_get(store, STORE_RELEASES, hash, RELEASE_HASH_LEN, out, err), out, err);
}

int releases_txn_get(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN], struct text *out,
                     struct error *err)
{
    return check_row(store_txn_get(txn, STORE_RELEASES, hash, RELEASE_HASH_LEN, out, err), out,
                     err);
}

static void put_link(uint32_t item, const uint8_t *hash, uint8_t out[LINK_LEN])
{
    bytes_put_be(out, item, ITEM_LEN);
    memcpy(out + ITEM_LEN, hash, RELEASE_HASH_LEN);
}

/* Its item no longer leads to it. */
static int unlink_release(struct store_txn *txn, const uint8_t *hash, uint32_t unless,
                          struct error *err)
{
    CLEANUP(text_done) struct text before = TEXT_INIT(RELEASE_MAX_PACKED + HEAD_LEN);
    struct release_packed release;
    uint8_t link[LINK_LEN];
    int failed = releases_txn_get(txn, hash, &before, err);
    if (failed)
        return failed == PROVIDER_ENOTFOUND ? 0 : failed;
    if (!release_open(before.bytes, before.len, &release))
        return error_set(err, PROVIDER_EPARSE, "a release is unreadable");
    put_link(release.facts.item, hash, link);
    return release.facts.item == unless
               ? 0
               : store_txn_delete(txn, STORE_ITEM_RELEASES, link, sizeof link, err);
}

int releases_txn_put(struct store_txn *txn, const struct release_facts *facts,
                     const struct text *packed, struct error *err)
{
    static const uint8_t head[HEAD_LEN] = { VERSION };
    uint8_t link[LINK_LEN];
    if (!facts->item)
        return error_set(err, PROVIDER_EINVAL, "a release needs an item");
    int failed = unlink_release(txn, facts->infohash, facts->item, err);
    put_link(facts->item, facts->infohash, link);
    failed =
        failed ? failed
               : store_txn_put(txn, STORE_ITEM_RELEASES, link, sizeof link, head, sizeof head, err);
    return failed ? failed
                  : txn_put_parts(txn, STORE_RELEASES, facts->infohash, RELEASE_HASH_LEN, head,
                                  sizeof head, packed->bytes, packed->len, err);
}

int releases_txn_delete(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                        struct error *err)
{
    int failed = unlink_release(txn, hash, 0, err);
    return failed ? failed : store_txn_delete(txn, STORE_RELEASES, hash, RELEASE_HASH_LEN, err);
}

int releases_txn_renew(struct store_txn *txn, const struct release_packed *release, int64_t now_ms,
                       struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED);
    struct release_facts facts = release->facts;
    int failed = release->is_outdated && release_renew(release, &facts, &packed)
                     ? releases_txn_put(txn, &facts, &packed, err)
                     : 0;
    return failed ? failed : swarms_txn_begin(txn, &facts, now_ms, err);
}

/* --- Walking */

struct walk {
    struct store *store;
    struct store_txn *txn; /* or without */
    uint8_t item[ITEM_LEN];
    releases_each *each;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static int show(struct walk *walk, const void *packed, size_t len)
{
    struct release_packed release;
    if (!release_open(packed, len, &release))
        return error_set(walk->err, PROVIDER_EPARSE, "a release is unreadable");
    return walk->each(&release, walk->context);
}

static int walk_row(const void *key UNUSED, size_t key_len UNUSED, const void *value,
                    size_t value_len, void *context)
{
    struct walk *walk = context;
    const char *bytes = value;
    if (value_len < HEAD_LEN || bytes[0] != VERSION)
        walk->result = error_set(walk->err, PROVIDER_EPARSE, "a release is unreadable");
    else
        walk->result = show(walk, bytes + HEAD_LEN, value_len - HEAD_LEN);
    return walk->result ? 1 : 0;
}

static int walk_link(const void *key, size_t key_len, const void *value UNUSED,
                     size_t value_len UNUSED, void *context)
{
    struct walk *walk = context;
    const uint8_t *link = key;
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + HEAD_LEN);
    if (key_len != LINK_LEN || memcmp(link, walk->item, ITEM_LEN) != 0)
        return 1;
    walk->result = walk->txn ? releases_txn_get(walk->txn, link + ITEM_LEN, &packed, walk->err)
                             : releases_get(walk->store, link + ITEM_LEN, &packed, walk->err);
    if (walk->result == PROVIDER_ENOTFOUND) /* it went meanwhile */
        walk->result = 0;
    else if (!walk->result)
        walk->result = show(walk, packed.bytes, packed.len);
    return walk->result ? 1 : 0;
}

static int run_walk(struct walk *walk, uint32_t item)
{
    enum store_table table = item ? STORE_ITEM_RELEASES : STORE_RELEASES;
    store_each *each = item ? walk_link : walk_row;
    bytes_put_be(walk->item, item, ITEM_LEN);
    const void *from = item ? walk->item : NULL;
    size_t from_len = item ? ITEM_LEN : 0;
    int stopped = walk->txn
                      ? store_txn_walk(walk->txn, table, from, from_len, each, walk, walk->err)
                      : store_walk(walk->store, table, from, from_len, each, walk, walk->err);
    return stopped < 0 ? stopped : walk->result;
}

int releases_walk(struct store *store, uint32_t item, releases_each *each, void *context,
                  struct error *err)
{
    struct walk walk = { .store = store, .each = each, .context = context, .err = err };
    return run_walk(&walk, item);
}

int releases_txn_walk(struct store_txn *txn, uint32_t item, releases_each *each, void *context,
                      struct error *err)
{
    struct walk walk = { .txn = txn, .each = each, .context = context, .err = err };
    return run_walk(&walk, item);
}
