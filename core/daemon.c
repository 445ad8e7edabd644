/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"
#include "base/clock.h"
#include "base/log.h"
#include "cache/answers.h"
#include "cache/bodies.h"
#include "config.h"
#include "control.h"
#include "index/index.h"
#include "notify.h"
#include "provider_memory.h"
#include "server.h"
#include "service/accounts.h"
#include "service/catalog.h"
#include "service/events.h"
#include "service/feed.h"
#include "service/finder.h"
#include "service/images.h"
#include "service/jobs.h"
#include "service/rederive.h"
#include "service/releases.h"
#include "service/streams.h"
#include "service/torrents.h"
#include "sync/sync.h"
#include "warm.h"

enum {
    DRAIN_MS = 3000,   /* what is under way gets that long to finish */
    WATCH_EVERY_S = 1, /* how often provider states are compared */
    MAX_PROVIDERS = 64,
    MAX_CONFS = 64, /* of reloads: what was read stays, since everybody borrows from it */
};

struct daemon {
    const struct command_line *line;
    struct conf *conf;
    struct conf *older[MAX_CONFS];
    size_t n_older;
    char *store_folder, *state_folder, *bodies_folder, *pictures_folder, *warm_file;

    struct store *store;
    struct bodies *bodies, *pictures;
    struct net *net;
    struct registry *registry;
    struct answers *answers;
    struct events *events;
    struct feed *feed;
    struct index *index;
    struct catalog *catalog;
    struct jobs *jobs;
    struct finder *finder;
    struct releases *releases;
    struct sync *sync;
    struct streams *streams;
    struct torrents *torrents;
    struct accounts *accounts;
    struct images *images;
    struct app *app;
    struct warm *warm;
    struct server *server;
    bool announced;

    char states[MAX_PROVIDERS][32]; /* as last told, by place in the registry */
};

static int make_folder(const char *path, struct error *err)
{
    return mkdir(path, 0700) && errno != EEXIST
               ? error_errno(err, errno, "cannot make the folder '%s'", path)
               : 0;
}

static int make_folders(struct daemon *daemon, struct error *err)
{
    const struct conf *conf = daemon->conf;
    daemon->store_folder = mem_format("%s/store", conf->data_folder);
    daemon->state_folder = mem_format("%s/state", conf->data_folder);
    daemon->bodies_folder = mem_format("%s/bodies", conf->cache_folder);
    daemon->pictures_folder = mem_format("%s/images", conf->cache_folder);
    daemon->warm_file = mem_format("%s/asked", conf->cache_folder);
    const char *const folders[] = { conf->data_folder,     daemon->store_folder,
                                    daemon->state_folder,  conf->cache_folder,
                                    daemon->bodies_folder, daemon->pictures_folder };
    int result = 0;
    for (size_t i = 0; !result && i < ARRAY_LEN(folders); i++)
        result = make_folder(folders[i], err);
    return result;
}

static int open_store(struct daemon *daemon, struct error *err)
{
    const struct conf *conf = daemon->conf;
    struct store_options options = {
        .path = daemon->store_folder,
        .sync_each_commit = text_equal(conf->durability, "sync"),
        .cache_bytes = (uint64_t)conf->store_cache_bytes,
    };
    return store_open(&options, &daemon->store, err);
}

/* A cache that cannot be had costs speed, not service. */
static struct net_body_cache open_cache(const char *folder, int64_t max_bytes, struct bodies **out)
{
    struct error err;
    if (bodies_open(folder, (uint64_t)max_bytes, out, &err) == 0)
        return bodies_cache(*out);
    log_warning("cache", "%s, working without this disk cache", err.text);
    return (struct net_body_cache){ 0 };
}

static void open_net(struct daemon *daemon)
{
    const struct conf *conf = daemon->conf;
    struct net_options options = {
        .user_agent = PACKAGE_NAME "/" PACKAGE_VERSION,
        .proxy = conf->proxy,
        .ca_file = conf->ca_file,
        .memory = provider_memory_of_net(daemon->store),
        .cache = open_cache(daemon->bodies_folder, conf->body_cache_bytes, &daemon->bodies),
    };
    daemon->net = net_open(&options);
}

static void open_registry(struct daemon *daemon)
{
    struct registry_options options = {
        .plugin_path = daemon->conf->plugin_path,
        .state_folder = daemon->state_folder,
        .net = daemon->net,
        .memory = provider_memory_of_plugins(daemon->store),
        .providers = daemon->conf->providers,
        .n_providers = daemon->conf->n_providers,
    };
    daemon->registry = registry_open(&options);
}

