/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "provider/options.h"

static const struct provider_option table[] = {
    { .name = "language", .env = "TEST_LANGUAGE", .fallback = "en", .help = "h" },
    { .name = "key", .env = "TEST_KEY", .help = "h", .flags = PROVIDER_SECRET },
    { .name = "base_url",
      .env = "TEST_BASE_URL",
      .fallback = "https://api.test/",
      .help = "h",
      .flags = PROVIDER_MIRRORS },
    { .name = "regions", .help = "h", .flags = PROVIDER_LIST_OF },
    { .name = "languages", .help = "h", .flags = PROVIDER_LIST_OF },
    { 0 },
};

static const struct provider_info info = { .name = "p", .options = table };

static int resolve(const struct provider_setting *values, size_t n, struct option_values **out,
                   struct error *err)
{
    const struct provider_settings settings = {
        .name = "p", .file = "p.conf", .values = values, .n_values = n
    };
    return options_resolve(&info, &settings, out, err);
}

static int set_up(void **state UNUSED)
{
    unsetenv("TEST_LANGUAGE");
    unsetenv("TEST_KEY");
    unsetenv("TEST_KEY_FILE");
    unsetenv("TEST_BASE_URL");
    return 0;
}

static void environment_wins_over_file_over_fallback(void **state UNUSED)
{
    static const struct provider_setting values[] = { { "language", "pt-BR", 2 } };
    CLEANUP(options_free) struct option_values *none = NULL;
    CLEANUP(options_free) struct option_values *file = NULL;
    CLEANUP(options_free) struct option_values *both = NULL;
    assert_int_equal(resolve(NULL, 0, &none, NULL), 0);
    assert_string_equal(options_get(none, "language"), "en");
    assert_int_equal(resolve(values, 1, &file, NULL), 0);
    assert_string_equal(options_get(file, "language"), "pt-BR");
    setenv("TEST_LANGUAGE", "de", 1);
    assert_int_equal(resolve(values, 1, &both, NULL), 0);
    assert_string_equal(options_get(both, "language"), "de");
    assert_null(options_get(both, "key"));
    assert_null(options_get(both, "no_such"));
}

static void languages_of_the_catalogue_stand_between_file_and_fallback(void **state UNUSED)
{
    static const struct provider_setting said[] = { { "language", "it", 1 },
                                                    { "languages", "fr", 2 } };
    struct provider_settings settings = { .name = "p", .languages = "pt-BR de" };
    CLEANUP(options_free) struct option_values *unsaid = NULL;
    CLEANUP(options_free) struct option_values *file = NULL;
    CLEANUP(options_free) struct option_values *environment = NULL;
    assert_int_equal(options_resolve(&info, &settings, &unsaid, NULL), 0);
    assert_string_equal(options_get(unsaid, "language"), "pt-BR");
    assert_string_equal(options_get(unsaid, "languages"), "pt-BR de");
    assert_null(options_get(unsaid, "regions"));
    settings.values = said;
    settings.n_values = ARRAY_LEN(said);
    assert_int_equal(options_resolve(&info, &settings, &file, NULL), 0);
    assert_string_equal(options_get(file, "language"), "it");
    assert_string_equal(options_get(file, "languages"), "fr");
    setenv("TEST_LANGUAGE", "es", 1);
    assert_int_equal(options_resolve(&info, &settings, &environment, NULL), 0);
    assert_string_equal(options_get(environment, "language"), "es");
}

static void who_follows_the_languages_is_known_by_its_options(void **state UNUSED)
{
    static const struct provider_option one[] = { { .name = "languages", .help = "h" }, { 0 } };
    static const struct provider_option all[] = {
        { .name = "language", .help = "h", .flags = PROVIDER_LIST_OF }, { 0 }
    };
    static const struct provider_info other = { .name = "o", .options = one };
    static const struct provider_info another = { .name = "o", .options = all };
    static const struct provider_info none = { .name = "o" };
    assert_true(options_follow_languages(&info));
    assert_false(options_follow_languages(&other)); /* no list */
    assert_false(options_follow_languages(&another));
    assert_false(options_follow_languages(&none));
}

static void an_empty_variable_counts_as_unset(void **state UNUSED)
{
    CLEANUP(options_free) struct option_values *values = NULL;
    setenv("TEST_LANGUAGE", "", 1);
    assert_int_equal(resolve(NULL, 0, &values, NULL), 0);
    assert_string_equal(options_get(values, "language"), "en");
}

static void a_secret_comes_from_a_file_and_is_masked(void **state UNUSED)
{
    char path[] = "/tmp/miauflix-secret-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "s3cr3t-from-file\n", 17), 17);
    close(fd);
    setenv("TEST_KEY_FILE", path, 1);
    CLEANUP(options_free) struct option_values *values = NULL;
    assert_int_equal(resolve(NULL, 0, &values, NULL), 0);
    unlink(path);
    assert_string_equal(options_get(values, "key"), "s3cr3t-from-file");
    char text[] = "GET /?key=s3cr3t-from-file";
    log_mask(text);
    assert_string_equal(text, "GET /?key=***");
}

