/* SPDX-License-Identifier: MIT
 *
 * The files of torrents over HTTP, from a provider whose every file but one has something wrong. */
#include "../test.h"

#include <string.h>
#include <unistd.h>

#include "../place.h"
#include "../plugins/faults/stream.h"
#include "base/clock.h"
#include "base/json.h"
#include "house.h"
#include "provider/registry.h"
#include "raw.h"
#include "service/streams.h"

#define HASH "00112233445566778899aabbccddeeff00112233"
#define TORRENT "/api/torrents/" HASH

enum { SHORT_MS = 150, LONG_MS = 60 * 1000, ANSWER_LEN = 4 << 20 };

struct scene {
    struct house house;
    struct provider_settings provider;
    char *plugins;
    struct text answer;
};

/* --- Asking */

static int ask(struct scene *scene, const char *method, const char *path, const char *more,
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

static int get(struct scene *scene, const char *path, const char *more)
{
    return ask(scene, "GET", path, more, "");
}

static int get_bytes(struct scene *scene, enum fault_stream_file file, const char *more)
{
    CLEANUP(mem_free) char *path = mem_format(TORRENT "/files/%d/stream", file);
    return get(scene, path, more);
}

static int prepare(struct scene *scene, const char *body)
{
    return ask(scene, "POST", TORRENT "/prepare", "", body);
}

static size_t body_len(const struct scene *scene)
{
    return scene->answer.len - (size_t)(raw_body(scene->answer.bytes) - scene->answer.bytes);
}

static json_t *body_of(const struct scene *scene)
{
    json_t *parsed = json_loadb(raw_body(scene->answer.bytes), body_len(scene), 0, NULL);
    assert_non_null(parsed);
    return parsed;
}

/* The status and problem code of the last answer. */
static void assert_problem(const struct scene *scene, int status, const char *code)
{
    assert_int_equal(raw_status(scene->answer.bytes), status);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "code"), code);
}

static void assert_header(const struct scene *scene, const char *name, const char *value)
{
    const char *is = raw_header(scene->answer.bytes, name);
    if (!is)
        fail_msg("no %s", name);
    assert_string_equal(is, value);
}

static void assert_bytes(const struct scene *scene, enum fault_stream_file file, uint64_t first,
                         size_t len)
{
    const char *body = raw_body(scene->answer.bytes);
    assert_int_equal(body_len(scene), len);
    for (size_t i = 0; i < len; i++)
        if (body[i] != fault_stream_byte((uint32_t)file, first + i))
            fail_msg("byte %zu is wrong", i);
}

/* --- Setting up */

static void make_it_known(struct scene *scene)
{
    ask(scene, "POST", "/api/torrents", "", "{\"magnet\":\"magnet:?xt=urn:btih:" HASH "\"}");
    while (get(scene, TORRENT, "") != 200)
        usleep(2000);
}

static struct scene *begin_with(int64_t fetch_timeout_ms, int64_t max_streams)
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

static int begin(void **state)
{
    *state = begin_with(LONG_MS, 0);
    return 0;
}

static int begin_impatient(void **state)
{
    *state = begin_with(SHORT_MS, 0);
    return 0;
}

static int begin_narrow(void **state)
{
    *state = begin_with(LONG_MS, 1);
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    house_close(&scene->house);
    text_done(&scene->answer);
    free(scene->plugins);
    free(scene);
    return 0;
}

/* --- Bytes */

static void a_file_comes_whole_with_what_players_need(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, ""), 200);
    assert_bytes(scene, FAULT_STREAM_GOOD, 0, FAULT_STREAM_SIZE);
    assert_header(scene, "Accept-Ranges", "bytes");
    assert_header(scene, "Content-Type", "video/mp4");
    assert_header(scene, "ETag", "\"" HASH "-0\"");
    assert_header(scene, "Content-Disposition", "inline; filename*=UTF-8''Fault.S01E01.mp4");
    assert_null(raw_header(scene->answer.bytes, "Content-Range"));
    assert_null(raw_header(scene->answer.bytes, "Content-Encoding"));
}

