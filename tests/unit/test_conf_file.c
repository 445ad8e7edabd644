/* SPDX-License-Identifier: MIT
 *
 * How a file is read: its numbers, its syntax, what it includes, and files that cannot be read. */
#include "conf_place.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/conf.h"
#include "conf/conf_file.h"

static void an_integer_that_libconfig_would_cut_is_refused(void **state)
{
    expect_refused(*state, "cache = {\n  images = 9000000000; };",
                   "miauflix.conf:2: 9000000000 does not fit in 32 bits: write 9000000000L to use "
                   "64");
    expect_refused(*state, "a = 2147483648;",
                   "miauflix.conf:1: 2147483648 does not fit in 32 bits: write 2147483648L to use "
                   "64");
    expect_refused(*state, "a = -2147483649;",
                   "miauflix.conf:1: -2147483649 does not fit in 32 bits: write -2147483649L to "
                   "use 64");
    expect_refused(*state, "a = 0xFFFFFFFF;",
                   "miauflix.conf:1: 0xFFFFFFFF does not fit in 32 bits: write 0xFFFFFFFFL to use "
                   "64");
    expect_refused(*state, "a = [ 1,\n 12345678901234567890 ];",
                   "miauflix.conf:2: 12345678901234567890 does not fit in 64 bits");
    expect_refused(*state, "a = 99999999999999999999L;",
                   "miauflix.conf:1: 99999999999999999999 does not fit in 64 bits");
    expect_refused(*state, "a = 00000000000000000000000000000000000000001;",
                   "miauflix.conf:1: a number of more than 40 digits");
}

static void numbers_in_comments_texts_and_names_are_left_alone(void **state)
{
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "# 9000000000\n// 9000000000\n/* 9000000000\n 9000000000 */\n"
                       "data_folder = \"/m/9000000000 \\\" # 9000000000\";\n"
                       "http = { port = 2147; };\nstore = { cache = 2147483648L; };\n");
    assert_string_equal(conf->data_folder, "/m/9000000000 \" # 9000000000");
    assert_int_equal(conf->listen_port, 2147);
    assert_int_equal(conf->store_cache_bytes, INT64_C(2147483648));
}

static void the_largest_integers_that_fit_are_taken(void **state UNUSED)
{
    static const char text[] = "a = 2147483647; b = -2147483648; c = 0x7FFFFFFF; d = 1.5e300; "
                               "e = 9223372036854775807L; f = +1; g-1_99999999999 = 1;";
    struct error err = { 0 };
    assert_int_equal(conf_scan("x", text, strlen(text), &err), 0);
}

static void what_has_no_end_is_told_where_it_begins(void **state)
{
    expect_refused(*state, "\nlog_level = \"debug;\n\nhttp = {};\n",
                   "miauflix.conf:2: the text that begins here has no closing quote");
    expect_refused(*state, "\n\n/* never\n ended\n",
                   "miauflix.conf:3: the comment that begins here has no end");
}

static void text_cut_off_anywhere_never_crashes(void **state UNUSED)
{
    static const char text[] = "# c\n/* d */ a = \"x\\\"y\"; b = -0x1FL; c = [ 1, 2.5e-1 ];\n";
    struct error err = { 0 };
    for (size_t len = 0; len < sizeof text; len++) {
        CLEANUP(mem_free) char *exact = malloc(len ? len : 1);
        memcpy(exact, text, len);
        conf_scan("x", exact, len, &err);
    }
}

static void a_syntax_error_names_its_line(void **state)
{
    expect_refused(*state, "log_level = \"debug\";\nhttp = { port = ; };",
                   "miauflix.conf:2: syntax error");
    expect_refused(*state, "http = {\n port = 1;\n", "miauflix.conf:3: syntax error");
    expect_refused(*state, "catalogue = { languages = [ \"en\", ]; };",
                   "miauflix.conf:1: syntax error");
}

