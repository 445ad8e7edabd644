/* SPDX-License-Identifier: MIT
 *
 * The webtorrent provider as its own files see it.  What stands above the lock never changes after
 * open(); the engine starts with the first operation that needs it, so that a daemon whose users
 * never touch a torrent opens no port. */
#pragma once

#include <miauflix/provider.h>
#include <pthread.h>

#include "webtorrent/engine.h"

enum { WEBTORRENT_MAX_DOCUMENT = 4 << 20 };

struct provider {
    struct provider_call
        *home; /* the call of open(): options, and a log for the engine's threads */
    struct engine_options options;

    pthread_mutex_t lock;
    struct engine *engine; /* NULL: not started yet */
};

/* The engine, started if need be; explains a failure. */
int webtorrent_engine(struct provider *self, struct provider_call *call, struct engine **out);

/* How a call's time is told to the engine. */
struct engine_wait webtorrent_wait(struct provider_call *call);

extern const struct provider_availability webtorrent_availability;
extern const struct provider_streams webtorrent_streams;

int webtorrent_resolve_magnet(struct provider *self, struct provider_call *call,
                              const char *magnet);
