/* SPDX-License-Identifier: MIT
 *
 * Releases on their way in: what each provider claims of an infohash becomes one release of one
 * item, and an item whose releases changed gets a new change number.  Within a transaction of the
 * store. */
#pragma once

#include "service/derive.h"
#include "service/intake.h"
#include "service/release_swarm.h"

struct release_place {
    uint32_t item, kind; /* item 0: nobody knows it */
};

/* The item a release is of: the one its ids name, else the one given in out->item, else the one it
 * was known to be of. */
int release_intake_find(struct store_txn *txn, const json_t *document, struct release_place *out,
                        struct error *err);

/* A document of the item itself, from what its release says of it (new reference); NULL: too little
 * for one. */
json_t *release_intake_title(const json_t *document);

/* What did not change writes nothing; a partial document leaves alone what it does not say; one
 * that is gone takes back what the provider claimed.  With its last claim a release goes, unless a
 * list has its item: then it stays, marked, until it is found dead and no list has it. */
int release_intake_take(struct store_txn *txn, const struct derive_policy *policy,
                        const char *provider, const struct release_place *place,
                        const struct intake_document *in, int64_t now_ms, struct error *err);

/* Two items became one: the loser's releases are the survivor's. */
int release_intake_merge(struct store_txn *txn, uint32_t survivor, uint32_t loser,
                         struct error *err);

/* Takes in what was found when somebody looked.  PROVIDER_ENOTFOUND: there is no such release. */
int release_intake_verify(struct store *store, const struct derive_policy *policy,
                          const uint8_t hash[RELEASE_HASH_LEN],
                          const struct release_sighting *sighting, struct error *err);
