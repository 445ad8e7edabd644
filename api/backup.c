/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "routes.h"
#include "service/backup.h"
#include "service/jobs.h"

enum { MAX_FOLDER_LEN = 1024 };

static const char *read_folder(const json_t *body, struct problem *problem)
{
    const char *key, *folder = NULL;
    json_t *value;
    bool ok = true;
    json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
        if (text_equal(key, "folder"))
            folder = json_string_value(value);
        else
            ok = problem_field(problem, key, "is not known here");
    }
    if (!folder || folder[0] != '/' || strlen(folder) > MAX_FOLDER_LEN)
        ok = problem_field(problem, "folder", "expected an absolute path");
    return ok ? folder : NULL;
}

void backup_start(struct app *app, struct request *request, struct reply *reply)
{
    struct problem problem = { 0 };
    struct error err = { 0 };
    const json_t *body;
    uint32_t job = 0;
    reply->max_age_s = -1;
    const char *folder =
        request_object(request, &body, &problem) ? read_folder(body, &problem) : NULL;
    if (!folder) {
        reply_problem(reply, &problem);
        return;
    }
    if (backup_run(app->services.jobs, app->services.store, folder, &job, &err) != 0 ||
        jobs_show(app->services.jobs, job, &reply->body, &err) != 0) {
        reply_error(reply, &err);
        return;
    }
    reply->status = 202;
    reply_header(reply, "Location: /api/jobs/%u", job);
}
