/* SPDX-License-Identifier: MIT
 *
 * Tickets for players that send no token. */
#include "streams_scene.h"

#include <string.h>

#include "../plugins/faults/stream.h"
#include "base/json.h"
#include "raw.h"

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

static const struct CMUnitTest tests[] = {
    CASE(a_ticket_opens_the_files_of_its_torrent),
    CASE(a_ticket_is_good_for_nothing_else),
    CASE(a_ticket_cannot_be_prolonged_or_made_up),
    CASE(who_may_not_stream_is_given_no_ticket),
};

const struct test_part streams_tickets_part = TEST_PART(tests);
