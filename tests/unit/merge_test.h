/* SPDX-License-Identifier: MIT
 *
 * Records of one film, merged. */
#pragma once

#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "media/document.h"
#include "media/merge.h"

#include "../parts.h"

enum { MOST = 4 };

struct fixture {
    struct merge_record records[MOST];
    json_t *documents[MOST];
    size_t n;
};

static inline void add(struct fixture *fixture, const char *provider, bool partial,
                       const char *json)
{
    struct error err = { 0 };
    json_t **document = &fixture->documents[fixture->n];
    if (document_read(PROVIDER_MOVIE, partial ? PROVIDER_PARTIAL : 0, json, strlen(json), document,
                      &err))
        fail_msg("%s", err.text);
    fixture->records[fixture->n++] = (struct merge_record){
        .provider = provider, .document = *document, .fetched_at_ms = 1000, .partial = partial
    };
}

static inline void fixture_done(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->n; i++)
        json_decref(fixture->documents[i]);
}
DEFINE_CLEANUP_VALUE(struct fixture, fixture_done);

static const char *const order[] = { "tmdb", "trakt" };
static const char *const english[] = { "en" };
static const char *const german[] = { "de" };

static inline json_t *merge(const struct fixture *fixture, const char *const *languages)
{
    struct merge_policy policy = {
        .precedence = order, .n_precedence = 2, .languages = languages, .n_languages = 1
    };
    return merge_records(fixture->records, fixture->n, &policy, NULL);
}

static inline void expect_json(const json_t *value, const char *expected)
{
    CLEANUP(text_done) struct text said = TEXT_INIT(100000);
    if (value)
        js_write(value, &said);
    assert_string_equal(text_string(&said), expected);
}

static inline void expect_field(const json_t *item, const char *field, const char *expected)
{
    expect_json(json_object_get(item, field), expected);
}

/* The local record is no document of a provider, so it is not read as one. */
static inline void lock(struct fixture *fixture, const char *json)
{
    json_t *document = json_loads(json, 0, NULL);
    assert_non_null(document);
    fixture->documents[fixture->n] = document;
    fixture->records[fixture->n++] = (struct merge_record){ .provider = MERGE_LOCAL,
                                                            .document = document,
                                                            .fetched_at_ms = 2000 };
}

static inline void add_known_film(struct fixture *fixture)
{
    add(fixture, "tmdb", false,
        "{\"ids\":{\"tmdb\":1},\"title\":\"Nobody\",\"original_language\":\"en\","
        "\"translations\":{\"de\":{\"title\":\"Niemand\",\"overview\":\"Hier\"}},"
        "\"overview\":\"Here\",\"rating\":5,\"votes\":10,\"runtime\":90,"
        "\"cast\":[{\"name\":\"A\"},{\"name\":\"B\"}],\"poster\":\"/p.jpg\","
        "\"status\":\"released\",\"status_raw\":\"Released\"}");
}

extern const struct test_part merge_locks_part;
extern const struct test_part merge_provenance_part;
