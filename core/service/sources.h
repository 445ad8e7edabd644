/* SPDX-License-Identifier: MIT
 *
 * Asking the providers: each search of a provider is an errand (bounded, one for many waiters, left
 * running by who gives up), its results go into the catalogue as partial documents, and what it
 * found is remembered for the search TTL.  What failed, or came from a copy because the upstream is
 * down, is not remembered: the next one asks again, as far as the upstream's circuit and pace
 * allow.  Any thread. */
#pragma once

#include "service/catalog.h"
#include "service/query.h"

struct errand;
struct sources;
struct sources *sources_new(struct catalog *catalog, struct registry *registry,
                            const struct conf *conf);
void sources_free(struct sources *sources);
DEFINE_CLEANUP(struct sources *, sources_free);

enum { SOURCES_MAX = 16, SOURCES_MAX_FOUND = 100 };

/* One item that a provider found, and what may tell that another's is the same. */
struct source_found {
    uint32_t id;
    int32_t year, runtime; /* 0: unknown */
    uint64_t title;        /* hash of its folded title and its kind; 0: none */
};

/* What one provider said; plain value. */
struct source_answer {
    char provider[32];
    const char *status; /* api.md's word: "ok", "cached", "timeout", ... */
    int64_t ms, age_s, retry_after_s;
    int64_t left_s;    /* of a "cached" one: for how long it will be remembered */
    uint64_t revision; /* at which all it found is in the store; the index may be behind */
    struct source_found found[SOURCES_MAX_FOUND]; /* best first */
    size_t n_found;
    char detail[160];
};

struct sources_ask {
    uint32_t kind;
    const struct query *query;
    const char *language;
    int32_t year;        /* that all must be of; 0: any */
    int64_t deadline_ms; /* steady */
};

/* Side by side; *out has room for SOURCES_MAX.  PROVIDER_EBUSY: the queue is full and nothing was
 * asked. */
int sources_search(struct sources *sources, const struct sources_ask *ask,
                   struct source_answer *out, size_t *out_n, struct error *err);

/* How long an errand that was started then took, or takes by now. */
int64_t source_took_ms(struct errand *errand, int64_t started_ms);

/* What api.md calls the outcome of a provider's search. */
const char *source_status(int result);

/* Appends it as an element of the array `out`, behind a comma unless it is the first. */
void source_answer_write(const struct source_answer *source, struct text *out);

/* Whether it is an answer at all: not that time ran out, or a failure. */
bool source_answer_is_one(const struct source_answer *source);
