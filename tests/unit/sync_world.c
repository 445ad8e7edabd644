/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "sync_world.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../place.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "store/state.h"

enum { MAX_POLLS = 60000 };

static int64_t now_ms;

static int64_t scripted(void)
{
    return __atomic_load_n(&now_ms, __ATOMIC_RELAXED);
}

void world_set_clock(int64_t to_ms)
{
    __atomic_store_n(&now_ms, to_ms, __ATOMIC_RELAXED);
}

/* The plugin has only the C library to ask for the time: this program's time() comes before that
 * one. */
time_t time(time_t *out)
{
    time_t seconds = (time_t)(clock_wall_ms() / 1000);
    if (out)
        *out = seconds;
    return seconds;
}

/* --- The upstream */

static void note(struct world *world, const char *path) REQUIRES(world->lock)
{
    if (world->n_requests == world->room) {
        world->room = world->room * 2 + 256;
        world->requests = mem_resize(world->requests, world->room, sizeof *world->requests);
    }
    struct world_request *request = &world->requests[world->n_requests++];
    request->at_ms = scripted();
    snprintf(request->path, sizeof request->path, "%.*s", (int)strcspn(path, "?"), path);
}

static int pass_gate(struct world *world, const char *path, bool background, struct error *err)
{
    LOCK_SCOPE(&world->lock);
    if (pace_budget_ready_ms(&world->pace, scripted(), background)) {
        world->n_refused++;
        return error_set(err, PROVIDER_EBUSY, "its budget is used up");
    }
    pace_take(&world->pace, 0, scripted());
    note(world, path);
    return 0;
}

/* Asks the sandbox; *out is what it answers. */
static int ask(struct world *world, const char *method, const char *target, const char *body,
               struct text *out)
{
    LOCK_SCOPE(&world->lock);
    int status = 0;
    size_t len = 0;
    fprintf(world->to_sandbox, "%lld %s %s %zu\n%s", (long long)scripted(), method, target,
            strlen(body), body);
    fflush(world->to_sandbox);
    if (fscanf(world->from_sandbox, "%d %zu", &status, &len) != 2 ||
        fgetc(world->from_sandbox) != '\n')
        fail_msg("the sandbox is gone");
    CLEANUP(mem_free) char *bytes = mem_alloc(len + 1);
    assert_int_equal(fread(bytes, 1, len, world->from_sandbox), len);
    assert_true(text_add(out, bytes, len));
    return status;
}

json_t *world_direct(struct world *world, const char *what, const char *body)
{
    CLEANUP(mem_free) char *target = mem_format("/sandbox/%s", what);
    CLEANUP(text_done) struct text reply = TEXT_INIT(1 << 20);
    int status = ask(world, "POST", target, body, &reply);
    if (status != 200)
        fail_msg("%s %s: %d %s", what, body, status, text_string(&reply));
    json_t *out = json_loadb(reply.bytes, reply.len, 0, NULL);
    assert_non_null(out);
    return out;
}

static const char *no_header(const struct provider_response *response UNUSED,
                             const char *name UNUSED)
{
    return NULL;
}

static struct world_kept *find_kept(struct world *world, const char *target)
    REQUIRES(world->kept_lock)
{
    size_t at = 0;
    while (at < world->n_kept && strcmp(world->kept[at].target, target) != 0)
        at++;
    assert_true(at < WORLD_KEPT);
    if (at == world->n_kept)
        world->kept[world->n_kept++] =
            (struct world_kept){ .target = mem_dup_text(target), .reply = TEXT_INIT(64 << 20) };
    return &world->kept[at];
}

/* As the host does: one that is young enough will do, and the same is never asked for twice at
 * once. */
static int ask_unless_kept(struct world *world, const char *target, int64_t max_age_ms,
                           bool background, struct text *out, int *out_status, struct error *err)
{
    LOCK_SCOPE(&world->kept_lock);
    struct world_kept *kept = find_kept(world, target);
    if (!kept->status || scripted() - kept->at_ms >= max_age_ms) {
        int refused = pass_gate(world, target, background, err);
        if (refused)
            return refused;
        text_clear(&kept->reply);
        kept->status = ask(world, "GET", target, "", &kept->reply);
        kept->at_ms = scripted();
    }
    *out_status = kept->status;
    assert_true(text_add(out, text_string(&kept->reply), kept->reply.len));
    return 0;
}

