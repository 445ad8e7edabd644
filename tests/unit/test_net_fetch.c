/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <string.h>
#include <zlib.h>

#include "base/lock.h"
#include "base/log.h"
#include "base/text.h"

#define SCRIPT(world, target, ...)                                                                 \
    do {                                                                                           \
        static const struct fake_answer script_[] = { __VA_ARGS__ };                               \
        fake_upstream_script((world)->fake, target, script_, ARRAY_LEN(script_));                  \
    } while (0)

static int fetch(struct net_world *world, const struct provider_request *request, struct error *err)
{
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int code = net_world_fetch(world, request, &answer, err);
    assert_int_equal(answer != NULL, code == 0);
    return code ? code : answer->response.status;
}

static int get(struct net_world *world, const char *url, struct error *err)
{
    return fetch(world,
                 &(struct provider_request){ .size = sizeof(struct provider_request), .url = url },
                 err);
}

static int get_until(struct net_world *world, const char *url, int64_t ms, struct error *err)
{
    const struct provider_request request = { .size = sizeof request, .url = url };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + ms };
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    int code = upstream_fetch(world->upstream, &request, &wait, &answer, err);
    return code ? code : answer->response.status;
}

static void an_answer_has_status_headers_and_body(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a?b=c", { 200, "X-One:  two \r\nETag: \"t\"\r\n", "hello", 0, 0 });
    assert_int_equal(net_world_get(&world, "/a?b=c", 0, &answer), 200);
    const struct provider_response *response = &answer->response;
    assert_string_equal(response->body, "hello");
    assert_int_equal(response->body_len, 5);
    assert_string_equal(response->header(response, "x-one"), "two");
    assert_null(response->header(response, "absent"));
    assert_int_equal(response->stale, 0);
    char agent[100];
    assert_true(fake_upstream_header(world.fake, "/a?b=c", "User-Agent", agent, sizeof agent));
    assert_string_equal(agent, "miauflixd/test");
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.requests, 1);
    assert_int_equal(status.bytes_in, 5);
    assert_int_equal(status.in_flight, 0);
    assert_string_equal(status.mirror, world.mirrors[0]);
    assert_true(status.last_success_ms > 0);
}

static void an_error_status_is_an_answer(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/401", { 401, NULL, "{}", 0, 0 });
    SCRIPT(&world, "/501", { 501, NULL, "{}", 0, 0 });
    SCRIPT(&world, "/503", { 503, NULL, "{}", 0, 0 });
    assert_int_equal(get(&world, "{base}/401", NULL), 401);
    assert_int_equal(get(&world, "{base}/501", NULL), 501);
    assert_int_equal(get(&world, "{base}/503", NULL), 503);
    assert_int_equal(get(&world, "{base}/unknown", NULL), 404);
}

static void a_post_sends_its_body_and_headers_once(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .retries = 3 }, NULL);
    SCRIPT(&world, "/post", { 503, NULL, NULL, 0, 0 }, { 200, NULL, NULL, 0, 0 });
    const char *const headers[] = { "Content-Type: application/json", NULL };
    struct provider_request request = { .size = sizeof request,
                                        .method = "POST",
                                        .url = "{base}/post",
                                        .headers = headers,
                                        .body = "{}",
                                        .body_len = 2 };
    assert_int_equal(fetch(&world, &request, NULL), 503);
    assert_int_equal(fake_upstream_seen(world.fake, "/post"), 1);
    char value[100];
    assert_true(fake_upstream_header(world.fake, "/post", "Content-Type", value, sizeof value));
    assert_string_equal(value, "application/json");
    assert_true(fake_upstream_header(world.fake, "/post", "Content-Length", value, sizeof value));
    assert_string_equal(value, "2");
}

static void a_post_declared_repeatable_is_repeated(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .retries = 1 }, NULL);
    SCRIPT(&world, "/post", { 503, NULL, NULL, 0, 0 }, { 200, NULL, NULL, 0, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .method = "POST",
                                        .url = "{base}/post",
                                        .flags = PROVIDER_HTTP_REPEAT };
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(net_world_status(&world).retries, 1);
}