static void ranges_are_answered_as_the_rfc_has_them(void **state)
{
    enum { SIZE = FAULT_STREAM_SIZE };
    static const struct {
        const char *range;
        int status;
        uint64_t first;
        size_t len;
    } cases[] = {
        { "bytes=0-0", 206, 0, 1 },
        { "bytes=0-", 206, 0, SIZE },
        { "bytes=500000-500099", 206, 500000, 100 },
        { "bytes=999990-2000000", 206, 999990, 13 },
        { "bytes=-13", 206, 999990, 13 },
        { "bytes=-99999999", 206, 0, SIZE },
        { "bytes=1000002-", 206, 1000002, 1 },
        { "BYTES=7-8", 206, 7, 2 },
        { "bytes=0-0,5-6", 200, 0, SIZE },
        { "bytes=9-3", 200, 0, SIZE },
        { "bytes=a-b", 200, 0, SIZE },
        { "items=0-3", 200, 0, SIZE },
        { "bytes=1000003-", 416, 0, 0 },
        { "bytes=-0", 416, 0, 0 },
        { "bytes=99999999999999999999-", 416, 0, 0 },
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char line[100], expected[100];
        snprintf(line, sizeof line, "Range: %s\r\n", cases[i].range);
        assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, line), cases[i].status);
        if (cases[i].status == 416) {
            assert_header(scene, "Content-Range", "bytes */1000003");
            assert_problem(scene, 416, "range");
            continue;
        }
        assert_bytes(scene, FAULT_STREAM_GOOD, cases[i].first, cases[i].len);
        snprintf(expected, sizeof expected, "bytes %d-%d/%d", (int)cases[i].first,
                 (int)(cases[i].first + cases[i].len) - 1, SIZE);
        if (cases[i].status == 206)
            assert_header(scene, "Content-Range", expected);
    }
}

static void if_range_decides_whether_a_range_counts(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(
        get_bytes(scene, FAULT_STREAM_GOOD, "Range: bytes=3-5\r\nIf-Range: \"" HASH "-0\"\r\n"),
        206);
    assert_bytes(scene, FAULT_STREAM_GOOD, 3, 3);
    static const char *const stale[] = { "\"" HASH "-1\"", "W/\"" HASH "-0\"",
                                         "Sun, 22 Nov 2026 13:25:00 GMT" };
    for (size_t i = 0; i < ARRAY_LEN(stale); i++) {
        CLEANUP(mem_free)
        char *lines = mem_format("Range: bytes=3-5\r\nIf-Range: %s\r\n", stale[i]);
        assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, lines), 200);
        assert_bytes(scene, FAULT_STREAM_GOOD, 0, FAULT_STREAM_SIZE);
    }
}

static uint32_t waiting_reads(struct scene *scene, json_int_t *out_readers)
{
    assert_int_equal(get(scene, TORRENT "/files/2", ""), 200);
    json_auto_t *body = body_of(scene);
    *out_readers = js_int(body, "readers", -1);
    return (uint32_t)js_int(body, "seeds", 0);
}

static void what_is_known_already_opens_nothing(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(get_bytes(scene, FAULT_STREAM_STALLS, "If-None-Match: \"" HASH "-1\"\r\n"),
                     304);
    assert_int_equal(ask(scene, "HEAD", TORRENT "/files/1/stream", "Range: bytes=0-3\r\n", ""),
                     200);
    assert_header(scene, "Content-Length", "1000003");
    assert_header(scene, "Accept-Ranges", "bytes");
    assert_int_equal(get_bytes(scene, FAULT_STREAM_STALLS, "Range: bytes=2000000-\r\n"), 416);
    assert_int_equal(get(scene, TORRENT "/files/1", ""), 200);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "state"), "idle");
    assert_true(json_is_null(json_object_get(body, "ready")));
    assert_true(json_is_null(json_object_get(body, "buffered")));
}

static void a_file_without_bytes_is_whole_at_once(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(get_bytes(scene, FAULT_STREAM_EMPTY, ""), 200);
    assert_header(scene, "Content-Length", "0");
    assert_int_equal(get_bytes(scene, FAULT_STREAM_EMPTY, "Range: bytes=0-\r\n"), 416);
}

