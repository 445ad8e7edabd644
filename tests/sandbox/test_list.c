/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <zlib.h>

#include "ask_world.h"
#include "base/clock.h"

static int start_small(void **state)
{
    (void)state;
    return start_with(20, 30);
}

/* The ids of a list, in its order, as "19 45745". */
static char *order_of(const char *target, const char *key)
{
    json_auto_t *body = NULL;
    CLEANUP(text_done) struct text out = TEXT_INIT(4096);
    size_t i;
    json_t *row;

    assert_int_equal(ask(sandbox, target, &body), 200);
    json_array_foreach (js_array(body, key), i, row) {
        text_add_format(&out, "%s%lld", i ? " " : "", (long long)js_int(row, "id", 0));
    }
    return mem_dup_text(text_string(&out));
}

static void both_versions_keep_the_order_of_the_list(void **state)
{
    static const char wanted[] = "900001110 900001003 643 900001107 900001101";
    CLEANUP(mem_free) char *v3 = order_of("/3/list/9002", "items");
    CLEANUP(mem_free) char *v4 = order_of("/4/list/9002", "results");
    (void)state;
    assert_string_equal(v3, wanted);
    assert_string_equal(v4, wanted);
}

static void a_long_list_has_pages(void **state)
{
    json_auto_t *first = NULL, *second = NULL, *third = NULL;
    (void)state;
    assert_int_equal(ask(sandbox, "/3/list/9006", &first), 200);
    assert_int_equal(ask(sandbox, "/3/list/9006?page=2", &second), 200);
    assert_int_equal(ask(sandbox, "/3/list/9006?page=3", &third), 200);
    assert_int_equal(js_int(first, "item_count", 0), 23);
    assert_int_equal(js_int(first, "total_pages", 0), 2);
    assert_int_equal(json_array_size(js_array(first, "items")), 20);
    assert_int_equal(json_array_size(js_array(second, "items")), 3);
    assert_int_equal(json_array_size(js_array(third, "items")), 0);
}

static void items_that_are_gone_are_left_out(void **state)
{
    CLEANUP(mem_free) char *items = order_of("/3/list/9005", "items");
    (void)state;
    assert_string_equal(items, "19 900001111 900001112");
}

static int v4_status(int64_t id, const char *token)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { .authorization = token };
    CLEANUP(mem_free) char *target = mem_format("/4/list/%lld", (long long)id);
    return ask_with(sandbox, target, &extra, &reply);
}

static void a_private_list_is_for_its_owner(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    assert_int_equal(ask(sandbox, "/4/list/9004", &body), 401);
    assert_int_equal(js_int(body, "status_code", 0), 39);
    assert_int_equal(v4_status(9004, "Bearer eyJh.eyJz.c2ln"), 401);
    assert_int_equal(v4_status(9004, "Bearer " SANDBOX_USER_TOKEN), 200);
    assert_int_equal(v4_status(9004, NULL), 401);
    assert_int_equal(v4_status(9001, "Bearer eyJh.eyJz.c2ln"), 200);
}

static void version_four_tells_comments(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    assert_int_equal(ask(sandbox, "/4/list/9001", &body), 200);
    const json_t *comments = js_object(body, "comments");
    assert_string_equal(js_string(comments, "movie:45745"), "Bring a handkerchief.");
    assert_true(json_is_null(json_object_get(comments, "movie:19")));
    assert_null(json_object_get(body, "items"));
}

static void what_is_no_list_is_404(void **state)
{
    static const char *const targets[] = { "/3/list/1",      "/4/list/1",   "/3/list/x",
                                           "/3/list/9001/x", "/4/movie/19", "/4/list" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        json_auto_t *body = NULL;
        assert_int_equal(ask(sandbox, targets[i], &body), 404);
        assert_int_equal(js_int(body, "status_code", 0), 34);
    }
}

static int change(const char *json)
{
    return direct(sandbox, "POST", "/sandbox/list", json);
}

