/* SPDX-License-Identifier: MIT
 *
 * Pictures by the real plugin of TMDB: what its configuration says is scripted, and so is the
 * pictures' host, which may be hostile. */
#include "api_test.h"

#include <unistd.h>

#include "../fake_upstream.h"
#include "base/clock.h"

enum { ANSWER_LEN = 1 << 20, MANY = 40, LONG_MS = 60 * 1000 };

#define PNG "\x89PNG\r\n\x1A\n"
#define PICTURE PNG "a small picture"
#define JPEG "\xFF\xD8\xFF\xE0 another picture"
#define PAGE "<html><script>alert(1)</script></html>"
#define SVG "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
#define KEY "0123456789abcdef0123456789abcdef"

static const struct fake_answer good = { 200, "Content-Type: image/png\r\n", PICTURE, 0, 0 };

struct scene {
    struct house house;
    struct fake_upstream *fake, *other;
    struct provider_settings provider;
    struct provider_setting values[3];
    char *plugins, *place, *configuration;
    struct text answer;
};

/* --- TMDB's API, and the house in front of it */

static int configure(void *context, const char *provider UNUSED,
                     const struct provider_request *request UNUSED,
                     const struct upstream_wait *wait UNUSED, struct upstream_answer **out,
                     struct error *err UNUSED)
{
    struct scene *scene = context;
    struct upstream_answer *made = mem_new(struct upstream_answer);
    made->response = (struct provider_response){ .size = sizeof made->response,
                                                 .status = 200,
                                                 .body = scene->configuration,
                                                 .body_len = strlen(scene->configuration) };
    *out = made;
    return 0;
}

static void release(void *context UNUSED, struct upstream_answer *made)
{
    free(made);
}

/* With `image_url` the operator named the pictures' place, else TMDB did. */
static struct scene *prepare(bool image_url)
{
    struct scene *scene = mem_new(struct scene);
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    scene->answer.limit = ANSWER_LEN;
    scene->fake = fake_upstream_start();
    scene->other = fake_upstream_start();
    scene->plugins = mem_format("%s/plugins/tmdb", build ? build : ".");
    scene->place = mem_format("%s/t/p", fake_upstream_url(scene->fake));
    scene->configuration =
        mem_format("{\"images\":{\"base_url\":\"%s/\",\"poster_sizes\":[\"w92\",\"w342\","
                   "\"w780\",\"original\"],\"logo_sizes\":[\"w45\",\"original\"]}}",
                   scene->place);
    scene->values[0] = (struct provider_setting){ "api_key", KEY, 1 };
    scene->values[1] = (struct provider_setting){ "base_url", "http://api.test/3", 2 };
    scene->values[2] = (struct provider_setting){ "image_url", scene->place, 3 };
    scene->provider = (struct provider_settings){
        .name = "tmdb", .enabled = true, .values = scene->values, .n_values = image_url ? 3 : 2
    };
    house_init(&scene->house);
    scene->house.http =
        (struct provider_http){ .context = scene, .fetch = configure, .release = release };
    scene->house.conf.plugin_path = scene->plugins;
    scene->house.conf.providers = &scene->provider;
    scene->house.conf.n_providers = 1;
    scene->house.conf.fetch_timeout_ms = LONG_MS;
    scene->house.conf.image_cache_bytes = 8 << 20;
    return scene;
}

static int begin(void **state)
{
    struct scene *scene = prepare(true);
    scene->house.conf.http_threads = 3 * MANY;
    house_open(&scene->house);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    house_close(&scene->house);
    fake_upstream_stop(scene->fake);
    fake_upstream_stop(scene->other);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene->place);
    free(scene->configuration);
    free(scene);
    return 0;
}

/* --- Asking */

#define SCRIPT(scene, path, ...)                                                                   \
    do {                                                                                           \
        static const struct fake_answer script_[] = { __VA_ARGS__ };                               \
        fake_upstream_script((scene)->fake, "/t/p/" path, script_, ARRAY_LEN(script_));            \
    } while (0)

static int get(struct scene *scene, const char *file, const char *more)
{
    CLEANUP(mem_free) char *target = mem_format("/api/images/posters/tmdb/%s", file);
    return ask(&scene->house, "GET", target, scene->house.reader, more, &scene->answer);
}

