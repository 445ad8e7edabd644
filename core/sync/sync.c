/* SPDX-License-Identifier: MIT */
#include "sync/sync.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "conf/conf.h"
#include "provider/registry.h"
#include "service/intake.h"
#include "store/state.h"
#include "sync/sync_inside.h"

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
    bool begun; /* something was emitted */
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
    listing->begun = true;
    listing->documents[listing->n++] =
        (struct intake_document){ .kind = kind, .flags = flags, .document = json_incref(document) };
    return listing->n == INTAKE_MAX_DOCUMENTS ? flush(listing, NULL, err) : 0;
}

static int on_checkpoint(void *context, const char *cursor, struct error *err)
{
    struct listing *listing = context;
    listing->begun = true;
    return flush(listing, cursor, err);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct listing *listing = context;
    job_progress(listing->job, done, total);
}

/* *out_lacks: the provider has no such scope. */
static int list_changes(struct task *task, struct job *job, const char *provider, bool *out_lacks,
                        struct error *err)
{
    struct sync *sync = task->sync;
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sync->registry, provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "there is no provider '%s' any more", provider);
    CLEANUP(text_done) struct text cursor = TEXT_INIT(SYNC_MAX_CURSOR);
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
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + SYNC_LISTING_TIMEOUT_MS,
                              .canceled = job_canceled(job),
                              .background = true };
    result = call_sync(entry, task->scope, cursor.len ? cursor.bytes : NULL, &wait, &sink, err);
    *out_lacks = result == PROVIDER_ENOTSUP && !listing->begun;
    int flushed = flush(listing, NULL, result ? NULL : err);
    return result ? result : flushed;
}

/* That nobody has what is asked of all is no failure: there is nothing to do. */
static bool is_skipped(const struct task *task, struct job *job, size_t n_lacking)
{
    if (n_lacking < task->n_providers || task->is_named)
        return false;
    CLEANUP(mem_free) char *why = mem_format("skipped: no provider has '%s'", task->scope);
    job_set_detail(job, why);
    return true;
}

/* A failed listing does not keep the others, nor what already waits, from going on.  Who has no
 * such scope is passed over, unless it was asked by name. */
static int list_all(struct task *task, struct job *job, struct error *err)
{
    int failed = 0;
    size_t n_lacking = 0;
    for (size_t i = 0; i < task->n_providers; i++) {
        struct error why = { 0 };
        bool lacks = false;
        int result = list_changes(task, job, task->providers[i], &lacks, &why);
        if (result == PROVIDER_ECANCEL)
            return error_set(err, result, "%s", why.text);
        n_lacking += lacks;
        if (!result ||
            (lacks && (n_lacking < task->n_providers || is_skipped(task, job, n_lacking))))
            continue;
        job_note_error(job, why.text);
        log_warning("sync", "%s: %s, going on with what is known", task->scope, why.text);
        failed = failed ? failed : error_set(err, result, "%s", why.text);
    }
    return failed;
}

static int count_waiting(struct store *store, enum fetch_class least_urgent, uint64_t *out,
                         struct error *err)
{
    return least_urgent == FETCH_TITLE ? fetches_count(store, out, err)
                                       : fetches_count_urgent(store, least_urgent, out, err);
}

int sync_drain(struct task *task, struct job *job, enum fetch_class least_urgent, bool *out_more,
               struct error *err)
{
    struct sync *sync = task->sync;
    const struct plans *plans = sync_plans(sync);
    struct drain_options options = {
        .catalog = sync->catalog,
        .registry = sync->registry,
        .job = job,
        .workers = (unsigned)plans->conf->sync_workers,
        .least_urgent = least_urgent,
        .call_timeout_ms = plans->conf->fetch_timeout_ms,
        .until_ms = clock_steady_ms() + plans->relist_ms,
    };
    uint64_t waiting = 0;
    int result = count_waiting(sync->store, least_urgent, &waiting, err);
    if (result)
        return result;
    job_set_phase(job, "fetching");
    job_progress(job, 0, waiting);
    result = drain_fetches(sync->drain, &options, out_more, err);
    /* What other jobs took meanwhile was not this one's to do. */
    if (!count_waiting(sync->store, least_urgent, &waiting, NULL))
        job_set_left(job, waiting);
    return result;
}

bool sync_is_canceled(const struct job *job)
{
    return __atomic_load_n(job_canceled(job), __ATOMIC_RELAXED);
}

int sync_end(struct task *task, struct job *job, int result, struct error *err)
{
    bool canceled = sync_is_canceled(job);
    if (!canceled || !job_is_interrupted(job))
        state_put(task->sync->store, task->owner, "running", NULL, NULL);
    mem_give_back();
    return canceled ? error_set(err, PROVIDER_ECANCEL, "stopped before the end") : result;
}

/* A first drain takes hours; what changes meanwhile is listed in between. */
static int run_sync(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    bool more;
    int result;
    do {
        result = list_all(task, job, err);
        if (sync_is_canceled(job))
            break;
        more = false;
        struct error why = { 0 };
        int drained = sync_drain(task, job, FETCH_TITLE, &more, &why);
        if (drained && !result)
            result = error_set(err, drained, "%s", why.text);
    } while (!result && more && !sync_is_canceled(job));
    return sync_end(task, job, result, err);
}