static void a_list_changes_while_it_is_read(void **state)
{
    (void)state;
    assert_int_equal(change("{\"id\":9003,\"add\":[\"movie:19\",\"tv:900001101\",\"movie:643\"]}"),
                     200);
    CLEANUP(mem_free) char *three = order_of("/3/list/9003", "items");
    assert_string_equal(three, "19 900001101 643");
    assert_int_equal(change("{\"id\":9003,\"add\":[\"movie:19\"],\"remove\":[\"movie:643\"]}"),
                     200);
    CLEANUP(mem_free) char *moved = order_of("/3/list/9003", "items");
    assert_string_equal(moved, "900001101 19");
    assert_int_equal(change("{\"id\":9003,\"public\":false}"), 200);
    assert_int_equal(v4_status(9003, "Bearer eyJh.eyJz.c2ln"), 401);
}

static void lists_come_and_go(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    assert_int_equal(change("{\"id\":77,\"name\":\"New\",\"add\":[\"tv:500000001\"]}"), 200);
    CLEANUP(mem_free) char *items = order_of("/4/list/77", "results");
    assert_string_equal(items, "500000001");
    assert_int_equal(change("{\"id\":77,\"delete\":true}"), 200);
    assert_int_equal(change("{\"id\":77,\"delete\":true}"), 404);
    assert_int_equal(ask(sandbox, "/3/list/77", &body), 404);
}

static void nonsense_does_not_get_into_a_list(void **state)
{
    static const char *const bad[] = {
        "{\"id\":78,\"add\":[\"song:19\"]}", "{\"id\":78,\"add\":[\"movie:x\"]}",
        "{\"id\":78,\"add\":[19]}",          "{\"id\":78,\"add\":[\"movie\"]}",
        "{\"add\":[\"movie:19\"]}",          "{\"id\":-3}",
    };
    json_auto_t *body = NULL;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(change(bad[i]), 400);
    assert_int_equal(ask(sandbox, "/3/list/78", &body), 404);
}

/* The daily export of shows, of yesterday, which is always there. */
static void the_export_of_shows_has_a_line_for_each(void **state)
{
    char date[CLOCK_TEXT_LEN];
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { 0 };
    char *plain = mem_alloc(1 << 20);
    z_stream stream = { 0 };
    (void)state;
    clock_format_date(clock_wall_ms() - 24 * 3600 * 1000, date);
    CLEANUP(mem_free)
    char *target =
        mem_format("/p/exports/tv_series_ids_%.2s_%.2s_%.4s.json.gz", date + 5, date + 8, date);
    assert_int_equal(ask_with(sandbox, target, &extra, &reply), 200);
    inflateInit2(&stream, 15 + 16);
    stream.next_in = (Bytef *)reply.body.bytes;
    stream.avail_in = (uInt)reply.body.len;
    stream.next_out = (Bytef *)plain;
    stream.avail_out = (1 << 20) - 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain[stream.total_out] = '\0';
    inflateEnd(&stream);
    size_t n = 0;
    for (const char *at = plain; (at = strchr(at, '\n')); at++)
        n++;
    assert_int_equal(n, 30 + 32);
    assert_non_null(strstr(plain, "{\"id\":900001108,\"original_name\":\"雲の夜間学校\","
                                  "\"popularity\":17.300}\n"));
    assert_null(strstr(plain, "adult"));
    free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_versions_keep_the_order_of_the_list),
        cmocka_unit_test(a_long_list_has_pages),
        cmocka_unit_test(items_that_are_gone_are_left_out),
        cmocka_unit_test(a_private_list_is_for_its_owner),
        cmocka_unit_test(version_four_tells_comments),
        cmocka_unit_test(what_is_no_list_is_404),
        cmocka_unit_test(a_list_changes_while_it_is_read),
        cmocka_unit_test(lists_come_and_go),
        cmocka_unit_test(nonsense_does_not_get_into_a_list),
        cmocka_unit_test(the_export_of_shows_has_a_line_for_each),
    };
    return cmocka_run_group_tests_name("sandbox_list", tests, start_small, stop);
}