static unsigned seen(const struct scene *scene, const char *path)
{
    CLEANUP(mem_free) char *target = path ? mem_format("/t/p/%s", path) : NULL;
    return fake_upstream_seen(scene->fake, target);
}

static void expect_header(const struct scene *scene, const char *name, const char *expected)
{
    const char *value = raw_header(scene->answer.bytes, name);
    if (!text_equal(value, expected))
        fail_msg("%s: %s, not %s", name, value ? value : "(none)", expected);
}

static void expect_picture(const struct scene *scene, const char *bytes, const char *type)
{
    const char *body = raw_body(scene->answer.bytes);
    size_t len = scene->answer.len - (size_t)(body - scene->answer.bytes);
    assert_int_equal(len, strlen(bytes));
    assert_memory_equal(body, bytes, len);
    expect_header(scene, "Content-Type", type);
    expect_header(scene, "X-Content-Type-Options", "nosniff");
}

/* A success in between, so that the circuit stays closed whatever came before. */
static void expect_well(struct scene *scene, size_t i)
{
    CLEANUP(mem_free) char *file = mem_format("well%zu.png", i);
    fake_upstream_script_rest(scene->fake, &good);
    assert_int_equal(get(scene, file, NULL), 200);
    fake_upstream_script_rest(scene->fake, NULL);
}

static int begin_get(const struct scene *scene, const char *file)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET /api/images/posters/tmdb/%s HTTP/1.1\r\nHost: x\r\n"
                               "Authorization: Bearer %s\r\n\r\n",
                               file, scene->house.reader);
    int fd = raw_connect(scene->house.port);
    assert_true(fd >= 0);
    assert_true(raw_send(fd, request, strlen(request)));
    return fd;
}

static int end_get(struct scene *scene, int fd)
{
    text_clear(&scene->answer);
    raw_read_answer(fd, false, &scene->answer);
    close(fd);
    return raw_status(text_string(&scene->answer));
}

/* --- A picture is served */

static void a_picture_is_fetched_once_and_kept(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "w342/kept.png", { 200, "Content-Type: text/html\r\n", PICTURE, 0, 0 });
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get(scene, "kept.png?w=300", NULL), 200);
        expect_picture(scene, PICTURE, "image/png");
        assert_non_null(
            strstr(raw_header(scene->answer.bytes, "Cache-Control"), "max-age=2592000"));
    }
    assert_int_equal(seen(scene, "w342/kept.png"), 1);
}

static void an_etag_saves_the_picture(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "original/tag.png", { 200, NULL, PICTURE, 0, 0 });
    SCRIPT(scene, "original/other.png", { 200, NULL, JPEG, 0, 0 });
    assert_int_equal(get(scene, "tag.png", NULL), 200);
    CLEANUP(mem_free)
    char *match = mem_format("If-None-Match: %s\r\n", raw_header(scene->answer.bytes, "ETag"));
    assert_int_equal(get(scene, "tag.png", match), 304);
    assert_string_equal(raw_body(scene->answer.bytes), "");
    assert_int_equal(get(scene, "other.png", match), 200);
    expect_picture(scene, JPEG, "image/jpeg");
    assert_int_equal(seen(scene, "original/tag.png"), 1);
}

static void head_tells_of_the_picture_without_it(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "original/head.png", { 200, NULL, PICTURE, 0, 0 });
    CLEANUP(mem_free)
    char *request = mem_format("HEAD /api/images/posters/tmdb/head.png HTTP/1.1\r\nHost: x\r\n"
                               "Authorization: Bearer %s\r\n\r\n",
                               scene->house.reader);
    CLEANUP(mem_free) char *length = mem_format("%zu", strlen(PICTURE));
    int fd = raw_connect(scene->house.port);
    text_clear(&scene->answer);
    assert_true(raw_send(fd, request, strlen(request)));
    assert_true(raw_read_answer(fd, true, &scene->answer));
    close(fd);
    assert_int_equal(raw_status(scene->answer.bytes), 200);
    expect_header(scene, "Content-Type", "image/png");
    expect_header(scene, "Content-Length", length);
    assert_string_equal(raw_body(scene->answer.bytes), "");
}

