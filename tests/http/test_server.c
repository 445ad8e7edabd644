/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "raw.h"
#include "server.h"

/* Shows what came in: the path and the body, or the error in reading it. */
static void echo(struct exchange *exchange, void *context UNUSED)
{
    struct error err = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(0);
    if (exchange_read_body(exchange, 1000, &body, &err) != 0)
        text_done(&body);
    CLEANUP(text_done) struct text said = TEXT_INIT(100000);
    text_add_format(&said, "%s %s?%s [%s]", exchange->method, exchange->path,
                    exchange->query ? exchange->query : "-",
                    err.code ? error_code_name(err.code) : text_string(&body));
    if (exchange->authority)
        text_add_format(&said, " of %s", exchange->authority);
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    text_add_format(&answer, "HTTP/1.1 200 OK\r\nConnection: %s\r\nContent-Length: %zu\r\n\r\n%s",
                    exchange_keeps_alive(exchange) ? "keep-alive" : "close", said.len,
                    text_string(&said));
    exchange_write(exchange, answer.bytes, answer.len);
}

static struct server *open_server(server_handler *handler, void *context)
{
    struct server *server = NULL;
    struct error err = { 0 };
    struct server_options options = {
        .threads = 8,
        .request_timeout_ms = 600,
        .handler = handler,
        .context = context,
    };
    if (server_open(&options, &server, &err) != 0)
        fail_msg("%s", err.text);
    return server;
}

static int start(void **state)
{
    *state = open_server(echo, NULL);
    return 0;
}

static int stop(void **state)
{
    server_close(*state);
    return 0;
}

static void a_request_reaches_the_handler_as_sent(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    const char *request = "GET /a%2Fb/../c//%00d?x=%20&y HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_int_equal(raw_ask(server_port(*state), request, &answer), 200);
    assert_string_equal(raw_body(answer.bytes), "GET /a%2Fb/../c//%00d?x=%20&y []");
}

static void a_target_as_for_a_proxy_is_served_once(void **state)
{
    static const struct {
        const char *target, *seen;
    } rows[] = { { "GET http://localhost/a", "GET /a?- [] of localhost" },
                 { "GET http://foreign.example:1/a?x=1", "GET /a?x=1 [] of foreign.example:1" },
                 { "GET http:///a", "GET /a?- [] of " },
                 { "OPTIONS *", "OPTIONS *?- []" } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
        CLEANUP(mem_free)
        char *request = mem_format("%s HTTP/1.1\r\nHost: x\r\n\r\n", rows[i].target);
        CLEANUP(fd_close) int fd = raw_connect(server_port(*state));
        assert_true(raw_send(fd, request, strlen(request)));
        assert_true(raw_read_all(fd, &answer));
        assert_int_equal(raw_status(answer.bytes), 200);
        assert_string_equal(raw_body(answer.bytes), rows[i].seen);
    }
}

static void what_is_no_target_is_refused(void **state)
{
    static const char *const wrong[] = { "GET foo HTTP/1.1\r\nHost: x\r\n\r\n",
                                         "GET ftp://x/a HTTP/1.1\r\nHost: x\r\n\r\n",
                                         "GET http://x HTTP/1.1\r\nHost: x\r\n\r\n",
                                         "CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
        assert_true(raw_ask(server_port(*state), wrong[i], &answer) >= 400);
    }
}

static void bodies_with_a_length_and_in_chunks_are_read(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    raw_ask(server_port(*state), "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            &answer);
    assert_string_equal(raw_body(text_string(&answer)), "POST /a?- [hello]");
    text_clear(&answer);
    raw_ask(server_port(*state),
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            &answer);
    assert_string_equal(raw_body(text_string(&answer)), "POST /a?- [hello]");
}

static void broken_chunks_are_an_error(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    raw_ask(server_port(*state),
            "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
            &answer);
    assert_string_equal(raw_body(text_string(&answer)), "POST /a?- [invalid]");
}

static void too_large_a_body_is_an_error(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    raw_ask(server_port(*state), "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n",
            &answer);
    assert_non_null(strstr(text_string(&answer), "[too_large]"));
    text_clear(&answer);
    CLEANUP(text_done) struct text request = TEXT_INIT(10000);
    text_add_string(&request, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; i++)
        text_add_string(&request, "c\r\nabcdefghijkl\r\n");
    text_add_string(&request, "0\r\n\r\n");
    raw_ask(server_port(*state), text_string(&request), &answer);
    assert_non_null(strstr(text_string(&answer), "[too_large]"));
}

static void an_expected_continue_is_said_at_once(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    CLEANUP(fd_close) int fd = raw_connect(server_port(*state));
    const char *head =
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    assert_true(raw_send(fd, head, strlen(head)));
    assert_true(raw_read_answer(fd, true, &answer));
    assert_string_equal(text_string(&answer), "HTTP/1.1 100 Continue\r\n\r\n");
    text_clear(&answer);
    assert_true(raw_send(fd, "ok", 2));
    assert_true(raw_read_answer(fd, false, &answer));
    assert_string_equal(raw_body(text_string(&answer)), "POST /a?- [ok]");
}

/* One byte every so often keeps CivetWeb waiting without end; the watchdog does not. */
static void a_dripping_body_ends_at_the_deadline(void **state)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    CLEANUP(fd_close) int fd = raw_connect(server_port(*state));
    const char *head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
    int64_t begun = clock_steady_ms();
    assert_true(raw_send(fd, head, strlen(head)));
    while (clock_steady_ms() - begun < 5000 && !answer.len) {
        struct lock lock = LOCK_INIT;
        struct lock_condition tick;
        lock_condition_init(&tick);
        lock_take(&lock);
        lock_wait_until(&tick, &lock, clock_steady_ms() + 50);
        lock_release(&lock);
        lock_condition_done(&tick);
        if (!raw_send(fd, "x", 1) || clock_steady_ms() - begun > 1000)
            break;
    }
    assert_true(raw_read_answer(fd, false, &answer));
    assert_non_null(strstr(text_string(&answer), "[timeout]"));
    assert_non_null(strstr(text_string(&answer), "Connection: close"));
    assert_true(clock_steady_ms() - begun < 3000);
}

