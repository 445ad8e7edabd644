/* SPDX-License-Identifier: MIT
 *
 * Routes against a constant answer of the same size from a bare CivetWeb handler, in one process
 * and in turns, so that the machine's moods touch both alike.  Each once with ready answers and
 * once made anew for every request.  Two ways of counting: requests per second as wrk sees them,
 * which is what is promised, and, with clients of our own, requests per second of processor time,
 * the clients' included: the stricter one, and the one to go by without wrk.  Prints the medians of
 * the turns' ratios and fails when they miss what is promised. */
#include "../test.h"

#include <civetweb.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../http/house.h"
#include "../http/raw.h"
#include "base/clock.h"
#include "bench.h"

enum {
    CLIENTS = 16,
    ROUNDS = 11,
    MAX_ROUNDS = ROUNDS,
    ROUND_MS = 150,
    MAX_ANSWER = 256 << 10,
    FILMS = 3000
};
enum { WRK_ROUNDS = 9, WRK_SECONDS = 1 };

struct constant {
    char *bytes;
    size_t len;
};

static int answer_constant(struct mg_connection *connection, void *context)
{
    const struct constant *constant = context;
    mg_write(connection, constant->bytes, constant->len);
    return 200;
}

static struct mg_context *open_bare(struct constant *constant, uint16_t *out_port)
{
    static const struct mg_callbacks none;
    char threads[16];
    snprintf(threads, sizeof threads, "%d", CLIENTS + 4);
    const char *settings[] = {
        "listening_ports",
        "127.0.0.1:0",
        "num_threads",
        threads,
        "enable_keep_alive",
        "yes",
        "keep_alive_timeout_ms",
        "10000",
        "request_timeout_ms",
        "10000",
        "tcp_nodelay",
        "1",
        "decode_url",
        "no",
        "decode_query_string",
        "no",
        NULL,
    };
    struct mg_server_port port;
    struct mg_context *bare = mg_start(&none, NULL, settings);
    if (!bare || mg_get_server_ports(bare, 1, &port) != 1)
        fail_msg("no bare server");
    mg_set_request_handler(bare, "/", answer_constant, constant);
    *out_port = (uint16_t)port.port;
    return bare;
}

struct client {
    pthread_t thread;
    uint16_t port;
    const char *request;
    size_t answer_len;
    int64_t until_ms;
    uint64_t done;
};

static bool read_exactly(int fd, char *buffer, size_t len)
{
    for (size_t got = 0; got < len;) {
        ssize_t n = read(fd, buffer, MIN(len - got, (size_t)MAX_ANSWER));
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

static void *run_client(void *argument)
{
    struct client *client = argument;
    CLEANUP(fd_close) int fd = raw_connect(client->port);
    CLEANUP(mem_free) char *buffer = mem_alloc(MAX_ANSWER);
    size_t len = strlen(client->request);
    while (clock_steady_ms() < client->until_ms) {
        if (!raw_send(fd, client->request, len) || !read_exactly(fd, buffer, client->answer_len))
            break;
        client->done++;
    }
    return NULL;
}

/* User and system time of this process: both ends of the connections. */
static double cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Requests per second of processor time, in one round: what others do on the machine matters less
 * than to requests per second of the clock. */
static double run_round(uint16_t port, const char *request, size_t answer_len)
{
    struct client clients[CLIENTS];
    uint64_t done = 0;
    int64_t begun_ms = clock_steady_ms();
    double begun_us = cpu_us();
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){ .port = port,
                                      .request = request,
                                      .answer_len = answer_len,
                                      .until_ms = begun_ms + ROUND_MS };
        pthread_create(&clients[i].thread, NULL, run_client, &clients[i]);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        done += clients[i].done;
    }
    return (double)done * 1e6 / (cpu_us() - begun_us);
}

struct comparison {
    const char *name, *target;
    const char *more; /* headers; "If-None-Match: " gets the tag of the answer */
    double least;     /* 0: nothing is promised */
};

static char *request_of(const struct house *house, const struct comparison *comparison)
{
    char *plain = mem_format("GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
                             "User-Agent: bench\r\nAuthorization: Bearer %s\r\n\r\n",
                             comparison->target, house->reader);
    if (!comparison->more)
        return plain;
    CLEANUP(text_done) struct text answer = TEXT_INIT(MAX_ANSWER);
    raw_ask(house->port, plain, &answer);
    char *request = mem_format("%.*s%s%s\r\n\r\n", (int)strlen(plain) - 2, plain, comparison->more,
                               raw_header(answer.bytes, "ETag"));
    free(plain);
    return request;
}

