/* SPDX-License-Identifier: MIT
 *
 * Releases of one film, as the tests offer them and look at them. */
#pragma once

#include "../test.h"

#include "service_stage.h"

#include "media/card.h"
#include "service/release_intake.h"
#include "service/releases.h"

#include "../parts.h"

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define FILM "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\",\"runtime\":136}"
#define OF_FILM "\"kind\":\"movie\",\"item\":{\"imdb\":\"tt0133093\"}"
#define GOOD                                                                                       \
    "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1999.1080p.BluRay.x264\"," OF_FILM         \
    ",\"size\":2000000000,\"seeds\":40,\"peers\":3}"
#define POOR                                                                                       \
    "{\"infohash\":\"" HASH_B "\",\"name\":\"The.Matrix.1999.720p.CAM\"," OF_FILM                  \
    ",\"size\":1000000000,\"seeds\":90,\"peers\":3}"

static inline uint32_t release(struct service *service, const char *provider, uint32_t flags,
                               const char *json)
{
    return service_take(service, provider, PROVIDER_RELEASE, flags, json);
}

static inline struct card_facts facts_of(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    struct card_facts facts = { 0 };
    assert_int_equal(cards_get(service->store, id, &card, NULL), 0);
    assert_true(card_facts_read(card.bytes, card.len, &facts));
    return facts;
}

static inline void hash_of(const char *hex, uint8_t out[RELEASE_HASH_LEN])
{
    assert_true(release_hash_of_text(hex, out));
}

static inline int look(struct service *service, const char *hex,
                       const struct release_sighting *sighting)
{
    uint8_t hash[RELEASE_HASH_LEN];
    struct error err = { 0 };
    hash_of(hex, hash);
    return release_intake_verify(service->store, &service->policy, hash, sighting, &err);
}

static inline json_t *show_one(struct service *service, const char *hex)
{
    CLEANUP(releases_free)
    struct releases *releases = releases_new(service->catalog, service->registry, &service->conf);
    CLEANUP(text_done) struct text json = TEXT_INIT(RELEASE_MAX_PACKED);
    struct error err = { 0 };
    return releases_one(releases, hex, false, &json, &err)
               ? NULL
               : json_loads(text_string(&json), 0, NULL);
}

extern const struct test_part releases_listed_part;
extern const struct test_part releases_swarm_part;
