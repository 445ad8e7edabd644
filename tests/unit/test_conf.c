/* SPDX-License-Identifier: MIT
 *
 * What the main file may say: each type of value, its bounds, and the words it knows. */
#include "conf_place.h"

#include <string.h>

#include "conf/conf.h"
#include "conf/conf_table.h"

static void without_a_file_the_defaults_hold(void **state UNUSED)
{
    CLEANUP(conf_free) struct conf *conf = NULL;
    struct error err = { 0 };
    assert_int_equal(conf_load(NULL, &conf, &err), 0);
    assert_string_equal(conf->listen_address, "127.0.0.1");
    assert_string_equal(conf->durability, "sync");
    assert_int_equal(conf->languages.n, 1);
    assert_string_equal(conf->languages.values[0], "en-US");
    assert_false(conf->anonymous_read);
    assert_null(conf->proxy);
    assert_non_null(conf->data_folder);
    assert_non_null(conf->plugin_path);
}

static void every_default_is_within_its_own_bounds(void **state)
{
    for (size_t i = 0; i < conf_table_len; i++) {
        char name[CONF_ENV_LEN];
        assert_non_null(conf_table[i].help);
        assert_true(conf_table[i].fallback || conf_table[i].sample);
        assert_ptr_equal(conf_table_find(conf_table[i].key), &conf_table[i]);
        assert_true(strlen(conf_table_env(&conf_table[i], name)) < CONF_ENV_LEN - 1);
        assert_true(conf_table[i].min <= conf_table[i].max);
    }
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->store_cache_bytes, 16 << 20);
}

static void a_file_sets_values_of_each_type(void **state)
{
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "data_folder = \"/srv/m\";\n"
                       "http = { port = 0; anonymous_read = true; max_body = \"2 MiB\"; };\n"
                       "cache : { images = 9000000000L, ttl_movies_s = 0x10 }\n"
                       "catalogue = { languages = [ \"pt-BR\", \"en\" ]; scope = \"popular\" };\n");
    assert_string_equal(conf->data_folder, "/srv/m");
    assert_string_equal(conf->cache_folder, "/srv/m/cache");
    assert_int_equal(conf->listen_port, 0);
    assert_true(conf->anonymous_read);
    assert_int_equal(conf->http_max_body, 2 << 20);
    assert_int_equal(conf->image_cache_bytes, INT64_C(9000000000));
    assert_int_equal(conf->ttl_movies_s, 16);
    assert_int_equal(conf->languages.n, 2);
    assert_string_equal(conf->languages.values[0], "pt-BR");
    assert_string_equal(conf->catalogue_scope, "popular");
}

static void an_unknown_key_is_refused_with_its_line(void **state)
{
    expect_refused(*state, "\n\nhttp = {\n  prot = 1;\n};",
                   "miauflix.conf:4: unknown key 'http.prot'; did you mean 'http.port'?");
    expect_refused(*state, "colour = 1;", "miauflix.conf:1: unknown key 'colour'");
    expect_refused(*state, "log_levl = \"debug\";",
                   "miauflix.conf:1: unknown key 'log_levl'; did you mean 'log_level'?");
}

static void a_key_in_the_wrong_group_is_led_home(void **state)
{
    expect_refused(*state, "durability = \"sync\";",
                   "miauflix.conf:1: unknown key 'durability'; did you mean 'store.durability'?");
    expect_refused(*state, "http = { workers = 1; };",
                   "miauflix.conf:1: unknown key 'http.workers'; did you mean 'sync.workers'?");
    expect_refused(*state, "htpt = { port = 1; };", "miauflix.conf:1: unknown key 'htpt'");
}

