/* SPDX-License-Identifier: MIT
 *
 * Everything long is a job: a row in the store with state, progress, rate and errors.  Two jobs of
 * the same kind and scope are one.  Any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct jobs;
struct job;
struct store;
struct events;

/* Jobs that a crash cut off become "interrupted", and those that can resume are started again by
 * their owner. */
struct jobs *jobs_new(struct store *store, struct events *events /* may be NULL */);

/* Takes no new ones, cancels those that run and waits for their end: what they work with may go
 * then. */
void jobs_stop(struct jobs *jobs);
void jobs_free(struct jobs *jobs); /* stops them first */
DEFINE_CLEANUP(struct jobs *, jobs_free);

/* So many of a kind run at once at most; who starts another is told PROVIDER_EBUSY.  `kind` is not
 * copied; of few kinds. */
void jobs_limit(struct jobs *jobs, const char *kind, unsigned most);

typedef int jobs_run(struct job *job, void *context, struct error *err);

/* Starts one, or joins the running one of the same kind and scope (*out_joined).  *out_id is its
 * number; the members of `order`, an object or NULL, are shown with it.  PROVIDER_EBUSY: there are
 * too many, or no thread for it. */
int jobs_start(struct jobs *jobs, const char *kind, const char *scope, const json_t *order,
               jobs_run *run, void *context, void (*free_context)(void *), uint32_t *out_id,
               bool *out_joined, struct error *err);

/* Whether one of this kind and scope runs; *out_id is its number then. */
bool jobs_is_running(struct jobs *jobs, const char *kind, const char *scope, uint32_t *out_id);

/* For the job itself, on its thread and its helpers' threads. */
void job_progress(struct job *job, uint64_t done, uint64_t total);
void job_add_done(struct job *job, uint64_t more);
void job_set_left(struct job *job, uint64_t left);      /* the total is what is done and this */
void job_note_error(struct job *job, const char *text); /* the last few are kept, all are counted */
void job_set_detail(struct job *job, const char *text); /* unless it fails: then the reason */
void job_set_phase(struct job *job, const char *phase);
const volatile int *job_canceled(const struct job *job);

/* It was the daemon's stop that cancelled it, so that it shall go on at the next start. */
bool job_is_interrupted(const struct job *job);

/* {"id","kind","scope","state":"queued|running|done|failed|canceled|interrupted","phase","done","total","rate_per_s",
 *  "errors","last_errors":[],"started_at","finished_at","detail"} and what was ordered. */
int jobs_show(struct jobs *jobs, uint32_t id, struct text *out_json, struct error *err);

/* Newest first, as a JSON array; state NULL: all. */
int jobs_list(struct jobs *jobs, const char *state, uint32_t page, uint32_t limit,
              struct text *out_json, uint64_t *out_total, struct error *err);
int jobs_cancel(struct jobs *jobs, uint32_t id,
                struct error *err); /* PROVIDER_ECONFLICT: it has ended */
