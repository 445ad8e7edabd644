/* SPDX-License-Identifier: MIT */
#include "service/sync.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "provider/registry.h"
#include "service/drain.h"
#include "service/intake.h"
#include "store/fetches.h"
#include "store/state.h"

enum {
    MAX_PROVIDERS = 16,
    MAX_CURSOR = 64 << 10,
    LISTING_TIMEOUT_MS = 24 * 3600 * 1000, /* an export of a million lines takes its time */
    RELIST_DEFAULT_MS = 6 * 3600 * 1000,   /* how often a long drain asks what changed meanwhile */
    JITTER_PERCENT = 10,
};

struct sync {
    struct catalog *catalog;
    struct jobs *jobs;
    struct registry *registry;
    struct store *store;
    const struct conf *conf;

    struct lock lock; /* guards what follows */
    struct lock_condition wake;
    bool stopping, scheduling;
    pthread_t scheduler;
};

/* One job's work. */
struct task {
    struct sync *sync;
    char scope[48];
    char owner[64]; /* of its cursors in the store's state: "sync/movies" */
    bool full;
    char *providers[MAX_PROVIDERS];
    size_t n_providers;
};

static void task_free(void *context)
{
    struct task *task = context;
    for (size_t i = 0; i < task->n_providers; i++)
        free(task->providers[i]);
    free(task);
}

/* Documents on their way from one provider's sync() into the store. */
struct listing {
    struct task *task;
    struct job *job;
    const char *provider;
    struct intake_document documents[INTAKE_MAX_DOCUMENTS];
    size_t n;
};

static int flush(struct listing *listing, const char *cursor, struct error *err)
{
    if (!listing->n && !cursor)
        return 0;
    int result = catalog_take(listing->task->sync->catalog, listing->provider, listing->documents,
                              listing->n, listing->task->owner, cursor, err);
    job_add_done(listing->job, listing->n);
    for (size_t i = 0; i < listing->n; i++)
        json_decref(listing->documents[i].document);
    listing->n = 0;
    return result;
}

static int on_document(void *context, uint32_t kind, uint32_t flags, json_t *document,
                       struct error *err)
{
    struct listing *listing = context;
    listing->documents[listing->n++] =
        (struct intake_document){ .kind = kind, .flags = flags, .document = json_incref(document) };
    return listing->n == INTAKE_MAX_DOCUMENTS ? flush(listing, NULL, err) : 0;
}

static int on_checkpoint(void *context, const char *cursor, struct error *err)
{
    return flush(context, cursor, err);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct listing *listing = context;
    job_progress(listing->job, done, total);
}

static int list_changes(struct task *task, struct job *job, const char *provider, struct error *err)
{
    struct sync *sync = task->sync;
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sync->registry, provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "there is no provider '%s' any more", provider);
    CLEANUP(text_done) struct text cursor = TEXT_INIT(MAX_CURSOR);
    int result = state_get(sync->store, task->owner, provider, &cursor, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    CLEANUP(mem_free) char *phase = mem_format("%s: listing", provider);
    job_set_phase(job, phase);
    CLEANUP(mem_free) struct listing *listing = mem_new(struct listing);
    *listing = (struct listing){ .task = task, .job = job, .provider = provider };
    struct call_sink sink = { .context = listing,
                              .extra_kinds = 1u << PROVIDER_SEASON,
                              .document = on_document,
                              .checkpoint = on_checkpoint,
                              .progress = on_progress };
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + LISTING_TIMEOUT_MS,
                              .canceled = job_canceled(job) };
    result = call_sync(entry, task->scope, cursor.len ? cursor.bytes : NULL, &wait, &sink, err);
    int flushed = flush(listing, NULL, result ? NULL : err);
    return result ? result : flushed;
}

/* A failed listing does not keep the others, nor what already waits, from going on. */
static int list_all(struct task *task, struct job *job, struct error *err)
{
    int failed = 0;
    for (size_t i = 0; i < task->n_providers; i++) {
        struct error why = { 0 };
        int result = list_changes(task, job, task->providers[i], &why);
        if (result == PROVIDER_ECANCEL)
            return error_set(err, result, "%s", why.text);
        if (!result)
            continue;
        error_prefix(&why, "%s", task->providers[i]);
        job_note_error(job, why.text);
        log_warning("sync", "%s: %s, going on with what is known", task->scope, why.text);
        failed = failed ? failed : error_set(err, result, "%s", why.text);
    }
    return failed;
}

