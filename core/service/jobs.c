/* SPDX-License-Identifier: MIT */
#include "service/jobs.h"

#include <assert.h>

#include "base/clock.h"
#include "base/log.h"
#include "service/jobs_inside.h"
#include "store/jobs.h"

static void job_free(struct job *job)
{
    if (job->free_context)
        job->free_context(job->context);
    for (size_t i = 0; i < job->n_last_errors; i++)
        free(job->last_errors[i]);
    lock_done(&job->lock);
    free(job->kind);
    free(job->scope);
    json_decref(job->order);
    free(job);
}

/* A job that stops because the daemon does is "interrupted": its owner starts it again at the next
 * start. */
static const char *state_after(const struct job *job, int result)
{
    if (result == 0)
        return "done";
    if (!__atomic_load_n(&job->canceled, __ATOMIC_RELAXED))
        return "failed";
    return job_is_interrupted(job) ? "interrupted" : "canceled";
}

static void end(struct job *job, int result, const char *reason)
{
    lock_take(&job->lock);
    job->state = state_after(job, result);
    job->finished_at_ms = clock_wall_ms();
    if (result)
        snprintf(job->detail, sizeof job->detail, "%s", reason);
    lock_release(&job->lock);
    job_save(job);
}

static void *run_job(void *argument)
{
    struct job *job = argument;
    struct jobs *jobs = job->owner;
    struct error err = { 0 };
    int result = job->run(job, job->context, &err);
    end(job, result, err.text);
    log_notice("jobs", "%s %s: %s after %lld s, %llu done, %llu errors%s%s", job->kind, job->scope,
               job->state, (long long)(clock_steady_ms() - job->started_steady_ms) / 1000,
               (unsigned long long)job->done, (unsigned long long)job->errors, result ? ": " : "",
               result ? err.text : "");
    lock_take(&jobs->lock);
    HASH_DEL(jobs->running, job);
    lock_release(&jobs->lock);
    job_free(job);
    lock_take(&jobs->lock);
    jobs->n_live--;
    lock_broadcast(&jobs->ended);
    lock_release(&jobs->lock);
    return NULL;
}

/* One that has ended stays in the table for a moment, until its last state is stored. */
static bool is_running(struct job *job)
{
    LOCK_SCOPE(&job->lock);
    return text_equal(job->state, "running");
}

static struct job *find_same(struct jobs *jobs, const char *kind, const char *scope)
    REQUIRES(jobs->lock)
{
    struct job *job, *next;
    HASH_ITER (hh, jobs->running, job, next)
        if (text_equal(job->kind, kind) && text_equal(job->scope, scope) && is_running(job))
            return job;
    return NULL;
}

static struct job *job_new(struct jobs *jobs, uint32_t id, const char *kind, const char *scope)
{
    struct job *job = mem_new(struct job);
    job->owner = jobs;
    job->id = id;
    job->kind = mem_dup_text(kind);
    job->scope = mem_dup_text(scope);
    job->state = "running";
    job->started_at_ms = clock_wall_ms();
    job->started_steady_ms = job->rate_since_ms = job->saved_at_ms = clock_steady_ms();
    lock_init(&job->lock);
    return job;
}

static unsigned count_running(struct jobs *jobs, const char *kind) REQUIRES(jobs->lock)
{
    unsigned n = 0;
    struct job *job, *next;
    HASH_ITER (hh, jobs->running, job, next)
        n += text_equal(job->kind, kind) && is_running(job);
    return n;
}

static int check_room(struct jobs *jobs, const char *kind, struct error *err) REQUIRES(jobs->lock)
{
    if (__atomic_load_n(&jobs->stopping, __ATOMIC_RELAXED))
        return error_set(err, PROVIDER_ECANCEL, "the daemon is stopping");
    for (size_t i = 0; i < ARRAY_LEN(jobs->limits) && jobs->limits[i].kind; i++)
        if (text_equal(jobs->limits[i].kind, kind) &&
            count_running(jobs, kind) >= jobs->limits[i].most)
            return error_set(err, PROVIDER_EBUSY,
                             "%u jobs of kind '%s' run at this moment, no more do",
                             jobs->limits[i].most, kind);
    return 0;
}

