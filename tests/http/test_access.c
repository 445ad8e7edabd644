/* SPDX-License-Identifier: MIT
 *
 * Who may use which route: every row of the route table against every kind of caller. */
#include "../test.h"

#include <string.h>

#include "house.h"
#include "raw.h"
#include "router.h"

enum who { NOBODY, READER, STREAMER, WRITER, ADMIN, N_WHO };

/* What a route asks for, said once more and on purpose: a route that is new, or one that became
 * laxer, has to be judged here too. */
static const struct {
    const char *route;
    enum who least;
} expected[] = {
    { "GET /api/health", NOBODY },
    { "GET /api/openapi.json", NOBODY },
    { "POST /api/torrents", STREAMER },
    { "POST /api/torrents/:infohash/files/:index/analyse", STREAMER },
    { "GET /api/torrents/:infohash/files/:index/subtitle.vtt", STREAMER },
    { "GET /api/torrents/:infohash/playlist.m3u", STREAMER },
    { "DELETE /api/torrents/:infohash", WRITER },
    { "POST /api/torrents/:infohash/prepare", STREAMER },
    { "GET /api/torrents/:infohash/files/:index/stream", STREAMER },
    { "POST /api/releases/:infohash/check", STREAMER },
    { "POST /api/movies/sync", WRITER },
    { "POST /api/tvshows/sync", WRITER },
    { "POST /api/lists/sync", WRITER },
    { "POST /api/lists/:list/sync", WRITER },
    { "DELETE /api/lists/:list", ADMIN },
    { "DELETE /api/jobs/:job", WRITER },
    { "POST /api/me/tokens", WRITER },
    { "DELETE /api/me/tokens/:token", WRITER },
    { "PUT /api/providers/:provider", ADMIN },
    { "POST /api/providers/:provider/reset", ADMIN },
    { "GET /api/users/:user/tokens", ADMIN },
    { "POST /api/users/:user/tokens", ADMIN },
    { "DELETE /api/users/:user/tokens/:token", ADMIN },
    { "POST /api/backup", ADMIN },
    { "PUT /api/movies/:id/locks", ADMIN },
    { "PUT /api/tvshows/:id/locks", ADMIN },
};

/* Scopes are no ladder: only who streams may stream, and only who writes may write. */
static bool may(enum who who, enum who least)
{
    if (least == STREAMER)
        return who == STREAMER || who == ADMIN;
    return who >= least && !(who == STREAMER && least > READER);
}

/* Reading needs the scope `read` and nothing more, unless it is listed above. */
static enum who least_of(const struct route *route)
{
    CLEANUP(text_done) struct text name = TEXT_INIT(200);
    text_add_format(&name, "%s %s", request_method_name(route->method), route->pattern);
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        if (strcmp(text_string(&name), expected[i].route) == 0)
            return expected[i].least;
    }
    if (route->method != REQUEST_GET)
        fail_msg("who may use %s? it is not in this test's table", text_string(&name));
    return READER;
}

/* "/api/jobs/:job" with a name in each open place that means nothing to anybody. */
static void fill(const char *pattern, struct text *out)
{
    for (const char *at = pattern; *at;) {
        if (*at != ':') {
            text_add(out, at++, 1);
            continue;
        }
        at += strcspn(at, "/.");
        text_add_string(out, "999999");
    }
}

static int status_for(struct house *house, const struct route *route, const char *token)
{
    static const char body[] = "{\"nonsense\":1}";
    CLEANUP(text_done) struct text request = TEXT_INIT(1000);
    CLEANUP(text_done) struct text answer = TEXT_INIT(4 << 20);
    text_add_format(&request, "%s ", request_method_name(route->method));
    fill(route->pattern, &request);
    text_add_string(&request, " HTTP/1.1\r\nHost: x\r\n");
    if (token)
        text_add_format(&request, "Authorization: Bearer %s\r\n", token);
    if (route->flags & ROUTE_BODY)
        text_add_format(&request, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                        strlen(body));
    text_add_format(&request, "\r\n%s", route->flags & ROUTE_BODY ? body : "");
    return raw_ask(house->port, text_string(&request), &answer);
}

/* An endless answer has to be left out where it would begin. */
static bool is_endless(const struct route *route)
{
    return route->type && strcmp(route->type, "text/event-stream") == 0;
}

