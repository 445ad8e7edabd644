/* SPDX-License-Identifier: MIT */
#include "tmdb.h"

#include <string.h>

#include "base/clock.h"
#include "emit.h"

static const struct {
    int code;
    int status;
    const char *message;
} failures[] = {
    { 5, 422, "Invalid parameters: Your request parameters are incorrect." },
    { 6, 404, "Invalid id: The pre-requisite id is invalid or not found." },
    { 7, 401, "Invalid API key: You must be granted a valid key." },
    { 9, 503, "Service offline: This service is temporarily offline, try again later." },
    { 11, 500, "Internal error: Something went wrong, contact TMDB." },
    { 20, 422, "Invalid date range: Should be a range no longer than 14 days." },
    { 22, 400,
      "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer." },
    { 23, 400, "Invalid date: Format needs to be YYYY-MM-DD." },
    { 25, 429, "Your request count (46) is over the allowed limit of 40." },
    { 27, 400, "Too many append to response objects: The maximum number of remote calls is 20." },
    { 34, 404, "The resource you requested could not be found." },
    { 39, 401, "This resource is private." },
    { 42, 405, "The request method is not supported for this resource." },
};

void tmdb_fail(struct sandbox_reply *reply, int code)
{
    for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
        if (failures[i].code != code)
            continue;
        struct text *out = sandbox_json(reply, failures[i].status, -1);
        emit_begin(out, NULL, '{');
        emit_bool(out, "success", false);
        emit_int(out, "status_code", code);
        emit_string(out, "status_message", failures[i].message);
        emit_end(out, '}');
    }
}

void tmdb_invalid(struct sandbox_reply *reply, const char *message)
{
    struct text *out = sandbox_json(reply, 422, -1);
    emit_begin(out, NULL, '{');
    emit_begin(out, "errors", '[');
    emit_string(out, NULL, message);
    emit_end(out, ']');
    emit_end(out, '}');
}

/* A v3 key in the query, or a v4 token: a JWT, of which only the form is looked at, or the key
 * itself for tests that know no JWT. */
static bool is_allowed(const struct sandbox *sandbox, const struct sandbox_request *request)
{
    const char *key = sandbox_param(request, "api_key");
    if (key)
        return strcmp(key, sandbox_key(sandbox)) == 0;
    const char *header = request->authorization;
    if (!header || !text_starts_with(header, "Bearer "))
        return false;
    const char *token = header + 7;
    if (strcmp(token, sandbox_key(sandbox)) == 0)
        return true;
    const char *dot = strchr(token, '.');
    return text_starts_with(token, "ey") && dot && strchr(dot + 1, '.');
}

static bool read_page(const struct sandbox_request *request, int64_t *out)
{
    const char *page = sandbox_param(request, "page");
    *out = 1;
    return !page || text_to_int(page, 1, 500, out);
}

void tmdb_answer(struct sandbox *sandbox, const struct sandbox_request *request,
                 struct sandbox_reply *reply)
{
    static bool (*const groups[])(struct tmdb_call *
                                  call) = { tmdb_config, tmdb_lists,  tmdb_changes, tmdb_movie,
                                            tmdb_tv,     tmdb_search, tmdb_find,    tmdb_list };
    const char *language = sandbox_param(request, "language");
    struct tmdb_call call = {
        .sandbox = sandbox,
        .catalog = sandbox_catalog(sandbox),
        .shows = sandbox_shows(sandbox),
        .request = request,
        .reply = reply,
        .language = text_is_empty(language) ? NULL : language,
    };

    if (!is_allowed(sandbox, request)) {
        tmdb_fail(reply, 7);
        return;
    }
    if (strcmp(request->method, "GET") != 0) {
        tmdb_fail(reply, 42);
        return;
    }
    if (!read_page(request, &call.page)) {
        tmdb_fail(reply, 22);
        return;
    }
    if (strcmp(request->segments[0], "4") == 0) {
        if (!tmdb_list(&call))
            tmdb_fail(reply, 34);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        if (groups[i](&call))
            return;
    }
    tmdb_fail(reply, 34);
}

enum { DAY_MS = 24 * 3600 * 1000 };

/* Dates are whole days, both ends included; without them it is the last 24 hours. */
bool tmdb_window(struct tmdb_call *call, int64_t *out_from_ms, int64_t *out_until_ms)
{
    const char *start = sandbox_param(call->request, "start_date");
    const char *end = sandbox_param(call->request, "end_date");
    int64_t now_ms = clock_wall_ms();
    int64_t from_ms, until_ms;

    if ((!text_is_empty(start) && !clock_is_date(start)) ||
        (!text_is_empty(end) && !clock_is_date(end))) {
        tmdb_fail(call->reply, 23);
        return false;
    }
    if (text_is_empty(end) || !clock_parse(end, &until_ms))
        until_ms = now_ms + 1;
    else
        until_ms += DAY_MS;
    if (text_is_empty(start) || !clock_parse(start, &from_ms))
        from_ms = until_ms - DAY_MS;
    /* The end day counts whole, so 14 days apart is 15 days of changes. */
    if (until_ms - from_ms > (int64_t)15 * DAY_MS || until_ms < from_ms) {
        tmdb_fail(call->reply, 20);
        return false;
    }
    *out_from_ms = from_ms;
    *out_until_ms = until_ms;
    return true;
}