static void requests_out_of_order_are_refused_before_they_leave(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    const char *const split[] = { "X: a\r\nY: b", NULL };
    const char *const nameless[] = { ": b", NULL };
    const struct provider_request bad[] = {
        { .size = sizeof *bad },
        { .size = sizeof *bad, .url = "" },
        { .size = sizeof *bad, .url = "file:///etc/passwd" },
        { .size = sizeof *bad, .url = "{base}/a b" },
        { .size = sizeof *bad, .url = "{base}@other/" },
        { .size = sizeof *bad, .url = "{base}/", .method = "CONNECT" },
        { .size = sizeof *bad, .url = "{base}/", .method = "GET / HTTP/1.1\r\nX:" },
        { .size = sizeof *bad, .url = "{base}/", .headers = split },
        { .size = sizeof *bad, .url = "{base}/", .headers = nameless },
        { .size = sizeof *bad, .url = "{base}/", .body_len = 5 },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct error err = { 0 };
        assert_int_equal(fetch(&world, &bad[i], &err), PROVIDER_EINVAL);
        assert_true(err.text[0]);
    }
    assert_int_equal(fake_upstream_seen(world.fake, NULL), 0);
}

static void without_mirrors_there_is_no_base(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    net_world_configure(&world, 0);
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EINVAL);
}

static void a_server_error_is_retried_until_it_passes(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .retries = 2 }, NULL);
    SCRIPT(&world, "/a", { 500, NULL, NULL, 0, 0 }, { 502, NULL, "<html>", 0, 0 },
           { 200, NULL, "ok", 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.requests, 3);
    assert_int_equal(status.retries, 2);
    assert_int_equal(status.failures, 2);
}

static void a_body_cut_off_is_no_answer_and_is_retried(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, &(struct upstream_options){ .retries = 1 }, NULL);
    SCRIPT(&world, "/once", { 200, NULL, "0123456789", 0, FAKE_CUT_OFF },
           { 200, NULL, "0123456789", 0, 0 });
    SCRIPT(&world, "/always", { 200, NULL, "0123456789", 0, FAKE_CUT_OFF });
    assert_int_equal(get(&world, "{base}/once", NULL), 200);
    assert_int_equal(get(&world, "{base}/always", &err), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(err.text, "127.0.0.1"));
    assert_non_null(strstr(err.text, "after 2 tries"));
}

static void a_dropped_connection_is_an_upstream_failure(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_DROP });
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
    assert_true(net_world_status(&world).last_error[0]);
}

static void nobody_listening_is_an_upstream_failure(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    world.mirrors[0] = "http://127.0.0.1:1";
    net_world_configure(&world, 1);
    struct error err = { 0 };
    assert_int_equal(get(&world, "{base}/a?api_key=topsecret", &err), PROVIDER_EUPSTREAM);
    assert_null(strstr(err.text, "topsecret"));
}

