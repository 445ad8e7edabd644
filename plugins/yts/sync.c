/* SPDX-License-Identifier: MIT
 *
 * The list of all movies is read newest first.  First to its end, some pages each time; later only
 * what was added since, and then some pages of what is known, in turns, for the sake of their
 * seeds. Cursors: "crawl PAGE NEWEST" and "since NEWEST", NEWEST in Unix time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/field.h"
#include "common/host.h"
#include "yts/movie.h"
#include "yts/request.h"

enum { MAX_PAGE = 1000000 };

static const char refresh_key[] = "refresh_page";

struct sync {
    struct provider *self;
    struct provider_call *call;
    bool crawling;
    long page;        /* the next of a crawl */
    int64_t newest_s; /* of the movies that are known */
    int64_t now_s;
    struct out document;
};

static int read_page(struct sync *sync, long page, json_t **out)
{
    OUT_AUTO url = OUT_INIT(1024);

    request_begin(&url, sync->self, "list_movies");
    out_param_int(&url, "limit", YTS_PAGE_SIZE);
    out_param_int(&url, "page", page);
    out_param(&url, "sort_by", "date_added");
    out_param(&url, "order_by", "desc");
    return request_data(sync->self, sync->call, &url, "list", out);
}

static int emit_movie(struct sync *sync, const json_t *movie, bool with_movie)
{
    int code = with_movie ? movie_emit(sync->call, movie, 0, &sync->document) : PROVIDER_OK;

    if (code && code != PROVIDER_EREFUSED)
        return code;
    return movie_emit_releases(sync->self, sync->call, movie, &sync->document);
}

/* `known_s`: what was added until then is known.  *out_n is 0 behind the last page: the count is
 * made before a last filter and says nothing. */
static int take_page(struct sync *sync, long page, int64_t known_s, size_t *out_n,
                     bool *out_met_known, int64_t *out_newest_s)
{
    json_t *data = NULL;
    int code = read_page(sync, page, &data);
    const json_t *movies = code ? NULL : field_array(data, "movies");

    *out_n = json_array_size(movies);
    for (size_t i = 0; !code && i < *out_n; i++) {
        const json_t *movie = json_array_get(movies, i);
        const int64_t uploaded_s = movie_uploaded_s(movie, sync->now_s);
        const bool is_known = uploaded_s && uploaded_s <= known_s;
        *out_met_known = *out_met_known || is_known;
        /* Never ahead of the clock: what comes until then would count as known. */
        if (uploaded_s > *out_newest_s)
            *out_newest_s = uploaded_s < sync->now_s ? uploaded_s : sync->now_s;
        code = emit_movie(sync, movie, !is_known);
    }
    json_decref(data);
    return code;
}

static int checkpoint(struct sync *sync)
{
    char text[80];

    if (sync->crawling)
        snprintf(text, sizeof(text), "crawl %ld %" PRId64, sync->page, sync->newest_s);
    else
        snprintf(text, sizeof(text), "since %" PRId64, sync->newest_s);
    return sync->call->host->checkpoint(sync->call, text);
}

/* Some pages at a time: the whole list takes an hour, and others wait for their turn. */
static int crawl(struct sync *sync)
{
    for (long i = 0; i < sync->self->sync_pages; i++) {
        int64_t newest_s = sync->newest_s;
        bool met_known = false;
        size_t n = 0;
        int code = take_page(sync, sync->page, 0, &n, &met_known, &newest_s);
        if (code)
            return code;
        if (sync->page == 1)
            sync->newest_s = newest_s;
        sync->page++;
        sync->crawling = n > 0;
        code = checkpoint(sync);
        if (code || !sync->crawling)
            return code;
        sync->call->host->progress(sync->call, (uint64_t)(sync->page - 1), 0);
    }
    return PROVIDER_OK;
}

static int list_new(struct sync *sync)
{
    int64_t newest_s = sync->newest_s;
    bool met_known = false;
    size_t n = 1;
    int code = PROVIDER_OK;

    for (long page = 1; !code && n > 0 && !met_known && page <= sync->self->sync_pages; page++)
        code = take_page(sync, page, sync->newest_s, &n, &met_known, &newest_s);
    if (code)
        return code;
    sync->newest_s = newest_s;
    return checkpoint(sync);
}

/* The next pages in their turn; behind the last it begins anew. */
static int refresh(struct sync *sync)
{
    const struct provider_host *host = sync->call->host;
    const char *kept = host->state_get(sync->call, refresh_key);
    long page = kept ? strtol(kept, NULL, 10) : 1;
    int code = PROVIDER_OK;
    char text[32];

    if (page < 1 || page > MAX_PAGE)
        page = 1;
    for (long i = 0; !code && i < sync->self->refresh_pages; i++) {
        int64_t ignored_s = 0;
        bool met_known = false;
        size_t n = 0;
        code = take_page(sync, page, sync->newest_s, &n, &met_known, &ignored_s);
        page = n > 0 && page < MAX_PAGE ? page + 1 : 1;
        if (n == 0)
            break;
    }
    snprintf(text, sizeof(text), "%ld", page);
    return code ? code : host->state_put(sync->call, refresh_key, text);
}

/* With a time that is to come everything since would count as known, so it is none. */
static void set_out(struct sync *sync, const char *cursor)
{
    long page;
    int64_t newest_s;

    if (cursor && sscanf(cursor, "since %" SCNd64, &newest_s) == 1 && newest_s >= 0 &&
        newest_s <= yts_latest_s(sync->now_s)) {
        sync->newest_s = newest_s;
        return;
    }
    sync->crawling = true;
    sync->page = 1;
    if (!cursor)
        return;
    if (sscanf(cursor, "crawl %ld %" SCNd64, &page, &newest_s) == 2 && page > 0 && newest_s >= 0) {
        sync->page = page;
        sync->newest_s = newest_s <= yts_latest_s(sync->now_s) ? newest_s : 0;
        return;
    }
    host_log(sync->call, PROVIDER_LOG_WARNING, "the cursor '%.64s' makes no sense, starting afresh",
             cursor);
}

int yts_sync(struct provider *self, struct provider_call *call, const char *scope,
             const char *cursor)
{
    struct sync sync = {
        .self = self, .call = call, .now_s = time(NULL), .document = OUT_INIT(YTS_MAX_DOCUMENT)
    };
    int code;

    if (!scope || strcmp(scope, "movies") != 0)
        return host_fail(call, PROVIDER_ENOTSUP, "there is no scope '%.32s'", scope ? scope : "");
    set_out(&sync, cursor);
    if (sync.crawling) {
        code = crawl(&sync);
    } else {
        code = list_new(&sync);
        if (!code)
            code = refresh(&sync);
    }
    out_done(&sync.document);
    return code;
}
