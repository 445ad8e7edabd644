/* SPDX-License-Identifier: MIT */
#include "openapi.h"

#include <jansson.h>
#include <string.h>

#include "config.h"

#include "app.h"
#include "base/json.h"
#include "openapi_schemas.h"
#include "router.h"
#include "routes.h"
#include "torrent/metainfo.h"

static json_t *words_of(const char *words)
{
    json_t *list = json_array();
    for (const char *at = words; *at;) {
        size_t len = strcspn(at, "|");
        json_array_append_new(list, json_stringn(at, len));
        at += len;
        at += *at == '|';
    }
    return list;
}

static json_t *number_schema(const struct route_param *param, const char *type)
{
    return json_pack("{s:s, s:I, s:I}", "type", type, "minimum", (json_int_t)param->min, "maximum",
                     (json_int_t)param->max);
}

static json_t *schema_of(const struct route_param *param)
{
    switch (param->type) {
    case PARAM_INT:
        return number_schema(param, "integer");
    case PARAM_NUMBER:
        return number_schema(param, "number");
    case PARAM_WORD:
        return json_pack("{s:s, s:o}", "type", "string", "enum", words_of(param->words));
    case PARAM_WORDS:
        return json_pack("{s:s, s:{s:s, s:o}}", "type", "array", "items", "type", "string", "enum",
                         words_of(param->words));
    case PARAM_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case PARAM_LANGUAGE:
        return json_pack("{s:s, s:s}", "type", "string", "pattern",
                         "^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$");
    case PARAM_TEXT:
        break;
    }
    return json_pack("{s:s, s:I, s:I}", "type", "string", "minLength", (json_int_t)(param->min > 0),
                     "maxLength", (json_int_t)param->max);
}

static void add_query(const struct route_param *param, void *context)
{
    json_t *shown =
        json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", param->name, "in", "query", "description",
                  param->help, "required", (int)param->required, "schema", schema_of(param));
    /* Lists are one value with commas, not a parameter that comes several times. */
    if (param->type == PARAM_WORDS)
        js_set(shown, "explode", json_false());
    json_array_append_new(context, shown);
}

/* ":name" in a path, with what is said about it. */
static json_t *path_parameter(const char *name, size_t len)
{
    static const struct {
        const char *name, *help;
    } rows[] = {
        { "id", "our own number, or tmdb:603, imdb:tt0133093, tt0133093" },
        { "job", "the number of a job" },
        { "provider", "the name of a provider" },
        { "infohash", "40 hexadecimal digits; 64 of v2" },
        { "kind", "posters, backdrops, logos, profiles or stills" },
        { "file", "as the paths of pictures in items say" },
        { "token", "the number of a token" },
    };
    const char *help = "";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            help = rows[i].help;
    }
    return json_pack("{s:o, s:s, s:s, s:b, s:{s:s}}", "name", json_stringn(name, len), "in", "path",
                     "description", help, "required", 1, "schema", "type", "string");
}

/* "/api/movies/:id" to "/api/movies/{id}", ":id.ext" to "{id}.ext"; its parameters appended. */
static void write_path(const char *pattern, struct text *out, json_t *parameters)
{
    for (const char *at = pattern; *at == '/';) {
        size_t len = strcspn(++at, "/");
        if (*at == ':') {
            size_t name_len = strcspn(at + 1, "/.");
            text_add_format(out, "/{%.*s}%.*s", (int)name_len, at + 1, (int)(len - 1 - name_len),
                            at + 1 + name_len);
            json_array_append_new(parameters, path_parameter(at + 1, name_len));
        } else {
            text_add_format(out, "/%.*s", (int)len, at);
        }
        at += len;
    }
}

static json_t *content_of(const char *type, const char *schema)
{
    CLEANUP(mem_free) char *ref = mem_format("#/components/schemas/%s", schema ? schema : "");
    json_t *shown = schema ? json_pack("{s:s}", "$ref", ref) : json_pack("{s:s}", "type", "string");
    return json_pack("{s:{s:o}}", type ? type : "application/json", "schema", shown);
}

static void add_failure(json_t *responses, const char *status)
{
    CLEANUP(mem_free) char *ref = mem_format("#/components/responses/%s", status);
    js_set(responses, status, json_pack("{s:s}", "$ref", ref));
}

