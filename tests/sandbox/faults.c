/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/json.h"
#include "base/lock.h"
#include "emit.h"
#include "spoil.h"

enum { MAX_FAULTS = 64, MAX_ROUTES = 128, LAST = 32, ROUTE_LEN = 160 };

struct fault {
    char route[ROUTE_LEN]; /* a shell pattern of the path, perhaps with "METHOD " before it */
    char name[16];
    char retry_after[64];
    int64_t left;  /* how often it still strikes; -1: always */
    int64_t every; /* 1: each time */
    int64_t seen;
    int64_t struck;
    int64_t delay_ms;
};

struct route_count {
    char route[ROUTE_LEN];
    int64_t n;
};

struct faults {
    struct lock lock;
    struct fault faults[MAX_FAULTS];
    size_t n_faults;
    struct route_count routes[MAX_ROUTES];
    size_t n_routes;
    int64_t total;
    int64_t statuses[6]; /* by hundreds */
    char last[LAST][ROUTE_LEN];
};

struct faults *faults_new(void)
{
    struct faults *faults = mem_new(struct faults);
    lock_init(&faults->lock);
    return faults;
}

void faults_free(struct faults *faults)
{
    if (!faults)
        return;
    lock_done(&faults->lock);
    free(faults);
}

int faults_add(struct faults *faults, const json_t *json, struct error *err)
{
    const char *name = js_string(json, "fault");
    const char *route = js_string(json, "route");
    if (!name || !spoil_is_known(name))
        return error_set(err, PROVIDER_EINVAL, "fault: one of %s", spoil_names());
    if (!route || (route[0] != '/' && !strchr(route, ' ')) || strlen(route) >= ROUTE_LEN)
        return error_set(err, PROVIDER_EINVAL, "route: a pattern as \"/3/movie/*\"");

    LOCK_SCOPE(&faults->lock);
    if (faults->n_faults == MAX_FAULTS)
        return error_set(err, PROVIDER_ELIMIT, "more than %d faults", MAX_FAULTS);
    struct fault *fault = &faults->faults[faults->n_faults++];
    *fault = (struct fault){
        .left = js_int(json, "count", -1),
        .every = MAX(js_int(json, "every", 1), 1),
        .delay_ms = js_int(json, "delay_ms", strcmp(name, "slow") == 0 ? 1000 : 0),
    };
    snprintf(fault->route, sizeof(fault->route), "%s", route);
    snprintf(fault->name, sizeof(fault->name), "%s", name);
    /* A number is as good as a string here: seconds. */
    const json_t *retry_after = json_object_get(json, "retry_after");
    if (json_is_integer(retry_after))
        snprintf(fault->retry_after, sizeof(fault->retry_after), "%lld",
                 (long long)json_integer_value(retry_after));
    else if (json_is_string(retry_after))
        snprintf(fault->retry_after, sizeof(fault->retry_after), "%s",
                 json_string_value(retry_after));
    return 0;
}

void faults_clear(struct faults *faults)
{
    LOCK_SCOPE(&faults->lock);
    faults->n_faults = 0;
}

size_t faults_write(struct faults *faults, struct text *out)
{
    LOCK_SCOPE(&faults->lock);
    text_add_char(out, '[');
    for (size_t i = 0; i < faults->n_faults; i++) {
        const struct fault *fault = &faults->faults[i];
        emit_begin(out, NULL, '{');
        emit_string(out, "route", fault->route);
        emit_string(out, "fault", fault->name);
        emit_string(out, "retry_after", fault->retry_after[0] ? fault->retry_after : NULL);
        emit_int(out, "left", fault->left);
        emit_int(out, "every", fault->every);
        emit_int(out, "delay_ms", fault->delay_ms);
        emit_int(out, "struck", fault->struck);
        emit_end(out, '}');
    }
    text_add_char(out, ']');
    return faults->n_faults;
}

static bool route_fits(const struct fault *fault, const struct sandbox_request *request)
{
    const char *route = fault->route;
    const char *space = strchr(route, ' ');

    if (space) {
        size_t len = (size_t)(space - route);
        if (strlen(request->method) != len || strncmp(request->method, route, len) != 0)
            return false;
        route = space + 1;
    }
    return fnmatch(route, request->path, 0) == 0;
}

