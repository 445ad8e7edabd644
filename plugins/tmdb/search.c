/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/find.h"
#include "tmdb/item.h"
#include "tmdb/request.h"
#include "tmdb/rows.h"
#include "tmdb/show_fetch.h"
#include "tmdb/tag.h"
#include "tmdb/tmdb.h"

enum {
    MAX_TEXT = 500,
    MAX_LIMIT = TMDB_PAGE_SIZE * TMDB_MAX_PAGE,
    MIXED_MAX_PAGE = 20, /* people and other years thin a mixed list out */
    ANSWER_AGE_S = 600,
};

/* One search as it goes on. */
struct hunt {
    struct provider *self;
    struct provider_call *call;
    char language[TAG_SIZE];
    const struct item_shape *shape; /* NULL: any kind */
    int32_t year;                   /* 0: any */
    uint64_t skip, left;            /* rows before the wanted ones, documents still wanted */
    struct rows_seen movies, shows;
    struct out document;
};

/* Movies and shows have numbers of their own. */
static bool is_new(struct hunt *hunt, const json_t *row, const struct item_shape *shape)
{
    int64_t id = 0;

    (void)field_int(row, "id", 1, INT32_MAX, &id);
    return rows_is_new(shape == &item_show ? &hunt->shows : &hunt->movies, id);
}

/* /search/multi knows no year. */
static bool is_of_year(const struct hunt *hunt, const json_t *row, const struct item_shape *shape)
{
    const char *date = field_string(row, shape->date);

    return hunt->shape || hunt->year == 0 || (date && strtol(date, NULL, 10) == hunt->year);
}

static int emit_rows(struct hunt *hunt, const json_t *answer, const char *member)
{
    const json_t *rows;
    size_t i;
    json_t *row;
    int failed = rows_take(hunt->call, answer, member, "a search", &rows);

    if (failed)
        return failed;
    json_array_foreach (rows, i, row) {
        const struct item_shape *shape = hunt->shape ? hunt->shape : rows_shape(row);
        int code;

        if (hunt->left == 0)
            break;
        if (!shape || !is_new(hunt, row, shape) || !is_of_year(hunt, row, shape))
            continue;
        if (hunt->skip > 0) {
            hunt->skip--;
            continue;
        }
        if (!rows_wants(hunt->self, row, shape) ||
            !item_write_row(&hunt->document, row, shape, hunt->language))
            continue;
        code = host_emit(hunt->call, shape->kind, PROVIDER_PARTIAL, &hunt->document);
        if (code && code != PROVIDER_EREFUSED)
            return code;
        hunt->left -= code == PROVIDER_OK;
    }
    return PROVIDER_OK;
}

static const char *search_path(const struct hunt *hunt)
{
    if (!hunt->shape)
        return "/search/multi";
    return hunt->shape == &item_show ? "/search/tv" : "/search/movie";
}

static int search_page(struct hunt *hunt, const struct provider_query *query, int64_t page,
                       json_t **out)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    char what[64];

    request_begin(&url, hunt->self, search_path(hunt));
    out_param(&url, "query", query->text);
    out_param(&url, "include_adult", hunt->self->include_adult ? "true" : "false");
    out_param(&url, "language", hunt->language);
    if (query->year > 0 && hunt->shape)
        out_param_int(&url, hunt->shape == &item_show ? "first_air_date_year" : "year",
                      query->year);
    out_param_int(&url, "page", page);
    (void)snprintf(what, sizeof(what), "page %" PRId64 " of a search", page);
    return request_json(hunt->self, hunt->call, &url, what, ANSWER_AGE_S, out);
}

static int by_text(struct hunt *hunt, const struct provider_query *query)
{
    int64_t page = 1, last = hunt->shape ? TMDB_MAX_PAGE : MIXED_MAX_PAGE;

    /* In a mixed list only what is left of a page counts, so that is counted from the first on. */
    if (hunt->shape) {
        page += (int64_t)(hunt->skip / TMDB_PAGE_SIZE);
        hunt->skip %= TMDB_PAGE_SIZE;
    }
    for (; page <= last && hunt->left > 0; page++) {
        json_auto_t *list = NULL;
        int64_t end;
        int code = search_page(hunt, query, page, &list);

        if (!code)
            code = emit_rows(hunt, list, "results");
        if (code)
            return code;
        end = rows_last_page(list, page);
        last = end < last ? end : last;
    }
    return PROVIDER_OK;
}

