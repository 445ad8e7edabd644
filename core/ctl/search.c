/* SPDX-License-Identifier: MIT
 *
 * Search, and one item. */
#include "ctl/ctl.h"
#include "ctl/human.h"

static char *join_words(struct ctl *ctl)
{
    CLEANUP(text_done) struct text words = TEXT_INIT(64 << 10);
    for (const char *word; (word = ctl_take_word(ctl));) {
        if (words.len)
            text_add_char(&words, ' ');
        text_add_string(&words, word);
    }
    return text_take(&words);
}

static char *join(const json_t *array, const char *member, size_t most)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(4000);
    size_t i;
    json_t *row;
    json_array_foreach (array, i, row) {
        const char *word = member ? js_string(row, member) : json_string_value(row);
        if (word && i < most)
            text_add_format(&text, "%s%s", text.len ? ", " : "", word);
    }
    return text_take(&text);
}

static void number(struct table *table, const char *fmt, double value)
{
    char text[HUMAN_LEN] = "-";
    if (value > 0)
        snprintf(text, sizeof text, text_equal(fmt, "1") ? "%.1f" : "%.0f", value);
    table_cell(table, "%s", text);
}

/* "exact", or "prefix: another title" when it is not the title that we see. */
static void match(struct table *table, const json_t *row)
{
    const json_t *found = js_object(row, "match");
    const char *how = js_string(found, "how"), *text = js_string(found, "text");
    bool other = text && !text_equal(text, js_string(row, "title"));
    table_cell(table, "%s%s%s", how ? how : "-", other ? ": " : "", other ? text : "");
}

static void add_result(struct table *table, const json_t *row)
{
    CLEANUP(mem_free) char *found_by = join(js_array(row, "found_by"), NULL, 10);
    const char *title = js_string(row, "title"), *kind = js_string(row, "kind");
    table_cell(table, "%lld", (long long)js_int(row, "id", 0));
    table_cell(table, "%s", kind ? kind : "-");
    number(table, "0", js_double(row, "year", 0));
    number(table, "1", js_double(row, "rating", 0));
    number(table, "0", js_double(row, "runtime", 0));
    table_cell(table, "%s", title ? title : "-");
    table_cell(table, "%s", *found_by ? found_by : "store");
    match(table, row);
    table_end_row(table);
}

/* A source that failed is told; one that answered is not worth a line. */
static void print_sources(const json_t *said)
{
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "sources"), i, row) {
        const char *status = js_string(row, "status"), *detail = js_string(row, "detail");
        const char *provider = js_string(row, "provider");
        if (!text_equal(status, "ok") && !text_equal(status, "cached"))
            fprintf(stderr, "miauflixctl: %s: %s%s%s\n", provider ? provider : "?",
                    status ? status : "?", detail ? ", " : "", detail ? detail : "");
    }
}

static void print_results(const json_t *said)
{
    CLEANUP(table_done)
    struct table table = { .heading = ">ID|KIND|>YEAR|>RATING|>MIN|TITLE|FOUND BY|MATCH" };
    size_t i;
    json_t *row;
    json_array_foreach (js_array(said, "results"), i, row)
        add_result(&table, row);
    int64_t total = js_int(said, "total", 0);
    char count[HUMAN_LEN];
    if (i)
        ctl_print_table(&table);
    if (total > (int64_t)i)
        printf("%zu of %s found; --limit shows more\n", i, human_count(total, count));
    else
        printf("%s found\n", i ? human_count(total, count) : "nothing");
    fflush(stdout);
    print_sources(said);
}

static int search_path(struct text *path, const char *kind, const char *limit)
{
    int64_t n = 20;
    if (limit && !text_to_int(limit, 1, 100, &n))
        return ctl_complain(CTL_USAGE, "--limit wants a number from 1 to 100, not '%s'", limit);
    bool all = text_equal(kind, "all");
    if (kind && !all && !text_equal(kind, "movies") && !text_equal(kind, "tvshows"))
        return ctl_complain(CTL_USAGE, "--kind wants movies, tvshows or all, not '%s'", kind);
    text_add_format(path, "/api/search%s%s?limit=%d&q=", all ? "" : "/",
                    all    ? ""
                    : kind ? kind
                           : "movies",
                    (int)n);
    return CTL_OK;
}

static void add_parameter(struct text *path, const char *name, const char *value)
{
    if (!value)
        return;
    text_add_format(path, "&%s=", name);
    text_add_url_encoded(path, value);
}

