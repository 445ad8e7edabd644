/* SPDX-License-Identifier: MIT
 *
 * A net with one upstream, "fake", that leads to a scripted server, for the tests of core/net.
 * Errors end the test. */
#pragma once

#include "test.h"

#include "base/clock.h"
#include "fake_upstream.h"
#include "net/net.h"

struct net_world {
    struct fake_upstream *fake;
    struct net *net;
    struct upstream *upstream;
    const char *mirrors[4];
    struct upstream_options options;
};

/* Numbers of `options` count, its name and mirrors do not; NULL: no limits, no retries. */
void net_world_open(struct net_world *world, const struct upstream_options *options,
                    const struct net_options *net_options);
void net_world_close(struct net_world *world);
DEFINE_CLEANUP_VALUE(struct net_world, net_world_close);

/* Takes world->options over again, with the first `n` of world->mirrors. */
void net_world_configure(struct net_world *world, size_t n_mirrors);

/* With five seconds of time. */
int net_world_fetch(struct net_world *world, const struct provider_request *request,
                    struct upstream_answer **out, struct error *err);

/* A GET of "{base}" and `path` that has to be answered; its status. */
int net_world_get(struct net_world *world, const char *path, uint32_t max_age_s,
                  struct upstream_answer **out);

struct upstream_status net_world_status(struct net_world *world);

/* Waits until a counter has reached its value, at most five seconds. */
bool net_world_await(struct net_world *world, bool (*holds)(const struct upstream_status *));
