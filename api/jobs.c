/* SPDX-License-Identifier: MIT */
#include "service/jobs.h"

#include "routes.h"

enum { LIST_LIMIT = 4 << 20 };

/* The number in the path; 404 when it is none, as for a job that never was. */
static bool read_id(const struct request *request, uint32_t *out, struct reply *reply)
{
    int64_t id;
    struct problem problem;
    if (text_to_int(request->arguments[0], 1, UINT32_MAX, &id)) {
        *out = (uint32_t)id;
        return true;
    }
    problem_set(&problem, 404, "not_found", "no job has this number");
    reply_problem(reply, &problem);
    return false;
}

void jobs_all(struct app *app, struct request *request, struct reply *reply)
{
    CLEANUP(text_done) struct text rows = TEXT_INIT(LIST_LIMIT);
    uint64_t total = 0;
    struct error err = { 0 };
    if (jobs_list(app->services.jobs, request_param(request, "state"), reply_page_of(request),
                  reply_limit_of(request), &rows, &total, &err) != 0)
        reply_error(reply, &err);
    else
        reply_page(reply, request, total, &rows, NULL);
}

static void show(struct app *app, uint32_t id, int status, struct reply *reply)
{
    struct error err = { 0 };
    text_clear(&reply->body);
    if (jobs_show(app->services.jobs, id, &reply->body, &err) != 0)
        reply_error(reply, &err);
    else
        reply->status = status;
}

void jobs_one(struct app *app, struct request *request, struct reply *reply)
{
    uint32_t id = 0;
    if (read_id(request, &id, reply))
        show(app, id, 200, reply);
}

void jobs_delete(struct app *app, struct request *request, struct reply *reply)
{
    uint32_t id = 0;
    struct error err = { 0 };
    if (!read_id(request, &id, reply))
        return;
    reply->max_age_s = -1;
    if (jobs_cancel(app->services.jobs, id, &err) != 0)
        reply_error(reply, &err);
    else
        show(app, id, 202, reply);
}
