/* SPDX-License-Identifier: MIT
 *
 * A release as stored: what each provider claims of one infohash, as it said it, and what follows
 * from all the claims together, ready to be filtered and shown.  Trackers and providers are united;
 * of claimed seeds the largest counts, never the sum, because trackers count the same peers.  What
 * no claim says is read from the release's name.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/text.h"
#include "media/quality.h"
#include "release/swarm.h"

enum {
    RELEASE_HASH_LEN = 20,
    RELEASE_MAX_CLAIMS = 16,
    RELEASE_PROVIDER_LEN = 32,
    RELEASE_MAX_PACKED = 1 << 20,
    RELEASE_LANGUAGES = 14, /* that filters know of one release */
};

enum { /* flags */
       RELEASE_IS_REPACK = 1,
       RELEASE_IS_PROPER = 2,
       RELEASE_IS_3D = 4,
       RELEASE_HAS_HDR = 8,
       RELEASE_HAS_HARDCODED = 16, /* subtitles in the picture */
};

/* What filters, orders and scores look at; plain value. */
struct release_facts {
    uint8_t infohash[RELEASE_HASH_LEN];
    uint32_t item, kind;                 /* the item it is a release of */
    int32_t season;                      /* -1: none */
    int32_t first_episode, last_episode; /* -1: the whole season, or none */
    int quality;                         /* quality.h; QUALITY_NONE */
    enum quality_source source;
    enum quality_codec codec;
    uint32_t flags;
    uint32_t editions;                     /* edition_bits() */
    uint16_t languages[RELEASE_LANGUAGES]; /* release_language(); 0 behind the last */
    uint64_t size;                         /* 0: unknown */
    int64_t uploaded_at_ms;                /* 0: unknown */
    int64_t added_at_ms;                   /* when it was first heard of here */
    uint32_t seeds, peers;                 /* the largest claim */
    int64_t claimed_at_ms;                 /* 0: nobody claims any */
    uint32_t verified_seeds, verified_peers;
    int64_t verified_at_ms; /* 0: never verified */
};

/* Of a release: */
enum {
    RELEASE_DEAD = -1, /* it was looked at, and nobody has it */
    RELEASE_UNKNOWN = 0,
    RELEASE_ALIVE = 1, /* verified or claimed seeds */
};
int release_state(const struct release_facts *facts);

/* One claim: {"provider","at" (ms),"document"}, and "gone" when the provider took it back although
 * it is kept; `claims` is an array of those, one per provider.
 * Puts the provider's claim in its place, or behind the others; false when there are too many. */
bool release_claim(json_t *claims, const char *provider, int64_t at_ms, json_t *document);
#define RELEASE_CLAIM_GONE "gone"
bool release_claim_is_gone(const json_t *claim);

/* Packs what the claims say.  Given are the facts' infohash, item, kind, added_at_ms and what was
 * verified; the others are filled in.  Deterministic.  False when it is too long or no claim has a
 * name. */
bool release_pack(const json_t *claims, struct release_facts *facts, struct text *out);

struct release_packed {
    const void *bytes; /* all of it */
    size_t len;
    bool is_outdated; /* of an earlier version, with less in its facts: release_renew() */
    struct release_facts facts;
    const char *providers; /* names, each ended by a NUL, an empty one behind the last */
    const char *members;   /* JSON members with their leading commas; not ended by a NUL */
    size_t members_len;
    const char *claims; /* the JSON array */
    size_t claims_len;
};

/* False when the bytes are broken.  What *out points to lives as long as they do. */
bool release_open(const void *bytes, size_t len, struct release_packed *out);

/* Packs its claims anew, as release_pack() does now; *out_facts is what the facts are then. */
bool release_renew(const struct release_packed *release, struct release_facts *out_facts,
                   struct text *out);

bool release_has_provider(const struct release_packed *release, const char *provider);

/* How it is shown; plain value. */
struct release_view {
    unsigned runtime_minutes; /* of the item; 0: unknown */
    int64_t now_ms;
    bool explain;              /* with the addends of the score */
    const struct swarm *swarm; /* NULL: nothing is known of it */
    bool history;              /* with the last check and all samples */
};

/* The JSON object of api.md. */
bool release_render(const struct release_packed *release, const struct release_view *view,
                    struct text *out);

/* Better first: score, seeds, size, then the infohash, so that no two are equal. */
struct release_order {
    double score;
    const struct release_facts *facts;
};
int release_compare(const struct release_order *a, const struct release_order *b);

/* A language as a number, whatever its region; 0: the text is no language tag. */
uint16_t release_language(const char *tag);

bool release_hash_of_text(const char *hex, uint8_t out[RELEASE_HASH_LEN]);
void release_hash_to_text(const uint8_t hash[RELEASE_HASH_LEN], char out[2 * RELEASE_HASH_LEN + 1]);
