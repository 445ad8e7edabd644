/* SPDX-License-Identifier: MIT */
#include "metainfo_test.h"

/* A v1 torrent of one file and one piece. */
#define PIECES "6:pieces20:aaaaaaaaaaaaaaaaaaaa"
#define ONE(name) "d4:infod6:lengthi5e4:name" name "12:piece lengthi16e" PIECES "ee"
#define LISTED(files) "d4:infod5:filesl" files "e4:name1:n12:piece lengthi16e" PIECES "ee"
#define FILE_AT(path) "d6:lengthi5e4:pathl" path "ee"

/* --- What is read */

static void a_file_says_what_it_is(void **state UNUSED)
{
    CLEANUP(metainfo_free)
    struct metainfo *metainfo = read_text(
        "d8:announce20:udp://one.example:8013:announce-listll20:udp://two.example:80"
        "24:http://TWO.example/a?k=1el5:oddlye4:listl19:javascript:alert(1)20:udp://two.example:80"
        "ee7:comment5:a\tb\nc10:created by4:prog13:creation datei1500000000e"
        "4:infod6:lengthi5e4:name8:Film.mkv12:piece lengthi16e" PIECES
        "7:privatei1e6:source2:XYe8:url-list14:http://evil/x/e");
    const json_t *document = metainfo->document;
    const json_t *trackers = js_array(document, "trackers");
    assert_string_equal(js_string(document, "infohash"), metainfo->v1);
    assert_string_equal(metainfo->v2, "");
    assert_string_equal(js_string(document, "name"), "Film.mkv");
    assert_string_equal(js_string(document, "comment"), "a b c");
    assert_string_equal(js_string(document, "created_by"), "prog");
    assert_string_equal(js_string(document, "created_at"), "2017-07-14T02:40:00Z");
    assert_true(js_bool(document, "private", false));
    assert_int_equal(js_int(document, "size", 0), 5);
    assert_int_equal(js_int(document, "pieces", 0), 1);
    assert_int_equal(json_array_size(trackers), 2);
    assert_string_equal(json_string_value(json_array_get(trackers, 0)), "udp://two.example:80");
    assert_int_equal(n_files(metainfo), 1);
    assert_string_equal(path_of(metainfo, 0), "Film.mkv");
}

/* Checked against the hashes that others computed. */
static const struct {
    const char *file, *hash;
    size_t n_files;
} recorded[] = {
    { "webtorrent/alice", "722fe65b2aa26d14f35b4ad627d20236e481d924", 1 },
    { "webtorrent/bunny", "af8f10f30bf9aefecf3686922bfa0d5bd290a395", 1 },
    { "webtorrent/folder", "b88da2caac6648e6c7d7687e3f89085f7e230e6b", 1 },
    { "webtorrent/leaves", "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36", 1 },
    { "webtorrent/leaves-metadata", "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36", 1 },
    { "webtorrent/lots-of-numbers", "114ead6243792ba56297edbb9a78dfba84d4fc00", 6 },
    { "webtorrent/numbers", "89d97c2261a21b040cf11caa661a3ba7233bb7e6", 3 },
    { "webtorrent/sintel", "c334138ef5bfc2d568ea7324e0e2a3a7ec229bdd", 1 },
    { "parse-torrent/bitlove-intro", "4cb67059ed6bd08362da625b3ae77f6f4a075705", 1 },
    { "parse-torrent/leaves-duplicate-tracker", "d2474e86c95b19b8bcfdb92bc12c9d44667cfa36", 1 },
    { "parse-torrent/leaves-empty-announce-list", "0a8c2327abfbc1ac5f9672ec5f7c8adc6d381192", 1 },
    { "parse-torrent/leaves-empty-url-list", "0a8c2327abfbc1ac5f9672ec5f7c8adc6d381192", 1 },
    { "parse-torrent/leaves-url-list", "0a8c2327abfbc1ac5f9672ec5f7c8adc6d381192", 1 },
    { "webtorrent/corrupt", NULL, 0 },
};

static char *load(const char *name, size_t *out_len)
{
    const char *source = getenv("srcdir");
    CLEANUP(mem_free)
    char *path =
        mem_format("%s/../shared/recorded/torrents/%s.torrent", source ? source : ".", name);
    CLEANUP(file_close) FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = mem_alloc_array(1 << 20, 1);
    *out_len = fread(bytes, 1, 1 << 20, file);
    return bytes;
}

