/* SPDX-License-Identifier: MIT */
#include "listing.h"
#include "routes.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/catalog.h"
#include "service/jobs.h"
#include "sync/sync.h"

enum { MAX_SYNC_PROVIDERS = 32 };

void items_list(struct app *app, struct request *request, struct reply *reply)
{
    struct filter filter = { .kind = listing_kind(request) };
    struct language_wish wish;
    struct problem problem = { 0 };
    struct error err = { 0 };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    if (!listing_filter(app, request, &filter, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    app_wish(app, request, &wish);
    if (catalog_list(app->services.catalog, &filter, &wish, reply_page_of(request),
                     reply_limit_of(request), &page, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    listing_reply(request, reply, &page, NULL);
    listing_keep(app->services.conf, filter.kind, reply);
    reply->keep = reply->keep && !filter.list; /* who may see a list is asked each time */
}

static void show_item(struct reply *reply, struct catalog_item *item)
{
    listing_item_head(reply, item);
    reply_json(reply, 200, &item->json);
}

void items_item(struct app *app, struct request *request, struct reply *reply)
{
    struct language_wish wish;
    struct error err = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    app_wish(app, request, &wish);
    struct catalog_ask ask = {
        .kind = listing_kind(request),
        .id_text = request->arguments[0],
        .wish = &wish,
        .provenance = request_param(request, "include") != NULL,
        .stored_only = request->is_own,
        .deadline_ms = clock_steady_ms() + app->services.conf->fetch_timeout_ms,
    };
    if (catalog_item(app->services.catalog, &ask, &item, &err) != 0)
        reply_error(reply, &err);
    else if (item.moved_to)
        listing_redirect(request, item.moved_to, "", reply);
    else
        show_item(reply, &item);
    reply->keep = reply->keep && !ask.provenance; /* which changes without a change of the item */
}

void items_similar(struct app *app, struct request *request, struct reply *reply)
{
    struct language_wish wish;
    struct catalog_name name = { 0 };
    struct error err = { 0 };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    struct catalog *catalog = app->services.catalog;
    app_wish(app, request, &wish);
    int result = catalog_find(catalog, listing_kind(request), request->arguments[0], &name, &err);
    if (!result && !name.id)
        result = error_set(&err, PROVIDER_ENOTFOUND, "nothing called '%s' is in the store",
                           request->arguments[0]);
    if (!result && name.moved_from) {
        listing_redirect(request, name.id, "/similar", reply);
        return;
    }
    if (!result)
        result = catalog_similar(catalog, listing_kind(request), name.id, &wish,
                                 reply_page_of(request), reply_limit_of(request), &page, &err);
    if (result) {
        reply_error(reply, &err);
        return;
    }
    listing_reply(request, reply, &page, NULL);
    listing_keep(app->services.conf, listing_kind(request), reply);
}

/* --- Sync */

struct sync_wish {
    bool full;
    size_t n_providers;
    const char *providers[MAX_SYNC_PROVIDERS + 1];
};

static bool read_providers(const json_t *list, struct sync_wish *wish, struct problem *problem)
{
    if (!json_is_array(list) || json_array_size(list) == 0 ||
        json_array_size(list) > MAX_SYNC_PROVIDERS)
        return problem_field(problem, "providers", "expected an array of 1 to %d names",
                             MAX_SYNC_PROVIDERS);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (!name)
            return problem_field(problem, "providers", "expected names");
        wish->providers[wish->n_providers++] = name;
    }
    return true;
}

static bool read_sync_wish(const json_t *body, struct sync_wish *wish, struct problem *problem)
{
    bool ok = true;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        const char *text = json_string_value(value);
        if (strcmp(key, "providers") == 0)
            ok = read_providers(value, wish, problem) && ok;
        else if (strcmp(key, "mode") != 0)
            ok = problem_field(problem, key, "is not known here");
        else if (!text_equal(text, "full") && !text_equal(text, "incremental"))
            ok = problem_field(problem, "mode", "expected \"incremental\" or \"full\"");
        else
            wish->full = text_equal(text, "full");
    }
    return ok;
}

void items_sync(struct app *app, struct request *request, struct reply *reply)
{
    struct sync_wish wish = { 0 };
    struct problem problem = { 0 };
    struct error err = { 0 };
    const json_t *body;
    uint32_t job = 0;
    bool joined = false;
    reply->max_age_s = -1;
    if (!request_object(request, &body, &problem) || !read_sync_wish(body, &wish, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    if (sync_start(app->services.sync, request->segments[1], wish.full,
                   wish.n_providers ? wish.providers : NULL, &job, &joined, &err) != 0 ||
        jobs_show(app->services.jobs, job, &reply->body, &err) != 0) {
        problem_from_error(&problem, &err);
        if (err.code == PROVIDER_EINVAL)
            problem_field(&problem, "providers", "%s", err.text);
        reply_problem(reply, &problem);
        if (err.code == PROVIDER_ECONFLICT)
            reply_header(reply, "Location: /api/jobs/%u", job);
        return;
    }
    reply->status = 202;
    reply_header(reply, "Location: /api/jobs/%u", job);
}
