/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/torrents.h"
#include "service_stage.h"
#include "store/maintenance.h"
#include "store/swarms.h"
#include "store/torrent_parts.h"

#define V1 "0123456789abcdef0123456789abcdef01234567"
#define OTHER "89abcdef0123456789abcdef0123456789abcdef"
#define V2 "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899"
#define MAGNET "magnet:?xt=urn:btih:"
#define ONE_DAY_MS INT64_C(86400000)

enum { MAX_RESOLVED = 3 };

static const char film[] =
    "D 6 0 {\"infohash\":\"" V1 "\",\"infohash_v2\":\"" V2 "\",\"name\":\"Film.2010.1080p\","
    "\"size\":900000100,\"trackers\":[\"udp://tracker.example:80/announce\"],\"files\":["
    "{\"index\":0,\"path\":\"Film/Film.2010.1080p.mkv\",\"size\":900000000},"
    "{\"index\":1,\"path\":\"Film/Film.de.srt\",\"size\":100},"
    "{\"index\":2,\"path\":\"Film/codec.exe\",\"size\":100}]}\n";

static struct torrents *open_torrents(struct service *service)
{
    return torrents_new(service->store, service->registry, service->jobs, NULL, MAX_RESOLVED);
}

static bool job_ended(struct service *service, uint32_t job, const char *state)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 16);
    struct error err = { 0 };
    assert_int_equal(jobs_show(service->jobs, job, &json, &err), 0);
    if (strstr(text_string(&json), "\"running\""))
        return false;
    if (!strstr(text_string(&json), state))
        fail_msg("not %s: %s", state, text_string(&json));
    return true;
}

static void add(struct service *service, struct torrents *torrents, const char *magnet,
                const char *state)
{
    char hash[TORRENTS_HASH_SIZE];
    struct error err = { 0 };
    uint32_t job = 0;
    if (torrents_add(torrents, magnet, hash, &job, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_not_equal(job, 0);
    int64_t until_ms = clock_steady_ms() + 20000;
    while (!job_ended(service, job, state))
        assert_true(clock_steady_ms() < until_ms);
}

static json_t *show(struct torrents *torrents, const char *infohash)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct error err = { 0 };
    json_t *out = NULL;
    if (torrents_show(torrents, infohash, &json, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(js_parse(text_string(&json), json.len, json.len, &out, &err), 0);
    return out;
}

static void expect_unknown(struct torrents *torrents, const char *infohash)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct error err = { 0 };
    assert_int_equal(torrents_show(torrents, infohash, &json, &err), PROVIDER_ENOTFOUND);
    assert_string_not_equal(err.text, "");
}

static void a_magnet_becomes_a_torrent_with_judged_files(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    json_auto_t *torrent = show(torrents, V1);
    const json_t *files = js_array(torrent, "files");
    assert_string_equal(js_string(torrent, "name"), "Film.2010.1080p");
    assert_string_equal(js_string(torrent, "provider"), "script_a");
    assert_int_equal(js_int(torrent, "best", -1), 0);
    assert_int_equal(json_array_size(files), 3);
    assert_string_equal(js_string(json_array_get(files, 0), "role"), "main");
    assert_string_equal(js_string(json_array_get(files, 1), "language"), "de");
    assert_string_equal(js_string(json_array_get(files, 2), "danger"), "executable");
}

static void what_is_known_needs_no_job(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    char hash[TORRENTS_HASH_SIZE];
    struct error err = { 0 };
    uint32_t job = 1;
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    /* In capitals, with another name; and by its other hash. */
    assert_int_equal(torrents_add(torrents, MAGNET "0123456789ABCDEF0123456789ABCDEF01234567&dn=x",
                                  hash, &job, &err),
                     0);
    assert_int_equal(job, 0);
    assert_string_equal(hash, V1);
    job = 1;
    assert_int_equal(torrents_add(torrents, "magnet:?xt=urn:btmh:1220" V2, hash, &job, &err), 0);
    assert_int_equal(job, 0);
    assert_int_equal(service_asked(service, "script_a", "/resolve/" V1), 1);
}

static void a_hybrid_is_found_under_both_hashes(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    json_auto_t *whole = show(torrents, V2);
    json_auto_t *cut = show(torrents, "AABBCCDDEEFF00112233445566778899AABBCCDD");
    assert_string_equal(js_string(whole, "infohash"), V1);
    assert_string_equal(js_string(cut, "infohash"), V1);
}

static int64_t due_of(struct service *service, const char *hex)
{
    uint8_t hash[RELEASE_HASH_LEN];
    struct swarm swarm;
    assert_true(release_hash_of_text(hex, hash));
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    return swarm.due_at_ms;
}

/* Old uploads wait for their first look for days. */
static void offer_old_release(struct service *service, const char *hash)
{
    CLEANUP(mem_free)
    char *json = mem_format("{\"infohash\":\"%s\",\"name\":\"Film.2010.1080p\",\"kind\":\"movie\","
                            "\"item\":{\"imdb\":\"tt0133093\"},\"seeds\":40,"
                            "\"uploaded_at\":\"1960-01-01T00:00:00Z\"}",
                            hash);
    service_take(service, "script_a", PROVIDER_RELEASE, 0, json);
    assert_true(due_of(service, hash) > clock_wall_ms() + ONE_DAY_MS);
}

/* Under either name of a hybrid. */
static void a_release_that_somebody_opens_is_looked_at_soon(void **state)
{
    static const char second[] = "aabbccddeeff00112233445566778899aabbccdd";
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"Film\"}");
    offer_old_release(service, V1);
    offer_old_release(service, second);
    offer_old_release(service, OTHER);
    int64_t other_ms = due_of(service, OTHER);
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    assert_in_range(due_of(service, V1) - clock_wall_ms(), 0, ONE_DAY_MS / 2);
    assert_in_range(due_of(service, second) - clock_wall_ms(), 0, ONE_DAY_MS / 2);
    assert_int_equal(due_of(service, OTHER), other_ms);
}

static void what_nobody_could_open_is_not_looked_at_sooner(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"Film\"}");
    offer_old_release(service, V1);
    int64_t due_ms = due_of(service, V1);
    service_fail(service, "script_a", "/resolve/" V1, PROVIDER_ETIME);
    service_fail(service, "script_b", "/resolve/" V1, PROVIDER_ETIME);
    add(service, torrents, MAGNET V1, "\"failed\"");
    assert_int_equal(due_of(service, V1), due_ms);
}

