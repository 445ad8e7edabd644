/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/human.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* "12 of 50,000", "12" without a limit. */
static char *budget(const json_t *of, const char *used_key, const char *limit_key)
{
    char used[HUMAN_LEN], limit[HUMAN_LEN];
    int64_t most = js_int(of, limit_key, 0);
    human_count(js_int(of, used_key, 0), used);
    return most ? mem_format("%s of %s", used, human_count(most, limit)) : mem_dup_text(used);
}

/* "open, in 25 s": what is over has no time. */
static char *circuit(const json_t *upstream)
{
    const char *name = or_dash(js_string(upstream, "circuit"));
    const char *until = js_string(upstream, "circuit_until");
    char when[HUMAN_LEN];
    if (!until || text_equal(name, "closed"))
        return mem_dup_text(name);
    return mem_format("%s, tries %s", name, human_age(until, clock_wall_ms(), when));
}

static const char *backoff(const json_t *upstream, char out[HUMAN_LEN])
{
    const char *until = js_string(upstream, "backoff_until");
    int64_t at_ms;
    if (!until || !clock_parse(until, &at_ms) || at_ms <= clock_wall_ms())
        return "-";
    return human_duration((at_ms - clock_wall_ms() + 999) / 1000, out);
}

static const char *note(const json_t *row)
{
    const char *reason = js_string(row, "reason"), *error = js_string(row, "last_error");
    if (reason || error)
        return reason ? reason : error;
    error = js_string(js_object(row, "upstream"), "last_error");
    return error ? error : "";
}

static void add_row(struct table *table, const json_t *row)
{
    char out[HUMAN_LEN], requests[HUMAN_LEN], failures[HUMAN_LEN];
    const json_t *upstream = js_object(row, "upstream"), *of = js_object(upstream, "budget");
    CLEANUP(mem_free) char *circuit_text = circuit(upstream);
    CLEANUP(mem_free) char *hour = budget(of, "used_hour", "limit_hour");
    CLEANUP(mem_free) char *day = budget(of, "used_day", "limit_day");
    table_cell(table, "%s", or_dash(js_string(row, "name")));
    table_cell(table, "%s", or_dash(js_string(row, "state")));
    table_cell(table, "%s", circuit_text);
    table_cell(table, "%s", backoff(upstream, out));
    if (js_double(of, "rate_per_s", 0) > 0)
        table_cell(table, "%.4g", js_double(of, "rate_per_s", 0));
    else
        table_cell(table, "any");
    table_cell(table, "%s", hour);
    table_cell(table, "%s", day);
    table_cell(table, "%s", human_count(js_int(upstream, "requests", 0), requests));
    table_cell(table, "%s", human_count(js_int(upstream, "failures", 0), failures));
    table_cell(table, "%s", note(row));
    table_end_row(table);
}

static int list(struct ctl *ctl)
{
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "GET", "/api/providers", NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    CLEANUP(table_done)
    struct table table = {
        .heading = "NAME|STATE|CIRCUIT|BACK-OFF|>PER S|>THIS HOUR|>TODAY|>REQUESTS|>FAILED|NOTE"
    };
    return ctl_print_results(said, &table, add_row,
                             "no provider is configured: put a file into providers.d");
}

static void pair(struct table *table, const char *name, const char *value)
{
    if (!value)
        return;
    table_cell(table, "%s", name);
    table_cell(table, "%s", value);
    table_end_row(table);
}

static void counts(struct table *table, const char *title, const json_t *of,
                   const char *const *names, size_t n)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(1000);
    for (size_t i = 0; i < n; i++) {
        char count[HUMAN_LEN];
        text_add_format(&text, "%s%s %s", i ? ", " : "",
                        human_count(js_int(of, names[i], 0), count), names[i]);
    }
    for (char *at = text.bytes; at && *at; at++)
        *at = *at == '_' ? ' ' : *at;
    pair(table, title, text_string(&text));
}

