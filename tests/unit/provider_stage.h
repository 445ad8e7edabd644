/* SPDX-License-Identifier: MIT
 *
 * A registry over the fault plugins for tests: its own state folder, HTTP from one script, state in
 * memory, a sink that counts.  One thread sets it up; calls may come from several. */
#pragma once

#include "provider/call.h"
#include "provider/registry.h"

enum { STAGE_MAX_VALUES = 4 };

struct stage {
    char folder[64];
    struct registry *registry;
    struct provider_settings settings;
    struct provider_setting values[STAGE_MAX_VALUES];
    char state[128]; /* the plugin's one state value */

    /* What http() answers. */
    int http_failure; /* a PROVIDER_E code, or 0 */
    const char *http_body;
    unsigned n_requests, n_released;
    bool http_hangs; /* until the deadline or cancelled */
};

/* Makes the folder; settings name `plugin`, enabled. */
void stage_begin(struct stage *stage, const char *plugin);
void stage_open(struct stage *stage);
void stage_close(struct stage *stage);

/* Closes and removes the folder. */
void stage_end(struct stage *stage);

/* Counts, and answers `code` from document `stop_after` on (0: never). */
struct stage_sink {
    unsigned n_documents, n_checkpoints;
    unsigned stop_after;
    uint32_t extra_kinds;
    int code;
    uint64_t done;
    char cursor[16];
};
struct call_sink stage_sink_of(struct stage_sink *sink);

/* One fetch of movie `id` within `ms`. */
int stage_fetch(struct stage *stage, const char *id, int64_t ms, struct stage_sink *sink,
                struct error *err);
void stage_status(struct stage *stage, struct provider_status *out);
