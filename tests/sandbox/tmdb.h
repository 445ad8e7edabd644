/* SPDX-License-Identifier: MIT
 *
 * TMDB v3: every route under /3/, lists under /4/, and the daily exports and images beside them.
 * The shapes are those of the recorded answers of 2026; where the real service is odd, so is this
 * one. Any thread. */
#pragma once

#include "sandbox.h"

/* What one call asks for, after its common parameters were checked. */
struct tmdb_call {
    struct sandbox *sandbox;
    struct catalog *catalog; /* of films */
    struct catalog *shows;
    const struct sandbox_request *request;
    struct sandbox_reply *reply;
    const char *language; /* NULL: en-US */
    int64_t page;         /* 1..500 */
};

void tmdb_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply);

/* {"success":false,"status_code":34,"status_message":"..."} with the HTTP status that belongs to
 * the code; unknown codes are a bug. */
void tmdb_fail(struct sandbox_reply *reply, int code);

/* {"errors":["..."]}, 422: the other shape. */
void tmdb_invalid(struct sandbox_reply *reply, const char *message);

/* --- The routes, one group per file.  False: no such route. */
bool tmdb_config(struct tmdb_call *call);  /* authentication, configuration, genre */
bool tmdb_movie(struct tmdb_call *call);   /* movie/{id} and below */
bool tmdb_tv(struct tmdb_call *call);      /* tv/{id} and below */
bool tmdb_list(struct tmdb_call *call);    /* list/{id}, of v3 and v4 */
bool tmdb_lists(struct tmdb_call *call);   /* popular and so on, trending */
bool tmdb_search(struct tmdb_call *call);  /* discover, search */
bool tmdb_find(struct tmdb_call *call);    /* find */
bool tmdb_changes(struct tmdb_call *call); /* movie/changes, tv/changes */

/* --- Without a key */
struct tmdb_exports; /* the gzipped file, kept until the catalog changes */
struct tmdb_exports *tmdb_exports_new(void);
void tmdb_exports_free(struct tmdb_exports *exports);
DEFINE_CLEANUP(struct tmdb_exports *, tmdb_exports_free);
bool tmdb_export(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply);
bool tmdb_image(struct sandbox *sandbox, const struct sandbox_request *request,
                struct sandbox_reply *reply);

/* --- What they share */

/* A film or a show of a list. */
struct tmdb_row {
    int64_t id;
    bool is_show;
};

/* An array of rows; those that are gone are left out.  typed: each says which media_type it is. */
void tmdb_rows(struct tmdb_call *call, struct text *out, const char *key,
               const struct tmdb_row *rows, size_t n, bool typed);

/* A page object with these rows; `dates` NULL or two dates for minimum and maximum. */
struct tmdb_page {
    const struct tmdb_row *rows;
    size_t n;
    int64_t total;
    bool typed;
    const char *const *dates;
    int max_age;
};
void tmdb_page(struct tmdb_call *call, const struct tmdb_page *page);

/* The page that was asked for of the films or shows that pass (filter NULL: all decent ones). */
enum { TMDB_PER_PAGE = 20 };
struct filter;
struct tmdb_listing {
    struct filter *filter;
    catalog_order order;
    bool of_shows;
    bool typed;
    const char *const *dates;
    int max_age;
};
void tmdb_answer_listing(struct tmdb_call *call, const struct tmdb_listing *listing);

/* The same of both, in turns. */
void tmdb_answer_mixed(struct tmdb_call *call, struct filter *of_films, struct filter *of_shows,
                       int max_age);

/* The names of append_to_response, "" when there are none; NULL: too many, which was answered. */
const char *tmdb_appended(struct tmdb_call *call);

/* Appends what `write` knows; unknown names are ignored silently, a name twice counts once. */
typedef bool (*tmdb_part)(struct tmdb_call *call, struct text *out, const void *item,
                          const char *name);
void tmdb_append(struct tmdb_call *call, struct text *out, const char *names, tmdb_part write,
                 const void *item);

/* Parts that say nothing of the item they belong to. */
bool tmdb_has_no_id(const char *part);
void tmdb_neighbours(struct tmdb_call *call, struct text *out, const struct film *film,
                     bool recommended);

/* Its own changes, of the last 24 hours or of the window asked for; false: that was answered with
 * an error. */
struct tmdb_season_change {
    int64_t id;
    int number;
};
bool tmdb_item_changes(struct tmdb_call *call, struct text *out, const struct film *film,
                       bool by_window, const struct tmdb_season_change *season);

/* The window start_date..end_date as wall times; false when it was answered with an error. */
bool tmdb_window(struct tmdb_call *call, int64_t *out_from_ms, int64_t *out_until_ms);