static int say(const struct comparison *comparison, const char *how, const char *unit, double value,
               double ratio, bool promised)
{
    char promise[40], name[80];
    snprintf(promise, sizeof promise, "at least %.2f", comparison->least);
    snprintf(name, sizeof name, "%s, %s", comparison->name, how);
    struct bench_line line = { .name = name,
                               .unit = unit,
                               .value = value,
                               .ratio = ratio,
                               .reference = "a constant answer of that size",
                               .promise = promised && comparison->least > 0 ? promise : NULL,
                               .kept = ratio >= comparison->least };
    return bench_say(&line);
}

/* Two servers that answer the same. */
struct pair {
    uint16_t ours, bare;
    const char *request;
    size_t answer_len;
};

/* What the command says, line by line; NULL: it cannot be started. */
static FILE *start_shell(const char *command, pid_t *out_pid)
{
    int ends[2];
    char shell[] = "sh", option[] = "-c";
    char *const arguments[] = { shell, option, (char *)(uintptr_t)command, NULL };
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    int failed = posix_spawnp(out_pid, "sh", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!failed)
        return fdopen(ends[0], "r");
    close(ends[0]);
    return NULL;
}

/* Requests per second; 0: wrk is not there. */
static double count_by_wrk(const struct comparison *comparison, const struct pair *pair,
                           uint16_t port)
{
    CLEANUP(text_done) struct text command = TEXT_INIT(4096);
    char line[256];
    double rate = 0;
    text_add_format(&command, "wrk -t1 -c%d -d%d", CLIENTS, WRK_SECONDS);
    for (const char *at = strstr(pair->request, "\r\n") + 2; *at != '\r';
         at = strstr(at, "\r\n") + 2)
        text_add_format(&command, " -H '%.*s'", (int)strcspn(at, "\r"), at);
    text_add_format(&command, " 'http://127.0.0.1:%u%s' 2>/dev/null", port, comparison->target);
    pid_t pid;
    FILE *wrk = start_shell(text_string(&command), &pid);
    while (wrk && fgets(line, sizeof line, wrk))
        sscanf(line, "Requests/sec: %lf", &rate);
    if (wrk) {
        fclose(wrk);
        waitpid(pid, NULL, 0);
    }
    return rate;
}

/* Requests per second of processor time. */
static double count_by_cpu(const struct comparison *comparison, const struct pair *pair,
                           uint16_t port)
{
    (void)comparison;
    return run_round(port, pair->request, pair->answer_len);
}

typedef double counting(const struct comparison *comparison, const struct pair *pair,
                        uint16_t port);

/* Each turn of ours lies between two of the reference, so that a machine that grows faster or
 * slower meanwhile favours neither.  False: nothing could be counted. */
static bool count_in_turns(const struct comparison *comparison, const struct pair *pair,
                           counting *count, int n, double *out_rate, double *out_ratio)
{
    double ours[MAX_ROUNDS], ratios[MAX_ROUNDS];
    double before = count(comparison, pair, pair->bare);
    for (int i = 0; i < n; i++) {
        ours[i] = count(comparison, pair, pair->ours);
        double after = count(comparison, pair, pair->bare);
        if (before <= 0 || after <= 0)
            return false;
        ratios[i] = 2 * ours[i] / (before + after);
        before = after;
    }
    *out_rate = bench_median(ours, (size_t)n);
    *out_ratio = bench_median(ratios, (size_t)n);
    return true;
}

/* 1 when it is slower than promised. */
static int compare_with_constant(const struct house *house, const char *how,
                                 const struct comparison *comparison)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(MAX_ANSWER);
    CLEANUP(mem_free) char *request = request_of(house, comparison);
    raw_ask(house->port, request, &answer);
    text_clear(&answer);
    int status = raw_ask(house->port, request, &answer); /* this one is ready */
    struct constant constant = { .len = answer.len, .bytes = answer.bytes };
    struct pair pair = { .ours = house->port, .request = request, .answer_len = answer.len };
    struct mg_context *bare = open_bare(&constant, &pair.bare);
    int broken = 0;
    printf("# %s: %d, %zu bytes\n", comparison->target, status, constant.len);
    double rate, ratio;
    bool by_wrk = count_in_turns(comparison, &pair, count_by_wrk, WRK_ROUNDS, &rate, &ratio);
    if (by_wrk)
        broken += say(comparison, how, "/s by wrk", rate, ratio, true);
    count_in_turns(comparison, &pair, count_by_cpu, ROUNDS, &rate, &ratio);
    broken += say(comparison, how, "/CPU s", rate, ratio, !by_wrk);
    mg_stop(bare);
    return broken;
}

/* --- What is asked for */

