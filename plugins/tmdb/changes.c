/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "common/day.h"
#include "common/field.h"
#include "common/host.h"
#include "tmdb/request.h"
#include "tmdb/sync.h"

/* One page of what changed on one day.  TMDB refuses windows of more than 14 days; one day at a
 * time stays below its page limit as well. */
static int read_page(struct sync *sync, const char *day, const char *end, int64_t page,
                     int64_t *last)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *list = NULL;
    const json_t *rows;
    int64_t total = 0;
    char what[80];
    int code;

    request_begin(&url, sync->self, sync->scope->changes);
    out_param(&url, "start_date", day);
    out_param(&url, "end_date", end);
    out_param_int(&url, "page", page);
    (void)snprintf(what, sizeof(what), "changes of %s, page %" PRId64, day, page);
    code = request_json(sync->self, sync->call, &url, what, 0, &list);
    if (!code)
        code = rows_take(sync->call, list, "results", what, &rows);
    if (code)
        return code;
    *last = json_array_size(rows) ? rows_last_page(list, page) : 0;
    if (page == 1 && field_int(list, "total_pages", TMDB_MAX_PAGE + 1, INT32_MAX, &total))
        host_log(sync->call, PROVIDER_LOG_WARNING,
                 "%s has %" PRId64 " pages of changes, TMDB serves the first %d", day, total,
                 TMDB_MAX_PAGE);
    return sync_announce(sync, rows, day);
}

/* *out_last stays 0 when there was nothing at all. */
static int read_pages(struct sync *sync, const char *day, const char *end, int64_t *out_last)
{
    int64_t last = 1;
    int code = PROVIDER_OK;

    for (int64_t page = 1; page <= last && !code; page++) {
        code = read_page(sync, day, end, page, &last);
        *out_last = last > *out_last ? last : *out_last;
    }
    return code;
}

static int read_day(struct sync *sync, int32_t day)
{
    char text[DAY_TEXT_SIZE], next[DAY_TEXT_SIZE];
    int64_t last = 0;
    int code;

    /* Who changed on two days is announced for both: the later one may bring something new. */
    rows_seen_done(&sync->seen);
    day_write(day, text);
    day_write(day + 1, next);
    code = read_pages(sync, text, text, &last);
    /* Thousands of titles change on any day.  None did: then the end of the window is not part of
     * it, which TMDB leaves open. */
    if (!code && last == 0)
        code = read_pages(sync, text, next, &last);
    return code;
}

int changes_run(struct sync *sync)
{
    const int32_t today = day_today(NULL);
    struct cursor *cursor = &sync->cursor;
    /* What the cursor names was read before it was over, and what TMDB answered then may have been
     * hours old: yesterday is always read again. */
    const int32_t first = cursor->day < today ? cursor->day : today - 1;

    for (int32_t day = first; day <= today; day++) {
        int code = read_day(sync, day);

        if (code)
            return code;
        if (day > cursor->day || cursor->day > today)
            cursor->day = day;
        code = sync_checkpoint(sync);
        if (code)
            return code;
        sync->call->host->progress(sync->call, (uint64_t)(day - first + 1),
                                   (uint64_t)(today - first + 1));
    }
    return PROVIDER_OK;
}
