/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "openapi.h"
#include "openapi_schemas.h"
#include "router.h"

static json_t *document;

static int write_it(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(4 << 20);
    struct error err = { 0 };
    openapi_write(&text);
    if (js_parse(text_string(&text), text.len, 4 << 20, &document, &err) != 0)
        fail_msg("%s", err.text);
    return 0;
}

static int drop_it(void **state UNUSED)
{
    json_decref(document);
    return 0;
}

/* "/a/:b" to "/a/{b}", "/a/:b.c" to "/a/{b}.c". */
static void to_template(const char *pattern, struct text *out)
{
    bool inside = false;
    for (const char *at = pattern; *at; at++) {
        if (inside && (*at == '/' || *at == '.')) {
            text_add_char(out, '}');
            inside = false;
        }
        if (*at == ':')
            inside = true;
        text_add_char(out, (char)(*at == ':' ? '{' : *at));
    }
    if (inside)
        text_add_char(out, '}');
}

static const json_t *operation_of(const struct route *route)
{
    static const char *const lower[] = { "get", "head", "post", "put", "delete", "options" };
    CLEANUP(text_done) struct text path = TEXT_INIT(400);
    to_template(route->pattern, &path);
    const json_t *item = js_object(js_object(document, "paths"), text_string(&path));
    return js_object(item, lower[__builtin_ctz(route->method)]);
}

static void every_route_is_described(void **state UNUSED)
{
    for (size_t i = 0; i < router_n_routes; i++) {
        const json_t *operation = operation_of(&router_routes[i]);
        if (!operation)
            fail_msg("%s is not described", router_routes[i].operation);
        assert_string_equal(js_string(operation, "operationId"), router_routes[i].operation);
    }
}

static void nothing_else_is_described(void **state UNUSED)
{
    size_t n = 0;
    const char *key;
    json_t *item;
    json_object_foreach (js_object(document, "paths"), key, item)
        n += json_object_size(item);
    assert_int_equal(n, router_n_routes);
}

struct expected {
    const json_t *parameters;
    size_t n;
};

static void expect(const struct route_param *param, void *context)
{
    struct expected *expected = context;
    size_t i;
    json_t *row;
    expected->n++;
    json_array_foreach (expected->parameters, i, row) {
        if (text_equal(js_string(row, "in"), "query") &&
            text_equal(js_string(row, "name"), param->name)) {
            assert_int_equal(js_bool(row, "required", false), param->required);
            return;
        }
    }
    fail_msg("the parameter '%s' is not described", param->name);
}

static void every_parameter_is_described(void **state UNUSED)
{
    for (size_t i = 0; i < router_n_routes; i++) {
        const struct route *route = &router_routes[i];
        struct expected expected = { js_array(operation_of(route), "parameters"), 0 };
        router_each_param(route, expect, &expected);
        for (const char *at = route->pattern; (at = strchr(at, ':')); at++)
            expected.n++;
        assert_int_equal(json_array_size(expected.parameters), expected.n);
    }
}

/* Walks the whole document for references; each must lead somewhere. */
static void check_references(const json_t *value)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach (value, i, child)
            check_references(child);
        return;
    }
    if (!json_is_object(value))
        return;
    const char *ref = js_string(value, "$ref");
    if (ref) {
        const char *name = strrchr(ref, '/') + 1;
        const json_t *components = js_object(document, "components");
        const char *room = strstr(ref, "/schemas/") ? "schemas" : "responses";
        if (!js_object(js_object(components, room), name))
            fail_msg("%s leads nowhere", ref);
    }
    json_object_foreach ((json_t *)(uintptr_t)value, key, child)
        check_references(child);
}

static void every_reference_leads_somewhere(void **state UNUSED)
{
    check_references(document);
}

static void every_schema_is_json_and_used(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(4 << 20);
    openapi_write(&text);
    for (size_t i = 0; i < openapi_n_schemas; i++) {
        json_auto_t *schema = json_loads(openapi_schemas[i].json, 0, NULL);
        if (!schema)
            fail_msg("the schema '%s' is no JSON", openapi_schemas[i].name);
        CLEANUP(mem_free)
        char *ref = mem_format("\"#/components/schemas/%s\"", openapi_schemas[i].name);
        if (!strstr(text_string(&text), ref))
            fail_msg("the schema '%s' is not used", openapi_schemas[i].name);
    }
    assert_null(openapi_schema("Nothing"));
}

static void what_is_protected_says_so(void **state UNUSED)
{
    for (size_t i = 0; i < router_n_routes; i++) {
        const json_t *operation = operation_of(&router_routes[i]);
        bool open = router_routes[i].flags & ROUTE_OPEN;
        assert_int_equal(json_array_size(json_object_get(operation, "security")), open ? 0 : 1);
        assert_int_equal(js_object(js_object(operation, "responses"), "401") == NULL, open);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(nothing_else_is_described),
        cmocka_unit_test(every_parameter_is_described),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(every_schema_is_json_and_used),
        cmocka_unit_test(what_is_protected_says_so),
    };
    return cmocka_run_group_tests(tests, write_it, drop_it);
}
