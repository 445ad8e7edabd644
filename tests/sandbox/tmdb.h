/* SPDX-License-Identifier: MIT
 *
 * TMDB v3, its movies part: every route under /3/ and the daily exports and images beside it.  The
 * shapes are those of the recorded answers of 2026; where the real service is odd, so is this one.
 * Any thread. */
#pragma once

#include "sandbox.h"

/* What one call asks for, after its common parameters were checked. */
struct tmdb_call {
    struct sandbox *sandbox;
    struct catalog *catalog;
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
bool tmdb_lists(struct tmdb_call *call);   /* popular and so on, trending */
bool tmdb_search(struct tmdb_call *call);  /* discover, search, find */
bool tmdb_changes(struct tmdb_call *call); /* movie/changes */

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

/* A page object with rows of these films; `dates` NULL or two dates for minimum and maximum. */
void tmdb_page(struct tmdb_call *call, const int64_t *ids, size_t n, int64_t total,
               const char *media_type, const char *const *dates, int max_age);

/* The window start_date..end_date as wall times; false when it was answered with an error. */
bool tmdb_window(struct tmdb_call *call, int64_t *out_from_ms, int64_t *out_until_ms);