/* An answer is whole before its reader has left. */
static void wait_until_nobody_reads(struct scene *scene)
{
    while (streams_count(scene->house.services.streams) > 0)
        usleep(1000);
}

static int begin_download(struct scene *scene, enum fault_stream_file file, uint64_t first)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET " TORRENT "/files/%d/stream HTTP/1.1\r\nHost: t\r\n"
                               "Authorization: Bearer %s\r\nRange: bytes=%llu-\r\n\r\n",
                               file, scene->house.streamer, (unsigned long long)first);
    int fd = raw_connect(scene->house.port);
    assert_true(raw_send(fd, request, strlen(request)));
    return fd;
}

static void several_read_one_file_at_once(void **state)
{
    struct scene *scene = *state;
    static const uint64_t places[] = { 0, 333333, 999999, 17 };
    int fds[ARRAY_LEN(places)];
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        fds[i] = begin_download(scene, FAULT_STREAM_GOOD, places[i]);
    for (size_t i = ARRAY_LEN(places); i-- > 0;) {
        text_clear(&scene->answer);
        assert_true(raw_read_answer(fds[i], false, &scene->answer));
        assert_bytes(scene, FAULT_STREAM_GOOD, places[i], (size_t)(FAULT_STREAM_SIZE - places[i]));
        close(fds[i]);
    }
}

/* --- What goes wrong */

static void a_stall_is_told_before_the_head(void **state)
{
    struct scene *scene = *state;
    static const enum fault_stream_file files[] = { FAULT_STREAM_STALLS, FAULT_STREAM_SLOW };
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        assert_int_equal(get_bytes(scene, files[i], ""), 503);
        assert_problem(scene, 503, "stalled");
        assert_header(scene, "Retry-After", "5");
        assert_header(scene, "Cache-Control", "no-store");
        assert_null(raw_header(scene->answer.bytes, "Content-Disposition"));
    }
}

static void what_cannot_be_opened_or_read_is_said(void **state)
{
    static const struct {
        enum fault_stream_file file;
        const char *range;
        int status;
        const char *code;
    } cases[] = {
        { FAULT_STREAM_MISSING, "", 404, "not_found" },
        { FAULT_STREAM_NOTHING, "", 502, "unreadable" },
        { FAULT_STREAM_FULL, "", 507, "full" },
        { FAULT_STREAM_TOO_MANY, "", 502, "unreadable" },
        { FAULT_STREAM_FAILS, "Range: bytes=300000-\r\n", 500, "io" },
        { FAULT_STREAM_ENDS, "Range: bytes=-5\r\n", 502, "unreadable" },
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        get_bytes(scene, cases[i].file, cases[i].range);
        assert_problem(scene, cases[i].status, cases[i].code);
    }
}

static void a_file_that_is_not_known_is_not_found(void **state)
{
    static const char *const paths[] = {
        TORRENT "/files/99/stream",
        TORRENT "/files/-1/stream",
        TORRENT "/files/x/stream",
        TORRENT "/files/0x1/stream",
        TORRENT "/files/99",
        "/api/torrents/abc/files/0/stream",
        "/api/torrents/ffffffffffffffffffffffffffffffffffffffff/files/0/stream",
        "/api/torrents/ffffffffffffffffffffffffffffffffffffffff/files/0",
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        assert_int_equal(get(scene, paths[i], ""), 404);
    assert_int_equal(get(scene, TORRENT "/files/0/stream?nonsense=1", ""), 400);
}

static void what_fails_in_mid_file_is_cut_off(void **state)
{
    struct scene *scene = *state;
    static const enum fault_stream_file files[] = { FAULT_STREAM_FAILS, FAULT_STREAM_ENDS };
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        int fd = begin_download(scene, files[i], 1);
        text_clear(&scene->answer);
        assert_true(raw_read_all(fd, &scene->answer));
        close(fd);
        assert_header(scene, "Content-Length", "1000002");
        assert_bytes(scene, files[i], 1, FAULT_STREAM_BREAK - 1);
    }
}