static json_t *responses_of(const struct route *route)
{
    char status[8];
    json_t *responses = json_object();
    snprintf(status, sizeof status, "%d", route->status);
    json_t *fine = json_pack("{s:s}", "description", route->summary);
    if (route->answer || route->type)
        js_set(fine, "content", content_of(route->type, route->answer));
    js_set(responses, status, fine);
    if (route->method == REQUEST_GET)
        js_set(responses, "304", json_pack("{s:s}", "description", "As you have it"));
    add_failure(responses, "400");
    if (!(route->flags & ROUTE_OPEN)) {
        add_failure(responses, "401");
        add_failure(responses, "403");
    }
    if (strchr(route->pattern, ':'))
        add_failure(responses, "404");
    if (!(route->flags & ROUTE_UNLIMITED))
        add_failure(responses, "429");
    add_failure(responses, "503");
    return responses;
}

static const char *scope_of(const struct route *route)
{
    return route->scope == SCOPE_ADMIN    ? "admin"
           : route->scope == SCOPE_WRITE  ? "write"
           : route->scope == SCOPE_STREAM ? "stream"
                                          : "read";
}

static json_t *body_of(const struct route *route)
{
    json_t *content = content_of(NULL, route->body);
    if (route->flags & ROUTE_UPLOAD)
        js_set(content, METAINFO_TYPE,
               json_pack("{s:{s:s, s:s}}", "schema", "type", "string", "format", "binary"));
    return json_pack("{s:b, s:o}", "required", 0, "content", content);
}

static json_t *operation_of(const struct route *route, json_t *parameters)
{
    json_t *operation =
        json_pack("{s:s, s:s, s:o, s:o}", "operationId", route->operation, "summary",
                  route->summary, "parameters", parameters, "responses", responses_of(route));
    if (route->flags & ROUTE_OPEN)
        js_set(operation, "security", json_array());
    else
        js_set(operation, "security", json_pack("[{s:[s]}]", "token", scope_of(route)));
    if (route->flags & ROUTE_BODY)
        js_set(operation, "requestBody", body_of(route));
    return operation;
}

static void add_route(json_t *paths, const struct route *route)
{
    char method[8];
    CLEANUP(text_done) struct text path = TEXT_INIT(400);
    json_t *parameters = json_array();
    write_path(route->pattern, &path, parameters);
    router_each_param(route, add_query, parameters);
    json_t *item = json_object_get(paths, text_string(&path));
    if (!item) {
        item = json_object();
        js_set(paths, text_string(&path), item);
    }
    const char *name = request_method_name(route->method);
    size_t len = strlen(name);
    for (size_t i = 0; i <= len; i++)
        method[i] = (char)(name[i] | (name[i] ? 0x20 : 0));
    js_set(item, method, operation_of(route, parameters));
}

static json_t *failures(void)
{
    static const int statuses[] = { 400, 401, 403, 404, 429, 503 };
    json_t *responses = json_object();
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        char status[8];
        snprintf(status, sizeof status, "%d", statuses[i]);
        js_set(responses, status,
               json_pack("{s:s, s:o}", "description", problem_title(statuses[i]), "content",
                         content_of("application/problem+json", "Problem")));
    }
    return responses;
}

static json_t *schemas(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < openapi_n_schemas; i++)
        js_set(all, openapi_schemas[i].name, json_loads(openapi_schemas[i].json, 0, NULL));
    return all;
}

const char *openapi_schema(const char *name)
{
    for (size_t i = 0; i < openapi_n_schemas; i++) {
        if (text_equal(openapi_schemas[i].name, name))
            return openapi_schemas[i].json;
    }
    return NULL;
}

void openapi_write(struct text *out)
{
    json_t *paths = json_object();
    for (size_t i = 0; i < router_n_routes; i++)
        add_route(paths, &router_routes[i]);
    json_auto_t *document =
        json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:{s:o, s:o, s:{s:{s:s, s:s}}}}", "openapi",
                  "3.1.0", "info", "title", "miauflixd", "version", PACKAGE_VERSION, "description",
                  "Media services: the catalogue, search, jobs and providers.", "paths", paths,
                  "components", "schemas", schemas(), "responses", failures(), "securitySchemes",
                  "token", "type", "http", "scheme", "bearer");
    js_write(document, out);
}

void openapi_show(struct app *app, struct request *request UNUSED, struct reply *reply)
{
    reply->status = 200;
    reply->bytes = app->openapi.bytes;
    reply->len = app->openapi.len;
    reply->max_age_s = 3600;
}