static int answer(void *context, const char *provider UNUSED, const struct provider_request *asked,
                  const struct upstream_wait *wait, struct upstream_answer **out, struct error *err)
{
    static const char base[] = "{base}", exports[] = "http://sandbox";
    struct world *world = context;
    bool is_base = text_starts_with(asked->url, base);
    const char *rest = asked->url + (is_base ? sizeof base : sizeof exports) - 1;
    CLEANUP(mem_free) char *target = mem_format("%s%s", is_base ? "/3" : "", rest);
    CLEANUP(text_done) struct text reply = TEXT_INIT(64 << 20);
    bool may_keep = world->keeps && asked->max_age_s;
    int status = 0;
    int refused = may_keep ? ask_unless_kept(world, target, asked->max_age_s * INT64_C(1000),
                                             wait->background, &reply, &status, err)
                           : pass_gate(world, target, wait->background, err);
    if (refused)
        return refused;
    if (!may_keep)
        status = ask(world, "GET", target, "", &reply);
    struct upstream_answer *made = mem_new(struct upstream_answer);
    made->response = (struct provider_response){
        .size = sizeof made->response, .status = status, .body_len = reply.len, .header = no_header
    };
    made->response.body = text_take(&reply);
    *out = made;
    return 0;
}

static void release(void *context UNUSED, struct upstream_answer *made)
{
    free((void *)(uintptr_t)made->response.body);
    free(made);
}

/* --- What the plugin remembers */

static int recall(void *context, const char *provider, const char *key, struct text *out,
                  struct error *err)
{
    struct world *world = context;
    CLEANUP(mem_free) char *owner = mem_format("provider/%s", provider);
    return state_get(world->store, owner, key, out, err);
}

static int remember(void *context, const char *provider, const char *key, const char *value,
                    struct error *err)
{
    struct world *world = context;
    CLEANUP(mem_free) char *owner = mem_format("provider/%s", provider);
    return state_put(world->store, owner, key, value, err);
}

/* --- The world */

static void set_up_conf(struct world *world, const struct world_options *options)
{
    static const char *languages[] = { "en" }, *precedence[] = { "tmdb" },
                      *scopes[] = { "movies", "tvshows" };
    /* The default of catalogue.lists. */
    static const char *lists[] = { "tmdb:popular",         "tmdb:top_rated",
                                   "tmdb:upcoming",        "tmdb:now_playing",
                                   "tmdb:trending_day",    "tmdb:trending_week",
                                   "tmdb:popular_tvshows", "tmdb:top_rated_tvshows",
                                   "tmdb:on_the_air",      "tmdb:airing_today" };
    static const struct provider_setting plain[] = {
        { .name = "api_key", .value = "0123456789abcdef0123456789abcdef" },
        { .name = "export_url", .value = "http://sandbox/p/exports" },
        { .name = "feeds", .value = "none" },
        { .name = "tv_feeds", .value = "none" },
    };
    world->conf = (struct conf){
        .http_threads = 200,
        .slow_queue_len = 16,
        .slow_workers = 2,
        .ttl_movies_s = 86400,
        .ttl_tvshows_s = 21600,
        .ttl_search_s = 600,
        .languages = { languages, 1 },
        .precedence = { precedence, 1 },
        .sync_scopes = { scopes, 2 },
        .sync_workers = 3,
        .sync_changes = options->changes,
        .lists = { lists, options->lists ? ARRAY_LEN(lists) : 0 },
        .sync_lists = options->lists,
        .sync_export = options->export,
        .sync_refresh = options->refresh,
        .catalogue_scope = "all",
        .search_timeout_ms = 5000,
        .fetch_timeout_ms = 60000,
    };
    world->settings = (struct provider_settings){
        .name = "tmdb",
        .file = "providers.d/tmdb.conf",
        .enabled = true,
        .values = plain,
        .n_values = options->feeds ? 2 : 4,
        .call_timeout_ms = 600000,
    };
}

static void open_services(struct world *world)
{
    struct error err = { 0 };
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free) char *plugins = mem_format("%s/plugins/tmdb", build ? build : ".");
    CLEANUP(mem_free) char *path = mem_format("%s/store", world->folder);
    struct store_options options = { .path = path };
    if (store_open(&options, &world->store, &err) ||
        index_open(world->store, &rank_default_weights, &world->index, &err))
        fail_msg("%s", err.text);
    world->registry = registry_open(&(struct registry_options){
        .plugin_path = plugins,
        .state_folder = world->folder,
        .http = { .context = world, .fetch = answer, .release = release },
        .memory = { .context = world, .get = recall, .put = remember },
        .providers = &world->settings,
        .n_providers = 1 });
    world->catalog = catalog_new(world->store, world->registry, world->index, &world->conf);
    world->jobs = jobs_new(world->store, NULL);
    world->sync =
        sync_new(world->catalog, world->jobs, world->registry, world->store, &world->conf);
}

