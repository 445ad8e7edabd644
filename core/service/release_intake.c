/* SPDX-License-Identifier: MIT */
#include "service/release_intake.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "media/document.h"
#include "naming/release_name.h"
#include "service/identity.h"
#include "service/settle.h"
#include "store/lists.h"
#include "store/releases.h"
#include "store/swarms.h"

/* A claim that says what it said is as good as new for so long, so that nothing is written. */
enum { SAME_CLAIM_MS = 3600 * 1000 };

/* So much may a provider's clock be ahead. */
enum { CLOCKS_DIFFER_MS = 24 * 3600 * 1000 };

/* --- Of which item */

static uint32_t kind_of(const json_t *document)
{
    uint32_t kind = document_kind_of_name(js_string(document, "kind"));
    const char *name = js_string(document, "name");
    struct release_name said = { 0 };
    if (kind)
        return kind;
    if (json_object_get(document, "season_number"))
        return PROVIDER_TVSHOW;
    if (name)
        release_name_parse(name, strlen(name), &said);
    return said.kind == RELEASE_MOVIE ? PROVIDER_MOVIE : PROVIDER_TVSHOW;
}

static int find_known(struct store_txn *txn, const json_t *document, struct release_place *out,
                      struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed release;
    uint8_t hash[RELEASE_HASH_LEN];
    if (!release_hash_of_text(js_string(document, "infohash"), hash))
        return 0;
    int result = releases_txn_get(txn, hash, &packed, err);
    if (result || !release_open(packed.bytes, packed.len, &release))
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    out->item = release.facts.item;
    out->kind = release.facts.kind;
    return 0;
}

int release_intake_find(struct store_txn *txn, const json_t *document, struct release_place *out,
                        struct error *err)
{
    json_t *ids = js_object(document, "item");
    struct identity identity = { 0 };
    out->kind = kind_of(document);
    int result = ids ? identity_find(txn, out->kind, ids, &identity, err) : 0;
    if (result || identity.n) {
        out->item = identity.items[0];
        return result;
    }
    return out->item || ids ? 0 : find_known(txn, document, out, err);
}

json_t *release_intake_title(const json_t *document)
{
    json_t *ids = js_object(document, "item");
    const char *title = js_string(document, "title");
    if (!ids || !title)
        return NULL;
    json_t *out = json_object();
    json_object_set(out, "ids", ids);
    js_set_string(out, "title", title);
    js_set_string(out, "kind", document_kind_name(kind_of(document)));
    json_object_set(out, "year", json_object_get(document, "year"));
    return out;
}

/* --- The claims */

struct taking {
    struct store_txn *txn;
    const struct derive_policy *policy;
    struct release_facts facts;
    json_t *claims; /* of every provider */
    bool is_new;
    struct text before, packed;
    uint32_t former_item;
    int64_t now_ms;
    struct error *err;
};

static void taking_done(struct taking *taking)
{
    json_decref(taking->claims);
    text_done(&taking->before);
    text_done(&taking->packed);
}
DEFINE_CLEANUP_VALUE(struct taking, taking_done);

static void taking_init(struct taking *taking, struct store_txn *txn,
                        const struct derive_policy *policy, int64_t now_ms, struct error *err)
{
    *taking = (struct taking){ .txn = txn,
                               .policy = policy,
                               .before = TEXT_INIT(RELEASE_MAX_PACKED + 1),
                               .packed = TEXT_INIT(RELEASE_MAX_PACKED),
                               .now_ms = now_ms,
                               .err = err };
}

static int read_before(struct taking *taking, const uint8_t hash[RELEASE_HASH_LEN])
{
    struct release_packed release;
    int result = releases_txn_get(taking->txn, hash, &taking->before, taking->err);
    if (result == PROVIDER_ENOTFOUND) {
        taking->is_new = true;
        taking->claims = json_array();
        taking->facts.added_at_ms = taking->now_ms;
        memcpy(taking->facts.infohash, hash, RELEASE_HASH_LEN);
        return 0;
    }
    if (result)
        return result;
    if (!release_open(taking->before.bytes, taking->before.len, &release))
        return error_set(taking->err, PROVIDER_EPARSE, "a release is unreadable");
    taking->facts = release.facts;
    taking->former_item = release.facts.item;
    return js_parse(release.claims, release.claims_len, RELEASE_MAX_PACKED, &taking->claims,
                    taking->err);
}

