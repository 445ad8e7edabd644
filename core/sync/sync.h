/* SPDX-License-Identifier: MIT
 *
 * Synchronisation: a provider's sync() says what changed; the core fetches that side by side within
 * the budget, most popular first, and resumes after a crash where its last checkpoint was.  Any
 * thread. */
#pragma once

#include "service/catalog.h"
#include "service/jobs.h"

struct sync;
struct sync *sync_new(struct catalog *catalog, struct jobs *jobs, struct registry *registry,
                      struct store *store, const struct conf *conf);
void sync_free(struct sync *sync);
DEFINE_CLEANUP(struct sync *, sync_free);

/* Starts or joins a sync of a scope ("movies"; "lists" are all of the configuration, "list:28" is
 * one; "export:movies" compares with the list of everything, "refresh" fetches what is due,
 * "availability" looks at swarms that are); full
 * forgets the cursors first.  providers ends with NULL, or is NULL: all that can sync.
 * PROVIDER_EINVAL names a provider that is unknown; PROVIDER_EBUSY: none is in service;
 * PROVIDER_ECONFLICT: *out_job runs and does less than this, being incremental or of other
 * providers. */
int sync_start(struct sync *sync, const char *scope, bool full, const char *const *providers,
               uint32_t *out_job, bool *out_joined, struct error *err);

/* Whether the configuration names this list, so that the next sync would bring it back. */
bool sync_keeps_list(struct sync *sync, const char *provider, const char *name);

/* Starts what is due or was cut off; returns the wall time at which to call it again, INT64_MAX
 * when nothing will be due.  One thread at a time. */
int64_t sync_tick(struct sync *sync);

/* Other schedules, scopes and lists from here on; what runs goes on as it began.  `conf` is
 * borrowed until sync_free(). */
void sync_set_conf(struct sync *sync, const struct conf *conf);

/* Goes on with what a crash or stop interrupted, and starts what the schedule says is due; called
 * once after start. */
void sync_resume(struct sync *sync);