static int drain(struct task *task, struct job *job, bool *out_more, struct error *err)
{
    const struct conf *conf = task->sync->conf;
    int64_t relist_ms = conf->sync_every_s ? conf->sync_every_s * 1000 : RELIST_DEFAULT_MS;
    struct drain_options options = {
        .catalog = task->sync->catalog,
        .registry = task->sync->registry,
        .job = job,
        .workers = (unsigned)conf->sync_workers,
        .call_timeout_ms = conf->fetch_timeout_ms,
        .until_ms = clock_steady_ms() + relist_ms,
    };
    uint64_t waiting = 0;
    int result = fetches_count(task->sync->store, &waiting, err);
    if (result)
        return result;
    job_set_phase(job, "fetching");
    job_progress(job, 0, waiting);
    return drain_fetches(&options, out_more, err);
}

static bool is_canceled(const struct job *job)
{
    return __atomic_load_n(job_canceled(job), __ATOMIC_RELAXED);
}

/* A first drain takes hours; what changes meanwhile is listed in between. */
static int run_sync(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    bool more;
    int result;
    do {
        result = list_all(task, job, err);
        if (is_canceled(job))
            break;
        more = false;
        struct error why = { 0 };
        int drained = drain(task, job, &more, &why);
        if (drained && !result)
            result = error_set(err, drained, "%s", why.text);
    } while (!result && more && !is_canceled(job));
    bool canceled = is_canceled(job);
    if (!canceled || !job_is_interrupted(job))
        state_put(task->sync->store, task->owner, "running", NULL, NULL);
    mem_give_back();
    return canceled ? error_set(err, PROVIDER_ECANCEL, "stopped before the end") : result;
}

/* PROVIDER_EINVAL and _EBUSY as sync_start() promises. */
static int choose_providers(struct sync *sync, const char *const *wanted, struct task *task,
                            struct error *err)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(sync->registry, &entries);
    for (size_t i = 0; i < n; i++) {
        const char *name = provider_entry_name(entries[i]);
        bool named = !wanted;
        for (size_t k = 0; wanted && wanted[k]; k++)
            named = named || text_equal(wanted[k], name);
        if (named && provider_entry_can(entries[i], PROVIDER_CAN_SYNC) &&
            provider_entry_in_service(entries[i]) && task->n_providers < MAX_PROVIDERS)
            task->providers[task->n_providers++] = mem_dup_text(name);
        provider_entry_unref(entries[i]);
    }
    for (size_t k = 0; wanted && wanted[k]; k++) {
        CLEANUP(provider_entry_unref)
        struct provider_entry *entry = registry_find(sync->registry, wanted[k]);
        if (!entry)
            return error_set(err, PROVIDER_EINVAL, "there is no provider '%s'", wanted[k]);
    }
    if (!task->n_providers)
        return error_set(err, PROVIDER_EBUSY, "no provider that can synchronise is in service");
    return 0;
}

static int forget_cursors(struct task *task, struct error *err)
{
    int result = 0;
    for (size_t i = 0; !result && task->full && i < task->n_providers; i++)
        result = state_put(task->sync->store, task->owner, task->providers[i], NULL, err);
    return result;
}

int sync_start(struct sync *sync, const char *scope, bool full, const char *const *providers,
               uint32_t *out_job, bool *out_joined, struct error *err)
{
    struct task *task = mem_new(struct task);
    task->sync = sync;
    task->full = full;
    snprintf(task->scope, sizeof task->scope, "%s", scope);
    snprintf(task->owner, sizeof task->owner, "sync/%s", scope);
    int result = choose_providers(sync, providers, task, err);
    if (!result && jobs_is_running(sync->jobs, "sync", scope, out_job)) {
        *out_joined = true;
        task_free(task);
        return 0;
    }
    if (!result)
        result = forget_cursors(task, err);
    if (!result)
        result = state_put(sync->store, task->owner, "running", "1", err);
    if (result) {
        task_free(task);
        return result;
    }
    return jobs_start(sync->jobs, "sync", scope, run_sync, task, task_free, out_job, out_joined,
                      err);
}

