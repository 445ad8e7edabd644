/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/request.h"
#include "tmdb/sync.h"

static int read_feed(struct sync *sync, const char *path)
{
    int64_t last = sync->self->feed_pages;

    for (int64_t page = 1; page <= last; page++) {
        OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
        json_auto_t *list = NULL;
        const json_t *rows;
        char what[80];
        int64_t end;
        int code;

        request_begin(&url, sync->self, path);
        out_param(&url, "language", sync->self->language);
        out_param_int(&url, "page", page);
        (void)snprintf(what, sizeof(what), "%s, page %" PRId64, path, page);
        code = request_json(sync->self, sync->call, &url, what, TMDB_STANDING_AGE_S, &list);
        if (!code)
            code = rows_take(sync->call, list, "results", what, &rows);
        if (!code)
            code = sync_announce(sync, rows, NULL);
        if (code)
            return code;
        end = rows_last_page(list, page);
        last = end < last ? end : last;
    }
    return PROVIDER_OK;
}

/* One feed that TMDB no longer has, or answers with nonsense, does not keep the others back. */
static bool concerns_one_feed(int code)
{
    return code == PROVIDER_ENOTFOUND || code == PROVIDER_EINVAL || code == PROVIDER_EPARSE ||
           code == PROVIDER_ENOTSUP;
}

int feeds_run(struct sync *sync)
{
    const bool shows = sync->scope->shape == &item_show;
    const char *name = shows ? sync->self->tv_feeds : sync->self->feeds;

    if (!name)
        return PROVIDER_OK;
    for (name += strspn(name, " "); *name; name += strspn(name, " ")) {
        const size_t len = strcspn(name, " ");
        const char *path = scope_feed_path(sync->scope, name, len);
        int code = PROVIDER_OK;

        if (len == 4 && strncmp(name, "none", len) == 0)
            return PROVIDER_OK;
        if (!path)
            host_log(sync->call, PROVIDER_LOG_WARNING, "there is no feed '%.*s', leaving it out",
                     (int)(len < 32 ? len : 32), name);
        else
            code = read_feed(sync, path);
        if (concerns_one_feed(code))
            host_log(sync->call, PROVIDER_LOG_WARNING,
                     "the feed '%.*s' cannot be read (%d), leaving it out", (int)len, name, code);
        else if (code)
            return code;
        name += len;
    }
    return PROVIDER_OK;
}
