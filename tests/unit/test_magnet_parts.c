/* SPDX-License-Identifier: MIT
 *
 * The other parts of a link: trackers, seeds, peers, files, numbers. */
#include "magnet_test.h"

#include <string.h>

#include "torrent/magnet.h"

static void trackers_are_normalised_and_none_comes_twice(void **state)
{
    (void)state;
    CLEANUP(magnet_free)
    struct magnet *magnet = parse(
        LINK "&tr=udp%3A%2F%2FA.Example.org%3A80%2Fannounce&tr=UDP://a.example.org:80/announce"
             "&tr.3=http://t.example.org:80/a%3Fpasskey=1&tr=https://t.example.org:443/a"
             "&tr=wss://w.example.org&tr=http://t.example.org./a%23x");
    assert_int_equal(magnet->trackers.n, 5);
    assert_string_equal(magnet->trackers.texts[0], "udp://a.example.org:80/announce");
    assert_string_equal(magnet->trackers.texts[1], "http://t.example.org/a?passkey=1");
    assert_string_equal(magnet->trackers.texts[2], "https://t.example.org/a");
    assert_string_equal(magnet->trackers.texts[3], "wss://w.example.org");
    assert_string_equal(magnet->trackers.texts[4], "http://t.example.org/a");
    assert_int_equal(magnet->n_dropped, 1);
}

static void hostile_trackers_are_dropped(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "javascript:alert(1)",
        "javascript://x.org/%0Aalert(1)",
        "garbage",
        "file:///etc/passwd",
        "ftp://x.org/",
        "http:/x.org/",
        "http://",
        "http:///a",
        "udp://x.org",
        "udp://x.org:0",
        "udp://x.org:65536",
        "udp://x.org:8a",
        "udp://x.org:123456",
        "http://user:pw@x.org/",
        "http://x.org\\@y.org/",
        "http://x..org/",
        "http://-x.org/",
        "http://x-.org/",
        "http://x.org/a b",
        "http://x.org/a\r\nb",
        "http://x.org/\x7f",
        "http://[2606::1/",
        "http://[zz]/",
        "http://x.org:80:80/",
        "gopher://x.org/",
        /* not public */
        "http://localhost/announce",
        "http://LOCALHOST./a",
        "http://a.localhost/",
        "http://127.0.0.1/announce",
        "udp://10.0.0.1:80",
        "http://192.168.1.1/",
        "http://router/",
        "http://nas.local/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        /* addresses that only some resolvers understand */
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.nip.0/",
        "http://\xe2\x91\xa0.org/",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
        text_add_string(&link, LINK "&tr=");
        text_add_url_encoded(&link, wrong[i]);
        CLEANUP(magnet_free) struct magnet *magnet = parse(text_string(&link));
        if (magnet->trackers.n)
            fail_msg("'%s' became '%s'", wrong[i], magnet->trackers.texts[0]);
        assert_int_equal(magnet->n_dropped, 1);
    }
}

static void empty_and_misjoined_trackers_are_no_parts(void **state)
{
    (void)state;
    CLEANUP(magnet_free)
    struct magnet *magnet =
        parse(LINK "&tr=&tr=udp://a.example:80&trhttp%3A%2F%2Fb.example%2Fannounce");
    assert_int_equal(magnet->trackers.n, 1);
    assert_int_equal(magnet->n_dropped, 0);
}

static void there_is_an_end_to_trackers_and_peers(void **state)
{
    (void)state;
    CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
    text_add_string(&link, LINK);
    for (int i = 0; i < 3000; i++)
        text_add_format(&link, "&tr=udp://t%d.example.org:80&x.pe=8.8.%d.%d:80", i, i / 250,
                        i % 250);
    text_add_string(&link, "&dn=last");
    CLEANUP(magnet_free) struct magnet *magnet = parse(text_string(&link));
    assert_int_equal(magnet->trackers.n, MAGNET_TRACKERS);
    assert_int_equal(magnet->peers.n, MAGNET_PEERS);
    assert_int_equal(magnet->n_dropped, 6000 - MAGNET_TRACKERS - MAGNET_PEERS);
    assert_string_equal(magnet->name, "last");
}

static void a_link_without_end_is_refused(void **state)
{
    (void)state;
    CLEANUP(mem_free) char *link = mem_alloc(MAGNET_LEN + 64);
    memset(link, 'a', MAGNET_LEN + 32);
    memcpy(link, LINK "&dn=", sizeof LINK "&dn=" - 1);
    refuse(link, "more than");
}

static void private_addresses_pass_when_they_are_allowed(void **state)
{
    (void)state;
    CLEANUP(magnet_free)
    struct magnet *magnet =
        parse_with(LINK "&tr=http://127.0.0.1:7002/announce&x.pe=127.0.0.1:6881&x.pe=[::1]:6881",
                   MAGNET_ALLOW_PRIVATE);
    assert_int_equal(magnet->trackers.n, 1);
    assert_int_equal(magnet->peers.n, 2);
    assert_string_equal(magnet->peers.texts[1], "[::1]:6881");
}

