/* SPDX-License-Identifier: MIT
 *
 * Calls into a provider: each has a deadline, a way to cancel it, and a sink for what the plugin
 * emits.  What arrives at the sink has passed media/document.  A call runs on the caller's thread;
 * if the plugin does not come back `grace` after its deadline, the call is abandoned (the thread
 * that is stuck inside is kept aside), the caller gets PROVIDER_ETIME and the provider is taken out
 * of service. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct provider_entry; /* registry.h */

/* Where a call's output goes; functions run on a thread of the call, one at a time.  A nonzero
 * return ends the call. */
struct call_sink {
    void *context;
    /* Seasons and lists are no items: who can take them says so with a bit of 1 << PROVIDER_SEASON
     * or 1 << PROVIDER_LIST; otherwise they are left out. */
    uint32_t extra_kinds;
    /* `document` is borrowed. */
    int (*document)(void *context, uint32_t kind, uint32_t flags, json_t *document,
                    struct error *err);
    int (*checkpoint)(void *context, const char *cursor, struct error *err); /* may be NULL */
    void (*progress)(void *context, uint64_t done, uint64_t total);          /* may be NULL */
    /* How old an answer of the upstream is that the plugin was given, 0: fresh; `stale` when the
     * upstream is down and this is its last good one.  May be NULL. */
    void (*heard)(void *context, uint32_t age_s, bool stale);
};

struct call_wait {
    int64_t deadline_ms;          /* steady time */
    const volatile int *canceled; /* may be NULL */
    /* Asked now and then on the caller's thread, without waiting: nobody wants the answer any more.
     * May be NULL. */
    bool (*is_over)(void *context);
    void *context;
    bool background; /* nobody waits for it */
};

/* All: 0, or what the plugin answered, with its reason in *err; PROVIDER_ENOTSUP when it has no
 * such operation; PROVIDER_EBUSY when the provider is not in service. */
int call_search(struct provider_entry *provider, const struct provider_query *query,
                const struct call_wait *wait, const struct call_sink *sink, struct error *err);
int call_fetch(struct provider_entry *provider, uint32_t kind, const struct provider_id *id,
               const struct call_wait *wait, const struct call_sink *sink, struct error *err);
int call_sync(struct provider_entry *provider, const char *scope, const char *cursor,
              const struct call_wait *wait, const struct call_sink *sink, struct error *err);
int call_resolve_magnet(struct provider_entry *provider, const char *magnet,
                        const struct call_wait *wait, const struct call_sink *sink,
                        struct error *err);

/* The URL of a picture, through miauflix.images/1. */
int call_locate_image(struct provider_entry *provider, const char *kind, const char *path,
                      uint32_t width, const struct call_wait *wait, char *url, size_t url_size,
                      struct error *err);
