/* SPDX-License-Identifier: MIT */
#include "metainfo_test.h"

#include <sodium.h>

struct v2 {
    uint8_t hashes[3 * 32], root[32];
    struct text torrent;
};

static void join(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    uint8_t both[64];
    memcpy(both, left, 32);
    memcpy(both + 32, right, 32);
    crypto_hash_sha256(out, both, sizeof both);
}

/* One file of three pieces, called like the torrent; with `v1`, the other half. */
static void build_v2(struct v2 *v2, const char *v1, bool with_layers)
{
    static const uint8_t zeros[32];
    uint8_t left[32], right[32];
    v2->torrent = (struct text)TEXT_INIT(10000);
    for (size_t i = 0; i < sizeof v2->hashes; i++)
        v2->hashes[i] = (uint8_t)(i * 7);
    join(v2->hashes, v2->hashes + 32, left);
    join(v2->hashes + 64, zeros, right);
    join(left, right, v2->root);
    struct text *out = &v2->torrent;
    text_add_string(out, "d4:infod9:file treed8:Film.mkvd0:d6:lengthi40000e11:pieces root32:");
    text_add(out, v2->root, 32);
    text_add_format(out, "eee%s12:meta versioni2e4:name8:Film.mkv12:piece lengthi16384e%se",
                    v1 ? v1 : "", v1 ? "6:pieces60:" : "");
    if (v1) {
        out->len--;
        for (size_t i = 0; i < 60; i++)
            text_add_char(out, 'p');
        text_add_char(out, 'e');
    }
    if (with_layers) {
        text_add_string(out, "12:piece layersd32:");
        text_add(out, v2->root, 32);
        text_add_string(out, "96:");
        text_add(out, v2->hashes, 96);
        text_add_char(out, 'e');
    }
    text_add_char(out, 'e');
}

static void a_v2_torrent_is_read_with_and_without_its_layers(void **state UNUSED)
{
    for (int with_layers = 0; with_layers < 2; with_layers++) {
        struct v2 v2;
        build_v2(&v2, NULL, with_layers);
        CLEANUP(metainfo_free)
        struct metainfo *metainfo = read_bytes(v2.torrent.bytes, v2.torrent.len);
        CLEANUP(text_done) struct text written = TEXT_INIT(METAINFO_MAX);
        assert_string_equal(metainfo->v1, "");
        assert_int_equal(strlen(metainfo->v2), 64);
        assert_memory_equal(js_string(metainfo->document, "infohash"), metainfo->v2, 40);
        assert_string_equal(path_of(metainfo, 0), "Film.mkv");
        assert_int_equal(js_int(metainfo->document, "pieces", 0), 3);
        assert_true(metainfo_is(metainfo, js_string(metainfo->document, "infohash")));
        assert_true(metainfo_write(metainfo, &written));
        CLEANUP(metainfo_free)
        struct metainfo *again = read_bytes(written.bytes, written.len);
        assert_string_equal(again->v2, metainfo->v2);
        assert_int_equal(again->layers.len, metainfo->layers.len);
        text_done(&v2.torrent);
    }
}

static void a_hybrid_has_both_hashes_and_one_list_of_files(void **state UNUSED)
{
    struct v2 v2;
    char other[41] = "0000000000000000000000000000000000000001";
    build_v2(&v2, "6:lengthi40000e", true);
    CLEANUP(metainfo_free)
    struct metainfo *metainfo = read_bytes(v2.torrent.bytes, v2.torrent.len);
    assert_int_equal(strlen(metainfo->v1), 40);
    assert_string_equal(js_string(metainfo->document, "infohash"), metainfo->v1);
    assert_string_equal(js_string(metainfo->document, "infohash_v2"), metainfo->v2);
    assert_true(metainfo_is(metainfo, metainfo->v1));
    assert_false(metainfo_is(metainfo, other));
    assert_false(metainfo_is(metainfo, metainfo->v2));
    assert_int_equal(n_files(metainfo), 1);
    text_done(&v2.torrent);
}

