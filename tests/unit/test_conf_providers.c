/* SPDX-License-Identifier: MIT
 *
 * The files of the providers, and the order in which providers count. */
#include "conf_place.h"

#include <string.h>
#include <sys/stat.h>

#include "conf/conf.h"

static void providers_are_read_in_the_order_of_their_names(void **state)
{
    const struct place *place = *state;
    write_file(place, "providers.d/yts.conf", "enabled = false;");
    write_file(place, "providers.d/tmdb.conf",
               "enabled = true;\nlibrary = \"/opt/tmdb.so\";\nrequests_per_second = 0.5;\n"
               "burst = 7; parallel = 3; budget_hour = 100; budget_day = 9000000000L;\n"
               "timeout_s = 2.5; retries = 0; call_timeout_s = 60;\n"
               "api_key = \"abcdef\";\nbase_url = [ \"http://a\", \"http://b\" ];\nadult = false;\n"
               "pages = 5; ratio = 0.25;");
    write_file(place, "providers.d/.hidden.conf", "nonsense");
    write_file(place, "providers.d/README", "nonsense");
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    assert_int_equal(conf->n_providers, 2);
    const struct provider_settings *tmdb = &conf->providers[0];
    assert_string_equal(tmdb->name, "tmdb");
    assert_true(tmdb->enabled);
    assert_string_equal(tmdb->library, "/opt/tmdb.so");
    assert_int_equal(tmdb->pace.rate_per_1000s, 500);
    assert_int_equal(tmdb->pace.burst, 7);
    assert_int_equal(tmdb->pace.max_parallel, 3);
    assert_int_equal(tmdb->pace.budget_hour, 100);
    assert_int_equal(tmdb->pace.budget_day, 9000000000);
    assert_int_equal(tmdb->pace.timeout_ms, 2500);
    assert_int_equal(tmdb->call_timeout_ms, 60000);
    assert_int_equal(tmdb->n_values, 6);
    assert_string_equal(tmdb->values[1].name, "base_url");
    assert_string_equal(tmdb->values[2].value, "http://b");
    assert_int_equal(tmdb->values[2].line, 7);
    assert_string_equal(tmdb->values[3].value, "false");
    assert_string_equal(tmdb->values[4].value, "5");
    assert_string_equal(tmdb->values[5].value, "0.25");
    assert_string_equal(conf->providers[1].name, "yts");
    assert_false(conf->providers[1].enabled);
}

static void of_a_provider_only_the_hosts_keys_are_printed(void **state)
{
    const struct place *place = *state;
    write_file(place, "providers.d/trakt.conf", "client_secret = \"s3cr3t1\";\nburst = 7;");
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_null(strstr(out, "s3cr3t"));
    assert_non_null(strstr(out, "trakt.burst = \"7\""));
    assert_non_null(strstr(out, "trakt.conf:2\n"));
}

static void a_bad_provider_file_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        { "\nenabled = \"true\";", "2: enabled is true or false, without quotes" },
        { "enabled = 1;", "1: enabled is true or false, without quotes" },
        { "enable = true;", "1: unknown key 'enable'; did you mean 'enabled'?" },
        { "paralel = 2;", "1: unknown key 'paralel'; did you mean 'parallel'?" },
        { "library = 5;", "1: library is a text in quotes" },
        { "library = \"\";", "1: library is a text in quotes" },
        { "requests_per_second = 0;",
          "1: requests_per_second: 0 is out of bounds (0.001 to 100000)" },
        { "requests_per_second = \"4\";", "1: requests_per_second is a number" },
        { "parallel = 1.5;", "1: parallel is a whole number" },
        { "parallel = 0;", "1: parallel: 0 is out of bounds (1 to 256)" },
        { "retries = -1;", "1: retries: -1 is out of bounds (0 to 20)" },
        { "timeout_s = 1e99;", "1: timeout_s: 1e+99 is out of bounds (0.05 to 600)" },
        { "\n\nmirror = { a = 1; };",
          "3: option 'mirror' is a text, a number, true or false, or an array of those" },
        { "list = ( [ 1 ] );",
          "1: option 'list' is a text, a number, true or false, or an array of those" },
        { "budget_day = 9000000000;",
          "1: 9000000000 does not fit in 32 bits: write 9000000000L to use 64" },
        { "enabled = true\nx = ;", "2: syntax error" },
    };
    const struct place *place = *state;
    write_file(place, "miauflix.conf", "");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free) char *said = mem_format("providers.d/tmdb.conf:%s", rows[i].said);
        write_file(place, "providers.d/tmdb.conf", rows[i].text);
        expect_told(place, said);
    }
}

static void a_provider_file_has_a_providers_name(void **state)
{
    write_file(*state, "providers.d/TMDB Movies.conf", "enabled = true;");
    expect_refused(*state, "",
                   "'providers.d/TMDB Movies.conf': a provider's file is named after it: up to 31 "
                   "lower-case letters, digits and '_', then .conf");
}

