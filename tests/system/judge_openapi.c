/* SPDX-License-Identifier: MIT
 *
 * judge_openapi URL TOKEN: asks the daemon for its description, then asks every GET route that it
 * can ask, and holds each answer against the schema that was promised, in TAP.  A keyword that this
 * judge does not know, and a member that no schema names, are findings. */
#include <regex.h>
#include <string.h>

#include "ask.h"

enum { MAX_DEPTH = 40 };

struct judge {
    const char *url, *token;
    json_t *api;
    unsigned n, n_failed;
};

static void say(struct judge *judge, bool ok, const char *what, const char *path, const char *why)
{
    judge->n++;
    judge->n_failed += !ok;
    printf("%sok - %s %s\n", ok ? "" : "not ", what, path);
    if (!ok)
        printf("# %s\n", why);
}

/* --- One value against one schema */

static bool fits(const struct judge *judge, const json_t *schema, const json_t *value,
                 const char *path, unsigned depth, struct text *why);

static bool refuse(struct text *why, const char *path, const char *reason)
{
    if (!why->len)
        text_add_format(why, "%s: %s", path, reason);
    return false;
}

static const json_t *resolve(const struct judge *judge, const json_t *schema)
{
    for (const char *ref; (ref = js_string(schema, "$ref"));) {
        const json_t *at = text_starts_with(ref, "#/") ? judge->api : NULL;
        CLEANUP(mem_free) char *copy = mem_dup_text(ref + 2);
        char *rest = copy;
        for (char *part; at && (part = strsep(&rest, "/"));)
            at = json_object_get(at, part);
        schema = at;
    }
    return schema;
}

static bool is_of(const char *type, const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
        [JSON_FALSE] = "boolean",   [JSON_NULL] = "null",
    };
    return value && (text_equal(type, names[json_typeof(value)]) ||
                     (text_equal(type, "number") && json_is_integer(value)));
}

static bool has_type(const json_t *types, const json_t *value)
{
    bool found = !types || is_of(json_string_value(types), value);
    for (size_t i = 0; i < json_array_size(types); i++)
        found = found || is_of(json_string_value(json_array_get(types, i)), value);
    return found;
}

static bool is_listed(const json_t *list, const json_t *value)
{
    bool found = !list;
    for (size_t i = 0; i < json_array_size(list); i++)
        found = found || json_equal(json_array_get(list, i), value);
    return found;
}

static bool matches(const char *pattern, const char *text)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
        return false;
    bool found = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static bool fits_string(const json_t *schema, const char *text, const char *path, struct text *why)
{
    const char *pattern = js_string(schema, "pattern");
    if (pattern && !matches(pattern, text))
        return refuse(why, path, "does not match its pattern");
    return true;
}

static bool fits_number(const json_t *schema, const json_t *value, const char *path,
                        struct text *why)
{
    double number = json_number_value(value);
    if (number < js_double(schema, "minimum", number) ||
        number > js_double(schema, "maximum", number))
        return refuse(why, path, "is out of bounds");
    return true;
}

/* The schema of a member, also of one that a part of an allOf names. */
static const json_t *member_schema(const struct judge *judge, const json_t *schema,
                                   const char *name, unsigned depth)
{
    const json_t *found = json_object_get(json_object_get(schema, "properties"), name);
    const json_t *parts = json_object_get(schema, "allOf");
    for (size_t i = 0; !found && depth < MAX_DEPTH && i < json_array_size(parts); i++)
        found = member_schema(judge, resolve(judge, json_array_get(parts, i)), name, depth + 1);
    const json_t *other = json_object_get(schema, "additionalProperties");
    return found ? found : other;
}

static bool is_closed(const struct judge *judge, const json_t *schema)
{
    const json_t *parts = json_object_get(schema, "allOf");
    bool closed = json_object_get(schema, "properties") != NULL;
    for (size_t i = 0; i < json_array_size(parts); i++)
        closed = closed || is_closed(judge, resolve(judge, json_array_get(parts, i)));
    return closed;
}

static bool fits_object(const struct judge *judge, const json_t *schema, const json_t *value,
                        const char *path, bool whole, unsigned depth, struct text *why)
{
    const json_t *required = json_object_get(schema, "required");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *name = json_string_value(json_array_get(required, i));
        CLEANUP(mem_free) char *below = mem_format("%s.%s", path, name);
        if (!json_object_get(value, name))
            return refuse(why, below, "is required and absent");
    }
    const char *name;
    json_t *member;
    json_object_foreach ((json_t *)(uintptr_t)value, name, member) {
        CLEANUP(mem_free) char *below = mem_format("%s.%s", path, name);
        const json_t *of = member_schema(judge, schema, name, 0);
        if ((whole && !of && is_closed(judge, schema)) || json_is_false(of))
            return refuse(why, below, "is in no schema");
        if (json_is_object(of) && !fits(judge, of, member, below, depth + 1, why))
            return false;
    }
    return true;
}

