/* SPDX-License-Identifier: MIT */
#include "tmdb/list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/day.h"
#include "common/field.h"
#include "common/host.h"
#include "tmdb/element.h"
#include "tmdb/find.h"
#include "tmdb/request.h"
#include "tmdb/rows.h"

enum { MAX_ITEMS = 20000, MAX_NOTE = 4000, MAX_OWNER = 256, MAX_COUNT = 10000000 };

/* Lists without a number; TMDB makes them. */
static const struct standing {
    const char *name, *path, *title;
} standing[] = {
    { "popular", "/movie/popular", "Popular" },
    { "top_rated", "/movie/top_rated", "Top rated" },
    { "upcoming", "/movie/upcoming", "Upcoming" },
    { "now_playing", "/movie/now_playing", "Now playing" },
    { "trending_day", "/trending/all/day", "Trending today" },
    { "trending_week", "/trending/all/week", "Trending this week" },
    { "popular_tvshows", "/tv/popular", "Popular shows" },
    { "top_rated_tvshows", "/tv/top_rated", "Top rated shows" },
    { "on_the_air", "/tv/on_the_air", "On the air" },
    { "airing_today", "/tv/airing_today", "Airing today" },
};

/* A list being read. */
struct reading {
    struct provider *self;
    struct provider_call *call;
    const struct standing *standing; /* NULL: one by id */
    bool v4;                         /* whose answers have notes */
    int64_t id, n_items;
    char path[64];
    struct rows_seen movies, shows; /* the order drifts while one reads, so rows come twice */
    struct out document;
};

static void write_year(struct out *out, const char *date)
{
    int year, month, mday;
    int32_t day;

    if (!date || !day_parse(date, &day))
        return;
    day_split(day, &year, &month, &mday);
    if (year >= 1870 && year <= 2200)
        out_int(out, "year", year);
}

/* Lists of version 4 have remarks beside the rows: {"movie:603":"..."}. */
static const char *note_of(const json_t *page, const struct item_shape *shape, int64_t id)
{
    char key[40];

    (void)snprintf(key, sizeof(key), "%s:%" PRId64, shape->media, id);
    return field_string(field_object(page, "comments"), key);
}

static void write_item(struct reading *reading, const json_t *page, const json_t *row)
{
    struct out *out = &reading->document;
    const struct item_shape *shape = rows_shape(row);
    const char *title = shape ? field_string(row, shape->title) : NULL;
    int64_t id;

    if (!shape || !rows_wants(reading->self, row, shape) ||
        !field_int(row, "id", 1, INT32_MAX, &id) ||
        !rows_is_new(shape == &item_show ? &reading->shows : &reading->movies, id))
        return;
    out_open(out, NULL, '{');
    element_ids(out, row);
    out_string(out, "kind", shape->word, 16);
    out_string(out, "title", title ? title : field_string(row, shape->original), ELEMENT_MAX_TITLE);
    write_year(out, field_string(row, shape->date));
    out_int(out, "rank", ++reading->n_items);
    out_string(out, "note", note_of(page, shape, id), MAX_NOTE);
    out_close(out, '}');
}

static void write_items(struct reading *reading, const json_t *page)
{
    size_t i;
    json_t *row;

    json_array_foreach (rows_of(page), i, row)
        if (reading->n_items < MAX_ITEMS)
            write_item(reading, page, row);
}

/* Version 3 has a name there, version 4 a user. */
static void write_owner(struct out *out, const json_t *page)
{
    const json_t *user = field_object(page, "created_by");
    const char *name = field_string(page, "created_by");

    if (!name)
        name = field_string(user, "username");
    out_string(out, "owner", name ? name : field_string(user, "name"), MAX_OWNER);
}

static void write_head_by_id(struct reading *reading, const json_t *page)
{
    struct out *out = &reading->document;
    const char *name = field_string(page, "name");
    char fallback[40];
    int64_t n;

    (void)snprintf(fallback, sizeof(fallback), "List %" PRId64, reading->id);
    out_open(out, "ids", '{');
    out_int(out, "tmdb", reading->id);
    out_close(out, '}');
    out_string(out, "name", name ? name : fallback, ELEMENT_MAX_NAME);
    out_string(out, "description", field_string(page, "description"), ELEMENT_MAX_OVERVIEW);
    write_owner(out, page);
    element_language(out, "language", page, "iso_639_1");
    out_string(out, "visibility", field_bool(page, "public") == 0 ? "private" : "public", 16);
    if (field_int(page, "item_count", 0, MAX_COUNT, &n))
        out_int(out, "item_count", n);
    element_path(out, "poster", page, "poster_path");
}

