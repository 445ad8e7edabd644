/* SPDX-License-Identifier: MIT
 *
 * From the swarm to the client: the daemon with the real webtorrent module, peers of libtorrent on
 * loopback, every byte compared with what the swarm holds. */
#include "../test.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "../http/house.h"
#include "../http/raw.h"
#include "../place.h"
#include "base/clock.h"
#include "base/json.h"
#include "service/streams.h"
#include "swarm.h"

enum { LONG_MS = 60 * 1000, ANSWER_LEN = 64 << 20, READERS = 4 };

struct scene {
    struct swarm *swarm;
    struct house house;
    struct provider_settings provider;
    struct provider_setting values[5];
    char *plugins, *files;
    struct text answer;
};

static int ask(const struct scene *scene, const char *head, const char *more, const char *body,
               struct text *out)
{
    CLEANUP(text_done) struct text request = TEXT_INIT(8000);
    text_add_format(&request,
                    "%s HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %s\r\n%s"
                    "Content-Length: %zu\r\n%s\r\n%s",
                    head, scene->house.admin, more, strlen(body),
                    *body ? "Content-Type: application/json\r\n" : "", body);
    int fd = raw_connect(scene->house.port);
    text_clear(out);
    assert_true(raw_send(fd, request.bytes, request.len));
    raw_read_answer(fd, text_starts_with(head, "HEAD"), out);
    close(fd);
    return raw_status(text_string(out));
}

static int ask_file(const struct scene *scene, const char *method, size_t file, const char *what,
                    const char *more, struct text *out)
{
    CLEANUP(mem_free)
    char *head =
        mem_format("%s /api/torrents/%s/files/%zu%s", method, swarm_hash(scene->swarm), file, what);
    return ask(scene, head, more, "", out);
}

static void make_it_known(struct scene *scene)
{
    CLEANUP(mem_free) char *head = mem_format("GET /api/torrents/%s", swarm_hash(scene->swarm));
    CLEANUP(mem_free) char *body = mem_format("{\"magnet\":\"%s\"}", swarm_magnet(scene->swarm));
    assert_int_equal(ask(scene, "POST /api/torrents", "", body, &scene->answer), 202);
    while (ask(scene, head, "", "", &scene->answer) != 200)
        usleep(5000);
}

static struct scene *begin_with(enum swarm_format format, int64_t fetch_timeout_ms)
{
    struct scene *scene = mem_new(struct scene);
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    scene->swarm = swarm_new(format);
    scene->answer.limit = ANSWER_LEN;
    house_init(&scene->house);
    scene->plugins = mem_format("%s/plugins/webtorrent", build ? build : ".");
    scene->files = mem_format("%s/torrents", scene->house.folder);
    const struct provider_setting values[] = { { .name = "folder", .value = scene->files },
                                               { .name = "listen", .value = "127.0.0.1:0" },
                                               { .name = "allow_networks", .value = "127.0.0.0/8" },
                                               { .name = "dht", .value = "false" },
                                               { .name = "utp", .value = "false" } };
    memcpy(scene->values, values, sizeof values);
    scene->provider = (struct provider_settings){ .name = "webtorrent",
                                                  .enabled = true,
                                                  .values = scene->values,
                                                  .n_values = ARRAY_LEN(scene->values) };
    scene->house.conf.plugin_path = scene->plugins;
    scene->house.conf.providers = &scene->provider;
    scene->house.conf.n_providers = 1;
    scene->house.conf.fetch_timeout_ms = fetch_timeout_ms;
    house_open(&scene->house);
    return scene;
}

static int begin(void **state)
{
    struct scene *scene = begin_with(SWARM_V1, LONG_MS);
    swarm_add_seed(scene->swarm);
    make_it_known(scene);
    *state = scene;
    return 0;
}

static int begin_v2(void **state)
{
    struct scene *scene = begin_with(SWARM_V2, LONG_MS);
    swarm_add_seed(scene->swarm);
    make_it_known(scene);
    *state = scene;
    return 0;
}

/* Who tells what it is has nothing to give but wrong bytes. */
static int begin_among_liars(void **state)
{
    struct scene *scene = begin_with(SWARM_V1, 1500);
    swarm_add_peer(scene->swarm, "corrupt");
    make_it_known(scene);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    house_close(&scene->house);
    swarm_free(scene->swarm);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene->files);
    free(scene);
    return 0;
}

static size_t body_len(const struct text *answer)
{
    return answer->len - (size_t)(raw_body(answer->bytes) - answer->bytes);
}

static bool is_of_swarm(const struct scene *scene, const struct text *answer, size_t file,
                        size_t first, size_t len)
{
    size_t size;
    const unsigned char *expected = swarm_bytes(scene->swarm, file, &size);
    return body_len(answer) == len && first + len <= size &&
           memcmp(raw_body(answer->bytes), expected + first, len) == 0;
}

static void every_file_comes_as_the_swarm_has_it(void **state)
{
    struct scene *scene = *state;
    for (size_t file = 0; file < SWARM_FILES; file++) {
        size_t size;
        swarm_bytes(scene->swarm, file, &size);
        assert_int_equal(ask_file(scene, "GET", file, "/stream", "", &scene->answer), 200);
        assert_true(is_of_swarm(scene, &scene->answer, file, 0, size));
        assert_int_equal(ask_file(scene, "HEAD", file, "/stream", "", &scene->answer), 200);
        CLEANUP(mem_free) char *expected = mem_format("%zu", size);
        assert_string_equal(raw_header(scene->answer.bytes, "Content-Length"), expected);
    }
}