static bool fits_array(const struct judge *judge, const json_t *schema, const json_t *value,
                       const char *path, unsigned depth, struct text *why)
{
    const json_t *items = json_object_get(schema, "items");
    int64_t n = (int64_t)json_array_size(value);
    if (n < js_int(schema, "minItems", n) || n > js_int(schema, "maxItems", n))
        return refuse(why, path, "has too many or too few elements");
    for (size_t i = 0; items && i < json_array_size(value); i++) {
        CLEANUP(mem_free) char *below = mem_format("%s[%zu]", path, i);
        if (!fits(judge, items, json_array_get(value, i), below, depth + 1, why))
            return false;
    }
    return true;
}

static bool knows_keywords(const json_t *schema, const char *path, struct text *why)
{
    static const char *const known[] = {
        "$ref",    "type",   "enum",        "properties", "required", "additionalProperties",
        "items",   "allOf",  "minimum",     "maximum",    "minItems", "maxItems",
        "pattern", "format", "description", "title",      "example",  "examples",
    };
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)schema, key, value) {
        bool found = false;
        for (size_t i = 0; i < ARRAY_LEN(known); i++)
            found = found || text_equal(known[i], key);
        if (!found)
            return refuse(why, path, key);
    }
    return true;
}

/* A part of an allOf names some members; the others are named by its neighbours. */
static bool fits_parts(const struct judge *judge, const json_t *schema, const json_t *value,
                       const char *path, unsigned depth, struct text *why)
{
    const json_t *parts = json_object_get(schema, "allOf");
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = resolve(judge, json_array_get(parts, i));
        if (!knows_keywords(part, path, why) || !has_type(json_object_get(part, "type"), value))
            return refuse(why, path, "is of another type");
        if (!fits_object(judge, part, value, path, false, depth, why) ||
            !fits_parts(judge, part, value, path, depth + 1, why))
            return false;
    }
    return true;
}

static bool fits(const struct judge *judge, const json_t *schema, const json_t *value,
                 const char *path, unsigned depth, struct text *why)
{
    schema = resolve(judge, schema);
    if (!schema || depth > MAX_DEPTH)
        return refuse(why, path, "its schema leads nowhere");
    if (!knows_keywords(schema, path, why))
        return false;
    if (!has_type(json_object_get(schema, "type"), value))
        return refuse(why, path, "is of another type");
    if (!is_listed(json_object_get(schema, "enum"), value))
        return refuse(why, path, "is none of the words allowed");
    if (!fits_parts(judge, schema, value, path, depth, why))
        return false;
    if (json_is_string(value))
        return fits_string(schema, json_string_value(value), path, why);
    if (json_is_number(value))
        return fits_number(schema, value, path, why);
    if (json_is_array(value))
        return fits_array(judge, schema, value, path, depth, why);
    return !json_is_object(value) || fits_object(judge, schema, value, path, true, depth, why);
}

/* --- Asking */

static bool ask(const struct judge *judge, const char *target, long *out_status, json_t **out)
{
    CLEANUP(mem_free) char *url = mem_format("%s%s", judge->url, target);
    CLEANUP(mem_free) char *bearer = mem_format("Authorization: Bearer %s", judge->token);
    const char *const headers[] = { bearer, NULL };
    CLEANUP(ask_answer_done) struct ask_answer answer = { 0 };
    const struct ask question = { .method = "GET", .url = url, .headers = headers };
    if (ask_run(&question, &answer))
        return false;
    *out_status = answer.status;
    *out = json_loadb(answer.body.bytes ? answer.body.bytes : "", answer.body.len, 0, NULL);
    return *out != NULL;
}

/* What names the first row of a list; NULL: there is none. */
static char *first_of(const struct judge *judge, const char *list, const char *member)
{
    json_auto_t *said = NULL;
    long status;
    ask(judge, list, &status, &said);
    const json_t *named = json_object_get(json_array_get(js_array(said, "results"), 0), member);
    if (json_is_string(named))
        return mem_dup_text(json_string_value(named));
    return named ? mem_format("%lld", (long long)json_integer_value(named)) : NULL;
}

