/* SPDX-License-Identifier: MIT */
#include "../net_world.h"

#include <ftw.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cache/bodies.h"

#define SCRIPT(world, target, ...)                                                                 \
    do {                                                                                           \
        static const struct fake_answer script_[] = { __VA_ARGS__ };                               \
        fake_upstream_script((world)->fake, target, script_, ARRAY_LEN(script_));                  \
    } while (0)

static int64_t shift_ms; /* the clocks run ahead by that */

static int64_t shifted(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000 + __atomic_load_n(&shift_ms, __ATOMIC_ACQUIRE);
}

/* A world whose bodies lie in a folder of its own. */
struct kept_world {
    struct net_world world;
    struct bodies *bodies;
    char folder[64];
};

static int remove_one(const char *path, const struct stat *facts UNUSED, int type UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

static void kept_world_close(struct kept_world *kept)
{
    net_world_close(&kept->world);
    bodies_close(kept->bodies);
    nftw(kept->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
DEFINE_CLEANUP_VALUE(struct kept_world, kept_world_close);

static void kept_world_open(struct kept_world *kept, const struct upstream_options *options)
{
    struct error err = { 0 };
    snprintf(kept->folder, sizeof kept->folder, "/tmp/test-net-XXXXXX");
    assert_non_null(mkdtemp(kept->folder));
    if (bodies_open(kept->folder, 64 << 20, &kept->bodies, &err))
        fail_msg("%s", err.text);
    net_world_open(&kept->world, options,
                   &(struct net_options){ .cache = bodies_cache(kept->bodies) });
}

struct seen {
    int code, status;
    uint32_t age_s, stale;
    char body[32];
};

static struct seen ask(struct kept_world *kept, const struct provider_request *request)
{
    CLEANUP(upstream_answer_free) struct upstream_answer *answer = NULL;
    struct seen seen = { .code = net_world_fetch(&kept->world, request, &answer, NULL) };
    if (seen.code)
        return seen;
    seen.status = answer->response.status;
    seen.age_s = answer->response.age_s;
    seen.stale = answer->response.stale;
    snprintf(seen.body, sizeof seen.body, "%s", answer->response.body);
    return seen;
}

static struct seen get(struct kept_world *kept, const char *path, uint32_t max_age_s)
{
    CLEANUP(mem_free) char *url = mem_format("{base}%s", path);
    return ask(kept, &(struct provider_request){ .size = sizeof(struct provider_request),
                                                 .url = url,
                                                 .max_age_s = max_age_s });
}

static unsigned asked(struct kept_world *kept, const char *path)
{
    return fake_upstream_seen(kept->world.fake, path);
}

static void an_answer_young_enough_comes_from_disk(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "one", 0, 0 }, { 200, NULL, "two", 0, 0 });
    assert_string_equal(get(&kept, "/a", 60).body, "one");
    shift_ms += 30000;
    struct seen second = get(&kept, "/a", 60);
    assert_string_equal(second.body, "one");
    assert_int_equal(second.status, 200);
    assert_in_range(second.age_s, 29, 31);
    assert_int_equal(asked(&kept, "/a"), 1);
    assert_int_equal(net_world_status(&kept.world).cache_hits, 1);
    assert_string_equal(get(&kept, "/a", 20).body, "two");
    assert_int_equal(get(&kept, "/a", 20).age_s, 0);
}

static void zero_max_age_always_asks_upstream(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "one", 0, 0 }, { 200, NULL, "two", 0, 0 });
    get(&kept, "/a", 60);
    assert_string_equal(get(&kept, "/a", 0).body, "two");
}

