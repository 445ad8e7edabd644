/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "filter.h"
#include "fold.h"
#include "tmdb.h"

enum { SEARCH_MAX_AGE = 600 };

static void discover(struct tmdb_call *call, bool of_shows)
{
    struct filter filter;
    bool known;
    struct tmdb_listing listing = { .filter = &filter,
                                    .of_shows = of_shows,
                                    .max_age = SEARCH_MAX_AGE };

    filter_read(&filter, call->request, of_shows);
    listing.order = filter_order(sandbox_param(call->request, "sort_by"), &known);
    tmdb_answer_listing(call, &listing);
}

static void answer_discover_movie(struct tmdb_call *call)
{
    discover(call, false);
}

static void answer_discover_tv(struct tmdb_call *call)
{
    discover(call, true);
}

/* malloc'ed; NULL: the query is missing, which was answered. */
static char *folded_query(struct tmdb_call *call)
{
    const char *query = sandbox_param(call->request, "query");

    if (!text_is_empty(query))
        return fold_text(query);
    tmdb_invalid(call->reply, "query must be provided");
    return NULL;
}

static void read_search(struct tmdb_call *call, struct filter *filter, const char *query,
                        bool of_shows)
{
    filter_read(filter, call->request, of_shows);
    filter->catalog = of_shows ? call->shows : call->catalog;
    filter->query = query;
}

static void search(struct tmdb_call *call, bool of_shows)
{
    CLEANUP(mem_free) char *query = folded_query(call);
    struct filter filter;
    const struct tmdb_listing listing = { .filter = &filter,
                                          .of_shows = of_shows,
                                          .max_age = SEARCH_MAX_AGE };

    if (!query)
        return;
    read_search(call, &filter, query, of_shows);
    tmdb_answer_listing(call, &listing);
}

static void answer_search_movie(struct tmdb_call *call)
{
    search(call, false);
}

static void answer_search_tv(struct tmdb_call *call)
{
    search(call, true);
}

static void answer_search_multi(struct tmdb_call *call)
{
    CLEANUP(mem_free) char *query = folded_query(call);
    struct filter of_films, of_shows;

    if (!query)
        return;
    read_search(call, &of_films, query, false);
    read_search(call, &of_shows, query, true);
    tmdb_answer_mixed(call, &of_films, &of_shows, SEARCH_MAX_AGE);
}

bool tmdb_search(struct tmdb_call *call)
{
    static const struct {
        const char *path;
        void (*answer)(struct tmdb_call *call);
    } routes[] = {
        { "/3/discover/movie", answer_discover_movie }, { "/3/discover/tv", answer_discover_tv },
        { "/3/search/movie", answer_search_movie },     { "/3/search/tv", answer_search_tv },
        { "/3/search/multi", answer_search_multi },
    };

    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].path, call->request->path) == 0) {
            routes[i].answer(call);
            return true;
        }
    }
    return false;
}