/* PROVIDER_EINVAL and _EBUSY as sync_start() promises. */
static int choose_providers(struct sync *sync, const char *const *wanted, struct task *task,
                            struct error *err)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(sync->registry, &entries);
    uint32_t can = text_equal(task->scope, SYNC_AVAILABILITY_SCOPE) ? PROVIDER_CAN_CHECK_SWARMS
                                                                    : PROVIDER_CAN_SYNC;
    for (size_t i = 0; i < n; i++) {
        const char *name = provider_entry_name(entries[i]);
        bool named = !wanted;
        for (size_t k = 0; wanted && wanted[k]; k++)
            named = named || text_equal(wanted[k], name);
        if (named && provider_entry_can(entries[i], can) && provider_entry_in_service(entries[i]) &&
            task->n_providers < SYNC_MAX_PROVIDERS)
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

static jobs_run *run_of(const char *scope)
{
    if (text_equal(scope, SYNC_REFRESH_SCOPE))
        return sync_run_refresh;
    if (text_equal(scope, SYNC_AVAILABILITY_SCOPE))
        return sync_run_availability;
    if (text_equal(scope, SYNC_LISTS_SCOPE) || text_starts_with(scope, SYNC_LIST_PREFIX))
        return sync_run_lists;
    return text_starts_with(scope, SYNC_EXPORT_PREFIX) ? sync_run_export : run_sync;
}

/* What a job is asked for, as it is shown; NULL: these take all there is. */
static json_t *order_of(const struct task *task)
{
    if (text_equal(task->scope, SYNC_REFRESH_SCOPE) ||
        text_equal(task->scope, SYNC_AVAILABILITY_SCOPE))
        return NULL;
    json_t *providers = json_array();
    for (size_t i = 0; i < task->n_providers; i++)
        json_array_append_new(providers, json_string(task->providers[i]));
    return json_pack("{s:s,s:o}", "mode", task->full ? "full" : "incremental", "providers",
                     providers);
}

static bool is_among(const char *name, const json_t *names)
{
    size_t i;
    const json_t *one;
    json_array_foreach (names, i, one)
        if (text_equal(json_string_value(one), name))
            return true;
    return false;
}

/* Whether who asked for this gets it from the job that runs. */
static bool is_covered(const struct task *task, const json_t *job)
{
    const json_t *providers = js_array(job, "providers");
    if (task->full && text_equal(js_string(job, "mode"), "incremental"))
        return false;
    for (size_t i = 0; providers && i < task->n_providers; i++)
        if (!is_among(task->providers[i], providers))
            return false;
    return true;
}

static int join(const struct task *task, uint32_t id, struct error *err)
{
    CLEANUP(text_done) struct text shown = TEXT_INIT(SYNC_MAX_JOB), names = TEXT_INIT(1000);
    json_auto_t *job = NULL;
    int failed = jobs_show(task->sync->jobs, id, &shown, err);
    failed = failed ? failed : js_parse(shown.bytes, shown.len, SYNC_MAX_JOB, &job, err);
    if (failed || is_covered(task, job))
        return failed;
    size_t i;
    const json_t *one;
    json_array_foreach (js_array(job, "providers"), i, one)
        text_add_format(&names, "%s%s", i ? ", " : "", json_string_value(one));
    return error_set(err, PROVIDER_ECONFLICT,
                     "job %u synchronises '%s' already, but it is %s, from %s: ask again when it "
                     "has ended, or cancel it first",
                     id, task->scope, js_string(job, "mode"), text_string(&names));
}

int sync_start(struct sync *sync, const char *scope, bool full, const char *const *providers,
               uint32_t *out_job, bool *out_joined, struct error *err)
{
    struct task *task = mem_new(struct task);
    task->sync = sync;
    task->full = full;
    task->is_named = providers != NULL;
    snprintf(task->scope, sizeof task->scope, "%s", scope);
    snprintf(task->owner, sizeof task->owner, "sync/%s", scope);
    int result = choose_providers(sync, providers, task, err);
    LOCK_SCOPE(&sync->starting);
    if (!result && jobs_is_running(sync->jobs, "sync", scope, out_job)) {
        result = join(task, *out_job, err);
        *out_joined = !result;
        task_free(task);
        return result;
    }
    if (!result)
        result = forget_cursors(task, err);
    if (!result)
        result = state_put(sync->store, task->owner, "running", "1", err);
    if (result) {
        task_free(task);
        return result;
    }
    json_auto_t *order = order_of(task);
    return jobs_start(sync->jobs, "sync", scope, order, run_of(scope), task, task_free, out_job,
                      out_joined, err);
}

struct sync *sync_new(struct catalog *catalog, struct jobs *jobs, struct registry *registry,
                      struct store *store, const struct conf *conf)
{
    struct sync *sync = mem_new(struct sync);
    *sync = (struct sync){ .catalog = catalog, .jobs = jobs, .registry = registry, .store = store };
    lock_init(&sync->starting);
    lock_init(&sync->lock);
    lock_condition_init(&sync->wake);
    sync->drain = drain_new();
    sync_plan(sync, conf);
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
    lock_done(&sync->starting);
    drain_free(sync->drain);
    while (sync->plans) {
        struct plans *newest = sync->plans;
        sync->plans = newest->older;
        free(newest);
    }
    free(sync);
}