static void the_size_is_the_smallest_that_is_wide_enough(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *asked, *path;
    } rows[] = {
        { "size.png?w=1", "w92/size.png" },         { "size.png?w=92", "w92/size.png" },
        { "size.png?w=93", "w342/size.png" },       { "size.png?w=780", "w780/size.png" },
        { "size.png?w=4096", "original/size.png" }, { "bare.png", "original/bare.png" },
    };
    static const char *const refused[] = { "size.png?w=0", "size.png?w=-1", "size.png?w=4097",
                                           "size.png?w=wide", "size.png?w=" };
    fake_upstream_script_rest(scene->fake, &good);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        unsigned before = seen(scene, rows[i].path);
        assert_int_equal(get(scene, rows[i].asked, NULL), 200);
        assert_int_equal(seen(scene, rows[i].path), before + (i != 1));
    }
    fake_upstream_script_rest(scene->fake, NULL);
    unsigned before = seen(scene, NULL);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        assert_int_equal(get(scene, refused[i], NULL), 400);
    assert_int_equal(seen(scene, NULL), before);
}

static void many_who_ask_for_one_picture_cost_one_request(void **state)
{
    struct scene *scene = *state;
    int fds[MANY];
    SCRIPT(scene, "original/many.png", { 200, NULL, PICTURE, 0, FAKE_HOLD });
    for (size_t i = 0; i < MANY; i++)
        fds[i] = begin_get(scene, "many.png");
    assert_true(fake_upstream_await(scene->fake, "/t/p/original/many.png", 1));
    fake_upstream_release(scene->fake);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(end_get(scene, fds[i]), 200);
        expect_picture(scene, PICTURE, "image/png");
    }
    assert_int_equal(seen(scene, "original/many.png"), 1);
}

static int begin_with_a_small_cache(void **state)
{
    struct scene *scene = prepare(true);
    scene->house.conf.image_cache_bytes = 64 << 10;
    house_open(&scene->house);
    *state = scene;
    return 0;
}

static void what_was_not_looked_at_for_longest_goes_first(void **state)
{
    struct scene *scene = *state;
    static char bytes[9000] = PNG;
    static const struct fake_answer large = { 200, NULL, bytes, sizeof bytes, 0 };
    struct bodies_status status;
    static const char *const asked[] = { "1.png", "2.png", "3.png", "4.png", "5.png",
                                         "6.png", "1.png", "7.png", "8.png", "9.png" };
    fake_upstream_script_rest(scene->fake, &large);
    for (size_t i = 0; i < ARRAY_LEN(asked); i++)
        assert_int_equal(get(scene, asked[i], NULL), 200);
    assert_int_equal(seen(scene, NULL), 9);
    bodies_status(scene->house.pictures, &status);
    assert_true(status.bytes <= 64 << 10);
    assert_true(status.evictions >= 2 && status.files >= 6);
    assert_int_equal(get(scene, "1.png", NULL), 200);
    assert_int_equal(get(scene, "9.png", NULL), 200);
    assert_int_equal(seen(scene, NULL), 9);
    assert_int_equal(get(scene, "2.png", NULL), 200);
    assert_int_equal(seen(scene, NULL), 10);
}

/* --- A hostile host */

static void what_is_no_picture_is_neither_served_nor_kept(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "original/poison.png", { 200, "Content-Type: text/html\r\n", PAGE, 0, 0 },
           { 200, "Content-Type: image/png\r\n", PAGE, 0, 0 }, { 200, NULL, NULL, 0, 0 },
           { 200, "Content-Type: image/svg+xml\r\n", SVG, 0, 0 },
           { 200, "Content-Type: image/png\r\n", PICTURE, 0, 0 });
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(get(scene, "poison.png", NULL), 502);
        assert_problem(&scene->answer, 502, "unreadable");
        assert_null(strstr(scene->answer.bytes, "script"));
        assert_int_equal(seen(scene, "original/poison.png"), i + 1);
    }
    assert_int_equal(get(scene, "poison.png", NULL), 200);
    assert_int_equal(get(scene, "poison.png", NULL), 200);
    expect_picture(scene, PICTURE, "image/png");
    assert_int_equal(seen(scene, "original/poison.png"), 5);
}