static void a_body_over_its_limit_ends_the_transfer(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static char large[100001];
    memset(large, 'x', 100000);
    net_world_open(&world, &(struct upstream_options){ .retries = 3 }, NULL);
    SCRIPT(&world, "/large", { 200, NULL, large, 100000, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/large",
                                        .max_body = 99999 };
    assert_int_equal(fetch(&world, &request, NULL), PROVIDER_ELIMIT);
    request.max_body = 100000;
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(fake_upstream_seen(world.fake, "/large"), 2);
}

static size_t gzip(const char *bytes, size_t len, unsigned char *out, size_t out_size)
{
    z_stream stream = { 0 };
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    CLEANUP(mem_free) unsigned char *in = mem_dup(bytes, len);
    stream.next_in = in;
    stream.avail_in = (unsigned)len;
    stream.next_out = out;
    stream.avail_out = (unsigned)out_size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t made = stream.total_out;
    deflateEnd(&stream);
    return made;
}

static void a_compressed_body_counts_decoded(void **state UNUSED)
{
    enum { BOMB = 20 << 20 };
    static unsigned char packed[BOMB / 100];
    static struct fake_answer script[1];
    CLEANUP(net_world_close) struct net_world world;
    CLEANUP(mem_free) char *zeros = mem_alloc(BOMB);
    size_t len = gzip(zeros, BOMB, packed, sizeof packed);
    script[0] = (struct fake_answer){ 200, "Content-Encoding: gzip\r\n", (char *)packed, len, 0 };
    net_world_open(&world, NULL, NULL);
    fake_upstream_script(world.fake, "/bomb", script, 1);
    assert_int_equal(get(&world, "{base}/bomb", NULL), PROVIDER_ELIMIT);
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/bomb",
                                        .max_body = BOMB };
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    assert_int_equal(net_world_fetch(&world, &request, &answer, NULL), 0);
    assert_int_equal(answer->response.body_len, BOMB);
}

static void a_broken_encoding_is_no_answer(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, "Content-Encoding: gzip\r\n", "this is not gzip", 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
}

static void a_hanging_upstream_ends_at_the_try_timeout(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .timeout_ms = 150 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
    assert_in_range(clock_steady_ms() - begin, 140, 2000);
}

static void a_trickling_body_ends_at_the_try_timeout(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static char slow[1000];
    memset(slow, 'x', sizeof slow - 1);
    net_world_open(&world, &(struct upstream_options){ .timeout_ms = 200 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, slow, 999, FAKE_TRICKLE });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EUPSTREAM);
    assert_in_range(clock_steady_ms() - begin, 190, 2000);
}

static void the_deadline_ends_a_wait(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get_until(&world, "{base}/a", 100, NULL), PROVIDER_ETIME);
    assert_in_range(clock_steady_ms() - begin, 99, 1000);
    assert_int_equal(net_world_status(&world).in_flight, 0);
}

struct canceler {
    struct net_world *world;
    int canceled;
};

static void *cancel_when_seen(void *context)
{
    struct canceler *canceler = context;
    fake_upstream_await(canceler->world->fake, "/a", 1);
    __atomic_store_n(&canceler->canceled, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void a_cancelled_wait_ends_at_once(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, FAKE_HANG });
    struct canceler canceler = { .world = &world };
    pthread_t thread = lock_thread_start("cancel", cancel_when_seen, &canceler);
    const struct provider_request request = { .size = sizeof request, .url = "{base}/a" };
    const struct upstream_wait wait = { .deadline_ms = clock_steady_ms() + 60000,
                                        .canceled = &canceler.canceled };
    struct upstream_answer *answer = NULL;
    assert_int_equal(upstream_fetch(world.upstream, &request, &wait, &answer, NULL),
                     PROVIDER_ECANCEL);
    assert_null(answer);
    pthread_join(thread, NULL);
    assert_int_equal(net_world_status(&world).in_flight, 0);
}

static void after_429_nothing_leaves_until_retry_after(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, "Retry-After: 1\r\n", "{}", 0, 0 }, { 200, NULL, "{}", 0, 0 });
    SCRIPT(&world, "/b", { 200, NULL, "{}", 0, 0 });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get_until(&world, "{base}/a", 300, NULL), PROVIDER_EBUSY);
    assert_true(clock_steady_ms() - begin < 290);
    assert_int_equal(get_until(&world, "{base}/b", 300, NULL), PROVIDER_EBUSY);
    assert_int_equal(fake_upstream_seen(world.fake, "/b"), 0);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.throttled, 1);
    assert_in_range(status.backoff_until_ms - clock_wall_ms(), 1, 1001);
    assert_int_equal(status.circuit, UPSTREAM_CLOSED);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_in_range(clock_steady_ms() - begin, 1000, 4000);
}