/* The first fault of that kind (before or after the answer) that strikes now. */
static bool strike(struct faults *faults, const struct sandbox_request *request, bool after,
                   struct fault *out)
{
    LOCK_SCOPE(&faults->lock);
    for (size_t i = 0; i < faults->n_faults; i++) {
        struct fault *fault = &faults->faults[i];
        if (fault->left == 0 || spoil_is_after(fault->name) != after || !route_fits(fault, request))
            continue;
        if (++fault->seen % fault->every != 0)
            continue;
        if (fault->left > 0)
            fault->left--;
        fault->struck++;
        *out = *fault;
        return true;
    }
    return false;
}

/* "/3/movie/11/images" counts as "/3/movie/{id}/images". */
static void route_of(const struct sandbox_request *request, char out[ROUTE_LEN])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < request->n_segments && len < ROUTE_LEN - 8; i++) {
        const char *segment = request->segments[i];
        bool is_id =
            i > 0 && (isdigit((unsigned char)segment[0]) ||
                      (strncmp(segment, "tt", 2) == 0 && isdigit((unsigned char)segment[2])));
        bool is_file = strchr(segment, '.') != NULL;
        int n = snprintf(out + len, ROUTE_LEN - len, "/%.60s",
                         is_id     ? "{id}"
                         : is_file ? "{file}"
                                   : segment);
        len += (size_t)MAX(n, 0);
    }
}

static void count(struct faults *faults, const struct sandbox_request *request)
{
    char route[ROUTE_LEN];
    route_of(request, route);

    LOCK_SCOPE(&faults->lock);
    snprintf(faults->last[faults->total % LAST], ROUTE_LEN, "%s %s", request->method,
             request->path);
    faults->total++;
    size_t i = 0;
    while (i < faults->n_routes && strcmp(faults->routes[i].route, route) != 0)
        i++;
    if (i == MAX_ROUTES)
        return;
    if (i == faults->n_routes) {
        memcpy(faults->routes[i].route, route, sizeof(route));
        faults->n_routes++;
    }
    faults->routes[i].n++;
}

bool faults_before(struct faults *faults, const struct sandbox_request *request,
                   struct sandbox_reply *reply)
{
    struct fault fault;

    count(faults, request);
    if (!strike(faults, request, false, &fault))
        return false;
    reply->delay_ms = fault.delay_ms;
    snprintf(reply->retry_after, sizeof(reply->retry_after), "%s", fault.retry_after);
    spoil_instead(fault.name, request, reply);
    return true;
}

void faults_after(struct faults *faults, const struct sandbox_request *request,
                  struct sandbox_reply *reply)
{
    struct fault fault;

    if (!strike(faults, request, true, &fault))
        return;
    reply->delay_ms = fault.delay_ms;
    spoil_answer(fault.name, reply);
}

void faults_note_status(struct faults *faults, int status)
{
    LOCK_SCOPE(&faults->lock);
    if (status >= 100 && status < 600)
        faults->statuses[status / 100]++;
}

void faults_write_requests(struct faults *faults, struct text *out)
{
    LOCK_SCOPE(&faults->lock);
    emit_begin(out, NULL, '{');
    emit_int(out, "total", faults->total);
    emit_begin(out, "statuses", '{');
    static const char *const names[] = { "0xx", "1xx", "2xx", "3xx", "4xx", "5xx" };
    for (size_t i = 2; i < ARRAY_LEN(names); i++)
        emit_int(out, names[i], faults->statuses[i]);
    emit_end(out, '}');
    emit_begin(out, "routes", '{');
    for (size_t i = 0; i < faults->n_routes; i++)
        emit_int(out, faults->routes[i].route, faults->routes[i].n);
    emit_end(out, '}');
    emit_begin(out, "last", '[');
    for (int64_t i = MAX(faults->total - LAST, 0); i < faults->total; i++)
        emit_string(out, NULL, faults->last[i % LAST]);
    emit_end(out, ']');
    emit_end(out, '}');
}