static void a_failure_is_not_kept_and_what_is_gone_is(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "original/fails.png", { 500, NULL, PICTURE, 0, 0 }, { 502, NULL, PAGE, 0, 0 },
           { 200, NULL, PICTURE, 0, 0 });
    SCRIPT(scene, "original/partial.png", { 206, NULL, PICTURE, 0, 0 },
           { 200, NULL, PICTURE, 0, 0 });
    SCRIPT(scene, "original/gone.png", { 404, NULL, PICTURE, 0, 0 });
    assert_int_equal(get(scene, "fails.png", NULL), 502);
    assert_int_equal(get(scene, "fails.png", NULL), 200);
    assert_int_equal(get(scene, "partial.png", NULL), 502);
    assert_int_equal(get(scene, "partial.png", NULL), 200);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(get(scene, "gone.png", NULL), 404);
    assert_int_equal(seen(scene, "original/gone.png"), 1);
}

static void a_picture_that_breaks_off_is_no_picture(void **state)
{
    struct scene *scene = *state;
    SCRIPT(scene, "original/cut.png", { 200, NULL, PICTURE, 0, FAKE_CUT_OFF });
    SCRIPT(scene, "original/mute.png", { 200, NULL, PICTURE, 0, FAKE_DROP });
    SCRIPT(scene, "original/late.png", { 200, NULL, PICTURE, 0, FAKE_CUT_OFF },
           { 200, NULL, PICTURE, 0, FAKE_TRICKLE });
    assert_int_equal(get(scene, "cut.png", NULL), 502);
    expect_well(scene, 1);
    assert_int_equal(get(scene, "mute.png", NULL), 502);
    expect_well(scene, 2);
    assert_int_equal(get(scene, "late.png", NULL), 200);
    expect_picture(scene, PICTURE, "image/png");
}

static void a_huge_picture_is_the_hosts_fault(void **state)
{
    struct scene *scene = *state;
    enum { HUGE = (16 << 20) + 1 };
    CLEANUP(mem_free) char *bytes = mem_alloc(HUGE);
    struct fake_answer answers[] = { { 200, NULL, bytes, HUGE, 0 }, { 200, NULL, PICTURE, 0, 0 } };
    memset(bytes, 0, HUGE);
    memcpy(bytes, PNG, strlen(PNG));
    fake_upstream_script(scene->fake, "/t/p/original/huge.png", answers, 2);
    assert_int_equal(get(scene, "huge.png", NULL), 502);
    assert_problem(&scene->answer, 502, "upstream_failed");
    assert_int_equal(get(scene, "huge.png", NULL), 200);
    expect_picture(scene, PICTURE, "image/png");
}

static void a_redirect_stays_on_the_host(void **state)
{
    struct scene *scene = *state;
    static char lines[2][100];
    static struct fake_answer away[2];
    fake_upstream_script_rest(scene->other, &good);
    snprintf(lines[0], sizeof lines[0], "Location: %s/t/p/original/x.png\r\n",
             fake_upstream_url(scene->other));
    snprintf(lines[1], sizeof lines[1], "Location: http://localhost:%d/x.png\r\n",
             fake_upstream_port(scene->other));
    for (size_t i = 0; i < 2; i++) {
        away[i] = (struct fake_answer){ 302, lines[i], NULL, 0, 0 };
        fake_upstream_script(scene->fake, i ? "/t/p/original/b.png" : "/t/p/original/a.png",
                             &away[i], 1);
    }
    SCRIPT(scene, "original/c.png", { 302, "Location: file:///etc/passwd\r\n", NULL, 0, 0 });
    SCRIPT(scene, "original/loop.png", { 302, "Location: loop.png\r\n", NULL, 0, 0 });
    SCRIPT(scene, "original/moved.png", { 301, "Location: /t/p/w92/here.png\r\n", NULL, 0, 0 });
    SCRIPT(scene, "w92/here.png", { 200, NULL, PICTURE, 0, 0 });
    static const char *const refused[] = { "a.png", "b.png", "c.png", "loop.png" };
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        assert_int_equal(get(scene, refused[i], NULL), 502);
        expect_well(scene, 10 + i);
    }
    assert_int_equal(fake_upstream_seen(scene->other, NULL), 0);
    assert_int_equal(get(scene, "moved.png", NULL), 200);
    expect_picture(scene, PICTURE, "image/png");
}

static int begin_without_image_url(void **state)
{
    struct scene *scene = prepare(false);
    house_open(&scene->house);
    *state = scene;
    return 0;
}

