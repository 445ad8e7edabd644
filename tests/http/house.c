/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "house.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "cache/answers.h"
#include "index/index.h"
#include "media/document.h"
#include "service/accounts.h"
#include "service/catalog.h"
#include "service/events.h"
#include "service/finder.h"
#include "service/images.h"
#include "service/intake.h"
#include "service/jobs.h"
#include "service/releases.h"
#include "service/streams.h"
#include "service/torrents.h"
#include "sync/sync.h"

void house_init(struct house *house)
{
    static const char *languages[] = { "en" };
    *house = (struct house){ .folder = "/tmp/miauflix-house-XXXXXX" };
    if (!mkdtemp(house->folder))
        fail_msg("no temporary folder");
    house->conf = (struct conf){
        .listen_address = "127.0.0.1",
        .http_threads = 24,
        .http_max_body = 4096,
        .http_request_timeout_ms = 600,
        .rate_per_minute = 0,
        .rate_burst = 1,
        .slow_queue_len = 8,
        .slow_workers = 2,
        .data_folder = house->folder,
        .cache_folder = house->folder,
        .durability = "batch",
        .store_cache_bytes = 4 << 20,
        .answer_cache_bytes = 8 << 20,
        .ttl_movies_s = 86400,
        .ttl_tvshows_s = 86400,
        .ttl_search_s = 60,
        .languages = { .values = languages, .n = 1 },
        .sync_workers = 2,
        .catalogue_scope = "all",
        .plugin_path = house->folder,
        .search_timeout_ms = 1000,
        .fetch_timeout_ms = 1000,
    };
}

static struct net_body_cache keep_pictures(struct house *house)
{
    struct error err = { 0 };
    CLEANUP(mem_free) char *folder = mem_format("%s/images", house->folder);
    if (bodies_open(folder, (uint64_t)house->conf.image_cache_bytes, &house->pictures, &err) != 0)
        fail_msg("%s", err.text);
    return bodies_cache(house->pictures);
}

static void open_services(struct house *house)
{
    struct app_services *services = &house->services;
    const struct conf *conf = &house->conf;
    struct error err = { 0 };
    CLEANUP(mem_free) char *path = mem_format("%s/store", house->folder);
    struct store_options store = { .path = path, .cache_bytes = 4 << 20 };
    struct net_options net = { .user_agent = "test", .max_body = 1 << 20 };
    struct registry_options registry = { .plugin_path = house->conf.plugin_path,
                                         .state_folder = house->folder,
                                         .providers = house->conf.providers,
                                         .n_providers = house->conf.n_providers };
    struct images_options pictures = { .max_asks = (uint32_t)conf->http_threads / 2 };
    services->conf = conf;
    if (store_open(&store, &services->store, &err) != 0 ||
        index_open(services->store, &rank_default_weights, &services->index, &err) != 0)
        fail_msg("%s", err.text);
    house->net = net_open(&net);
    registry.net = house->net;
    if (conf->image_cache_bytes)
        pictures.cache = keep_pictures(house);
    registry.http = house->http;
    services->registry = registry_open(&registry);
    services->answers = answers_new((uint64_t)conf->answer_cache_bytes);
    services->events = events_new();
    house->feed = feed_new(services->store, services->answers, services->events);
    services->catalog = catalog_new(services->store, services->registry, services->index, conf);
    catalog_keep_cards(services->catalog, services->answers);
    services->finder = finder_new(services->catalog, services->registry, conf);
    services->releases = releases_new(services->catalog, services->registry, conf);
    services->jobs = jobs_new(services->store, services->events);
    services->sync =
        sync_new(services->catalog, services->jobs, services->registry, services->store, conf);
    services->streams =
        streams_new(services->store, services->registry, (uint32_t)conf->max_streams);
    services->torrents = torrents_new(services->store, services->registry, services->jobs,
                                      services->streams, (unsigned)conf->slow_queue_len);
    services->accounts = accounts_new(services->store);
    services->images = images_new(house->net, services->registry, &pictures);
}

static void make_token(struct house *house, const char *user, uint32_t scopes, char *out)
{
    struct error err = { 0 };
    if (accounts_token_new(house->services.accounts, user, "test", scopes, 0, out, NULL, &err) != 0)
        fail_msg("%s", err.text);
}

void house_open(struct house *house)
{
    struct error err = { 0 };
    open_services(house);
    make_token(house, "rita", SCOPE_READ, house->reader);
    make_token(house, "steve", SCOPE_READ | SCOPE_STREAM, house->streamer);
    make_token(house, "walter", SCOPE_READ | SCOPE_WRITE, house->writer);
    make_token(house, "ada", SCOPE_READ | SCOPE_STREAM | SCOPE_WRITE | SCOPE_ADMIN, house->admin);
    house->app = app_new(&house->services);
    struct server_options options = {
        .address = house->conf.listen_address,
        .threads = (uint32_t)house->conf.http_threads,
        .request_timeout_ms = (uint32_t)house->conf.http_request_timeout_ms,
        .handler = app_handle,
        .refuse = app_refuse,
        .context = house->app,
    };
    if (server_open(&options, &house->server, &err) != 0)
        fail_msg("%s", err.text);
    house->port = server_port(house->server);
}

static int drop(const char *path, const struct stat *info UNUSED, int type UNUSED,
                struct FTW *walk UNUSED)
{
    return remove(path);
}

void house_close(struct house *house)
{
    struct app_services *services = &house->services;
    events_stop(services->events);
    streams_stop(services->streams);
    server_drain(house->server, clock_steady_ms() + 3000);
    server_close(house->server);
    app_free(house->app);
    jobs_stop(services->jobs);
    sync_free(services->sync);
    jobs_free(services->jobs);
    torrents_free(services->torrents);
    streams_free(services->streams);
    releases_free(services->releases);
    finder_free(services->finder);
    catalog_free(services->catalog);
    images_free(services->images);
    registry_close(services->registry);
    net_close(house->net);
    bodies_close(house->pictures);
    index_close(services->index);
    accounts_free(services->accounts);
    feed_free(house->feed);
    store_close(services->store);
    events_free(services->events);
    answers_free(services->answers);
    nftw(house->folder, drop, 16, FTW_DEPTH | FTW_PHYS);
}

int house_leave(void **state)
{
    house_close(*state);
    free(*state);
    return 0;
}

uint32_t house_add(struct house *house, uint32_t kind, const char *json)
{
    struct error err = { 0 };
    json_t *document = NULL;
    if (document_read(kind, 0, json, strlen(json), &document, &err) != 0)
        fail_msg("%s", err.text);
    struct intake_document one = { .kind = kind, .document = document };
    if (catalog_take(house->services.catalog, "tmdb", &one, 1, NULL, NULL, &err) != 0)
        fail_msg("%s", err.text);
    json_decref(document);
    return one.item_id;
}

uint32_t house_add_movie(struct house *house, const char *json)
{
    return house_add(house, PROVIDER_MOVIE, json);
}

void house_settle(struct house *house)
{
    uint64_t revision = store_revision(house->services.store);
    if (!index_wait(house->services.index, revision, clock_steady_ms() + 10000))
        fail_msg("the index does not follow");
}
