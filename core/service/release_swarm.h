/* SPDX-License-Identifier: MIT
 *
 * What becomes of a release's swarm when claims come in and when somebody looked: its samples, and
 * when to look again.  Within a transaction of the store. */
#pragma once

#include "release/release.h"
#include "release/swarm.h"
#include "store/store.h"

/* What was found when somebody looked, whatever providers claim. */
struct release_sighting {
    int64_t at_ms;
    bool answered; /* anybody did; else nothing of the following counts */
    uint32_t seeds, peers;
    uint32_t trackers, answers, dht_peers, met, seeds_met;
};

/* A claim was taken in; the first makes the swarm known. */
int release_swarm_claimed(struct store_txn *txn, const struct release_facts *facts, int64_t now_ms,
                          struct error *err);

/* The first list took in its item: its releases are looked at when that asks for it, if not earlier
 * anyway. */
int release_swarm_listed(struct store_txn *txn, uint32_t item, int64_t now_ms, struct error *err);

/* The same for one of which there is a torrent now; others are left alone. */
int release_swarm_opened(struct store_txn *txn, const uint8_t hash[RELEASE_HASH_LEN],
                         int64_t now_ms, struct error *err);

/* The facts are those after the sighting. */
int release_swarm_seen(struct store_txn *txn, const struct release_facts *facts,
                       const struct release_sighting *sighting, struct error *err);
