/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "tmdb.h"

enum { PER_PAGE = 100, CHANGES_MAX_AGE = 28800 };

bool tmdb_changes(struct tmdb_call *call)
{
    int64_t from_ms, until_ms;
    size_t n = 0;

    bool of_shows = strcmp(call->request->path, "/3/tv/changes") == 0;
    if (!of_shows && strcmp(call->request->path, "/3/movie/changes") != 0)
        return false;
    if (!tmdb_window(call, &from_ms, &until_ms))
        return true;

    CLEANUP(mem_free)
    struct catalog_change *changes =
        catalog_changes(of_shows ? call->shows : call->catalog, from_ms, until_ms, &n);
    size_t from = MIN((size_t)(call->page - 1) * PER_PAGE, n);
    struct text *out = sandbox_json(call->reply, 200, CHANGES_MAX_AGE);
    emit_begin(out, NULL, '{');
    emit_begin(out, "results", '[');
    for (size_t i = from; i < MIN(from + PER_PAGE, n); i++) {
        emit_begin(out, NULL, '{');
        emit_int(out, "id", changes[i].id);
        if (changes[i].adult_unknown)
            emit_null(out, "adult");
        else
            emit_bool(out, "adult", changes[i].adult);
        emit_bool(out, "softcore", false);
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_int(out, "page", call->page);
    emit_int(out, "total_pages", MAX((int64_t)(n + PER_PAGE - 1) / PER_PAGE, 1));
    emit_int(out, "total_results", (int64_t)n);
    emit_end(out, '}');
    return true;
}
