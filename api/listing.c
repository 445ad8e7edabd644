/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include <string.h>

#include "app.h"
#include "conf/conf.h"
#include "router.h"
#include "service/lists.h"

enum { MEMBERS_LIMIT = 1 << 20, KEPT_AT_MOST_S = 3600, LIST_FRESH_S = 30 };

uint32_t listing_kind(const struct request *request)
{
    return text_equal(request->segments[1], "tvshows") ? PROVIDER_TVSHOW : PROVIDER_MOVIE;
}

static bool check_list(struct app *app, const struct request *request, struct problem *problem)
{
    const char *list = request_param(request, "list");
    struct list_row row;
    struct error err = { 0 };
    return !list ||
           lists_find(app->services.catalog, list, request->caller.user, &row, &err) == 0 ||
           problem_field(problem, "list", "%s", err.text);
}

bool listing_can_order(const struct request *request, const char *what, struct problem *problem)
{
    return !request_param(request, "order") || request_param(request, "sort") ||
           problem_field(problem, "order", "%s has an order of its own, name another with sort",
                         what);
}

bool listing_filter(struct app *app, const struct request *request, struct filter *filter,
                    struct problem *problem)
{
    bool ok = true;
    struct error err = { 0 };
    for (const struct route_param *param = router_filter_params; param->name; param++) {
        const char *value = request_param(request, param->name);
        if (value && filter_set(filter, param->name, value, &err) != 0)
            ok = problem_field(problem, param->name, "%s", err.text);
    }
    const char *key;
    if (ok && filter_check(filter, &key, &err) != 0)
        ok = problem_field(problem, key, "%s", err.text);
    if (filter->list && !listing_can_order(request, "a list", problem))
        ok = false;
    return ok && check_list(app, request, problem);
}

void listing_reply(const struct request *request, struct reply *reply,
                   const struct catalog_page *page, const char *members)
{
    CLEANUP(text_done) struct text more = TEXT_INIT(MEMBERS_LIMIT);
    if (page->facets.len) {
        text_add_string(&more, ",\"facets\":");
        text_add(&more, page->facets.bytes, page->facets.len);
    }
    if (members)
        text_add_string(&more, members);
    /* The index may be a moment behind the store: an answer is kept as of what it saw. */
    reply->since = page->revision;
    reply_page(reply, request, page->total, &page->results, text_string(&more));
}

void listing_keep(const struct conf *conf, uint32_t kind, struct reply *reply)
{
    reply->max_age_s = LIST_FRESH_S;
    if (kind != PROVIDER_TVSHOW)
        reply->max_age_s = MIN(reply->max_age_s, conf->ttl_movies_s);
    if (kind != PROVIDER_MOVIE)
        reply->max_age_s = MIN(reply->max_age_s, conf->ttl_tvshows_s);
    reply->keep = true; /* tag 0 */
}

void listing_redirect(const struct request *request, uint32_t id, const char *rest,
                      struct reply *reply)
{
    const char *query = request->exchange->query;
    reply->status = 308;
    reply_header(reply, "Location: /api/%s/%u%s%s%s", request->segments[1], id, rest,
                 query ? "?" : "", query ? query : "");
    text_add_format(&reply->body, "{\"id\":%u}", id);
}

void listing_redirect_below(const struct request *request, uint32_t id, struct reply *reply)
{
    CLEANUP(text_done) struct text rest = TEXT_INIT(REQUEST_MAX_TARGET);
    for (size_t i = 3; i < request->n_segments; i++) {
        text_add_char(&rest, '/');
        text_add_url_encoded(&rest, request->segments[i]);
    }
    listing_redirect(request, id, text_string(&rest), reply);
}

void listing_item_head(struct reply *reply, const struct catalog_item *item)
{
    snprintf(reply->language, sizeof reply->language, "%s", item->language);
    reply->max_age_s = MIN(MAX(item->fresh_s, (int64_t)0), (int64_t)KEPT_AT_MOST_S);
    reply->tag = item->id;
    reply->keep = !item->stale;
    if (item->stale)
        reply_header(reply, "Warning: 110 - \"Response is Stale\"");
}
