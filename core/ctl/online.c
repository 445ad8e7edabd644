/* SPDX-License-Identifier: MIT
 *
 * What the daemon knows: status, providers, search, one item. */
#include <string.h>

#include "ctl/ctl.h"

/* "movies" of {"a":{"b":1}} as lines "a.b  1". */
static void flatten(struct ctl_table *table, const char *prefix, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach (object, key, value) {
        CLEANUP(mem_free)
        char *name = *prefix ? mem_format("%s.%s", prefix, key) : mem_dup_text(key);
        if (json_is_object(value)) {
            flatten(table, name, value);
            continue;
        }
        CLEANUP(mem_free)
        char *shown =
            json_is_string(value)
                ? mem_dup_text(json_string_value(value))
                : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
        ctl_table_row(table, "%s\t%s", name, shown);
    }
}

int ctl_status(struct ctl *ctl)
{
    json_auto_t *said = NULL;
    int status = ctl_no_more(ctl);
    if (!status)
        status = ctl_ask(ctl, "GET", "/api/status", NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    struct ctl_table table = { 0 };
    flatten(&table, "", said);
    ctl_table_print(&table);
    return CTL_OK;
}

static json_t *rows_of(json_t *said)
{
    json_t *rows = js_array(said, "results");
    return rows ? rows : said;
}

static int list_providers(struct ctl *ctl)
{
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "GET", "/api/providers", NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    struct ctl_table table = { 0 };
    ctl_table_row(&table, "NAME\tSTATE\tVERSION\tWHY, OR WHAT IT IS");
    size_t i;
    json_t *row;
    json_array_foreach (rows_of(said), i, row) {
        const char *why = js_string(row, "reason");
        const char *summary = js_string(row, "summary"), *version = js_string(row, "version");
        ctl_table_row(&table, "%s\t%s\t%s\t%s", js_string(row, "name"), js_string(row, "state"),
                      version ? version : "-",
                      why       ? why
                      : summary ? summary
                                : "");
    }
    ctl_table_print(&table);
    return CTL_OK;
}

static int show_object(struct ctl *ctl, const char *path)
{
    json_auto_t *said = NULL;
    int status = ctl_ask(ctl, "GET", path, NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    struct ctl_table table = { 0 };
    flatten(&table, "", said);
    ctl_table_print(&table);
    return CTL_OK;
}

static int act_on_provider(struct ctl *ctl, const char *path, const char *action)
{
    json_auto_t *said = NULL;
    if (text_equal(action, "reset")) {
        CLEANUP(mem_free) char *reset = mem_format("%s/reset", path);
        return ctl_ask(ctl, "POST", reset, NULL, &said);
    }
    bool enable = text_equal(action, "enable");
    if (!enable && !text_equal(action, "disable"))
        return ctl_complain(CTL_USAGE, "a provider can be reset, enabled or disabled, not '%s'",
                            action);
    json_auto_t *body = json_pack("{s:b}", "enabled", enable);
    return ctl_ask(ctl, "PUT", path, body, &said);
}

static char *encoded_path(const char *base, const char *segment)
{
    CLEANUP(text_done) struct text path = TEXT_INIT(4096);
    text_add_string(&path, base);
    text_add_url_encoded(&path, segment);
    return text_take(&path);
}

int ctl_providers(struct ctl *ctl)
{
    const char *name = ctl_take_word(ctl), *action = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !name)
        return status ? status : list_providers(ctl);
    CLEANUP(mem_free) char *path = encoded_path("/api/providers/", name);
    if (action)
        status = act_on_provider(ctl, path, action);
    return status ? status : show_object(ctl, path);
}

static char *join_words(struct ctl *ctl)
{
    CLEANUP(text_done) struct text words = TEXT_INIT(1000);
    for (const char *word; (word = ctl_take_word(ctl));) {
        if (words.len)
            text_add_char(&words, ' ');
        text_add_string(&words, word);
    }
    return text_take(&words);
}

static void print_results(json_t *said)
{
    struct ctl_table table = { 0 };
    size_t i;
    json_t *row;
    json_array_foreach (rows_of(said), i, row) {
        char year[12] = "-";
        int64_t known = js_int(row, "year", 0);
        if (known)
            snprintf(year, sizeof year, "%lld", (long long)known);
        ctl_table_row(&table, "%lld\t%s\t%s\t%.1f", (long long)js_int(row, "id", 0), year,
                      js_string(row, "title"), js_double(row, "rating", 0));
    }
    ctl_table_print(&table);
    printf("%lld found\n", (long long)js_int(said, "total", 0));
    json_array_foreach (js_array(said, "sources"), i, row) {
        const char *status = js_string(row, "status"), *detail = js_string(row, "detail");
        if (!text_equal(status, "ok") && !text_equal(status, "cached"))
            printf("%s: %s%s%s\n", js_string(row, "provider"), status, detail ? ", " : "",
                   detail ? detail : "");
    }
}

int ctl_search(struct ctl *ctl)
{
    bool local = ctl_take_flag(ctl, "local");
    const char *limit = ctl_take_option(ctl, "limit");
    const char *kind = ctl_take_option(ctl, "kind");
    CLEANUP(mem_free) char *words = join_words(ctl);
    int status = ctl_no_more(ctl);
    if (status)
        return status;
    if (!*words)
        return ctl_complain(CTL_USAGE, "search for what?");
    CLEANUP(text_done) struct text path = TEXT_INIT(8192);
    text_add_format(&path, "/api/search/%s?q=", kind ? kind : "movies");
    text_add_url_encoded(&path, words);
    text_add_format(&path, "&limit=%s%s", limit ? limit : "20", local ? "&scope=local" : "");
    json_auto_t *said = NULL;
    status = ctl_ask(ctl, "GET", text_string(&path), NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_results(said);
    return CTL_OK;
}

/* The parts a person wants to see first; --json shows all. */
static void print_item(json_t *item)
{
    static const char *const fields[] = { "id",      "title",   "original_title", "release_date",
                                          "runtime", "status",  "rating",         "votes",
                                          "tagline", "overview" };
    struct ctl_table table = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        json_t *value = json_object_get(item, fields[i]);
        CLEANUP(mem_free)
        char *shown = json_is_string(value)
                          ? mem_dup_text(json_string_value(value))
                          : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
        if (value)
            ctl_table_row(&table, "%s\t%s", fields[i], shown);
    }
    flatten(&table, "ids", js_object(item, "ids"));
    ctl_table_print(&table);
}

int ctl_show(struct ctl *ctl)
{
    const char *language = ctl_take_option(ctl, "language");
    const char *id = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !id)
        return status ? status
                      : ctl_complain(CTL_USAGE, "show which item? 42, tmdb:603 or tt0133093");
    CLEANUP(mem_free) char *path = encoded_path("/api/movies/", id);
    CLEANUP(mem_free)
    char *full = mem_format("%s%s%s", path, language ? "?language=" : "", language ? language : "");
    json_auto_t *said = NULL;
    status = ctl_ask(ctl, "GET", full, NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_item(said);
    return CTL_OK;
}
