/* SPDX-License-Identifier: MIT
 *
 * The films of the sandbox that are really there: what YTS says of them, and how their peers are
 * told to behave.  Nothing is seeded here. */
#include "../test.h"

#include "ask.h"
#include "reels.h"

#define SINTEL "tt1727587"
#define FIRST "1111111111111111111111111111111111111111"
#define SECOND "2222222222222222222222222222222222222222"

/* What the peers were told. */
static struct {
    size_t index;
    char manner[32];
    bool honest;
    int n_heals;
} told;

static bool add_peer(void *context UNUSED, size_t index, const char *manner)
{
    if (strcmp(manner, "kind") == 0)
        return false;
    told.index = index;
    snprintf(told.manner, sizeof(told.manner), "%s", manner);
    return true;
}

static void set_honest(void *context UNUSED, bool there)
{
    told.honest = there;
}

static void heal(void *context UNUSED)
{
    told.n_heals++;
}

static const struct reel rows[] = {
    { .name = "Pack", .format = "v2", .infohash = SECOND, .magnet = "magnet:?2", .size = 9 },
    { .name = "Sintel",
      .format = "v1",
      .imdb = SINTEL,
      .quality = "720p",
      .infohash = FIRST,
      .magnet = "magnet:?1",
      .size = 1234,
      .metainfo = "d4:infode\0e",
      .metainfo_len = 11 },
};

static const struct reels reels = {
    .rows = rows,
    .n = ARRAY_LEN(rows),
    .trackers = { "http://127.0.0.1:1/announce", "udp://127.0.0.1:1" },
    .add_peer = add_peer,
    .set_honest = set_honest,
    .heal = heal,
};

static int start_with(void **state, const struct reels *these)
{
    const struct sandbox_options options = { .seed = 1, .reels = these };
    struct error err = { 0 };

    memset(&told, 0, sizeof(told));
    told.honest = true;
    *state = sandbox_new(&options, &err);
    return *state ? 0 : -1;
}

static int start(void **state)
{
    return start_with(state, &reels);
}

static int start_without(void **state)
{
    return start_with(state, NULL);
}

static int stop(void **state)
{
    sandbox_free(*state);
    return 0;
}

static json_t *torrents_of(struct sandbox *sandbox, const char *imdb, json_t **out_body)
{
    CLEANUP(mem_free) char *target = mem_format("/api/v2/movie_details.json?imdb_id=%s", imdb);
    assert_int_equal(ask(sandbox, target, out_body), 200);
    return js_array(js_object(js_object(*out_body, "data"), "movie"), "torrents");
}

static void of_a_film_that_is_there_yts_has_what_is_there(void **state)
{
    json_auto_t *body = NULL;
    json_t *torrents = torrents_of(*state, SINTEL, &body);

    assert_int_equal(json_array_size(torrents), 1);
    assert_string_equal(js_string(json_array_get(torrents, 0), "hash"), FIRST);
    assert_string_equal(js_string(json_array_get(torrents, 0), "quality"), "720p");
    assert_int_equal(js_int(json_array_get(torrents, 0), "size_bytes", 0), 1234);
}

static void of_any_other_it_has_what_is_invented(void **state)
{
    json_auto_t *body = NULL;
    json_t *torrents = torrents_of(*state, "tt0017136", &body);
    size_t i;
    json_t *torrent;

    assert_true(json_array_size(torrents) >= 2);
    json_array_foreach (torrents, i, torrent)
        assert_string_not_equal(js_string(torrent, "hash"), FIRST);
}

static void the_reels_are_listed_with_their_trackers(void **state)
{
    json_auto_t *body = NULL;

    assert_int_equal(ask(*state, "/sandbox/reels", &body), 200);
    assert_string_equal(json_string_value(json_array_get(js_array(body, "trackers"), 1)),
                        "udp://127.0.0.1:1");
    json_t *list = js_array(body, "reels");
    assert_int_equal(json_array_size(list), 2);
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "imdb")));
    assert_string_equal(js_string(json_array_get(list, 1), "torrent"),
                        "/sandbox/reels/" FIRST ".torrent");
}