static void start_sandbox(struct world *world, const struct world_options *options)
{
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free) char *program = mem_format("%s/tests/sandbox/pipe", build ? build : ".");
    CLEANUP(mem_free) char *films = mem_format("%u", options->n_films);
    CLEANUP(mem_free) char *shows = mem_format("%u", options->n_shows);
    char quiet[] = { options->quiet ? '1' : '0', '\0' };
    char *arguments[] = { program, films, shows, quiet, NULL };
    int requests[2], replies[2];
    posix_spawn_file_actions_t actions;
    assert_int_equal(pipe2(requests, O_CLOEXEC), 0);
    assert_int_equal(pipe2(replies, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, requests[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, replies[1], STDOUT_FILENO);
    assert_int_equal(posix_spawn(&world->sandbox, program, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(requests[0]);
    close(replies[1]);
    world->to_sandbox = fdopen(requests[1], "w");
    world->from_sandbox = fdopen(replies[0], "r");
}

static void end_sandbox(struct world *world)
{
    fclose(world->to_sandbox); /* which it takes for the end */
    fclose(world->from_sandbox);
    waitpid(world->sandbox, NULL, 0);
}

struct world *world_new(const struct world_options *options)
{
    struct world *world = mem_new(struct world);
    world_set_clock(WORLD_START_MS);
    clock_set_source(scripted);
    log_set_level(LOG_LEVEL_ERROR);
    signal(SIGPIPE, SIG_IGN);
    lock_init(&world->lock);
    lock_init(&world->kept_lock);
    world->keeps = options->keeps;
    pace_set(&world->pace, 0, 0, options->budget_hour, options->budget_day);
    snprintf(world->folder, sizeof world->folder, "/tmp/miauflix-world-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    start_sandbox(world, options);
    set_up_conf(world, options);
    open_services(world);
    return world;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    jobs_stop(world->jobs);
    sync_free(world->sync);
    jobs_free(world->jobs);
    catalog_free(world->catalog);
    registry_close(world->registry);
    index_close(world->index);
    store_close(world->store);
    end_sandbox(world);
    lock_done(&world->lock);
    lock_done(&world->kept_lock);
    for (size_t i = 0; i < world->n_kept; i++) {
        free(world->kept[i].target);
        text_done(&world->kept[i].reply);
    }
    clock_set_source(NULL);
    remove_folder(world->folder);
    free(world->requests);
    free(world);
}

/* --- Jobs */

static bool is_running(struct world *world)
{
    CLEANUP(text_done) struct text list = TEXT_INIT(1 << 20);
    uint64_t n = 0;
    assert_int_equal(jobs_list(world->jobs, "running", 1, 10, &list, &n, NULL), 0);
    return n > 0;
}

static void check_none_failed(struct world *world)
{
    CLEANUP(text_done) struct text list = TEXT_INIT(1 << 20);
    uint64_t n = 0;
    assert_int_equal(jobs_list(world->jobs, "failed", 1, 10, &list, &n, NULL), 0);
    if (n)
        fail_msg("%s", text_string(&list));
}

void world_wait(struct world *world)
{
    for (unsigned i = 0; is_running(world); i++) {
        if (i == MAX_POLLS)
            fail_msg("a job does not end");
        usleep(1000);
    }
    check_none_failed(world);
}

void world_sync(struct world *world, const char *scope)
{
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    if (sync_start(world->sync, scope, false, NULL, &job, &joined, &err))
        fail_msg("%s", err.text);
    world_wait(world);
}

unsigned world_run_until(struct world *world, int64_t until_ms)
{
    unsigned n = 0;
    for (;; n++) {
        int64_t next_ms = sync_tick(world->sync);
        world_wait(world);
        if (next_ms > until_ms)
            break;
        world_set_clock(MAX(next_ms, scripted() + 1));
    }
    world_set_clock(until_ms);
    return n;
}

size_t world_asked(struct world *world, size_t from, const char *prefix)
{
    LOCK_SCOPE(&world->lock);
    size_t n = 0;
    for (size_t i = from; i < world->n_requests; i++)
        n += text_starts_with(world->requests[i].path, prefix);
    return n;
}

static int add_row(const void *key, size_t key_len, const void *value, size_t value_len,
                   void *context)
{
    uint64_t *sum = context;
    *sum += text_hash(key, key_len) * 31 + text_hash(value, value_len);
    return 0;
}

uint64_t world_sum(struct world *world, const enum store_table *tables, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(store_walk(world->store, tables[i], NULL, 0, add_row, &sum, NULL), 0);
    return sum;
}
