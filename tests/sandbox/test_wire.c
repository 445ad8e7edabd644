/* SPDX-License-Identifier: MIT
 *
 * The program itself, over real sockets: each fault does what its name says, and the process starts
 * and ends as promised. */
#include "../test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "ask.h"
#include "base/clock.h"

enum { PATIENCE_MS = 20000, SHORT_MS = 700, MAX_ANSWER = 1 << 20 };

static pid_t child = -1;
static uint16_t port;

static int start(void **state)
{
    const char *builddir = getenv("MIAUFLIX_BUILDDIR");
    CLEANUP(mem_free)
    char *program = mem_format("%s/miauflix-sandbox", builddir ? builddir : ".");
    char line[128] = "";
    int ends[2];
    unsigned number = 0;

    (void)state;
    if (pipe(ends) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(program, program, "--scale", "50", "--exit-with-parent", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    bool told = out && fgets(line, sizeof(line), out) &&
                sscanf(line, "miauflix-sandbox: listening on http://127.0.0.1:%u", &number) == 1;
    if (out)
        fclose(out);
    port = (uint16_t)number;
    return told ? 0 : -1;
}

static int stop(void **state)
{
    int status = 0;

    (void)state;
    kill(child, SIGTERM);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? 0
               : -1;
}

static int dial(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* Everything until the server closes or the time is up; *out_closed says which. */
static void read_answer(int fd, int64_t within_ms, struct text *out, bool *out_closed)
{
    int64_t until = clock_steady_ms() + within_ms;
    char step[4096];

    *out_closed = false;
    while (clock_steady_ms() < until) {
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        if (poll(&wait, 1, (int)MAX(until - clock_steady_ms(), 0)) != 1)
            return;
        ssize_t n = read(fd, step, sizeof(step));
        if (n <= 0) {
            *out_closed = true;
            return;
        }
        text_add(out, step, (size_t)n);
    }
}

static bool talk(const char *method, const char *target, const char *body, int64_t within_ms,
                 struct text *out)
{
    CLEANUP(fd_close) int fd = dial();
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                               "Content-Length: %zu\r\n\r\n%s",
                               method, target, strlen(body), body);
    bool closed;

    assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
    read_answer(fd, within_ms, out, &closed);
    return closed;
}

static void set_fault(const char *json)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    assert_true(talk("DELETE", "/sandbox/faults", "", PATIENCE_MS, &out));
    text_clear(&out);
    assert_true(talk("POST", "/sandbox/faults", json, PATIENCE_MS, &out));
    assert_true(text_starts_with(text_string(&out), "HTTP/1.1 200"));
}

static bool get_movie(int64_t within_ms, struct text *out)
{
    text_clear(out);
    return talk("GET", "/3/movie/45745?" KEY, "", within_ms, out);
}

static size_t promised(const struct text *answer)
{
    const char *length = strcasestr(text_string(answer), "content-length: ");
    return length ? strtoul(length + 16, NULL, 10) : 0;
}

static size_t body_len(const struct text *answer)
{
    const char *end = strstr(text_string(answer), "\r\n\r\n");
    return end ? answer->len - (size_t)(end + 4 - answer->bytes) : 0;
}

static void assert_has(const struct text *answer, const char *piece)
{
    if (!strstr(text_string(answer), piece))
        print_message("# no '%s' in: %.300s\n", piece, text_string(answer));
    assert_non_null(strstr(text_string(answer), piece));
}

static void statuses_come_with_the_bodies_of_the_service(void **state)
{
    static const struct {
        const char *fault, *line, *body;
    } faults[] = {
        { "429", "HTTP/1.1 429 ", "\"status_code\":25" },
        { "500", "HTTP/1.1 500 ", "\"status_code\":11" },
        { "503", "HTTP/1.1 503 ", "\"status_code\":9" },
        { "502", "HTTP/1.1 502 ", "Bad Gateway" },
        { "401", "HTTP/1.1 401 ", "\"status_code\":7" },
        { "html", "HTTP/1.1 200 ", "text/html" },
        { "redirect", "HTTP/1.1 302 ", "location: /sandbox/elsewhere/3/movie/45745" },
        { "empty", "HTTP/1.1 200 ", "content-length: 0" },
    };
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"route\":\"/3/movie/*\",\"fault\":\"%s\"}", faults[i].fault);
        set_fault(json);
        assert_true(get_movie(PATIENCE_MS, &out));
        assert_has(&out, faults[i].line);
        assert_has(&out, faults[i].body);
    }
}