static void a_torrent_file_is_sent_byte_for_byte(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { 0 };

    assert_int_equal(ask_with(*state, "/sandbox/reels/" FIRST ".torrent", &extra, &reply), 200);
    assert_string_equal(reply.content_type, "application/x-bittorrent");
    assert_int_equal(reply.body.len, 11);
    assert_memory_equal(reply.body.bytes, "d4:infode\0e", 11);
}

static void no_other_torrent_file_is_there(void **state)
{
    json_auto_t *body = NULL, *cut = NULL, *bare = NULL;

    assert_int_equal(ask(*state, "/sandbox/reels/3333.torrent", &body), 404);
    assert_int_equal(ask(*state, "/sandbox/reels/1111.torrent", &cut), 404);
    assert_int_equal(ask(*state, "/sandbox/reels/" FIRST, &bare), 404);
}

static void a_peer_is_told_how_to_behave(void **state)
{
    assert_int_equal(direct(*state, "POST", "/sandbox/peers",
                            "{\"infohash\":\"" FIRST "\",\"manner\":\"corrupt\",\"honest\":false}"),
                     200);
    assert_int_equal(told.index, 1);
    assert_string_equal(told.manner, "corrupt");
    assert_false(told.honest);
    assert_int_equal(direct(*state, "POST", "/sandbox/peers", "{\"honest\":true}"), 200);
    assert_true(told.honest);
    assert_int_equal(direct(*state, "DELETE", "/sandbox/peers", NULL), 200);
    assert_int_equal(told.n_heals, 1);
}

static void a_manner_nobody_has_is_refused(void **state)
{
    assert_int_equal(direct(*state, "POST", "/sandbox/peers",
                            "{\"infohash\":\"" FIRST "\",\"manner\":\"kind\",\"honest\":false}"),
                     400);
    assert_true(told.honest);
}

static void a_peer_of_no_torrent_is_refused(void **state)
{
    assert_int_equal(
        direct(*state, "POST", "/sandbox/peers", "{\"infohash\":\"3333\",\"manner\":\"corrupt\"}"),
        404);
    assert_int_equal(direct(*state, "POST", "/sandbox/peers", "{\"manner\":\"corrupt\"}"), 404);
    assert_string_equal(told.manner, "");
}

static void an_order_that_orders_nothing_is_refused(void **state)
{
    assert_int_equal(direct(*state, "POST", "/sandbox/peers", "{}"), 400);
    assert_int_equal(direct(*state, "POST", "/sandbox/peers", "{\"honest\":\"no\"}"), 400);
    assert_int_equal(direct(*state, "POST", "/sandbox/peers", NULL), 400);
    assert_true(told.honest);
}

static void without_films_there_are_no_reels(void **state)
{
    json_auto_t *list = NULL, *body = NULL;

    assert_int_not_equal(ask(*state, "/sandbox/reels", &list), 200);
    assert_int_not_equal(direct(*state, "POST", "/sandbox/peers", "{\"honest\":true}"), 200);
    assert_true(json_array_size(torrents_of(*state, SINTEL, &body)) >= 2);
}

#define WITH_REELS(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REELS(of_a_film_that_is_there_yts_has_what_is_there),
        WITH_REELS(of_any_other_it_has_what_is_invented),
        WITH_REELS(the_reels_are_listed_with_their_trackers),
        WITH_REELS(a_torrent_file_is_sent_byte_for_byte),
        WITH_REELS(no_other_torrent_file_is_there),
        WITH_REELS(a_peer_is_told_how_to_behave),
        WITH_REELS(a_manner_nobody_has_is_refused),
        WITH_REELS(a_peer_of_no_torrent_is_refused),
        WITH_REELS(an_order_that_orders_nothing_is_refused),
        cmocka_unit_test_setup_teardown(without_films_there_are_no_reels, start_without, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
