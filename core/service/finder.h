/* SPDX-License-Identifier: MIT
 *
 * Search across sources: the store at once, the providers side by side within one deadline,
 * everything merged, with a receipt per source.  Any thread. */
#pragma once

#include "service/catalog.h"

struct finder;
struct finder *finder_new(struct catalog *catalog, struct registry *registry,
                          const struct conf *conf);
void finder_free(struct finder *finder);
DEFINE_CLEANUP(struct finder *, finder_free);

struct finder_ask {
    const char *text;
    struct filter filter; /* with its kind */
    const struct language_wish *wish;
    uint32_t page, limit;
    bool local;         /* scope=local */
    int64_t timeout_ms; /* 0: the configured one, which is also the most */
};

struct finder_answer {
    struct catalog_page page; /* cards with score, match, found_by */
    struct text sources;      /* JSON array of receipts; "[]" when local */
    bool complete;
    int64_t keep_s; /* for how long the same answer will do; 0: the sources have more to say */
};
void finder_answer_done(struct finder_answer *answer);
DEFINE_CLEANUP_VALUE(struct finder_answer, finder_answer_done);

/* PROVIDER_EBUSY: the bounded queue is full (503 with Retry-After). */
int finder_search(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                  struct error *err);
int finder_suggest(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                   struct error *err);
