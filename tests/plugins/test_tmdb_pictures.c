/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <time.h>

enum { NOON_22_NOVEMBER = 1795348800, URL_SIZE = 512 }; /* 2026-11-22 12:00 UTC */

#define SIZES                                                                                      \
    "\"backdrop_sizes\":[\"w300\",\"w780\",\"w1280\",\"original\"],"                               \
    "\"logo_sizes\":[\"w45\",\"w92\",\"w500\",\"original\"],"                                      \
    "\"poster_sizes\":[\"w92\",\"w154\",\"w185\",\"w342\",\"w500\",\"w780\",\"original\"],"        \
    "\"profile_sizes\":[\"w45\",\"w185\",\"h632\",\"original\"],"                                  \
    "\"still_sizes\":[\"w92\",\"w300\",\"original\"]"
#define PLAIN "\"base_url\":\"http://image.tmdb.org/t/p/\","
#define SECURE "\"secure_base_url\":\"https://image.tmdb.org/t/p/\","
#define CONFIGURATION "{\"images\":{" PLAIN SECURE SIZES "},\"change_keys\":[\"adult\"]}"

/* The plugin's clock: this symbol comes before the C library's. */
static time_t now = NOON_22_NOVEMBER;

time_t time(time_t *out)
{
    if (out)
        *out = now;
    return now;
}

static struct fake_host *host_with(const char *configuration)
{
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    if (configuration)
        fake_host_answer_json(host, "{base}/configuration*", configuration);
    return host;
}

static void assert_located(struct fake_host *host, const char *kind, const char *path,
                           uint32_t width, const char *expected)
{
    char url[URL_SIZE] = "";

    assert_int_equal(fake_host_locate_image(host, kind, path, width, url, sizeof(url)), 0);
    assert_string_equal(url, expected);
}

static int locate(struct fake_host *host, const char *kind, const char *path)
{
    char url[URL_SIZE];

    return fake_host_locate_image(host, kind, path, 100, url, sizeof(url));
}

static void the_smallest_wide_enough_size_is_taken(void **state)
{
    static const struct {
        const char *kind;
        uint32_t width;
        const char *url;
    } cases[] = {
        { "posters", 92, "https://image.tmdb.org/t/p/w92/a.jpg" },
        { "posters", 93, "https://image.tmdb.org/t/p/w154/a.jpg" },
        { "posters", 780, "https://image.tmdb.org/t/p/w780/a.jpg" },
        { "posters", 781, "https://image.tmdb.org/t/p/original/a.jpg" },
        { "posters", 0, "https://image.tmdb.org/t/p/original/a.jpg" },
        { "posters", UINT32_MAX, "https://image.tmdb.org/t/p/original/a.jpg" },
        { "backdrops", 781, "https://image.tmdb.org/t/p/w1280/a.jpg" },
        { "logos", 100, "https://image.tmdb.org/t/p/w500/a.jpg" },
        { "stills", 1, "https://image.tmdb.org/t/p/w92/a.jpg" },
        /* h632 is 421 wide, portraits being two by three. */
        { "profiles", 186, "https://image.tmdb.org/t/p/h632/a.jpg" },
        { "profiles", 421, "https://image.tmdb.org/t/p/h632/a.jpg" },
        { "profiles", 422, "https://image.tmdb.org/t/p/original/a.jpg" },
    };
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_located(host, cases[i].kind, "/a.jpg", cases[i].width, cases[i].url);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_int_equal(fake_host_request(host, 0)->max_age_s, 86400);
}

static void without_a_secure_place_the_plain_one_is_used(void **state)
{
    static const char *const configurations[] = {
        "{\"images\":{\"base_url\":\"http://127.0.0.1:8090/t/p/\"," SIZES "}}",
        "{\"images\":{\"base_url\":\"http://127.0.0.1:8090/t/p\",\"secure_base_url\":\"\"," SIZES
        "}}",
        "{\"images\":{\"base_url\":\"http://127.0.0.1:8090/t/p/\",\"secure_base_url\":"
        "\"ftp://x/\"," SIZES "}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(configurations) / sizeof(*configurations); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = host_with(configurations[i]);

        assert_located(host, "posters", "/a.jpg", 300, "http://127.0.0.1:8090/t/p/w342/a.jpg");
    }
}

static void the_operators_place_wins(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);

    (void)state;
    fake_host_set_option(host, "image_url", "https://mirror.example/tmdb//");
    assert_located(host, "posters", "/a.jpg", 300, "https://mirror.example/tmdb/w342/a.jpg");
}