static void a_wrong_type_is_refused(void **state)
{
    expect_refused(*state, "http = { port = \"80\"; };",
                   "miauflix.conf:1: http.port is a whole number, not a text in quotes");
    expect_refused(*state, "http = { port = 80.5; };",
                   "miauflix.conf:1: http.port is a whole number, not a number with a fraction");
    expect_refused(*state, "http = { anonymous_read = 1; };",
                   "miauflix.conf:1: http.anonymous_read is true or false, not a whole number");
    expect_refused(*state, "data_folder = [ \"a\" ];",
                   "miauflix.conf:1: data_folder is a text in quotes, not an array [ ... ]");
    expect_refused(*state, "data_folder = { a = 1; };",
                   "miauflix.conf:1: data_folder is a text in quotes, not a group { ... }");
    expect_refused(*state, "catalogue = { languages = [ 1, 2 ]; };",
                   "miauflix.conf:1: catalogue.languages: value 1 is not a text in quotes");
    expect_refused(*state, "catalogue = { languages = ( \"en\", true ); };",
                   "miauflix.conf:1: catalogue.languages: value 2 is not a text in quotes");
}

static void a_group_and_a_value_are_not_confused(void **state)
{
    expect_refused(*state, "http = 5;",
                   "miauflix.conf:1: http is a group { ... }, not a whole number");
    expect_refused(*state, "http = [ 5 ];",
                   "miauflix.conf:1: http is a group { ... }, not an array [ ... ]");
}

static void a_value_out_of_bounds_is_refused(void **state)
{
    expect_refused(*state, "http = { port = 65536; };",
                   "miauflix.conf:1: http.port: 65536 is out of bounds (0 to 65535)");
    expect_refused(*state, "http = { port = -1; };",
                   "miauflix.conf:1: http.port: -1 is out of bounds (0 to 65535)");
    expect_refused(*state, "\ncache = { ttl_movies_s = 0; };",
                   "miauflix.conf:2: cache.ttl_movies_s: 0 is out of bounds (1 to 31536000 "
                   "seconds)");
    expect_refused(*state, "store = { cache = \"1 KiB\"; };",
                   "miauflix.conf:1: store.cache: 1024 is out of bounds (1048576 to 274877906944 "
                   "bytes)");
    expect_refused(*state, "store = { cache = 9223372036854775807L; };",
                   "miauflix.conf:1: store.cache: 9223372036854775807 is out of bounds (1048576 to "
                   "274877906944 bytes)");
}

static void a_weight_out_of_bounds_is_refused(void **state)
{
    expect_refused(*state, "ranking = { exact = -1; };",
                   "miauflix.conf:1: ranking.exact: -1 is out of bounds (0 to 10000 hundredths of "
                   "a point)");
    expect_refused(*state, "ranking = { mistake = 10001; };",
                   "miauflix.conf:1: ranking.mistake: 10001 is out of bounds (0 to 10000 "
                   "hundredths of a point)");
    expect_refused(*state, "ranking = { year = 1.5; };",
                   "miauflix.conf:1: ranking.year is a whole number, not a number with a fraction");
    expect_refused(*state, "ranking = { titel = 1; };",
                   "miauflix.conf:1: unknown key 'ranking.titel'");
}

static void the_weights_of_ranking_are_in_hundredths(void **state)
{
    struct rank_weights weights;
    CLEANUP(conf_free) struct conf *usual = loaded(*state, "");
    conf_weights(usual, &weights);
    assert_true(rank_same_weights(&weights, &rank_default_weights));
    CLEANUP(conf_free)
    struct conf *conf = loaded(*state, "ranking = { exact = 0; mistake = 250; year = 1; };");
    conf_weights(conf, &weights);
    assert_false(rank_same_weights(&weights, &rank_default_weights));
    assert_true(weights.how[RANK_EXACT] == 0);
    assert_true(weights.mistake == -2.5);
    assert_true(weights.year == 0.01);
    assert_true(weights.coverage == rank_default_weights.coverage);
}