/* What an id of others leads to: rows of either kind, never a season or an episode. */
static int by_foreign_id(struct hunt *hunt, const struct provider_id *id)
{
    json_auto_t *found = NULL;
    const struct item_shape *wanted = hunt->shape;
    int code = find_ask(hunt->self, hunt->call, id, hunt->language, &found);

    if (!code && wanted != &item_show) {
        hunt->shape = &item_movie;
        code = emit_rows(hunt, found, "movie_results");
    }
    if (!code && wanted != &item_movie) {
        hunt->shape = &item_show;
        code = emit_rows(hunt, found, "tv_results");
    }
    return code;
}

/* A number of TMDB's own may be a movie and a show; without a kind it is the movie. */
static int by_own_id(struct hunt *hunt, const struct provider_id *id)
{
    int64_t show;

    if (hunt->shape != &item_show)
        return tmdb_fetch(hunt->self, hunt->call, PROVIDER_MOVIE, id);
    if (!find_is_number(id->value, &show))
        return host_fail(hunt->call, PROVIDER_EINVAL, "'%.32s' is no tmdb id", id->value);
    return show_fetch(hunt->self, hunt->call, show, SHOW_NO_SEASON, 0);
}

static const char *id_in(const struct provider_query *query, const char *space)
{
    for (uint32_t i = 0; query->ids && i < query->n_ids; i++)
        if (query->ids[i].space && query->ids[i].value && strcmp(query->ids[i].space, space) == 0)
            return query->ids[i].value;
    return NULL;
}

static int run(struct hunt *hunt, const struct provider_query *query)
{
    const struct provider_id tmdb = { .space = "tmdb", .value = id_in(query, "tmdb") };
    const struct provider_id imdb = { .space = "imdb", .value = id_in(query, "imdb") };
    const struct provider_id tvdb = { .space = "tvdb", .value = id_in(query, "tvdb") };

    if (tmdb.value)
        return by_own_id(hunt, &tmdb);
    if (imdb.value)
        return by_foreign_id(hunt, &imdb);
    if (tvdb.value)
        return by_foreign_id(hunt, &tvdb);
    if (!query->text || query->text[strspn(query->text, " \t\r\n")] == '\0')
        return host_fail(hunt->call, PROVIDER_EINVAL, "a search for nothing");
    if (strlen(query->text) > MAX_TEXT)
        return host_fail(hunt->call, PROVIDER_ELIMIT, "a search text of more than %d bytes",
                         MAX_TEXT);
    return by_text(hunt, query);
}

int tmdb_search(struct provider *self, struct provider_call *call,
                const struct provider_query *query)
{
    const uint64_t limit = query->limit == 0          ? TMDB_PAGE_SIZE
                           : query->limit > MAX_LIMIT ? MAX_LIMIT
                                                      : query->limit;
    struct hunt hunt = {
        .self = self,
        .call = call,
        .year = query->year,
        .skip = query->page > 1 ? (query->page - 1) * limit : 0,
        .left = limit,
        .document = OUT_INIT(TMDB_MAX_DOCUMENT),
    };
    int code;

    if (query->kind != 0 && query->kind != PROVIDER_MOVIE && query->kind != PROVIDER_TVSHOW)
        return host_fail(call, PROVIDER_ENOTSUP, "only movies and shows can be searched");
    hunt.shape = query->kind == PROVIDER_MOVIE    ? &item_movie
                 : query->kind == PROVIDER_TVSHOW ? &item_show
                                                  : NULL;
    if (!query->language || !tag_parse(query->language, hunt.language))
        memcpy(hunt.language, self->language, sizeof(hunt.language));
    code = run(&hunt, query);
    rows_seen_done(&hunt.movies);
    rows_seen_done(&hunt.shows);
    out_done(&hunt.document);
    return code;
}
