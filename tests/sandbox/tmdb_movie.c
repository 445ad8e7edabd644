/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "emit.h"
#include "parts.h"
#include "tmdb.h"

enum { DETAIL_MAX_AGE = 28800, MAX_APPENDED = 20, NEIGHBOURS = 40, PER_PAGE = 20, MAX_TIMES = 50 };

static void write_neighbours(struct tmdb_call *call, struct text *out, const struct film *film,
                             bool recommended)
{
    int64_t ids[NEIGHBOURS];
    size_t n = catalog_neighbours(call->catalog, film, recommended ? 1 : 2, NEIGHBOURS, ids);
    size_t from = MIN((size_t)(call->page - 1) * PER_PAGE, n);

    emit_int(out, "page", call->page);
    emit_begin(out, "results", '[');
    for (size_t i = from; i < MIN(from + PER_PAGE, n); i++) {
        CLEANUP(film_free) struct film *other = catalog_film(call->catalog, ids[i], INVENT_ROW);
        if (other)
            parts_row(out, other, call->language, recommended ? "movie" : NULL);
    }
    emit_end(out, ']');
    emit_int(out, "total_pages", MAX((int64_t)(n + PER_PAGE - 1) / PER_PAGE, 1));
    emit_int(out, "total_results", (int64_t)n);
}

/* One item of the film's own changes: a text that was edited. */
static void write_change(struct text *out, const struct film *film, int64_t at_ms, size_t n)
{
    char time[CLOCK_TEXT_LEN];

    clock_format(at_ms, time);
    emit_begin(out, NULL, '{');
    emit_format(out, "id", "%016llx%08zx", (unsigned long long)at_ms, n);
    emit_string(out, "action", n ? "updated" : "added");
    emit_format(out, "time", "%.10s %.8s UTC", time, time + 11);
    emit_string(out, "iso_639_1", "en");
    emit_string(out, "iso_3166_1", "US");
    emit_string(out, "value", film->overview);
    if (n)
        emit_string(out, "original_value", film->overview);
    emit_end(out, '}');
}

static void write_changes(struct tmdb_call *call, struct text *out, const struct film *film,
                          int64_t from_ms, int64_t until_ms)
{
    int64_t times[MAX_TIMES];
    size_t n =
        catalog_changes_of(call->catalog, film->id, from_ms, until_ms, times, ARRAY_LEN(times));

    emit_begin(out, "changes", '[');
    if (n) {
        emit_begin(out, NULL, '{');
        emit_string(out, "key", "overview");
        emit_begin(out, "items", '[');
        for (size_t i = 0; i < n; i++)
            write_change(out, film, times[i], i);
        emit_end(out, ']');
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

/* Everything below a film; false: there is no such thing. */
static bool write_part(struct tmdb_call *call, struct text *out, const struct film *film,
                       const char *name)
{
    const struct parts_ask ask = {
        .film = film,
        .language = call->language,
        .image_languages = sandbox_param(call->request, "include_image_language"),
        .country = sandbox_param(call->request, "country"),
    };

    if (parts_write(out, name, &ask))
        return true;
    if (strcmp(name, "recommendations") == 0)
        write_neighbours(call, out, film, true);
    else if (strcmp(name, "similar") == 0)
        write_neighbours(call, out, film, false);
    else if (strcmp(name, "changes") == 0)
        write_changes(call, out, film, clock_wall_ms() - (int64_t)24 * 3600 * 1000,
                      clock_wall_ms() + 1);
    else
        return false;
    return true;
}

static bool has_no_id(const char *part)
{
    return strcmp(part, "recommendations") == 0 || strcmp(part, "similar") == 0 ||
           strcmp(part, "changes") == 0;
}

static void answer_part(struct tmdb_call *call, const struct film *film, const char *name)
{
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);
    int64_t from_ms, until_ms;

    emit_begin(out, NULL, '{');
    if (strcmp(name, "changes") == 0) {
        if (!tmdb_window(call, &from_ms, &until_ms))
            return;
        write_changes(call, out, film, from_ms, until_ms);
    } else {
        if (!has_no_id(name))
            emit_int(out, "id", film->id);
        if (!write_part(call, out, film, name)) {
            tmdb_fail(call->reply, 34);
            return;
        }
    }
    emit_end(out, '}');
}

/* Unknown names are ignored silently, a name twice counts once. */
static void append(struct tmdb_call *call, struct text *out, const struct film *film,
                   const char *names)
{
    char name[32];

    for (const char *at = names; *at;) {
        size_t len = strcspn(at, ",");
        snprintf(name, sizeof(name), "%.*s", (int)MIN(len, sizeof(name) - 1), at);
        const char *first = strstr(names, name);
        size_t before = out->len;
        emit_begin(out, name, '{');
        if (len && first == at && len < sizeof(name) && write_part(call, out, film, name))
            emit_end(out, '}');
        else
            out->len = before;
        at += len + (at[len] == ',');
    }
}

static void answer_detail(struct tmdb_call *call, const struct film *film)
{
    const char *names = sandbox_param(call->request, "append_to_response");
    size_t n = text_is_empty(names) ? 0 : 1;

    for (const char *at = names; at && *at; at++)
        n += *at == ',';
    if (n > MAX_APPENDED) {
        tmdb_fail(call->reply, 27);
        return;
    }
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);
    emit_begin(out, NULL, '{');
    parts_detail(out, film, call->language);
    if (n)
        append(call, out, film, names);
    emit_end(out, '}');
}

static int64_t find_id(struct tmdb_call *call, const char *text)
{
    int64_t id;

    if (strcmp(text, "latest") == 0)
        return catalog_latest(call->catalog);
    if (text_starts_with(text, "tt"))
        return catalog_find_imdb(call->catalog, text);
    return text_to_int(text, 1, INT32_MAX, &id) ? id : -1;
}

bool tmdb_movie(struct tmdb_call *call)
{
    const struct sandbox_request *request = call->request;
    if (request->n_segments < 3 || strcmp(request->segments[1], "movie") != 0)
        return false;

    int64_t id = find_id(call, request->segments[2]);
    CLEANUP(film_free)
    struct film *film = id < 0 ? NULL : catalog_film(call->catalog, id, INVENT_DETAIL);
    if (!film)
        tmdb_fail(call->reply, 34);
    else if (request->n_segments == 3)
        answer_detail(call, film);
    else if (request->n_segments == 5 && strcmp(request->segments[3], "watch") == 0)
        answer_part(call, film, "watch/providers");
    else
        answer_part(call, film, request->segments[3]);
    return true;
}
