/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "emit.h"
#include "tmdb.h"

enum { MAX_APPENDED = 20, NEIGHBOURS = 40, PER_PAGE = 20, MAX_TIMES = 50 };

const char *tmdb_appended(struct tmdb_call *call)
{
    const char *names = sandbox_param(call->request, "append_to_response");
    size_t n = text_is_empty(names) ? 0 : 1;

    for (const char *at = names; at && *at; at++)
        n += *at == ',';
    if (n > MAX_APPENDED) {
        tmdb_fail(call->reply, 27);
        return NULL;
    }
    return names ? names : "";
}

/* Whole names: "credits" is not in "aggregate_credits". */
static bool is_before(const char *names, const char *at, size_t len)
{
    for (const char *other = names; other < at;) {
        size_t other_len = strcspn(other, ",");
        if (other_len == len && strncmp(other, at, len) == 0)
            return true;
        other += other_len + 1;
    }
    return false;
}

void tmdb_append(struct tmdb_call *call, struct text *out, const char *names, tmdb_part write,
                 const void *item)
{
    char name[32];

    for (const char *at = names; *at;) {
        size_t len = strcspn(at, ",");
        snprintf(name, sizeof(name), "%.*s", (int)MIN(len, sizeof(name) - 1), at);
        size_t before = out->len;
        emit_begin(out, name, '{');
        if (len && len < sizeof(name) && !is_before(names, at, len) && write(call, out, item, name))
            emit_end(out, '}');
        else
            out->len = before;
        at += len + (at[len] == ',');
    }
}

void tmdb_neighbours(struct tmdb_call *call, struct text *out, const struct film *film,
                     bool recommended)
{
    struct catalog *catalog = film->is_show ? call->shows : call->catalog;
    struct tmdb_row rows[NEIGHBOURS];
    int64_t ids[NEIGHBOURS];
    size_t n = catalog_neighbours(catalog, film, recommended ? 1 : 2, NEIGHBOURS, ids);
    size_t from = MIN((size_t)(call->page - 1) * PER_PAGE, n);
    size_t until = MIN(from + PER_PAGE, n);

    for (size_t i = from; i < until; i++)
        rows[i] = (struct tmdb_row){ ids[i], film->is_show };
    emit_int(out, "page", call->page);
    tmdb_rows(call, out, "results", rows + from, until - from, recommended);
    emit_int(out, "total_pages", MAX((int64_t)(n + PER_PAGE - 1) / PER_PAGE, 1));
    emit_int(out, "total_results", (int64_t)n);
}

/* One item of the film's own changes: a text that was edited, or of a show its newest season. */
static void write_change(struct text *out, const struct film *film, int64_t at_ms, size_t n,
                         const struct tmdb_season_change *season)
{
    char time[CLOCK_TEXT_LEN];

    clock_format(at_ms, time);
    emit_begin(out, NULL, '{');
    emit_format(out, "id", "%016llx%08zx", (unsigned long long)at_ms, n);
    emit_string(out, "action", n ? "updated" : "added");
    emit_format(out, "time", "%.10s %.8s UTC", time, time + 11);
    emit_string(out, "iso_639_1", season ? "" : "en");
    emit_string(out, "iso_3166_1", season ? "" : "US");
    if (season) {
        emit_begin(out, "value", '{');
        emit_int(out, "season_id", season->id);
        emit_int(out, "season_number", season->number);
        emit_end(out, '}');
    } else {
        emit_string(out, "value", film->overview);
        if (n)
            emit_string(out, "original_value", film->overview);
    }
    emit_end(out, '}');
}

static void write_key(struct text *out, const char *key, const struct film *film,
                      const int64_t *times, size_t n, const struct tmdb_season_change *season)
{
    emit_begin(out, NULL, '{');
    emit_string(out, "key", key);
    emit_begin(out, "items", '[');
    for (size_t i = 0; i < n; i++)
        write_change(out, film, times[i], i, season);
    emit_end(out, ']');
    emit_end(out, '}');
}

bool tmdb_item_changes(struct tmdb_call *call, struct text *out, const struct film *film,
                       bool by_window, const struct tmdb_season_change *season)
{
    struct catalog *catalog = film->is_show ? call->shows : call->catalog;
    int64_t until_ms = clock_wall_ms() + 1;
    int64_t from_ms = until_ms - (int64_t)24 * 3600 * 1000;
    int64_t times[MAX_TIMES];

    if (by_window && !tmdb_window(call, &from_ms, &until_ms))
        return false;
    size_t n = catalog_changes_of(catalog, film->id, from_ms, until_ms, times, ARRAY_LEN(times));
    emit_begin(out, "changes", '[');
    if (n)
        write_key(out, "overview", film, times, n, NULL);
    if (n && season)
        write_key(out, "season", film, times, n, season);
    emit_end(out, ']');
    return true;
}
