/* SPDX-License-Identifier: MIT
 *
 * The YTS provider as its own files see it.  One object per opened provider that never changes
 * after open(), so operations may run in any number of threads. */
#pragma once

#include <miauflix/provider.h>

enum {
    YTS_PAGE_SIZE = 50, /* more is cut to it */
    YTS_MAX_DOCUMENT = 256 << 10,
};

struct provider {
    const char *prefix;   /* of the methods behind "{base}": "/api/v2" unless the base has it */
    const char *trackers; /* announce URLs with single spaces between */
    const char *quality, *genre, *sort_by; /* of searches; NULL: all, as upstream likes */
    long minimum_rating;
    long cache_ttl_s;
    long sync_pages, refresh_pages;
};

/* Clocks differ by so much; what is later than this was not uploaded yet and is not believed. */
int64_t yts_latest_s(int64_t now_s);

int yts_search(struct provider *self, struct provider_call *call,
               const struct provider_query *query);
int yts_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
              const struct provider_id *id);
int yts_sync(struct provider *self, struct provider_call *call, const char *scope,
             const char *cursor);
