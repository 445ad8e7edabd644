/* SPDX-License-Identifier: MIT
 *
 * Bodies made to harm.  What reads them has the 100 KiB stack of CivetWeb's threads. */
#include "api_test.h"

#include "routes.h"

static const size_t depths[] = { 64, 65, 1000, 2000 };

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    house_add_movie(house, "{\"ids\":{\"tmdb\":1},\"title\":\"One\",\"original_language\":\"en\"}");
    house_settle(house);
    *state = house;
    return 0;
}

/* The path with something of the right shape for each parameter. */
static void write_target(const char *path, struct text *out)
{
    static const struct {
        const char *name, *value;
    } values[] = { { ":infohash", "08ada5a7a6183aae1e09d831df6748d566095a10" },
                   { ":index", "0" },
                   { ":id", "1" },
                   { ":user", "ada" },
                   { ":list", "tmdb:1" },
                   { ":provider", "nobody" } };
    while (*path) {
        size_t i = 0;
        while (i < ARRAY_LEN(values) && strncmp(path, values[i].name, strlen(values[i].name)) != 0)
            i++;
        if (*path == ':' && i == ARRAY_LEN(values))
            fail_msg("no value for '%s'", path);
        text_add_string(out, *path == ':' ? values[i].value : (char[]){ *path, '\0' });
        path += *path == ':' ? strlen(values[i].name) : 1;
    }
}

/* An object of so many levels. */
static void write_nested(size_t depth, struct text *out)
{
    text_add_string(out, "{\"a\":");
    for (size_t i = 1; i < depth; i++)
        text_add_char(out, '[');
    for (size_t i = 1; i < depth; i++)
        text_add_char(out, ']');
    text_add_char(out, '}');
}

static void ask_nested(struct house *house, const struct route *route, size_t depth)
{
    CLEANUP(text_done) struct text target = TEXT_INIT(1 << 10);
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 16);
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    write_target(route->pattern, &target);
    write_nested(depth, &body);
    int status = send_json(house, request_method_name(route->method), text_string(&target),
                           house->admin, text_string(&body), &answer);
    bool is_refused = strstr(text_string(&answer), "nested deeper than 64") != NULL;
    if (status < 400 || status >= 500 || (is_refused && status != 400) ||
        is_refused != (depth > 64 && status != 404))
        fail_msg("%s, %zu levels: %s", target.bytes, depth, text_string(&answer));
}

static void no_route_with_a_body_falls_into_a_deep_one(void **state)
{
    size_t n = 0;
    for (size_t i = 0; i < router_n_routes; i++) {
        if (!(router_routes[i].flags & ROUTE_BODY))
            continue;
        for (size_t k = 0; k < ARRAY_LEN(depths); k++)
            ask_nested(*state, &router_routes[i], depths[k]);
        n++;
    }
    assert_true(n > 10);
}

/* A torrent file of dictionaries and lists, which this wants far less of. */
static void an_upload_is_not_deep_either(void **state)
{
    struct house *house = *state;
    for (size_t k = 0; k < ARRAY_LEN(depths); k++) {
        CLEANUP(text_done) struct text request = TEXT_INIT(1 << 16);
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        text_add_format(&request,
                        "POST /api/torrents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                        "Content-Type: application/x-bittorrent\r\nContent-Length: %zu\r\n\r\n",
                        house->streamer, 5 * depths[k]);
        for (size_t i = 0; i < depths[k]; i++)
            text_add_string(&request, "d1:a");
        for (size_t i = 0; i < depths[k]; i++)
            text_add_char(&request, 'e');
        assert_int_equal(raw_ask(house->port, text_string(&request), &answer), 422);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_route_with_a_body_falls_into_a_deep_one),
        cmocka_unit_test(an_upload_is_not_deep_either),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
