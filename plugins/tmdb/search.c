/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/item.h"
#include "tmdb/request.h"
#include "tmdb/rows.h"
#include "tmdb/tag.h"
#include "tmdb/tmdb.h"

enum { MAX_TEXT = 500, MAX_LIMIT = TMDB_PAGE_SIZE * TMDB_MAX_PAGE, ANSWER_AGE_S = 600 };

/* One search as it goes on. */
struct hunt {
    struct provider *self;
    struct provider_call *call;
    char language[TAG_SIZE];
    uint64_t skip, left; /* rows before the wanted ones, documents still wanted */
    struct rows_seen seen;
    struct out document;
};

static int emit_rows(struct hunt *hunt, const json_t *rows)
{
    size_t i;
    json_t *row;

    json_array_foreach (rows, i, row) {
        int64_t id = 0;
        int code;

        if (hunt->left == 0)
            break;
        (void)field_int(row, "id", 1, INT32_MAX, &id);
        if (!rows_is_new(&hunt->seen, id))
            continue;
        if (hunt->skip > 0) {
            hunt->skip--;
            continue;
        }
        if (!rows_wants(hunt->self, row) ||
            !item_write_row(&hunt->document, row, &item_movie, hunt->language))
            continue;
        code = host_emit(hunt->call, PROVIDER_MOVIE, PROVIDER_PARTIAL, &hunt->document);
        if (code && code != PROVIDER_EREFUSED)
            return code;
        hunt->left -= code == PROVIDER_OK;
    }
    return PROVIDER_OK;
}

static int search_page(struct hunt *hunt, const struct provider_query *query, int64_t page,
                       json_t **out)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    char what[64];

    request_begin(&url, hunt->self, "/search/movie");
    request_param(&url, "query", query->text);
    request_param(&url, "include_adult", hunt->self->include_adult ? "true" : "false");
    request_param(&url, "language", hunt->language);
    if (query->year > 0)
        request_param_int(&url, "year", query->year);
    request_param_int(&url, "page", page);
    (void)snprintf(what, sizeof(what), "page %" PRId64 " of a search", page);
    return request_json(hunt->self, hunt->call, &url, what, ANSWER_AGE_S, out);
}

static int by_text(struct hunt *hunt, const struct provider_query *query)
{
    int64_t page = (int64_t)(hunt->skip / TMDB_PAGE_SIZE) + 1;
    int64_t last = TMDB_MAX_PAGE;

    hunt->skip %= TMDB_PAGE_SIZE;
    for (; page <= last && hunt->left > 0; page++) {
        json_auto_t *list = NULL;
        int code = search_page(hunt, query, page, &list);

        if (!code)
            code = emit_rows(hunt, field_array(list, "results"));
        if (code)
            return code;
        last = rows_last_page(list, page);
    }
    return PROVIDER_OK;
}

static int by_imdb(struct hunt *hunt, const char *id)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *found = NULL;
    char path[64];
    int code;

    if (strncmp(id, "tt", 2) != 0 || strlen(id) > 14 || id[2 + strspn(id + 2, "0123456789")])
        return host_fail(hunt->call, PROVIDER_EINVAL, "'%.32s' is no IMDb id", id);
    (void)snprintf(path, sizeof(path), "/find/%s", id);
    request_begin(&url, hunt->self, path);
    request_param(&url, "external_source", "imdb_id");
    request_param(&url, "language", hunt->language);
    code = request_json(hunt->self, hunt->call, &url, id, ANSWER_AGE_S, &found);
    return code ? code : emit_rows(hunt, field_array(found, "movie_results"));
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
    const char *imdb = id_in(query, "imdb");

    if (tmdb.value)
        return tmdb_fetch(hunt->self, hunt->call, PROVIDER_MOVIE, &tmdb);
    if (imdb)
        return by_imdb(hunt, imdb);
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
        .skip = query->page > 1 ? (query->page - 1) * limit : 0,
        .left = limit,
        .document = OUT_INIT(TMDB_MAX_DOCUMENT),
    };
    int code;

    if (query->kind != 0 && query->kind != PROVIDER_MOVIE)
        return host_fail(call, PROVIDER_ENOTSUP, "only movies can be searched");
    if (!query->language || !tag_parse(query->language, hunt.language))
        memcpy(hunt.language, self->language, sizeof(hunt.language));
    code = run(&hunt, query);
    rows_seen_done(&hunt.seen);
    out_done(&hunt.document);
    return code;
}
