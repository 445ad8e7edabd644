/* SPDX-License-Identifier: MIT
 *
 * What the files of synchronisation share and nobody else includes: sync.c starts jobs and lists
 * what changed, sync_export.c compares lists of everything, sync_refresh.c finds what is due,
 * sync_schedule.c says when. */
#pragma once

#include "base/lock.h"
#include "base/schedule.h"
#include "sync/drain.h"
#include "sync/sync.h"

enum {
    SYNC_MAX_PROVIDERS = 16,
    SYNC_MAX_CURSOR = 64 << 10,
    SYNC_MAX_JOB = 64 << 10,
    SYNC_MAX_PLANS = 64,
    SYNC_SCOPE_LEN = 144, /* "list:" and the name of one */
};

/* One thing that is done again and again. */
struct plan {
    char scope[SYNC_SCOPE_LEN];
    struct schedule schedule;
};

/* What a configuration wants, and when.  Whoever began with an older one may still be at it, so all
 * of them stay. */
struct plans {
    const struct conf *conf;
    struct plan rows[SYNC_MAX_PLANS];
    size_t n;
    int64_t relist_ms; /* how often a long drain asks what changed meanwhile */
    struct plans *older;
};

struct sync {
    struct catalog *catalog;
    struct jobs *jobs;
    struct registry *registry;
    struct store *store;
    struct drain *drain;
    struct plans *plans; /* atomic: the newest */

    /* Held from a job's mark to its start: what is marked and does not run was cut off.  Nothing of
     * `lock` is taken within. */
    struct lock starting;

    struct lock lock; /* guards what follows */
    struct lock_condition wake;
    bool stopping, scheduling, replanned;
    pthread_t scheduler;
};

/* One job's work. */
struct task {
    struct sync *sync;
    char scope[SYNC_SCOPE_LEN];
    char owner[SYNC_SCOPE_LEN + 8]; /* of its cursors in the store's state: "sync/movies" */
    bool full;
    bool is_named; /* somebody named the providers */
    char *providers[SYNC_MAX_PROVIDERS];
    size_t n_providers;
};

/* How long listing may take: an export of a million lines takes its time. */
enum { SYNC_LISTING_TIMEOUT_MS = 24 * 3600 * 1000 };

/* Fetches what waits and is at least that urgent. */
int sync_drain(struct task *task, struct job *job, enum fetch_class least_urgent, bool *out_more,
               struct error *err);

bool sync_is_canceled(const struct job *job);

/* The job's end: unless the daemon's stop cut it off, it does not go on by itself. */
int sync_end(struct task *task, struct job *job, int result, struct error *err);

/* --- sync_availability.c, sync_export.c, sync_lists.c, sync_refresh.c */

#define SYNC_EXPORT_PREFIX "export:"
#define SYNC_REFRESH_SCOPE "refresh"
#define SYNC_LISTS_SCOPE "lists"
#define SYNC_LIST_PREFIX "list:"
#define SYNC_AVAILABILITY_SCOPE "availability"
jobs_run sync_run_availability, sync_run_export, sync_run_lists, sync_run_refresh;

/* Whether anything is due. */
bool sync_availability_is_due(struct sync *sync, int64_t now_ms);
bool sync_refresh_is_due(struct store *store, int64_t now_ms);

/* Makes all that is due wait to be fetched; *out_n says how much that is. */
int sync_refresh_queue(struct store *store, int64_t now_ms, uint64_t *out_n, struct error *err);

/* --- sync_schedule.c */

const struct plans *sync_plans(struct sync *sync);
void sync_plan(struct sync *sync, const struct conf *conf);
