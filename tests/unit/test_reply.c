/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "reply.h"

static struct exchange exchange = { .path = "/api/movies", .method = "GET", .version = "1.1" };

static void set_params(struct request *request, const char *page, const char *limit)
{
    *request = (struct request){ .exchange = &exchange, .method = REQUEST_GET, .n_params = 3 };
    request->params[0] = (struct request_param){ "page", page };
    request->params[1] = (struct request_param){ "limit", limit };
    request->params[2] = (struct request_param){ "q", "a&b >\r\nX: y" };
}

static json_t *page_of(const char *page, const char *limit, uint64_t total, struct reply *reply)
{
    struct request request;
    CLEANUP(text_done) struct text results = TEXT_INIT(100);
    set_params(&request, page, limit);
    reply_init(reply);
    text_add_string(&results, "[1]");
    reply_page(reply, &request, total, &results, ",\"complete\":true");
    return json_loads(text_string(&reply->body), 0, NULL);
}

static void a_page_counts_its_pages(void **state UNUSED)
{
    static const struct {
        const char *page, *limit;
        uint64_t total;
        int pages;
        bool prev, next;
    } rows[] = {
        { "1", "20", 0, 0, false, false },         { "1", "20", 20, 1, false, false },
        { "1", "20", 21, 2, false, true },         { "2", "20", 21, 2, true, false },
        { "9", "20", 21, 2, true, false },         { "2147483647", "100", 1, 1, true, false },
        { "1", "1", UINT32_MAX, -1, false, true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(reply_done) struct reply reply;
        json_auto_t *body = page_of(rows[i].page, rows[i].limit, rows[i].total, &reply);
        assert_non_null(body);
        if (rows[i].pages >= 0)
            assert_int_equal(js_int(body, "total_pages", -1), rows[i].pages);
        assert_true(js_bool(body, "complete", false));
        assert_int_equal(strstr(reply.headers.bytes, "rel=\"prev\"") != NULL, rows[i].prev);
        assert_int_equal(strstr(reply.headers.bytes, "rel=\"next\"") != NULL, rows[i].next);
    }
}

static void links_carry_nothing_foreign_in_the_raw(void **state UNUSED)
{
    CLEANUP(reply_done) struct reply reply;
    json_auto_t *body = page_of("1", "20", 100, &reply);
    assert_non_null(body);
    assert_null(strstr(reply.headers.bytes, "\r\nX:"));
    assert_non_null(strstr(reply.headers.bytes, "q=a%26b%20%3E%0D%0AX%3A%20y"));
}

static void a_header_cannot_begin_another(void **state UNUSED)
{
    CLEANUP(reply_done) struct reply reply;
    reply_init(&reply);
    reply_header(&reply, "Location: /a%s", "\r\nSet-Cookie: x");
    assert_string_equal(text_string(&reply.headers), "Location: /a\r\n");
}

static void problems_drop_what_was_said_before(void **state UNUSED)
{
    CLEANUP(reply_done) struct reply reply;
    struct problem problem;
    reply_init(&reply);
    reply_header(&reply, "Link: secret");
    text_add_string(&reply.body, "secret");
    snprintf(reply.etag, sizeof reply.etag, "x");
    reply.keep = true;
    problem_set(&problem, 503, "busy", "later \"%s\" \xff", "x");
    reply_problem(&reply, &problem);
    json_auto_t *body = json_loads(text_string(&reply.body), 0, NULL);
    assert_string_equal(js_string(body, "code"), "busy");
    assert_null(strstr(text_string(&reply.headers), "secret"));
    assert_non_null(strstr(text_string(&reply.headers), "Retry-After: "));
    assert_false(reply.keep);
    assert_string_equal(reply.etag, "");
}

static void internal_failures_do_not_show_their_cause(void **state UNUSED)
{
    struct problem problem;
    struct error err = { 0 };
    error_set(&err, PROVIDER_EIO, "/var/lib/miauflix/store: I/O error");
    problem_from_error(&problem, &err);
    assert_int_equal(problem.status, 500);
    assert_null(strstr(problem.detail, "/var"));
    error_set(&err, -99, "what is this");
    problem_from_error(&problem, &err);
    assert_int_equal(problem.status, 500);
    error_set(&err, PROVIDER_EUPSTREAM, "api.themoviedb.org: 503");
    problem_from_error(&problem, &err);
    assert_int_equal(problem.status, 502);
    assert_non_null(strstr(problem.detail, "themoviedb"));
}

static void small_or_unpackable_bodies_stay_as_they_are(void **state UNUSED)
{
    CLEANUP(reply_done) struct reply reply;
    struct request request = { .exchange = &exchange, .accept_encoding = "gzip" };
    uint32_t random = 1;
    reply_init(&reply);
    text_add_string(&reply.body, "small");
    reply_finish(&reply, &request);
    assert_false(reply.packed);
    for (int i = 0; i < 5000; i++) {
        random = random * 1664525 + 1013904223;
        text_add_char(&reply.body, (char)(random >> 24));
    }
    reply_finish(&reply, &request);
    assert_false(reply.packed);
    text_clear(&reply.body);
    for (int i = 0; i < 500; i++)
        text_add_string(&reply.body, "again and again ");
    reply_finish(&reply, &request);
    assert_true(reply.packed);
    assert_true(reply.body.len < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_counts_its_pages),
        cmocka_unit_test(links_carry_nothing_foreign_in_the_raw),
        cmocka_unit_test(a_header_cannot_begin_another),
        cmocka_unit_test(problems_drop_what_was_said_before),
        cmocka_unit_test(internal_failures_do_not_show_their_cause),
        cmocka_unit_test(small_or_unpackable_bodies_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