static void a_key_given_twice_is_refused(void **state)
{
    expect_refused(*state, "http = { port = 1;\n port = 2; };",
                   "miauflix.conf:2: duplicate setting name");
    expect_refused(*state, "http = { port = 1; };\nhttp = { threads = 8; };",
                   "miauflix.conf:2: duplicate setting name");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    const struct place *place = *state;
    write_bytes(place, "miauflix.conf", "a = 1;\n\0b = 2;", 14);
    expect_told(place, "miauflix.conf:2: not UTF-8 text");
    expect_refused(place, "log_level = \"\xC3\x28\";", "miauflix.conf:1: not UTF-8 text");
    expect_refused(place, "\xEF\xBB\xBFlog_level = \"debug\";",
                   "miauflix.conf:1: a byte order mark stands before the text: remove it");
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
    struct place *place = *state;
    expect_told(place, "cannot read 'miauflix.conf': No such file or directory");
    assert_int_equal(mkdir(place->file, 0700), 0);
    expect_told(place, "cannot read 'miauflix.conf': it is a folder");
    assert_int_equal(rmdir(place->file), 0);
    assert_int_equal(mkfifo(place->file, 0600), 0);
    int keep_open = open(place->file, O_RDWR);
    expect_told(place, "cannot read 'miauflix.conf': it is no regular file");
    close(keep_open);
}

static void a_file_without_permission_says_so(void **state)
{
    const struct place *place = *state;
    write_file(place, "miauflix.conf", "");
    assert_int_equal(chmod(place->file, 0), 0);
    /* Root may read everything, so it is nobody who looks. */
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    struct error err = { 0 };
    struct conf *conf = NULL;
    int rc = conf_load(place->file, &conf, &err);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(rc, PROVIDER_EIO);
    assert_string_equal(told(place, &err), "cannot read 'miauflix.conf': Permission denied");
}

static void an_enormous_file_is_refused(void **state)
{
    const struct place *place = *state;
    CLEANUP(mem_free) char *large = mem_alloc(CONF_FILE_MAX + 1);
    memset(large, '\n', CONF_FILE_MAX + 1);
    write_bytes(place, "miauflix.conf", large, CONF_FILE_MAX + 1);
    expect_told(place, "'miauflix.conf' is larger than 1024 KiB");
}

static void an_include_is_read_and_its_errors_name_it(void **state)
{
    const struct place *place = *state;
    write_file(place, "more.conf", "\nhttp = { port = 81; };\n");
    CLEANUP(conf_free)
    struct conf *conf = loaded(place, "@include \"more.conf\"\nlog_level = \"debug\";\n");
    assert_int_equal(conf->listen_port, 81);
    CLEANUP(mem_free) char *out = printed(conf);
    CLEANUP(mem_free) char *origin = mem_format("%s/more.conf:2", place->folder);
    assert_non_null(strstr(out, origin));

    write_file(place, "more.conf", "\nhttp = { port = 8100000000; };\n");
    expect_told(place,
                "more.conf:2: 8100000000 does not fit in 32 bits: write 8100000000L to use 64");
    write_file(place, "more.conf", "\n\nhttp = { prt = 81; };\n");
    expect_told(place, "more.conf:3: unknown key 'http.prt'; did you mean 'http.port'?");
    write_file(place, "more.conf", "\nhttp = { port = };\n");
    expect_told(place, "more.conf:2: syntax error");
}

static void a_missing_include_is_told(void **state)
{
    expect_refused(*state, "\n@include \"nowhere.conf\"\n",
                   "miauflix.conf:2: cannot open include file");
}

static const struct CMUnitTest tests[] = {
    TEST(an_integer_that_libconfig_would_cut_is_refused),
    TEST(numbers_in_comments_texts_and_names_are_left_alone),
    TEST(the_largest_integers_that_fit_are_taken),
    TEST(what_has_no_end_is_told_where_it_begins),
    TEST(text_cut_off_anywhere_never_crashes),
    TEST(a_syntax_error_names_its_line),
    TEST(a_key_given_twice_is_refused),
    TEST(bytes_that_are_no_text_are_refused),
    TEST(a_file_that_cannot_be_read_says_why),
    TEST(a_file_without_permission_says_so),
    TEST(an_enormous_file_is_refused),
    TEST(an_include_is_read_and_its_errors_name_it),
    TEST(a_missing_include_is_told),
};

const struct test_part conf_file_part = TEST_PART(tests);
