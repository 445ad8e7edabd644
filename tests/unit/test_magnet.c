/* SPDX-License-Identifier: MIT
 *
 * Magnet links: their hashes and names, building them, and recorded ones. */
#include "magnet_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "torrent/magnet.h"

#define V2 "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"

enum { RECORDED_MAX = 4 << 20 };

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(hashes_are_read_in_every_spelling),
    cmocka_unit_test(a_hybrid_names_both_and_in_one_order),
    cmocka_unit_test(the_same_hash_twice_is_one),
    cmocka_unit_test(what_is_no_magnet_is_refused),
    cmocka_unit_test(a_hash_in_doubt_refuses_the_link),
    cmocka_unit_test(two_different_hashes_refuse_the_link),
    cmocka_unit_test(a_name_is_shown_as_it_is_meant),
    cmocka_unit_test(a_name_of_nothing_is_none),
    cmocka_unit_test(a_long_name_is_cut_between_characters),
    cmocka_unit_test(the_order_of_a_built_link_is_always_the_same),
    cmocka_unit_test(nothing_is_built_without_a_hash_or_beyond_the_limit),
    cmocka_unit_test(a_tracker_is_added_once_and_only_when_it_is_one),
    cmocka_unit_test(every_recorded_link_reads_as_recommended),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), magnet_parts_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
