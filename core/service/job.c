/* SPDX-License-Identifier: MIT
 *
 * One job: how far it is, and who is told. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "service/events.h"
#include "service/jobs_inside.h"
#include "store/jobs.h"

enum {
    SAVE_EVERY_MS = 5000,    /* how often a running job's progress reaches the store */
    ANNOUNCE_EVERY_MS = 500, /* and the listeners */
};

static json_t *errors_of(const struct job *job)
{
    json_t *list = json_array();
    for (size_t i = 0; i < job->n_last_errors; i++)
        json_array_append_new(list, json_string(job->last_errors[i]));
    return list;
}

static void set_time(json_t *object, const char *key, int64_t wall_ms)
{
    char when[CLOCK_TEXT_LEN];
    if (wall_ms)
        js_set_string(object, key, clock_format(wall_ms, when));
}

/* Over the current phase, because listing and fetching go at different speeds. */
static double rate_of(const struct job *job)
{
    int64_t until_ms = clock_steady_ms();
    int64_t ms = until_ms - job->rate_since_ms;
    return ms > 0 ? (double)(job->done - job->rate_done) * 1000.0 / (double)ms : 0.0;
}

json_t *job_describe(const struct job *job) REQUIRES(job->lock)
{
    json_t *out = json_object();
    json_object_set_new(out, "id", json_integer(job->id));
    js_set_string(out, "kind", job->kind);
    js_set_string(out, "scope", job->scope);
    /* A copy: who is shown it works on it with another lock, or none. */
    json_auto_t *order = json_deep_copy(job->order);
    if (order)
        json_object_update(out, order);
    js_set_string(out, "state", job->state);
    js_set_string(out, "phase", job->phase);
    json_object_set_new(out, "done", json_integer((json_int_t)job->done));
    if (job->total)
        json_object_set_new(out, "total", json_integer((json_int_t)job->total));
    json_object_set_new(out, "rate_per_s", json_real((double)(int64_t)(rate_of(job) * 10) / 10));
    json_object_set_new(out, "errors", json_integer((json_int_t)job->errors));
    json_object_set_new(out, "last_errors", errors_of(job));
    set_time(out, "started_at", job->started_at_ms);
    set_time(out, "finished_at", job->finished_at_ms);
    js_set_string(out, "detail", job->detail);
    return out;
}

char *job_describe_text(struct job *job)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(JOBS_MAX_JSON);
    lock_take(&job->lock);
    json_t *described = job_describe(job);
    lock_release(&job->lock);
    js_write(described, &text);
    json_decref(described);
    return text_take(&text);
}

void job_save(struct job *job)
{
    CLEANUP(mem_free) char *text = job_describe_text(job);
    struct error err;
    if (job_rows_put(job->owner->store, job->id, text, &err))
        log_warning("jobs", "cannot save job %u: %s, it goes on", job->id, err.text);
    if (job->owner->events)
        events_send(job->owner->events, "job", text);
}

/* Progress is frequent; the store and the listeners hear of it now and then. */
static void report(struct job *job)
{
    int64_t now_ms = clock_steady_ms();
    lock_take(&job->lock);
    bool due = now_ms - job->saved_at_ms >= SAVE_EVERY_MS;
    bool announce = !due && now_ms - job->announced_at_ms >= ANNOUNCE_EVERY_MS;
    if (due)
        job->saved_at_ms = now_ms;
    if (due || announce)
        job->announced_at_ms = now_ms;
    lock_release(&job->lock);
    if (due)
        job_save(job);
    if (announce && job->owner->events) {
        CLEANUP(mem_free) char *text = job_describe_text(job);
        events_send(job->owner->events, "job", text);
    }
}

void job_progress(struct job *job, uint64_t done, uint64_t total)
{
    lock_take(&job->lock);
    job->done = done;
    job->total = total;
    lock_release(&job->lock);
    report(job);
}

void job_add_done(struct job *job, uint64_t more)
{
    lock_take(&job->lock);
    job->done += more;
    /* What is waiting was counted before others added to it. */
    if (job->total)
        job->total = MAX(job->total, job->done);
    lock_release(&job->lock);
    report(job);
}

void job_set_left(struct job *job, uint64_t left)
{
    LOCK_SCOPE(&job->lock);
    job->total = job->done + left;
}

void job_set_phase(struct job *job, const char *phase)
{
    lock_take(&job->lock);
    snprintf(job->phase, sizeof job->phase, "%s", phase);
    job->done = job->total = job->rate_done = 0;
    job->rate_since_ms = clock_steady_ms();
    lock_release(&job->lock);
    report(job);
}

void job_set_detail(struct job *job, const char *text)
{
    LOCK_SCOPE(&job->lock);
    snprintf(job->detail, sizeof job->detail, "%s", text);
}

void job_note_error(struct job *job, const char *text)
{
    LOCK_SCOPE(&job->lock);
    job->errors++;
    if (job->n_last_errors == JOBS_MAX_LAST_ERRORS) {
        free(job->last_errors[0]);
        memmove(job->last_errors, job->last_errors + 1,
                (JOBS_MAX_LAST_ERRORS - 1) * sizeof job->last_errors[0]);
        job->n_last_errors--;
    }
    job->last_errors[job->n_last_errors++] = mem_dup_text(text);
}

const volatile int *job_canceled(const struct job *job)
{
    return &job->canceled;
}

bool job_is_interrupted(const struct job *job)
{
    return __atomic_load_n(&job->owner->stopping, __ATOMIC_RELAXED);
}
