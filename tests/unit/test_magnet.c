/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "torrent/magnet.h"

#define V1 "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
#define V2 "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
#define LINK "magnet:?xt=urn:btih:" V1

enum { RECORDED_MAX = 4 << 20 };

static struct magnet *parse_with(const char *link, unsigned flags)
{
    struct magnet *magnet = NULL;
    struct error err = { 0 };
    if (magnet_parse(link, strlen(link), flags, &magnet, &err))
        fail_msg("'%.200s': %s", link, err.text);
    return magnet;
}

static struct magnet *parse(const char *link)
{
    return parse_with(link, 0);
}

static void refuse(const char *link, const char *because)
{
    struct magnet *magnet = NULL;
    struct error err = { 0 };
    assert_int_equal(magnet_parse(link, strlen(link), 0, &magnet, &err), PROVIDER_EINVAL);
    assert_null(magnet);
    if (!strstr(err.text, because))
        fail_msg("'%s' is refused with '%s'", link, err.text);
}

static void expect_canonical(const char *link, const char *canonical)
{
    CLEANUP(magnet_free) struct magnet *magnet = parse(link);
    CLEANUP(text_done) struct text out = TEXT_INIT(MAGNET_LEN);
    assert_true(magnet_build(magnet, &out));
    assert_string_equal(text_string(&out), canonical);
}

/* --- Hashes */

static void hashes_are_read_in_every_spelling(void **state)
{
    (void)state;
    expect_canonical("magnet:?xt=urn:btih:CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD", LINK);
    expect_canonical("MAGNET:?XT=URN:BTIH:" V1, LINK);
    expect_canonical(" \r\n" LINK "\r\n", LINK);
    expect_canonical(LINK "#fragment", LINK);
    expect_canonical("magnet:?xt=urn%3Abtih%3A" V1, LINK);
    expect_canonical("magnet:?xt.1=urn:btih:" V1, LINK);
    expect_canonical("magnet:?&&dn=&xt=urn:btih:" V1 "&", LINK);
    expect_canonical("magnet:?xt=urn:btih:MFRGCYTBMJQWEYLCMFRGCYTBMJQWEYLC",
                     "magnet:?xt=urn:btih:6162616261626162616261626162616261626162");
    expect_canonical("magnet:?xt=urn:btih:mfrgcytbmjqweylcmfrgcytbmjqweylc",
                     "magnet:?xt=urn:btih:6162616261626162616261626162616261626162");
    expect_canonical("magnet:?xt=urn:btmh:1220" V2, "magnet:?xt=urn:btmh:1220" V2);
}

static void a_hybrid_names_both_and_in_one_order(void **state)
{
    (void)state;
    const char *both = LINK "&xt=urn:btmh:1220" V2;
    expect_canonical(both, both);
    expect_canonical("magnet:?xt=urn:btmh:1220" V2 "&xt=urn:btih:" V1, both);
    expect_canonical("magnet:?xt.2=urn:btmh:1220" V2 "&xt.1=urn:btih:" V1, both);
}

static void the_same_hash_twice_is_one(void **state)
{
    (void)state;
    expect_canonical(LINK "&xt=urn:btih:CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD", LINK);
    expect_canonical("magnet:?xt=urn:ed2k:354B15E68FB8F36D7CD88FF94116CDC1&xt=urn:btih:" V1, LINK);
}

static void what_is_no_magnet_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",
                                         " ",
                                         "magnet",
                                         "magnet:",
                                         "magnet:xt=urn:btih:" V1,
                                         "http://x.org/?xt=urn:btih:" V1,
                                         V1,
                                         "#" LINK,
                                         "javascript:magnet:?xt=urn:btih:" V1 };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        refuse(wrong[i], "no magnet link");
    static const char *const hashless[] = { "magnet:?",
                                            "magnet:?dn=x",
                                            "magnet:?xt=",
                                            "magnet:?xt=urn:sha1:" V1,
                                            "magnet:?xturn:btih:" V1,
                                            "magnet:?xs=urn:btih:" V1,
                                            "magnet:?dn=urn:btih:" V1 };
    for (size_t i = 0; i < ARRAY_LEN(hashless); i++)
        refuse(hashless[i], "no BitTorrent hash");
}