static size_t largest_file(const struct scene *scene, size_t *out_size)
{
    size_t largest = 0, size;
    *out_size = 0;
    for (size_t file = 0; file < SWARM_FILES; file++) {
        swarm_bytes(scene->swarm, file, &size);
        if (size > *out_size) {
            *out_size = size;
            largest = file;
        }
    }
    return largest;
}

static void ranges_come_from_wherever_a_player_seeks(void **state)
{
    struct scene *scene = *state;
    size_t size, file = largest_file(scene, &size);
    const size_t places[] = { size - 1, 0, size / 2, size / 3 * 2, 1, size / 5 };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        size_t len = MIN((size_t)70000, size - places[i]);
        CLEANUP(mem_free)
        char *line = mem_format("Range: bytes=%zu-%zu\r\n", places[i], places[i] + len - 1);
        assert_int_equal(ask_file(scene, "GET", file, "/stream", line, &scene->answer), 206);
        assert_true(is_of_swarm(scene, &scene->answer, file, places[i], len));
    }
}

struct reader {
    const struct scene *scene;
    size_t file, first, size;
    bool is_right;
};

static void *read_on(void *argument)
{
    struct reader *reader = argument;
    CLEANUP(text_done) struct text answer = TEXT_INIT(ANSWER_LEN);
    CLEANUP(mem_free) char *line = mem_format("Range: bytes=%zu-\r\n", reader->first);
    int status = ask_file(reader->scene, "GET", reader->file, "/stream", line, &answer);
    reader->is_right = status == 206 && is_of_swarm(reader->scene, &answer, reader->file,
                                                    reader->first, reader->size - reader->first);
    return NULL;
}

static void several_read_side_by_side(void **state)
{
    struct scene *scene = *state;
    struct reader readers[READERS];
    pthread_t threads[READERS];
    size_t size, file = largest_file(scene, &size);
    for (size_t i = 0; i < READERS; i++) {
        readers[i] = (struct reader){
            .scene = scene, .file = file, .first = size / READERS * i, .size = size
        };
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (size_t i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < READERS; i++)
        assert_true(readers[i].is_right);
    while (streams_count(scene->house.services.streams) > 0)
        usleep(2000);
}

static void what_is_prepared_becomes_ready(void **state)
{
    struct scene *scene = *state;
    size_t size, file = largest_file(scene, &size);
    bool is_ready = false;
    CLEANUP(mem_free)
    char *head = mem_format("POST /api/torrents/%s/prepare", swarm_hash(scene->swarm));
    CLEANUP(mem_free) char *body = mem_format("{\"file\":%zu}", file);
    int status = ask(scene, head, "", body, &scene->answer);
    assert_true(status == 200 || status == 202);
    while (!is_ready) {
        assert_int_equal(ask_file(scene, "GET", file, "", "", &scene->answer), 200);
        json_auto_t *said =
            json_loadb(raw_body(scene->answer.bytes), body_len(&scene->answer), 0, NULL);
        is_ready = json_is_true(json_object_get(said, "ready"));
        if (is_ready) {
            assert_true(json_array_size(js_array(said, "buffered")) > 0);
            assert_true(js_int(said, "have", 0) > 0);
        }
    }
}

static void a_swarm_of_liars_is_a_503_and_not_a_wrong_byte(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(ask_file(scene, "GET", 0, "/stream", "", &scene->answer), 503);
    assert_string_equal(raw_header(scene->answer.bytes, "Retry-After"), "5");
    assert_int_equal(ask_file(scene, "GET", 17, "/stream", "", &scene->answer), 404);
}

static void a_client_that_hangs_up_leaves_nothing_behind(void **state)
{
    struct scene *scene = *state;
    size_t size, file = largest_file(scene, &size);
    for (int i = 0; i < 8; i++) {
        CLEANUP(mem_free)
        char *request =
            mem_format("GET /api/torrents/%s/files/%zu/stream HTTP/1.1\r\nHost: t\r\n"
                       "Authorization: Bearer %s\r\nRange: bytes=%zu-\r\n\r\n",
                       swarm_hash(scene->swarm), file, scene->house.streamer, size / 8 * (size_t)i);
        int fd = raw_connect(scene->house.port);
        assert_true(raw_send(fd, request, strlen(request)));
        char byte;
        if (i % 2)
            assert_int_equal(read(fd, &byte, 1), 1);
        close(fd);
    }
    while (streams_count(scene->house.services.streams) > 0)
        usleep(2000);
    assert_int_equal(ask_file(scene, "GET", file, "/stream", "", &scene->answer), 200);
    assert_true(is_of_swarm(scene, &scene->answer, file, 0, size));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_file_comes_as_the_swarm_has_it),
        cmocka_unit_test_setup_teardown(every_file_comes_as_the_swarm_has_it, begin_v2, end),
        CASE(ranges_come_from_wherever_a_player_seeks),
        CASE(several_read_side_by_side),
        CASE(what_is_prepared_becomes_ready),
        cmocka_unit_test_setup_teardown(a_swarm_of_liars_is_a_503_and_not_a_wrong_byte,
                                        begin_among_liars, end),
        CASE(a_client_that_hangs_up_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("webtorrent over http", tests, NULL, NULL);
}