static void halves_that_differ_are_refused(void **state UNUSED)
{
    static const char *const halves[] = {
        "6:lengthi39999e",
        "5:filesld6:lengthi40000e4:pathl8:Film.mkveee",
        "5:filesld6:lengthi40000e4:pathl1:xeee",
        "",
    };
    for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
        struct v2 v2;
        build_v2(&v2, halves[i], true);
        refuse_bytes(v2.torrent.bytes, v2.torrent.len);
        text_done(&v2.torrent);
    }
}

static void layers_that_make_another_root_are_refused(void **state UNUSED)
{
    struct v2 v2;
    build_v2(&v2, NULL, true);
    v2.torrent.bytes[v2.torrent.len - 10] ^= 1;
    refuse_bytes(v2.torrent.bytes, v2.torrent.len);
    text_done(&v2.torrent);
}

#define TREE(tree) "d4:infod9:file tree" tree "12:meta versioni2e4:name1:n12:piece lengthi16384eee"
#define ROOT "11:pieces root32:rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"

static void trees_are_read_in_order_with_their_folders(void **state UNUSED)
{
    CLEANUP(metainfo_free)
    struct metainfo *metainfo =
        read_text(TREE("d1:ad0:d6:lengthi5e" ROOT "ee1:bd1:cd0:d6:lengthi0eeeee"));
    assert_int_equal(n_files(metainfo), 2);
    assert_string_equal(path_of(metainfo, 0), "n/a");
    assert_string_equal(path_of(metainfo, 1), "n/b/c");
}

static void trees_that_are_none_are_refused(void **state UNUSED)
{
    static const char *const trees[] = {
        TREE("de"),
        TREE("le"),
        TREE("d0:d6:lengthi0eee"), /* no name */
        TREE("d1:ade"),            /* cut off */
        TREE("d1:adee"),           /* an empty folder */
        TREE("d1:ai5ee"),
        TREE("d1:ad0:d6:lengthi5eeee"),         /* no hash */
        TREE("d1:ad0:d6:lengthi0e" ROOT "eee"), /* a hash of nothing */
        TREE("d1:ad0:d6:lengthi5e11:pieces root3:abceee"),
        TREE("d1:ad0:d6:lengthi-5e" ROOT "eee"),
        TREE("d1:ad0:d6:lengthi5e" ROOT "e1:bd0:d6:lengthi0eeeee"), /* a file and a folder */
        TREE("d2:..d0:d6:lengthi0eeee"),
        TREE("d3:a/bd0:d6:lengthi0eeee"),
        "d4:infod12:meta versioni2e4:name1:n12:piece lengthi16384eee",
        "d4:infod9:file treed1:ad0:d6:lengthi0eeee12:meta versioni3e4:name1:n12:piece "
        "lengthi16384eee",
        "d4:infod9:file treed1:ad0:d6:lengthi0eeee12:meta versioni2e4:name1:n12:piece "
        "lengthi8192eee",
        "d4:infod9:file treed1:ad0:d6:lengthi0eeee12:meta versioni2e4:name1:n12:piece "
        "lengthi20000eee",
    };
    for (size_t i = 0; i < ARRAY_LEN(trees); i++)
        refuse(trees[i]);
}

static void every_cut_off_file_is_refused(void **state UNUSED)
{
    struct v2 v2;
    build_v2(&v2, "6:lengthi40000e", true);
    for (size_t len = 0; len < v2.torrent.len; len++) {
        /* At its own end, so that a byte too far is seen. */
        CLEANUP(mem_free) char *cut = mem_dup(v2.torrent.bytes, len);
        refuse_bytes(cut, len);
    }
    text_done(&v2.torrent);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_v2_torrent_is_read_with_and_without_its_layers),
    cmocka_unit_test(a_hybrid_has_both_hashes_and_one_list_of_files),
    cmocka_unit_test(halves_that_differ_are_refused),
    cmocka_unit_test(layers_that_make_another_root_are_refused),
    cmocka_unit_test(trees_are_read_in_order_with_their_folders),
    cmocka_unit_test(trees_that_are_none_are_refused),
    cmocka_unit_test(every_cut_off_file_is_refused),
};

const struct test_part metainfo_v2_part = TEST_PART(tests);
