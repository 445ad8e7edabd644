/* SPDX-License-Identifier: MIT
 *
 * What else says a value: the environment, secret files, the command line; and which of them wins.
 */
#include "conf_place.h"

#include <string.h>

#include "conf/conf.h"

static void the_environment_wins_over_the_file(void **state)
{
    setenv("MIAUFLIX_HTTP_PORT", "0", 1);
    setenv("CACHE_TTL_MOVIES", "77", 1);
    setenv("CACHE_TTL_TVSHOWS", "78", 1);
    setenv("CACHE_TTL_SEARCH", "79", 1);
    setenv("MIAUFLIX_CATALOGUE_LANGUAGES", "de, en,pt-BR", 1);
    setenv("MIAUFLIX_HTTP_ANONYMOUS_READ", "yes", 1);
    setenv("MIAUFLIX_STORE_CACHE", "64 MiB", 1);
    setenv("MIAUFLIX_LOG_LEVEL", "", 1);
    CLEANUP(conf_free)
    struct conf *conf = loaded(*state, "http = { port = 5; };\ncache = { ttl_movies_s = 5; };\n");
    assert_int_equal(conf->listen_port, 0);
    assert_int_equal(conf->ttl_movies_s, 77);
    assert_int_equal(conf->ttl_tvshows_s, 78);
    assert_int_equal(conf->ttl_search_s, 79);
    assert_int_equal(conf->languages.n, 3);
    assert_string_equal(conf->languages.values[2], "pt-BR");
    assert_true(conf->anonymous_read);
    assert_int_equal(conf->store_cache_bytes, 64 << 20);
    assert_string_equal(conf->log_level, "notice");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_non_null(strstr(out, "# environment CACHE_TTL_MOVIES\n"));
}

/* One variable for both: what TMDB is asked for is what is answered. */
static void the_languages_reach_every_provider(void **state)
{
    const struct place *place = *state;
    write_file(place, "providers.d/tmdb.conf", "enabled = true;\n");
    write_file(place, "providers.d/yts.conf", "enabled = false;\n");
    CLEANUP(conf_free)
    struct conf *said = loaded(place, "catalogue = { languages = [ \"de\", \"pt-BR\" ]; };\n");
    assert_int_equal(said->n_providers, 2);
    assert_string_equal(said->providers[0].languages, "de pt-BR");
    assert_string_equal(said->providers[1].languages, "de pt-BR");
    setenv("TMDB_LANGUAGE", "pt-BR", 1);
    CLEANUP(conf_free)
    struct conf *conf = loaded(place, "catalogue = { languages = [ \"de\" ]; };\n");
    assert_int_equal(conf->languages.n, 1);
    assert_string_equal(conf->languages.values[0], "pt-BR");
    assert_string_equal(conf->providers[0].languages, "pt-BR");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_non_null(strstr(out, "catalogue.languages = [ \"pt-BR\" ]"));
    assert_non_null(strstr(out, "# environment TMDB_LANGUAGE\n"));
}

static void the_systematic_name_wins_over_the_short_one(void **state)
{
    setenv("CACHE_TTL_MOVIES", "77", 1);
    setenv("MIAUFLIX_CACHE_TTL_MOVIES_S", "99", 1);
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->ttl_movies_s, 99);
}

static void a_bad_variable_is_named(void **state)
{
    setenv("CACHE_TTL_MOVIES", "1h", 1);
    expect_refused(*state, "",
                   "environment CACHE_TTL_MOVIES: cache.ttl_movies_s: '1h' is no whole number");
    setenv("CACHE_TTL_MOVIES", "-5", 1);
    expect_refused(*state, "",
                   "environment CACHE_TTL_MOVIES: cache.ttl_movies_s: -5 is out of bounds (1 to "
                   "31536000 seconds)");
    forget_variables();
    setenv("MIAUFLIX_HTTP_ANONYMOUS_READ", "maybe", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_HTTP_ANONYMOUS_READ: http.anonymous_read: 'maybe' is "
                   "neither true nor false");
}