static size_t find_claim(const struct taking *taking, const char *provider)
{
    size_t i = 0;
    while (i < json_array_size(taking->claims) &&
           !text_equal(js_string(json_array_get(taking->claims, i), "provider"), provider))
        i++;
    return i;
}

/* The item's card says what its releases add; when that is as before, only who keeps answers has to
 * know. */
static int settle_one(struct taking *taking, uint32_t item)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    struct item_header header;
    struct card_facts shown;
    struct derive_offer offer;
    int result = items_txn_get(taking->txn, item, &header, &body, taking->err);
    if (result) /* it waits for its first fetch, or was merged away */
        return result == PROVIDER_ENOTFOUND ? 0 : result;
    result = settle_offer(taking->txn, item, &offer, taking->err);
    if (result)
        return result;
    bool same = card_facts_read(body.bytes, body.len, &shown) &&
                shown.qualities == offer.qualities &&
                !(shown.flags & CARD_AVAILABLE) == !offer.available;
    return same ? settle_touch(taking->txn, item, taking->now_ms, taking->err)
                : settle_item(taking->txn, taking->policy, header.kind, item, NULL, taking->now_ms,
                              taking->err);
}

static int settle_items(struct taking *taking)
{
    int result = settle_one(taking, taking->facts.item);
    if (!result && taking->former_item && taking->former_item != taking->facts.item)
        result = settle_one(taking, taking->former_item);
    return result;
}

/* `quiet`: nothing of it shows. */
static int put(struct taking *taking, bool quiet)
{
    if (!release_pack(taking->claims, &taking->facts, &taking->packed))
        return error_set(taking->err, PROVIDER_EREFUSED,
                         "a release without a name, or too long to be kept");
    int result = releases_txn_put(taking->txn, &taking->facts, &taking->packed, taking->err);
    result = result
                 ? result
                 : release_swarm_claimed(taking->txn, &taking->facts, taking->now_ms, taking->err);
    return result || quiet ? result : settle_items(taking);
}

static int forget(struct taking *taking)
{
    int result = releases_txn_delete(taking->txn, taking->facts.infohash, taking->err);
    result = result ? result : swarms_txn_delete(taking->txn, taking->facts.infohash, taking->err);
    return result ? result : settle_items(taking);
}

static int forget_claim(struct taking *taking, const char *provider)
{
    size_t at = find_claim(taking, provider);
    if (at == json_array_size(taking->claims))
        return 0;
    if (json_array_size(taking->claims) == 1 &&
        item_lists_txn_any(taking->txn, taking->facts.item)) {
        json_t *claim = json_array_get(taking->claims, at);
        if (release_claim_is_gone(claim))
            return 0;
        json_object_set_new(claim, RELEASE_CLAIM_GONE, json_true());
        return put(taking, false);
    }
    json_array_remove(taking->claims, at);
    return json_array_size(taking->claims) ? put(taking, false) : forget(taking);
}

/* What another provider says of its item stands; who alone claims a release may correct it. */
static void place_it(struct taking *taking, const struct release_place *place, size_t at)
{
    size_t n_others = json_array_size(taking->claims) - (at < json_array_size(taking->claims));
    if (!taking->is_new && n_others)
        return;
    taking->facts.item = place->item;
    taking->facts.kind = place->kind;
}

/* Without an upload that is to come, which would be the newest for good.  A new reference. */
static json_t *believed(json_t *document, int64_t now_ms)
{
    const char *uploaded = js_string(document, "uploaded_at");
    int64_t at_ms;
    if (!uploaded || !clock_parse(uploaded, &at_ms) || at_ms <= now_ms + CLOCKS_DIFFER_MS)
        return json_incref(document);
    json_t *out = json_copy(document);
    json_object_del(out, "uploaded_at");
    return out;
}

static int take_claim(struct taking *taking, const char *provider,
                      const struct release_place *place, const struct intake_document *in)
{
    size_t at = find_claim(taking, provider);
    const json_t *former = json_array_get(taking->claims, at);
    json_auto_t *said = json_incref(in->document);
    if (former && in->flags & PROVIDER_PARTIAL) {
        json_decref(said);
        said = json_deep_copy(js_object(former, "document"));
        json_object_update(said, in->document);
    }
    json_auto_t *document = believed(said, taking->now_ms);
    place_it(taking, place, at);
    bool same = former && !release_claim_is_gone(former) &&
                json_equal(js_object(former, "document"), document) &&
                taking->facts.item == taking->former_item;
    if (same && taking->now_ms - js_int(former, "at", 0) < SAME_CLAIM_MS)
        return 0;
    if (!release_claim(taking->claims, provider, taking->now_ms, document))
        return error_set(taking->err, PROVIDER_EREFUSED, "too many providers claim one release");
    return put(taking, same);
}