static void sizes_that_make_no_sense_are_passed_over(void **state)
{
    CLEANUP(fake_host_free)
    struct fake_host *host = host_with(
        "{\"images\":{" SECURE "\"poster_sizes\":[\"wide\",7,null,\"w\",\"w-5\",\"w0500\","
        "\"w9999999999\",\"w500x\",\"\",\"../x\",\"w342\"],\"logo_sizes\":\"w92\"}}");

    (void)state;
    assert_located(host, "posters", "/a.jpg", 10, "https://image.tmdb.org/t/p/w342/a.jpg");
    assert_located(host, "posters", "/a.jpg", 400, "https://image.tmdb.org/t/p/original/a.jpg");
    assert_located(host, "logos", "/a.jpg", 40, "https://image.tmdb.org/t/p/original/a.jpg");
    assert_located(host, "stills", "/a.jpg", 40, "https://image.tmdb.org/t/p/original/a.jpg");
}

static void the_configuration_is_asked_for_again_after_a_day(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);

    (void)state;
    assert_int_equal(locate(host, "posters", "/a.jpg"), 0);
    now += 86399;
    assert_int_equal(locate(host, "posters", "/a.jpg"), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    now += 1;
    assert_int_equal(locate(host, "posters", "/a.jpg"), 0);
    assert_int_equal(fake_host_n_requests(host), 2);
}

static void the_last_configuration_serves_while_tmdb_is_away(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);

    (void)state;
    assert_int_equal(locate(host, "posters", "/a.jpg"), 0);
    fake_host_answer(host, "{base}/*", &(struct fake_answer){ .failure = PROVIDER_EUPSTREAM });
    now += 10 * 86400;
    assert_located(host, "posters", "/a.jpg", 92, "https://image.tmdb.org/t/p/w92/a.jpg");
    /* Also after a restart. */
    fake_host_close(host);
    assert_located(host, "posters", "/b.jpg", 92, "https://image.tmdb.org/t/p/w92/b.jpg");
}

static void without_any_configuration_the_failure_is_told(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"images\":null}",
        "{\"images\":{" SIZES "}}",
        "{\"images\":{\"base_url\":\"javascript:x\"}}",
        "{\"images\":{\"secure_base_url\":\"https://x/?a=\"}}",
    };
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    assert_int_equal(locate(host, "posters", "/a.jpg"), PROVIDER_EUPSTREAM);
    fake_host_set_state(host, "pictures", "not json");
    assert_int_equal(locate(host, "posters", "/a.jpg"), PROVIDER_EUPSTREAM);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        fake_host_answer_json(host, "{base}/configuration*", bodies[i]);
        assert_int_equal(locate(host, "posters", "/a.jpg"), PROVIDER_EPARSE);
    }
}

static void paths_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const paths[] = {
        "",           "/",        "a.jpg",  "//evil.example/a.jpg",
        "/../a.jpg",  "/a b.jpg", "/a?b",   "/a#b",
        "/a%2e%2e/b", "/a\\b",    "/\x7f",  "/ü.jpg",
        "/a\nb",      "/a.svg",   "/a.SVG",
    };
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
        assert_int_equal(locate(host, "posters", paths[i]), PROVIDER_EINVAL);
    assert_int_equal(locate(host, "pictures", "/a.jpg"), PROVIDER_EINVAL);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void an_address_that_does_not_fit_is_refused(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(CONFIGURATION);
    char url[39];

    (void)state;
    /* "https://image.tmdb.org/t/p/w92/abc.jpg" and its NUL are 39 bytes. */
    assert_int_equal(fake_host_locate_image(host, "posters", "/abc.jpg", 92, url, sizeof(url)), 0);
    assert_int_equal(fake_host_locate_image(host, "posters", "/abc.jpg", 92, url, 38),
                     PROVIDER_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_wide_enough_size_is_taken),
        cmocka_unit_test(without_a_secure_place_the_plain_one_is_used),
        cmocka_unit_test(the_operators_place_wins),
        cmocka_unit_test(sizes_that_make_no_sense_are_passed_over),
        cmocka_unit_test(the_configuration_is_asked_for_again_after_a_day),
        cmocka_unit_test(the_last_configuration_serves_while_tmdb_is_away),
        cmocka_unit_test(without_any_configuration_the_failure_is_told),
        cmocka_unit_test(paths_that_lead_elsewhere_are_refused),
        cmocka_unit_test(an_address_that_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests_name("tmdb pictures", tests, NULL, NULL);
}