static void times(struct table *table, const json_t *of)
{
    char age[HUMAN_LEN];
    int64_t now = clock_wall_ms();
    pair(table, "last success", human_age(js_string(of, "last_success_at"), now, age));
    if (js_string(of, "last_failure_at"))
        pair(table, "last failure", human_age(js_string(of, "last_failure_at"), now, age));
    pair(table, "last error", js_string(of, "last_error"));
}

static void add_upstream(struct table *table, const json_t *upstream)
{
    static const char *const traffic[] = { "requests",  "retries",   "failures",
                                           "throttled", "in_flight", "waiting" };
    static const char *const spared[] = { "cache_hits", "revalidated", "coalesced",
                                          "stale_served" };
    char out[HUMAN_LEN];
    const json_t *of = js_object(upstream, "budget");
    CLEANUP(mem_free) char *circuit_text = circuit(upstream);
    CLEANUP(mem_free) char *hour = budget(of, "used_hour", "limit_hour");
    CLEANUP(mem_free) char *day = budget(of, "used_day", "limit_day");
    CLEANUP(mem_free) char *used = mem_format("%s this hour, %s today", hour, day);
    pair(table, "upstream", js_string(upstream, "mirror"));
    pair(table, "  circuit", circuit_text);
    pair(table, "  back-off", backoff(upstream, out));
    pair(table, "  budget", used);
    counts(table, "  traffic", upstream, traffic, ARRAY_LEN(traffic));
    counts(table, "  spared", upstream, spared, ARRAY_LEN(spared));
    pair(table, "  received", human_bytes(js_int(upstream, "bytes_in", 0), out));
    pair(table, "  last error", js_string(upstream, "last_error"));
}

static void print_one(json_t *row)
{
    static const char *const calls[] = { "calls",   "failures", "timeouts", "documents",
                                         "refused", "deaths",   "running" };
    CLEANUP(text_done) struct text can = TEXT_INIT(400);
    CLEANUP(table_done) struct table table = { 0 };
    size_t i;
    json_t *word;
    json_array_foreach (js_array(row, "can"), i, word)
        text_add_format(&can, "%s%s", i ? ", " : "", json_string_value(word));
    pair(&table, "name", js_string(row, "name"));
    pair(&table, "what", js_string(row, "summary"));
    pair(&table, "version", js_string(row, "version"));
    pair(&table, "state", js_string(row, "state"));
    pair(&table, "reason", js_string(row, "reason"));
    pair(&table, "file", js_string(row, "file"));
    pair(&table, "can", text_string(&can));
    counts(&table, "plugin", row, calls, ARRAY_LEN(calls));
    times(&table, row);
    add_upstream(&table, js_object(row, "upstream"));
    ctl_print_table(&table);
}

static int act(struct ctl *ctl, const char *path, const char *action, json_t **out)
{
    if (text_equal(action, "reset")) {
        CLEANUP(mem_free) char *reset = mem_format("%s/reset", path);
        return ctl_ask(ctl, "POST", reset, NULL, out);
    }
    json_auto_t *body = json_pack("{s:b}", "enabled", text_equal(action, "enable"));
    return ctl_ask(ctl, "PUT", path, body, out);
}

int ctl_providers(struct ctl *ctl)
{
    const char *name = ctl_take_word(ctl), *action = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !name)
        return status ? status : list(ctl);
    if (action && !text_equal(action, "reset") && !text_equal(action, "enable") &&
        !text_equal(action, "disable"))
        return ctl_complain(CTL_USAGE, "a provider can be reset, enabled or disabled, not '%s'",
                            action);
    CLEANUP(mem_free) char *path = ctl_path("/api/providers/", name);
    json_auto_t *said = NULL;
    status = action ? act(ctl, path, action, &said) : ctl_ask(ctl, "GET", path, NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_one(said);
    return CTL_OK;
}
