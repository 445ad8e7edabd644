/* SPDX-License-Identifier: MIT
 *
 * One sync at a time, and what it left behind. */
#pragma once

#include "../test.h"

#include "service_stage.h"

#include <jansson.h>

#include "base/json.h"
#include "store/fetches.h"
#include "sync/sync_inside.h"

#include "../parts.h"

#define CHANGED(n) "D 1 2 {\"ids\":{\"tmdb\":" #n "}}\n"
#define WHOLE(n) "D 1 0 {\"ids\":{\"tmdb\":" #n "},\"title\":\"Film " #n "\"}\n"
#define TITLE(n, popularity)                                                                       \
    "D 7 0 {\"ids\":{\"tmdb\":" #n "},\"kind\":\"movie\",\"title\":\"T" #n                         \
    "\",\"popularity\":" #popularity "}\n"

static inline struct sync *open_sync(struct service *service)
{
    return sync_new(service->catalog, service->jobs, service->registry, service->store,
                    &service->conf);
}

static const char *const only_a[] = { "script_a", NULL };

static inline json_t *run(struct service *service, struct sync *sync, bool full,
                          const char *const *providers)
{
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    if (sync_start(sync, "movies", full, providers, &job, &joined, &err))
        fail_msg("%s", err.text);
    return service_wait_job(service, job);
}

static inline uint64_t waiting(struct service *service)
{
    uint64_t n = 0;
    assert_int_equal(fetches_count(service->store, &n, NULL), 0);
    return n;
}

static inline void assert_state(const json_t *job, const char *state)
{
    if (!text_equal(js_string(job, "state"), state))
        fail_msg("the job is %s (%s), not %s", js_string(job, "state"), js_string(job, "detail"),
                 state);
}

extern const struct test_part sync_missing_part;
extern const struct test_part sync_drain_part;
extern const struct test_part sync_whole_part;