static void a_hash_in_doubt_refuses_the_link(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "abababab",
        V1 "0",
        V2,
        "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcg",
        "0000000000000000000000000000000000000000",
        "11111111111111111111111111111111",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA8",
        "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd%00",
        "%20dcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd+d",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        char link[256];
        snprintf(link, sizeof link, "magnet:?xt=urn:btih:%s", wrong[i]);
        refuse(link, "btih");
        snprintf(link, sizeof link, "magnet:?xt=urn:btih:" V1 "&xt=urn:btih:%s", wrong[i]);
        refuse(link, "btih");
    }
    static const char *const wrong2[] = {
        "",
        V2,
        "1320" V2,
        "1221" V2,
        "1220" V1,
        "1220" V2 "cd",
        "1220zzcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        "12200000000000000000000000000000000000000000000000000000000000000000",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong2); i++) {
        char link[256];
        snprintf(link, sizeof link, "magnet:?xt=urn:btih:" V1 "&xt=urn:btmh:%s", wrong2[i]);
        refuse(link, "btmh");
    }
}

static void two_different_hashes_refuse_the_link(void **state)
{
    (void)state;
    refuse(LINK "&xt=urn:btih:abababababababababababababababababababab", "two different v1");
    refuse("magnet:?xt=urn:btmh:1220" V2
           "&xt=urn:btmh:1220abababababababababababababababababababababababababababababababab",
           "two different v2");
}

/* --- Names */

static void a_name_is_shown_as_it_is_meant(void **state)
{
    (void)state;
    static const struct {
        const char *given, *name;
    } cases[] = {
        { "Am%C3%A9lie%20%5B1080p%5D", "Am\u00e9lie [1080p]" },
        { "a%26b%3Dc", "a&b=c" },
        { "a+b", "a b" },
        { "one&dn=two", "one" },
        { "100%", "100%" },
        { "%zz", "%zz" },
        { "a%00b", "a b" },
        { "a%0D%0Ab%1B[31m", "a b [31m" },
        { "%E2%80%AEfdp.exe", "fdp.exe" },
        { "%FF%FEa%C0%AF", "a" },
        { "../../etc/passwd", "../../etc/passwd" },
        { "%20%20a%20%20%20b%20", "a b" },
        { "&amp;dn=x", "x" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char link[256];
        snprintf(link, sizeof link, LINK "&dn=%s", cases[i].given);
        CLEANUP(magnet_free) struct magnet *magnet = parse(link);
        assert_non_null(magnet->name);
        assert_string_equal(magnet->name, cases[i].name);
    }
}

static void a_name_of_nothing_is_none(void **state)
{
    (void)state;
    static const char *const names[] = { "", "%20", "%00%0a", "%E2%80%8B", "%FF" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char link[256];
        snprintf(link, sizeof link, LINK "&dn=%s", names[i]);
        CLEANUP(magnet_free) struct magnet *magnet = parse(link);
        assert_null(magnet->name);
    }
}

static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
    text_add_string(&link, LINK "&dn=a");
    for (int i = 0; i < 3000; i++)
        text_add_string(&link, "%C3%A9");
    CLEANUP(magnet_free) struct magnet *magnet = parse(text_string(&link));
    assert_true(strlen(magnet->name) >= MAGNET_TEXT_LEN - 2);
    assert_true(strlen(magnet->name) <= MAGNET_TEXT_LEN);
    assert_true(text_is_utf8(magnet->name, strlen(magnet->name)));
}

/* --- Trackers, seeds, peers */

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

/* --- Building */

static void the_order_of_a_built_link_is_always_the_same(void **state)
{
    (void)state;
    const char *canonical =
        LINK "&xl=5&dn=A%20film%20%282020%29&tr=udp%3A%2F%2Fb.example.org%3A80&tr=udp%3A%2F%2F"
             "a.example.org%3A80&ws=http%3A%2F%2Fw.org%2F&as=http%3A%2F%2Fs.org%2F&xs=http%3A%2F%2F"
             "x.org%2F&kt=one%20two&x.pe=8.8.8.8%3A1&so=1,3-4";
    expect_canonical(LINK "&so=3-4,1&x.pe=8.8.8.8:1&kt=one+two&xs=http://x.org/&as=http://s.org/"
                          "&ws=http://w.org/&tr=udp://b.example.org:80&dn=A+film+(2020)"
                          "&tr=udp://a.example.org:80&xl=5",
                     canonical);
    expect_canonical(canonical, canonical);
}