static int open_services(struct daemon *daemon, struct error *err)
{
    const struct conf *conf = daemon->conf;
    daemon->answers = answers_new((uint64_t)conf->answer_cache_bytes);
    daemon->events = events_new();
    daemon->feed = feed_new(daemon->store, daemon->answers, daemon->events);
    struct rank_weights weights;
    conf_weights(conf, &weights);
    int result = index_open(daemon->store, &weights, &daemon->index, err);
    if (result)
        return result;
    daemon->catalog = catalog_new(daemon->store, daemon->registry, daemon->index, conf);
    catalog_keep_cards(daemon->catalog, daemon->answers);
    daemon->jobs = jobs_new(daemon->store, daemon->events);
    daemon->finder = finder_new(daemon->catalog, daemon->registry, conf);
    daemon->releases = releases_new(daemon->catalog, daemon->registry, conf);
    daemon->sync = sync_new(daemon->catalog, daemon->jobs, daemon->registry, daemon->store, conf);
    daemon->streams = streams_new(daemon->store, daemon->registry,
                                  (uint32_t)MIN(conf->max_streams, conf->http_threads / 2));
    daemon->torrents = torrents_new(daemon->store, daemon->registry, daemon->jobs, daemon->streams,
                                    (unsigned)conf->slow_queue_len);
    daemon->accounts = accounts_new(daemon->store);
    struct images_options pictures = {
        .cache = open_cache(daemon->pictures_folder, conf->image_cache_bytes, &daemon->pictures),
        .max_asks = (uint32_t)conf->http_threads / 2,
    };
    daemon->images = images_new(daemon->net, daemon->registry, &pictures);
    return 0;
}

static int open_server(struct daemon *daemon, struct error *err)
{
    const struct conf *conf = daemon->conf;
    struct app_services services = {
        .conf = conf,
        .store = daemon->store,
        .registry = daemon->registry,
        .index = daemon->index,
        .catalog = daemon->catalog,
        .finder = daemon->finder,
        .releases = daemon->releases,
        .jobs = daemon->jobs,
        .sync = daemon->sync,
        .streams = daemon->streams,
        .torrents = daemon->torrents,
        .accounts = daemon->accounts,
        .events = daemon->events,
        .images = daemon->images,
        .answers = daemon->answers,
    };
    daemon->app = app_new(&services);
    daemon->warm = warm_new(daemon->app, daemon->warm_file);
    struct server_options options = {
        .address = conf->listen_address,
        .port = (uint16_t)conf->listen_port,
        .threads = (uint32_t)conf->http_threads,
        .request_timeout_ms = (uint32_t)conf->http_request_timeout_ms,
        .handler = app_handle,
        .refuse = app_refuse,
        .context = daemon->app,
    };
    return server_open(&options, &daemon->server, err);
}

/* Where we listen, for people, for scripts and for the operator's tool. */
static int announce(struct daemon *daemon, struct error *err)
{
    const struct conf *conf = daemon->conf;
    uint16_t port = server_port(daemon->server);
    CLEANUP(mem_free) char *url = mem_format("http://%s:%u", conf->listen_address, port);
    char token[ACCOUNTS_TOKEN_LEN];
    accounts_local_token(daemon->accounts, token);
    int result = control_write(conf->data_folder, url, token, err);
    if (result)
        return result;
    daemon->announced = true;
    log_notice("daemon", PACKAGE_NAME " " PACKAGE_VERSION ", %llu movies, listening on %s",
               (unsigned long long)index_count(daemon->index, PROVIDER_MOVIE), url);
    printf("listening on %s\n", url);
    fflush(stdout);
    notify_manager("READY=1");
    return 0;
}

/* Signals are taken by daemon_run() alone; threads started from here on inherit that. */
static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Also after a crash in the middle of it. */
static void start_rederiving(struct daemon *daemon)
{
    struct error err;
    if (rederive_start(daemon->catalog, daemon->jobs, &err))
        log_warning("daemon", "cannot derive the items anew: %s, the next start tries again",
                    err.text);
}

int daemon_open(const struct command_line *line, struct conf *conf, struct daemon **out,
                struct error *err)
{
    CLEANUP(daemon_close) struct daemon *daemon = mem_new(struct daemon);
    daemon->line = line;
    daemon->conf = conf;
    enum log_level level;
    if (log_level_parse(conf->log_level, &level))
        log_set_level(level);
    block_signals();
    umask(0077);
    int result = make_folders(daemon, err);
    if (!result)
        result = open_store(daemon, err);
    if (result)
        return result;
    open_net(daemon);
    open_registry(daemon);
    result = open_services(daemon, err);
    if (!result)
        result = open_server(daemon, err);
    if (!result)
        result = announce(daemon, err);
    if (result)
        return result;
    sync_resume(daemon->sync);
    start_rederiving(daemon);
    *out = steal(daemon);
    return 0;
}

