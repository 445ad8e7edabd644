/* SPDX-License-Identifier: MIT
 *
 * miauflix-sandbox: the services that miauflixd speaks to, on loopback, for tests and for trying it
 * out without accounts. */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "base/log.h"
#include "seeding.h"
#include "server.h"
#include "wire.h"

enum { DRAIN_MS = 2000, MAX_SCALE = 99000000, MAX_SHOWS = 2000000, THREADS = 128 };

struct settings {
    struct sandbox_options sandbox;
    const char *announce;
    const char *films;
    uint16_t port, tracker_port;
    uint32_t threads;
    bool exit_with_parent;
};

static const char usage[] =
    "Usage: miauflix-sandbox [OPTION]...\n"
    "Answers as TMDB and YTS do, on 127.0.0.1, with freely licensed and public-domain films and\n"
    "shows.\n"
    "\n"
    "  --port N            listen on port N; 0 (the default): any free one\n"
    "  --announce FILE     write the port into FILE once it answers\n"
    "  --scale N           add N invented films\n"
    "  --scale-shows N     add N invented shows\n"
    "  --seed N            invent others\n"
    "  --churn N           N films and N shows a second change by themselves (1.5 is fine)\n"
    "  --films FOLDER      seed the films there, which tests/sandbox/films.sh made; YTS lists "
    "them\n"
    "  --tracker-port N    and their tracker listens there when it can\n"
    "  --key KEY           the API key that is accepted\n"
    "                      (default " SANDBOX_KEY ")\n"
    "  --threads N         connections served at once (default 128)\n"
    "  --exit-with-parent  end when the process that started it ends\n"
    "  --help, --version\n"
    "\n"
    "While it runs: POST /sandbox/faults {\"route\": \"/3/movie/*\", \"fault\": \"429\"},\n"
    "DELETE /sandbox/faults, GET /sandbox/requests, POST /sandbox/change {\"id\": 45745} or\n"
    "{\"random\": 5}, POST /sandbox/remove {\"id\": 45745}, POST /sandbox/add {\"random\": 5},\n"
    "POST /sandbox/merge {\"id\": 1, \"into\": 2}, each of shows with \"kind\": \"tv\";\n"
    "POST /sandbox/list {\"id\": 9001, \"add\": [\"movie:19\"], \"remove\": [\"tv:900001001\"]}.\n"
    "With films: GET /sandbox/reels, GET /sandbox/reels/INFOHASH.torrent, DELETE /sandbox/peers "
    "and\n"
    "POST /sandbox/peers {\"infohash\": \"...\", \"manner\": \"corrupt\", \"honest\": false}; "
    "manners:\n"
    "honest, corrupt, lying, stalling, silent, huge_metadata, resetting, repenting, "
    "false_hashes.\n";

enum {
    OPTION_PORT = 256,
    OPTION_ANNOUNCE,
    OPTION_SCALE,
    OPTION_SCALE_SHOWS,
    OPTION_SEED,
    OPTION_CHURN,
    OPTION_FILMS,
    OPTION_TRACKER_PORT,
    OPTION_KEY,
    OPTION_THREADS,
    OPTION_EXIT,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options[] = {
    { "port", required_argument, NULL, OPTION_PORT },
    { "announce", required_argument, NULL, OPTION_ANNOUNCE },
    { "scale", required_argument, NULL, OPTION_SCALE },
    { "scale-shows", required_argument, NULL, OPTION_SCALE_SHOWS },
    { "seed", required_argument, NULL, OPTION_SEED },
    { "churn", required_argument, NULL, OPTION_CHURN },
    { "films", required_argument, NULL, OPTION_FILMS },
    { "tracker-port", required_argument, NULL, OPTION_TRACKER_PORT },
    { "key", required_argument, NULL, OPTION_KEY },
    { "threads", required_argument, NULL, OPTION_THREADS },
    { "exit-with-parent", no_argument, NULL, OPTION_EXIT },
    { "help", no_argument, NULL, OPTION_HELP },
    { "version", no_argument, NULL, OPTION_VERSION },
    { NULL, 0, NULL, 0 },
};

/* A number within its bounds, or a complaint. */
static bool read_number(int64_t max, int64_t *out)
{
    if (text_to_int(optarg, 0, max, out))
        return true;
    fprintf(stderr, "miauflix-sandbox: '%s' is no number from 0 to %lld\n", optarg, (long long)max);
    return false;
}

/* The options that are whole numbers. */
static bool read_numeric(int option, struct settings *settings)
{
    static const struct {
        int option;
        int64_t max;
    } bounds[] = {
        { OPTION_PORT, UINT16_MAX },       { OPTION_SCALE, MAX_SCALE },
        { OPTION_SCALE_SHOWS, MAX_SHOWS }, { OPTION_SEED, INT64_MAX },
        { OPTION_THREADS, 4096 },          { OPTION_TRACKER_PORT, UINT16_MAX },
    };
    int64_t number = 0;

    for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
        if (bounds[i].option == option && !read_number(bounds[i].max, &number))
            return false;
    }
    if (option == OPTION_PORT)
        settings->port = (uint16_t)number;
    else if (option == OPTION_TRACKER_PORT)
        settings->tracker_port = (uint16_t)number;
    else if (option == OPTION_SCALE)
        settings->sandbox.n_invented = (uint32_t)number;
    else if (option == OPTION_SCALE_SHOWS)
        settings->sandbox.n_shows = (uint32_t)number;
    else if (option == OPTION_SEED)
        settings->sandbox.seed = (uint64_t)number;
    else
        settings->threads = (uint32_t)MAX(number, 1);
    return true;
}

