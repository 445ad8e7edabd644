/* SPDX-License-Identifier: MIT */
#include "service/jobs.h"

#include <string.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/log.h"
#include "service/events.h"
#include "store/jobs.h"

enum {
    MAX_KEPT = 1000, /* ended jobs; older ones are forgotten */
    MAX_LAST_ERRORS = 5,
    SAVE_EVERY_MS = 5000,    /* how often a running job's progress reaches the store */
    ANNOUNCE_EVERY_MS = 500, /* and the listeners */
    MAX_JSON = 64 << 10,
};

struct job {
    struct jobs *owner;
    uint32_t id;
    char *kind, *scope;
    jobs_run *run;
    void *context;
    void (*free_context)(void *);
    pthread_t thread;
    int canceled;
    int64_t started_at_ms, started_steady_ms;

    struct lock lock; /* guards what follows */
    const char *state;
    char phase[48];
    uint64_t done, total, errors;
    char *last_errors[MAX_LAST_ERRORS];
    size_t n_last_errors;
    char detail[240];
    int64_t finished_at_ms;
    int64_t saved_at_ms, announced_at_ms;
    uint64_t rate_done; /* `done` when the phase began, for the rate */
    int64_t rate_since_ms;

    UT_hash_handle hh;
};

struct jobs {
    struct store *store;
    struct events *events;
    struct lock lock; /* guards the table */
    struct lock_condition ended;
    struct job *running; /* by id */
    int stopping;        /* atomic */
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

static json_t *describe(const struct job *job) REQUIRES(job->lock)
{
    json_t *out = json_object();
    json_object_set_new(out, "id", json_integer(job->id));
    js_set_string(out, "kind", job->kind);
    js_set_string(out, "scope", job->scope);
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

static char *describe_text(struct job *job)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(MAX_JSON);
    lock_take(&job->lock);
    json_t *described = describe(job);
    lock_release(&job->lock);
    js_write(described, &text);
    json_decref(described);
    return text_take(&text);
}

static void save(struct job *job)
{
    CLEANUP(mem_free) char *text = describe_text(job);
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
        save(job);
    if (announce && job->owner->events) {
        CLEANUP(mem_free) char *text = describe_text(job);
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
    lock_release(&job->lock);
    report(job);
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

void job_note_error(struct job *job, const char *text)
{
    LOCK_SCOPE(&job->lock);
    job->errors++;
    if (job->n_last_errors == MAX_LAST_ERRORS) {
        free(job->last_errors[0]);
        memmove(job->last_errors, job->last_errors + 1,
                (MAX_LAST_ERRORS - 1) * sizeof job->last_errors[0]);
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

static void job_free(struct job *job)
{
    if (job->free_context)
        job->free_context(job->context);
    for (size_t i = 0; i < job->n_last_errors; i++)
        free(job->last_errors[i]);
    lock_done(&job->lock);
    free(job->kind);
    free(job->scope);
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

static void *run_job(void *argument)
{
    struct job *job = argument;
    struct jobs *jobs = job->owner;
    struct error err = { 0 };
    int result = job->run(job, job->context, &err);
    lock_take(&job->lock);
    job->state = state_after(job, result);
    job->finished_at_ms = clock_wall_ms();
    if (result)
        snprintf(job->detail, sizeof job->detail, "%s", err.text);
    lock_release(&job->lock);
    save(job);
    log_notice("jobs", "%s %s: %s after %lld s, %llu done, %llu errors%s%s", job->kind, job->scope,
               job->state, (long long)(clock_steady_ms() - job->started_steady_ms) / 1000,
               (unsigned long long)job->done, (unsigned long long)job->errors, result ? ": " : "",
               result ? err.text : "");
    lock_take(&jobs->lock);
    HASH_DEL(jobs->running, job);
    lock_broadcast(&jobs->ended);
    lock_release(&jobs->lock);
    pthread_detach(pthread_self());
    job_free(job);
    return NULL;
}

static struct job *find_same(struct jobs *jobs, const char *kind, const char *scope)
    REQUIRES(jobs->lock)
{
    struct job *job, *next;
    HASH_ITER (hh, jobs->running, job, next)
        if (text_equal(job->kind, kind) && text_equal(job->scope, scope))
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

int jobs_start(struct jobs *jobs, const char *kind, const char *scope, jobs_run *run, void *context,
               void (*free_context)(void *), uint32_t *out_id, bool *out_joined, struct error *err)
{
    LOCK_SCOPE(&jobs->lock);
    struct job *same = find_same(jobs, kind, scope);
    *out_joined = same != NULL;
    if (same || __atomic_load_n(&jobs->stopping, __ATOMIC_RELAXED)) {
        if (free_context)
            free_context(context);
        if (!same)
            return error_set(err, PROVIDER_ECANCEL, "the daemon is stopping");
        *out_id = same->id;
        return 0;
    }
    uint32_t id;
    int result = job_rows_new_id(jobs->store, &id, err);
    if (result) {
        if (free_context)
            free_context(context);
        return result;
    }
    struct job *job = job_new(jobs, id, kind, scope);
    job->run = run;
    job->context = context;
    job->free_context = free_context;
    save(job);
    HASH_ADD(hh, jobs->running, id, sizeof job->id, job);
    *out_id = id;
    job->thread = lock_thread_start("job", run_job, job);
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

int jobs_show(struct jobs *jobs, uint32_t id, struct text *out_json, struct error *err)
{
    lock_take(&jobs->lock);
    struct job *job;
    HASH_FIND(hh, jobs->running, &id, sizeof id, job);
    CLEANUP(mem_free) char *text = job ? describe_text(job) : NULL;
    lock_release(&jobs->lock);
    text_clear(out_json);
    if (text)
        return text_add_string(out_json, text) ? 0 : error_set(err, PROVIDER_ELIMIT, "a large job");
    int result = job_rows_get(jobs->store, id, out_json, err);
    return result == PROVIDER_ENOTFOUND ? error_set(err, result, "there is no job %u", id) : result;
}

struct listing {
    const char *state;
    json_t *rows;
};

static int collect(uint32_t id UNUSED, const char *json, size_t len, void *context)
{
    struct listing *listing = context;
    json_t *row = json_loadb(json, len, 0, NULL);
    if (!row)
        return 0;
    if (listing->state && !text_equal(js_string(row, "state"), listing->state))
        json_decref(row);
    else
        json_array_append_new(listing->rows, row);
    return 0;
}

/* The stored form of a running job lags behind. */
static void refresh(struct jobs *jobs, json_t *rows)
{
    LOCK_SCOPE(&jobs->lock);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        uint32_t id = (uint32_t)js_int(json_array_get(rows, i), "id", 0);
        struct job *job;
        HASH_FIND(hh, jobs->running, &id, sizeof id, job);
        if (!job)
            continue;
        lock_take(&job->lock);
        json_array_set_new(rows, i, describe(job));
        lock_release(&job->lock);
    }
}

int jobs_list(struct jobs *jobs, const char *state, uint32_t page, uint32_t limit,
              struct text *out_json, uint64_t *out_total, struct error *err)
{
    json_auto_t *rows = json_array();
    struct listing listing = { .state = state, .rows = rows };
    int result = job_rows_walk(jobs->store, collect, &listing, err);
    if (result)
        return result;
    refresh(jobs, rows);
    size_t total = json_array_size(rows), skip = (size_t)(page - 1) * limit;
    json_auto_t *shown = json_array();
    for (size_t i = skip; i < total && i < skip + limit; i++)
        json_array_append(shown, json_array_get(rows, total - 1 - i));
    text_clear(out_json);
    if (!js_write(shown, out_json))
        return error_set(err, PROVIDER_ELIMIT, "the list of jobs is too long");
    *out_total = total;
    return 0;
}

int jobs_cancel(struct jobs *jobs, uint32_t id, struct error *err)
{
    lock_take(&jobs->lock);
    struct job *job;
    HASH_FIND(hh, jobs->running, &id, sizeof id, job);
    if (job)
        __atomic_store_n(&job->canceled, 1, __ATOMIC_RELAXED);
    lock_release(&jobs->lock);
    if (job)
        return 0;
    CLEANUP(text_done) struct text row = TEXT_INIT(MAX_JSON);
    int result = jobs_show(jobs, id, &row, err);
    return result ? result : error_set(err, PROVIDER_ECONFLICT, "job %u has ended", id);
}

struct sweep {
    struct jobs *jobs;
    json_t *interrupted; /* rows that say "running" though nobody runs them */
    uint32_t *ids;
    size_t n, capacity;
};

static int look_at_row(uint32_t id, const char *json, size_t len, void *context)
{
    struct sweep *sweep = context;
    if (sweep->n == sweep->capacity) {
        sweep->capacity = sweep->capacity * 2 + 64;
        sweep->ids = mem_resize(sweep->ids, sweep->capacity, sizeof *sweep->ids);
    }
    sweep->ids[sweep->n++] = id;
    json_t *row = json_loadb(json, len, 0, NULL);
    if (row && text_equal(js_string(row, "state"), "running"))
        json_array_append(sweep->interrupted, row);
    json_decref(row);
    return 0;
}

/* What a crash cut off says so, and the oldest of many are forgotten. */
static void sweep_rows(struct jobs *jobs)
{
    json_auto_t *interrupted = json_array();
    struct sweep sweep = { .jobs = jobs, .interrupted = interrupted };
    struct error err;
    if (job_rows_walk(jobs->store, look_at_row, &sweep, &err))
        log_warning("jobs", "cannot read the jobs: %s, starting without them", err.text);
    size_t i;
    json_t *row;
    json_array_foreach (interrupted, i, row) {
        json_object_set_new(row, "state", json_string("interrupted"));
        CLEANUP(text_done) struct text text = TEXT_INIT(MAX_JSON);
        js_write(row, &text);
        job_rows_put(jobs->store, (uint32_t)js_int(row, "id", 0), text_string(&text), NULL);
    }
    for (i = 0; i + MAX_KEPT < sweep.n; i++)
        job_rows_delete(jobs->store, sweep.ids[i], NULL);
    free(sweep.ids);
}

struct jobs *jobs_new(struct store *store, struct events *events)
{
    struct jobs *jobs = mem_new(struct jobs);
    jobs->store = store;
    jobs->events = events;
    lock_init(&jobs->lock);
    lock_condition_init(&jobs->ended);
    sweep_rows(jobs);
    return jobs;
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    lock_take(&jobs->lock);
    __atomic_store_n(&jobs->stopping, 1, __ATOMIC_RELAXED);
    struct job *job, *next;
    HASH_ITER (hh, jobs->running, job, next)
        __atomic_store_n(&job->canceled, 1, __ATOMIC_RELAXED);
    while (jobs->running)
        lock_wait(&jobs->ended, &jobs->lock);
    lock_release(&jobs->lock);
    lock_condition_done(&jobs->ended);
    lock_done(&jobs->lock);
    free(jobs);
}
