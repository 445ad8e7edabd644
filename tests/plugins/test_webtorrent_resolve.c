/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: from a magnet to the torrent behind it, over a swarm on loopback. */
#include "../test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "webtorrent_test.h"

static const json_t *only_document(const struct fake_host *host)
{
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(fake_host_n_refused(host), 0);
    return fake_host_document(host, 0)->json;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void assert_is_the_torrent(const struct world *world, const json_t *torrent)
{
    const json_t *files = json_object_get(torrent, "files");
    size_t whole = 0;

    assert_string_equal(text_of(torrent, "infohash"), swarm_hash(world->swarm));
    assert_string_equal(text_of(torrent, "name"), "Show.S01");
    assert_int_equal(json_array_size(files), SWARM_FILES);
    for (size_t i = 0; i < SWARM_FILES; i++) {
        const json_t *file = json_array_get(files, i);
        size_t len;

        swarm_bytes(world->swarm, i, &len);
        assert_string_equal(text_of(file, "path"), swarm_path(world->swarm, i));
        assert_int_equal(json_integer_value(json_object_get(file, "size")), len);
        whole += len;
    }
    assert_int_equal(json_integer_value(json_object_get(torrent, "size")), whole);
}

/* v1, v2 and hybrid: padding and hashes differ, the answer does not. */
static void a_magnet_becomes_its_torrent(enum swarm_format format, size_t v2_len)
{
    void *state = make_world(format);
    struct world *world = state;
    struct fake_host *host = make_host(world);

    swarm_add_seed(world->swarm);
    if (fake_host_resolve_magnet(host, swarm_magnet(world->swarm)) != 0)
        fail_msg("%s", fake_host_error(host));
    const json_t *torrent = only_document(host);
    assert_is_the_torrent(world, torrent);
    assert_int_equal(strlen(text_of(torrent, "infohash_v2")), v2_len);
    assert_true(json_is_false(json_object_get(torrent, "private")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(torrent, "trackers"), 0)),
                        swarm_tracker(world->swarm));
    fake_host_free(host);
    unmake(&state);
}

static void a_v1_magnet_becomes_its_torrent(void **state UNUSED)
{
    a_magnet_becomes_its_torrent(SWARM_V1, 0);
}

static void a_v2_magnet_becomes_its_torrent(void **state UNUSED)
{
    a_magnet_becomes_its_torrent(SWARM_V2, 64);
}

static void a_hybrid_magnet_becomes_its_torrent(void **state UNUSED)
{
    a_magnet_becomes_its_torrent(SWARM_HYBRID, 64);
}

static void a_udp_tracker_leads_to_the_peers(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    char magnet[400];

    swarm_add_seed(world->swarm);
    snprintf(magnet, sizeof(magnet), "magnet:?xt=urn:btih:%s&tr=%s", swarm_hash(world->swarm),
             swarm_udp_tracker(world->swarm));
    assert_int_equal(fake_host_resolve_magnet(host, magnet), 0);
    assert_is_the_torrent(world, only_document(host));
    fake_host_free(host);
}

/* As the core writes links, in both cases. */
static void a_tracker_whose_address_is_escaped_is_asked(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    const char *const port = strrchr(swarm_udp_tracker(world->swarm), ':') + 1;
    char magnet[400];

    swarm_add_seed(world->swarm);
    snprintf(magnet, sizeof(magnet), "magnet:?xt=urn:btih:%s&tr=udp%%3A%%2f%%2F127.0.0.1%%3a%s",
             swarm_hash(world->swarm), port);
    assert_int_equal(fake_host_resolve_magnet(host, magnet), 0);
    assert_is_the_torrent(world, only_document(host));
    fake_host_free(host);
}

static void what_was_resolved_once_needs_no_peers(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);

    swarm_add_seed(world->swarm);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), 0);
    fake_host_free(host);

    swarm_forget_peers(world->swarm);
    host = make_host(world);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), 0);
    assert_is_the_torrent(world, only_document(host));
    fake_host_free(host);
}

