/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "parts_show.h"
#include "tmdb.h"

enum { FIND_MAX_AGE = 600 };

/* What is looked for: a TVDB number, or an IMDb id of an episode. */
struct wanted {
    struct tmdb_call *call;
    int64_t tvdb_id;
    const char *imdb_id;
    struct text *out;
};

static void write_show(const struct show *show, void *context)
{
    const struct wanted *wanted = context;

    if (wanted->tvdb_id && show->tvdb_id == wanted->tvdb_id)
        parts_show_row(wanted->out, show, wanted->call->language, "tv");
}

static void write_seasons(const struct show *show, void *context)
{
    const struct wanted *wanted = context;

    for (size_t i = 0; i < show->n_seasons; i++) {
        if (wanted->tvdb_id && show->seasons[i].tvdb_id == wanted->tvdb_id)
            parts_season_row(wanted->out, show, &show->seasons[i], wanted->call->language);
    }
}

static void write_episodes(const struct show *show, void *context)
{
    const struct wanted *wanted = context;
    struct show_episode episode;

    for (size_t k = 0; k < show->n_seasons; k++) {
        const struct show_season *season = &show->seasons[k];
        for (int i = 0; i < season->n_episodes; i++) {
            show_episode(show, season, i, NULL, &episode);
            bool is_it = wanted->tvdb_id
                             ? episode.tvdb_id == wanted->tvdb_id
                             : episode.imdb_id[0] && text_equal(episode.imdb_id, wanted->imdb_id);
            if (is_it)
                parts_episode_row(wanted->out, NULL, show, season, i, wanted->call->language,
                                  "tv_episode");
        }
    }
}

static int64_t find_in(struct catalog *catalog, const char *source, const char *id)
{
    if (strcmp(source, "imdb_id") == 0)
        return catalog_find_imdb(catalog, id);
    if (strcmp(source, "wikidata_id") == 0)
        return catalog_find_wikidata(catalog, id);
    return -1;
}

static void write_by_name(struct tmdb_call *call, struct text *out, const char *key,
                          struct tmdb_row row)
{
    tmdb_rows(call, out, key, &row, row.id >= 0, true);
}

/* The number may be that of a show, of a season and of an episode at the same time. */
static void write_by_number(struct wanted *wanted, const char *key,
                            void (*write)(const struct show *show, void *context))
{
    emit_begin(wanted->out, key, '[');
    if (wanted->tvdb_id || wanted->imdb_id)
        catalog_shows_by(wanted->call->shows, wanted->tvdb_id, wanted->imdb_id, write, wanted);
    emit_end(wanted->out, ']');
}

static void answer(struct tmdb_call *call, const char *source, const char *id)
{
    struct text *out = sandbox_json(call->reply, 200, FIND_MAX_AGE);
    struct wanted wanted = { .call = call, .out = out };

    if (strcmp(source, "imdb_id") == 0)
        wanted.imdb_id = id;
    else if (strcmp(source, "tvdb_id") == 0)
        text_to_int(id, 1, INT32_MAX, &wanted.tvdb_id);
    emit_begin(out, NULL, '{');
    write_by_name(call, out, "movie_results",
                  (struct tmdb_row){ find_in(call->catalog, source, id), false });
    emit_begin(out, "person_results", '[');
    emit_end(out, ']');
    if (wanted.tvdb_id)
        write_by_number(&wanted, "tv_results", write_show);
    else
        write_by_name(call, out, "tv_results",
                      (struct tmdb_row){ find_in(call->shows, source, id), true });
    write_by_number(&wanted, "tv_episode_results", write_episodes);
    write_by_number(&wanted, "tv_season_results", write_seasons);
    emit_end(out, '}');
}

bool tmdb_find(struct tmdb_call *call)
{
    const struct sandbox_request *request = call->request;
    if (request->n_segments != 3 || strcmp(request->segments[1], "find") != 0)
        return false;

    const char *source = sandbox_param(request, "external_source");
    if (text_is_empty(source))
        tmdb_invalid(call->reply, "external_source must be provided");
    else
        answer(call, source, request->segments[2]);
    return true;
}
