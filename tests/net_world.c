/* SPDX-License-Identifier: MIT */
#include "net_world.h"

#include <time.h>

#include "base/text.h"

void net_world_configure(struct net_world *world, size_t n_mirrors)
{
    world->options.name = "fake";
    world->options.mirrors = world->mirrors;
    world->options.n_mirrors = n_mirrors;
    world->upstream = net_upstream(world->net, &world->options);
}

void net_world_open(struct net_world *world, const struct upstream_options *options,
                    const struct net_options *net_options)
{
    static const struct net_options plain = { .user_agent = "miauflixd/test" };
    *world = (struct net_world){ .fake = fake_upstream_start() };
    world->net = net_open(net_options ? net_options : &plain);
    if (options)
        world->options = *options;
    world->mirrors[0] = fake_upstream_url(world->fake);
    net_world_configure(world, 1);
}

void net_world_close(struct net_world *world)
{
    net_close(world->net);
    fake_upstream_stop(world->fake);
}

int net_world_fetch(struct net_world *world, const struct provider_request *request,
                    struct upstream_answer **out, struct error *err)
{
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 5000 };
    return upstream_fetch(world->upstream, request, &wait, out, err);
}

int net_world_get(struct net_world *world, const char *path, uint32_t max_age_s,
                  struct upstream_answer **out)
{
    CLEANUP(mem_free) char *url = mem_format("{base}%s", path);
    struct error err = { 0 };
    const struct provider_request request = { .size = sizeof request,
                                              .url = url,
                                              .max_age_s = max_age_s };
    if (net_world_fetch(world, &request, out, &err))
        fail_msg("%s: %s", path, err.text);
    return (*out)->response.status;
}

struct upstream_status net_world_status(struct net_world *world)
{
    struct upstream_status status;
    upstream_status(world->upstream, &status);
    return status;
}

bool net_world_await(struct net_world *world, bool (*holds)(const struct upstream_status *))
{
    static const struct timespec moment = { .tv_nsec = 1000000 };
    int64_t until_ms = clock_steady_ms() + 5000;
    while (clock_steady_ms() < until_ms) {
        struct upstream_status status = net_world_status(world);
        if (holds(&status))
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}