static void tell_state(struct daemon *daemon, const struct provider_status *status, size_t place)
{
    const char *state = provider_state_name(status->state);
    if (text_equal(daemon->states[place], state))
        return;
    snprintf(daemon->states[place], sizeof daemon->states[place], "%s", state);
    CLEANUP(text_done) struct text data = TEXT_INIT(4096);
    text_add_string(&data, "{\"provider\":");
    text_add_json_string(&data, status->name);
    text_add_format(&data, ",\"state\":\"%s\"}", state);
    events_send(daemon->events, "provider", text_string(&data));
}

static void watch_providers(struct daemon *daemon)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    size_t n = registry_list(daemon->registry, &entries);
    for (size_t i = 0; i < n; i++) {
        provider_entry_status(entries[i], status);
        if (i < MAX_PROVIDERS)
            tell_state(daemon, status, i);
        provider_entry_unref(entries[i]);
    }
}

/* What was ranked by other weights, or is in the languages of before, is not answered again. */
static void reload_weights(struct daemon *daemon, const struct conf *conf)
{
    enum { LONGEST_MS = 30000 };
    struct rank_weights weights;
    conf_weights(conf, &weights);
    if (!index_set_weights(daemon->index, &weights, clock_steady_ms() + LONGEST_MS))
        log_warning("daemon", "the index is not ranked by the new weights yet, it will be later");
    answers_drop_all(daemon->answers);
}

static void reload(struct daemon *daemon)
{
    struct conf *fresh;
    struct error err;
    if (daemon->n_older == MAX_CONFS) {
        log_error("daemon", "reloaded too often, restart instead; going on as before");
        return;
    }
    if (command_line_conf(daemon->line, &fresh, &err)) {
        log_error("daemon", "%s, going on with the old configuration", err.text);
        return;
    }
    notify_manager("RELOADING=1");
    enum log_level level;
    if (log_level_parse(fresh->log_level, &level))
        log_set_level(level);
    registry_reload(daemon->registry, fresh->providers, fresh->n_providers);
    app_set_conf(daemon->app, fresh);
    catalog_set_policy(daemon->catalog, fresh);
    sync_set_conf(daemon->sync, fresh);
    reload_weights(daemon, fresh);
    start_rederiving(daemon);
    daemon->older[daemon->n_older++] = fresh;
    notify_manager("READY=1");
    log_notice("daemon",
               "providers, languages, precedence, limits, schedules and weights reloaded");
}

void daemon_run(struct daemon *daemon)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    const struct timespec watch = { .tv_sec = WATCH_EVERY_S };
    for (;;) {
        int signal_number = sigtimedwait(&set, NULL, &watch);
        if (signal_number == SIGHUP)
            reload(daemon);
        else if (signal_number > 0)
            break;
        watch_providers(daemon);
    }
    log_notice("daemon", "stopping");
    notify_manager("STOPPING=1");
}

/* What still wants to answer does; what waits for long work is told that it is over. */
static void stop_serving(struct daemon *daemon)
{
    if (!daemon->server)
        return;
    events_stop(daemon->events);
    catalog_stop(daemon->catalog);
    streams_stop(daemon->streams);
    if (!server_drain(daemon->server, clock_steady_ms() + DRAIN_MS))
        log_warning("daemon", "%u requests were still under way, cutting them",
                    server_in_flight(daemon->server));
}

static void close_services(struct daemon *daemon)
{
    jobs_stop(daemon->jobs);
    sync_free(daemon->sync);
    jobs_free(daemon->jobs);
    torrents_free(daemon->torrents);
    streams_free(daemon->streams);
    releases_free(daemon->releases);
    finder_free(daemon->finder);
    catalog_free(daemon->catalog);
    images_free(daemon->images);
    registry_close(daemon->registry);
    net_close(daemon->net);
    bodies_close(daemon->bodies);
    bodies_close(daemon->pictures);
    index_close(daemon->index);
    accounts_free(daemon->accounts);
    store_close(daemon->store);
    feed_free(daemon->feed);
    events_free(daemon->events);
    answers_free(daemon->answers);
}

void daemon_close(struct daemon *daemon)
{
    if (!daemon)
        return;
    if (daemon->announced)
        control_remove(daemon->conf->data_folder);
    stop_serving(daemon);
    server_close(daemon->server);
    warm_free(daemon->warm);
    app_free(daemon->app);
    close_services(daemon);
    free(daemon->store_folder);
    free(daemon->state_folder);
    free(daemon->bodies_folder);
    free(daemon->pictures_folder);
    free(daemon->warm_file);
    for (size_t i = 0; i < daemon->n_older; i++)
        conf_free(daemon->older[i]);
    conf_free(daemon->conf);
    free(daemon);
}
