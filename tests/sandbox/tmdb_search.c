/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "filter.h"
#include "fold.h"
#include "parts.h"
#include "tmdb.h"

enum { PER_PAGE = 20, SEARCH_MAX_AGE = 600 };

static void answer_discover(struct tmdb_call *call)
{
    struct filter filter;
    int64_t ids[PER_PAGE];
    int64_t total;
    bool known;

    filter_read(&filter, call->request);
    catalog_order order = filter_order(sandbox_param(call->request, "sort_by"), &known);
    size_t n = catalog_list(call->catalog, filter_passes, &filter, order,
                            (size_t)(call->page - 1) * PER_PAGE, PER_PAGE, ids, &total);
    tmdb_page(call, ids, n, total, NULL, NULL, SEARCH_MAX_AGE);
}

static void answer_search(struct tmdb_call *call, const char *media_type)
{
    const char *query = sandbox_param(call->request, "query");
    struct filter filter;
    int64_t ids[PER_PAGE];
    int64_t total;

    if (text_is_empty(query)) {
        tmdb_invalid(call->reply, "query must be provided");
        return;
    }
    CLEANUP(mem_free) char *folded = fold_text(query);
    filter_read(&filter, call->request);
    filter.catalog = call->catalog;
    filter.query = folded;
    size_t n = catalog_list(call->catalog, filter_passes, &filter, NULL,
                            (size_t)(call->page - 1) * PER_PAGE, PER_PAGE, ids, &total);
    tmdb_page(call, ids, n, total, media_type, NULL, SEARCH_MAX_AGE);
}

static void answer_search_movie(struct tmdb_call *call)
{
    answer_search(call, NULL);
}

static void answer_search_multi(struct tmdb_call *call)
{
    answer_search(call, "movie");
}

static int64_t find_external(struct tmdb_call *call, const char *source, const char *id)
{
    if (strcmp(source, "imdb_id") == 0)
        return catalog_find_imdb(call->catalog, id);
    if (strcmp(source, "wikidata_id") == 0)
        return catalog_find_wikidata(call->catalog, id);
    return -1;
}

static void answer_find(struct tmdb_call *call)
{
    const char *source = sandbox_param(call->request, "external_source");
    if (text_is_empty(source)) {
        tmdb_invalid(call->reply, "external_source must be provided");
        return;
    }
    int64_t id = find_external(call, source, call->request->segments[2]);
    CLEANUP(film_free)
    struct film *film = id < 0 ? NULL : catalog_film(call->catalog, id, INVENT_ROW);
    struct text *out = sandbox_json(call->reply, 200, SEARCH_MAX_AGE);
    emit_begin(out, NULL, '{');
    emit_begin(out, "movie_results", '[');
    if (film)
        parts_row(out, film, call->language, "movie");
    emit_end(out, ']');
    static const char *const empty[] = { "person_results", "tv_results", "tv_episode_results",
                                         "tv_season_results" };
    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        emit_begin(out, empty[i], '[');
        emit_end(out, ']');
    }
    emit_end(out, '}');
}

bool tmdb_search(struct tmdb_call *call)
{
    static const struct {
        const char *path;
        void (*answer)(struct tmdb_call *call);
    } routes[] = {
        { "/3/discover/movie", answer_discover },
        { "/3/search/movie", answer_search_movie },
        { "/3/search/multi", answer_search_multi },
    };

    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].path, call->request->path) == 0) {
            routes[i].answer(call);
            return true;
        }
    }
    if (call->request->n_segments != 3 || strcmp(call->request->segments[1], "find") != 0)
        return false;
    answer_find(call);
    return true;
}
