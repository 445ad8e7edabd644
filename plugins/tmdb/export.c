/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "common/day.h"
#include "common/host.h"
#include "tmdb/export_line.h"
#include "tmdb/lines.h"
#include "tmdb/sync.h"

enum {
    READY_HOUR = 8, /* UTC; begun at seven */
    DAYS_BACK = 3,
    MAX_FILE = 256 << 20,
    FILE_AGE_S = 86400, /* a day's file never changes */
    LINES_PER_CHECKPOINT = 20000,
    LINES_PER_LOOK = 1024,
    ENOUGH_TO_JUDGE = 1000,
};
#define MAX_INFLATED (UINT64_C(4) << 30)

/* An export being read. */
struct export_file {
    struct sync *sync;
    struct lines *lines;
    uint64_t line, resume_at;
    uint64_t n_titles, n_unwanted, n_broken, n_refused;
};

/* 403 and 404 are what the file server says before a day's file is there. */
static int is_genuine(const struct provider_response *response)
{
    if (response->status == 200)
        return lines_is_export(response->body, response->body_len);
    return response->status == 403 || response->status == 404 || response->status == 429;
}

/* 1: there is no such file (yet); 0: *out is it. */
static int ask(struct sync *sync, int32_t day, const struct provider_response **out)
{
    OUT_AUTO url = OUT_INIT(4096);
    char name[64];
    int year, month, mday;
    const struct provider_request request_of_file = {
        .size = sizeof(request_of_file),
        .max_age_s = FILE_AGE_S,
        .max_body = MAX_FILE,
        .genuine = is_genuine,
    };
    struct provider_request request = request_of_file;
    int code;

    day_split(day, &year, &month, &mday);
    (void)snprintf(name, sizeof(name), "/%s_%02d_%02d_%04d.json.gz", sync->scope->export, month,
                   mday, year);
    out_add_text(&url, sync->self->export_url);
    out_add_text(&url, name);
    if (url.failed)
        return host_fail(sync->call, PROVIDER_EINVAL, "export_url is too long");
    request.url = url.bytes;
    code = sync->call->host->http(sync->call, &request, out);
    if (code)
        return code;
    if ((*out)->status == 200)
        return PROVIDER_OK;
    if ((*out)->status == 403 || (*out)->status == 404)
        return 1;
    return host_fail(sync->call, (*out)->status == 429 ? PROVIDER_EBUSY : PROVIDER_EUPSTREAM,
                     "the export%s: HTTP %d", name, (*out)->status);
}

static int32_t newest_day(void)
{
    int hour;
    const int32_t today = day_today(&hour);

    return today - (hour < READY_HOUR);
}

/* The newest file there is, or the one that was begun. */
static int find_file(struct sync *sync, const struct provider_response **out)
{
    struct cursor *cursor = &sync->cursor;
    const int32_t newest = newest_day();
    int code = 1;

    if (cursor->phase == CURSOR_EXPORT) {
        code = ask(sync, cursor->day, out);
        if (code <= 0)
            return code;
        host_log(sync->call, PROVIDER_LOG_WARNING,
                 "the export that was begun is no longer there, starting the newest");
    }
    cursor->phase = CURSOR_EXPORT;
    cursor->line = 0;
    for (int32_t day = newest; day >= newest - DAYS_BACK && code > 0; day--) {
        cursor->day = day;
        code = ask(sync, day, out);
    }
    if (code > 0)
        return host_fail(sync->call, PROVIDER_EUPSTREAM, "there is no export of the last %d days",
                         DAYS_BACK + 1);
    return code;
}

static void report(struct export_file *file)
{
    const double share = lines_share(file->lines);
    const uint64_t total = share > 0.01 ? (uint64_t)((double)file->line / share) : 0;

    file->sync->call->host->progress(file->sync->call, file->line,
                                     total > file->line ? total : file->line);
}

/* Now and then: whether anybody waits, and where a new start would begin. */
static int look_up(struct export_file *file)
{
    struct provider_call *call = file->sync->call;

    if (file->line % LINES_PER_LOOK == 0 && host_is_over(call))
        return host_fail(call, PROVIDER_ETIME, "the time was over after line %" PRIu64, file->line);
    if (file->line % LINES_PER_CHECKPOINT != 0)
        return PROVIDER_OK;
    report(file);
    if (file->sync->at_once)
        return PROVIDER_OK;
    file->sync->cursor.line = file->line;
    return sync_checkpoint(file->sync);
}

