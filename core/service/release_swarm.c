/* SPDX-License-Identifier: MIT */
#include "service/release_swarm.h"

#include "media/card.h"
#include "service/availability_policy.h"
#include "service/derive.h"
#include "store/bytes.h"
#include "store/lists.h"
#include "store/releases.h"
#include "store/swarms.h"
#include "store/torrents.h"

/* A claim that stays the same is noted once a day. */
enum { CLAIM_NOTED_MS = 24 * 3600 * 1000 };

/* Its item may wait for its first fetch: then nobody knows it. */
static double popularity_of(struct store_txn *txn, uint32_t item)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    struct item_header header;
    struct card_facts facts;
    return items_txn_get(txn, item, &header, &body, NULL) == 0 &&
                   card_facts_read(body.bytes, body.len, &facts)
               ? facts.popularity
               : 0;
}

static int64_t plan(struct store_txn *txn, const struct release_facts *release, int64_t now_ms,
                    bool listed, const struct swarm *swarm)
{
    struct availability_facts facts = {
        .since_ms = release->uploaded_at_ms ? release->uploaded_at_ms : release->added_at_ms,
        .verified_at_ms = release->verified_at_ms,
        .dead_since_ms = swarm->dead_since_ms,
        .popularity = popularity_of(txn, release->item),
        .listed = listed,
        .opened = torrent_rows_txn_known(txn, release->infohash),
        .unanswered = swarm->unanswered,
    };
    uint32_t salt = (uint32_t)bytes_get_be(release->infohash, 4);
    return availability_due_ms(&facts, now_ms, salt);
}

static bool is_news(const struct swarm_series *series, const struct swarm_sample *sample)
{
    const struct swarm_sample *last = swarm_last(series, sample->verified);
    return !last || last->seeds != sample->seeds || last->peers != sample->peers ||
           sample->at_ms - last->at_ms >= CLAIM_NOTED_MS;
}

int release_swarm_claimed(struct store_txn *txn, const struct release_facts *facts, int64_t now_ms,
                          struct error *err)
{
    struct swarm swarm = { 0 };
    const struct swarm_sample sample = { .at_ms = facts->claimed_at_ms,
                                         .seeds = facts->seeds,
                                         .peers = facts->peers };
    int result = swarms_txn_get(txn, facts->infohash, &swarm, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    bool is_new = result == PROVIDER_ENOTFOUND;
    bool is_told = facts->claimed_at_ms && is_news(&swarm.series, &sample);
    if (!is_new && !is_told)
        return 0;
    if (is_told)
        swarm_add(&swarm.series, &sample);
    if (is_new)
        swarm.due_at_ms = plan(txn, facts, now_ms, item_lists_txn_any(txn, facts->item), &swarm);
    return swarms_txn_put(txn, facts->infohash, &swarm, err);
}

static void note(struct swarm *swarm, const struct release_facts *facts,
                 const struct release_sighting *sighting)
{
    const struct swarm_sample sample = { .at_ms = sighting->at_ms,
                                         .seeds = facts->verified_seeds,
                                         .peers = facts->verified_peers,
                                         .verified = true };
    swarm_add(&swarm->series, &sample);
    if (facts->verified_seeds)
        swarm->dead_since_ms = 0;
    else if (!swarm->dead_since_ms)
        swarm->dead_since_ms = sighting->at_ms;
    swarm->checked_at_ms = sighting->at_ms;
    swarm->unanswered = 0;
    swarm->trackers = sighting->trackers;
    swarm->answers = sighting->answers;
    swarm->dht_peers = sighting->dht_peers;
    swarm->met = sighting->met;
    swarm->seeds_met = sighting->seeds_met;
}

int release_swarm_seen(struct store_txn *txn, const struct release_facts *facts,
                       const struct release_sighting *sighting, struct error *err)
{
    struct swarm swarm = { 0 };
    int result = swarms_txn_get(txn, facts->infohash, &swarm, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    if (sighting->answered)
        note(&swarm, facts, sighting);
    else
        swarm.unanswered++;
    swarm.due_at_ms =
        plan(txn, facts, sighting->at_ms, item_lists_txn_any(txn, facts->item), &swarm);
    return swarms_txn_put(txn, facts->infohash, &swarm, err);
}

/* --- Somebody wants it more than before */

struct gathering {
    struct release_facts *facts;
    size_t n, capacity;
};

static int gather(const struct release_packed *release, void *context)
{
    struct gathering *gathering = context;
    if (gathering->n == gathering->capacity) {
        gathering->capacity = gathering->capacity * 2 + 8;
        gathering->facts =
            mem_resize(gathering->facts, gathering->capacity, sizeof *gathering->facts);
    }
    gathering->facts[gathering->n++] = release->facts;
    return 0;
}

static int hasten(struct store_txn *txn, const struct release_facts *facts, bool listed,
                  int64_t now_ms, struct error *err)
{
    struct swarm swarm = { 0 };
    int result = swarms_txn_get(txn, facts->infohash, &swarm, err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    int64_t due_at_ms = plan(txn, facts, now_ms, listed, &swarm);
    if (swarm.due_at_ms && swarm.due_at_ms <= due_at_ms)
        return 0;
    swarm.due_at_ms = due_at_ms;
    return swarms_txn_put(txn, facts->infohash, &swarm, err);
}

int release_swarm_listed(struct store_txn *txn, uint32_t item, int64_t now_ms, struct error *err)
{
    struct gathering gathering = { 0 };
    int result = releases_txn_walk(txn, item, gather, &gathering, err);
    CLEANUP(mem_free) struct release_facts *facts = gathering.facts;
    for (size_t i = 0; i < gathering.n && !result; i++)
        result = hasten(txn, &facts[i], true, now_ms, err);
    return result;
}

int release_swarm_opened(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                         int64_t now_ms, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed release;
    int result = releases_txn_get(txn, hash, &packed, err);
    if (result)
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    if (!release_open(packed.bytes, packed.len, &release))
        return 0; /* verify tells */
    bool listed = item_lists_txn_any(txn, release.facts.item);
    return hasten(txn, &release.facts, listed, now_ms, err);
}