static void an_etag_goes_back_verbatim_and_304_renews(void **state UNUSED)
{
    static const char *const tags[] = { "W/\"weak\"", "unquoted", "\"strong\"" };
    static const char *const paths[] = { "/weak", "/unquoted", "/strong" };
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/weak", { 200, "ETag: W/\"weak\"\r\n", "body", 0, 0 },
           { 304, NULL, NULL, 0, 0 });
    SCRIPT(&kept.world, "/unquoted", { 200, "etag: unquoted\r\n", "body", 0, 0 },
           { 304, NULL, NULL, 0, 0 });
    SCRIPT(&kept.world, "/strong", { 200, "ETAG:\"strong\"\r\n", "body", 0, 0 },
           { 304, NULL, NULL, 0, 0 });
    for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
        char sent[64];
        get(&kept, paths[i], 10);
        shift_ms += 20000;
        struct seen renewed = get(&kept, paths[i], 10);
        assert_int_equal(renewed.status, 200);
        assert_string_equal(renewed.body, "body");
        assert_int_equal(renewed.age_s, 0);
        assert_true(fake_upstream_header(kept.world.fake, paths[i], "If-None-Match", sent, 64));
        assert_string_equal(sent, tags[i]);
        shift_ms += 5000;
        assert_in_range(get(&kept, paths[i], 10).age_s, 4, 6);
        assert_int_equal(asked(&kept, paths[i]), 2);
    }
    assert_int_equal(net_world_status(&kept.world).revalidated, 3);
}

static void an_old_answer_serves_while_the_upstream_is_down(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, &(struct upstream_options){ .stale_if_error_s = 1000 });
    SCRIPT(&kept.world, "/503", { 200, NULL, "good", 0, 0 }, { 503, NULL, "bad", 0, 0 });
    SCRIPT(&kept.world, "/cut", { 200, NULL, "good", 0, 0 }, { 200, NULL, "bad", 0, FAKE_CUT_OFF });
    SCRIPT(&kept.world, "/429", { 200, NULL, "good", 0, 0 },
           { 429, "Retry-After: 600\r\n", "bad", 0, 0 });
    static const char *const paths[] = { "/503", "/cut", "/429" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        get(&kept, paths[i], 10);
    shift_ms += 100000;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct seen stale = get(&kept, paths[i], 10);
        assert_string_equal(stale.body, "good");
        assert_int_equal(stale.status, 200);
        assert_int_equal(stale.stale, 1);
        assert_in_range(stale.age_s, 99, 102);
        assert_int_equal(asked(&kept, paths[i]), 2);
    }
    assert_int_equal(net_world_status(&kept.world).stale_served, 3);
    upstream_reset(kept.world.upstream);
    shift_ms += 2000000;
    assert_int_equal(get(&kept, "/503", 10).status, 503);
    assert_int_equal(get(&kept, "/cut", 10).code, PROVIDER_EUPSTREAM);
}

static void an_open_circuit_serves_the_old_answer_at_once(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept,
                    &(struct upstream_options){ .circuit_failures = 1, .circuit_open_ms = 600000 });
    SCRIPT(&kept.world, "/a", { 200, NULL, "good", 0, 0 });
    SCRIPT(&kept.world, "/drop", { 200, NULL, NULL, 0, FAKE_DROP });
    get(&kept, "/a", 10);
    get(&kept, "/drop", 10);
    shift_ms += 20000;
    struct seen stale = get(&kept, "/a", 10);
    assert_int_equal(stale.stale, 1);
    assert_string_equal(stale.body, "good");
    assert_int_equal(asked(&kept, "/a"), 1);
    assert_int_equal(get(&kept, "/other", 10).code, PROVIDER_EBUSY);
}

static void not_found_is_remembered_briefly(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, &(struct upstream_options){ .not_found_ttl_s = 30 });
    SCRIPT(&kept.world, "/a", { 404, NULL, "{}", 0, 0 }, { 200, NULL, "born", 0, 0 });
    assert_int_equal(get(&kept, "/a", 3600).status, 404);
    shift_ms += 20000;
    assert_int_equal(get(&kept, "/a", 3600).status, 404);
    assert_int_equal(asked(&kept, "/a"), 1);
    shift_ms += 20000;
    assert_string_equal(get(&kept, "/a", 3600).body, "born");
}

static void a_not_found_is_never_stale_nor_revalidated(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, &(struct upstream_options){ .not_found_ttl_s = 1 });
    SCRIPT(&kept.world, "/a", { 404, "ETag: \"x\"\r\n", "{}", 0, 0 }, { 503, NULL, NULL, 0, 0 });
    get(&kept, "/a", 3600);
    shift_ms += 5000;
    struct seen seen = get(&kept, "/a", 3600);
    char sent[64];
    assert_int_equal(seen.status, 503);
    assert_int_equal(seen.stale, 0);
    assert_false(fake_upstream_header(kept.world.fake, "/a", "If-None-Match", sent, sizeof sent));
}

