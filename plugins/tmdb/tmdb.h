/* SPDX-License-Identifier: MIT
 *
 * The TMDB provider as its own files see it.  One object per opened provider; what stands above
 * the lock never changes after open(), so operations may run in any number of threads. */
#pragma once

#include <jansson.h>
#include <miauflix/provider.h>
#include <pthread.h>
#include <stdbool.h>

#include "common/out.h"

enum {
    TMDB_PAGE_SIZE = 20, /* rows on a page of a list */
    TMDB_MAX_PAGE = 500, /* page 501 is an error, whatever total_pages says */
    TMDB_MAX_DOCUMENT = 4 << 20,
    TMDB_MAX_LANGUAGES = 4, /* besides the main one */
    /* How old a page of a standing list may be: feeds and lists read the same ones, often at the
     * same time. */
    TMDB_STANDING_AGE_S = 3600,
};

struct provider {
    char *key_param;                       /* "api_key=..." for a v3 key, or NULL */
    char *bearer;                          /* "Authorization: Bearer ..." for a v4 token, or NULL */
    char language[8];                      /* "en-US", "de" */
    char languages[TMDB_MAX_LANGUAGES][8]; /* more of them for episodes; "" ends */
    const char *feeds, *tv_feeds;          /* names with single spaces between */
    const char *export_url;
    const char *image_url; /* NULL: where /configuration says */
    long feed_pages;
    int include_adult, include_video, use_export;
    bool has_v4; /* version 4 of the API is beside version 3, and the key is one of both */

    pthread_mutex_t lock;
    json_t *pictures;      /* the "images" of /configuration; NULL: not asked yet */
    int64_t pictures_at_s; /* wall time of it */
};

int tmdb_search(struct provider *self, struct provider_call *call,
                const struct provider_query *query);
int tmdb_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
               const struct provider_id *id);
int tmdb_sync(struct provider *self, struct provider_call *call, const char *scope,
              const char *cursor);
int tmdb_locate(struct provider *self, struct provider_call *call, const char *kind,
                const char *path, uint32_t width, char *url, size_t url_size);
