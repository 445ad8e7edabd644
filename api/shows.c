/* SPDX-License-Identifier: MIT */
#include "listing.h"
#include "routes.h"

#include <string.h>

#include "base/clock.h"
#include "service/episodes.h"

enum { MAX_DAYS = 62, DEFAULT_DAYS = 7, MAX_NUMBER = 100000 };
enum { DAY_MS = 24 * 3600 * 1000 };

/* A season's or episode's number in the path; 404 when it is none, as for one that never was. */
static bool read_number(const char *text, const char *what, uint32_t *out, struct reply *reply)
{
    int64_t number;
    struct problem problem = { 0 };
    if (text_to_int(text, 0, MAX_NUMBER, &number)) {
        *out = (uint32_t)number;
        return true;
    }
    problem_set(&problem, 404, "not_found", "no %s has the number '%.40s'", what, text);
    reply_problem(reply, &problem);
    return false;
}

/* What the path and the query ask for: arguments 0 to 2 are show, season and episode. */
static bool read_ask(struct app *app, struct request *request, struct language_wish *wish,
                     size_t n_arguments, struct episodes_ask *out, struct reply *reply)
{
    app_wish(app, request, wish);
    *out = (struct episodes_ask){
        .show = { .kind = PROVIDER_TVSHOW,
                  .id_text = request->arguments[0],
                  .wish = wish,
                  .deadline_ms = clock_steady_ms() + app->services.conf->fetch_timeout_ms,
                  .stored_only = request->is_own },
        .page = reply_page_of(request),
        .limit = reply_limit_of(request),
    };
    return (n_arguments < 2 || read_number(request->arguments[1], "season", &out->season, reply)) &&
           (n_arguments < 3 || read_number(request->arguments[2], "episode", &out->episode, reply));
}

/* What all four answer when it is no answer; true: there is one. */
static bool has_answer(const struct request *request, int result, const struct error *err,
                       struct catalog_item *item, struct reply *reply)
{
    if (result)
        reply_error(reply, err);
    else if (item->moved_to)
        listing_redirect_below(request, item->moved_to, reply);
    else
        listing_item_head(reply, item);
    return !result && !item->moved_to;
}

typedef int page_source(struct catalog *catalog, const struct episodes_ask *ask,
                        struct catalog_item *out, uint64_t *out_total, struct error *err);

static void show_page(struct app *app, struct request *request, size_t n_arguments,
                      page_source *source, struct reply *reply)
{
    struct language_wish wish;
    struct episodes_ask ask;
    struct error err = { 0 };
    uint64_t total = 0;
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    if (!read_ask(app, request, &wish, n_arguments, &ask, reply))
        return;
    int result = source(app->services.catalog, &ask, &item, &total, &err);
    if (has_answer(request, result, &err, &item, reply))
        reply_page(reply, request, total, &item.json, NULL);
}

void shows_seasons(struct app *app, struct request *request, struct reply *reply)
{
    show_page(app, request, 1, episodes_seasons, reply);
}

void shows_episodes(struct app *app, struct request *request, struct reply *reply)
{
    show_page(app, request, 2, episodes_page, reply);
}

typedef int object_source(struct catalog *catalog, const struct episodes_ask *ask,
                          struct catalog_item *out, struct error *err);

static void show_object(struct app *app, struct request *request, size_t n_arguments,
                        object_source *source, struct reply *reply)
{
    struct language_wish wish;
    struct episodes_ask ask;
    struct error err = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    if (!read_ask(app, request, &wish, n_arguments, &ask, reply))
        return;
    int result = source(app->services.catalog, &ask, &item, &err);
    if (has_answer(request, result, &err, &item, reply))
        reply_json(reply, 200, &item.json);
}

void shows_season(struct app *app, struct request *request, struct reply *reply)
{
    show_object(app, request, 2, episodes_season, reply);
}

void shows_episode(struct app *app, struct request *request, struct reply *reply)
{
    show_object(app, request, 3, episodes_one, reply);
}

/* --- The calendar */

static bool read_day(const struct request *request, const char *name, int32_t fallback,
                     int32_t *out, struct problem *problem)
{
    const char *text = request_param(request, name);
    int64_t at_ms;
    *out = fallback;
    if (!text)
        return true;
    if (!clock_is_date(text) || !clock_parse(text, &at_ms))
        return problem_field(problem, name, "'%.40s' is no date: write 2026-11-22", text);
    /* Dates before 1970 are negative; midnights divide without a rest. */
    *out = (int32_t)(at_ms / DAY_MS);
    return true;
}

static bool read_range(const struct request *request, struct episodes_calendar_ask *ask,
                       struct problem *problem)
{
    int32_t today = (int32_t)(clock_wall_ms() / DAY_MS);
    if (!read_day(request, "from", today, &ask->from_day, problem) ||
        !read_day(request, "to", ask->from_day + DEFAULT_DAYS - 1, &ask->to_day, problem))
        return false;
    if (ask->to_day < ask->from_day)
        return problem_field(problem, "to", "is before from");
    if (ask->to_day - ask->from_day >= MAX_DAYS)
        return problem_field(problem, "to", "at most %d days are shown at once", MAX_DAYS);
    return true;
}

void shows_calendar(struct app *app, struct request *request, struct reply *reply)
{
    struct language_wish wish;
    struct problem problem = { 0 };
    struct error err = { 0 };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    struct episodes_calendar_ask ask = { .wish = &wish,
                                         .page = reply_page_of(request),
                                         .limit = reply_limit_of(request) };
    app_wish(app, request, &wish);
    if (!read_range(request, &ask, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    if (episodes_calendar(app->services.catalog, &ask, &page, &err)) {
        reply_error(reply, &err);
        return;
    }
    listing_reply(request, reply, &page, NULL);
    listing_keep(app->services.conf, PROVIDER_TVSHOW, reply);
}