static void recorded_files_have_their_infohashes_and_survive_being_written(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(recorded); i++) {
        size_t len = 0;
        CLEANUP(mem_free) char *bytes = load(recorded[i].file, &len);
        if (!bytes) {
            print_message("SKIPPED: there are no recorded torrents here\n");
            skip();
        }
        if (!recorded[i].hash) {
            refuse_bytes(bytes, len);
            continue;
        }
        CLEANUP(metainfo_free) struct metainfo *metainfo = read_bytes(bytes, len);
        CLEANUP(text_done) struct text written = TEXT_INIT(METAINFO_MAX);
        assert_string_equal(metainfo->v1, recorded[i].hash);
        if (n_files(metainfo) != recorded[i].n_files)
            fail_msg("%s: %zu files", recorded[i].file, n_files(metainfo));
        assert_true(metainfo_write(metainfo, &written));
        CLEANUP(metainfo_free) struct metainfo *again = read_bytes(written.bytes, written.len);
        assert_true(json_equal(metainfo->document, again->document));
    }
}

static void keys_out_of_order_do_not_change_the_hash(void **state UNUSED)
{
    CLEANUP(metainfo_free)
    struct metainfo *odd = read_text("d4:infod4:name1:a6:lengthi5e" PIECES "12:piece lengthi16eee");
    /* Of "d4:name1:a6:lengthi5e6:pieces20:a{20}12:piece lengthi16ee", by sha1sum. */
    assert_string_equal(odd->v1, "834a3ea8616478b3e8f739226cd0910f4cf3769c");
}

static json_t *document_of(const char *text)
{
    CLEANUP(metainfo_free) struct metainfo *metainfo = read_text(text);
    return json_incref(metainfo->document);
}