/* From here on it belongs to its thread; without one it has failed. */
static int launch(struct job *job, struct error *err) REQUIRES(job->owner->lock)
{
    struct jobs *jobs = job->owner;
    pthread_t thread;
    struct error why;
    job_save(job);
    HASH_ADD(hh, jobs->running, id, sizeof job->id, job);
    jobs->n_live++;
    int failed = lock_thread_try("job", run_job, job, &thread, &why);
    if (!failed)
        return pthread_detach(thread);
    jobs->n_live--;
    HASH_DEL(jobs->running, job);
    end(job, failed, why.text);
    job_free(job);
    return error_set(err, failed, "%s", why.text);
}

int jobs_start(struct jobs *jobs, const char *kind, const char *scope, const json_t *order,
               jobs_run *run, void *context, void (*free_context)(void *), uint32_t *out_id,
               bool *out_joined, struct error *err)
{
    LOCK_SCOPE(&jobs->lock);
    struct job *same = find_same(jobs, kind, scope);
    uint32_t id = same ? same->id : 0;
    int failed = same ? 0 : check_room(jobs, kind, err);
    if (!failed && !same)
        failed = job_rows_new_id(jobs->store, &id, err);
    if (failed || same) {
        if (free_context)
            free_context(context);
    } else {
        struct job *job = job_new(jobs, id, kind, scope);
        job->order = json_deep_copy(order);
        job->run = run;
        job->context = context;
        job->free_context = free_context;
        failed = launch(job, err);
    }
    if (failed)
        return failed;
    *out_joined = same != NULL;
    *out_id = id;
    return 0;
}

bool jobs_is_running(struct jobs *jobs, const char *kind, const char *scope, uint32_t *out_id)
{
    LOCK_SCOPE(&jobs->lock);
    const struct job *same = find_same(jobs, kind, scope);
    if (same)
        *out_id = same->id;
    return same != NULL;
}

int jobs_cancel(struct jobs *jobs, uint32_t id, struct error *err)
{
    lock_take(&jobs->lock);
    struct job *job;
    HASH_FIND(hh, jobs->running, &id, sizeof id, job);
    bool running = job && is_running(job);
    if (running)
        __atomic_store_n(&job->canceled, 1, __ATOMIC_RELAXED);
    lock_release(&jobs->lock);
    if (running)
        return 0;
    CLEANUP(text_done) struct text row = TEXT_INIT(JOBS_MAX_JSON);
    int result = jobs_show(jobs, id, &row, err);
    return result ? result : error_set(err, PROVIDER_ECONFLICT, "job %u has ended", id);
}

struct jobs *jobs_new(struct store *store, struct events *events)
{
    struct jobs *jobs = mem_new(struct jobs);
    jobs->store = store;
    jobs->events = events;
    lock_init(&jobs->lock);
    lock_condition_init(&jobs->ended);
    jobs_sweep(jobs);
    return jobs;
}

void jobs_limit(struct jobs *jobs, const char *kind, unsigned most)
{
    LOCK_SCOPE(&jobs->lock);
    size_t i = 0;
    while (jobs->limits[i].kind && !text_equal(jobs->limits[i].kind, kind))
        i++;
    assert(i < ARRAY_LEN(jobs->limits));
    jobs->limits[i].kind = kind;
    jobs->limits[i].most = most;
}

void jobs_stop(struct jobs *jobs)
{
    if (!jobs)
        return;
    LOCK_SCOPE(&jobs->lock);
    __atomic_store_n(&jobs->stopping, 1, __ATOMIC_RELAXED);
    struct job *job, *next;
    HASH_ITER (hh, jobs->running, job, next)
        __atomic_store_n(&job->canceled, 1, __ATOMIC_RELAXED);
    while (jobs->n_live)
        lock_wait(&jobs->ended, &jobs->lock);
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    jobs_stop(jobs);
    lock_condition_done(&jobs->ended);
    lock_done(&jobs->lock);
    free(jobs);
}