int release_intake_take(struct store_txn *txn, const struct derive_policy *policy,
                        const char *provider, const struct release_place *place,
                        const struct intake_document *in, int64_t now_ms, struct error *err)
{
    CLEANUP(taking_done) struct taking taking;
    uint8_t hash[RELEASE_HASH_LEN];
    taking_init(&taking, txn, policy, now_ms, err);
    if (!release_hash_of_text(js_string(in->document, "infohash"), hash))
        return error_set(err, PROVIDER_EREFUSED, "infohash: none that a swarm could have");
    int result = read_before(&taking, hash);
    if (result || in->flags & PROVIDER_CHANGED)
        return result;
    return in->flags & PROVIDER_GONE ? forget_claim(&taking, provider)
                                     : take_claim(&taking, provider, place, in);
}

/* --- Two items become one */

enum { MAX_MOVED = 4096 };

struct gathering {
    uint8_t (*hashes)[RELEASE_HASH_LEN];
    size_t n;
};

static int gather(const struct release_packed *release, void *context)
{
    struct gathering *gathering = context;
    memcpy(gathering->hashes[gathering->n++], release->facts.infohash, RELEASE_HASH_LEN);
    return gathering->n == MAX_MOVED;
}

static int move(struct store_txn *txn, uint32_t survivor, const uint8_t *hash, struct error *err)
{
    CLEANUP(taking_done) struct taking taking;
    taking_init(&taking, txn, NULL, 0, err);
    int result = read_before(&taking, hash);
    taking.facts.item = survivor;
    return result ? result : put(&taking, true);
}

int release_intake_merge(struct store_txn *txn, uint32_t survivor, uint32_t loser,
                         struct error *err)
{
    struct gathering gathering = { 0 };
    CLEANUP(mem_free) void *hashes = mem_alloc_array(MAX_MOVED, RELEASE_HASH_LEN);
    gathering.hashes = hashes;
    int result;
    do {
        gathering.n = 0;
        result = releases_txn_walk(txn, loser, gather, &gathering, err);
        for (size_t i = 0; result >= 0 && i < gathering.n; i++)
            result = MIN(move(txn, survivor, gathering.hashes[i], err), 0);
    } while (result >= 0 && gathering.n == MAX_MOVED);
    return MIN(result, 0);
}

/* --- What somebody saw */

struct verifying {
    const struct derive_policy *policy;
    const uint8_t *hash;
    const struct release_sighting *sighting;
};

/* Nobody offers it any more, nobody has it, and no list has its item. */
static bool is_abandoned(const struct taking *taking)
{
    for (size_t i = 0; i < json_array_size(taking->claims); i++)
        if (!release_claim_is_gone(json_array_get(taking->claims, i)))
            return false;
    return !taking->facts.verified_seeds && !item_lists_txn_any(taking->txn, taking->facts.item);
}

static int verify(struct store_txn *txn, void *context, struct error *err)
{
    struct verifying *verifying = context;
    const struct release_sighting *sighting = verifying->sighting;
    CLEANUP(taking_done) struct taking taking;
    taking_init(&taking, txn, verifying->policy, sighting->at_ms, err);
    int result = read_before(&taking, verifying->hash);
    if (!result && taking.is_new)
        return error_set(err, PROVIDER_ENOTFOUND, "there is no such release");
    if (result)
        return result;
    if (sighting->answered) {
        taking.facts.verified_seeds = swarm_clamp(sighting->seeds);
        taking.facts.verified_peers = swarm_clamp(sighting->peers);
        taking.facts.verified_at_ms = sighting->at_ms;
    }
    result = release_swarm_seen(txn, &taking.facts, sighting, err);
    if (result || !sighting->answered)
        return result;
    return is_abandoned(&taking) ? forget(&taking) : put(&taking, false);
}

int release_intake_verify(struct store *store, const struct derive_policy *policy,
                          const uint8_t hash[RELEASE_HASH_LEN],
                          const struct release_sighting *sighting, struct error *err)
{
    struct verifying verifying = { .policy = policy, .hash = hash, .sighting = sighting };
    return store_write(store, verify, &verifying, err);
}