/* BEP 27: nothing but the number 1. */
static void only_the_number_1_makes_it_private(void **state UNUSED)
{
    static const struct {
        const char *text;
        bool is_private;
    } rows[] = {
#define PRIVATE(value)                                                                             \
    "d4:infod6:lengthi5e4:name1:a12:piece lengthi16e" PIECES "7:private" value "ee"
        { PRIVATE("i1e"), true },
        { PRIVATE("i0e"), false },
        { PRIVATE("i2e"), false },
        { PRIVATE("i-1e"), false },
        { PRIVATE("1:1"), false },
        { PRIVATE("li1ee"), false },
        { ONE("1:a"), false },
        { "d4:infod6:lengthi5e4:name1:a12:piece lengthi16e" PIECES "e7:privatei1ee", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_auto_t *document = document_of(rows[i].text);
        if (js_bool(document, "private", false) != rows[i].is_private)
            fail_msg("%s", rows[i].text);
    }
}

/* BEP 12: a list that names somebody stands for the single one. */
static void the_single_tracker_counts_where_no_list_names_any(void **state UNUSED)
{
    static const struct {
        const char *list, *tracker;
    } rows[] = {
        { "", "udp://one.example:80" },
        { "13:announce-listle", "udp://one.example:80" },
        { "13:announce-listllee", "udp://one.example:80" },
        { "13:announce-listll0:ee", "udp://one.example:80" },
        { "13:announce-listi5e", "udp://one.example:80" },
        { "13:announce-listll20:udp://two.example:80ee", "udp://two.example:80" },
        { "13:announce-listll0:el20:udp://two.example:80ee", "udp://two.example:80" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free)
        char *text =
            mem_format("d8:announce20:udp://one.example:80%s%s", rows[i].list, ONE("1:a") + 1);
        json_auto_t *document = document_of(text);
        const json_t *trackers = js_array(document, "trackers");
        if (json_array_size(trackers) != 1 ||
            strcmp(json_string_value(json_array_get(trackers, 0)), rows[i].tracker) != 0)
            fail_msg("%s", text);
    }
}

static void a_name_in_utf_8_stands_for_the_other(void **state UNUSED)
{
    json_auto_t *document = document_of("d4:infod6:lengthi5e4:name4:o\xff\xfe"
                                        "d10:name.utf-84:good12:piece lengthi16e" PIECES "ee");
    assert_string_equal(js_string(document, "name"), "good");
    refuse("d4:infod6:lengthi5e4:name1:a10:name.utf-82:..12:piece lengthi16e" PIECES "ee");
}

static void padding_and_links_are_not_shown(void **state UNUSED)
{
    CLEANUP(metainfo_free)
    struct metainfo *metainfo = read_text(LISTED("d6:lengthi2e4:pathl1:aee"
                                                 "d4:attr1:p6:lengthi3e4:pathl4:.pad1:3ee"
                                                 "d4:attr1:l4:pathl4:linke12:symlink pathl1:aee"
                                                 "d4:attr1:x6:lengthi3e4:pathl3:sub1:bee"));
    assert_int_equal(n_files(metainfo), 2);
    assert_string_equal(path_of(metainfo, 0), "n/a");
    assert_string_equal(path_of(metainfo, 1), "n/sub/b");
    assert_int_equal(js_int(metainfo->document, "size", 0), 5);
    assert_int_equal(js_int(json_array_get(js_array(metainfo->document, "files"), 1), "index", -1),
                     1);
}

static void names_are_shown_clean(void **state UNUSED)
{
    CLEANUP(metainfo_free)
    struct metainfo *metainfo =
        read_text(LISTED("d6:lengthi1e4:pathl4:a\\..ee"
                         "d6:lengthi1e4:pathl3:b\nbee"
                         "d6:lengthi1e4:pathl7:c\xe2\x80\xae"
                         "cmdee"
                         "d6:lengthi1e4:pathl2:\xff\xfe"
                         "ee"
                         "d6:lengthi1e4:pathl1:.ee"
                         "d6:lengthi1e4:pathl3:bade10:path.utf-8l4:goodee"));
    assert_string_equal(path_of(metainfo, 0), "n/a_..");
    assert_string_equal(path_of(metainfo, 1), "n/b b");
    assert_string_equal(path_of(metainfo, 2), "n/ccmd");
    assert_string_equal(path_of(metainfo, 3), "n/_");
    assert_string_equal(path_of(metainfo, 4), "n/_");
    assert_string_equal(path_of(metainfo, 5), "n/good");
}

/* --- What is refused */

static void bencode_that_is_none_is_refused(void **state UNUSED)
{
    static const char *const texts[] = {
        "",
        "d",
        "de",
        "le",
        "i5e",
        "4:info",
        "d4:infoe",
        "d4:info",
        "d4:infodee",
        "<html>",
        "d4:infod6:lengthi05e4:name1:a12:piece lengthi16e" PIECES "ee", /* zero in front */
        "d4:infod6:lengthi-0e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5 e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthie4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi99999999999999999999e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e04:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name99999999999999999999999:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name18446744073709551615:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5ei4ei5e4:name1:a12:piece lengthi16e" PIECES "ee", /* a key of digits */
        "d4:infod6:lengthi5e6:lengthi5e4:name1:a12:piece lengthi16e" PIECES "ee", /* twice */
        "d4:infod4:name1:a6:lengthi5e4:name1:b12:piece lengthi16e" PIECES "ee",   /* and apart */
        ONE("1:a") "x",
        ONE("1:a") "de",
        "x" ONE("1:a"),
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        refuse(texts[i]);
    CLEANUP(metainfo_free) struct metainfo *fine = read_text(ONE("1:a") "\r\n");
    assert_int_equal(strlen(fine->v1), 40);
}

static void hostile_v1_torrents_are_refused(void **state UNUSED)
{
    static const char *const texts[] = {
        ONE("0:"),
        ONE("2:.."),
        ONE("4:../a"),
        ONE("4:/etc"),
        "d4:infod6:lengthi5e12:piece lengthi16e" PIECES "ee", /* no name */
        "d4:infod6:lengthi-5e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi17e4:name1:a12:piece lengthi16e" PIECES "ee", /* too few hashes */
        "d4:infod6:lengthi0e4:name1:a12:piece lengthi16e" PIECES "ee",  /* too many */
        "d4:infod6:lengthi9223372036854775807e4:name1:a12:piece lengthi16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi0e" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi-16e" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a12:piece length2:16" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi99999999999e" PIECES "ee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi16e6:pieces19:aaaaaaaaaaaaaaaaaaaee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi16e6:piecesi5eee",
        "d4:infod6:lengthi5e4:name1:a12:piece lengthi16eee", /* no pieces */
        "d4:infod4:name1:a12:piece lengthi16e" PIECES "ee",  /* no files */
        "d4:infod5:filesle6:lengthi5e4:name1:a12:piece lengthi16e" PIECES "ee",
        LISTED(""),
        LISTED("i5e"),
        LISTED("d6:lengthi5ee"),
        LISTED(FILE_AT("")),
        LISTED(FILE_AT("0:")),
        LISTED(FILE_AT("2:..")),
        LISTED(FILE_AT("1:a2:..1:b")),
        LISTED(FILE_AT("3:a/b")),
        LISTED(FILE_AT("9:/etc/hosts")),
        LISTED(FILE_AT("i5e")),
        LISTED("d4:pathl1:aee"),
        LISTED("d6:lengthi-1e4:pathl1:aee"
               "d6:lengthi6e4:pathl1:bee"),
        LISTED("d6:lengthi9223372036854775807e4:pathl1:aee"
               "d6:lengthi9223372036854775807e4:pathl1:bee"),
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        refuse(texts[i]);
    static const char nul[] = "d4:infod6:lengthi5e4:name3:a\0b12:piece lengthi16e" PIECES "ee";
    refuse_bytes(nul, sizeof nul - 1);
}

static void what_is_nested_too_deeply_is_refused(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(METAINFO_MAX);
    for (size_t i = 0; i < 1000000; i++)
        text_add_char(&text, 'l');
    refuse_bytes(text.bytes, text.len);
    text_clear(&text);
    text_add_string(&text, "d4:infod9:file tree");
    for (int i = 0; i < 60; i++)
        text_add_string(&text, "d1:a");
    refuse_bytes(text.bytes, text.len);
}

static void what_is_too_large_is_refused(void **state UNUSED)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(METAINFO_MAX * 2);
    struct metainfo *out = NULL;
    struct error err = { 0 };
    text_add_string(&text, "d4:infod5:filesl");
    for (int i = 0; i <= METAINFO_MAX_FILES; i++)
        text_add_format(&text, "d6:lengthi0e4:pathl6:%06dee", i);
    text_add_string(&text, "e4:name1:n12:piece lengthi16e6:pieces0:ee");
    assert_int_equal(metainfo_read(text.bytes, text.len, &out, &err), PROVIDER_ELIMIT);
    while (text.len <= METAINFO_MAX)
        text_add_string(&text, "                                        ");
    assert_int_equal(metainfo_read(text.bytes, text.len, &out, &err), PROVIDER_ELIMIT);
    assert_null(out);
}

static void many_keys_out_of_order_are_refused_and_few_are_not(void **state UNUSED)
{
    for (int n = 10; n <= 1000; n *= 100) {
        CLEANUP(text_done) struct text text = TEXT_INIT(METAINFO_MAX);
        text_add_string(&text, "d");
        for (int i = n; i > 0; i--)
            text_add_format(&text, "5:z%04di0e", i);
        text_add_string(&text, ONE("1:a") + 1);
        if (n > BENCODE_UNORDERED) {
            refuse_bytes(text.bytes, text.len);
        } else {
            CLEANUP(metainfo_free) struct metainfo *fine = read_bytes(text.bytes, text.len);
            assert_string_equal(path_of(fine, 0), "a");
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_says_what_it_is),
    cmocka_unit_test(recorded_files_have_their_infohashes_and_survive_being_written),
    cmocka_unit_test(keys_out_of_order_do_not_change_the_hash),
    cmocka_unit_test(only_the_number_1_makes_it_private),
    cmocka_unit_test(the_single_tracker_counts_where_no_list_names_any),
    cmocka_unit_test(a_name_in_utf_8_stands_for_the_other),
    cmocka_unit_test(padding_and_links_are_not_shown),
    cmocka_unit_test(names_are_shown_clean),
    cmocka_unit_test(bencode_that_is_none_is_refused),
    cmocka_unit_test(hostile_v1_torrents_are_refused),
    cmocka_unit_test(what_is_nested_too_deeply_is_refused),
    cmocka_unit_test(what_is_too_large_is_refused),
    cmocka_unit_test(many_keys_out_of_order_are_refused_and_few_are_not),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), metainfo_v2_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