static void peers_are_public_and_have_a_port(void **state)
{
    (void)state;
    CLEANUP(magnet_free)
    struct magnet *magnet =
        parse(LINK "&x.pe=123.213.32.10:47450&x.pe=[2606:4700:0:0::1111]:55013"
                   "&x.pe=Peer.Example.org:6881&x.pe=127.0.0.1:99999&x.pe=10.0.0.1:80&x.pe=1.2.3.4"
                   "&x.pe=1.2.3.4:0&x.pe=0.0.0.0:1&x.pe=[::1]:80&x.pe=1.2.3.4:80:80&x.pe=:80"
                   "&x.pe=2606:4700::1:80&x.pe=a@b.org:80&x.pe=0x7f.1:80");
    assert_int_equal(magnet->peers.n, 3);
    assert_string_equal(magnet->peers.texts[0], "123.213.32.10:47450");
    assert_string_equal(magnet->peers.texts[1], "[2606:4700::1111]:55013");
    assert_string_equal(magnet->peers.texts[2], "peer.example.org:6881");
    assert_int_equal(magnet->n_dropped, 11);
}

static void seeds_and_sources_are_web_addresses(void **state)
{
    (void)state;
    CLEANUP(magnet_free)
    struct magnet *magnet = parse(
        LINK "&Ws=http://foo.com/bar&ws=file:///etc/passwd&ws=udp://x.org:1&ws=http://10.0.0.1/"
             "&as=https://a.org/f&as=ftp://a.org/f&xs=http://c.org/x&xs=dchub://example.org"
             "&xs=urn:btpk:9A36edf0988ddc1a0fc02d4e8652cce87a71aaac71fce936e650a597c0fb72e0"
             "&xs=urn:btpk:9a36&xs=http://127.0.0.1/");
    assert_int_equal(magnet->web_seeds.n, 1);
    assert_string_equal(magnet->web_seeds.texts[0], "http://foo.com/bar");
    assert_int_equal(magnet->sources.n, 1);
    assert_int_equal(magnet->exact_sources.n, 2);
    assert_string_equal(
        magnet->exact_sources.texts[1],
        "urn:btpk:9a36edf0988ddc1a0fc02d4e8652cce87a71aaac71fce936e650a597c0fb72e0");
    assert_int_equal(magnet->n_dropped, 7);
}

/* --- Files and numbers */

static void expect_files(const char *given, const char *files)
{
    char link[512];
    snprintf(link, sizeof link, LINK "&so=%s", given);
    CLEANUP(magnet_free) struct magnet *magnet = parse(link);
    CLEANUP(text_done) struct text out = TEXT_INIT(MAGNET_LEN);
    assert_true(magnet_build(magnet, &out));
    const char *so = strstr(text_string(&out), "&so=");
    assert_string_equal(so ? so + 4 : "", files);
}

static void selected_files_become_ranges(void **state)
{
    (void)state;
    expect_files("0", "0");
    expect_files("0,2,4,6-8", "0,2,4,6-8");
    expect_files("1-3,2-4", "1-4");
    expect_files("8,7,6,0", "0,6-8");
    expect_files("5,1,3,2,4", "1-5");
    expect_files("0-999999", "0-999999");
}

static void bad_and_huge_selections_are_left_out(void **state)
{
    (void)state;
    static const char *const wrong[] = { "abc",
                                         "5-2",
                                         "-1",
                                         "1-",
                                         "1-2-3",
                                         "1x",
                                         ",",
                                         "+1",
                                         "1.5",
                                         "0-99999999999",
                                         "18446744073709551616",
                                         "1000000",
                                         "4294967296-4294967297",
                                         "%00",
                                         "0x10" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char both[128];
        expect_files(wrong[i], "");
        snprintf(both, sizeof both, "%s,7", wrong[i]);
        expect_files(both, "7");
    }
}

static void there_is_an_end_to_ranges(void **state)
{
    (void)state;
    CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
    text_add_string(&link, LINK "&so=0");
    for (int i = 1; i < 5000; i++)
        text_add_format(&link, ",%d", i * 2);
    CLEANUP(magnet_free) struct magnet *magnet = parse(text_string(&link));
    assert_int_equal(magnet->n_files, MAGNET_RANGES);
}

static void a_length_is_a_number_of_bytes(void **state)
{
    (void)state;
    CLEANUP(magnet_free) struct magnet *magnet = parse(LINK "&xl=10826029&xl=5");
    assert_int_equal(magnet->length, 10826029);
    static const char *const wrong[] = { "0", "-1", "1e9", "99999999999999999999", "x", "1%00" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char link[256];
        snprintf(link, sizeof link, LINK "&xl=%s", wrong[i]);
        CLEANUP(magnet_free) struct magnet *other = parse(link);
        assert_int_equal(other->length, 0);
        assert_int_equal(other->n_dropped, 1);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(trackers_are_normalised_and_none_comes_twice),
    cmocka_unit_test(hostile_trackers_are_dropped),
    cmocka_unit_test(empty_and_misjoined_trackers_are_no_parts),
    cmocka_unit_test(there_is_an_end_to_trackers_and_peers),
    cmocka_unit_test(a_link_without_end_is_refused),
    cmocka_unit_test(private_addresses_pass_when_they_are_allowed),
    cmocka_unit_test(peers_are_public_and_have_a_port),
    cmocka_unit_test(seeds_and_sources_are_web_addresses),
    cmocka_unit_test(selected_files_become_ranges),
    cmocka_unit_test(bad_and_huge_selections_are_left_out),
    cmocka_unit_test(there_is_an_end_to_ranges),
    cmocka_unit_test(a_length_is_a_number_of_bytes),
};

const struct test_part magnet_parts_part = TEST_PART(tests);
