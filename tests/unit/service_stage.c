/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>
#include <time.h>

#include "../place.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "media/document.h"
#include "service/prove.h"
#include "store/ids.h"

static int64_t added_ms;

/* Both clocks answer this: the one that waits are measured by, and what was added. */
static int64_t shifted_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 +
           __atomic_load_n(&added_ms, __ATOMIC_RELAXED);
}

void service_pass_time(int64_t ms)
{
    __atomic_add_fetch(&added_ms, ms, __ATOMIC_RELAXED);
}

static struct service_route *find_route(struct service *service, const char *provider,
                                        const char *path) REQUIRES(service->lock)
{
    for (size_t i = 0; i < service->n_routes; i++)
        if (text_equal(service->routes[i].provider, provider) &&
            text_equal(service->routes[i].path, path))
            return &service->routes[i];
    assert_true(service->n_routes < SERVICE_MAX_ROUTES);
    struct service_route *route = &service->routes[service->n_routes++];
    snprintf(route->provider, sizeof route->provider, "%s", provider);
    snprintf(route->path, sizeof route->path, "%s", path);
    route->failure = PROVIDER_ENOTFOUND;
    return route;
}

static void set_route(struct service *service, const char *provider, const char *path, int failure,
                      const char *body, bool holds)
{
    LOCK_SCOPE(&service->lock);
    struct service_route *route = find_route(service, provider, path);
    free(route->body);
    route->body = mem_dup_text(body);
    route->failure = failure;
    route->holds = holds;
    route->age_s = 0;
    route->stale = false;
}

void service_age(struct service *service, const char *provider, const char *path, uint32_t age_s,
                 bool stale)
{
    LOCK_SCOPE(&service->lock);
    struct service_route *route = find_route(service, provider, path);
    route->age_s = age_s;
    route->stale = stale;
}

void service_answer(struct service *service, const char *provider, const char *path,
                    const char *body)
{
    set_route(service, provider, path, 0, body, false);
}

void service_fail(struct service *service, const char *provider, const char *path, int failure)
{
    set_route(service, provider, path, failure, NULL, false);
}

void service_hold(struct service *service, const char *provider, const char *path, const char *body)
{
    set_route(service, provider, path, 0, body, true);
}

void service_release(struct service *service, const char *provider, const char *path)
{
    LOCK_SCOPE(&service->lock);
    find_route(service, provider, path)->holds = false;
    lock_broadcast(&service->change);
}

unsigned service_asked(struct service *service, const char *provider, const char *path)
{
    LOCK_SCOPE(&service->lock);
    return find_route(service, provider, path)->n;
}

bool service_wait_asked(struct service *service, const char *provider, const char *path, unsigned n)
{
    int64_t until_ms = clock_steady_ms() + 10000;
    LOCK_SCOPE(&service->lock);
    while (find_route(service, provider, path)->n < n && clock_steady_ms() < until_ms)
        lock_wait_until(&service->change, &service->lock, clock_steady_ms() + 50);
    return find_route(service, provider, path)->n >= n;
}

static int answer(void *context, const char *provider, const struct provider_request *request,
                  const struct upstream_wait *wait, struct upstream_answer **out, struct error *err)
{
    struct service *service = context;
    LOCK_SCOPE(&service->lock);
    const char *path = request->url + strlen("http://script.test");
    struct service_route *route = find_route(service, provider, path);
    route->n++;
    lock_broadcast(&service->change);
    while (route->holds) {
        if (__atomic_load_n(wait->canceled, __ATOMIC_RELAXED))
            return error_set(err, PROVIDER_ECANCEL, "nobody waits any more");
        if (clock_steady_ms() >= wait->deadline_ms)
            return error_set(err, PROVIDER_ETIME, "upstream hangs");
        lock_wait_until(&service->change, &service->lock, clock_steady_ms() + 5);
    }
    if (route->failure)
        return error_set(err, route->failure, "%s: as the test says", path);
    struct upstream_answer *made = mem_new(struct upstream_answer);
    made->response = (struct provider_response){ .size = sizeof made->response,
                                                 .status = 200,
                                                 .age_s = route->age_s,
                                                 .stale = route->stale,
                                                 .body = mem_dup_text(route->body),
                                                 .body_len = strlen(route->body) };
    *out = made;
    return 0;
}

static void release(void *context UNUSED, struct upstream_answer *made)
{
    free((void *)(uintptr_t)made->response.body);
    free(made);
}

