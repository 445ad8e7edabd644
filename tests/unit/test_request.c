/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "request.h"

/* What a server would hand over, without one. */
static bool read_target(const char *path, const char *query, struct request *out,
                        struct problem *problem)
{
    static const struct exchange_header headers[] = { { "Host", "x" } };
    static struct exchange exchange;
    exchange = (struct exchange){ .method = "GET",
                                  .path = path,
                                  .query = query,
                                  .version = "1.1",
                                  .headers = headers,
                                  .n_headers = 1,
                                  .content_length = -1 };
    return request_read_head(&exchange, out, problem) && request_read_target(out, problem);
}

static void segments_are_decoded_each_on_its_own(void **state UNUSED)
{
    CLEANUP(request_done) struct request request;
    struct problem problem = { 0 };
    assert_true(read_target("/a%2Fb/../%C3%A9/", NULL, &request, &problem));
    assert_int_equal(request.n_segments, 4);
    assert_string_equal(request.segments[0], "a/b");
    assert_string_equal(request.segments[1], "..");
    assert_string_equal(request.segments[2], "é");
    assert_string_equal(request.segments[3], "");
}

static void parameters_are_decoded(void **state UNUSED)
{
    CLEANUP(request_done) struct request request;
    struct problem problem = { 0 };
    assert_true(read_target("/a", "q=a+b%2Bc&empty=&flag&n=5&%C3%A9=x", &request, &problem));
    assert_string_equal(request_param(&request, "q"), "a b+c");
    assert_string_equal(request_param(&request, "empty"), "");
    assert_string_equal(request_param(&request, "flag"), "");
    assert_string_equal(request_param(&request, "é"), "x");
    assert_int_equal(request_int(&request, "n", 7), 5);
    assert_int_equal(request_int(&request, "m", 7), 7);
    assert_null(request_param(&request, "Q"));
}

static void a_plus_in_a_path_is_a_plus(void **state UNUSED)
{
    CLEANUP(request_done) struct request request;
    struct problem problem = { 0 };
    assert_true(read_target("/a+b", NULL, &request, &problem));
    assert_string_equal(request.segments[0], "a+b");
}

static void wrong_targets_are_refused(void **state UNUSED)
{
    static const struct {
        const char *path, *query;
        int status;
    } wrong[] = {
        { "/%00", NULL, 400 },
        { "/%", NULL, 400 },
        { "/a%2", NULL, 400 },
        { "/%gg", NULL, 400 },
        { "/%80", NULL, 400 },
        { "*", NULL, 400 },
        { "", NULL, 400 },
        { "/a", "%00=1", 400 },
        { "/a", "a=%", 400 },
        { "/a", "a=1&a=2", 400 },
        { "/a", "a=1&%61=2", 400 },
        { "/a", "a=%ed%a0%80", 400 },
        { "/1/2/3/4/5/6/7/8/9/10/11/12/13", NULL, 404 },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(request_done) struct request request;
        struct problem problem = { 0 };
        assert_false(read_target(wrong[i].path, wrong[i].query, &request, &problem));
        assert_int_equal(problem.status, wrong[i].status);
    }
}

static void too_long_targets_and_too_many_parameters_are_refused(void **state UNUSED)
{
    CLEANUP(request_done) struct request request;
    CLEANUP(request_done) struct request second;
    CLEANUP(text_done) struct text query = TEXT_INIT(10000);
    CLEANUP(mem_free) char *path = mem_alloc(REQUEST_MAX_TARGET + 10);
    struct problem problem = { 0 };
    memset(path, '/', 1);
    memset(path + 1, 'a', REQUEST_MAX_TARGET);
    assert_false(read_target(path, NULL, &request, &problem));
    assert_int_equal(problem.status, 414);
    for (int i = 0; i <= REQUEST_MAX_PARAMS; i++)
        text_add_format(&query, "p%d=1&", i);
    assert_false(read_target("/a", text_string(&query), &second, &problem));
    assert_int_equal(problem.status, 400);
}

static int status_of(const struct exchange_header *headers, size_t n, const char *version)
{
    struct problem problem = { 0 };
    CLEANUP(request_done) struct request request;
    struct exchange exchange = { .method = "POST",
                                 .path = "/",
                                 .version = version,
                                 .headers = headers,
                                 .n_headers = n,
                                 .content_length = -1 };
    return request_read_head(&exchange, &request, &problem) &&
                   request_read_target(&request, &problem)
               ? 200
               : problem.status;
}

static void headers_are_checked(void **state UNUSED)
{
    static const struct {
        struct exchange_header headers[3];
        size_t n;
        int status;
    } rows[] = {
        { { { "Host", "x" }, { "Content-Length", "5" } }, 2, 200 },
        { { { "host", "x" }, { "TRANSFER-ENCODING", "Chunked" } }, 2, 200 },
        { { { "Host", "x" }, { "Content-Length", "5" }, { "content-length", "5" } }, 3, 400 },
        { { { "Host", "x" }, { "Content-Length", "5" }, { "Transfer-Encoding", "chunked" } },
          3,
          400 },
        { { { "Host", "x" }, { "Content-Length", "5,5" } }, 2, 400 },
        { { { "Host", "x" }, { "Transfer-Encoding", "identity" } }, 2, 400 },
        { { { "Host", "x" }, { "Host", "x" } }, 2, 400 },
        { { { "Host", "x" }, { "a b", "x" } }, 2, 400 },
        { { { "Host", "x" }, { "", "x" } }, 2, 400 },
        { { { "A", "b" } }, 1, 400 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(status_of(rows[i].headers, rows[i].n, "1.1"), rows[i].status);
    assert_int_equal(status_of(NULL, 0, "1.0"), 200);
}

static void gzip_is_taken_when_wanted(void **state UNUSED)
{
    static const struct {
        const char *header;
        bool wanted;
    } rows[] = {
        { NULL, false },
        { "", false },
        { "gzip", true },
        { "GZIP", true },
        { "br, gzip", true },
        { "gzip;q=0", false },
        { "gzip; q=0.0", false },
        { "gzip;q=0.001", true },
        { "*", true },
        { "*;q=0", false },
        { "gzip;q=0, *", false },
        { "x-gzip", false },
        { "identity", false },
        { ",,,gzip;q=1.0,", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request request = { .accept_encoding = rows[i].header };
        assert_int_equal(request_accepts_gzip(&request), rows[i].wanted);
    }
}

static void entity_tags_compare_weakly(void **state UNUSED)
{
    assert_true(request_etag_matches("\"a\"", "a"));
    assert_true(request_etag_matches("W/\"a\"", "a"));
    assert_true(request_etag_matches("\"b\", \"a,c\" , W/\"a\"", "a"));
    assert_true(request_etag_matches("*", "a"));
    assert_false(request_etag_matches("\"aa\"", "a"));
    assert_false(request_etag_matches("a", "a"));
    assert_false(request_etag_matches("\"a", "b"));
    assert_false(request_etag_matches("", "a"));
    assert_false(request_etag_matches(NULL, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_decoded_each_on_its_own),
        cmocka_unit_test(parameters_are_decoded),
        cmocka_unit_test(a_plus_in_a_path_is_a_plus),
        cmocka_unit_test(wrong_targets_are_refused),
        cmocka_unit_test(too_long_targets_and_too_many_parameters_are_refused),
        cmocka_unit_test(headers_are_checked),
        cmocka_unit_test(gzip_is_taken_when_wanted),
        cmocka_unit_test(entity_tags_compare_weakly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