static void wait_until_a_read_waits(struct scene *scene)
{
    json_int_t readers;
    while (waiting_reads(scene, &readers) == 0)
        usleep(2000);
    assert_int_equal(readers, 1);
}

static void a_client_that_hangs_up_ends_its_read(void **state)
{
    struct scene *scene = *state;
    int fd = begin_download(scene, FAULT_STREAM_BREAKS, FAULT_STREAM_BREAK - 10);
    wait_until_a_read_waits(scene);
    int64_t gone_ms = clock_steady_ms();
    close(fd);
    wait_until_nobody_reads(scene);
    /* The swarm itself is waited for longer than that. */
    assert_true(clock_steady_ms() - gone_ms < 45 * 1000);
}

static void draining_ends_what_is_sent(void **state)
{
    struct scene *scene = *state;
    int fd = begin_download(scene, FAULT_STREAM_BREAKS, 0);
    wait_until_a_read_waits(scene);
    streams_stop(scene->house.services.streams);
    assert_true(server_drain(scene->house.server, clock_steady_ms() + LONG_MS));
    text_clear(&scene->answer);
    raw_read_all(fd, &scene->answer);
    assert_bytes(scene, FAULT_STREAM_BREAKS, 0, FAULT_STREAM_BREAK);
    close(fd);
}

static void more_streams_than_there_may_be_are_turned_away(void **state)
{
    struct scene *scene = *state;
    int fd = begin_download(scene, FAULT_STREAM_BREAKS, 0);
    wait_until_a_read_waits(scene);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, ""), 503);
    assert_problem(scene, 503, "busy");
    assert_header(scene, "Retry-After", "2");
    assert_int_equal(prepare(scene, "{\"file\":0}"), 503);
    /* Everybody else is served. */
    assert_int_equal(get(scene, TORRENT, ""), 200);
    assert_int_equal(ask(scene, "HEAD", TORRENT "/files/0/stream", "", ""), 200);
    close(fd);
    wait_until_nobody_reads(scene);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, ""), 200);
}

static void a_provider_that_goes_takes_its_streams_along(void **state)
{
    struct scene *scene = *state;
    struct error err = { 0 };
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(scene->house.services.registry, "fault_stream");
    assert_int_equal(prepare(scene, "{\"file\":0}"), 200);
    assert_int_equal(provider_entry_set_enabled(entry, false, &err), 0);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, ""), 503);
    assert_int_equal(get(scene, TORRENT "/files/0", ""), 200);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "state"), "idle");
    /* What was kept is the old one's and of no use. */
    assert_int_equal(provider_entry_set_enabled(entry, true, &err), 0);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, ""), 200);
}

static void what_is_only_kept_makes_room(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, "Range: bytes=0-9\r\n"), 206);
    wait_until_nobody_reads(scene);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_CROWDED, "Range: bytes=0-9\r\n"), 206);
    assert_bytes(scene, FAULT_STREAM_CROWDED, 0, 10);
}

static void what_was_prepared_or_is_read_does_not(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(prepare(scene, "{\"file\":0}"), 200);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_CROWDED, ""), 507);
}

static void deleting_ends_what_is_read(void **state)
{
    struct scene *scene = *state;
    int fd = begin_download(scene, FAULT_STREAM_BREAKS, 0);
    wait_until_a_read_waits(scene);
    assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, "Range: bytes=0-9\r\n"), 206);
    /* The provider forgets nothing that is open. */
    assert_int_equal(ask(scene, "DELETE", TORRENT "?files=1", "", ""), 204);
    text_clear(&scene->answer);
    assert_true(raw_read_all(fd, &scene->answer));
    assert_bytes(scene, FAULT_STREAM_BREAKS, 0, FAULT_STREAM_BREAK);
    close(fd);
    assert_int_equal(get(scene, TORRENT "/files/0", ""), 404);
}

/* --- Ready */