static void an_hour_of_retry_after_is_busy_at_once(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, "Retry-After: 3600\r\n", "{}", 0, 0 }, { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "slow down"));
    upstream_reset(world.upstream);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
}

static void without_retry_after_the_pause_is_about_a_second(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 429, NULL, "{}", 0, 0 }, { 200, NULL, NULL, 0, 0 });
    int64_t begin = clock_steady_ms();
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_in_range(clock_steady_ms() - begin, 500, 3000);
}

static void an_open_circuit_answers_busy_and_recovers(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(
        &world, &(struct upstream_options){ .circuit_failures = 2, .circuit_open_ms = 400 }, NULL);
    SCRIPT(&world, "/bad", { 200, NULL, NULL, 0, FAKE_DROP });
    SCRIPT(&world, "/good", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/bad", NULL), PROVIDER_EUPSTREAM);
    assert_int_equal(get(&world, "{base}/bad", NULL), PROVIDER_EUPSTREAM);
    struct upstream_status status = net_world_status(&world);
    assert_int_equal(status.circuit, UPSTREAM_OPEN);
    assert_in_range(status.circuit_until_ms - clock_wall_ms(), 1, 401);
    assert_int_equal(get_until(&world, "{base}/good", 50, &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "circuit"));
    assert_int_equal(fake_upstream_seen(world.fake, "/good"), 0);
    assert_int_equal(get(&world, "{base}/good", NULL), 200);
    assert_int_equal(net_world_status(&world).circuit, UPSTREAM_CLOSED);
}

static int is_json(const struct provider_response *response)
{
    return response->body_len && response->body[0] == '{';
}

static void a_parked_domain_is_left_for_the_next_mirror_for_good(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct fake_upstream *parked = fake_upstream_start();
    static const struct fake_answer html = { 200, "Content-Type: text/html\r\n", "<html>", 0, 0 };
    fake_upstream_script_rest(parked, &html);
    net_world_open(&world, NULL, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 0);
    world.mirrors[0] = fake_upstream_url(parked);
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, "{}", 0, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/a",
                                        .genuine = is_json };
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_int_equal(fake_upstream_seen(parked, NULL), 1);
    assert_string_equal(net_world_status(&world).mirror, world.mirrors[1]);
    assert_int_equal(net_world_status(&world).circuit, UPSTREAM_CLOSED);
    fake_upstream_stop(parked);
}

static void when_no_mirror_is_genuine_the_answer_is_unreadable(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, &(struct upstream_options){ .retries = 3 }, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, "<html>", 0, 0 });
    struct provider_request request = { .size = sizeof request,
                                        .url = "{base}/a",
                                        .genuine = is_json };
    assert_int_equal(fetch(&world, &request, &err), PROVIDER_EPARSE);
    assert_non_null(strstr(err.text, "not from the service"));
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 2);
}

static void a_dead_mirror_is_passed_over_without_a_rest(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, &(struct upstream_options){ .circuit_failures = 1 }, NULL);
    world.mirrors[1] = world.mirrors[0];
    net_world_configure(&world, 0);
    world.mirrors[0] = "http://127.0.0.1:1";
    net_world_configure(&world, 2);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get_until(&world, "{base}/a", 2000, NULL), 200);
    assert_string_equal(net_world_status(&world).mirror, world.mirrors[1]);
}

