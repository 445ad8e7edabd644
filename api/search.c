/* SPDX-License-Identifier: MIT */
#include "listing.h"
#include "routes.h"

#include "service/finder.h"

typedef int finding(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                    struct error *err);

static bool is_true(const struct request *request, const char *name)
{
    const char *value = request_param(request, name);
    return text_equal(value, "1") || text_equal(value, "true");
}

/* The page, then what the sources said and whether all of them were heard. */
static void show(const struct request *request, struct reply *reply,
                 const struct finder_answer *found)
{
    CLEANUP(text_done) struct text members = TEXT_INIT(1 << 20);
    text_add_format(&members, ",\"complete\":%s,\"sources\":", found->complete ? "true" : "false");
    text_add_string(&members, found->sources.len ? found->sources.bytes : "[]");
    listing_reply(request, reply, &found->page, text_string(&members));
}

static void search(struct app *app, struct request *request, struct reply *reply, uint32_t kind,
                   finding *find)
{
    struct language_wish wish;
    struct problem problem = { 0 };
    struct error err = { 0 };
    CLEANUP(finder_answer_done) struct finder_answer found = { 0 };
    app_wish(app, request, &wish);
    struct finder_ask ask = {
        .text = request_param(request, "q"),
        .filter = { .kind = kind, .explain = is_true(request, "explain") },
        .wish = &wish,
        .page = reply_page_of(request),
        .limit = reply_limit_of(request),
        .local = text_equal(request_param(request, "scope"), "local"),
        .timeout_ms = request_int(request, "timeout_ms", 0),
    };
    if (!listing_filter(app, request, &ask.filter, &problem) ||
        !listing_can_order(request, "a search", &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    /* Asking the providers is for who wants to know. */
    if (request->is_own && !ask.local && find == finder_search)
        return;
    if (find(app->services.finder, &ask, &found, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    show(request, reply, &found);
    listing_keep(app->services.conf, kind, reply);
    reply->max_age_s = MIN(reply->max_age_s, found.keep_s);
    reply->keep = reply->max_age_s > 0 && !ask.filter.list;
}

void search_all(struct app *app, struct request *request, struct reply *reply)
{
    search(app, request, reply, 0, finder_search);
}

void search_movies(struct app *app, struct request *request, struct reply *reply)
{
    search(app, request, reply, PROVIDER_MOVIE, finder_search);
}

void search_tvshows(struct app *app, struct request *request, struct reply *reply)
{
    search(app, request, reply, PROVIDER_TVSHOW, finder_search);
}

void search_suggest(struct app *app, struct request *request, struct reply *reply)
{
    search(app, request, reply, 0, finder_suggest);
}