static void errors_are_not_kept_and_do_not_replace_what_is(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "good", 0, 0 }, { 401, NULL, "{}", 0, 0 });
    SCRIPT(&kept.world, "/b", { 500, NULL, "bad", 0, 0 }, { 200, NULL, "good", 0, 0 });
    get(&kept, "/a", 60);
    assert_int_equal(get(&kept, "/a", 0).status, 401);
    assert_string_equal(get(&kept, "/a", 60).body, "good");
    assert_int_equal(get(&kept, "/b", 60).status, 500);
    assert_string_equal(get(&kept, "/b", 60).body, "good");
}

static void what_the_upstream_forbids_is_not_kept(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, "Cache-Control: private, no-store\r\n", "one", 0, 0 },
           { 200, NULL, "two", 0, 0 });
    get(&kept, "/a", 60);
    assert_string_equal(get(&kept, "/a", 60).body, "two");
}

static int is_good(const struct provider_response *response)
{
    return strcmp(response->body, "good") == 0;
}

static void what_is_not_genuine_is_never_kept(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "<html>", 0, 0 }, { 200, NULL, "good", 0, 0 });
    struct provider_request request = {
        .size = sizeof request, .url = "{base}/a", .max_age_s = 60, .genuine = is_good
    };
    assert_int_equal(ask(&kept, &request).code, PROVIDER_EPARSE);
    assert_string_equal(ask(&kept, &request).body, "good");
}

static void users_do_not_share_answers(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/me", { 200, NULL, "anna", 0, 0 }, { 200, NULL, "bert", 0, 0 });
    const char *const anna[] = { "Authorization: Bearer a", NULL };
    const char *const bert[] = { "Authorization: Bearer b", NULL };
    struct provider_request request = {
        .size = sizeof request, .url = "{base}/me", .headers = anna, .max_age_s = 60
    };
    assert_string_equal(ask(&kept, &request).body, "anna");
    request.headers = bert;
    assert_string_equal(ask(&kept, &request).body, "bert");
    request.headers = anna;
    assert_string_equal(ask(&kept, &request).body, "anna");
}

static void posts_heads_and_parts_are_not_kept(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "body", 0, 0 });
    const char *const range[] = { "Range: bytes=0-1", NULL };
    const char *const own[] = { "If-None-Match: \"x\"", NULL };
    const struct provider_request requests[] = {
        { .size = sizeof *requests, .url = "{base}/a", .max_age_s = 60, .method = "POST" },
        { .size = sizeof *requests, .url = "{base}/a", .max_age_s = 60, .method = "HEAD" },
        { .size = sizeof *requests, .url = "{base}/a", .max_age_s = 60, .headers = range },
        { .size = sizeof *requests, .url = "{base}/a", .max_age_s = 60, .headers = own },
    };
    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        ask(&kept, &requests[i]);
        ask(&kept, &requests[i]);
    }
    assert_int_equal(asked(&kept, "/a"), 2 * ARRAY_LEN(requests));
}

static const char *needle;
static bool needle_seen;

static int look_for_needle(const char *path, const struct stat *facts, int type,
                           struct FTW *ftw UNUSED)
{
    if (strstr(path, needle))
        needle_seen = true;
    FILE *file = type == FTW_F ? fopen(path, "r") : NULL;
    if (!file)
        return 0;
    CLEANUP(mem_free) char *bytes = mem_alloc((size_t)facts->st_size + 1);
    size_t n = fread(bytes, 1, (size_t)facts->st_size, file);
    fclose(file);
    if (memmem(bytes, n, needle, strlen(needle)))
        needle_seen = true;
    return 0;
}

static bool is_on_disk(struct kept_world *kept, const char *text)
{
    needle = text;
    needle_seen = false;
    nftw(kept->folder, look_for_needle, 16, FTW_PHYS);
    return needle_seen;
}