static void a_redirect_on_the_same_host_is_followed_three_times(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/1", { 301, "Location: /2\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/2", { 302, "Location: 3\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/3", { 307, "Location: /4\r\n", NULL, 0, 0 });
    SCRIPT(&world, "/4", { 200, NULL, "there", 0, 0 });
    SCRIPT(&world, "/loop", { 302, "Location: /loop\r\n", NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/1", NULL), 200);
    assert_int_equal(get(&world, "{base}/loop", NULL), PROVIDER_EPARSE);
    assert_int_equal(fake_upstream_seen(world.fake, "/loop"), 4);
}

static void a_redirect_to_another_host_is_not_genuine(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct fake_upstream *other = fake_upstream_start();
    static char location[100];
    static struct fake_answer away;
    snprintf(location, sizeof location, "Location: %s/x\r\n", fake_upstream_url(other));
    away = (struct fake_answer){ 302, location, NULL, 0, 0 };
    net_world_open(&world, NULL, NULL);
    fake_upstream_script(world.fake, "/a", &away, 1);
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EPARSE);
    assert_int_equal(fake_upstream_seen(other, NULL), 0);

    /* A whole URL may lead elsewhere, but credentials stay behind. */
    CLEANUP(mem_free) char *url = mem_format("%s/a", world.mirrors[0]);
    const char *const headers[] = { "Authorization: Bearer secret", NULL };
    struct provider_request request = { .size = sizeof request, .url = url, .headers = headers };
    static const struct fake_answer fine = { 200, NULL, "{}", 0, 0 };
    char value[100];
    fake_upstream_script(other, "/x", &fine, 1);
    assert_int_equal(fetch(&world, &request, NULL), 200);
    assert_true(fake_upstream_header(world.fake, "/a", "Authorization", value, sizeof value));
    assert_false(fake_upstream_header(other, "/x", "Authorization", value, sizeof value));
    fake_upstream_stop(other);
}

static void data_never_leads_to_private_addresses(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, "{}", 0, 0 });
    CLEANUP(mem_free) char *literal = mem_format("%s/a", world.mirrors[0]);
    CLEANUP(mem_free)
    char *decimal = mem_format("http://2130706433:%d/a", fake_upstream_port(world.fake));
    CLEANUP(mem_free)
    char *mapped = mem_format("http://[::ffff:127.0.0.1]:%d/a", fake_upstream_port(world.fake));
    CLEANUP(mem_free)
    char *name = mem_format("http://localhost:%d/a", fake_upstream_port(world.fake));
    /* A kept-alive connection to it exists by now. */
    assert_int_equal(get(&world, literal, NULL), 200);
    upstream_set_public_only(world.upstream, NULL);
    const char *const urls[] = { literal, decimal, mapped, name };
    for (size_t i = 0; i < ARRAY_LEN(urls); i++)
        assert_int_equal(get(&world, urls[i], &err), PROVIDER_EDENIED);
    assert_int_equal(fake_upstream_seen(world.fake, "/a"), 1);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    static const char *const allowed[] = { "127.0.0.1", NULL };
    upstream_set_public_only(world.upstream, allowed);
    assert_int_equal(get(&world, literal, NULL), 200);
    assert_int_equal(get(&world, name, NULL), PROVIDER_EDENIED);
}

static void a_redirect_does_not_lead_around_the_guard(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    static char location[100];
    static struct fake_answer away;
    net_world_open(&world, NULL, NULL);
    snprintf(location, sizeof location, "Location: http://localhost:%d/inside\r\n",
             fake_upstream_port(world.fake));
    away = (struct fake_answer){ 302, location, NULL, 0, 0 };
    fake_upstream_script(world.fake, "/a", &away, 1);
    static const char *const allowed[] = { "127.0.0.1", NULL };
    upstream_set_public_only(world.upstream, allowed);
    CLEANUP(mem_free) char *url = mem_format("%s/a", world.mirrors[0]);
    assert_int_equal(get(&world, url, NULL), PROVIDER_EDENIED);
    assert_int_equal(fake_upstream_seen(world.fake, "/inside"), 0);
}

