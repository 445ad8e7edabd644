/* SPDX-License-Identifier: MIT */
#include "router.h"

#include <string.h>

#include "media/language.h"

enum { MAX_TABLES = 4 };

const struct route_param router_page_params[] = {
    { "page", "the page, from 1", PARAM_INT, .min = 1, .max = INT32_MAX },
    { "limit", "results per page", PARAM_INT, .min = 1, .max = 100 },
    { 0 },
};

const struct route_param router_language_params[] = {
    { "language", "BCP 47 tag, before Accept-Language", .type = PARAM_LANGUAGE },
    { 0 },
};

/* The types here are for the description; media/filter reads the values and says what is wrong. */
const struct route_param router_filter_params[] = {
    { "genre", "slugs, commas between: all of them", PARAM_TEXT, .min = 1, .max = 500 },
    { "genre_any", "slugs, commas between: any of them", PARAM_TEXT, .min = 1, .max = 500 },
    { "year", "of release", PARAM_INT, .min = 1870, .max = 2200 },
    { "year_min", "of release, or later", PARAM_INT, .min = 1870, .max = 2200 },
    { "year_max", "of release, or earlier", PARAM_INT, .min = 1870, .max = 2200 },
    { "rating_min", "0 to 10, to the thousandth", PARAM_NUMBER, .max = 10 },
    { "votes_min", "votes at least", PARAM_INT, .max = INT32_MAX },
    { "runtime_min", "minutes at least", PARAM_INT, .max = 100000 },
    { "runtime_max", "minutes at most", PARAM_INT, .max = 100000 },
    { "original_language", "BCP 47 tag", .type = PARAM_LANGUAGE },
    { "quality", "a release of it is known; commas between: all of them", PARAM_WORDS,
      .words = "480p|720p|1080p|2160p" },
    { "quality_min", "a release at least that good is known", PARAM_WORD,
      .words = "480p|720p|1080p|2160p" },
    { "available", "a release with seeds is known", .type = PARAM_BOOL },
    { "status", "released, in_production, ...; commas between: any of them", PARAM_TEXT, .min = 1,
      .max = 200 },
    { "list", "the number of a list: only what is on it, in its order unless sort is given",
      PARAM_INT, .min = 1, .max = UINT32_MAX },
    { "sort", "popularity is the default, relevance in searches", PARAM_WORD,
      .words = "popularity|rating|title|release_date|added|updated" },
    { "order",
      "of the sort; what has no rating or no date stands last in both; a search takes it with a "
      "sort only",
      PARAM_WORD, .words = "asc|desc" },
    { "facets", "counts to add", PARAM_WORDS, .words = "genre|year|quality" },
    { 0 },
};

/* --- Finding */

/* ":name" stands for anything, ":name.torrent" for what ends like that. */
static bool fits(const char *name, size_t len, const char *segment)
{
    const char *dot = memchr(name, '.', len);
    size_t suffix_len = dot ? len - (size_t)(dot - name) : 0, segment_len = strlen(segment);
    return segment_len > suffix_len &&
           (!dot || memcmp(segment + segment_len - suffix_len, dot, suffix_len) == 0);
}

/* Walks the pattern along the segments; `arguments` gets what stands for ":name". */
static bool matches(const char *pattern, const struct request *request, const char **arguments)
{
    size_t n = 0, n_arguments = 0;
    /* Nearly all begin with "/api/": the letter behind it rules most of them out. */
    if (request->n_segments > 1 && strncmp(pattern, "/api/", 5) == 0 && pattern[5] != ':' &&
        pattern[5] != request->segments[1][0])
        return false;
    for (const char *at = pattern; *at == '/';) {
        size_t len = strcspn(++at, "/");
        if (n == request->n_segments)
            return false;
        const char *segment = request->segments[n++];
        if (*at == ':') {
            if (!fits(at, len, segment))
                return false;
            arguments[n_arguments++] = segment;
        } else if (strncmp(segment, at, len) != 0 || segment[len]) {
            return false;
        }
        at += len;
    }
    return n == request->n_segments;
}

const struct route *router_find_method(struct request *request, enum request_method method,
                                       uint32_t *out_allow)
{
    enum request_method wanted = method == REQUEST_HEAD ? REQUEST_GET : method;
    *out_allow = 0;
    for (size_t i = 0; i < router_n_routes; i++) {
        const struct route *route = &router_routes[i];
        const char *arguments[ARRAY_LEN(request->arguments)] = { NULL };
        /* "/api/movies/search" stands before "/api/movies/:id": the first path that fits counts. */
        if (!matches(route->pattern, request, arguments))
            continue;
        if (route->method == wanted) {
            memcpy(request->arguments, arguments, sizeof arguments);
            return route;
        }
        *out_allow |= route->method | REQUEST_OPTIONS;
        if (route->method == REQUEST_GET)
            *out_allow |= REQUEST_HEAD;
    }
    return NULL;
}