static void what_the_plugin_wants_no_copy_of_is_not_kept(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, "ETag: \"x\"\r\n", "body", 0, 0 });
    const char *const headers[] = { "Accept: */*", "cache-control: max-age=0, No-Store", NULL };
    const struct provider_request request = {
        .size = sizeof request, .url = "{base}/a", .max_age_s = 60, .headers = headers
    };
    char sent[64];
    for (unsigned i = 1; i <= 2; i++) {
        assert_string_equal(ask(&kept, &request).body, "body");
        assert_int_equal(asked(&kept, "/a"), i);
    }
    assert_false(fake_upstream_header(kept.world.fake, "/a", "If-None-Match", sent, 64));
    struct bodies_status status;
    bodies_status(kept.bodies, &status);
    assert_int_equal(status.files, 0);
}

static void only_no_store_keeps_an_answer_off_the_disk(void **state UNUSED)
{
    static const char *const others[][2] = { { "Cache-Control: no-cache", NULL },
                                             { "X-Cache-Control: no-store", NULL },
                                             { "Pragma: no-store", NULL } };
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "body", 0, 0 });
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        const struct provider_request request = {
            .size = sizeof request, .url = "{base}/a", .max_age_s = 60, .headers = others[i]
        };
        ask(&kept, &request);
        ask(&kept, &request);
        assert_int_equal(asked(&kept, "/a"), i + 1);
    }
}

static void no_part_of_a_question_lands_on_disk(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a?key=hush", { 200, NULL, "the body itself", 0, 0 });
    const char *const headers[] = { "Authorization: Bearer whisper", NULL };
    struct provider_request request = { .size = sizeof request,
                                        .flags = PROVIDER_HTTP_SECRET,
                                        .url = "{base}/a?key=hush",
                                        .headers = headers,
                                        .max_age_s = 60 };
    assert_string_equal(ask(&kept, &request).body, "the body itself");
    assert_true(is_on_disk(&kept, "the body itself"));
    assert_false(is_on_disk(&kept, "hush"));
    assert_false(is_on_disk(&kept, "whisper"));
}

static void an_answer_from_the_future_is_asked_again(void **state UNUSED)
{
    CLEANUP(kept_world_close) struct kept_world kept;
    kept_world_open(&kept, NULL);
    SCRIPT(&kept.world, "/a", { 200, NULL, "one", 0, 0 }, { 200, NULL, "two", 0, 0 });
    get(&kept, "/a", 3600);
    shift_ms -= 10000;
    assert_string_equal(get(&kept, "/a", 3600).body, "two");
    shift_ms += 10000;
}

static int set_clock(void **state UNUSED)
{
    clock_set_source(shifted);
    return 0;
}

static int restore_clock(void **state UNUSED)
{
    clock_set_source(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_young_enough_comes_from_disk),
        cmocka_unit_test(zero_max_age_always_asks_upstream),
        cmocka_unit_test(an_etag_goes_back_verbatim_and_304_renews),
        cmocka_unit_test(an_old_answer_serves_while_the_upstream_is_down),
        cmocka_unit_test(an_open_circuit_serves_the_old_answer_at_once),
        cmocka_unit_test(not_found_is_remembered_briefly),
        cmocka_unit_test(a_not_found_is_never_stale_nor_revalidated),
        cmocka_unit_test(errors_are_not_kept_and_do_not_replace_what_is),
        cmocka_unit_test(what_the_upstream_forbids_is_not_kept),
        cmocka_unit_test(what_is_not_genuine_is_never_kept),
        cmocka_unit_test(users_do_not_share_answers),
        cmocka_unit_test(posts_heads_and_parts_are_not_kept),
        cmocka_unit_test(what_the_plugin_wants_no_copy_of_is_not_kept),
        cmocka_unit_test(only_no_store_keeps_an_answer_off_the_disk),
        cmocka_unit_test(no_part_of_a_question_lands_on_disk),
        cmocka_unit_test(an_answer_from_the_future_is_asked_again),
    };
    return cmocka_run_group_tests(tests, set_clock, restore_clock);
}