static void nothing_is_built_without_a_hash_or_beyond_the_limit(void **state)
{
    (void)state;
    struct magnet none = { .name = NULL };
    CLEANUP(text_done) struct text out = TEXT_INIT(MAGNET_LEN), small = TEXT_INIT(40);
    assert_false(magnet_build(&none, &out));
    assert_int_equal(out.len, 0);
    CLEANUP(magnet_free) struct magnet *magnet = parse(LINK);
    assert_false(magnet_build(magnet, &small));
}

static void a_tracker_is_added_once_and_only_when_it_is_one(void **state)
{
    (void)state;
    CLEANUP(magnet_free) struct magnet *magnet = parse(LINK);
    assert_true(magnet_add_tracker(magnet, "udp://tracker.opentrackr.org:1337/announce", 0));
    assert_false(magnet_add_tracker(magnet, "UDP://Tracker.Opentrackr.org:1337/announce", 0));
    assert_false(magnet_add_tracker(magnet, "udp://127.0.0.1:1337/announce", 0));
    assert_false(magnet_add_tracker(magnet, "", 0));
    assert_int_equal(magnet->trackers.n, 1);
}

/* --- Recorded */

static bool is_same(const json_t *wanted, const char *have)
{
    const char *text = json_string_value(wanted);
    if (!text)
        return text_is_empty(have);
    return have && (strcmp(text, have) == 0 ||
                    (strlen(have) == MAGNET_TEXT_LEN && strncmp(text, have, MAGNET_TEXT_LEN) == 0));
}

static void expect_list(const json_t *wanted, const struct magnet_list *list)
{
    assert_int_equal(json_array_size(wanted), list->n);
    for (size_t i = 0; i < list->n; i++)
        assert_string_equal(json_string_value(json_array_get(wanted, i)), list->texts[i]);
}

static void judge_recorded(const json_t *each)
{
    const char *link = json_string_value(json_object_get(each, "uri"));
    const json_t *wanted = json_object_get(each, "recommended");
    CLEANUP(magnet_free) struct magnet *magnet = NULL;
    int rc = magnet_parse(link, strlen(link), 0, &magnet, NULL);
    if ((rc == 0) != js_bool(wanted, "accept", false))
        fail_msg("'%.200s' is %s", link, rc ? "refused" : "accepted");
    if (rc)
        return;
    assert_true(is_same(json_object_get(wanted, "v1"), magnet->v1));
    assert_true(is_same(json_object_get(wanted, "v2"), magnet->v2));
    assert_true(is_same(json_object_get(wanted, "name"), magnet->name));
    expect_list(json_object_get(wanted, "trackers"), &magnet->trackers);
    expect_list(json_object_get(wanted, "web_seeds"), &magnet->web_seeds);
}

static void every_recorded_link_reads_as_recommended(void **state)
{
    (void)state;
    char path[512];
    const char *top = getenv("MIAUFLIX_SRCDIR");
    snprintf(path, sizeof path, "%s/../shared/recorded/torrents/magnets.json", top ? top : ".");
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (!file) {
        print_message("# SKIPPED: %s is not there\n", path);
        skip();
    }
    CLEANUP(mem_free) char *bytes = mem_alloc(RECORDED_MAX);
    size_t len = fread(bytes, 1, RECORDED_MAX, file), i;
    json_auto_t *all = json_loadb(bytes, len, 0, NULL);
    assert_true(json_array_size(all) >= 35);
    json_t *each;
    json_array_foreach (all, i, each)
        judge_recorded(each);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_read_in_every_spelling),
        cmocka_unit_test(a_hybrid_names_both_and_in_one_order),
        cmocka_unit_test(the_same_hash_twice_is_one),
        cmocka_unit_test(what_is_no_magnet_is_refused),
        cmocka_unit_test(a_hash_in_doubt_refuses_the_link),
        cmocka_unit_test(two_different_hashes_refuse_the_link),
        cmocka_unit_test(a_name_is_shown_as_it_is_meant),
        cmocka_unit_test(a_name_of_nothing_is_none),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
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
        cmocka_unit_test(the_order_of_a_built_link_is_always_the_same),
        cmocka_unit_test(nothing_is_built_without_a_hash_or_beyond_the_limit),
        cmocka_unit_test(a_tracker_is_added_once_and_only_when_it_is_one),
        cmocka_unit_test(every_recorded_link_reads_as_recommended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