static void what_was_prepared_is_ready_and_kept(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(prepare(scene, "{\"file\":0}"), 200);
    assert_int_equal(get(scene, TORRENT "/files/0", ""), 200);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "state"), "ready");
    assert_true(json_is_true(json_object_get(body, "ready")));
    assert_true(json_number_value(json_object_get(body, "eta_s")) == 0.0);
    assert_string_equal(js_string(body, "stream"), TORRENT "/files/0/stream");
    assert_string_equal(js_string(body, "path"), "Fault.S01E01.mp4");
    assert_int_equal(js_int(body, "readers", -1), 0);
    const json_t *last = json_array_get(js_array(body, "buffered"), 1);
    assert_int_equal(js_int(last, "first", 0), FAULT_STREAM_SIZE - 3);
    assert_int_equal(js_int(last, "last", 0), FAULT_STREAM_SIZE - 1);
    /* The reader that comes takes it over, and leaves it for the next. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, "Range: bytes=9-\r\n"), 206);
        wait_until_nobody_reads(scene);
    }
    get(scene, TORRENT "/files/0", "");
    json_auto_t *after = body_of(scene);
    assert_int_equal(js_int(after, "peers", 0), 1);
}

static void what_is_not_ready_yet_is_accepted(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(prepare(scene, "{\"file\":1}"), 202);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "state"), "buffering");
    assert_true(json_is_false(json_object_get(body, "ready")));
    assert_true(json_is_null(json_object_get(body, "eta_s")));
}

static void an_episode_is_prepared_by_its_number(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(prepare(scene, "{\"season\":1,\"episode\":6}"), 202);
    json_auto_t *body = body_of(scene);
    assert_int_equal(js_int(body, "index", -1), 5);
    assert_int_equal(prepare(scene, "{}"), 200);
    json_auto_t *best = body_of(scene);
    assert_int_equal(js_int(best, "index", -1), 0);
}

static void a_wish_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *body;
        int status;
    } cases[] = {
        { "{\"season\":1}", 400 },
        { "{\"episode\":1}", 400 },
        { "{\"file\":0,\"season\":1,\"episode\":1}", 400 },
        { "{\"file\":\"0\"}", 400 },
        { "{\"file\":-1}", 400 },
        { "{\"file\":1.5}", 400 },
        { "{\"episode\":99999,\"season\":1}", 400 },
        { "{\"best\":true}", 400 },
        { "[]", 400 },
        { "{\"file\":99}", 404 },
        { "{\"file\":6}", 404 },
        { "{\"season\":7,\"episode\":1}", 404 },
        { "{\"file\":11}", 507 },
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (prepare(scene, cases[i].body) != cases[i].status)
            fail_msg("%s: %s", cases[i].body, text_string(&scene->answer));
    assert_int_equal(ask(scene, "POST",
                         "/api/torrents/ffffffffffffffffffffffffffffffffffffffff/prepare", "",
                         "{}"),
                     404);
}

/* --- Tickets */

static int ask_without_a_token(struct scene *scene, const char *path)
{
    CLEANUP(mem_free)
    char *request = mem_format("GET %s HTTP/1.1\r\nHost: t\r\n\r\n", path);
    text_clear(&scene->answer);
    return raw_ask(scene->house.port, request, &scene->answer);
}

static char *ticket_of(struct scene *scene)
{
    assert_int_equal(get(scene, TORRENT "/files/0", ""), 200);
    json_auto_t *body = body_of(scene);
    const char *address = js_string(body, "player");
    assert_true(text_starts_with(address, TORRENT "/files/0/stream?ticket="));
    return mem_dup_text(strchr(address, '=') + 1);
}

static void a_ticket_opens_the_files_of_its_torrent(void **state)
{
    struct scene *scene = *state;
    CLEANUP(mem_free) char *ticket = ticket_of(scene);
    CLEANUP(mem_free) char *path = mem_format(TORRENT "/files/0/stream?ticket=%s", ticket);
    CLEANUP(mem_free) char *sibling = mem_format(TORRENT "/files/6/stream?ticket=%s", ticket);
    assert_int_equal(ask_without_a_token(scene, path), 200);
    assert_bytes(scene, FAULT_STREAM_GOOD, 0, FAULT_STREAM_SIZE);
    assert_int_equal(ask_without_a_token(scene, sibling), 404);
}

