/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/clock.h"
#include "base/json.h"
#include "cache/answers.h"
#include "index/index.h"
#include "provider/registry.h"
#include "routes.h"
#include "service/catalog.h"
#include "service/errands.h"
#include "store/fetches.h"

void status_health(struct app *app UNUSED, struct request *request, struct reply *reply)
{
    bool draining = server_is_draining(request->exchange->server);
    text_add_string(&reply->body, draining ? "{\"status\":\"stopping\"}" : "{\"status\":\"ok\"}");
    reply->status = draining ? 503 : 200;
    reply->max_age_s = -1;
}

static void set_count(json_t *object, const char *key, uint64_t value)
{
    js_set(object, key, json_integer((json_int_t)value));
}

static json_t *store_of(struct app *app)
{
    json_t *store = json_object();
    uint64_t waiting = 0;
    set_count(store, "revision", store_revision(app->services.store));
    js_set(store, "durability", json_string(app->services.conf->durability));
    if (fetches_count(app->services.store, &waiting, NULL) == 0)
        set_count(store, "waiting_fetches", waiting);
    return store;
}

static json_t *index_of(struct app *app)
{
    json_t *index = json_object();
    set_count(index, "movies", index_count(app->services.index, PROVIDER_MOVIE));
    set_count(index, "tvshows", index_count(app->services.index, PROVIDER_TVSHOW));
    set_count(index, "bytes", index_bytes(app->services.index));
    return index;
}

static json_t *cache_of(struct app *app)
{
    struct answers_status status = { 0 };
    if (app->services.answers)
        answers_status(app->services.answers, &status);
    json_t *cache = json_object();
    set_count(cache, "entries", status.entries);
    set_count(cache, "bytes", status.bytes);
    set_count(cache, "hits", status.hits);
    set_count(cache, "misses", status.misses);
    set_count(cache, "evictions", status.evictions);
    set_count(cache, "warmed", __atomic_load_n(&app->counters.warmed, __ATOMIC_RELAXED));
    return cache;
}

static json_t *http_of(struct app *app, const struct request *request)
{
    json_t *http = json_object();
    set_count(http, "in_flight", server_in_flight(request->exchange->server));
    set_count(http, "listeners", __atomic_load_n(&app->counters.listeners, __ATOMIC_RELAXED));
    set_count(http, "throttled", __atomic_load_n(&app->counters.throttled, __ATOMIC_RELAXED));
    return http;
}

/* Fetches on demand and searches at the providers. */
static json_t *queue_of(struct app *app)
{
    struct errands_status status;
    catalog_queue_status(app->services.catalog, &status);
    json_t *queue = json_object();
    set_count(queue, "running", status.running);
    set_count(queue, "waiting", status.waiting);
    set_count(queue, "limit", status.queue_len);
    set_count(queue, "done", status.done);
    set_count(queue, "joined", status.joined);
    set_count(queue, "refused", status.refused);
    return queue;
}

static json_t *providers_of(struct app *app)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    size_t n = registry_list(app->services.registry, &entries);
    json_t *providers = json_object();
    for (size_t i = 0; i < n; i++) {
        provider_entry_status(entries[i], status);
        js_set(providers, status->name, json_string(provider_state_name(status->state)));
        provider_entry_unref(entries[i]);
    }
    return providers;
}

void status_all(struct app *app, struct request *request, struct reply *reply)
{
    char started[CLOCK_TEXT_LEN];
    json_t *status = json_object();
    js_set(status, "name", json_string("miauflixd"));
    js_set(status, "version", json_string(PACKAGE_VERSION));
    js_set(status, "started_at", json_string(clock_format(app->started_at_ms, started)));
    set_count(status, "uptime_s", (uint64_t)((clock_wall_ms() - app->started_at_ms) / 1000));
    js_set(status, "store", store_of(app));
    js_set(status, "index", index_of(app));
    js_set(status, "cache", cache_of(app));
    js_set(status, "queue", queue_of(app));
    js_set(status, "http", http_of(app, request));
    js_set(status, "providers", providers_of(app));
    reply->max_age_s = -1;
    reply_value(reply, 200, status);
}
