/* SPDX-License-Identifier: MIT
 *
 * The parts of a synchronisation of movies or of shows: first the daily id export, then the feeds,
 * from then on the changes.  Each moves the cursor on and leaves checkpoints.  On the thread of the
 * call. */
#pragma once

#include "tmdb/cursor.h"
#include "tmdb/rows.h"
#include "tmdb/scope.h"
#include "tmdb/tmdb.h"

struct sync {
    struct provider *self;
    struct provider_call *call;
    const struct scope *scope;
    struct cursor cursor;
    struct rows_seen seen; /* what was announced as changed already */
    bool at_once;          /* no checkpoints on the way */
    struct out document;
    uint64_t n_emitted, n_refused;
};

int sync_checkpoint(struct sync *sync);

/* Announces the rows of a list as changed, each item once; `day` is the one they changed on, NULL
 * when nobody says that they did. */
int sync_announce(struct sync *sync, const json_t *rows, const char *day);

int export_run(struct sync *sync);

/* The whole export at once, when there is one behind the cursor's. */
int export_list(struct sync *sync);
int feeds_run(struct sync *sync);
int changes_run(struct sync *sync);
