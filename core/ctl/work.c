/* SPDX-License-Identifier: MIT
 *
 * Long work: syncs and jobs, and the live line that follows one. */
#include <string.h>
#include <time.h>

#include "ctl/ctl.h"

enum { LOOK_EVERY_MS = 500, BAR = 24 };

static bool has_ended(const json_t *job)
{
    const char *state = js_string(job, "state");
    return !text_equal(state, "running") && !text_equal(state, "queued");
}

static void print_bar(int64_t done, int64_t total)
{
    int filled = (int)(MIN(done, total) * BAR / total);
    printf("[%.*s%.*s] %3d%% ", filled, "########################", BAR - filled,
           "........................", (int)(MIN(done, total) * 100 / total));
}

static void print_live(const json_t *job)
{
    int64_t done = js_int(job, "done", 0), total = js_int(job, "total", 0);
    const char *phase = js_string(job, "phase");
    printf("\r\033[K");
    if (total)
        print_bar(done, total);
    printf("%s: %lld", phase ? phase : "working", (long long)done);
    if (total)
        printf(" of %lld", (long long)total);
    printf(", %.1f/s, %lld errors", js_double(job, "rate_per_s", 0),
           (long long)js_int(job, "errors", 0));
    fflush(stdout);
}

static int print_end(struct ctl *ctl, const json_t *job)
{
    if (ctl->json)
        ctl_print_json(job);
    const char *state = js_string(job, "state"), *detail = js_string(job, "detail");
    bool done = text_equal(state, "done");
    if (!ctl->json)
        printf("%sjob %lld is %s, %lld errors%s%s\n", ctl->no_progress ? "" : "\r\033[K",
               (long long)js_int(job, "id", 0), state, (long long)js_int(job, "errors", 0),
               detail ? ": " : "", detail ? detail : "");
    return done ? CTL_OK : CTL_FAILED;
}

int ctl_follow_job(struct ctl *ctl, int64_t id)
{
    CLEANUP(mem_free) char *path = mem_format("/api/jobs/%lld", (long long)id);
    const struct timespec pause = { .tv_nsec = LOOK_EVERY_MS * 1000000L };
    for (;;) {
        json_auto_t *job = NULL;
        int status = ctl_ask(ctl, "GET", path, NULL, &job);
        if (status)
            return status;
        if (has_ended(job))
            return print_end(ctl, job);
        if (!ctl->no_progress)
            print_live(job);
        nanosleep(&pause, NULL);
    }
}

int ctl_sync(struct ctl *ctl)
{
    bool full = ctl_take_flag(ctl, "full"), no_wait = ctl_take_flag(ctl, "no-wait");
    const char *provider = ctl_take_option(ctl, "provider");
    const char *scope = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    json_auto_t *body = json_pack("{s:s}", "mode", full ? "full" : "incremental");
    if (provider)
        json_object_set_new(body, "providers", json_pack("[s]", provider));
    CLEANUP(mem_free) char *path = mem_format("/api/%s/sync", scope ? scope : "movies");
    json_auto_t *job = NULL;
    status = ctl_ask(ctl, "POST", path, body, &job);
    if (status)
        return status;
    int64_t id = js_int(job, "id", 0);
    if (no_wait && ctl->json)
        return ctl_print_json(job);
    if (no_wait)
        printf("job %lld\n", (long long)id);
    return no_wait ? CTL_OK : ctl_follow_job(ctl, id);
}

static int list_jobs(struct ctl *ctl, const char *state)
{
    CLEANUP(mem_free)
    char *path = mem_format("/api/jobs%s%s", state ? "?state=" : "", state ? state : "");
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "GET", path, NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    struct ctl_table table = { 0 };
    ctl_table_row(&table, "ID\tKIND\tSCOPE\tSTATE\tDONE\tERRORS\tSTARTED");
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "results"), i, row) {
        const char *started = js_string(row, "started_at"), *scope = js_string(row, "scope");
        ctl_table_row(&table, "%lld\t%s\t%s\t%s\t%lld\t%lld\t%s", (long long)js_int(row, "id", 0),
                      js_string(row, "kind"), scope ? scope : "", js_string(row, "state"),
                      (long long)js_int(row, "done", 0), (long long)js_int(row, "errors", 0),
                      started ? started : "");
    }
    ctl_table_print(&table);
    return CTL_OK;
}

static int one_job(struct ctl *ctl, int64_t id, const char *action)
{
    CLEANUP(mem_free) char *path = mem_format("/api/jobs/%lld", (long long)id);
    json_auto_t *said = NULL;
    if (text_equal(action, "follow"))
        return ctl_follow_job(ctl, id);
    if (action && !text_equal(action, "cancel"))
        return ctl_complain(CTL_USAGE, "a job can be followed or cancelled, not '%s'", action);
    int status = ctl_ask(ctl, action ? "DELETE" : "GET", path, NULL, &said);
    if (!status && said)
        ctl_print_json(said);
    return status;
}

int ctl_jobs(struct ctl *ctl)
{
    const char *state = ctl_take_option(ctl, "state");
    const char *id_text = ctl_take_word(ctl), *action = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !id_text)
        return status ? status : list_jobs(ctl, state);
    int64_t id;
    if (!text_to_int(id_text, 1, UINT32_MAX, &id))
        return ctl_complain(CTL_USAGE, "'%s' is no job's number", id_text);
    return one_job(ctl, id, action);
}