static void a_provider_file_may_be_a_folder_by_mistake(void **state)
{
    write_file(*state, "providers.d/x", "");
    CLEANUP(mem_free)
    char *path = mem_format("%s/providers.d/yts.conf", ((struct place *)*state)->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(*state, "", "cannot read 'providers.d/yts.conf': it is a folder");
}

static void a_named_providers_folder_must_exist(void **state)
{
    expect_refused(*state, "providers = { folder = \"/nowhere/at/all\"; };",
                   "cannot read the folder '/nowhere/at/all': No such file or directory");
}

static void write_two_providers(const struct place *place)
{
    write_file(place, "providers.d/tmdb.conf", "enabled = true;\n");
    write_file(place, "providers.d/trakt.conf", "enabled = false;\n");
}

static void expect_order(const struct conf *conf, size_t i, const char *field, const char *first,
                         size_t n)
{
    assert_true(i < conf->precedence_of.n);
    const struct merge_field_order *order = &conf->precedence_of.values[i];
    assert_string_equal(order->field, field);
    assert_string_equal(order->precedence[0], first);
    assert_int_equal(order->n_precedence, n);
}

static void fields_may_have_their_own_order_of_providers(void **state)
{
    write_two_providers(*state);
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = {\n  precedence = [ \"tmdb\", \"trakt\" ];\n"
                       "  precedence_of = {\n    rating = [ \"trakt\", \"tmdb\" ];\n"
                       "    overview = \"trakt\";\n  };\n};\n");
    assert_int_equal(conf->precedence.n, 2);
    assert_int_equal(conf->precedence_of.n, 2);
    expect_order(conf, 0, "rating", "trakt", 2);
    expect_order(conf, 1, "overview", "trakt", 1);
    CLEANUP(mem_free) char *out = printed(conf);
    CLEANUP(mem_free)
    char *place = mem_format("# %s:4\n", ((struct place *)*state)->file);
    char *line = strstr(out, "catalogue.precedence_of.rating = [ \"trakt\", \"tmdb\" ]");
    assert_non_null(line);
    assert_memory_equal(strchr(line, '#'), place, strlen(place));
}

static void orders_of_fields_may_stand_in_the_environment(void **state)
{
    write_two_providers(*state);
    setenv("MIAUFLIX_CATALOGUE_PRECEDENCE_OF", "rating=trakt,tmdb cast=tmdb", 1);
    CLEANUP(conf_free)
    struct conf *conf =
        loaded(*state, "catalogue = { precedence_of = { title = [ \"tmdb\" ]; }; };\n");
    assert_int_equal(conf->precedence_of.n, 2);
    expect_order(conf, 0, "rating", "trakt", 2);
    expect_order(conf, 1, "cast", "tmdb", 1);
}

static void an_order_that_means_nothing_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *line, *said;
    } rows[] = {
        { "ratng = [ \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of: unknown field 'ratng'; did you "
          "mean 'rating'?" },
        { "votes = [ \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of: unknown field 'votes'" },
        { "rating = [ ];", "miauflix.conf:3: catalogue.precedence_of.rating: may not be empty" },
        { "rating = 5;",
          "miauflix.conf:3: catalogue.precedence_of.rating is an array of texts [ \"...\" ], not a "
          "whole number" },
        { "rating = [ 5 ];",
          "miauflix.conf:3: catalogue.precedence_of: value 1 is not a text in quotes" },
        { "rating = [ \"TMDB\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'TMDB' is not the name of a "
          "provider" },
        { "rating = [ \"local\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'local' is not the name of "
          "a provider" },
        { "rating = [ \"tmdb\", \"tmdb\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: 'tmdb' stands there twice" },
        { "rating = [ \"tmdb\", \"trackt\" ];",
          "miauflix.conf:3: catalogue.precedence_of.rating: unknown provider 'trackt': no "
          "trackt.conf in 'providers.d'" },
    };
    write_two_providers(*state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free)
        char *text =
            mem_format("catalogue = {\n  precedence_of = {\n    %s\n  };\n};\n", rows[i].line);
        expect_refused(*state, text, rows[i].said);
    }
    expect_refused(*state, "catalogue = {\n  precedence = [ \"tmdb\", \"yts\" ]; };\n",
                   "miauflix.conf:2: catalogue.precedence: unknown provider 'yts': no yts.conf in "
                   "'providers.d'");
    expect_refused(*state, "catalogue = {\n  precedence_of = [ \"tmdb\" ]; };\n",
                   "miauflix.conf:2: catalogue.precedence_of is a group of arrays { field = [ "
                   "\"...\" ]; }, not an array [ ... ]");
    setenv("MIAUFLIX_CATALOGUE_PRECEDENCE_OF", "rating", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_CATALOGUE_PRECEDENCE_OF: catalogue.precedence_of: "
                   "'rating' is not FIELD=PROVIDER,PROVIDER");
}

static const struct CMUnitTest tests[] = {
    TEST(fields_may_have_their_own_order_of_providers),
    TEST(orders_of_fields_may_stand_in_the_environment),
    TEST(an_order_that_means_nothing_is_refused_with_its_line),
    TEST(providers_are_read_in_the_order_of_their_names),
    TEST(of_a_provider_only_the_hosts_keys_are_printed),
    TEST(a_bad_provider_file_is_refused_with_its_line),
    TEST(a_provider_file_has_a_providers_name),
    TEST(a_provider_file_may_be_a_folder_by_mistake),
    TEST(a_named_providers_folder_must_exist),
};

const struct test_part conf_providers_part = TEST_PART(tests);
