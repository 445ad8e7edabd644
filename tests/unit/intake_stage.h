/* SPDX-License-Identifier: MIT
 *
 * One film taken in, and what became of it. */
#pragma once

#include "../test.h"

#include "service_stage.h"

#include <jansson.h>

#include "base/json.h"
#include "media/card.h"
#include "store/fetches.h"
#include "store/records.h"

#include "../parts.h"

#define MATRIX                                                                                     \
    "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\",\"runtime\":136}"
#define MATRIX_TITLE                                                                               \
    "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"Matrix\",\"popularity\":60.5}"
#define MATRIX_ID "{\"ids\":{\"tmdb\":603}}"
#define DAY_MS (24 * 3600 * 1000)

static inline uint32_t movie(struct service *service, uint32_t flags, const char *json)
{
    return service_take(service, "script_a", PROVIDER_MOVIE, flags, json);
}

static inline struct item_header header_of(struct service *service, uint32_t id)
{
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    if (items_get(service->store, id, &header, &body, &err))
        fail_msg("item %u: %s", id, err.text);
    return header;
}

static inline bool is_visible(struct service *service, uint32_t id)
{
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    return items_get(service->store, id, &header, &body, NULL) == 0;
}

static inline json_t *card_of(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    char language[LANGUAGE_LEN];
    assert_int_equal(cards_get(service->store, id, &card, NULL), 0);
    assert_true(card_render(card.bytes, card.len, &wish, NULL, &json, language));
    json_t *out = json_loadb(json.bytes, json.len, 0, NULL);
    assert_non_null(out);
    return out;
}

static inline void assert_title(struct service *service, uint32_t id, const char *title)
{
    json_auto_t *card = card_of(service, id);
    assert_string_equal(js_string(card, "title"), title);
}

static inline uint64_t waiting(struct service *service)
{
    uint64_t n = 0;
    assert_int_equal(fetches_count(service->store, &n, NULL), 0);
    return n;
}

static inline struct record_header record_of(struct service *service, uint32_t id,
                                             const char *provider)
{
    struct record_header header = { 0 };
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    assert_int_equal(records_get(service->store, id, provider, &header, &json, NULL), 0);
    return header;
}

#define ONE "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}"

extern const struct test_part intake_due_part;
extern const struct test_part intake_gone_part;
extern const struct test_part intake_identity_part;