static uint32_t add_film(struct house *house, int number)
{
    static const char *const words[] = { "silent", "river",  "night", "house",  "last", "garden",
                                         "stone",  "winter", "red",   "island", "lost", "letter" };
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    unsigned n = (unsigned)number * 2654435761u;
    text_add_format(&json,
                    "{\"ids\":{\"tmdb\":%d},\"title\":\"The %s %s %d\",\"popularity\":%u,"
                    "\"release_date\":\"%u-03-01\",\"genres\":[\"drama\"],\"votes\":100,"
                    "\"original_language\":\"en\",\"overview\":\"A girl looks for a dragon that "
                    "she found, healed and lost, through snow, desert and a long night.\","
                    "\"cast\":[",
                    number, words[(n >> 8) % 12], words[(n >> 16) % 12], number, n >> 22,
                    1950 + (n >> 4) % 70);
    for (int i = 0; i < (number > 1 ? 5 : 60); i++)
        text_add_format(&json, "%s{\"name\":\"Player %d\",\"character\":\"Part %d\",\"order\":%d}",
                        i ? "," : "", i, i, i);
    text_add_string(&json, "]}");
    return house_add_movie(house, text_string(&json));
}

static void add_season(struct house *house)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    house_add(house, PROVIDER_TVSHOW,
              "{\"ids\":{\"tmdb\":1},\"title\":\"The Show\",\"original_language\":\"en\"}");
    text_add_string(&json, "{\"ids\":{\"tmdb\":11},\"show\":{\"ids\":{\"tmdb\":1}},"
                           "\"season_number\":1,\"episodes\":[");
    for (int i = 1; i <= 20; i++)
        text_add_format(&json,
                        "%s{\"episode_number\":%d,\"name\":\"The one with number %d\","
                        "\"overview\":\"Somebody comes, somebody goes, and a dog barks.\","
                        "\"runtime\":50,\"air_date\":\"2020-01-%02d\"}",
                        i > 1 ? "," : "", i, i, i);
    text_add_string(&json, "]}");
    house_add(house, PROVIDER_SEASON, text_string(&json));
}

static void open_house(struct house *house)
{
    house_init(house);
    house->conf.http_threads = CLIENTS + 4;
    house->conf.http_request_timeout_ms = 10000;
    house->conf.rate_per_minute = 100000000;
    house->conf.rate_burst = 100000000;
    house->conf.answer_cache_bytes = 16 << 20;
    house_open(house);
    for (int i = 1; i <= FILMS; i++)
        add_film(house, i);
    add_season(house);
    house_settle(house);
}

#define MOVIE "/api/movies/tmdb:1"
#define EPISODES "/api/tvshows/tmdb:1/seasons/1/episodes"
#define LIST "/api/movies?limit=20"
#define FILTERED "/api/movies?genre=drama&year_min=1980&sort=rating&page=3"
#define SEARCH "/api/search/movies?q=silent+river&scope=local"
#define SUGGEST "/api/search/suggest?q=sil"

static bool is_wanted(const char *how, const struct comparison *comparison)
{
    CLEANUP(mem_free) char *name = mem_format("%s, %s", comparison->name, how);
    return bench_wanted(name);
}

/* Anew: no answer is kept, the cards it is made of are. */
static int compare_all(bool anew, const struct comparison *rows, size_t n)
{
    struct house house;
    const char *how = anew ? "anew" : "ready";
    int broken = 0;
    open_house(&house);
    if (anew)
        house.app->services.answers = NULL;
    for (size_t i = 0; i < n; i++)
        if (is_wanted(how, &rows[i]))
            broken += compare_with_constant(&house, how, &rows[i]);
    house_close(&house);
    return broken;
}

int main(void)
{
    static const struct comparison ready[] = {
        { "GET /api/movies/:id", MOVIE, NULL, 0.85 },
        { "the same, If-None-Match", MOVIE, "If-None-Match: ", 0.95 },
        { "GET .../episodes", EPISODES, NULL, 0.80 },
        { "GET /api/movies?limit=20", LIST, NULL, 0.85 },
        { "GET /api/search/movies", SEARCH, NULL, 0.85 },
        { "GET /api/search/suggest", SUGGEST, NULL, 0.85 },
    };
    static const struct comparison anew[] = {
        { "GET /api/movies/:id", MOVIE, NULL, 0 },
        { "GET .../episodes", EPISODES, NULL, 0 },
        { "GET /api/movies?limit=20", LIST, NULL, 0.5 },
        { "GET /api/movies, filtered", FILTERED, NULL, 0.5 },
        { "GET /api/search/movies", SEARCH, NULL, 0.5 },
        { "GET /api/search/suggest", SUGGEST, NULL, 0.5 },
    };
    int broken = compare_all(false, ready, ARRAY_LEN(ready));
    broken += compare_all(true, anew, ARRAY_LEN(anew));
    return broken > 0;
}
