/* SPDX-License-Identifier: MIT
 *
 * Work that is slow by nature while its upstream hangs: it waits in a bounded queue, and what is
 * beyond is refused, while the store is read as ever. */
#include "../test.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "house.h"
#include "raw.h"
#include "service/catalog.h"
#include "service/errands.h"

enum {
    QUEUE_LEN = 6,
    MOST_ASKED = 16,
    HALF_OF_THREADS = 12,
    LONG_MS = 60 * 1000,
    ANSWER_LEN = 1 << 20
};

struct scene {
    struct house house;
    struct provider_settings provider;
    char *plugins;
    int let_go; /* atomic; what hangs ends, and says that there is nothing */
    uint32_t known;
    struct text answer;
};

/* --- An upstream that hangs */

static int hang(void *context, const char *provider UNUSED,
                const struct provider_request *request UNUSED, const struct upstream_wait *wait,
                struct upstream_answer **out UNUSED, struct error *err)
{
    struct scene *scene = context;
    while (!__atomic_load_n(&scene->let_go, __ATOMIC_RELAXED) &&
           !__atomic_load_n(wait->canceled, __ATOMIC_RELAXED))
        usleep(1000);
    return error_set(err, PROVIDER_ENOTFOUND, "there is nothing");
}

static void release(void *context UNUSED, struct upstream_answer *made UNUSED)
{
    fail_msg("nothing was made");
}

static int begin(void **state)
{
    struct scene *scene = mem_new(struct scene);
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    scene->answer.limit = ANSWER_LEN;
    scene->plugins = mem_format("%s/tests/plugins/faults", build ? build : ".");
    scene->provider = (struct provider_settings){ .name = "script_a", .enabled = true };
    house_init(&scene->house);
    scene->house.http =
        (struct provider_http){ .context = scene, .fetch = hang, .release = release };
    scene->house.conf.plugin_path = scene->plugins;
    scene->house.conf.providers = &scene->provider;
    scene->house.conf.n_providers = 1;
    scene->house.conf.slow_queue_len = QUEUE_LEN;
    scene->house.conf.http_threads = 2 * HALF_OF_THREADS;
    scene->house.conf.fetch_timeout_ms = LONG_MS;
    scene->house.conf.search_timeout_ms = LONG_MS;
    house_open(&scene->house);
    scene->known = house_add_movie(&scene->house, "{\"ids\":{\"tmdb\":1},\"title\":\"Known\"}");
    house_settle(&scene->house);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    house_close(&scene->house);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene);
    return 0;
}

/* --- Asking */

static int send_get(const struct scene *scene, const char *target)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
                               target, scene->house.reader);
    int fd = raw_connect(scene->house.port);
    assert_true(fd >= 0);
    assert_true(raw_send(fd, request, strlen(request)));
    return fd;
}

static int read_status(struct scene *scene, int fd)
{
    text_clear(&scene->answer);
    assert_true(raw_read_answer(fd, false, &scene->answer));
    close(fd);
    return raw_status(text_string(&scene->answer));
}

static int get(struct scene *scene, const char *target)
{
    return read_status(scene, send_get(scene, target));
}

/* Until there are so many errands, or one was refused; whether one was. */
static bool wait_for_errands(const struct scene *scene, uint32_t n, uint64_t refused_before)
{
    int64_t until_ms = clock_steady_ms() + 20000;
    struct errands_status status;
    do {
        usleep(1000);
        catalog_queue_status(scene->house.services.catalog, &status);
    } while (status.running + status.waiting < n && status.refused == refused_before &&
             clock_steady_ms() < until_ms);
    assert_true(status.refused > refused_before || status.running + status.waiting == n);
    return status.refused > refused_before;
}

/* Asks for one after the other until the queue is full; how many wait.  The refusal is the last
 * answer. */
static uint32_t fill(struct scene *scene, const char *form, int fds[MOST_ASKED])
{
    for (uint32_t n = 0; n < MOST_ASKED; n++) {
        CLEANUP(mem_free) char *target = mem_format("%s%u", form, 1000 + n);
        fds[n] = send_get(scene, target);
        if (!wait_for_errands(scene, n + 1, 0))
            continue;
        assert_int_equal(read_status(scene, fds[n]), 503);
        return n;
    }
    fail_msg("the queue has no end");
    return 0;
}

static void assert_refused(struct scene *scene)
{
    int64_t after_s;
    assert_int_equal(raw_status(text_string(&scene->answer)), 503);
    assert_non_null(strstr(scene->answer.bytes, "application/problem+json"));
    assert_non_null(strstr(raw_body(scene->answer.bytes), "\"busy\""));
    assert_true(text_to_int(raw_header(scene->answer.bytes, "Retry-After"), 1, 60, &after_s));
}

static void assert_store_is_read(struct scene *scene)
{
    static const char *const targets[] = {
        "/api/movies",
        "/api/movies?sort=title",
        "/api/movies/tmdb:1",
        "/api/search?q=known&scope=local",
        "/api/search/suggest?q=kno",
        "/api/status",
    };
    CLEANUP(mem_free) char *known = mem_format("/api/movies/%u/similar", scene->known);
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        if (get(scene, targets[i]) != 200)
            fail_msg("%s: %s", targets[i], text_string(&scene->answer));
    assert_int_equal(get(scene, known), 200);
}

/* --- */