static void a_damaged_torrent_file_is_asked_for_again(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    char path[200];

    swarm_add_seed(world->swarm);
    snprintf(path, sizeof(path), "%s/%s.torrent", world->folder, swarm_hash(world->swarm));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("d4:infod4:name4:evil12:piece lengthi16384e6:pieces0:6:lengthi0eee", file);
    fclose(file);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), 0);
    assert_is_the_torrent(world, only_document(host));
    fake_host_free(host);
}

static void no_byte_of_the_files_is_fetched_for_it(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);
    char path[100];

    swarm_add_seed(world->swarm);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), 0);
    fake_host_close(host);
    snprintf(path, sizeof(path), "%s/data", world->folder);
    assert_int_equal(rmdir(path), 0); /* it is empty */
    fake_host_free(host);
}

static void liars_are_left_aside_for_an_honest_peer(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);

    for (size_t i = 0; i < 5; i++)
        swarm_add_peer(world->swarm, "lying");
    swarm_add_dead_peer(world->swarm);
    swarm_add_seed(world->swarm);
    if (fake_host_resolve_magnet(host, swarm_magnet(world->swarm)) != 0)
        fail_msg("%s", fake_host_error(host));
    assert_is_the_torrent(world, only_document(host));
    fake_host_free(host);
}

static void a_folder_that_goes_with_the_provider_is_the_default(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);

    setenv("TMPDIR", world->folder, 1);
    fake_host_set_option(host, "folder", NULL);
    swarm_add_seed(world->swarm);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), 0);
    fake_host_free(host);
    unsetenv("TMPDIR");
    DIR *left = opendir(world->folder);
    assert_non_null(left);
    while (true) {
        const struct dirent *entry = readdir(left);
        if (!entry)
            break;
        assert_int_equal(entry->d_name[0], '.');
    }
    closedir(left);
}

static void a_link_that_is_in_doubt_is_refused(void **state)
{
    static const char *const links[] = {
        "",
        "magnet:?dn=nothing",
        "magnet:?xt=urn:btih:",
        "magnet:?xt=urn:btih:0000000000000000000000000000000000000000",
        "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1",
        "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1g",
        "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c00",
        "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c"
        "&xt=urn:btih:ad8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
        "magnet:?xt=urn:btmh:1220dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
        "http://127.0.0.1/magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c",
    };
    struct fake_host *host = make_host(*state);

    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        if (fake_host_resolve_magnet(host, links[i]) != PROVIDER_EINVAL)
            fail_msg("'%s' was not refused", links[i]);
        assert_string_not_equal(fake_host_error(host), "");
    }
    assert_int_equal(fake_host_n_documents(host), 0);
    fake_host_free(host);
}

static void time_that_is_over_is_over(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);

    swarm_add_dead_peer(world->swarm);
    fake_host_set_remaining(host, 0);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), PROVIDER_ETIME);
    assert_non_null(strstr(fake_host_error(host), "nobody told"));
    fake_host_free(host);
}

static void a_document_the_host_refuses_is_no_success(void **state)
{
    struct world *world = *state;
    struct fake_host *host = make_host(world);

    swarm_add_seed(world->swarm);
    fake_host_stop_after_documents(host, 0, PROVIDER_EFULL);
    assert_int_equal(fake_host_resolve_magnet(host, swarm_magnet(world->swarm)), PROVIDER_EFULL);
    fake_host_free(host);
}