int ctl_search(struct ctl *ctl)
{
    bool local = ctl_take_flag(ctl, "local");
    const char *limit = ctl_take_option(ctl, "limit"), *kind = ctl_take_option(ctl, "kind");
    const char *language = ctl_take_option(ctl, "language");
    CLEANUP(mem_free) char *words = join_words(ctl);
    CLEANUP(text_done) struct text path = TEXT_INIT(256 << 10);
    json_auto_t *said = NULL;
    int status = ctl_no_more(ctl);
    if (!status && !*words)
        status = ctl_complain(CTL_USAGE, "search for what? try: miauflixctl search --help");
    if (!status)
        status = search_path(&path, kind, limit);
    if (status)
        return status;
    text_add_url_encoded(&path, words);
    add_parameter(&path, "language", language);
    add_parameter(&path, "scope", local ? "local" : NULL);
    status = ctl_ask(ctl, "GET", text_string(&path), NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_results(said);
    return CTL_OK;
}

static void field(struct table *table, const char *name, const char *fmt, ...) PRINTF(3, 4);
static void field(struct table *table, const char *name, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    CLEANUP(mem_free) char *text = mem_format_args(fmt, args);
    va_end(args);
    if (text_is_empty(text))
        return;
    table_cell(table, "%s", name);
    table_cell(table, "%s", text);
    table_end_row(table);
}

static void field_text(struct table *table, const char *name, const json_t *item, const char *key)
{
    const char *text = js_string(item, key);
    field(table, name, "%s", text ? text : "");
}

static void field_list(struct table *table, const char *name, const json_t *item, const char *key,
                       const char *member, size_t most)
{
    CLEANUP(mem_free) char *text = join(js_array(item, key), member, most);
    field(table, name, "%s", text);
}

static void add_ids(struct table *table, const json_t *item)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(2000);
    const char *space;
    json_t *id;
    text_add_format(&text, "%lld", (long long)js_int(item, "id", 0));
    json_object_foreach (js_object(item, "ids"), space, id) {
        CLEANUP(mem_free) char *number_text = json_dumps(id, JSON_ENCODE_ANY);
        const char *value = json_is_string(id) ? json_string_value(id) : number_text;
        text_add_format(&text, ", %s:%s", space, value ? value : "?");
    }
    field(table, "ids", "%s", text_string(&text));
}

static void add_numbers(struct table *table, const json_t *item)
{
    char votes[HUMAN_LEN], runtime[HUMAN_LEN];
    if (js_double(item, "rating", 0) > 0)
        field(table, "rating", "%.1f of 10, %s votes", js_double(item, "rating", 0),
              human_count(js_int(item, "votes", 0), votes));
    if (js_int(item, "runtime", 0) > 0)
        field(table, "runtime", "%s", human_duration(js_int(item, "runtime", 0) * 60, runtime));
}

static void add_directors(struct table *table, const json_t *item)
{
    CLEANUP(text_done) struct text names = TEXT_INIT(2000);
    size_t i;
    json_t *row;
    json_array_foreach (js_array(item, "crew"), i, row) {
        const char *name = js_string(row, "name");
        if (name && text_equal(js_string(row, "job"), "Director"))
            text_add_format(&names, "%s%s", names.len ? ", " : "", name);
    }
    field(table, "director", "%s", text_string(&names));
}

/* What a person wants to see first; --json shows all. */
static void print_item(const json_t *item)
{
    enum { SHOWN_CAST = 6, SHOWN = 12, READABLE = 96 };
    CLEANUP(table_done) struct table table = { 0 };
    const char *original = js_string(item, "original_title");
    field_text(&table, "title", item, "title");
    if (!text_equal(original, js_string(item, "title")))
        field_text(&table, "original", item, "original_title");
    field_text(&table, "released", item, "release_date");
    field_text(&table, "status", item, "status");
    field_list(&table, "genres", item, "genres", NULL, SHOWN);
    add_numbers(&table, item);
    add_directors(&table, item);
    field_list(&table, "cast", item, "cast", "name", SHOWN_CAST);
    field_list(&table, "countries", item, "countries", NULL, SHOWN);
    field_text(&table, "tagline", item, "tagline");
    add_ids(&table, item);
    ctl_print_table(&table);
    const char *overview = js_string(item, "overview");
    unsigned width = ctl_width();
    if (overview) {
        putchar('\n');
        table_wrap(overview, 0, width ? MIN(width, (unsigned)READABLE) : READABLE, stdout);
    }
}

int ctl_show(struct ctl *ctl)
{
    const char *language = ctl_take_option(ctl, "language");
    const char *kind = ctl_take_option(ctl, "kind"), *id = ctl_take_word(ctl);
    int status = ctl_no_more(ctl);
    if (status || !id)
        return status ? status
                      : ctl_complain(CTL_USAGE, "show which item? 42, tmdb:603 or tt0133093");
    if (kind && !text_equal(kind, "movies") && !text_equal(kind, "tvshows"))
        return ctl_complain(CTL_USAGE, "--kind wants movies or tvshows, not '%s'", kind);
    CLEANUP(text_done) struct text path = TEXT_INIT(64 << 10);
    text_add_format(&path, "/api/%s/", kind ? kind : "movies");
    text_add_url_encoded(&path, id);
    text_add_string(&path, language ? "?language=" : "");
    text_add_url_encoded(&path, language ? language : "");
    json_auto_t *said = NULL;
    status = ctl_ask(ctl, "GET", text_string(&path), NULL, &said);
    if (status || ctl->json)
        return status ? status : ctl_print_json(said);
    print_item(said);
    return CTL_OK;
}
