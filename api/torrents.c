/* SPDX-License-Identifier: MIT */
#include "service/torrents.h"

#include <string.h>

#include "media/magnet.h"
#include "routes.h"
#include "service/jobs.h"

static const char *read_magnet(const json_t *body, struct problem *problem)
{
    const char *key, *magnet = NULL;
    json_t *value;
    bool ok = true;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        if (text_equal(key, "magnet"))
            magnet = json_string_value(value);
        else
            ok = problem_field(problem, key, "is not known here");
    }
    if (!magnet || strlen(magnet) >= MAGNET_LEN)
        ok = problem_field(problem, "magnet", "expected a magnet link");
    return ok ? magnet : NULL;
}

static void show(struct app *app, const char *infohash, struct reply *reply)
{
    struct error err = { 0 };
    if (torrents_show(app->services.torrents, infohash, &reply->body, &err) != 0)
        reply_error(reply, &err);
    else
        reply->status = 200;
}

static void accept(struct app *app, const char *infohash, uint32_t job, struct reply *reply)
{
    struct error err = { 0 };
    if (jobs_show(app->services.jobs, job, &reply->body, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 202;
    reply_header(reply, "Location: /api/jobs/%u", job);
    reply_header(reply, "Content-Location: /api/torrents/%s", infohash);
}

void torrents_post(struct app *app, struct request *request, struct reply *reply)
{
    struct problem problem = { 0 };
    struct error err = { 0 };
    const json_t *body;
    char infohash[TORRENTS_HASH_SIZE];
    uint32_t job = 0;
    reply->max_age_s = -1;
    const char *magnet =
        request_object(request, &body, &problem) ? read_magnet(body, &problem) : NULL;
    if (!magnet)
        reply_problem(reply, &problem);
    else if (torrents_add(app->services.torrents, magnet, infohash, &job, &err) != 0)
        reply_error(reply, &err);
    else if (job)
        accept(app, infohash, job, reply);
    else
        show(app, infohash, reply);
}

void torrents_all(struct app *app, struct request *request, struct reply *reply)
{
    CLEANUP(text_done) struct text rows = TEXT_INIT(TORRENTS_MAX_JSON);
    uint64_t total = 0;
    struct error err = { 0 };
    if (torrents_list(app->services.torrents, reply_page_of(request), reply_limit_of(request),
                      &rows, &total, &err) != 0)
        reply_error(reply, &err);
    else
        reply_page(reply, request, total, &rows, NULL);
}

void torrents_one(struct app *app, struct request *request, struct reply *reply)
{
    show(app, request->arguments[0], reply);
}

void torrents_delete(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    reply->max_age_s = -1;
    if (torrents_forget(app->services.torrents, request->arguments[0], &err) != 0)
        reply_error(reply, &err);
    else
        reply->status = 204;
}
