/* SPDX-License-Identifier: MIT
 *
 * Long work: syncs and jobs. */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/follow.h"
#include "ctl/human.h"

static json_t *sync_body(struct ctl *ctl)
{
    bool full = ctl_take_flag(ctl, "full");
    json_t *body = json_pack("{s:s}", "mode", full ? "full" : "incremental");
    json_t *providers = json_array();
    for (const char *name; (name = ctl_take_option(ctl, "provider"));)
        json_array_append_new(providers, json_string(name));
    if (json_array_size(providers))
        json_object_set(body, "providers", providers);
    json_decref(providers);
    return body;
}

int ctl_sync(struct ctl *ctl)
{
    bool no_wait = ctl_take_flag(ctl, "no-wait");
    json_auto_t *body = sync_body(ctl), *job = NULL;
    const char *scope = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    if (scope && !text_equal(scope, "movies") && !text_equal(scope, "tvshows") &&
        !text_equal(scope, "lists"))
        return ctl_complain(CTL_USAGE, "movies, tvshows or lists can be synchronised, not '%s'",
                            scope);
    CLEANUP(mem_free) char *path = mem_format("/api/%s/sync", scope ? scope : "movies");
    status = ctl_ask(ctl, "POST", path, body, &job);
    if (status)
        return status;
    int64_t id = js_int(job, "id", 0);
    if (!no_wait)
        return ctl_follow_job(ctl, id);
    return ctl_report(ctl, json_incref(job), "job %lld; `miauflixctl jobs %lld follow` watches it",
                      (long long)id, (long long)id);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static const char *took(const json_t *job, char out[HUMAN_LEN])
{
    int64_t from_ms, to_ms = clock_wall_ms();
    const char *started = js_string(job, "started_at"), *ended = js_string(job, "finished_at");
    /* Nobody saw the end of one that a crash cut off. */
    if (!ended && !text_equal(js_string(job, "state"), "running"))
        return "-";
    if (!started || !clock_parse(started, &from_ms) || (ended && !clock_parse(ended, &to_ms)))
        return "-";
    return human_duration((to_ms - from_ms) / 1000, out);
}

static void add_row(struct table *table, const json_t *job)
{
    char text[HUMAN_LEN], total[HUMAN_LEN];
    const char *scope = js_string(job, "scope"), *detail = js_string(job, "detail");
    table_cell(table, "%lld", (long long)js_int(job, "id", 0));
    table_cell(table, "%s%s%s", or_dash(js_string(job, "kind")), scope ? " " : "",
               scope ? scope : "");
    table_cell(table, "%s", or_dash(js_string(job, "state")));
    table_cell(table, "%s%s%s", human_count(js_int(job, "done", 0), text),
               js_int(job, "total", 0) ? " of " : "",
               js_int(job, "total", 0) ? human_count(js_int(job, "total", 0), total) : "");
    table_cell(table, "%.1f", js_double(job, "rate_per_s", 0));
    table_cell(table, "%s", human_count(js_int(job, "errors", 0), text));
    table_cell(table, "%s", human_age(js_string(job, "started_at"), clock_wall_ms(), text));
    table_cell(table, "%s", took(job, text));
    table_cell(table, "%s", detail ? detail : "");
    table_end_row(table);
}

static int jobs_path(struct ctl *ctl, struct text *out)
{
    static const char *const states[] = { "queued", "running",  "done",
                                          "failed", "canceled", "interrupted" };
    const char *state = ctl_take_option(ctl, "state"), *limit = ctl_take_option(ctl, "limit");
    int64_t n = 20;
    bool known = !state;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        known = known || text_equal(state, states[i]);
    if (!known)
        return ctl_complain(CTL_USAGE,
                            "--state wants queued, running, done, failed, canceled or interrupted, "
                            "not '%s'",
                            state);
    if (limit && !text_to_int(limit, 1, 100, &n))
        return ctl_complain(CTL_USAGE, "--limit wants a number from 1 to 100, not '%s'", limit);
    text_add_format(out, "/api/jobs?limit=%d%s%s", (int)n, state ? "&state=" : "",
                    state ? state : "");
    return CTL_OK;
}

static int list(struct ctl *ctl)
{
    CLEANUP(text_done) struct text path = TEXT_INIT(200);
    json_auto_t *said = NULL;
    int status = jobs_path(ctl, &path);
    if (!status)
        status = ctl_no_more(ctl);
    if (!status)
        status = ctl_ask(ctl, "GET", text_string(&path), NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    CLEANUP(table_done)
    struct table table = { .heading = ">ID|WHAT|STATE|>DONE|>PER S|>ERRORS|STARTED|TOOK|DETAIL" };
    return ctl_print_results(said, &table, add_row, "no jobs");
}

/* "  full, from tmdb, trakt" */
static void print_order(const json_t *job)
{
    const char *mode = js_string(job, "mode");
    size_t i;
    json_t *name;
    if (!mode)
        return;
    printf("  %s, from", mode);
    json_array_foreach (js_array(job, "providers"), i, name)
        printf("%s %s", i ? "," : "", or_dash(json_string_value(name)));
    putchar('\n');
}

static void print_one(const json_t *job)
{
    CLEANUP(table_done) struct table table = { 0 };
    CLEANUP(text_done) struct text line = TEXT_INIT(1000);
    char text[HUMAN_LEN];
    const char *detail = js_string(job, "detail"), *scope = js_string(job, "scope");
    follow_line(job, &line);
    printf("job %lld: %s%s%s is %s\n", (long long)js_int(job, "id", 0),
           or_dash(js_string(job, "kind")), scope ? " " : "", scope ? scope : "",
           or_dash(js_string(job, "state")));
    print_order(job);
    printf("  %s\n  started %s", text_string(&line),
           human_age(js_string(job, "started_at"), clock_wall_ms(), text));
    printf(", took %s\n", took(job, text));
    if (detail)
        printf("  %s\n", detail);
    size_t i;
    json_t *row;
    json_array_foreach (js_array(job, "last_errors"), i, row) {
        table_cell(&table, "  %s", or_dash(json_string_value(row)));
        table_end_row(&table);
    }
    ctl_print_table(&table);
}

static int one(struct ctl *ctl, int64_t id, const char *action)
{
    if (text_equal(action, "follow"))
        return ctl_follow_job(ctl, id);
    if (action && !text_equal(action, "cancel"))
        return ctl_complain(CTL_USAGE, "a job can be followed or cancelled, not '%s'", action);
    CLEANUP(mem_free) char *path = mem_format("/api/jobs/%lld", (long long)id);
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, action ? "DELETE" : "GET", path, NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_one(said);
    return CTL_OK;
}

int ctl_jobs(struct ctl *ctl)
{
    const char *id_text = ctl_take_word(ctl), *action = ctl_take_word(ctl);
    int64_t id;
    if (!id_text)
        return list(ctl);
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    if (!text_to_int(id_text, 1, UINT32_MAX, &id))
        return ctl_complain(CTL_USAGE, "'%s' is no job's number", id_text);
    return one(ctl, id, action);
}
