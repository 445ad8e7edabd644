/* SPDX-License-Identifier: MIT
 *
 * One request to the fake upstream and its status. */
#pragma once

#include "../net_world.h"

#include "../parts.h"

#define SCRIPT(world, target, ...)                                                                 \
    do {                                                                                           \
        static const struct fake_answer script_[] = { __VA_ARGS__ };                               \
        fake_upstream_script((world)->fake, target, script_, ARRAY_LEN(script_));                  \
    } while (0)

static inline int fetch(struct net_world *world, const struct provider_request *request,
                        struct error *err)
{
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int code = net_world_fetch(world, request, &answer, err);
    assert_int_equal(answer != NULL, code == 0);
    return code ? code : answer->response.status;
}

static inline int get(struct net_world *world, const char *url, struct error *err)
{
    return fetch(world,
                 &(struct provider_request){ .size = sizeof(struct provider_request), .url = url },
                 err);
}

static inline int get_until(struct net_world *world, const char *url, int64_t ms, struct error *err)
{
    const struct provider_request request = { .size = sizeof request, .url = url };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + ms };
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int code = upstream_fetch(world->upstream, &request, &wait, &answer, err);
    return code ? code : answer->response.status;
}

extern const struct test_part net_fetch_waits_part;
extern const struct test_part net_fetch_ways_part;