/* False when it is wrong; *out_done says that there is nothing more to do. */
static bool read_option(int option, struct settings *settings, bool *out_done)
{
    switch (option) {
    case '?':
        return false;
    case OPTION_CHURN:
        return text_to_double(optarg, &settings->sandbox.churn);
    case OPTION_FILMS:
        settings->films = optarg;
        return true;
    case OPTION_ANNOUNCE:
        settings->announce = optarg;
        return true;
    case OPTION_KEY:
        settings->sandbox.key = optarg;
        return true;
    case OPTION_EXIT:
        settings->exit_with_parent = true;
        return true;
    case OPTION_HELP:
        fputs(usage, stdout);
        *out_done = true;
        return true;
    case OPTION_VERSION:
        puts("miauflix-sandbox " PACKAGE_VERSION);
        *out_done = true;
        return true;
    default:
        return read_numeric(option, settings);
    }
}

/* Written beside and moved into place, so that who waits for the file never reads half of it. */
static bool announce(const char *path, uint16_t port)
{
    CLEANUP(mem_free) char *beside = mem_format("%s.new", path);
    FILE *file = fopen(beside, "w");
    if (!file)
        return false;
    fprintf(file, "%u\n", port);
    return fclose(file) == 0 && rename(beside, path) == 0;
}

static void wait_for_end(void)
{
    sigset_t set;
    int signal_number;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigwait(&set, &signal_number);
}

static void block_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int run(const struct settings *settings, const struct reels *reels)
{
    struct error err = { 0 };
    struct sandbox_options world = settings->sandbox;
    world.reels = reels;
    CLEANUP(sandbox_free) struct sandbox *sandbox = sandbox_new(&world, &err);
    if (!sandbox) {
        fprintf(stderr, "miauflix-sandbox: %s\n", err.text);
        return 1;
    }
    struct wire wire = { .sandbox = sandbox };
    struct server_options server_options = {
        .port = settings->port,
        .threads = settings->threads,
        .handler = wire_handle,
        .context = &wire,
    };
    struct server *server = NULL;
    if (server_open(&server_options, &server, &err)) {
        fprintf(stderr, "miauflix-sandbox: %s\n", err.text);
        return 1;
    }
    printf("miauflix-sandbox: listening on http://127.0.0.1:%u\n", server_port(server));
    fflush(stdout);
    bool announced = !settings->announce || announce(settings->announce, server_port(server));
    if (!announced)
        fprintf(stderr, "miauflix-sandbox: cannot write '%s'\n", settings->announce);
    else
        wait_for_end();
    __atomic_store_n(&wire.stopping, true, __ATOMIC_RELEASE);
    server_drain(server, clock_steady_ms() + DRAIN_MS);
    server_close(server);
    return announced ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct settings settings = { .threads = THREADS, .sandbox = { .seed = 1 } };
    bool done = false;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!read_option(option, &settings, &done)) {
            fputs("Try 'miauflix-sandbox --help'.\n", stderr);
            return 2;
        }
        if (done)
            return 0;
    }
    if (optind < argc) {
        fprintf(stderr, "miauflix-sandbox: what is '%s'?\n", argv[optind]);
        return 2;
    }
    if (settings.exit_with_parent)
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    block_signals();
    char why[SEEDING_WHY];
    const struct reels *reels =
        settings.films ? seeding_open(settings.films, settings.tracker_port, why) : NULL;
    if (settings.films && !reels) {
        fprintf(stderr, "miauflix-sandbox: --films: %s\n", why);
        return 1;
    }
    int status = run(&settings, reels);
    seeding_close(reels);
    return status;
}
