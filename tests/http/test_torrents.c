/* SPDX-License-Identifier: MIT
 *
 * .torrent files in and out over HTTP, without any provider. */
#include "../test.h"

#include <string.h>

#include "base/json.h"
#include "house.h"
#include "raw.h"

#define PIECES "6:pieces20:aaaaaaaaaaaaaaaaaaaa"
#define INFO(more) "4:infod6:lengthi5e4:name8:Film.mkv12:piece lengthi16e" PIECES more "e"
static const char film[] = "d8:announce20:udp://one.example:80" INFO("") "e";
static const char film_elsewhere[] = "d8:announce20:udp://two.example:80" INFO("") "e";
static const char private_film[] = "d8:announce20:udp://one.example:80" INFO("7:privatei1e") "e";
static const char private_elsewhere[] =
    "d8:announce20:udp://two.example:80" INFO("7:privatei1e") "e";

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    *state = house;
    return 0;
}

static int close_house(void **state)
{
    house_close(*state);
    free(*state);
    return 0;
}
#define HOUSED(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

static int ask(struct house *house, const char *method, const char *target, struct text *answer)
{
    CLEANUP(mem_free)
    char *request = mem_format("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
                               method, target, house->admin);
    text_clear(answer);
    return raw_ask(house->port, request, answer);
}

static int upload_as(struct house *house, const char *type, const char *file, size_t len,
                     struct text *answer)
{
    CLEANUP(text_done) struct text request = TEXT_INIT(8 << 20);
    text_add_format(&request,
                    "POST /api/torrents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                    "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                    house->streamer, type, len, file);
    text_clear(answer);
    return raw_ask(house->port, text_string(&request), answer);
}

static int upload(struct house *house, const char *file, struct text *answer)
{
    return upload_as(house, "application/x-bittorrent", file, strlen(file), answer);
}

static json_t *body_of(const struct text *answer)
{
    json_t *body = json_loads(raw_body(text_string(answer)), 0, NULL);
    if (!body)
        fail_msg("no JSON: %s", text_string(answer));
    return body;
}

static void an_uploaded_file_is_a_torrent_that_can_be_downloaded_again(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(upload(house, film, &answer), 201);
    json_auto_t *torrent = body_of(&answer);
    const char *hash = js_string(torrent, "infohash");
    CLEANUP(mem_free) char *path = mem_format("/api/torrents/%s", hash);
    CLEANUP(mem_free) char *file = mem_format("/api/torrents/%s.torrent", hash);
    assert_string_equal(raw_header(text_string(&answer), "Location"), path);
    assert_string_equal(js_string(torrent, "provider"), "upload");
    assert_int_equal(js_int(torrent, "best", -1), 0);
    assert_int_equal(ask(house, "GET", path, &answer), 200);
    assert_int_equal(ask(house, "GET", file, &answer), 200);
    assert_string_equal(raw_header(text_string(&answer), "Content-Type"),
                        "application/x-bittorrent");
    assert_non_null(raw_header(text_string(&answer), "ETag"));
    assert_string_equal(raw_body(text_string(&answer)),
                        "d8:announce20:udp://one.example:8013:announce-listll20:udp://"
                        "one.example:80ee" INFO("") "e");
    assert_int_equal(ask(house, "HEAD", file, &answer), 200);
    assert_string_equal(raw_body(text_string(&answer)), "");
}

static void the_same_again_is_known_and_brings_its_trackers(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(upload(house, film, &answer), 201);
    assert_int_equal(upload(house, film_elsewhere, &answer), 200);
    assert_null(raw_header(text_string(&answer), "Location"));
    json_auto_t *torrent = body_of(&answer);
    const json_t *trackers = js_array(torrent, "trackers");
    assert_int_equal(json_array_size(trackers), 2);
    assert_string_equal(json_string_value(json_array_get(trackers, 0)), "udp://one.example:80");
    assert_int_equal(ask(house, "GET", "/api/torrents", &answer), 200);
    json_auto_t *all = body_of(&answer);
    assert_int_equal(js_int(all, "total", 0), 1);
}

/* Its trackers know their users by their own addresses. */
static void a_private_torrent_gets_no_other_trackers(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(upload(house, private_film, &answer), 201);
    assert_int_equal(upload(house, private_elsewhere, &answer), 200);
    json_auto_t *torrent = body_of(&answer);
    const json_t *trackers = js_array(torrent, "trackers");
    assert_true(js_bool(torrent, "private", false));
    assert_int_equal(json_array_size(trackers), 1);
    assert_string_equal(json_string_value(json_array_get(trackers, 0)), "udp://two.example:80");
}

static void what_is_no_torrent_is_refused_with_its_reason(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    static const char *const files[] = {
        "<html>",
        "de",
        "d4:infodee",
        "d4:infod6:lengthi-5e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name2:..12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a4:name1:b12:piece lengthi16e" PIECES "ee",
    };
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        if (upload(house, files[i], &answer) != 422)
            fail_msg("%s: %s", files[i], text_string(&answer));
        json_auto_t *problem = body_of(&answer);
        assert_non_null(strstr(js_string(problem, "detail"), "torrent"));
    }
    assert_int_equal(upload(house, "", &answer), 422);
    assert_int_equal(ask(house, "GET", "/api/torrents", &answer), 200);
    json_auto_t *all = body_of(&answer);
    assert_int_equal(js_int(all, "total", -1), 0);
}

static void other_types_and_sizes_are_refused(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(upload_as(house, "application/octet-stream", film, strlen(film), &answer),
                     415);
    assert_int_equal(upload_as(house, "application/json", film, strlen(film), &answer), 400);
    assert_int_equal(upload_as(house, "application/x-bittorrent", "d", (4 << 20) + 1, &answer),
                     413);
}

static void a_file_of_nothing_is_not_found(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    static const char *const targets[] = {
        "/api/torrents/0123456789abcdef0123456789abcdef01234567.torrent",
        "/api/torrents/x.torrent",
        "/api/torrents/.torrent",
        "/api/torrents/..torrent",
        "/api/torrents/0123456789abcdef0123456789abcdef01234567.torrents",
        "/api/torrents/0123456789abcdef0123456789abcdef01234567.TORRENT",
    };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++)
        if (ask(house, "GET", targets[i], &answer) != 404)
            fail_msg("%s: %s", targets[i], text_string(&answer));
}

static void a_forgotten_torrent_has_no_file(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(upload(house, film, &answer), 201);
    json_auto_t *torrent = body_of(&answer);
    const char *hash = js_string(torrent, "infohash");
    CLEANUP(mem_free) char *path = mem_format("/api/torrents/%s?files=1", hash);
    CLEANUP(mem_free) char *odd = mem_format("/api/torrents/%s?files=maybe", hash);
    CLEANUP(mem_free) char *file = mem_format("/api/torrents/%s.torrent", hash);
    assert_int_equal(ask(house, "DELETE", odd, &answer), 400);
    assert_int_equal(ask(house, "DELETE", path, &answer), 204);
    assert_int_equal(ask(house, "GET", file, &answer), 404);
    assert_int_equal(ask(house, "DELETE", path, &answer), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSED(an_uploaded_file_is_a_torrent_that_can_be_downloaded_again),
        HOUSED(the_same_again_is_known_and_brings_its_trackers),
        HOUSED(a_private_torrent_gets_no_other_trackers),
        HOUSED(what_is_no_torrent_is_refused_with_its_reason),
        HOUSED(other_types_and_sizes_are_refused),
        HOUSED(a_file_of_nothing_is_not_found),
        HOUSED(a_forgotten_torrent_has_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