/* "/api/jobs/{job}" with something there; NULL: nothing is. */
static char *fill_in(const struct judge *judge, const char *path)
{
    static const struct {
        const char *name, *value, *list, *member;
    } rows[] = {
        { "/api/movies/{id}", NULL, "/api/movies?limit=1", "id" },
        { "/api/tvshows/{id}", NULL, "/api/tvshows?limit=1", "id" },
        { "/api/jobs/{job}", NULL, "/api/jobs?limit=1", "id" },
        { "/api/lists/{list}", NULL, "/api/lists?limit=1", "id" },
        { "/api/releases/{infohash}", NULL, "/api/releases?limit=1", "infohash" },
        { "/api/torrents/{infohash}", NULL, "/api/torrents?limit=1", "infohash" },
        { "/api/providers/{provider}", "tmdb", NULL, NULL },
        { "/api/users/{user}", "anna", NULL, NULL },
    };
    const char *brace = strchr(path, '{');
    for (size_t i = 0; brace && i < ARRAY_LEN(rows); i++) {
        if (!text_starts_with(path, rows[i].name))
            continue;
        CLEANUP(mem_free)
        char *value = rows[i].list ? first_of(judge, rows[i].list, rows[i].member)
                                   : mem_dup_text(rows[i].value);
        if (!value)
            return NULL;
        CLEANUP(text_done) struct text filled = TEXT_INIT(1000);
        text_add_format(&filled, "%.*s%s", (int)(brace - path), path, value);
        /* Of what is inside it, seasons and episodes, the first. */
        for (const char *at = strchr(brace, '}') + 1; *at;
             at += *at == '{' ? strcspn(at, "}") + 1 : 1)
            text_add_char(&filled, *at == '{' ? '1' : *at);
        return text_take(&filled);
    }
    return mem_dup_text(path);
}

static const json_t *schema_of(const struct judge *judge, const json_t *operation,
                               const char *status, const char *type)
{
    const json_t *answer =
        resolve(judge, json_object_get(js_object(operation, "responses"), status));
    return json_object_get(js_object(js_object(answer, "content"), type), "schema");
}

/* A judge that lets everything pass would be worth nothing: without a member that is required, the
 * same answer is refused. */
static void judge_spoiled(struct judge *judge, const json_t *schema, json_t *answer,
                          const char *path)
{
    const json_t *required = json_object_get(resolve(judge, schema), "required");
    CLEANUP(text_done) struct text why = TEXT_INIT(1000);
    if (!json_array_size(required))
        return;
    json_object_del(answer, json_string_value(json_array_get(required, 0)));
    say(judge, !fits(judge, schema, answer, "answer", 0, &why),
        "a spoiled answer is refused:", path, "it passed");
}

static void judge_answer(struct judge *judge, const json_t *operation, const char *path,
                         const char *target)
{
    CLEANUP(text_done) struct text why = TEXT_INIT(1000);
    const json_t *schema = schema_of(judge, operation, "200", "application/json");
    json_auto_t *answer = NULL;
    long status = 0;
    bool ok = ask(judge, target, &status, &answer) && status == 200;
    if (!ok)
        text_add_format(&why, "the status is %ld", status);
    ok = ok && fits(judge, schema, answer, "answer", 0, &why);
    say(judge, ok, "the answer is as described:", path, text_string(&why));
    if (ok)
        judge_spoiled(judge, schema, answer, path);
}

static void judge_refusal(struct judge *judge, const json_t *operation, const char *path,
                          const char *target)
{
    CLEANUP(text_done) struct text why = TEXT_INIT(1000);
    CLEANUP(mem_free)
    char *wrong = mem_format("%s%cno_such_parameter=1", target, strchr(target, '?') ? '&' : '?');
    const json_t *schema = schema_of(judge, operation, "400", "application/problem+json");
    json_auto_t *answer = NULL;
    long status = 0;
    bool ok = ask(judge, wrong, &status, &answer) && status == 400;
    if (!ok)
        text_add_format(&why, "the status is %ld", status);
    ok = ok && fits(judge, schema, answer, "answer", 0, &why);
    say(judge, ok, "an unknown parameter is refused as described:", path, text_string(&why));
}

static void judge_operation(struct judge *judge, const char *path, const json_t *operation)
{
    if (!schema_of(judge, operation, "200", "application/json"))
        return; /* pictures, events and metrics are no JSON */
    CLEANUP(mem_free) char *target = fill_in(judge, path);
    if (!target) {
        printf("ok - # SKIP nothing is there: %s\n", path);
        return;
    }
    size_t i;
    json_t *parameter;
    json_array_foreach (js_array(operation, "parameters"), i, parameter) {
        if (!js_bool(parameter, "required", false) ||
            !text_equal(js_string(parameter, "in"), "query"))
            continue;
        char *more = mem_format("%s?%s=night", target, js_string(parameter, "name"));
        free(target);
        target = more;
    }
    judge_answer(judge, operation, path, target);
    judge_refusal(judge, operation, path, target);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("Usage: judge_openapi URL TOKEN\n", stderr);
        return 2;
    }
    struct judge judge = { .url = argv[1], .token = argv[2] };
    long status = 0;
    if (!ask(&judge, "/api/openapi.json", &status, &judge.api))
        return 1;
    const char *path;
    json_t *methods;
    json_object_foreach (js_object(judge.api, "paths"), path, methods) {
        const json_t *operation = js_object(methods, "get");
        if (operation)
            judge_operation(&judge, path, operation);
    }
    json_decref(judge.api);
    return judge.n_failed || judge.n < 20;
}