static void another_torrent_than_the_asked_one_is_refused(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" OTHER, film);
    service_answer(service, "script_b", "/resolve/" OTHER, "");
    add(service, torrents, MAGNET OTHER, "\"failed\"");
    expect_unknown(torrents, OTHER);
    expect_unknown(torrents, V1);
}

static void the_next_provider_is_asked_when_one_fails(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_fail(service, "script_a", "/resolve/" V1, PROVIDER_ETIME);
    service_answer(service, "script_b", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    json_auto_t *torrent = show(torrents, V1);
    assert_string_equal(js_string(torrent, "provider"), "script_b");
}

static void nobody_knowing_it_is_a_failure_that_can_be_tried_again(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" V1, "");
    service_fail(service, "script_b", "/resolve/" V1, PROVIDER_ETIME);
    add(service, torrents, MAGNET V1, "\"failed\"");
    expect_unknown(torrents, V1);
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
}

static void add_known(struct torrents *torrents, const char *magnet)
{
    char hash[TORRENTS_HASH_SIZE];
    struct error err = { 0 };
    uint32_t job = 1;
    assert_int_equal(torrents_add(torrents, magnet, hash, &job, &err), 0);
    assert_int_equal(job, 0);
}

static void assert_trackers(struct torrents *torrents, const char *expected)
{
    json_auto_t *torrent = show(torrents, V1);
    CLEANUP(mem_free) char *trackers = json_dumps(json_object_get(torrent, "trackers"), 0);
    assert_string_equal(trackers, expected);
}

/* By either hash; what names none or a wrong one changes nothing. */
static void trackers_of_later_magnets_are_kept(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    add_known(torrents, MAGNET V1);
    add_known(torrents, MAGNET V1 "&tr=udp://tracker.example:80/announce&tr=javascript:alert(1)");
    assert_trackers(torrents, "[\"udp://tracker.example:80/announce\"]");
    add_known(torrents, MAGNET V1 "&tr=http://b.example/a&tr=udp://tracker.example:80/announce");
    add_known(torrents, "magnet:?xt=urn:btmh:1220" V2 "&tr=http://c.example/a");
    assert_trackers(torrents, "[\"udp://tracker.example:80/announce\", \"http://b.example/a\", "
                              "\"http://c.example/a\"]");
}

static void a_private_torrent_takes_no_strangers_trackers(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    service_answer(service, "script_a", "/resolve/" V1,
                   "D 6 0 {\"infohash\":\"" V1 "\",\"name\":\"F\",\"size\":9,\"private\":true,"
                   "\"trackers\":[\"udp://own.example:80\"],"
                   "\"files\":[{\"index\":0,\"path\":\"F\",\"size\":9}]}\n");
    add(service, torrents, MAGNET V1, "\"done\"");
    add_known(torrents, MAGNET V1 "&tr=http://b.example/a");
    assert_trackers(torrents, "[\"udp://own.example:80\"]");
}

static void a_magnet_that_cannot_be_trusted_is_refused(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    static const struct {
        const char *magnet, *why;
    } magnets[] = {
        { "", "the magnet: no magnet link" },
        { "http://example.org", "the magnet: no magnet link" },
        { "magnet:?", "the magnet: the link names no BitTorrent hash" },
        { MAGNET "abc", "the magnet: the link's btih is no hash" },
        { MAGNET "0123456789abcdef0123456789abcdef0123456g",
          "the magnet: the link's btih is no hash" },
        { MAGNET "0000000000000000000000000000000000000000",
          "the magnet: the link's btih is no hash" },
        { MAGNET V1 "&xt=urn:btih:" OTHER, "the magnet: the link names two different v1 hashes" },
    };
    for (size_t i = 0; i < ARRAY_LEN(magnets); i++) {
        char hash[TORRENTS_HASH_SIZE] = "untouched";
        struct error err = { 0 };
        uint32_t job = 7;
        if (torrents_add(torrents, magnets[i].magnet, hash, &job, &err) != PROVIDER_EREFUSED)
            fail_msg("'%s' is taken", magnets[i].magnet);
        assert_string_equal(err.text, magnets[i].why);
        assert_string_equal(hash, "untouched");
        assert_int_equal(job, 7);
    }
}

static void without_a_resolver_it_says_so(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    char hash[TORRENTS_HASH_SIZE];
    struct error err = { 0 };
    uint32_t job;
    static const char *const names[] = { "script_a", "script_b" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(provider_entry_unref)
        struct provider_entry *provider = registry_find(service->registry, names[i]);
        assert_int_equal(provider_entry_set_enabled(provider, false, &err), 0);
    }
    assert_int_equal(torrents_add(torrents, MAGNET V1, hash, &job, &err), PROVIDER_EBUSY);
}

static void what_is_no_infohash_is_not_found(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    static const char *const hashes[] = {
        "", "x", V1 "0", "0123456789abcdef0123456789abcdef0123456g", V1, V2, "../../etc/passwd"
    };
    struct error err = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
        expect_unknown(torrents, hashes[i]);
        assert_int_equal(torrents_forget(torrents, hashes[i], false, &err), PROVIDER_ENOTFOUND);
    }
}

