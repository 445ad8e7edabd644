/* SPDX-License-Identifier: MIT
 *
 * What the files of jobs share and nobody else sees: the running job and the table of them. */
#pragma once

#include <jansson.h>
#include <uthash.h>

#include "base/lock.h"
#include "service/jobs.h"

enum { JOBS_MAX_LAST_ERRORS = 5, JOBS_MAX_JSON = 64 << 10, JOBS_MAX_LIMITS = 4 };

/* One running job; belongs to its thread, which frees it. */
struct job {
    struct jobs *owner;
    uint32_t id;
    char *kind, *scope;
    json_t *order; /* members to show, or NULL */
    jobs_run *run;
    void *context;
    void (*free_context)(void *);
    int canceled;
    int64_t started_at_ms, started_steady_ms;

    struct lock lock; /* guards what follows */
    const char *state;
    char phase[48];
    uint64_t done, total, errors;
    char *last_errors[JOBS_MAX_LAST_ERRORS];
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
    struct {
        const char *kind; /* not owned; NULL behind the last */
        unsigned most;
    } limits[JOBS_MAX_LIMITS];
    unsigned n_live; /* threads that have not let go of everything yet */
    int stopping;    /* atomic */
};

/* --- job.c */

json_t *job_describe(const struct job *job) REQUIRES(job->lock);
char *job_describe_text(struct job *job);

/* To the store and the listeners. */
void job_save(struct job *job);

/* --- job_list.c: what a crash cut off says so, and the oldest of many are forgotten. */
void jobs_sweep(struct jobs *jobs);