static void what_tmdb_says_does_not_lead_to_private_addresses(void **state)
{
    struct scene *scene = *state;
    fake_upstream_script_rest(scene->fake, &good);
    assert_int_equal(get(scene, "a.png", NULL), 502);
    assert_problem(&scene->answer, 502, "upstream_failed");
    assert_int_equal(seen(scene, NULL), 0);
}

static void names_that_no_picture_has_are_not_asked_for(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = {
        "..%2F..%2Fetc%2Fpasswd",
        "..",
        "%2e%2e",
        "a..png",
        ".hidden.png",
        "a%2Fb.png",
        "a%5Cb.png",
        "a%00.png",
        "a%25.png",
        "a%20b.png",
        "a%0d%0ab.png",
        "a%3Fb.png",
        "a%23b.png",
        "%C3%BC.png",
        "logo.svg",
        "logo.SVG",
        "@evil.test",
        "a:b.png",
    };
    CLEANUP(mem_free) char *endless = mem_alloc(300);
    memset(endless, 'a', 299);
    endless[299] = '\0';
    unsigned before = seen(scene, NULL);
    fake_upstream_script_rest(scene->fake, &good);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        int status = get(scene, names[i], NULL);
        if (status != 404 && status != 400)
            fail_msg("%s: %d", names[i], status);
    }
    assert_int_equal(get(scene, endless, NULL), 404);
    assert_int_equal(ask(&scene->house, "GET", "/api/images/pictures/tmdb/a.png",
                         scene->house.reader, NULL, &scene->answer),
                     404);
    assert_int_equal(seen(scene, NULL), before);
    fake_upstream_script_rest(scene->fake, NULL);
}

static int begin_with_few_threads(void **state)
{
    struct scene *scene = prepare(true);
    scene->house.conf.http_threads = 16;
    house_open(&scene->house);
    *state = scene;
    return 0;
}

/* Eight of sixteen threads wait for the host, and the ninth is told to come back. */
static void a_host_that_hangs_does_not_take_all_threads(void **state)
{
    struct scene *scene = *state;
    static const struct fake_answer held = { 200, NULL, PICTURE, 0, FAKE_HOLD };
    enum { MOST = 8 };
    int fds[MOST];
    fake_upstream_script_rest(scene->fake, &held);
    for (size_t i = 0; i < MOST; i++) {
        CLEANUP(mem_free) char *file = mem_format("%zu.png", i);
        CLEANUP(mem_free) char *path = mem_format("/t/p/original/%zu.png", i);
        fds[i] = begin_get(scene, file);
        assert_true(fake_upstream_await(scene->fake, path, 1));
    }
    assert_int_equal(get(scene, "more.png", NULL), 503);
    assert_problem(&scene->answer, 503, "busy");
    assert_non_null(raw_header(scene->answer.bytes, "Retry-After"));
    assert_int_equal(
        ask(&scene->house, "GET", "/api/movies", scene->house.reader, NULL, &scene->answer), 200);
    fake_upstream_release(scene->fake);
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(end_get(scene, fds[i]), 200);
    assert_int_equal(get(scene, "more.png", NULL), 200);
}

/* In a house of its own, which takes CivetWeb two seconds to leave. */
#define APART(name, begin) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_fetched_once_and_kept),
        cmocka_unit_test(an_etag_saves_the_picture),
        cmocka_unit_test(head_tells_of_the_picture_without_it),
        cmocka_unit_test(the_size_is_the_smallest_that_is_wide_enough),
        cmocka_unit_test(many_who_ask_for_one_picture_cost_one_request),
        cmocka_unit_test(what_is_no_picture_is_neither_served_nor_kept),
        cmocka_unit_test(a_failure_is_not_kept_and_what_is_gone_is),
        cmocka_unit_test(a_picture_that_breaks_off_is_no_picture),
        cmocka_unit_test(a_huge_picture_is_the_hosts_fault),
        cmocka_unit_test(a_redirect_stays_on_the_host),
        cmocka_unit_test(names_that_no_picture_has_are_not_asked_for),
        APART(what_was_not_looked_at_for_longest_goes_first, begin_with_a_small_cache),
        APART(what_tmdb_says_does_not_lead_to_private_addresses, begin_without_image_url),
        APART(a_host_that_hangs_does_not_take_all_threads, begin_with_few_threads),
    };
    return cmocka_run_group_tests_name("images", tests, begin, end);
}
