/* SPDX-License-Identifier: MIT */
#include "cache/answers.h"
#include "index/index.h"
#include "provider/registry.h"
#include "routes.h"
#include "store/fetches.h"

static void declare(struct text *out, const char *name, const char *type, const char *help)
{
    text_add_format(out, "# HELP miauflix_%s %s\n# TYPE miauflix_%s %s\n", name, help, name, type);
}

static void add(struct text *out, const char *name, const char *type, const char *help,
                uint64_t value)
{
    declare(out, name, type, help);
    text_add_format(out, "miauflix_%s %llu\n", name, (unsigned long long)value);
}

static uint64_t load(const uint64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static void add_requests(struct text *out, const struct app_counters *counters)
{
    struct app_traffic traffic;
    app_traffic(counters, &traffic);
    declare(out, "http_requests_total", "counter", "Requests by class of status");
    for (size_t i = 1; i < ARRAY_LEN(traffic.by_class); i++)
        text_add_format(out, "miauflix_http_requests_total{class=\"%zuxx\"} %llu\n", i,
                        (unsigned long long)traffic.by_class[i]);
    declare(out, "http_request_seconds", "histogram", "Time from the request to its answer");
    uint64_t sum = 0;
    for (size_t i = 0; i < APP_LATENCIES; i++) {
        sum += traffic.by_latency[i];
        if (app_latency_us[i] == UINT64_MAX)
            text_add_string(out, "miauflix_http_request_seconds_bucket{le=\"+Inf\"}");
        else
            text_add_format(out, "miauflix_http_request_seconds_bucket{le=\"%g\"}",
                            (double)app_latency_us[i] / 1e6);
        text_add_format(out, " %llu\n", (unsigned long long)sum);
    }
    text_add_format(out, "miauflix_http_request_seconds_sum %g\n",
                    (double)traffic.latency_us / 1e6);
    text_add_format(out, "miauflix_http_request_seconds_count %llu\n", (unsigned long long)sum);
    add(out, "http_ready_total", "counter", "Answers that were ready", traffic.ready);
    add(out, "http_throttled_total", "counter", "Requests refused with 429",
        load(&counters->throttled));
    add(out, "event_listeners", "gauge", "Clients of /api/events",
        __atomic_load_n(&counters->listeners, __ATOMIC_RELAXED));
}

static void add_store(struct text *out, struct app *app)
{
    uint64_t waiting = 0;
    add(out, "store_revision", "counter", "Number of the last committed change",
        store_revision(app->services.store));
    if (fetches_count(app->services.store, &waiting, NULL) == 0)
        add(out, "store_waiting_fetches", "gauge", "Items that wait to be fetched", waiting);
    declare(out, "items", "gauge", "Items in the catalogue");
    text_add_format(out,
                    "miauflix_items{kind=\"movie\"} %llu\nmiauflix_items{kind=\"tvshow\"} %llu\n",
                    (unsigned long long)index_count(app->services.index, PROVIDER_MOVIE),
                    (unsigned long long)index_count(app->services.index, PROVIDER_TVSHOW));
    add(out, "index_bytes", "gauge", "Memory of the index", index_bytes(app->services.index));
}

static void add_cache(struct text *out, struct app *app)
{
    struct answers_status status = { 0 };
    if (app->services.answers)
        answers_status(app->services.answers, &status);
    add(out, "answers_hits_total", "counter", "Ready answers found", status.hits);
    add(out, "answers_misses_total", "counter", "Ready answers not found", status.misses);
    add(out, "answers_evictions_total", "counter", "Ready answers that made room",
        status.evictions);
    add(out, "answers_bytes", "gauge", "Memory of the ready answers", status.bytes);
    add(out, "answers_warmed_total", "counter", "Ready answers made before somebody asked",
        load(&app->counters.warmed));
}

/* One line per provider of what `pick` finds in its status. */
static void add_each(struct text *out, const struct provider_status *statuses, size_t n,
                     const char *name, const char *type, const char *help,
                     uint64_t (*pick)(const struct provider_status *))
{
    declare(out, name, type, help);
    for (size_t i = 0; i < n; i++)
        text_add_format(out, "miauflix_%s{provider=\"%s\"} %llu\n", name, statuses[i].name,
                        (unsigned long long)pick(&statuses[i]));
}

static uint64_t pick_active(const struct provider_status *status)
{
    return status->state == PROVIDER_STATE_ACTIVE;
}

static uint64_t pick_calls(const struct provider_status *status)
{
    return status->calls;
}

static uint64_t pick_failures(const struct provider_status *status)
{
    return status->failures;
}

static uint64_t pick_refused(const struct provider_status *status)
{
    return status->refused;
}

static uint64_t pick_requests(const struct provider_status *status)
{
    return status->upstream.requests;
}

static uint64_t pick_circuit(const struct provider_status *status)
{
    return status->upstream.circuit != UPSTREAM_CLOSED;
}

static void add_providers(struct text *out, struct app *app)
{
    static const struct {
        const char *name, *type, *help;
        uint64_t (*pick)(const struct provider_status *);
    } rows[] = {
        { "provider_active", "gauge", "1: in service", pick_active },
        { "provider_calls_total", "counter", "Calls into the plugin", pick_calls },
        { "provider_failures_total", "counter", "Calls that failed", pick_failures },
        { "provider_refused_total", "counter", "Documents refused", pick_refused },
        { "upstream_requests_total", "counter", "Requests sent upstream", pick_requests },
        { "upstream_circuit_open", "gauge", "1: open or testing itself", pick_circuit },
    };
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(app->services.registry, &entries);
    CLEANUP(mem_free)
    struct provider_status *statuses = mem_alloc_array(n + 1, sizeof *statuses);
    for (size_t i = 0; i < n; i++) {
        provider_entry_status(entries[i], &statuses[i]);
        provider_entry_unref(entries[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        add_each(out, statuses, n, rows[i].name, rows[i].type, rows[i].help, rows[i].pick);
}

void metrics_all(struct app *app, struct request *request, struct reply *reply)
{
    struct text *out = &reply->body;
    add_requests(out, &app->counters);
    add(out, "http_in_flight", "gauge", "Requests under way",
        server_in_flight(request->exchange->server));
    add(out, "http_clients", "gauge", "Users and addresses whose pace is remembered",
        throttle_count(app->throttle));
    add_store(out, app);
    add_cache(out, app);
    add_providers(out, app);
    reply->status = 200;
    reply->type = "text/plain; version=0.0.4";
    reply->max_age_s = -1;
}
