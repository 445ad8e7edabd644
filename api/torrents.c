/* SPDX-License-Identifier: MIT */
#include "service/torrents.h"

#include <string.h>

#include "base/clock.h"
#include "provider/call.h"
#include "routes.h"
#include "service/jobs.h"
#include "service/streams.h"
#include "service/torrent_media.h"
#include "torrent/magnet.h"
#include "torrent/metainfo.h"

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

/* A torrent file that is known at once. */
static void upload(struct app *app, struct request *request, struct reply *reply)
{
    CLEANUP(text_done) struct text file = TEXT_INIT(0);
    struct problem problem = { 0 };
    struct error err = { 0 };
    char infohash[TORRENTS_HASH_SIZE];
    bool is_new;
    if (!request_bytes(request, METAINFO_MAX, &file, &problem)) {
        reply_problem(reply, &problem);
        return;
    }
    if (torrents_upload(app->services.torrents, text_string(&file), file.len, infohash, &is_new,
                        &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    show(app, infohash, reply);
    reply_header(reply, "Content-Location: /api/torrents/%s", infohash);
    if (reply->status == 200 && is_new) {
        reply->status = 201;
        reply_header(reply, "Location: /api/torrents/%s", infohash);
    }
}

void torrents_post(struct app *app, struct request *request, struct reply *reply)
{
    if (request_is_type(request, METAINFO_TYPE)) {
        reply->max_age_s = -1;
        upload(app, request, reply);
        return;
    }
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

/* "HASH.torrent" */
void torrents_download(struct app *app, struct request *request, struct reply *reply)
{
    const char *name = request->arguments[0];
    CLEANUP(mem_free)
    char *infohash = mem_dup(name, strlen(name) - strlen(".torrent"));
    struct call_wait wait = { .deadline_ms =
                                  clock_steady_ms() + app->services.conf->fetch_timeout_ms };
    struct error err = { 0 };
    reply->body.limit = METAINFO_MAX;
    if (torrents_metainfo(app->services.torrents, infohash, &wait, &reply->body, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 200;
    reply->type = METAINFO_TYPE;
    reply->plain = true;
    reply_header(reply, "Content-Disposition: attachment; filename=\"%.40s.torrent\"", infohash);
}

void torrents_analyse(struct app *app, struct request *request, struct reply *reply)
{
    struct app_services *services = &app->services;
    struct problem problem = { 0 };
    struct error err = { 0 };
    const json_t *body;
    json_t *file = NULL;
    int64_t index = -1;
    uint32_t job = 0;
    reply->max_age_s = -1;
    if (!request_object(request, &body, &problem) ||
        (json_object_size(body) && !problem_field(&problem, "body", "nothing is asked for here"))) {
        reply_problem(reply, &problem);
        return;
    }
    text_to_int(request->arguments[1], 0, UINT32_MAX, &index);
    int failed = torrent_media_start(services->torrents, services->streams, request->arguments[0],
                                     index, &job, &err);
    if (!failed && job)
        failed = jobs_show(services->jobs, job, &reply->body, &err);
    else if (!failed)
        failed = torrents_file(services->torrents, request->arguments[0], index, &file, &err);
    if (failed) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 202;
    if (job)
        reply_header(reply, "Location: /api/jobs/%u", job);
    else
        reply_value(reply, 200, file);
}

void torrents_delete(struct app *app, struct request *request, struct reply *reply)
{
    struct torrents *torrents = app->services.torrents;
    struct error err = { 0 };
    char hash[TORRENTS_HASH_SIZE];
    bool with_files = request_flag(request, "files");
    reply->max_age_s = -1;
    int failed = torrents_hash(torrents, request->arguments[0], hash, &err);
    if (!failed && with_files)
        streams_end(app->services.streams, hash);
    failed = failed ? failed : torrents_forget(torrents, hash, with_files, &err);
    if (failed)
        reply_error(reply, &err);
    else
        reply->status = 204;
}
