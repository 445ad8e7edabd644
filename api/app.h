/* SPDX-License-Identifier: MIT
 *
 * The API as a whole: what its routes work with, and the way of a request through checks, ready
 * answers and handlers.  app_new() after the services are there, app_free() after the server is
 * closed; app_handle() and app_refuse() are the server's callbacks, on its threads. */
#pragma once

#include "base/lock.h"
#include "conf/conf.h"
#include "reply.h"
#include "throttle.h"

struct accounts;
struct answers;
struct catalog;
struct events;
struct finder;
struct releases;
struct images;
struct index;
struct jobs;
struct sync;
struct streams;
struct torrents;

/* Borrowed; they outlive the app. */
struct app_services {
    const struct conf *conf;
    struct store *store;
    struct registry *registry;
    struct index *index;
    struct catalog *catalog;
    struct finder *finder;
    struct releases *releases;
    struct jobs *jobs;
    struct sync *sync;
    struct streams *streams;
    struct torrents *torrents;
    struct accounts *accounts;
    struct events *events;
    struct images *images;
    struct answers *answers;
};

enum { APP_LATENCIES = 10 };

/* What is counted with every request. */
struct app_traffic {
    uint64_t by_class[6];               /* 1xx .. 5xx at [1] .. [5] */
    uint64_t by_latency[APP_LATENCIES]; /* see app_latency_us */
    uint64_t latency_us;                /* their sum */
    uint64_t ready;                     /* from ready answers */
};
extern const uint64_t app_latency_us[APP_LATENCIES]; /* upper bounds; the last is UINT64_MAX */

/* Counters for /metrics; atomic. */
struct app_counters {
    struct {
        struct app_traffic traffic;
        char apart[LOCK_PLACE_BYTES];
    } places[LOCK_PLACES];
    uint64_t throttled;
    uint64_t warmed;    /* answers made before somebody asked */
    uint32_t listeners; /* of /api/events */
};

/* The traffic of all places. */
void app_traffic(const struct app_counters *counters, struct app_traffic *out);

struct app {
    struct app_services services;
    struct throttle *throttle;
    const struct conf_list *languages; /* atomic */
    int64_t started_at_ms;             /* wall */
    struct app_counters counters;
    struct text openapi; /* written once */
    uint8_t ticket_key[32];
};

struct app *app_new(const struct app_services *services);
void app_free(struct app *app);
DEFINE_CLEANUP(struct app *, app_free);

/* The request limits and the languages of a reloaded configuration, which outlives the app. */
void app_set_conf(struct app *app, const struct conf *conf);

/* What who names no language gets, best first. */
const struct conf_list *app_languages(const struct app *app);

void app_handle(struct exchange *exchange, void *app);
void app_refuse(struct exchange *exchange, int status, const char *reason, void *app);

/* Makes the answer of a ready key (ready.h) anew and keeps it, out of what the store has; false: it
 * is none that can be kept. */
bool app_prepare(struct app *app, const char *key, size_t key_len);

/* The languages a request wants; checked before, so this cannot fail. */
void app_wish(const struct app *app, const struct request *request, struct language_wish *out);