static int read_line(struct export_file *file, const char *text, size_t len)
{
    struct sync *sync = file->sync;
    int code;

    switch (export_line_read(text, len, sync->scope->shape, sync->self->include_adult,
                             sync->self->include_video, &sync->document)) {
    case EXPORT_BROKEN:
        file->n_broken++;
        return PROVIDER_OK;
    case EXPORT_UNWANTED:
        file->n_unwanted++;
        return PROVIDER_OK;
    case EXPORT_TITLE:
    default:
        break;
    }
    code = host_emit(sync->call, PROVIDER_TITLE, 0, &sync->document);
    file->n_titles += code == PROVIDER_OK;
    file->n_refused += code == PROVIDER_EREFUSED;
    return code == PROVIDER_EREFUSED ? PROVIDER_OK : code;
}

static int end_file(struct export_file *file, enum lines_verdict verdict)
{
    struct provider_call *call = file->sync->call;
    const uint64_t n_good = file->n_titles + file->n_unwanted;

    if (file->n_broken + file->n_refused > 0)
        host_log(call, PROVIDER_LOG_WARNING,
                 "the export has %" PRIu64 " broken lines and %" PRIu64 " refused, skipped them",
                 file->n_broken, file->n_refused);
    if (verdict == LINES_LIMIT)
        return host_fail(call, PROVIDER_ELIMIT, "the export is too large, stopped at line %" PRIu64,
                         file->line);
    if (verdict == LINES_CUT)
        return host_fail(call, PROVIDER_EPARSE, "the export is cut off after line %" PRIu64,
                         file->line);
    if (n_good == 0 && file->line == 0)
        return host_fail(call, PROVIDER_EPARSE, "the export is empty");
    if (n_good == 0 && file->n_broken > 0)
        return host_fail(call, PROVIDER_EPARSE, "the export holds no line that can be read");
    report(file);
    host_log(call, PROVIDER_LOG_NOTICE,
             "the export holds %" PRIu64 " titles, %" PRIu64 " were left out", file->n_titles,
             file->n_unwanted);
    return PROVIDER_OK;
}

/* Something else altogether under the name of the export is noticed early. */
static int judge(const struct export_file *file)
{
    if (file->n_broken < ENOUGH_TO_JUDGE || file->n_broken < file->line - file->resume_at)
        return PROVIDER_OK;
    return host_fail(file->sync->call, PROVIDER_EPARSE,
                     "the export holds no line that can be read");
}

static int read_file(struct export_file *file)
{
    for (;;) {
        const char *text;
        size_t len;
        const enum lines_verdict verdict = lines_next(file->lines, &text, &len);
        int code = PROVIDER_OK;

        if (verdict != LINES_LINE && verdict != LINES_LONG)
            return end_file(file, verdict);
        if (++file->line <= file->resume_at)
            continue;
        if (verdict == LINES_LONG)
            file->n_broken++;
        else if (len > 0)
            code = read_line(file, text, len);
        if (!code)
            code = judge(file);
        if (!code)
            code = look_up(file);
        if (code)
            return code;
    }
}

static int read_response(struct sync *sync, const struct provider_response *response)
{
    struct export_file file = { .sync = sync };

    LINES_AUTO *lines = lines_new(response->body, response->body_len, MAX_INFLATED);
    if (!lines)
        return host_fail(sync->call, PROVIDER_ENOMEM, "no memory to inflate the export");
    file.lines = lines;
    file.resume_at = sync->cursor.line;
    return read_file(&file);
}

int export_run(struct sync *sync)
{
    const struct provider_response *response = NULL;
    int code;

    if (!sync->self->export_url)
        return host_fail(sync->call, PROVIDER_EINVAL, "export_url is not set");
    code = find_file(sync, &response);
    return code ? code : read_response(sync, response);
}

int export_list(struct sync *sync)
{
    const struct provider_response *response = NULL;
    const int32_t known = sync->cursor.phase == CURSOR_FEEDS ? sync->cursor.day : INT32_MIN;
    int code;

    if (!sync->self->export_url)
        return host_fail(sync->call, PROVIDER_EINVAL, "export_url is not set");
    if (known >= newest_day())
        return PROVIDER_OK;
    sync->at_once = true;
    sync->cursor.phase = CURSOR_START;
    code = find_file(sync, &response);
    if (!code && sync->cursor.day <= known)
        return PROVIDER_OK;
    if (!code)
        code = read_response(sync, response);
    sync->cursor.phase = CURSOR_FEEDS;
    return code ? code : sync_checkpoint(sync);
}