static void a_size_that_is_none_is_refused(void **state)
{
    static const char *const wrong[] = { "",   "MiB",   "1 MB",     "1.5 MiB",
                                         "-1", "1MiBs", "0x10 KiB", "99999999999 TiB" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(mem_free) char *text = mem_format("store = { cache = \"%s\"; };", wrong[i]);
        CLEANUP(mem_free)
        char *said =
            mem_format("miauflix.conf:1: store.cache: '%s' is no size (bytes, or a number with "
                       "KiB, MiB or GiB)",
                       wrong[i]);
        expect_refused(*state, text, said);
    }
}

static void words_that_mean_nothing_are_refused(void **state)
{
    expect_refused(*state, "store = { durability = \"fast\"; };",
                   "miauflix.conf:1: store.durability: 'fast' is none of: sync batch");
    expect_refused(*state, "store = { durability = \"sync batch\"; };",
                   "miauflix.conf:1: store.durability: 'sync batch' is none of: sync batch");
    expect_refused(*state, "store = { durability = \"\"; };",
                   "miauflix.conf:1: store.durability: '' is none of: sync batch");
    expect_refused(*state, "http = { address = \"::1\"; };",
                   "miauflix.conf:1: http.address: '::1' is not an IPv4 address");
    expect_refused(*state, "http = { address = \"\"; };",
                   "miauflix.conf:1: http.address: may not be empty");
    expect_refused(*state, "data_folder = \"a\\nb\";",
                   "miauflix.conf:1: data_folder: a control character in the text");
}

static void languages_and_origins_have_their_shape(void **state)
{
    static const char *const wrong[] = { "e", "english language", "pt_BR", "pt-", "-pt", "p1" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(mem_free)
        char *text = mem_format("catalogue = { languages = [ \"%s\" ]; };", wrong[i]);
        CLEANUP(mem_free)
        char *said =
            mem_format("miauflix.conf:1: catalogue.languages: '%s' is not a language tag such as "
                       "pt-BR",
                       wrong[i]);
        expect_refused(*state, text, said);
    }
    expect_refused(*state, "http = { cors_origins = [ \"https://a.example/\" ]; };",
                   "miauflix.conf:1: http.cors_origins: 'https://a.example/' is not an origin such "
                   "as https://app.example.org, or *");
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = { languages = [ \"zh-Hant-TW\", \"es-419\" ]; };\n"
                       "http = { cors_origins = [ \"*\", \"http://localhost:3000\" ]; };");
    assert_int_equal(conf->languages.n, 2);
    assert_int_equal(conf->cors_origins.n, 2);
}

static void an_empty_or_doubled_list_is_refused(void **state)
{
    expect_refused(*state, "catalogue = { languages = [ ]; };",
                   "miauflix.conf:1: catalogue.languages: may not be empty");
    expect_refused(*state, "catalogue = { languages = [ \"en\", \"\" ]; };",
                   "miauflix.conf:1: catalogue.languages: value 2 is empty");
    expect_refused(*state, "catalogue = { languages = [ \"en\", \"de\", \"en\" ]; };",
                   "miauflix.conf:1: catalogue.languages: 'en' stands there twice");
}

static const struct CMUnitTest tests[] = {
    TEST(without_a_file_the_defaults_hold),       TEST(every_default_is_within_its_own_bounds),
    TEST(a_file_sets_values_of_each_type),        TEST(an_unknown_key_is_refused_with_its_line),
    TEST(a_key_in_the_wrong_group_is_led_home),   TEST(a_wrong_type_is_refused),
    TEST(a_group_and_a_value_are_not_confused),   TEST(a_value_out_of_bounds_is_refused),
    TEST(a_weight_out_of_bounds_is_refused),      TEST(the_weights_of_ranking_are_in_hundredths),
    TEST(a_size_that_is_none_is_refused),         TEST(words_that_mean_nothing_are_refused),
    TEST(languages_and_origins_have_their_shape), TEST(an_empty_or_doubled_list_is_refused),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), conf_file_part, conf_sources_part,
                                       conf_providers_part, conf_print_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
