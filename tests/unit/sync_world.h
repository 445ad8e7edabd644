/* SPDX-License-Identifier: MIT
 *
 * Synchronisation against a TMDB without a network: the real plugin and the real
 * services over a store in a temporary folder, the sandbox at the other end of a pipe, and a clock
 * that only moves when the test says so.  Requests are counted and noted, and limited by the real
 * budgets. One thread sets it up; requests come from many. */
#pragma once

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/lock.h"
#include "conf/conf.h"
#include "index/index.h"
#include "net/pace.h"
#include "provider/registry.h"
#include "service/catalog.h"
#include "service/jobs.h"
#include "store/store.h"
#include "sync/sync.h"

#define WORLD_START_MS INT64_C(1795327200000) /* 2026-11-22 06:00:00 UTC */
#define WORLD_HOUR_MS INT64_C(3600000)
#define WORLD_DAY_MS (24 * WORLD_HOUR_MS)

enum { WORLD_KEPT = 1024 };

struct world_request {
    int64_t at_ms;
    char path[64]; /* without what follows '?' */
};

/* An answer by its URL, as the host's cache has it. */
struct world_kept {
    char *target;
    struct text reply;
    int64_t at_ms;
    int status;
};

struct world {
    char folder[64];
    struct conf conf;
    struct provider_settings settings;
    struct store *store;
    struct registry *registry;
    struct index *index;
    struct catalog *catalog;
    struct jobs *jobs;
    struct sync *sync;

    bool keeps;
    struct lock kept_lock; /* held while one that may be kept is asked for: the others wait */
    struct world_kept kept[WORLD_KEPT]; /* kept_lock */
    size_t n_kept;                      /* kept_lock */

    struct lock lock; /* guards what follows */
    pid_t sandbox;
    FILE *to_sandbox, *from_sandbox;
    struct pace pace;
    struct world_request *requests;
    size_t n_requests, room;
    uint64_t n_refused;
};

struct world_options {
    unsigned n_films, n_shows; /* invented ones, beside the real */
    bool quiet;                /* nothing is announced that did not change */
    bool feeds;                /* lists of what is popular are asked for each day */
    bool keeps;                /* answers are kept for as long as who asks allows */
    uint64_t budget_hour, budget_day;
    const char *changes, *lists, *export, *refresh; /* schedules */
};

struct world *world_new(const struct world_options *options);
void world_free(struct world *world);
DEFINE_CLEANUP(struct world *, world_free);

void world_set_clock(int64_t now_ms);

/* Tells the sandbox something: world_direct(world, "change", "{\"kind\":\"tv\",\"random\":2}"); the
 * answer is a new reference. */
json_t *world_direct(struct world *world, const char *what, const char *body);

/* Waits for every job to end; fails when one failed. */
void world_wait(struct world *world);

/* Syncs the scope now. */
void world_sync(struct world *world, const char *scope);

/* Runs the schedule until that time, as a daemon would; returns how many times something was
 * started or looked for. */
unsigned world_run_until(struct world *world, int64_t until_ms);

/* Requests since the `from`th whose path begins with `prefix`. */
size_t world_asked(struct world *world, size_t from, const char *prefix);

/* Everything in these tables as one number. */
uint64_t world_sum(struct world *world, const enum store_table *tables, size_t n);