static void retry_after_is_sent_as_given_or_not_at_all(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/*\",\"fault\":\"429\",\"retry_after\":7}");
    get_movie(PATIENCE_MS, &out);
    assert_has(&out, "retry-after: 7\r\n");
    set_fault("{\"route\":\"/3/*\",\"fault\":\"503\","
              "\"retry_after\":\"Sun, 06 Nov 2033 08:49:37 GMT\"}");
    get_movie(PATIENCE_MS, &out);
    assert_has(&out, "retry-after: Sun, 06 Nov 2033 08:49:37 GMT\r\n");
    set_fault("{\"route\":\"/3/*\",\"fault\":\"429\"}");
    get_movie(PATIENCE_MS, &out);
    assert_null(strstr(text_string(&out), "retry-after"));
}

static void a_hanging_route_says_nothing_while_others_answer(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/45745\",\"fault\":\"hang\"}");
    assert_false(get_movie(SHORT_MS, &out));
    assert_int_equal(out.len, 0);
    assert_true(talk("GET", "/3/movie/19?" KEY, "", PATIENCE_MS, &out));
    assert_has(&out, "HTTP/1.1 200");
}

static void a_cut_off_answer_ends_before_its_length(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"cut_off\"}");
    assert_true(get_movie(PATIENCE_MS, &out));
    assert_true(body_len(&out) > 0 && body_len(&out) < promised(&out));
}

static void a_trickling_answer_comes_byte_by_byte(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"trickle\"}");
    assert_false(get_movie(SHORT_MS, &out));
    assert_has(&out, "HTTP/1.1 200");
    assert_true(body_len(&out) < 20 && promised(&out) > 500);
}

static void wrong_types_are_json_of_other_types(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"wrong_types\"}");
    assert_true(get_movie(PATIENCE_MS, &out));
    json_auto_t *body = json_loads(strstr(text_string(&out), "\r\n\r\n") + 4, 0, NULL);
    assert_true(json_is_string(json_object_get(body, "id")));
    assert_true(json_is_integer(json_object_get(body, "title")));
}

static void a_broken_answer_is_no_json(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"broken_json\"}");
    assert_true(get_movie(PATIENCE_MS, &out));
    assert_int_equal(body_len(&out), promised(&out));
    json_auto_t *body = json_loads(strstr(text_string(&out), "\r\n\r\n") + 4, 0, NULL);
    assert_null(body);
}

static void a_slow_route_answers_late(void **state)
{
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"slow\",\"delay_ms\":300}");
    int64_t before = clock_steady_ms();
    assert_true(get_movie(PATIENCE_MS, &out));
    assert_true(clock_steady_ms() - before >= 300);
    assert_has(&out, "HTTP/1.1 200");
}

static void count_and_every_limit_a_fault(void **state)
{
    static const char *const wanted[] = { "HTTP/1.1 200", "HTTP/1.1 500", "HTTP/1.1 200",
                                          "HTTP/1.1 500", "HTTP/1.1 200", "HTTP/1.1 200" };
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    set_fault("{\"route\":\"GET /3/movie/*\",\"fault\":\"500\",\"every\":2,\"count\":2}");
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_true(get_movie(PATIENCE_MS, &out));
        assert_has(&out, wanted[i]);
    }
}

static void nonsense_is_refused(void **state)
{
    static const char *const bodies[] = { "{\"route\":\"/3/*\",\"fault\":\"explode\"}",
                                          "{\"fault\":\"429\"}", "[]", "{", "{\"route\":\"x\"}" };
    CLEANUP(text_done) struct text out = TEXT_INIT(MAX_ANSWER);
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        text_clear(&out);
        assert_true(talk("POST", "/sandbox/faults", bodies[i], PATIENCE_MS, &out));
        assert_has(&out, "HTTP/1.1 400");
    }
    text_clear(&out);
    assert_true(talk("GET", "/3/movie/%00?" KEY, "", PATIENCE_MS, &out));
    assert_has(&out, "HTTP/1.1 400");
    text_clear(&out);
    assert_true(talk("GET", "/3/movie/19?query=%zz", "", PATIENCE_MS, &out));
    assert_has(&out, "HTTP/1.1 400");
}

static void it_ends_while_a_route_hangs(void **state)
{
    (void)state;
    set_fault("{\"route\":\"/3/movie/*\",\"fault\":\"hang\"}");
    CLEANUP(fd_close) int fd = dial();
    static const char request[] = "GET /3/movie/19?" KEY " HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_int_equal(write(fd, request, sizeof(request) - 1), (ssize_t)sizeof(request) - 1);
    int64_t before = clock_steady_ms();
    assert_int_equal(stop(NULL), 0);
    assert_true(clock_steady_ms() - before < PATIENCE_MS / 2);
    assert_int_equal(start(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_come_with_the_bodies_of_the_service),
        cmocka_unit_test(retry_after_is_sent_as_given_or_not_at_all),
        cmocka_unit_test(a_hanging_route_says_nothing_while_others_answer),
        cmocka_unit_test(a_cut_off_answer_ends_before_its_length),
        cmocka_unit_test(a_trickling_answer_comes_byte_by_byte),
        cmocka_unit_test(wrong_types_are_json_of_other_types),
        cmocka_unit_test(a_broken_answer_is_no_json),
        cmocka_unit_test(a_slow_route_answers_late),
        cmocka_unit_test(count_and_every_limit_a_fault),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(it_ends_while_a_route_hangs),
    };
    return cmocka_run_group_tests_name("sandbox_wire", tests, start, stop);
}
