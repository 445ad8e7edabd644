/* SPDX-License-Identifier: MIT
 *
 * What the tests of plugins/webtorrent share: a swarm, a folder, a host and an engine that may talk
 * to loopback and to nothing else. */
#pragma once

#include "../place.h"
#include "fake_host.h"
#include "swarm.h"
#include "webtorrent/engine.h"

#define MODULE "plugins/webtorrent/webtorrent.la"

struct world {
    struct swarm *swarm;
    char folder[64];
};

static inline struct world *make_world(enum swarm_format format)
{
    struct world *world = mem_new(struct world);

    world->swarm = swarm_new(format);
    snprintf(world->folder, sizeof(world->folder), "/tmp/miauflix-webtorrent-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    return world;
}

static inline int make_v1(void **state)
{
    *state = make_world(SWARM_V1);
    return 0;
}

static inline int unmake(void **state)
{
    struct world *world = *state;

    swarm_free(world->swarm);
    remove_folder(world->folder);
    free(world);
    return 0;
}

static inline struct fake_host *make_host(const struct world *world)
{
    struct fake_host *host = fake_host_new(MODULE);

    fake_host_set_option(host, "folder", world->folder);
    fake_host_set_option(host, "listen", "127.0.0.1:0");
    fake_host_set_option(host, "allow_networks", "127.0.0.0/8");
    fake_host_set_option(host, "dht", "false");
    fake_host_set_option(host, "utp", "false");
    return host;
}

/* Asked `steps` times, it says that there is time; then that there is none. */
struct patience {
    unsigned steps;
};

static inline uint32_t spend(void *context)
{
    struct patience *patience = context;

    if (patience->steps == 0)
        return 0;
    patience->steps--;
    return 50;
}

static inline struct engine_wait patience_wait(struct patience *patience)
{
    return (struct engine_wait){ spend, patience };
}

static inline struct engine_options engine_options_of(const struct world *world)
{
    return (struct engine_options){ .folder = world->folder,
                                    .listen = "127.0.0.1:0",
                                    .allow_networks = "127.0.0.0/8",
                                    .connections = 50,
                                    .encryption = ENGINE_EITHER,
                                    .share_s = 300 };
}

static inline struct engine *start_engine(const struct engine_options *options)
{
    struct engine *engine = NULL;
    struct engine_error err;

    if (engine_open(options, &engine, &err) != 0)
        fail_msg("%s", err.text);
    return engine;
}

static inline struct engine *make_engine(const struct world *world, const char *allow,
                                         uint64_t disk_limit)
{
    struct engine_options options = engine_options_of(world);

    options.allow_networks = allow;
    options.disk_limit = disk_limit;
    return start_engine(&options);
}