static void set_up_conf(struct service *service)
{
    static const char *languages[] = { "en" }, *precedence[] = { "script_a", "script_b" },
                      *scopes[] = { "movies" };
    service->conf = (struct conf){
        .http_threads = 200,
        .slow_queue_len = 16,
        .slow_workers = 4,
        .ttl_movies_s = 3600,
        .ttl_tvshows_s = 3600,
        .ttl_search_s = 600,
        .languages = { languages, 1 },
        .precedence = { precedence, 2 },
        .sync_scopes = { scopes, 1 },
        .sync_workers = 3,
        .catalogue_scope = "all",
        .search_timeout_ms = 5000,
        .fetch_timeout_ms = 5000,
    };
    service->settings[0] = (struct provider_settings){ .name = "script_a",
                                                       .file = "providers.d/a.conf",
                                                       .enabled = true };
    service->settings[1] = (struct provider_settings){ .name = "script_b",
                                                       .file = "providers.d/b.conf",
                                                       .enabled = true };
}

void service_open(struct service *service)
{
    static const struct index_pace pace = {
        .delta_every_ms = 1, .fold_every_ms = 20, .fold_idle_ms = 50, .fold_at = 5
    };
    struct error err = { 0 };
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free)
    char *plugins = mem_format("%s/tests/plugins/faults", build ? build : ".");
    CLEANUP(mem_free) char *path = mem_format("%s/store", service->folder);
    struct store_options options = { .path = path };
    if (store_open(&options, &service->store, &err) ||
        index_open_paced(service->store, &pace, &rank_default_weights, &service->index, &err))
        fail_msg("%s", err.text);
    service->registry = registry_open(&(struct registry_options){
        .plugin_path = plugins,
        .state_folder = service->folder,
        .http = { .context = service, .fetch = answer, .release = release },
        .providers = service->settings,
        .n_providers = 2 });
    service->catalog =
        catalog_new(service->store, service->registry, service->index, &service->conf);
    service->jobs = jobs_new(service->store, NULL);
}

void service_close(struct service *service)
{
    jobs_free(steal(service->jobs));
    catalog_free(steal(service->catalog));
    registry_close(steal(service->registry));
    index_close(steal(service->index));
    store_close(steal(service->store));
}

int service_begin(void **state)
{
    added_ms = 0;
    clock_set_source(shifted_clock);
    log_set_level(LOG_LEVEL_ERROR);
    struct service *service = mem_new(struct service);
    snprintf(service->folder, sizeof service->folder, "/tmp/miauflix-service-XXXXXX");
    assert_non_null(mkdtemp(service->folder));
    lock_init(&service->lock);
    lock_condition_init(&service->change);
    set_up_conf(service);
    derive_policy_init(&service->policy, &service->conf);
    service_open(service);
    *state = service;
    return 0;
}

int service_end(void **state)
{
    struct service *service = *state;
    jobs_free(steal(service->jobs));
    service_prove(service);
    service_close(service);
    for (size_t i = 0; i < service->n_routes; i++)
        free(service->routes[i].body);
    lock_condition_done(&service->change);
    lock_done(&service->lock);
    int failed = remove_folder(service->folder);
    free(service);
    clock_set_source(NULL);
    return failed;
}

uint32_t service_take(struct service *service, const char *provider, uint32_t kind, uint32_t flags,
                      const char *json)
{
    struct error err = { 0 };
    json_auto_t *document = NULL;
    if (document_read(kind, flags, json, strlen(json), &document, &err))
        fail_msg("%s", err.text);
    struct intake_document one = { .kind = kind, .flags = flags, .document = document };
    if (catalog_take(service->catalog, provider, &one, 1, NULL, NULL, &err))
        fail_msg("%s", err.text);
    return one.item_id;
}

static void complain(const char *finding, void *context)
{
    unsigned *n = context;
    *n += 1;
    print_message("# %s\n", finding);
}

void service_prove(struct service *service)
{
    unsigned n_reported = 0;
    uint64_t n = 0;
    struct error err = { 0 };
    struct prove prove = { .policy = &service->policy };
    struct maintenance_checks checks = { .report = complain,
                                         .context = &n_reported,
                                         .rederive = prove_item,
                                         .rederive_context = &prove,
                                         .prove_id = prove_id };
    if (maintenance_verify_tables(service->store, &checks, &n, &err))
        fail_msg("%s", err.text);
    assert_int_equal(n_reported, 0);
    assert_int_equal(n, 0);
}

uint32_t service_find(struct service *service, const char *external)
{
    uint32_t id = 0;
    return external_ids_find(service->store, PROVIDER_MOVIE, external, &id, NULL) ? 0 : id;
}

json_t *service_wait_job(struct service *service, uint32_t job)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(100000);
    struct error err = { 0 };
    int64_t until_ms = clock_steady_ms() + 20000;
    for (;;) {
        if (jobs_show(service->jobs, job, &text, &err))
            fail_msg("%s", err.text);
        json_t *row = json_loadb(text.bytes, text.len, 0, NULL);
        if (!text_equal(js_string(row, "state"), "running"))
            return row;
        json_decref(row);
        if (clock_steady_ms() > until_ms)
            fail_msg("job %u does not end", job);
        usleep(1000);
    }
}