/* When the scope is due, wall time. */
static int64_t due_at(struct sync *sync, const char *owner)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(MAX_CURSOR);
    int64_t last_ms = 0;
    if (state_get(sync->store, owner, "running", &text, NULL) == 0)
        return 0;
    if (state_get(sync->store, owner, "last_start", &text, NULL) == 0)
        text_to_int(text_string(&text), 0, INT64_MAX, &last_ms);
    return last_ms ? last_ms + sync->conf->sync_every_s * 1000 : 0;
}

static void start_scheduled(struct sync *sync, const char *scope, const char *owner)
{
    CLEANUP(mem_free) char *now = mem_format("%lld", (long long)clock_wall_ms());
    uint32_t job;
    bool joined;
    struct error err;
    if (sync_start(sync, scope, false, NULL, &job, &joined, &err))
        log_warning("sync", "%s: %s, trying again later", scope, err.text);
    else
        state_put(sync->store, owner, "last_start", now, NULL);
}

/* Starts what is due; returns how long to wait for the next. */
static int64_t run_schedule(struct sync *sync)
{
    int64_t every_ms = sync->conf->sync_every_s * 1000, wait_ms = every_ms;
    for (size_t i = 0; i < sync->conf->sync_scopes.n; i++) {
        const char *scope = sync->conf->sync_scopes.values[i];
        CLEANUP(mem_free) char *owner = mem_format("sync/%s", scope);
        int64_t left_ms = due_at(sync, owner) - clock_wall_ms();
        if (left_ms <= 0)
            start_scheduled(sync, scope, owner);
        else
            wait_ms = MIN(wait_ms, left_ms);
    }
    int64_t jitter_ms = every_ms * JITTER_PERCENT / 100;
    return wait_ms + randombytes_uniform((uint32_t)MIN(jitter_ms + 1, (int64_t)UINT32_MAX));
}

static void *schedule(void *argument)
{
    struct sync *sync = argument;
    lock_take(&sync->lock);
    while (!sync->stopping) {
        lock_release(&sync->lock);
        int64_t next_ms = clock_steady_ms() + run_schedule(sync);
        lock_take(&sync->lock);
        while (!sync->stopping && clock_steady_ms() < next_ms)
            lock_wait_until(&sync->wake, &sync->lock, next_ms);
    }
    lock_release(&sync->lock);
    return NULL;
}

/* Without a schedule, only what was cut off goes on. */
static void resume_interrupted(struct sync *sync)
{
    for (size_t i = 0; i < sync->conf->sync_scopes.n; i++) {
        const char *scope = sync->conf->sync_scopes.values[i];
        CLEANUP(mem_free) char *owner = mem_format("sync/%s", scope);
        CLEANUP(text_done) struct text text = TEXT_INIT(MAX_CURSOR);
        if (state_get(sync->store, owner, "running", &text, NULL) == 0)
            start_scheduled(sync, scope, owner);
    }
}

void sync_resume(struct sync *sync)
{
    if (!sync->conf->sync_every_s) {
        resume_interrupted(sync);
        return;
    }
    sync->scheduling = true;
    sync->scheduler = lock_thread_start("schedule", schedule, sync);
}

struct sync *sync_new(struct catalog *catalog, struct jobs *jobs, struct registry *registry,
                      struct store *store, const struct conf *conf)
{
    struct sync *sync = mem_new(struct sync);
    *sync = (struct sync){
        .catalog = catalog, .jobs = jobs, .registry = registry, .store = store, .conf = conf
    };
    lock_init(&sync->lock);
    lock_condition_init(&sync->wake);
    return sync;
}

void sync_free(struct sync *sync)
{
    if (!sync)
        return;
    lock_take(&sync->lock);
    sync->stopping = true;
    lock_broadcast(&sync->wake);
    lock_release(&sync->lock);
    if (sync->scheduling)
        pthread_join(sync->scheduler, NULL);
    lock_condition_done(&sync->wake);
    lock_done(&sync->lock);
    free(sync);
}
