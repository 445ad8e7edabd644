/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "tmdb_tv.h"

enum { DETAIL_MAX_AGE = 28800 };

static int64_t id_of(const struct parts_show_ask *ask)
{
    if (ask->episode < 0)
        return ask->season->id;
    return ask->show->first_episode_id + ask->season->n_before + ask->episode;
}

static bool write_part(struct tmdb_call *call, struct text *out, const void *item, const char *name)
{
    (void)call;
    return parts_show_write(out, name, item);
}

static void answer_detail(struct tmdb_call *call, const struct parts_show_ask *ask)
{
    const char *names = tmdb_appended(call);
    if (!names)
        return;
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);
    emit_begin(out, NULL, '{');
    if (ask->episode < 0)
        parts_season_detail(out, ask);
    else
        parts_episode_detail(out, ask);
    tmdb_append(call, out, names, write_part, ask);
    emit_end(out, '}');
}

static void answer_part(struct tmdb_call *call, const struct parts_show_ask *ask, const char *name)
{
    struct text *out = sandbox_json(call->reply, 200, DETAIL_MAX_AGE);

    emit_begin(out, NULL, '{');
    emit_int(out, "id", id_of(ask));
    if (!parts_show_write(out, name, ask)) {
        tmdb_fail(call->reply, 34);
        return;
    }
    emit_end(out, '}');
}

/* The season and, when the path names one, the episode; false: there is no such thing. */
static bool find(const struct sandbox_request *request, struct parts_show_ask *ask)
{
    int64_t number;

    if (!text_to_int(request->segments[4], 0, 9999, &number))
        return false;
    ask->season = show_season(ask->show, number);
    if (!ask->season || request->n_segments < 7 || strcmp(request->segments[5], "episode") != 0)
        return ask->season != NULL;
    if (!text_to_int(request->segments[6], 0, 9999, &number))
        return false;
    ask->episode = show_episode_index(ask->season, number);
    return ask->episode >= 0;
}

void tmdb_season(struct tmdb_call *call, const struct show *show)
{
    const struct sandbox_request *request = call->request;
    struct parts_show_ask ask = tmdb_show_ask(call, show);

    if (!find(request, &ask)) {
        tmdb_fail(call->reply, 34);
        return;
    }
    size_t n_own = ask.episode < 0 ? 5 : 7;
    if (request->n_segments == n_own)
        answer_detail(call, &ask);
    else if (request->n_segments == n_own + 1)
        answer_part(call, &ask, request->segments[n_own]);
    else
        tmdb_fail(call->reply, 34);
}