static void a_used_up_budget_is_busy_and_survives_in_memory(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    net_world_open(&world, &(struct upstream_options){ .budget_day = 2 }, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(get(&world, "{base}/a", &err), PROVIDER_EBUSY);
    assert_non_null(strstr(err.text, "budget"));
    assert_int_equal(net_world_status(&world).used_day, 2);
    upstream_reset(world.upstream);
    assert_int_equal(get(&world, "{base}/a", NULL), PROVIDER_EBUSY);
}

static void secrets_are_masked_in_errors(void **state UNUSED)
{
    CLEANUP(net_world_close) struct net_world world;
    struct error err = { 0 };
    log_secret("s3cret-host.invalid");
    net_world_open(&world, NULL, NULL);
    assert_int_equal(get(&world, "http://s3cret-host.invalid/", &err), PROVIDER_EUPSTREAM);
    assert_null(strstr(err.text, "s3cret"));
    assert_null(strstr(net_world_status(&world).last_error, "s3cret"));
}

static void the_environments_proxy_is_not_used(void **state UNUSED)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, NULL);
    SCRIPT(&world, "/a", { 200, NULL, NULL, 0, 0 });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

static void a_proxy_from_the_options_is_used(void **state UNUSED)
{
    struct fake_upstream *proxy = fake_upstream_start();
    static const struct fake_answer answer = { 200, NULL, "by proxy", 0, 0 };
    fake_upstream_script_rest(proxy, &answer);
    CLEANUP(net_world_close) struct net_world world;
    net_world_open(&world, NULL, &(struct net_options){ .proxy = fake_upstream_url(proxy) });
    assert_int_equal(get(&world, "{base}/a", NULL), 200);
    assert_int_equal(fake_upstream_seen(world.fake, NULL), 0);
    assert_int_equal(fake_upstream_seen(proxy, NULL), 1);
    net_world_close(&world);
    net_world_open(&world, NULL, NULL);
    fake_upstream_stop(proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_status_headers_and_body),
        cmocka_unit_test(an_error_status_is_an_answer),
        cmocka_unit_test(a_post_sends_its_body_and_headers_once),
        cmocka_unit_test(a_post_declared_repeatable_is_repeated),
        cmocka_unit_test(requests_out_of_order_are_refused_before_they_leave),
        cmocka_unit_test(without_mirrors_there_is_no_base),
        cmocka_unit_test(a_server_error_is_retried_until_it_passes),
        cmocka_unit_test(a_body_cut_off_is_no_answer_and_is_retried),
        cmocka_unit_test(a_dropped_connection_is_an_upstream_failure),
        cmocka_unit_test(nobody_listening_is_an_upstream_failure),
        cmocka_unit_test(a_body_over_its_limit_ends_the_transfer),
        cmocka_unit_test(a_compressed_body_counts_decoded),
        cmocka_unit_test(a_broken_encoding_is_no_answer),
        cmocka_unit_test(a_hanging_upstream_ends_at_the_try_timeout),
        cmocka_unit_test(a_trickling_body_ends_at_the_try_timeout),
        cmocka_unit_test(the_deadline_ends_a_wait),
        cmocka_unit_test(a_cancelled_wait_ends_at_once),
        cmocka_unit_test(after_429_nothing_leaves_until_retry_after),
        cmocka_unit_test(an_hour_of_retry_after_is_busy_at_once),
        cmocka_unit_test(without_retry_after_the_pause_is_about_a_second),
        cmocka_unit_test(an_open_circuit_answers_busy_and_recovers),
        cmocka_unit_test(a_parked_domain_is_left_for_the_next_mirror_for_good),
        cmocka_unit_test(when_no_mirror_is_genuine_the_answer_is_unreadable),
        cmocka_unit_test(a_dead_mirror_is_passed_over_without_a_rest),
        cmocka_unit_test(a_redirect_on_the_same_host_is_followed_three_times),
        cmocka_unit_test(a_redirect_to_another_host_is_not_genuine),
        cmocka_unit_test(data_never_leads_to_private_addresses),
        cmocka_unit_test(a_redirect_does_not_lead_around_the_guard),
        cmocka_unit_test(a_used_up_budget_is_busy_and_survives_in_memory),
        cmocka_unit_test(secrets_are_masked_in_errors),
        cmocka_unit_test(the_environments_proxy_is_not_used),
        cmocka_unit_test(a_proxy_from_the_options_is_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
