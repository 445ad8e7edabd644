/* SPDX-License-Identifier: MIT
 *
 * Files of torrents over HTTP: their bytes, and what is ready. */
#include "streams_scene.h"

#include <unistd.h>

#include "../plugins/faults/stream.h"
#include "base/json.h"
#include "raw.h"

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

static void a_part_of_another_file_than_expected_is_refused(void **state)
{
    struct scene *scene = *state;
    static const char *const wrong[] = { "\"" HASH "-1\"", "\"x\", \"y\"", HASH "-0" };
    static const char *const right[] = { "\"" HASH "-0\"", "\"x\", \"" HASH "-0\"", "*" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(mem_free)
        char *lines = mem_format("Range: bytes=3-5\r\nIf-Match: %s\r\n", wrong[i]);
        assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, lines), 412);
        assert_header(scene, "Content-Type", "application/problem+json");
        assert_int_equal(ask(scene, "HEAD", TORRENT "/files/0/stream", lines, ""), 412);
    }
    for (size_t i = 0; i < ARRAY_LEN(right); i++) {
        CLEANUP(mem_free)
        char *lines = mem_format("Range: bytes=3-5\r\nIf-Match: %s\r\n", right[i]);
        assert_int_equal(get_bytes(scene, FAULT_STREAM_GOOD, lines), 206);
        assert_bytes(scene, FAULT_STREAM_GOOD, 3, 3);
    }
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

static void assert_state(struct scene *scene, const char *expected)
{
    assert_int_equal(get(scene, TORRENT, ""), 200);
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(body, "state"), expected);
    assert_int_equal(get(scene, "/api/torrents", ""), 200);
    json_auto_t *page = body_of(scene);
    const json_t *listed = json_array_get(js_array(page, "results"), 0);
    assert_string_equal(js_string(listed, "state"), expected);
}

static void a_torrent_says_whether_it_is_read_and_where(void **state)
{
    struct scene *scene = *state;
    assert_state(scene, "idle");
    assert_int_equal(prepare(scene, "{\"file\":0}"), 200);
    assert_state(scene, "open");
    int fd = begin_download(scene, FAULT_STREAM_STALLS, 0);
    while (streams_count(scene->house.services.streams) == 0)
        usleep(1000);
    /* It is counted before it is open. */
    const char *word = "open";
    while (text_equal(word, "open")) {
        usleep(1000);
        word = streams_state(scene->house.services.streams, HASH);
    }
    assert_state(scene, "streaming");
    close(fd);
    wait_until_nobody_reads(scene);
    assert_state(scene, "open");
    get(scene, TORRENT, "");
    json_auto_t *body = body_of(scene);
    assert_string_equal(js_string(json_array_get(js_array(body, "files"), 1), "stream"),
                        TORRENT "/files/1/stream");
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

static const struct CMUnitTest tests[] = {
    CASE(a_file_comes_whole_with_what_players_need),
    CASE(ranges_are_answered_as_the_rfc_has_them),
    CASE(if_range_decides_whether_a_range_counts),
    CASE(a_part_of_another_file_than_expected_is_refused),
    CASE(what_is_known_already_opens_nothing),
    CASE(a_file_without_bytes_is_whole_at_once),
    CASE(several_read_one_file_at_once),
    CASE(what_was_prepared_is_ready_and_kept),
    CASE(a_torrent_says_whether_it_is_read_and_where),
    CASE(what_is_not_ready_yet_is_accepted),
    CASE(an_episode_is_prepared_by_its_number),
    CASE(a_wish_that_makes_no_sense_is_refused),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), streams_trouble_part,
                                       streams_tickets_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
