/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/human.h"

static void line(struct table *table, const char *name, const char *fmt, ...) PRINTF(3, 4);
static void line(struct table *table, const char *name, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *text = mem_format_args(fmt, args);
    va_end(args);
    table_cell(table, "%s", name);
    table_cell(table, "%s", text);
    table_end_row(table);
}

static const char *count_of(const json_t *object, const char *key, char out[HUMAN_LEN])
{
    return human_count(js_int(object, key, 0), out);
}

static void catalogue(struct table *table, const json_t *said)
{
    char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN];
    const json_t *index = js_object(said, "index"), *store = js_object(said, "store");
    const char *durability = js_string(store, "durability");
    line(table, "catalogue", "%s movies, %s TV shows", count_of(index, "movies", a),
         count_of(index, "tvshows", b));
    line(table, "index", "%s in memory", human_bytes(js_int(index, "bytes", 0), a));
    line(table, "store", "revision %s, durability %s, %s details to be fetched",
         count_of(store, "revision", a), durability ? durability : "-",
         count_of(store, "waiting_fetches", c));
}

static void traffic(struct table *table, const json_t *said)
{
    char a[HUMAN_LEN], b[HUMAN_LEN], c[HUMAN_LEN], d[HUMAN_LEN];
    const json_t *cache = js_object(said, "cache"), *http = js_object(said, "http");
    int64_t hits = js_int(cache, "hits", 0), asked = hits + js_int(cache, "misses", 0);
    line(table, "answers", "%s kept, %s; %s of %s questions met one", count_of(cache, "entries", a),
         human_bytes(js_int(cache, "bytes", 0), b), human_share(hits, asked, c),
         human_count(asked, d));
    line(table, "requests", "%s under way, %s event listeners, %s turned away for their pace",
         count_of(http, "in_flight", a), count_of(http, "listeners", b),
         count_of(http, "throttled", c));
}

static void providers(struct table *table, const json_t *said)
{
    json_t *list = js_object(said, "providers"), *state;
    const char *name, *title = "providers";
    json_object_foreach (list, name, state) {
        line(table, title, "%s is %s", name, json_string_value(state));
        title = "";
    }
    if (!json_object_size(list))
        line(table, title, "none");
}

static void jobs(struct table *table, const json_t *said)
{
    size_t i;
    json_t *row;
    const char *title = "running";
    json_array_foreach (js_array(said, "results"), i, row) {
        char done[HUMAN_LEN], total[HUMAN_LEN];
        const char *kind = js_string(row, "kind"), *scope = js_string(row, "scope");
        const char *phase = js_string(row, "phase");
        line(table, title, "job %lld: %s %s, %s, %s%s%s", (long long)js_int(row, "id", 0),
             kind ? kind : "job", scope ? scope : "", phase ? phase : "starting",
             count_of(row, "done", done), js_int(row, "total", 0) ? " of " : "",
             js_int(row, "total", 0) ? count_of(row, "total", total) : "");
        title = "";
    }
}

static void print(const json_t *said, const json_t *running)
{
    char up[HUMAN_LEN];
    const char *version = js_string(said, "version"), *since = js_string(said, "started_at");
    printf("miauflixd %s, up %s, since %s\n\n", version ? version : "?",
           human_duration(js_int(said, "uptime_s", 0), up), since ? since : "?");
    CLEANUP(table_done) struct table table = { 0 };
    catalogue(&table, said);
    traffic(&table, said);
    providers(&table, said);
    jobs(&table, running);
    ctl_print_table(&table);
}

int ctl_status(struct ctl *ctl)
{
    json_auto_t *said = NULL, *running = NULL;
    int status = ctl_no_more(ctl);
    if (!status)
        status = ctl_ask(ctl, "GET", "/api/status", NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    status = ctl_ask(ctl, "GET", "/api/jobs?state=running", NULL, &running);
    if (!status)
        print(said, running);
    return status;
}
