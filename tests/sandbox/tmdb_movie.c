/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "parts.h"
#include "tmdb.h"

enum { DETAIL_MAX_AGE = 28800 };

/* Everything below a film; false: there is no such thing. */
static bool write_part(struct tmdb_call *call, struct text *out, const void *item, const char *name)
{
    const struct film *film = item;
    const struct parts_ask ask = {
        .film = film,
        .language = call->language,
        .image_languages = sandbox_param(call->request, "include_image_language"),
        .country = sandbox_param(call->request, "country"),
    };

    if (parts_write(out, name, &ask))
        return true;
    if (strcmp(name, "recommendations") == 0)
        tmdb_neighbours(call, out, film, true);
    else if (strcmp(name, "similar") == 0)
        tmdb_neighbours(call, out, film, false);
    else if (strcmp(name, "changes") == 0)
        tmdb_item_changes(call, out, film, false, NULL);
    else
        return false;
    return true;
}

bool tmdb_has_no_id(const char *part)
{
    return strcmp(part, "recommendations") == 0 || strcmp(part, "similar") == 0 ||
           strcmp(part, "changes") == 0;
}

static void answer_part(struct tmdb_call *call, const struct film *film, const char *name)
{
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);

    emit_begin(out, NULL, '{');
    if (strcmp(name, "changes") == 0) {
        if (!tmdb_item_changes(call, out, film, true, NULL))
            return;
    } else {
        if (!tmdb_has_no_id(name))
            emit_int(out, "id", film->id);
        if (!write_part(call, out, film, name)) {
            tmdb_fail(call->reply, 34);
            return;
        }
    }
    emit_end(out, '}');
}

static void answer_detail(struct tmdb_call *call, const struct film *film)
{
    const char *names = tmdb_appended(call);
    if (!names)
        return;
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);
    emit_begin(out, NULL, '{');
    parts_detail(out, film, call->language);
    tmdb_append(call, out, names, write_part, film);
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