static void details_beyond_the_queue_are_refused_while_the_store_is_read(void **state)
{
    struct scene *scene = *state;
    int fds[MOST_ASKED];
    uint32_t n = fill(scene, "/api/movies/tmdb:", fds);
    assert_true(n > 1);
    assert_refused(scene);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(get(scene, "/api/tvshows/tmdb:77"), 503);
        assert_refused(scene);
        assert_store_is_read(scene);
    }
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(read_status(scene, fds[i]), 404);
    assert_int_equal(get(scene, "/api/movies/tmdb:2000"), 404); /* there is room again */
}

static void searches_beyond_the_queue_are_refused_while_the_store_is_read(void **state)
{
    struct scene *scene = *state;
    int fds[MOST_ASKED];
    uint32_t n = fill(scene, "/api/search?q=film", fds);
    assert_true(n > 1);
    assert_refused(scene);
    assert_int_equal(get(scene, "/api/search/movies?q=other"), 503);
    assert_refused(scene);
    assert_store_is_read(scene);
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(read_status(scene, fds[i]), 200);
    assert_int_equal(get(scene, "/api/search?q=later"), 200);
}

static void searches_that_hang_leave_room_for_details(void **state)
{
    struct scene *scene = *state;
    int fds[MOST_ASKED];
    uint32_t n = fill(scene, "/api/search?q=film", fds);
    int fd = send_get(scene, "/api/movies/tmdb:4711");
    assert_false(wait_for_errands(scene, n + 1, 1)); /* it was taken */
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    assert_int_equal(read_status(scene, fd), 404);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(read_status(scene, fds[i]), 200);
}

static void who_asks_for_the_same_joins_though_the_queue_is_full(void **state)
{
    struct scene *scene = *state;
    int fds[MOST_ASKED];
    struct errands_status status;
    uint32_t n = fill(scene, "/api/movies/tmdb:", fds);
    int fd = send_get(scene, "/api/movies/tmdb:1000");
    int64_t until_ms = clock_steady_ms() + 20000;
    do {
        usleep(1000);
        catalog_queue_status(scene->house.services.catalog, &status);
    } while (!status.joined && clock_steady_ms() < until_ms);
    assert_int_equal(status.joined, 1);
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    assert_int_equal(read_status(scene, fd), 404);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(read_status(scene, fds[i]), 404);
}

/* Those who join hold threads, too: however many ask for one thing, half of the threads read. */
static void crowd_at(struct scene *scene, const char *target)
{
    int fds[HALF_OF_THREADS];
    struct errands_status status;
    int64_t until_ms = clock_steady_ms() + 20000;
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = send_get(scene, target);
    do {
        usleep(1000);
        catalog_queue_status(scene->house.services.catalog, &status);
    } while (status.seated < HALF_OF_THREADS && clock_steady_ms() < until_ms);
    assert_int_equal(status.seated, HALF_OF_THREADS);
    assert_int_equal(status.running + status.waiting, 1);
    for (int i = 0; i < 3; i++) {
        get(scene, target);
        assert_refused(scene);
        assert_store_is_read(scene);
    }
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        assert_true(read_status(scene, fds[i]) != 503);
    assert_true(get(scene, target) != 503);
}

static void who_joins_a_search_beyond_half_of_the_threads_is_refused(void **state)
{
    crowd_at(*state, "/api/search?q=same");
}

static void who_joins_a_fetch_beyond_half_of_the_threads_is_refused(void **state)
{
    crowd_at(*state, "/api/movies/tmdb:4711");
}

/* --- Magnets, whose jobs nobody waits for */

static int send_magnet(struct scene *scene, unsigned number)
{
    CLEANUP(mem_free)
    char *body = mem_format("{\"magnet\":\"magnet:?xt=urn:btih:%040x\"}", number);
    CLEANUP(mem_free)
    char *request =
        mem_format("POST /api/torrents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                   scene->house.streamer, strlen(body), body);
    text_clear(&scene->answer);
    return raw_ask(scene->house.port, request, &scene->answer);
}

static void dead_magnets_beyond_the_bound_are_refused(void **state)
{
    struct scene *scene = *state;
    for (unsigned i = 1; i <= QUEUE_LEN; i++)
        assert_int_equal(send_magnet(scene, i), 202);
    for (unsigned i = 1; i <= 5; i++) {
        assert_int_equal(send_magnet(scene, 1000 + i), 503);
        assert_refused(scene);
        assert_store_is_read(scene);
    }
    assert_int_equal(send_magnet(scene, 1), 202); /* it is asked for already */
    __atomic_store_n(&scene->let_go, 1, __ATOMIC_RELAXED);
    int64_t until_ms = clock_steady_ms() + 20000;
    while (send_magnet(scene, 2000) == 503 && clock_steady_ms() < until_ms)
        usleep(1000);
    assert_int_equal(raw_status(text_string(&scene->answer)), 202); /* there is room again */
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(details_beyond_the_queue_are_refused_while_the_store_is_read),
        STAGED(searches_beyond_the_queue_are_refused_while_the_store_is_read),
        STAGED(searches_that_hang_leave_room_for_details),
        STAGED(who_joins_a_search_beyond_half_of_the_threads_is_refused),
        STAGED(who_joins_a_fetch_beyond_half_of_the_threads_is_refused),
        STAGED(who_asks_for_the_same_joins_though_the_queue_is_full),
        STAGED(dead_magnets_beyond_the_bound_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