const struct route *router_find(struct request *request, uint32_t *out_allow)
{
    return router_find_method(request, request->method, out_allow);
}

/* --- Checking */

static size_t tables_of(const struct route *route, const struct route_param *out[MAX_TABLES])
{
    size_t n = 0;
    if (route->params)
        out[n++] = route->params;
    if (route->flags & ROUTE_PAGED)
        out[n++] = router_page_params;
    if (route->flags & ROUTE_SPEAKS)
        out[n++] = router_language_params;
    if (route->flags & ROUTE_FILTERED)
        out[n++] = router_filter_params;
    return n;
}

void router_each_param(const struct route *route,
                       void (*each)(const struct route_param *param, void *context), void *context)
{
    const struct route_param *tables[MAX_TABLES];
    size_t n = tables_of(route, tables);
    for (size_t i = 0; i < n; i++) {
        for (const struct route_param *param = tables[i]; param->name; param++)
            each(param, context);
    }
}

static const struct route_param *find_param(const struct route *route, const char *name)
{
    const struct route_param *tables[MAX_TABLES];
    size_t n = tables_of(route, tables);
    for (size_t i = 0; i < n; i++) {
        for (const struct route_param *param = tables[i]; param->name; param++) {
            if (strcmp(param->name, name) == 0)
                return param;
        }
    }
    return NULL;
}

/* Whether `word` is one of "a|b|c". */
static bool is_word(const char *words, const char *word, size_t len)
{
    for (const char *at = words; *at;) {
        size_t word_len = strcspn(at, "|");
        if (word_len == len && memcmp(at, word, len) == 0)
            return true;
        at += word_len;
        at += *at == '|';
    }
    return false;
}

static bool are_words(const char *words, const char *value)
{
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        if (!is_word(words, at, len))
            return false;
        at += len;
        if (!*at)
            return true;
    }
}

static bool check_text(const struct route_param *param, const char *value, struct problem *problem)
{
    size_t len = strlen(value);
    if (len < (size_t)param->min || len > (size_t)param->max)
        return problem_field(problem, param->name, "%zu bytes, %lld to %lld are accepted", len,
                             (long long)param->min, (long long)param->max);
    return true;
}

static bool check_number(const struct route_param *param, const char *value,
                         struct problem *problem)
{
    int64_t whole;
    double number;
    bool right = param->type == PARAM_INT
                     ? text_to_int(value, param->min, param->max, &whole)
                     : text_to_double(value, &number) && number >= (double)param->min &&
                           number <= (double)param->max;
    return right || problem_field(problem, param->name, "'%.40s' is no %s from %lld to %lld", value,
                                  param->type == PARAM_INT ? "integer" : "number",
                                  (long long)param->min, (long long)param->max);
}

static bool check_value(const struct route_param *param, const char *value, struct problem *problem)
{
    char language[LANGUAGE_LEN];
    switch (param->type) {
    case PARAM_INT:
    case PARAM_NUMBER:
        return check_number(param, value, problem);
    case PARAM_WORD:
        return is_word(param->words, value, strlen(value)) ||
               problem_field(problem, param->name, "'%.40s' is none of %s", value, param->words);
    case PARAM_WORDS:
        return are_words(param->words, value) ||
               problem_field(problem, param->name, "'%.40s' is not a list of %s", value,
                             param->words);
    case PARAM_BOOL:
        return is_word("1|0|true|false", value, strlen(value)) ||
               problem_field(problem, param->name, "'%.40s' is neither true nor false", value);
    case PARAM_LANGUAGE:
        return language_parse(value, language) ||
               problem_field(problem, param->name, "'%.40s' is no language tag", value);
    case PARAM_TEXT:
        break;
    }
    return check_text(param, value, problem);
}

struct search_for_missing {
    const struct request *request;
    struct problem *problem;
    bool ok;
};

static void check_presence(const struct route_param *param, void *context)
{
    struct search_for_missing *search = context;
    if (param->required && !request_param(search->request, param->name))
        search->ok = problem_field(search->problem, param->name, "is missing");
}

bool router_check(const struct route *route, const struct request *request, struct problem *problem)
{
    struct search_for_missing search = { request, problem, true };
    for (size_t i = 0; i < request->n_params; i++) {
        const struct request_param *given = &request->params[i];
        const struct route_param *param = find_param(route, given->name);
        if (!param)
            search.ok = problem_field(problem, given->name, "is not known here");
        else if (!check_value(param, given->value, problem))
            search.ok = false;
    }
    router_each_param(route, check_presence, &search);
    return search.ok;
}
