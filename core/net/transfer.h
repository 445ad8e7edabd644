/* SPDX-License-Identifier: MIT
 *
 * Inside the engine: one transfer and how its curl handle is dressed.  Engine and transfer only. */
#pragma once

#include <curl/curl.h>

#include "base/lock.h"
#include "net/engine.h"

enum { ENGINE_MAX_IDLE = 64 };

struct transfer {
    struct engine *engine;
    struct transfer *next, *next_leaving; /* engine->lock, then the engine's thread */
    CURL *easy;
    struct curl_slist *headers;
    struct response *response;
    const struct guard *guard; /* NULL: none, or the host is exempt */
    bool too_large, refused;
    char problem[CURL_ERROR_SIZE];

    /* The engine's thread alone. */
    bool running;
    struct transfer *run_prev, *run_next;

    struct lock lock;
    struct lock_condition ended;
    bool over;      /* lock; from then on all else is the owner's */
    bool dismissed; /* lock */
    enum transfer_end end;
    uint64_t bytes;
};

struct engine {
    CURLM *multi;
    pthread_t thread;
    char *user_agent, *proxy, *ca_file;
    uint32_t connect_timeout_ms;

    struct lock lock;
    struct transfer *incoming, *leaving; /* lock */
    bool awake;                          /* lock; a wake-up is on its way */
    bool stopping, stopped;              /* lock; stopped: queues are looked at no more */
    CURL *idle[ENGINE_MAX_IDLE];         /* lock; handles to use again */
    size_t n_idle;

    struct transfer *running; /* the engine's thread alone */
};

/* False when curl would not; the transfer then never runs. */
bool transfer_dress(struct transfer *transfer, const struct transfer_spec *spec);
