/* SPDX-License-Identifier: MIT
 *
 * What goes wrong with a stream, and what makes room. */
#include "streams_scene.h"

#include <unistd.h>

#include "../plugins/faults/stream.h"
#include "base/clock.h"
#include "base/json.h"
#include "provider/registry.h"
#include "raw.h"
#include "service/streams.h"

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

static uint32_t waiting_reads(struct scene *scene, json_int_t *out_readers)
{
    assert_int_equal(get(scene, TORRENT "/files/2", ""), 200);
    json_auto_t *body = body_of(scene);
    *out_readers = js_int(body, "readers", -1);
    return (uint32_t)js_int(body, "seeds", 0);
}

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_stall_is_told_before_the_head, begin_impatient, end),
    CASE(what_cannot_be_opened_or_read_is_said),
    CASE(a_file_that_is_not_known_is_not_found),
    CASE(what_fails_in_mid_file_is_cut_off),
    CASE(a_client_that_hangs_up_ends_its_read),
    CASE(draining_ends_what_is_sent),
    cmocka_unit_test_setup_teardown(more_streams_than_there_may_be_are_turned_away, begin_narrow,
                                    end),
    CASE(a_provider_that_goes_takes_its_streams_along),
    CASE(what_is_only_kept_makes_room),
    CASE(what_was_prepared_or_is_read_does_not),
    CASE(deleting_ends_what_is_read),
};

const struct test_part streams_trouble_part = TEST_PART(tests);
