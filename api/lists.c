/* SPDX-License-Identifier: MIT */
#include "service/lists.h"

#include "base/clock.h"
#include "listing.h"
#include "routes.h"
#include "service/jobs.h"
#include "sync/sync.h"

enum { LIST_PAGE_LIMIT = 8 << 20 };

void list_all(struct app *app, struct request *request, struct reply *reply)
{
    const char *scope = request_param(request, "scope");
    CLEANUP(text_done) struct text rows = TEXT_INIT(LIST_PAGE_LIMIT);
    uint64_t total = 0;
    struct error err = { 0 };
    enum lists_scope wanted = text_equal(scope, "mine")     ? LISTS_MINE
                              : text_equal(scope, "shared") ? LISTS_SHARED
                              : text_equal(scope, "public") ? LISTS_PUBLIC
                                                            : LISTS_ALL;
    if (lists_page(app->services.catalog, wanted, request->caller.user, reply_page_of(request),
                   reply_limit_of(request), &rows, &total, &err) != 0)
        reply_error(reply, &err);
    else
        reply_page(reply, request, total, &rows, NULL);
}

/* The list of the path; false: *reply says why not. */
static bool find(struct app *app, const struct request *request, struct list_row *out,
                 struct reply *reply)
{
    struct error err = { 0 };
    if (lists_find(app->services.catalog, request->arguments[0], request->caller.user, out, &err) ==
        0)
        return true;
    reply_error(reply, &err);
    return false;
}

void list_one(struct app *app, struct request *request, struct reply *reply)
{
    struct list_row list;
    struct error err = { 0 };
    if (!find(app, request, &list, reply))
        return;
    if (lists_show(app->services.catalog, list.id, &reply->body, &err) != 0)
        reply_error(reply, &err);
    else
        reply->status = 200;
}

static bool read_filter(struct app *app, const struct request *request, struct filter *filter,
                        struct problem *problem)
{
    const char *kind = request_param(request, "kind");
    if (request_param(request, "list"))
        return problem_field(problem, "list", "the path names the list");
    if (kind)
        filter->kind = text_equal(kind, "tvshow") ? PROVIDER_TVSHOW : PROVIDER_MOVIE;
    return listing_filter(app, request, filter, problem);
}

void list_items(struct app *app, struct request *request, struct reply *reply)
{
    struct list_row list;
    struct filter filter = { 0 };
    struct language_wish wish;
    struct problem problem = { 0 };
    struct error err = { 0 };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    if (!find(app, request, &list, reply))
        return;
    filter.list = list.id;
    if (!read_filter(app, request, &filter, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    app_wish(app, request, &wish);
    if (lists_items(app->services.catalog, &filter, &wish, reply_page_of(request),
                    reply_limit_of(request), &page, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    listing_reply(request, reply, &page, NULL);
    listing_keep(app->services.conf, filter.kind, reply);
    /* What is kept is shown to everybody who may read. */
    reply->keep = reply->keep && list.visibility == LIST_PUBLIC;
}

void list_sync(struct app *app, struct request *request, struct reply *reply)
{
    struct list_row list;
    struct error err = { 0 };
    struct problem problem = { 0 };
    const json_t *body;
    uint32_t job = 0;
    bool joined = false;
    reply->max_age_s = -1;
    if (!find(app, request, &list, reply))
        return;
    if (!request_object(request, &body, &problem) ||
        (json_object_size(body) > 0 &&
         !problem_field(&problem, json_object_iter_key(json_object_iter((json_t *)(uintptr_t)body)),
                        "is not known here"))) {
        reply_problem(reply, &problem);
        return;
    }
    CLEANUP(mem_free) char *scope = mem_format("list:%s", list.source);
    const char *providers[] = { list.provider, NULL };
    int result = list.kind == LIST_SYNCED
                     ? sync_start(app->services.sync, scope, false, providers, &job, &joined, &err)
                     : error_set(&err, PROVIDER_ECONFLICT, "list %u has no source", list.id);
    if (result || jobs_show(app->services.jobs, job, &reply->body, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 202;
    reply_header(reply, "Location: /api/jobs/%u", job);
}

void list_delete(struct app *app, struct request *request, struct reply *reply)
{
    struct list_row list;
    struct error err = { 0 };
    reply->max_age_s = -1;
    if (!find(app, request, &list, reply))
        return;
    int result =
        sync_keeps_list(app->services.sync, list.provider, list.source)
            ? error_set(&err, PROVIDER_ECONFLICT,
                        "list %u is named by catalogue.lists and would come back: take '%s:%s' "
                        "out of the configuration first",
                        list.id, list.provider, list.source)
            : lists_delete(app->services.catalog, list.id, &err);
    if (result)
        reply_error(reply, &err);
    else
        reply->status = 204;
}