static void a_wrong_option_keeps_it_from_opening(void **state)
{
    static const char *const wrong[][2] = {
        { "encryption", "maybe" },
        { "dht", "perhaps" },
        { "disk_mib", "-1" },
        { "connections", "many" },
        { "allow_networks", "10.0.0.0/33" },
        { "allow_networks", "home" },
        { "allow_networks", "10.0.0.0/" },
        { "proxy", "ftp://127.0.0.1:21" },
        { "proxy", "socks5://host" },
        { "proxy", "socks5://host:70000" },
    };

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct fake_host *host = make_host(*state);

        fake_host_set_option(host, wrong[i][0], wrong[i][1]);
        if (fake_host_open(host) != PROVIDER_EINVAL)
            fail_msg("%s = '%s' was accepted", wrong[i][0], wrong[i][1]);
        assert_non_null(strstr(fake_host_error(host), wrong[i][0]));
        fake_host_free(host);
    }
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
    struct fake_host *host = make_host(*state);

    fake_host_set_option(host, "folder", "/proc/nowhere");
    assert_int_equal(fake_host_resolve_magnet(
                         host, "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c"),
                     PROVIDER_EIO);
    assert_non_null(strstr(fake_host_error(host), "/proc/nowhere"));
    fake_host_free(host);
}

static int resolve_with(const struct world *world, const char *allow, unsigned steps,
                        struct engine_error *err)
{
    const char *const trackers[] = { swarm_tracker(world->swarm), swarm_udp_tracker(world->swarm) };
    const struct engine_magnet magnet = { .v1 = swarm_hash(world->swarm),
                                          .trackers = trackers,
                                          .n_trackers = 2 };
    struct patience patience = { .steps = steps };
    const struct engine_wait wait = patience_wait(&patience);
    struct engine_metainfo *torrent = NULL;
    struct engine *engine = make_engine(world, allow, 0);

    int code = engine_resolve(engine, &magnet, &wait, &torrent, err);
    engine_metainfo_free(torrent);
    engine_close(engine);
    return code;
}

static void where_only_liars_are_the_time_runs_out(void **state)
{
    struct world *world = *state;
    struct engine_error err;

    swarm_add_peer(world->swarm, "lying");
    assert_int_equal(resolve_with(world, "127.0.0.0/8", 20, &err), PROVIDER_ETIME);
    assert_non_null(strstr(err.text, "false answers"));
}

static void private_addresses_are_not_asked_unless_allowed(void **state)
{
    struct world *world = *state;
    struct engine_error err;

    swarm_add_seed(world->swarm);
    assert_int_equal(resolve_with(world, NULL, 20, &err), PROVIDER_ETIME);
    assert_int_equal(resolve_with(world, "10.0.0.0/8 ::1", 20, &err), PROVIDER_ETIME);
    assert_int_equal(swarm_n_asked(world->swarm), 0);
    assert_int_equal(resolve_with(world, "127.0.0.0/8", 1000, &err), 0);
    assert_int_not_equal(swarm_n_asked(world->swarm), 0);
}

#define IN_V1(test) cmocka_unit_test_setup_teardown(test, make_v1, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_v1_magnet_becomes_its_torrent),
        cmocka_unit_test(a_v2_magnet_becomes_its_torrent),
        cmocka_unit_test(a_hybrid_magnet_becomes_its_torrent),
        IN_V1(a_udp_tracker_leads_to_the_peers),
        IN_V1(a_tracker_whose_address_is_escaped_is_asked),
        IN_V1(what_was_resolved_once_needs_no_peers),
        IN_V1(a_damaged_torrent_file_is_asked_for_again),
        IN_V1(no_byte_of_the_files_is_fetched_for_it),
        IN_V1(liars_are_left_aside_for_an_honest_peer),
        IN_V1(a_folder_that_goes_with_the_provider_is_the_default),
        IN_V1(a_link_that_is_in_doubt_is_refused),
        IN_V1(time_that_is_over_is_over),
        IN_V1(a_document_the_host_refuses_is_no_success),
        IN_V1(a_wrong_option_keeps_it_from_opening),
        IN_V1(a_folder_that_cannot_be_made_is_said),
        IN_V1(where_only_liars_are_the_time_runs_out),
        IN_V1(private_addresses_are_not_asked_unless_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