static void write_head(struct reading *reading, const json_t *page)
{
    struct out *out = &reading->document;

    out_open(out, NULL, '{');
    if (!reading->standing) {
        write_head_by_id(reading, page);
    } else {
        out_open(out, "ids", '{');
        out_string(out, "tmdb_list", reading->standing->name, 64);
        out_close(out, '}');
        out_string(out, "name", reading->standing->title, ELEMENT_MAX_NAME);
        out_string(out, "owner", "TMDB", MAX_OWNER);
        out_string(out, "visibility", "public", 16);
    }
    out_open(out, "items", '[');
}

static bool has_rows(const json_t *page)
{
    return json_is_array(json_object_get(page, "results")) ||
           json_is_array(json_object_get(page, "items"));
}

static int read_page(struct reading *reading, int64_t page, int64_t *last)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *answer = NULL;
    char what[96], path[80];
    int64_t end;
    int code;

    /* The base ends in "/3", and each mirror has its own. */
    (void)snprintf(path, sizeof(path), "%s%s", reading->v4 ? "/../4" : "", reading->path);
    request_begin(&url, reading->self, path);
    out_param(&url, "language", reading->self->language);
    out_param_int(&url, "page", page);
    (void)snprintf(what, sizeof(what), "%s, page %" PRId64, reading->path, page);
    code = request_json(reading->self, reading->call, &url, what,
                        reading->standing ? TMDB_STANDING_AGE_S : 0, &answer);
    if (code)
        return code;
    if (!has_rows(answer))
        return host_fail(reading->call, PROVIDER_EPARSE, "%s: the answer is no list", what);
    if (page == 1)
        write_head(reading, answer);
    write_items(reading, answer);
    /* Old answers do not say how many pages there are: then there is one. */
    end = rows_last_page(answer, page);
    *last = reading->standing && end > reading->self->feed_pages ? reading->self->feed_pages : end;
    return PROVIDER_OK;
}

/* What may come of an address that is not served, rather than of the list or the time. */
static bool lacks_v4(int code)
{
    return code == PROVIDER_ENOTFOUND || code == PROVIDER_EINVAL || code == PROVIDER_EPARSE ||
           code == PROVIDER_ENOTSUP || code == PROVIDER_EAUTH || code == PROVIDER_EUPSTREAM;
}

static int read_first_page(struct reading *reading, int64_t *last)
{
    int code;

    reading->v4 = reading->self->has_v4 && !reading->standing;
    code = read_page(reading, 1, last);
    if (!reading->v4 || !lacks_v4(code))
        return code;
    reading->v4 = false;
    return read_page(reading, 1, last);
}

static int read_list(struct reading *reading)
{
    int64_t last = 1;
    int code = read_first_page(reading, &last);

    for (int64_t page = 1; page <= last && !code; page++) {
        if (page > 1)
            code = read_page(reading, page, &last);
        reading->call->host->progress(reading->call, (uint64_t)page, (uint64_t)last);
    }
    if (code == PROVIDER_EDENIED)
        return host_fail(reading->call, PROVIDER_ENOTFOUND, "%s is private", reading->path);
    if (code)
        return code;
    out_close(&reading->document, ']');
    out_close(&reading->document, '}');
    code = host_emit(reading->call, PROVIDER_LIST, 0, &reading->document);
    return code ? code : reading->call->host->checkpoint(reading->call, "1:list");
}

/* Where the list is; false when there is no such name. */
static bool name_list(struct reading *reading, const char *name)
{
    if (find_is_number(name, &reading->id)) {
        (void)snprintf(reading->path, sizeof(reading->path), "/list/%" PRId64, reading->id);
        return true;
    }
    for (size_t i = 0; i < sizeof(standing) / sizeof(*standing); i++) {
        if (strcmp(standing[i].name, name) != 0)
            continue;
        reading->standing = &standing[i];
        (void)snprintf(reading->path, sizeof(reading->path), "%s", standing[i].path);
        return true;
    }
    return false;
}

int list_sync(struct provider *self, struct provider_call *call, const char *name)
{
    struct reading reading = {
        .self = self,
        .call = call,
        .document = OUT_INIT(TMDB_MAX_DOCUMENT),
    };
    int code;

    if (!name_list(&reading, name))
        return host_fail(call, PROVIDER_ENOTSUP, "there is no list '%.32s'", name);
    code = read_list(&reading);
    rows_seen_done(&reading.movies);
    rows_seen_done(&reading.shows);
    out_done(&reading.document);
    return code;
}
