/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/lock.h"
#include "house.h"
#include "raw.h"

static const char *origins[] = { "https://player.example" };

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house->conf.anonymous_read = true;
    house->conf.cors_origins = (struct conf_list){ .values = origins, .n = 1 };
    house_open(house);
    house_add_movie(house, "{\"ids\":{\"tmdb\":1},\"title\":\"One\",\"original_language\":\"en\"}");
    house_settle(house);
    *state = house;
    return 0;
}

/* Whatever was done to it, it still answers. */
static void assert_alive(const struct house *house)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(raw_ask(house->port, "GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n", &answer),
                     200);
}

struct play {
    const char *request;
    int status; /* 0: the connection ends without an answer */
};

static void play(const struct house *house, const struct play *plays, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        int status = raw_ask(house->port, plays[i].request, &answer);
        if (status != plays[i].status)
            fail_msg("%s\n-> %s", plays[i].request, text_string(&answer));
        if (status >= 400 && !strstr(answer.bytes, "\"code\":"))
            fail_msg("no problem document: %s", answer.bytes);
    }
    assert_alive(house);
}

static void paths_are_taken_literally(void **state)
{
    static const struct play plays[] = {
        { "GET /api/movies%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api%2Fmovies HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /api/movies%2F1 HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /api/../api/movies HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /api/movies/.. HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /api//movies HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /api/mov%69es HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET /api/movies/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/% HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/%4 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies/%c0%ae%c0%ae HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/search?q=%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/search?q=% HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies?%ff=1 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /api/movies?&&&limit=3& HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET /api/search?q=a+b%2Bc&scope=local HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET /api/movies#x HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    };
    play(*state, plays, ARRAY_LEN(plays));
}

static void doubtful_framing_is_refused(void **state)
{
    static const struct play plays[] = {
        { "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
          "Content-Length: 2\r\n\r\n{}",
          400 },
        { "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
          "Content-Length: 3\r\n\r\n{}",
          400 },
        { "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          400 },
        { "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
          "0\r\n\r\n",
          400 },
        { "POST /api/movies/sync HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
          "0\r\n\r\n",
          400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab", 400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
          400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n", 400 },
        { "GET /api/movies HTTP/1.1\r\n\r\n", 400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x y\r\n\r\n", 400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x/../y\r\n\r\n", 400 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n"
          "Authorization: Bearer b\r\n\r\n",
          400 },
        { "GET /api/health HTTP/1.0\r\n\r\n", 200 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nEmpty:\r\nWide:   a b  \r\n\r\n", 200 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nEmpty:\r\n\r\n", 200 },
    };
    play(*state, plays, ARRAY_LEN(plays));
}

/* CivetWeb would not show what comes after such a line: lengths, for one. */
static void a_head_that_is_not_read_to_its_end_is_refused(void **state)
{
    static const struct play plays[] = {
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\nContent-Length: 4\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\r\n\tb\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\n b\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\n Host: x\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost : x\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nContent-Length  :\r\n\r\n", 411 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\n: b\r\nContent-Length: 4\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\n\rContent-Length: 4\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\n\r\nContent-Length: 4\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400 },
        { "GET /api/health HTTP/1.1\nHost: x\n\n", 400 },
        { "GET /api/health HTTP/1.1\r\nHost: x\r\nX\xff: y\r\n\r\n", 400 },
    };
    play(*state, plays, ARRAY_LEN(plays));
}

/* Both requests come in one piece; the second would be the body of the first. */
static void nothing_is_smuggled_behind_a_folded_line(void **state)
{
    const struct house *house = *state;
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(text_done) struct text answers = TEXT_INIT(1 << 20);
    const char *request = "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n"
                          "Content-Length: 44\r\n\r\n"
                          "GET /api/health HTTP/1.1\r\nHost: smuggled\r\n\r\n";
    assert_true(raw_send(fd, request, strlen(request)));
    assert_true(raw_read_all(fd, &answers));
    assert_int_equal(raw_status(text_string(&answers)), 400);
    assert_null(strstr(answers.bytes + 1, "HTTP/1.1 "));
    assert_string_equal(raw_header(answers.bytes, "Connection"), "close");
}

static void targets_that_are_no_paths_are_answered(void **state)
{
    static const struct play plays[] = {
        { "GET http://x/api/health HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET http://foreign.example/api/health HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET http://foreign.example:8080/api/health?a=1 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET HTTPS://foreign.example/api/nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET http://foreign.example/api/health HTTP/1.1\r\n\r\n", 400 },
        { "GET http:///api/health HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET http://x\\y/api/health HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET ftp://x/api/health HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET api/health HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "POST http://x/api/movies/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 401 },
        { "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    };
    const struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    play(house, plays, ARRAY_LEN(plays));
    CLEANUP(mem_free)
    char *own = mem_format("GET http://127.0.0.1:%u/api/health HTTP/1.1\r\nHost: x\r\n\r\n",
                           (unsigned)house->port);
    assert_int_equal(raw_ask(house->port, own, &answer), 200);
    assert_string_equal(raw_header(answer.bytes, "Connection"), "keep-alive");
    text_clear(&answer);
    CLEANUP(mem_free)
    char *with_body = mem_format("POST http://foreign.example/api/movies/sync HTTP/1.1\r\n"
                                 "Host: x\r\nContent-Type: application/json\r\n"
                                 "Authorization: Bearer %s\r\nContent-Length: 7\r\n\r\n"
                                 "{\"a\":1}",
                                 house->writer);
    assert_int_equal(raw_ask(house->port, with_body, &answer), 400);
    assert_non_null(strstr(answer.bytes, "is not known here"));
}

static void lengths_that_are_none_are_refused(void **state)
{
    static const char *const lengths[] = { "-4", "0x10", "1e3", "", "abc" };
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        CLEANUP(mem_free)
        char *request = mem_format("POST /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                                   "Content-Length: %s\r\n\r\n",
                                   lengths[i]);
        int status = raw_ask(((struct house *)*state)->port, request, &answer);
        assert_true(status == 400 || status == 411);
    }
    assert_alive(*state);
}

static void too_many_headers_are_431(void **state)
{
    struct house *house = *state;
    for (int n = 60; n <= 100; n += 3) {
        CLEANUP(text_done) struct text request = TEXT_INIT(1 << 16);
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        text_add_string(&request, "GET /api/health HTTP/1.1\r\nHost: x\r\n");
        for (int i = 1; i < n; i++)
            text_add_format(&request, "X-%d: y\r\n", i);
        text_add_string(&request, "\r\n");
        assert_int_equal(raw_ask(house->port, text_string(&request), &answer), n < 64 ? 200 : 431);
    }
}

static void a_huge_target_or_header_is_refused(void **state)
{
    struct house *house = *state;
    static const size_t lens[] = { 7000, 9000, 15000, 17000, 100000 };
    for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
        CLEANUP(text_done) struct text request = TEXT_INIT(1 << 20);
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        CLEANUP(mem_free) char *filler = mem_alloc(lens[i] + 1);
        memset(filler, 'a', lens[i]);
        text_add_format(&request, "GET /api/%s HTTP/1.1\r\nHost: x\r\n\r\n", filler);
        int status = raw_ask(house->port, text_string(&request), &answer);
        int expected = lens[i] < 8000 ? 404 : 414;
        /* What is beyond CivetWeb's buffer never becomes a request. */
        if (status != expected && (lens[i] < 16000 || (status != 400 && status != 0)))
            fail_msg("%zu bytes: %d", lens[i], status);
    }
    assert_alive(house);
}

static void a_large_body_is_refused_before_it_is_read(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(mem_free)
    char *head = mem_format("POST /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                            "Content-Type: application/json\r\nAuthorization: Bearer %s\r\n"
                            "Content-Length: 100000000\r\n\r\n",
                            house->writer);
    int64_t begun_ms = clock_steady_ms();
    assert_int_equal(raw_ask(house->port, head, &answer), 413);
    assert_string_equal(raw_header(answer.bytes, "Connection"), "close");
    assert_true(clock_steady_ms() - begun_ms < 5000);
}

/* Sends 100 MB whatever the server says; it takes a little of it and closes. */
static void a_client_that_sends_on_is_cut_off(void **state)
{
    struct house *house = *state;
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(mem_free) char *block = mem_alloc(1 << 20);
    CLEANUP(mem_free)
    char *head = mem_format("POST /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                            "Content-Type: application/json\r\nAuthorization: Bearer %s\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n6400000\r\n",
                            house->writer);
    memset(block, ' ', 1 << 20);
    assert_true(raw_send(fd, head, strlen(head)));
    int sent = 0;
    while (sent < 100 && raw_send(fd, block, 1 << 20))
        sent++;
    assert_true(sent < 100);
    assert_alive(house);
}

static void a_silent_body_ends_with_408(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(mem_free)
    char *head = mem_format("POST /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                            "Content-Type: application/json\r\nAuthorization: Bearer %s\r\n"
                            "Content-Length: 100\r\n\r\n{\"mode\":",
                            house->writer);
    assert_int_equal(raw_ask(house->port, head, &answer), 408);
    assert_string_equal(raw_header(answer.bytes, "Connection"), "close");
}

static void a_dripping_head_is_cut_off(void **state)
{
    struct house *house = *state;
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_true(raw_send(fd, "GET /api/health HTTP/1.1\r\nX: ", 29));
    int64_t begun_ms = clock_steady_ms();
    assert_true(raw_read_all(fd, &answer));
    assert_true(clock_steady_ms() - begun_ms < 5000);
    int status = raw_status(text_string(&answer));
    assert_true(status == 0 || status == 400 || status == 408);
}

static void chunked_garbage_is_refused(void **state)
{
    struct house *house = *state;
    static const char *const bodies[] = {
        "zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}xx0\r\n\r\n",    "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "2\r\n{]\r\n0\r\n\r\n",  "\r\n\r\n"
    };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        CLEANUP(mem_free)
        char *request = mem_format("POST /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                                   "Content-Type: application/json\r\nAuthorization: Bearer %s\r\n"
                                   "Transfer-Encoding: chunked\r\n\r\n%s",
                                   house->writer, bodies[i]);
        int status = raw_ask(house->port, request, &answer);
        if (status < 400 || status >= 500)
            fail_msg("%s: %s", bodies[i], text_string(&answer));
    }
    assert_alive(house);
}

static void lenient_lines_do_no_harm(void **state)
{
    struct house *house = *state;
    static const char *const requests[] = {
        "\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n",
        "get /api/health HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET  /api/health  HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/health HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET /api/health\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        int status = raw_ask(house->port, requests[i], &answer);
        if (status != 0 && status != 200 && (status < 400 || status >= 500) && status != 505)
            fail_msg("%s: %d", requests[i], status);
    }
    assert_alive(house);
}

static void requests_may_be_pipelined(void **state)
{
    struct house *house = *state;
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(text_done) struct text many = TEXT_INIT(1 << 20);
    for (int i = 0; i < 100; i++)
        text_add_format(&many, "GET /api/%s HTTP/1.1\r\nHost: x\r\n\r\n",
                        i % 3 == 0 ? "nothing" : "health");
    assert_true(raw_send(fd, many.bytes, many.len));
    for (int i = 0; i < 100; i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        assert_true(raw_read_answer(fd, false, &answer));
        assert_int_equal(raw_status(answer.bytes), i % 3 == 0 ? 404 : 200);
    }
}

static void old_clients_get_their_connection_closed(void **state)
{
    struct house *house = *state;
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    const char *request = "GET /api/health HTTP/1.0\r\n\r\n";
    assert_true(raw_send(fd, request, strlen(request)));
    assert_true(raw_read_all(fd, &answer));
    assert_int_equal(raw_status(answer.bytes), 200);
    assert_string_equal(raw_header(answer.bytes, "Connection"), "close");
}

static void clients_that_vanish_leave_nothing_behind(void **state)
{
    struct house *house = *state;
    for (int i = 0; i < 60; i++) {
        CLEANUP(fd_close) int fd = raw_connect(house->port);
        const char *request = "GET /api/movies HTTP/1.1\r\nHost: x\r\n\r\n"
                              "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
        struct linger hard = { .l_onoff = 1 };
        raw_send(fd, request, strlen(request) - (size_t)(i % 50));
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    assert_alive(house);
}

static void only_configured_origins_may_look(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    raw_ask(house->port,
            "GET /api/movies HTTP/1.1\r\nHost: x\r\nOrigin: https://player.example\r\n\r\n",
            &answer);
    assert_string_equal(raw_header(answer.bytes, "Access-Control-Allow-Origin"), origins[0]);
    assert_non_null(strstr(raw_header(answer.bytes, "Vary"), "Origin"));
    text_clear(&answer);
    raw_ask(house->port,
            "GET /api/movies HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n", &answer);
    assert_null(raw_header(answer.bytes, "Access-Control-Allow-Origin"));
    text_clear(&answer);
    int status = raw_ask(house->port,
                         "OPTIONS /api/movies/sync HTTP/1.1\r\nHost: x\r\n"
                         "Origin: https://player.example\r\n"
                         "Access-Control-Request-Method: POST\r\n\r\n",
                         &answer);
    assert_int_equal(status, 204);
    assert_non_null(strstr(raw_header(answer.bytes, "Access-Control-Allow-Methods"), "POST"));
    assert_non_null(
        strstr(raw_header(answer.bytes, "Access-Control-Allow-Headers"), "Authorization"));
    text_clear(&answer);
    status = raw_ask(house->port, "OPTIONS /api/none HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(status, 404);
}

static void anonymous_reading_is_only_reading(void **state)
{
    static const struct play plays[] = {
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
        { "GET /api/me HTTP/1.1\r\nHost: x\r\n\r\n", 401 },
        { "POST /api/movies/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 401 },
        { "POST /api/providers/x/reset HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 401 },
        { "GET /api/movies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\n\r\n", 401 },
    };
    play(*state, plays, ARRAY_LEN(plays));
}

/* Random damage to good requests: any answer will do, as long as the next request gets one. */
static void damaged_requests_never_crash_it(void **state)
{
    struct house *house = *state;
    const char *good = "POST /api/movies/sync?a=%41 HTTP/1.1\r\nHost: x\r\n"
                       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "2\r\n{}\r\n0\r\n\r\n";
    size_t len = strlen(good);
    uint32_t random = 12345;
    for (int round = 0; round < 300; round++) {
        CLEANUP(mem_free) char *bad = mem_dup(good, len);
        for (int k = 0; k < 3; k++) {
            random = random * 1664525 + 1013904223;
            bad[(random >> 8) % len] = (char)(random >> 24);
        }
        CLEANUP(fd_close) int fd = raw_connect(house->port);
        raw_send(fd, bad, len);
        shutdown(fd, SHUT_WR);
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        raw_read_all(fd, &answer);
        int status = raw_status(text_string(&answer));
        if (status >= 500 && status != 503 && status != 505)
            fail_msg("%s", answer.bytes);
    }
    assert_alive(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_taken_literally),
        cmocka_unit_test(doubtful_framing_is_refused),
        cmocka_unit_test(a_head_that_is_not_read_to_its_end_is_refused),
        cmocka_unit_test(nothing_is_smuggled_behind_a_folded_line),
        cmocka_unit_test(targets_that_are_no_paths_are_answered),
        cmocka_unit_test(lengths_that_are_none_are_refused),
        cmocka_unit_test(too_many_headers_are_431),
        cmocka_unit_test(a_huge_target_or_header_is_refused),
        cmocka_unit_test(a_large_body_is_refused_before_it_is_read),
        cmocka_unit_test(a_client_that_sends_on_is_cut_off),
        cmocka_unit_test(a_silent_body_ends_with_408),
        cmocka_unit_test(a_dripping_head_is_cut_off),
        cmocka_unit_test(chunked_garbage_is_refused),
        cmocka_unit_test(lenient_lines_do_no_harm),
        cmocka_unit_test(requests_may_be_pipelined),
        cmocka_unit_test(old_clients_get_their_connection_closed),
        cmocka_unit_test(clients_that_vanish_leave_nothing_behind),
        cmocka_unit_test(only_configured_origins_may_look),
        cmocka_unit_test(anonymous_reading_is_only_reading),
        cmocka_unit_test(damaged_requests_never_crash_it),
    };
    return cmocka_run_group_tests(tests, open_house, house_leave);
}
