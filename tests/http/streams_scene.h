/* SPDX-License-Identifier: MIT
 *
 * A house with one torrent to stream from, and one client. */
#pragma once

#include "../test.h"

#include <string.h>
#include <unistd.h>

#include "../plugins/faults/stream.h"
#include "base/json.h"
#include "house.h"
#include "provider/registry.h"
#include "raw.h"
#include "service/streams.h"

#include "../parts.h"

#define HASH "00112233445566778899aabbccddeeff00112233"
#define TORRENT "/api/torrents/" HASH

enum { SHORT_MS = 150, LONG_MS = 60 * 1000, ANSWER_LEN = 4 << 20 };

struct scene {
    struct house house;
    struct provider_settings provider;
    char *plugins;
    struct text answer;
};

static inline int ask(struct scene *scene, const char *method, const char *path, const char *more,
                      const char *body)
{
    CLEANUP(text_done) struct text request = TEXT_INIT(8000);
    text_add_format(&request,
                    "%s %s HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %s\r\n%s"
                    "Content-Length: %zu\r\n%s\r\n%s",
                    method, path, scene->house.admin, more, strlen(body),
                    *body ? "Content-Type: application/json\r\n" : "", body);
    int fd = raw_connect(scene->house.port);
    text_clear(&scene->answer);
    assert_true(raw_send(fd, request.bytes, request.len));
    raw_read_answer(fd, strcmp(method, "HEAD") == 0, &scene->answer);
    close(fd);
    return raw_status(text_string(&scene->answer));
}

static inline int get(struct scene *scene, const char *path, const char *more)
{
    return ask(scene, "GET", path, more, "");
}

static inline int get_bytes(struct scene *scene, enum fault_stream_file file, const char *more)
{
    CLEANUP(mem_free) char *path = mem_format(TORRENT "/files/%d/stream", file);
    return get(scene, path, more);
}

static inline int prepare(struct scene *scene, const char *body)
{
    return ask(scene, "POST", TORRENT "/prepare", "", body);
}

static inline size_t body_len(const struct scene *scene)
{
    return scene->answer.len - (size_t)(raw_body(scene->answer.bytes) - scene->answer.bytes);
}

static inline json_t *body_of(const struct scene *scene)
{
    json_t *parsed = json_loadb(raw_body(scene->answer.bytes), body_len(scene), 0, NULL);
    assert_non_null(parsed);
    return parsed;
}

/* The status and problem code of the last answer. */
static inline void assert_problem(const struct scene *scene, int status, const char *code)
{
    assert_int_equal(raw_status(scene->answer.bytes), status);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "code"), code);
}

static inline void assert_header(const struct scene *scene, const char *name, const char *value)
{
    const char *is = raw_header(scene->answer.bytes, name);
    if (!is)
        fail_msg("no %s", name);
    assert_string_equal(is, value);
}

static inline void assert_bytes(const struct scene *scene, enum fault_stream_file file,
                                uint64_t first, size_t len)
{
    const char *body = raw_body(scene->answer.bytes);
    assert_int_equal(body_len(scene), len);
    for (size_t i = 0; i < len; i++)
        if (body[i] != fault_stream_byte((uint32_t)file, first + i))
            fail_msg("byte %zu is wrong", i);
}

static inline void make_it_known(struct scene *scene)
{
    ask(scene, "POST", "/api/torrents", "", "{\"magnet\":\"magnet:?xt=urn:btih:" HASH "\"}");
    while (get(scene, TORRENT, "") != 200)
        usleep(2000);
}

static inline struct scene *begin_with(int64_t fetch_timeout_ms, int64_t max_streams)
{
    struct scene *scene = mem_new(struct scene);
    const char *build = getenv("MIAUFLIX_BUILDDIR");
    scene->answer.limit = ANSWER_LEN;
    scene->plugins = mem_format("%s/tests/plugins/faults", build ? build : ".");
    scene->provider = (struct provider_settings){ .name = "fault_stream", .enabled = true };
    house_init(&scene->house);
    scene->house.conf.plugin_path = scene->plugins;
    scene->house.conf.providers = &scene->provider;
    scene->house.conf.n_providers = 1;
    scene->house.conf.fetch_timeout_ms = fetch_timeout_ms;
    scene->house.conf.max_streams = max_streams;
    house_open(&scene->house);
    make_it_known(scene);
    return scene;
}

static inline int begin(void **state)
{
    *state = begin_with(LONG_MS, 0);
    return 0;
}

static inline int end(void **state)
{
    struct scene *scene = *state;
    house_close(&scene->house);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene);
    return 0;
}

/* An answer is whole before its reader has left. */
static inline void wait_until_nobody_reads(struct scene *scene)
{
    while (streams_count(scene->house.services.streams) > 0)
        usleep(1000);
}

static inline int begin_download(struct scene *scene, enum fault_stream_file file, uint64_t first)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET " TORRENT "/files/%d/stream HTTP/1.1\r\nHost: t\r\n"
                               "Authorization: Bearer %s\r\nRange: bytes=%llu-\r\n\r\n",
                               file, scene->house.streamer, (unsigned long long)first);
    int fd = raw_connect(scene->house.port);
    assert_true(raw_send(fd, request, strlen(request)));
    return fd;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

extern const struct test_part streams_trouble_part;
extern const struct test_part streams_tickets_part;
