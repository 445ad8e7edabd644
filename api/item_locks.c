/* SPDX-License-Identifier: MIT */
#include "service/locks.h"

#include <string.h>

#include "listing.h"
#include "routes.h"

/* A refusal begins with the path of the field: "title.de: no language tag". */
static void reply_refusal(struct reply *reply, const struct error *err)
{
    struct problem problem = { 0 };
    const char *reason = strstr(err->text, ": ");
    problem_from_error(&problem, err);
    if (err->code == PROVIDER_EREFUSED && reason) {
        struct problem_field *row = &problem.fields[problem.n_fields++];
        snprintf(row->field, sizeof row->field, "%.*s", (int)(reason - err->text), err->text);
        snprintf(row->detail, sizeof row->detail, "%s", reason + 2);
    }
    reply_problem(reply, &problem);
}

static void answer(const struct request *request, int result, const struct error *err,
                   struct locks_item *item, struct reply *reply)
{
    if (result)
        reply_refusal(reply, err);
    else if (item->moved_to)
        listing_redirect(request, item->moved_to, "/locks", reply);
    else
        reply_json(reply, 200, &item->json);
}

void item_locks_show(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    int result =
        locks_get(app->services.catalog, listing_kind(request), request->arguments[0], &item, &err);
    answer(request, result, &err, &item, reply);
}

static bool read_wish(const json_t *body, struct locks_wish *wish, struct problem *problem)
{
    bool ok = true;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        if (strcmp(key, "locks") == 0) {
            wish->locks = value;
            ok = (json_is_object(value) ||
                  problem_field(problem, key, "expected an object of values by field")) &&
                 ok;
        } else if (strcmp(key, "keep") == 0) {
            wish->keep = value;
            ok = (json_is_array(value) ||
                  problem_field(problem, key, "expected an array of fields")) &&
                 ok;
        } else {
            ok = problem_field(problem, key, "is not known here");
        }
    }
    return ok;
}

void item_locks_change(struct app *app, struct request *request, struct reply *reply)
{
    struct locks_wish wish = { 0 };
    struct problem problem = { 0 };
    struct error err = { 0 };
    const json_t *body;
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    reply->max_age_s = -1;
    if (!request_object(request, &body, &problem) || !read_wish(body, &wish, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    const struct text *seen = request->seen.len ? &request->seen : NULL;
    int result = locks_put(app->services.catalog, listing_kind(request), request->arguments[0],
                           &wish, seen, &item, &err);
    if (result == PROVIDER_ECONFLICT && seen) {
        problem_precondition(&problem);
        reply_problem(reply, &problem);
        return;
    }
    answer(request, result, &err, &item, reply);
}