static void a_forgotten_one_is_gone_under_both_hashes(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    struct error err = { 0 };
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    assert_int_equal(torrents_forget(torrents, V2, false, &err), 0);
    expect_unknown(torrents, V1);
    expect_unknown(torrents, V2);
    assert_int_equal(torrents_forget(torrents, V1, false, &err), PROVIDER_ENOTFOUND);
}

static void the_list_has_the_newest_first(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    uint64_t total;
    for (uint8_t i = 1; i <= 5; i++) {
        static const char document[] = "{\"infohash\":\"" V1 "\",\"name\":\"T\",\"files\":[]}";
        struct torrent_row row = { .hash = { i }, .added_at_ms = 1000 * (i % 3) };
        assert_int_equal(
            torrent_rows_put(service->store, &row, document, sizeof document - 1, &err), 0);
    }
    assert_int_equal(torrents_list(torrents, 1, 2, &json, &total, &err), 0);
    assert_int_equal(total, 5);
    json_auto_t *rows = NULL;
    assert_int_equal(js_parse(text_string(&json), json.len, json.len, &rows, &err), 0);
    assert_int_equal(json_array_size(rows), 2);
    assert_int_equal(js_int(json_array_get(rows, 0), "n_files", -1), 0);
    assert_null(js_array(json_array_get(rows, 0), "files"));
    assert_string_equal(js_string(json_array_get(rows, 0), "added_at"), "1970-01-01T00:00:02Z");
    assert_int_equal(torrents_list(torrents, 9, 2, &json, &total, &err), 0);
    assert_string_equal(text_string(&json), "[]");
}

static const uint8_t first_hash[TORRENT_HASH_LEN] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd,
                                                      0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
                                                      0xcd, 0xef, 0x01, 0x23, 0x45, 0x67 };