static void a_secret_file_that_is_missing_or_empty_is_said(void **state UNUSED)
{
    CLEANUP(options_free) struct option_values *values = NULL;
    struct error err = { 0 };
    setenv("TEST_KEY_FILE", "/nonexistent/key", 1);
    assert_int_equal(resolve(NULL, 0, &values, &err), PROVIDER_ENOTFOUND);
    assert_string_equal(err.text, "TEST_KEY_FILE: cannot read '/nonexistent/key': No such file or "
                                  "directory");
    setenv("TEST_KEY_FILE", "/dev/null", 1);
    assert_int_equal(resolve(NULL, 0, &values, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "TEST_KEY_FILE: '/dev/null' is empty");
}

static void an_endless_secret_file_is_refused(void **state UNUSED)
{
    CLEANUP(options_free) struct option_values *values = NULL;
    struct error err = { 0 };
    setenv("TEST_KEY_FILE", "/dev/zero", 1);
    assert_int_equal(resolve(NULL, 0, &values, &err), PROVIDER_ELIMIT);
}

static void lists_are_separated_by_single_spaces(void **state UNUSED)
{
    static const struct provider_setting given[] = { { "regions", "US, GB", 1 },
                                                     { "regions", " DE", 2 } };
    CLEANUP(options_free) struct option_values *values = NULL;
    assert_int_equal(resolve(given, 2, &values, NULL), 0);
    assert_string_equal(options_get(values, "regions"), "US GB DE");
}

static void mirrors_lose_their_last_slash(void **state UNUSED)
{
    CLEANUP(options_free) struct option_values *values = NULL;
    setenv("TEST_BASE_URL", "https://a.test/3/ http://127.0.0.1:8080", 1);
    assert_int_equal(resolve(NULL, 0, &values, NULL), 0);
    const char *const *mirrors;
    assert_int_equal(options_mirrors(values, &mirrors), 2);
    assert_string_equal(mirrors[0], "https://a.test/3");
    assert_string_equal(mirrors[1], "http://127.0.0.1:8080");
}

static void a_mirror_that_is_no_address_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "api.test",    "ftp://a.test",        "https://",
        "file:///etc", "https://a.test/?x=1", "https://a.test/{x}"
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(options_free) struct option_values *values = NULL;
        struct error err = { 0 };
        setenv("TEST_BASE_URL", wrong[i], 1);
        assert_int_equal(resolve(NULL, 0, &values, &err), PROVIDER_EINVAL);
        assert_non_null(strstr(err.text, "is not an http(s) address"));
    }
}

static void one_option_given_twice_is_refused(void **state UNUSED)
{
    static const struct provider_setting given[] = { { "language", "en", 1 },
                                                     { "language", "de", 4 } };
    CLEANUP(options_free) struct option_values *values = NULL;
    struct error err = { 0 };
    assert_int_equal(resolve(given, 2, &values, &err), PROVIDER_EINVAL);
    assert_string_equal(err.text, "p.conf:4: option 'language' is given twice");
}

static void a_value_that_is_not_utf8_is_refused(void **state UNUSED)
{
    static const struct provider_setting given[] = { { "language", "e\xff", 1 } };
    CLEANUP(options_free) struct option_values *values = NULL;
    struct error err = { 0 };
    assert_int_equal(resolve(given, 1, &values, &err), PROVIDER_EINVAL);
    assert_null(values);
}

static void expect_hosts(const struct provider_setting *given, size_t n, const char *expected)
{
    CLEANUP(options_free) struct option_values *values = NULL;
    assert_int_equal(resolve(given, n, &values, NULL), 0);
    CLEANUP(mem_free) char *hosts = options_hosts(values);
    assert_string_equal(hosts, expected);
}

static void hosts_are_those_of_all_addresses_once(void **state UNUSED)
{
    static const struct provider_setting given[] = {
        { "base_url", "http://nas:8/x", 1 },      { "base_url", "https://NAS", 2 },
        { "regions", "http://[::1]:1/y", 3 },     { "regions", "ftp://no", 4 },
        { "language", "https://mirror.test", 5 }, { "regions", "http://user@no", 6 },
    };
    static const struct provider_setting neighbours[] = { { "regions", "http://a.test", 1 },
                                                          { "regions", "http://test", 2 },
                                                          { "base_url", "http://a.tes", 3 } };
    expect_hosts(NULL, 0, "api.test");
    expect_hosts(given, ARRAY_LEN(given), "mirror.test nas [::1]");
    expect_hosts(neighbours, ARRAY_LEN(neighbours), "a.tes a.test test");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(environment_wins_over_file_over_fallback, set_up),
        cmocka_unit_test_setup(languages_of_the_catalogue_stand_between_file_and_fallback, set_up),
        cmocka_unit_test_setup(who_follows_the_languages_is_known_by_its_options, set_up),
        cmocka_unit_test_setup(an_empty_variable_counts_as_unset, set_up),
        cmocka_unit_test_setup(a_secret_comes_from_a_file_and_is_masked, set_up),
        cmocka_unit_test_setup(a_secret_file_that_is_missing_or_empty_is_said, set_up),
        cmocka_unit_test_setup(an_endless_secret_file_is_refused, set_up),
        cmocka_unit_test_setup(lists_are_separated_by_single_spaces, set_up),
        cmocka_unit_test_setup(mirrors_lose_their_last_slash, set_up),
        cmocka_unit_test_setup(a_mirror_that_is_no_address_is_refused, set_up),
        cmocka_unit_test_setup(one_option_given_twice_is_refused, set_up),
        cmocka_unit_test_setup(hosts_are_those_of_all_addresses_once, set_up),
        cmocka_unit_test_setup(a_value_that_is_not_utf8_is_refused, set_up),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
