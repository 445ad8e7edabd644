/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "emit.h"
#include "lists.h"
#include "parts.h"
#include "tmdb.h"

/* A list answers with everything that is in it now: nothing of it may be cached. */
enum { LIST_MAX_AGE = 0 };

static size_t read_page(const json_t *items, int64_t page, struct tmdb_row rows[TMDB_PER_PAGE])
{
    size_t from = (size_t)(page - 1) * TMDB_PER_PAGE;
    size_t n = 0;

    for (size_t i = from; i < json_array_size(items) && i < from + TMDB_PER_PAGE; i++) {
        const char *item = json_string_value(json_array_get(items, i));
        n += lists_item_parse(item, &rows[n].is_show, &rows[n].id);
    }
    return n;
}

/* The poster of a list is that of its first item. */
static void emit_poster(struct text *out, const json_t *items)
{
    bool is_show;
    int64_t id;
    bool has = lists_item_parse(json_string_value(json_array_get(items, 0)), &is_show, &id);

    parts_image(out, "poster_path", has && is_show ? 't' : 'p', has ? id : 0, has ? 0 : -1);
}

static const char *string_of(const json_t *list, const char *key, const char *fallback)
{
    const char *value = js_string(list, key);
    return value ? value : fallback;
}

static void emit_common(struct text *out, const json_t *list, int64_t page)
{
    int64_t n = (int64_t)json_array_size(js_array(list, "items"));

    emit_string(out, "description", string_of(list, "description", ""));
    emit_int(out, "id", js_int(list, "id", 0));
    emit_string(out, "iso_639_1", string_of(list, "language", "en"));
    emit_int(out, "item_count", n);
    emit_string(out, "name", string_of(list, "name", ""));
    emit_int(out, "page", page);
    emit_poster(out, js_array(list, "items"));
    emit_int(out, "total_pages", MAX((n + TMDB_PER_PAGE - 1) / TMDB_PER_PAGE, 1));
    emit_int(out, "total_results", n);
}

static void write_v3(struct tmdb_call *call, struct text *out, const json_t *list,
                     const struct tmdb_row *rows, size_t n)
{
    emit_string(out, "created_by", string_of(list, "created_by", "miauflix"));
    emit_int(out, "favorite_count", 0);
    emit_common(out, list, call->page);
    tmdb_rows(call, out, "items", rows, n, true);
}

/* Of each row: {"movie:19": what `write` says}. */
static void emit_by_item(struct text *out, const char *key, const json_t *list,
                         void (*write)(struct text *out, const json_t *list, const char *item))
{
    const json_t *items = js_array(list, "items");

    emit_begin(out, key, '{');
    for (size_t i = 0; i < json_array_size(items); i++)
        write(out, list, json_string_value(json_array_get(items, i)));
    emit_end(out, '}');
}

static void write_comment(struct text *out, const json_t *list, const char *item)
{
    emit_string(out, item, js_string(js_object(list, "comments"), item));
}

static void write_object(struct text *out, const json_t *list, const char *item)
{
    parts_object_id(out, item, js_int(list, "id", 0), item, 0);
}

static void emit_author(struct text *out, const json_t *list)
{
    const char *name = string_of(list, "created_by", "miauflix");

    emit_begin(out, "created_by", '{');
    emit_null(out, "avatar_path");
    emit_string(out, "gravatar_hash", "00000000000000000000000000000000");
    parts_object_id(out, "id", 0, name, 0);
    emit_string(out, "name", "");
    emit_string(out, "username", name);
    emit_end(out, '}');
}

static void emit_sums(struct tmdb_call *call, struct text *out, const struct tmdb_row *rows,
                      size_t n)
{
    int64_t runtime = 0, revenue = 0;
    double votes = 0;

    for (size_t i = 0; i < n; i++) {
        struct catalog *catalog = rows[i].is_show ? call->shows : call->catalog;
        CLEANUP(film_free) struct film *film = catalog_film(catalog, rows[i].id, INVENT_ROW);
        runtime += film ? MAX(film->runtime, 0) : 0;
        revenue += film ? film->revenue : 0;
        votes += film ? film->vote_average : 0;
    }
    emit_double(out, "average_rating", n ? votes / (double)n : 0);
    emit_int(out, "runtime", runtime);
    emit_int(out, "revenue", revenue);
}

static void write_v4(struct tmdb_call *call, struct text *out, const json_t *list,
                     const struct tmdb_row *rows, size_t n)
{
    emit_author(out, list);
    emit_null(out, "backdrop_path");
    emit_common(out, list, call->page);
    emit_string(out, "iso_3166_1", "US");
    emit_bool(out, "public", js_bool(list, "public", true));
    emit_string(out, "sort_by", "original_order.asc");
    emit_sums(call, out, rows, n);
    emit_by_item(out, "comments", list, write_comment);
    emit_by_item(out, "object_ids", list, write_object);
    tmdb_rows(call, out, "results", rows, n, true);
}

/* Only the token of its owner opens a private list; a key or a token of the application does not.
 */
static bool may_read(struct tmdb_call *call, const json_t *list)
{
    const char *header = call->request->authorization;
    return js_bool(list, "public", true) ||
           (header && strcmp(header, "Bearer " SANDBOX_USER_TOKEN) == 0);
}

bool tmdb_list(struct tmdb_call *call)
{
    const struct sandbox_request *request = call->request;
    struct tmdb_row rows[TMDB_PER_PAGE];
    int64_t id = 0;

    if (request->n_segments != 3 || strcmp(request->segments[1], "list") != 0)
        return false;
    json_auto_t *list = NULL;
    if (text_to_int(request->segments[2], 1, INT32_MAX, &id))
        list = lists_copy(sandbox_lists(call->sandbox), id);
    if (!list || !may_read(call, list)) {
        tmdb_fail(call->reply, list ? 39 : 34);
        return true;
    }
    size_t n = read_page(js_array(list, "items"), call->page, rows);
    struct text *out = sandbox_json(call->reply, 200, LIST_MAX_AGE);
    emit_begin(out, NULL, '{');
    if (request->segments[0][0] == '4')
        write_v4(call, out, list, rows, n);
    else
        write_v3(call, out, list, rows, n);
    emit_end(out, '}');
    return true;
}