static void a_ticket_is_good_for_nothing_else(void **state)
{
    struct scene *scene = *state;
    CLEANUP(mem_free) char *ticket = ticket_of(scene);
    static const char *const paths[] = {
        "/api/torrents/ffffffffffffffffffffffffffffffffffffffff/files/0/stream?ticket=%s",
        TORRENT "/files/0/stream?ticket=x%s",
        TORRENT "/files/0/stream?ticket=%s0",
        TORRENT "/files/0?ticket=%s",
        TORRENT "?ticket=%s",
        "/api/torrents?ticket=%s",
    };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        CLEANUP(text_done) struct text path = TEXT_INIT(400);
        const char *at = strstr(paths[i], "%s");
        text_add(&path, paths[i], (size_t)(at - paths[i]));
        text_add_format(&path, "%s%s", ticket, at + 2);
        assert_int_equal(ask_without_a_token(scene, text_string(&path)), 401);
    }
    assert_int_equal(ask_without_a_token(scene, TORRENT "/files/0/stream"), 401);
    assert_int_equal(ask_without_a_token(scene, TORRENT "/files/0/stream?ticket=-"), 401);
}

static void a_ticket_cannot_be_prolonged_or_made_up(void **state)
{
    struct scene *scene = *state;
    CLEANUP(mem_free) char *ticket = ticket_of(scene);
    static const char made_up[] = "fffffffff-00000000000000000000000000000000";
    CLEANUP(mem_free) char *invented = mem_format(TORRENT "/files/0/stream?ticket=%s", made_up);
    assert_int_equal(ask_without_a_token(scene, invented), 401);
    ticket[0] = ticket[0] == 'f' ? 'e' : 'f';
    CLEANUP(mem_free) char *prolonged = mem_format(TORRENT "/files/0/stream?ticket=%s", ticket);
    assert_int_equal(ask_without_a_token(scene, prolonged), 401);
}

static void who_may_not_stream_is_given_no_ticket(void **state)
{
    struct scene *scene = *state;
    CLEANUP(mem_free)
    char *request = mem_format("GET " TORRENT "/files/0 HTTP/1.1\r\nHost: t\r\n"
                               "Authorization: Bearer %s\r\n\r\n",
                               scene->house.reader);
    text_clear(&scene->answer);
    assert_int_equal(raw_ask(scene->house.port, request, &scene->answer), 200);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "stream"), TORRENT "/files/0/stream");
    assert_null(json_object_get(body, "player"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_comes_whole_with_what_players_need),
        CASE(ranges_are_answered_as_the_rfc_has_them),
        CASE(if_range_decides_whether_a_range_counts),
        CASE(what_is_known_already_opens_nothing),
        CASE(a_file_without_bytes_is_whole_at_once),
        CASE(several_read_one_file_at_once),
        cmocka_unit_test_setup_teardown(a_stall_is_told_before_the_head, begin_impatient, end),
        CASE(what_cannot_be_opened_or_read_is_said),
        CASE(a_file_that_is_not_known_is_not_found),
        CASE(what_fails_in_mid_file_is_cut_off),
        CASE(a_client_that_hangs_up_ends_its_read),
        CASE(draining_ends_what_is_sent),
        cmocka_unit_test_setup_teardown(more_streams_than_there_may_be_are_turned_away,
                                        begin_narrow, end),
        CASE(a_provider_that_goes_takes_its_streams_along),
        CASE(what_is_only_kept_makes_room),
        CASE(what_was_prepared_or_is_read_does_not),
        CASE(deleting_ends_what_is_read),
        CASE(what_was_prepared_is_ready_and_kept),
        CASE(what_is_not_ready_yet_is_accepted),
        CASE(an_episode_is_prepared_by_its_number),
        CASE(a_wish_that_makes_no_sense_is_refused),
        CASE(a_ticket_opens_the_files_of_its_torrent),
        CASE(a_ticket_is_good_for_nothing_else),
        CASE(a_ticket_cannot_be_prolonged_or_made_up),
        CASE(who_may_not_stream_is_given_no_ticket),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
