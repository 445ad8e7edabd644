/* SPDX-License-Identifier: MIT */
#include "tmdb/sync.h"

#include <inttypes.h>
#include <string.h>

#include "common/day.h"
#include "common/host.h"
#include "tmdb/item.h"
#include "tmdb/list.h"

/* Older than this, the whole catalogue is cheaper and surer than the changes since. */
enum { MAX_CURSOR_AGE_DAYS = 90 };

int sync_checkpoint(struct sync *sync)
{
    char text[CURSOR_TEXT_SIZE];

    cursor_write(&sync->cursor, text);
    return sync->call->host->checkpoint(sync->call, text);
}

int sync_announce(struct sync *sync, const json_t *rows, const char *day)
{
    size_t i;
    json_t *row;

    json_array_foreach (rows, i, row) {
        int64_t id;
        int code;

        if (!rows_wants(sync->self, row, sync->scope->shape) ||
            !item_write_changed(&sync->document, row, day, &id) || !rows_is_new(&sync->seen, id))
            continue;
        code = host_emit(sync->call, sync->scope->shape->kind, PROVIDER_CHANGED, &sync->document);
        if (code && code != PROVIDER_EREFUSED)
            return code;
        sync->n_emitted += code == PROVIDER_OK;
        sync->n_refused += code != PROVIDER_OK;
    }
    return PROVIDER_OK;
}

static int feed_once_a_day(struct sync *sync)
{
    struct provider_call *call = sync->call;
    char today[DAY_TEXT_SIZE];
    const char *fed;
    int code;

    day_write(day_today(NULL), today);
    fed = call->host->state_get(call, sync->scope->fed_key);
    if (fed && strcmp(fed, today) == 0)
        return PROVIDER_OK;
    code = feeds_run(sync);
    return code ? code : call->host->state_put(call, sync->scope->fed_key, today);
}

static int run(struct sync *sync)
{
    struct cursor *cursor = &sync->cursor;
    int code = PROVIDER_OK;

    if (cursor->phase == CURSOR_CHANGES) {
        code = changes_run(sync);
        return code ? code : feed_once_a_day(sync);
    }
    if (cursor->phase != CURSOR_FEEDS) {
        cursor->day = cursor->phase == CURSOR_START ? day_today(NULL) : cursor->day;
        if (sync->self->use_export)
            code = export_run(sync);
        cursor->phase = CURSOR_FEEDS;
        if (!code)
            code = sync_checkpoint(sync);
    }
    if (!code)
        code = feed_once_a_day(sync);
    cursor->phase = CURSOR_CHANGES;
    return code ? code : sync_checkpoint(sync);
}

/* Where to begin: at the cursor, unless it makes no sense. */
static void set_out(struct sync *sync, const char *text)
{
    const int32_t today = day_today(NULL);
    struct cursor *cursor = &sync->cursor;

    *cursor = (struct cursor){ .phase = CURSOR_START };
    if (!text)
        return;
    if (!cursor_read(text, cursor))
        host_log(sync->call, PROVIDER_LOG_WARNING,
                 "the cursor '%.64s' makes no sense, starting afresh", text);
    else if (cursor->day < today - MAX_CURSOR_AGE_DAYS || cursor->day > today + 1) {
        host_log(sync->call, PROVIDER_LOG_WARNING,
                 "the cursor '%.64s' is not of these days, starting afresh", text);
        *cursor = (struct cursor){ .phase = CURSOR_START };
    }
}

static int sync_scope(struct provider *self, struct provider_call *call, const struct scope *scope,
                      const char *cursor, int (*work)(struct sync *sync))
{
    struct sync sync = {
        .self = self,
        .call = call,
        .scope = scope,
        .document = OUT_INIT(TMDB_MAX_DOCUMENT),
    };
    int code;

    set_out(&sync, cursor);
    code = work(&sync);
    if (sync.n_refused > 0)
        host_log(call, PROVIDER_LOG_WARNING,
                 "%" PRIu64 " documents were refused, %" PRIu64 " accepted", sync.n_refused,
                 sync.n_emitted);
    rows_seen_done(&sync.seen);
    out_done(&sync.document);
    return code;
}

int tmdb_sync(struct provider *self, struct provider_call *call, const char *scope,
              const char *cursor)
{
    static const char list[] = "list:", export[] = "export:";
    const struct scope *known = scope_find(scope);

    if (known)
        return sync_scope(self, call, known, cursor, run);
    if (scope && strncmp(scope, export, sizeof(export) - 1) == 0) {
        known = scope_find(scope + sizeof(export) - 1);
        if (known && self->use_export)
            return sync_scope(self, call, known, cursor, export_list);
    }
    if (scope && strncmp(scope, list, sizeof(list) - 1) == 0)
        return list_sync(self, call, scope + sizeof(list) - 1);
    return host_fail(call, PROVIDER_ENOTSUP, "there is no scope '%.32s'", scope ? scope : "");
}