static int count_part(uint32_t index, const char *bytes, size_t len, void *context)
{
    uint32_t *n = context;
    assert_int_equal(index, *n);
    assert_int_equal(len, 4);
    assert_memory_equal(bytes, "part", 4);
    ++*n;
    return 0;
}

static uint32_t parts_of(struct store *store, const uint8_t *hash, enum torrent_part part)
{
    uint32_t n = 0;
    assert_int_equal(torrent_parts_walk(store, hash, part, count_part, &n, NULL), 0);
    return n;
}

static void parts_go_with_their_torrent_and_with_no_other(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    CLEANUP(text_done) struct text part = TEXT_INIT(100);
    struct error err = { 0 };
    uint8_t other[TORRENT_HASH_LEN];
    memcpy(other, first_hash, sizeof other);
    other[TORRENT_HASH_LEN - 1]++;
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    for (uint32_t i = 0; i < 250; i++)
        assert_int_equal(
            torrent_parts_put(service->store, first_hash, TORRENT_PART_MEDIA, i, "part", 4, &err),
            0);
    torrent_parts_put(service->store, first_hash, TORRENT_PART_METAINFO, 0, "part", 4, &err);
    torrent_parts_put(service->store, other, TORRENT_PART_MEDIA, 0, "part", 4, &err);
    assert_int_equal(parts_of(service->store, first_hash, TORRENT_PART_MEDIA), 250);
    assert_int_equal(parts_of(service->store, first_hash, TORRENT_PART_METAINFO), 1);
    assert_int_equal(torrents_forget(torrents, V2, false, &err), 0);
    assert_int_equal(parts_of(service->store, first_hash, TORRENT_PART_MEDIA), 0);
    assert_int_equal(parts_of(service->store, first_hash, TORRENT_PART_METAINFO), 0);
    assert_int_equal(parts_of(service->store, other, TORRENT_PART_MEDIA), 1);
    assert_int_equal(
        torrent_parts_get(service->store, first_hash, TORRENT_PART_MEDIA, 0, &part, &err),
        PROVIDER_ENOTFOUND);
}

static void export_and_import_keep_them(void **state)
{
    struct service *service = *state;
    CLEANUP(torrents_free) struct torrents *torrents = open_torrents(service);
    CLEANUP(mem_free) char *path = mem_format("%s/second", service->folder);
    CLEANUP(store_close) struct store *second = NULL;
    struct error err = { 0 };
    uint64_t n;
    service_answer(service, "script_a", "/resolve/" V1, film);
    add(service, torrents, MAGNET V1, "\"done\"");
    torrent_parts_put(service->store, first_hash, TORRENT_PART_METAINFO, 0, "part", 4, &err);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(maintenance_export(service->store, file, &n, &err), 0);
    rewind(file);
    struct store_options options = { .path = path };
    assert_int_equal(store_open(&options, &second, &err), 0);
    if (maintenance_import(second, file, &n, &err) != 0)
        fail_msg("%s", err.text);
    fclose(file);
    CLEANUP(torrents_free)
    struct torrents *imported =
        torrents_new(second, service->registry, service->jobs, NULL, MAX_RESOLVED);
    json_auto_t *before = show(torrents, V2), *after = show(imported, V2);
    assert_true(json_equal(before, after));
    assert_int_equal(parts_of(second, first_hash, TORRENT_PART_METAINFO), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_magnet_becomes_a_torrent_with_judged_files),
        SERVED(what_is_known_needs_no_job),
        SERVED(trackers_of_later_magnets_are_kept),
        SERVED(a_private_torrent_takes_no_strangers_trackers),
        SERVED(a_hybrid_is_found_under_both_hashes),
        SERVED(a_release_that_somebody_opens_is_looked_at_soon),
        SERVED(what_nobody_could_open_is_not_looked_at_sooner),
        SERVED(another_torrent_than_the_asked_one_is_refused),
        SERVED(the_next_provider_is_asked_when_one_fails),
        SERVED(nobody_knowing_it_is_a_failure_that_can_be_tried_again),
        SERVED(a_magnet_that_cannot_be_trusted_is_refused),
        SERVED(without_a_resolver_it_says_so),
        SERVED(what_is_no_infohash_is_not_found),
        SERVED(a_forgotten_one_is_gone_under_both_hashes),
        SERVED(the_list_has_the_newest_first),
        SERVED(parts_go_with_their_torrent_and_with_no_other),
        SERVED(export_and_import_keep_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
