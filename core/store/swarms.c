/* SPDX-License-Identifier: MIT */
#include "store/swarms.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: the infohash.  Value: a version byte, the packed swarm.  Key of what is due: the time, the
 * infohash. */
enum { VERSION = 1, HEAD_LEN = 1, TIME_LEN = 8, DUE_LEN = TIME_LEN + RELEASE_HASH_LEN };
enum { WEEK_MINUTES = 7 * 24 * 60 };

static int open_row(const char *row, size_t len, struct swarm *out, struct error *err)
{
    return len >= HEAD_LEN && row[0] == VERSION && swarm_open(row + HEAD_LEN, len - HEAD_LEN, out)
               ? 0
               : error_set(err, PROVIDER_EPARSE, "what is known of a swarm is unreadable");
}

int swarms_get(struct store *store, const uint8_t hash[RELEASE_HASH_LEN], struct swarm *out,
               struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(HEAD_LEN + SWARM_PACKED_MAX);
    int failed = store_get(store, STORE_SWARMS, hash, RELEASE_HASH_LEN, &row, err);
    return failed ? failed : open_row(row.bytes, row.len, out, err);
}

int swarms_txn_get(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN], struct swarm *out,
                   struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(HEAD_LEN + SWARM_PACKED_MAX);
    int failed = store_txn_get(txn, STORE_SWARMS, hash, RELEASE_HASH_LEN, &row, err);
    return failed ? failed : open_row(row.bytes, row.len, out, err);
}

static void put_due(int64_t at_ms, const uint8_t *hash, uint8_t out[DUE_LEN])
{
    bytes_put_be(out, (uint64_t)at_ms, TIME_LEN);
    memcpy(out + TIME_LEN, hash, RELEASE_HASH_LEN);
}

/* From the time it stands at to another; 0: it stands nowhere then. */
static int move_due(struct store_txn *txn, const uint8_t *hash, int64_t to_ms, struct error *err)
{
    static const uint8_t value[1] = { VERSION };
    struct swarm before = { 0 };
    uint8_t due[DUE_LEN];
    int failed = swarms_txn_get(txn, hash, &before, err);
    if (failed && failed != PROVIDER_ENOTFOUND)
        return failed;
    if (before.due_at_ms == to_ms)
        return 0;
    failed = 0;
    if (before.due_at_ms) {
        put_due(before.due_at_ms, hash, due);
        failed = store_txn_delete(txn, STORE_SWARMS_DUE, due, sizeof due, err);
    }
    if (failed || !to_ms)
        return failed;
    put_due(to_ms, hash, due);
    return store_txn_put(txn, STORE_SWARMS_DUE, due, sizeof due, value, sizeof value, err);
}

int swarms_txn_put(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                   const struct swarm *swarm, struct error *err)
{
    static const uint8_t head[HEAD_LEN] = { VERSION };
    CLEANUP(text_done) struct text packed = TEXT_INIT(SWARM_PACKED_MAX);
    swarm_pack(swarm, &packed);
    int failed = move_due(txn, hash, swarm->due_at_ms, err);
    return failed ? failed
                  : txn_put_parts(txn, STORE_SWARMS, hash, RELEASE_HASH_LEN, head, sizeof head,
                                  packed.bytes, packed.len, err);
}

static void take_samples(const struct release_facts *release, struct swarm *out)
{
    const struct swarm_sample claimed = { .at_ms = release->claimed_at_ms,
                                          .seeds = release->seeds,
                                          .peers = release->peers };
    const struct swarm_sample verified = { .at_ms = release->verified_at_ms,
                                           .seeds = release->verified_seeds,
                                           .peers = release->verified_peers,
                                           .verified = true };
    if (claimed.at_ms)
        swarm_add(&out->series, &claimed);
    if (!verified.at_ms)
        return;
    swarm_add(&out->series, &verified);
    out->checked_at_ms = verified.at_ms;
    out->dead_since_ms = verified.seeds ? 0 : verified.at_ms;
}

int swarms_txn_begin(struct store_txn *txn, const struct release_facts *release, int64_t now_ms,
                     struct error *err)
{
    struct swarm swarm;
    int failed = swarms_txn_get(txn, release->infohash, &swarm, err);
    if (failed != PROVIDER_ENOTFOUND)
        return failed;
    uint64_t minute = bytes_get_be(release->infohash, 4) % WEEK_MINUTES;
    swarm = (struct swarm){ .due_at_ms = now_ms + (int64_t)minute * 60000 };
    take_samples(release, &swarm);
    return swarms_txn_put(txn, release->infohash, &swarm, err);
}

int swarms_txn_delete(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                      struct error *err)
{
    int failed = move_due(txn, hash, 0, err);
    return failed ? failed : store_txn_delete(txn, STORE_SWARMS, hash, RELEASE_HASH_LEN, err);
}

/* --- Walking */

struct walk {
    swarms_each *each;
    swarms_due_each *each_due;
    void *context;
    int result; /* what `each` or a broken row said */
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    struct swarm swarm;
    walk->result = key_len == RELEASE_HASH_LEN
                       ? open_row(value, value_len, &swarm, walk->err)
                       : error_set(walk->err, PROVIDER_EPARSE, "a swarm's infohash is cut off");
    if (!walk->result)
        walk->result = walk->each(key, &swarm, walk->context);
    return walk->result ? 1 : 0;
}

int swarms_walk(struct store *store, swarms_each *each, void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    int stopped = store_walk(store, STORE_SWARMS, NULL, 0, walk_row, &walk, err);
    return stopped < 0 ? stopped : walk.result;
}

static int walk_due(const void *key, size_t key_len, const void *value UNUSED,
                    size_t value_len UNUSED, void *context)
{
    struct walk *walk = context;
    walk->result = key_len == DUE_LEN
                       ? walk->each_due((int64_t)bytes_get_be(key, TIME_LEN),
                                        (const uint8_t *)key + TIME_LEN, walk->context)
                       : error_set(walk->err, PROVIDER_EPARSE, "a due swarm is cut off");
    return walk->result ? 1 : 0;
}

int swarms_walk_due(struct store *store, swarms_due_each *each, void *context, struct error *err)
{
    struct walk walk = { .each_due = each, .context = context, .err = err };
    int stopped = store_walk(store, STORE_SWARMS_DUE, NULL, 0, walk_due, &walk, err);
    return stopped < 0 ? stopped : walk.result;
}
