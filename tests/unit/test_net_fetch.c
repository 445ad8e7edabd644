/* SPDX-License-Identifier: MIT
 *
 * Requests and answers: what is sent, what counts as an answer, how much of it. */
#include "net_fetch_test.h"

#include <string.h>
#include <zlib.h>

#include "base/log.h"
#include "base/text.h"

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

static const struct CMUnitTest tests[] = {
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
    cmocka_unit_test(secrets_are_masked_in_errors),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), net_fetch_waits_part,
                                       net_fetch_ways_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
