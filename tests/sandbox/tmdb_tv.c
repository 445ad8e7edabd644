/* SPDX-License-Identifier: MIT */
#include "tmdb_tv.h"

#include <string.h>

#include "emit.h"

enum { DETAIL_MAX_AGE = 28800 };

struct parts_show_ask tmdb_show_ask(struct tmdb_call *call, const struct show *show)
{
    return (struct parts_show_ask){
        .show = show,
        .episode = -1,
        .common = { .film = show->film,
                    .language = call->language,
                    .image_languages = sandbox_param(call->request, "include_image_language"),
                    .country = sandbox_param(call->request, "country") },
    };
}

static bool write_changes(struct tmdb_call *call, struct text *out, const struct show *show,
                          bool by_window)
{
    const struct show_season *newest = show->n_seasons ? &show->seasons[show->n_seasons - 1] : NULL;
    struct tmdb_season_change season = { 0 };

    if (newest)
        season = (struct tmdb_season_change){ newest->id, newest->number };
    return tmdb_item_changes(call, out, show->film, by_window, newest ? &season : NULL);
}

/* "season/2" of an append; a season that is not there is simply absent. */
static bool write_season(struct tmdb_call *call, struct text *out, const struct show *show,
                         const char *text)
{
    struct parts_show_ask ask = tmdb_show_ask(call, show);
    int64_t number;

    if (!text_to_int(text, 0, 9999, &number))
        return false;
    ask.season = show_season(show, number);
    if (!ask.season)
        return false;
    parts_season_detail(out, &ask);
    return true;
}

/* Everything below a show; false: there is no such thing. */
static bool write_part(struct tmdb_call *call, struct text *out, const void *item, const char *name)
{
    const struct show *show = item;
    const struct parts_show_ask ask = tmdb_show_ask(call, show);

    if (parts_show_write(out, name, &ask))
        return true;
    if (text_starts_with(name, "season/"))
        return write_season(call, out, show, name + strlen("season/"));
    if (strcmp(name, "changes") == 0)
        return write_changes(call, out, show, false);
    bool recommended = strcmp(name, "recommendations") == 0;
    if (!recommended && strcmp(name, "similar") != 0)
        return false;
    tmdb_neighbours(call, out, show->film, recommended);
    return true;
}

static void answer_part(struct tmdb_call *call, const struct show *show, const char *name)
{
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);

    emit_begin(out, NULL, '{');
    if (strcmp(name, "changes") == 0) {
        if (!write_changes(call, out, show, true))
            return;
    } else {
        if (!tmdb_has_no_id(name))
            emit_int(out, "id", show->film->id);
        if (!write_part(call, out, show, name)) {
            tmdb_fail(call->reply, 34);
            return;
        }
    }
    emit_end(out, '}');
}

static void answer_detail(struct tmdb_call *call, const struct show *show)
{
    const char *names = tmdb_appended(call);
    if (!names)
        return;
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);
    emit_begin(out, NULL, '{');
    parts_show_detail(out, show, call->language);
    tmdb_append(call, out, names, write_part, show);
    emit_end(out, '}');
}

/* Shows have no IMDb ids in paths, unlike movies. */
static int64_t find_id(struct tmdb_call *call, const char *text)
{
    int64_t id;

    if (strcmp(text, "latest") == 0)
        return catalog_latest(call->shows);
    return text_to_int(text, 1, INT32_MAX, &id) ? id : -1;
}

static void answer(struct tmdb_call *call, const struct show *show)
{
    const struct sandbox_request *request = call->request;
    const char *third = request->n_segments > 3 ? request->segments[3] : "";

    if (request->n_segments == 3)
        answer_detail(call, show);
    else if (request->n_segments >= 5 && strcmp(third, "season") == 0)
        tmdb_season(call, show);
    else if (request->n_segments == 5 && strcmp(third, "watch") == 0)
        answer_part(call, show, "watch/providers");
    else if (request->n_segments == 4)
        answer_part(call, show, third);
    else
        tmdb_fail(call->reply, 34);
}

bool tmdb_tv(struct tmdb_call *call)
{
    const struct sandbox_request *request = call->request;
    if (request->n_segments < 3 || strcmp(request->segments[1], "tv") != 0)
        return false;

    int64_t id = find_id(call, request->segments[2]);
    CLEANUP(show_free)
    struct show *show = id < 0 ? NULL : catalog_show(call->shows, id, INVENT_DETAIL);
    if (show)
        answer(call, show);
    else
        tmdb_fail(call->reply, 34);
    return true;
}