static void judge(struct house *house, const struct route *route, enum who who, const char *token)
{
    enum who least = least_of(route);
    if (is_endless(route) && may(who, least))
        return;
    int status = status_for(house, route, token);
    int wanted = may(who, least) ? 0 : who == NOBODY ? 401 : 403;
    bool right = wanted ? status == wanted : status != 401 && status != 403;
    if (!right)
        fail_msg("%s %s, caller %d: %d", request_method_name(route->method), route->pattern,
                 (int)who, status);
}

static void every_route_lets_in_whom_it_should_and_nobody_else(void **state)
{
    struct house *house = *state;
    const char *const tokens[N_WHO] = { NULL, house->reader, house->streamer, house->writer,
                                        house->admin };
    for (size_t i = 0; i < router_n_routes; i++) {
        for (enum who who = NOBODY; who < N_WHO; who++)
            judge(house, &router_routes[i], who, tokens[who]);
    }
}

static void a_wrong_token_is_worse_than_none(void **state)
{
    struct house *house = *state;
    for (size_t i = 0; i < router_n_routes; i++) {
        const struct route *route = &router_routes[i];
        if (route->flags & ROUTE_OPEN)
            continue;
        int status = status_for(house, route, "mfx_0123456789abcdef0123456789abcdef01234567");
        if (status != 401)
            fail_msg("%s: %d", route->pattern, status);
    }
}

static void a_row_of_this_table_is_a_route(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        bool found = false;
        for (size_t k = 0; k < router_n_routes && !found; k++) {
            CLEANUP(text_done) struct text name = TEXT_INIT(200);
            text_add_format(&name, "%s %s", request_method_name(router_routes[k].method),
                            router_routes[k].pattern);
            found = strcmp(text_string(&name), expected[i].route) == 0;
        }
        if (!found)
            fail_msg("there is no route %s", expected[i].route);
    }
}

/* What the demonstration grants: reading the catalogue, never what belongs to a user. */
static void anonymous_reading_is_reading_alone(void **state)
{
    struct house *house = *state;
    for (size_t i = 0; i < router_n_routes; i++) {
        const struct route *route = &router_routes[i];
        bool open = least_of(route) <= READER && !(route->flags & ROUTE_USER);
        if (is_endless(route))
            continue;
        int status = status_for(house, route, NULL);
        if ((status == 401) == open)
            fail_msg("%s %s: %d", request_method_name(route->method), route->pattern, status);
    }
}

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    *state = house;
    return 0;
}

static int open_public_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house->conf.anonymous_read = true;
    house_open(house);
    *state = house;
    return 0;
}

static void the_pace_is_kept_and_told(void **state UNUSED)
{
    struct house house;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    house_init(&house);
    house.conf.anonymous_read = true;
    house.conf.rate_per_minute = 6;
    house.conf.rate_burst = 3;
    house_open(&house);
    static const int statuses[] = { 200, 200, 200, 429, 429 };
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        text_clear(&answer);
        int status = raw_ask(house.port, "GET /api/movies HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
        assert_int_equal(status, statuses[i]);
        assert_non_null(raw_header(answer.bytes, "RateLimit"));
        assert_string_equal(raw_header(answer.bytes, "RateLimit-Policy"), "\"default\";q=6;w=60");
    }
    int64_t wait = 0;
    assert_true(text_to_int(raw_header(answer.bytes, "Retry-After"), 1, 10, &wait));
    text_clear(&answer);
    CLEANUP(mem_free)
    char *known = mem_format("GET /api/movies HTTP/1.1\r\nHost: x\r\n"
                             "Authorization: Bearer %s\r\n\r\n",
                             house.reader);
    assert_int_equal(raw_ask(house.port, known, &answer), 200);
    text_clear(&answer);
    assert_int_equal(raw_ask(house.port, "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n", &answer),
                     200);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_route_lets_in_whom_it_should_and_nobody_else,
                                        open_house, house_leave),
        cmocka_unit_test_setup_teardown(a_wrong_token_is_worse_than_none, open_house, house_leave),
        cmocka_unit_test(a_row_of_this_table_is_a_route),
        cmocka_unit_test_setup_teardown(anonymous_reading_is_reading_alone, open_public_house,
                                        house_leave),
        cmocka_unit_test(the_pace_is_kept_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