static void a_secret_comes_from_a_file_and_is_never_shown(void **state)
{
    const struct place *place = *state;
    CLEANUP(mem_free) char *path = mem_format("%s/proxy", place->folder);
    write_file(place, "proxy", "http://me:hunter2@proxy:3128\n");
    setenv("MIAUFLIX_NET_PROXY_FILE", path, 1);
    CLEANUP(conf_free) struct conf *conf = loaded(place, "");
    assert_string_equal(conf->proxy, "http://me:hunter2@proxy:3128");
    CLEANUP(mem_free) char *out = printed(conf);
    assert_null(strstr(out, "hunter2"));
    assert_non_null(strstr(out, "net.proxy = ***"));
    assert_non_null(strstr(out, "# environment MIAUFLIX_NET_PROXY_FILE\n"));
}

static void a_bad_secret_is_not_shown_in_the_error(void **state)
{
    expect_refused(*state, "net = { proxy = \"hunter2\"; };",
                   "miauflix.conf:1: net.proxy: '***' is not a URL beginning with http, https, "
                   "socks5 or socks5h");
}

static void a_secret_file_that_cannot_be_read_is_told(void **state)
{
    setenv("MIAUFLIX_NET_PROXY_FILE", "/nowhere/at/all", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_NET_PROXY_FILE: cannot read '/nowhere/at/all': No such "
                   "file or directory");
    setenv("MIAUFLIX_NET_PROXY_FILE", "/", 1);
    expect_refused(*state, "",
                   "environment MIAUFLIX_NET_PROXY_FILE: cannot read '/': Is a directory");
}

static void only_secrets_come_from_files(void **state)
{
    setenv("MIAUFLIX_HTTP_PORT_FILE", "/nowhere/at/all", 1);
    CLEANUP(conf_free) struct conf *conf = loaded(*state, "");
    assert_int_equal(conf->listen_port, 8480);
}

static void the_command_line_wins_over_everything(void **state)
{
    const struct conf_override overrides[] = {
        { .key = "http.port", .value = "9", .origin = "--port" },
    };
    struct place *place = *state;
    struct error err = { 0 };
    CLEANUP(conf_free) struct conf *conf = NULL;
    setenv("MIAUFLIX_HTTP_PORT", "8", 1);
    write_file(place, "miauflix.conf", "http = { port = 7; };");
    assert_int_equal(conf_load_with(place->file, overrides, 1, &conf, &err), 0);
    assert_int_equal(conf->listen_port, 9);
    CLEANUP(mem_free) char *out = printed(conf);
    assert_non_null(strstr(out, "# --port\n"));
}

static void a_bad_override_is_named(void **state UNUSED)
{
    const struct conf_override bad = { .key = "http.port", .value = "x", .origin = "--port" };
    const struct conf_override unknown = { .key = "http.pert", .value = "1", .origin = "--set" };
    struct error err = { 0 };
    struct conf *conf = NULL;
    assert_int_equal(conf_load_with(NULL, &bad, 1, &conf, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "--port: http.port: 'x' is no whole number");
    assert_int_equal(conf_load_with(NULL, &unknown, 1, &conf, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "--set: unknown key 'http.pert'; did you mean 'http.port'?");
    assert_null(conf);
}

static const struct CMUnitTest tests[] = {
    TEST(the_environment_wins_over_the_file),
    TEST(the_languages_reach_every_provider),
    TEST(the_systematic_name_wins_over_the_short_one),
    TEST(a_bad_variable_is_named),
    TEST(a_secret_comes_from_a_file_and_is_never_shown),
    TEST(a_bad_secret_is_not_shown_in_the_error),
    TEST(a_secret_file_that_cannot_be_read_is_told),
    TEST(only_secrets_come_from_files),
    TEST(the_command_line_wins_over_everything),
    TEST(a_bad_override_is_named),
};

const struct test_part conf_sources_part = TEST_PART(tests);
