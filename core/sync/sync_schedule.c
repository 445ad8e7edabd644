/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/state.h"
#include "sync/sync_inside.h"

enum { RELIST_DEFAULT_MS = 6 * 3600 * 1000, RETRY_MS = 60 * 1000 };

static void add_plan(struct plans *plans, const char *prefix, const char *scope, const char *when)
{
    struct plan *plan = &plans->rows[plans->n];
    if (plans->n == SYNC_MAX_PLANS)
        return;
    if (text_is_empty(when) || !schedule_parse(when, &plan->schedule))
        plan->schedule = (struct schedule){ .at_ms = -1 };
    snprintf(plan->scope, sizeof plan->scope, "%s%s", prefix, scope);
    plans->n++;
}

void sync_plan(struct sync *sync, const struct conf *conf)
{
    struct plans *plans = mem_new(struct plans);
    plans->conf = conf;
    plans->older = sync->plans;
    for (size_t i = 0; i < conf->sync_scopes.n; i++)
        add_plan(plans, "", conf->sync_scopes.values[i], conf->sync_changes);
    for (size_t i = 0; i < conf->sync_scopes.n; i++)
        add_plan(plans, SYNC_EXPORT_PREFIX, conf->sync_scopes.values[i], conf->sync_export);
    if (conf->lists.n)
        add_plan(plans, "", SYNC_LISTS_SCOPE, conf->sync_lists);
    add_plan(plans, "", SYNC_REFRESH_SCOPE, conf->sync_refresh);
    add_plan(plans, "", SYNC_AVAILABILITY_SCOPE, conf->sync_availability);
    struct schedule changes = { .every_ms = 0 };
    if (!text_is_empty(conf->sync_changes))
        schedule_parse(conf->sync_changes, &changes);
    plans->relist_ms = changes.every_ms ? changes.every_ms : RELIST_DEFAULT_MS;
    __atomic_store_n(&sync->plans, plans, __ATOMIC_RELEASE);
}

const struct plans *sync_plans(struct sync *sync)
{
    return __atomic_load_n(&sync->plans, __ATOMIC_ACQUIRE);
}

void sync_set_conf(struct sync *sync, const struct conf *conf)
{
    sync_plan(sync, conf);
    LOCK_SCOPE(&sync->lock);
    sync->replanned = true;
    lock_broadcast(&sync->wake);
}

/* --- What is known of a plan: when it was last started, and whether it was cut off */

static int64_t last_start_ms(struct sync *sync, const char *owner)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(64);
    int64_t last_ms = 0;
    if (state_get(sync->store, owner, "last_start", &text, NULL) == 0)
        text_to_int(text_string(&text), 0, INT64_MAX, &last_ms);
    return last_ms;
}

static void note_start(struct sync *sync, const char *owner, int64_t now_ms)
{
    CLEANUP(mem_free) char *text = mem_format("%lld", (long long)now_ms);
    struct error err;
    if (state_put(sync->store, owner, "last_start", text, &err))
        log_warning("sync", "%s: %s, its schedule is lost at a restart", owner, err.text);
}

/* By the end of a process: whoever starts a job marks it first. */
static bool was_cut_off(struct sync *sync, const char *owner, const char *scope)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(64);
    uint32_t job;
    LOCK_SCOPE(&sync->starting);
    return !jobs_is_running(sync->jobs, "sync", scope, &job) &&
           state_get(sync->store, owner, "running", &text, NULL) == 0;
}

/* Whether there is anything to start it for. */
static bool is_worth_while(struct sync *sync, const char *scope, int64_t now_ms)
{
    if (text_equal(scope, SYNC_REFRESH_SCOPE))
        return sync_refresh_is_due(sync->store, now_ms);
    return !text_equal(scope, SYNC_AVAILABILITY_SCOPE) || sync_availability_is_due(sync, now_ms);
}

/* False when it could not be started. */
static bool start(struct sync *sync, const struct plan *plan, int64_t now_ms)
{
    uint32_t job;
    bool joined;
    struct error err;
    if (!is_worth_while(sync, plan->scope, now_ms))
        return true;
    if (sync_start(sync, plan->scope, false, NULL, &job, &joined, &err) == 0)
        return true;
    /* Somebody is at a part of it, which may take hours. */
    if (err.code != PROVIDER_ECONFLICT)
        log_warning("sync", "%s: %s, trying again later", plan->scope, err.text);
    return false;
}

/* Starts it when it is time, or when it was cut off; returns when to look again. */
static int64_t run_plan(struct sync *sync, const struct plan *plan, int64_t now_ms)
{
    CLEANUP(mem_free) char *owner = mem_format("sync/%s", plan->scope);
    const struct schedule *schedule = &plan->schedule;
    uint32_t salt = (uint32_t)text_hash(plan->scope, strlen(plan->scope));
    int64_t last_ms = last_start_ms(sync, owner);
    bool cut_off = was_cut_off(sync, owner, plan->scope);
    /* At a time of the day: not on the first day, which begins with the whole anyway. */
    if (!last_ms && !cut_off && schedule->at_ms >= 0)
        note_start(sync, owner, last_ms = now_ms);
    int64_t due_ms =
        last_ms ? schedule_next_ms(schedule, last_ms, salt) : (schedule->every_ms ? 0 : INT64_MAX);
    if (!cut_off && due_ms > now_ms)
        return due_ms;
    if (!start(sync, plan, now_ms))
        return now_ms + RETRY_MS;
    note_start(sync, owner, now_ms);
    return schedule_next_ms(schedule, now_ms, salt);
}

int64_t sync_tick(struct sync *sync)
{
    int64_t now_ms = clock_wall_ms(), next_ms = INT64_MAX;
    const struct plans *plans = sync_plans(sync);
    for (size_t i = 0; i < plans->n; i++)
        next_ms = MIN(next_ms, run_plan(sync, &plans->rows[i], now_ms));
    return next_ms;
}

/* --- The scheduler's thread */

static int64_t steady_of(int64_t wall_ms)
{
    /* Now and then it looks whether somebody set the clock. */
    int64_t wait_ms = MIN(wall_ms - clock_wall_ms(), (int64_t)3600 * 1000);
    return clock_steady_ms() + MAX(wait_ms, (int64_t)0);
}

static void *schedule(void *argument)
{
    struct sync *sync = argument;
    lock_take(&sync->lock);
    while (!sync->stopping) {
        sync->replanned = false;
        lock_release(&sync->lock);
        int64_t next_ms = steady_of(sync_tick(sync));
        lock_take(&sync->lock);
        while (!sync->stopping && !sync->replanned && clock_steady_ms() < next_ms)
            lock_wait_until(&sync->wake, &sync->lock, next_ms);
    }
    lock_release(&sync->lock);
    return NULL;
}

void sync_resume(struct sync *sync)
{
    sync_tick(sync);
    sync->scheduling = true;
    sync->scheduler = lock_thread_start("schedule", schedule, sync);
}