static void a_client_that_leaves_in_its_body_does_no_harm(void **state)
{
    for (int i = 0; i < 20; i++) {
        CLEANUP(fd_close) int fd = raw_connect(server_port(*state));
        const char *head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc";
        assert_true(raw_send(fd, head, strlen(head)));
    }
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    assert_int_equal(raw_ask(server_port(*state), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", &answer),
                     200);
}

static void garbage_is_refused(void **state)
{
    static const char *const wrong[] = {
        "\r\n\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        "\x16\x03\x01\x02\r\n\r\n",
        "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
        int status = raw_ask(server_port(*state), wrong[i], &answer);
        assert_true(status == 0 || status >= 400);
        assert_null(strstr(text_string(&answer), "b HTTP"));
    }
}

static void requests_may_be_pipelined(void **state)
{
    CLEANUP(fd_close) int fd = raw_connect(server_port(*state));
    const char *three = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                        "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
                        "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(raw_send(fd, three, strlen(three)));
    static const char *const expected[] = { "GET /1?- []", "POST /2?- [ab]", "GET /3?- []" };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
        assert_true(raw_read_answer(fd, false, &answer));
        assert_string_equal(raw_body(text_string(&answer)), expected[i]);
    }
}

static void cut_off(struct exchange *exchange, void *context UNUSED)
{
    const char *head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc";
    exchange_write(exchange, head, strlen(head));
    exchange_close(exchange);
}

static void an_answer_can_be_cut_off_on_purpose(void **state UNUSED)
{
    CLEANUP(server_close) struct server *server = open_server(cut_off, NULL);
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    CLEANUP(fd_close) int fd = raw_connect(server_port(server));
    const char *request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(raw_send(fd, request, strlen(request)));
    assert_true(raw_read_all(fd, &answer));
    assert_string_equal(raw_body(text_string(&answer)), "abc");
}

struct gate {
    struct lock lock;
    struct lock_condition changed;
    bool inside, open;
};

static void wait_at_gate(struct exchange *exchange, void *context)
{
    struct gate *gate = context;
    lock_take(&gate->lock);
    gate->inside = true;
    lock_broadcast(&gate->changed);
    while (!gate->open)
        lock_wait(&gate->changed, &gate->lock);
    lock_release(&gate->lock);
    echo(exchange, NULL);
}

static void what_is_under_way_is_answered_before_the_stop(void **state UNUSED)
{
    struct gate gate = { .lock = LOCK_INIT };
    lock_condition_init(&gate.changed);
    struct server *server = open_server(wait_at_gate, &gate);
    CLEANUP(fd_close) int fd = raw_connect(server_port(server));
    const char *request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(raw_send(fd, request, strlen(request)));
    lock_take(&gate.lock);
    while (!gate.inside)
        lock_wait(&gate.changed, &gate.lock);
    lock_release(&gate.lock);
    assert_false(server_drain(server, clock_steady_ms() + 20));
    lock_take(&gate.lock);
    gate.open = true;
    lock_broadcast(&gate.changed);
    lock_release(&gate.lock);
    assert_true(server_drain(server, clock_steady_ms() + 5000));
    server_close(server);
    CLEANUP(text_done) struct text answer = TEXT_INIT(100000);
    assert_true(raw_read_all(fd, &answer));
    assert_int_equal(raw_status(text_string(&answer)), 200);
    assert_string_equal(raw_header(text_string(&answer), "Connection"), "close");
    lock_condition_done(&gate.changed);
}

static void bad_addresses_are_explained(void **state)
{
    struct server *server = NULL;
    struct error err = { 0 };
    struct server_options options = { .address = "::1", .handler = echo };
    assert_int_equal(server_open(&options, &server, &err), PROVIDER_EINVAL);
    assert_non_null(strstr(err.text, "'::1'"));
    options.address = " , ";
    assert_int_equal(server_open(&options, &server, &err), PROVIDER_EINVAL);
    options.address = "127.0.0.1";
    options.port = server_port(*state);
    assert_int_equal(server_open(&options, &server, &err), PROVIDER_EIO);
    assert_non_null(strstr(err.text, "Address already in use"));
    assert_null(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_reaches_the_handler_as_sent),
        cmocka_unit_test(a_target_as_for_a_proxy_is_served_once),
        cmocka_unit_test(what_is_no_target_is_refused),
        cmocka_unit_test(bodies_with_a_length_and_in_chunks_are_read),
        cmocka_unit_test(broken_chunks_are_an_error),
        cmocka_unit_test(too_large_a_body_is_an_error),
        cmocka_unit_test(an_expected_continue_is_said_at_once),
        cmocka_unit_test(a_dripping_body_ends_at_the_deadline),
        cmocka_unit_test(a_client_that_leaves_in_its_body_does_no_harm),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(requests_may_be_pipelined),
        cmocka_unit_test(an_answer_can_be_cut_off_on_purpose),
        cmocka_unit_test(what_is_under_way_is_answered_before_the_stop),
        cmocka_unit_test(bad_addresses_are_explained),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
