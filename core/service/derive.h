/* SPDX-License-Identifier: MIT
 *
 * From records to an item: the one place where merge, packing and freshness meet, used when
 * documents come in, when the order of precedence changes, and when the store is verified.  Pure
 * but for the clock; any thread. */
#pragma once

#include "media/merge.h"
#include "release/release.h"
#include "store/items.h"
#include "store/records.h"

struct conf;

/* What decides how records become items; borrowed from the configuration. */
struct derive_policy {
    struct merge_policy merge;
    int64_t ttl_movies_ms, ttl_tvshows_ms;
};
/* How long an item of that kind counts as fresh. */
int64_t derive_ttl_ms(const struct derive_policy *policy, uint32_t kind);
void derive_policy_init(struct derive_policy *policy, const struct conf *conf);

/* Names what the same records would come out differently under: the orders of providers, and the
 * rules of this program. */
enum { DERIVE_FINGERPRINT_LEN = 17 };
void derive_fingerprint(const struct derive_policy *policy, char out[DERIVE_FINGERPRINT_LEN]);

/* What the releases of an item add to its card: qualities of all but those filmed in a cinema, and
 * whether any has seeds. */
struct derive_offer {
    uint8_t qualities; /* QUALITY_ bits */
    bool available;
};
void derive_offer_add(struct derive_offer *offer, const struct release_facts *release);

/* The records of one item, parsed, and what its releases add. */
struct derive_records {
    struct merge_record *rows;
    struct record_header *headers; /* parallel to rows */
    size_t n, capacity;
    struct derive_offer offer;
};
void derive_records_done(struct derive_records *records);
DEFINE_CLEANUP_VALUE(struct derive_records, derive_records_done);

/* Adds one; takes the document. */
void derive_records_add(struct derive_records *records, const struct record_header *header,
                        json_t *document);

/* Adds what `json` says; PROVIDER_EPARSE when it is not the JSON that was stored. */
int derive_records_parse(struct derive_records *records, const struct record_header *header,
                         const char *json, size_t len, struct error *err);

/* For records_walk() and records_txn_walk(): adds each record. */
struct derive_gathering {
    struct derive_records records;
    struct error *err;
};
int derive_gather(const struct record_header *header, const char *json, size_t len, void *context);
void derive_gathering_done(struct derive_gathering *gathering);
DEFINE_CLEANUP_VALUE(struct derive_gathering, derive_gathering_done);

/* What is stored: when the packed form comes out another, it is of now. */
struct derive_before {
    uint64_t content_hash;
    int64_t now_ms;
};

/* Fills *header (whose id, kind, added_at_ms and updated_at_ms are given; the last is moved when
 * `before`, which may be NULL, is no longer so) and both packed forms.  False when the records say
 * too little to show anything: no title yet. */
bool derive_item(const struct derive_policy *policy, const struct derive_records *records,
                 const struct derive_before *before, struct item_header *header,
                 struct text *out_body, struct text *out_card);

/* What an older program stored becomes what this one would have: packed otherwise, it is no other
 * item. */
void derive_renew(struct item_header *header, struct text *body);

enum { DERIVE_MAX_LEN = 4 << 20 };
