/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "base/text.h"
#include "media/filter.h"
#include "router.h"

static void set_path(struct request *request, enum request_method method, char *path)
{
    *request = (struct request){ .method = method };
    for (char *at = path; *at == '/';) {
        *at++ = '\0';
        request->segments[request->n_segments++] = at;
        at += strcspn(at, "/");
    }
}

static const struct route *find(enum request_method method, const char *path,
                                struct request *request, uint32_t *allow)
{
    static char copy[400];
    snprintf(copy, sizeof copy, "%s", path);
    set_path(request, method, copy);
    return router_find(request, allow);
}

static void paths_find_their_routes(void **state UNUSED)
{
    static const struct {
        enum request_method method;
        const char *path, *operation, *argument;
    } rows[] = {
        { REQUEST_GET, "/api/movies", "listMovies", NULL },
        { REQUEST_HEAD, "/api/movies", "listMovies", NULL },
        { REQUEST_GET, "/api/movies/42", "getMovie", "42" },
        { REQUEST_GET, "/api/movies/search", "searchMoviesAlias", NULL },
        { REQUEST_POST, "/api/movies/sync", "syncMovies", NULL },
        { REQUEST_GET, "/api/movies/sync", "getMovie", "sync" },
        { REQUEST_GET, "/api/movies/42/similar", "similarMovies", "42" },
        { REQUEST_PUT, "/api/providers/tmdb", "changeProvider", "tmdb" },
        { REQUEST_POST, "/api/providers/tmdb/reset", "resetProvider", "tmdb" },
        { REQUEST_GET, "/metrics", "metrics", NULL },
        { REQUEST_GET, "/api/torrents/ab.torrent", "downloadTorrent", "ab.torrent" },
        { REQUEST_GET, "/api/torrents/.torrent", "getTorrent", ".torrent" },
        { REQUEST_GET, "/api/torrents/ab.torrents", "getTorrent", "ab.torrents" },
        { REQUEST_GET, "/api/torrents/ab", "getTorrent", "ab" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct request request;
        uint32_t allow;
        const struct route *route = find(rows[i].method, rows[i].path, &request, &allow);
        assert_non_null(route);
        assert_string_equal(route->operation, rows[i].operation);
        if (rows[i].argument)
            assert_string_equal(request.arguments[0], rows[i].argument);
    }
}

static void other_paths_find_nothing(void **state UNUSED)
{
    static const char *const paths[] = { "/",
                                         "/api",
                                         "/api/",
                                         "/api/movies/",
                                         "/API/movies",
                                         "/api/movies/1/",
                                         "/api/movie",
                                         "/api/moviess",
                                         "/api/movies/1/similar/2",
                                         "/metrics/x" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct request request;
        uint32_t allow = 1;
        assert_null(find(REQUEST_GET, paths[i], &request, &allow));
        assert_int_equal(allow, 0);
    }
}

static void another_method_says_which_there_are(void **state UNUSED)
{
    struct request request;
    uint32_t allow;
    assert_null(find(REQUEST_DELETE, "/api/movies", &request, &allow));
    assert_int_equal(allow, REQUEST_GET | REQUEST_HEAD | REQUEST_OPTIONS);
    assert_null(find(0, "/api/jobs/7", &request, &allow));
    assert_int_equal(allow, REQUEST_GET | REQUEST_HEAD | REQUEST_DELETE | REQUEST_OPTIONS);
}

static bool check(const char *path, const char *name, const char *value, struct problem *problem)
{
    struct request request;
    uint32_t allow;
    const struct route *route = find(REQUEST_GET, path, &request, &allow);
    request.n_params = name ? 1 : 0;
    request.params[0] = (struct request_param){ name, value };
    *problem = (struct problem){ 0 };
    return router_check(route, &request, problem);
}

static void parameters_are_checked_against_the_table(void **state UNUSED)
{
    static const struct {
        const char *path, *name, *value;
        bool right;
    } rows[] = {
        { "/api/movies", "page", "1", true },
        { "/api/movies", "page", "2147483647", true },
        { "/api/movies", "page", "2147483648", false },
        { "/api/movies", "page", "", false },
        { "/api/movies", "page", "1.0", false },
        { "/api/movies", "limit", "100", true },
        { "/api/movies", "limit", "0", false },
        { "/api/movies", "rating_min", "7.5", true },
        { "/api/movies", "rating_min", "-1", false },
        { "/api/movies", "rating_min", "nan", false },
        { "/api/movies", "quality", "720p,1080p", true },
        { "/api/movies", "quality", "720p,", false },
        { "/api/movies", "quality", "", false },
        { "/api/movies", "available", "true", true },
        { "/api/movies", "available", "yes", false },
        { "/api/movies", "language", "pt-BR", true },
        { "/api/movies", "language", "", false },
        { "/api/movies", "q", "x", false },
        { "/api/movies", "", "x", false },
        { "/api/search", "q", "x", true },
        { "/api/search", "q", "", false },
        { "/api/search", NULL, NULL, false },
        { "/api/health", NULL, NULL, true },
        { "/api/health", "page", "1", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct problem problem;
        bool right = check(rows[i].path, rows[i].name, rows[i].value, &problem);
        if (right != rows[i].right)
            fail_msg("%s %s=%s", rows[i].path, rows[i].name, rows[i].value);
        if (!right) {
            assert_int_equal(problem.status, 400);
            assert_true(problem.n_fields > 0);
        }
    }
}

/* The router's table and media/filter must know the same names. */
static void the_filter_knows_every_filter_parameter(void **state UNUSED)
{
    for (const struct route_param *param = router_filter_params; param->name; param++) {
        struct filter filter = { 0 };
        struct error err = { 0 };
        int result = filter_set(&filter, param->name, "!", &err);
        if (result == PROVIDER_ENOTFOUND)
            fail_msg("media/filter does not know '%s'", param->name);
    }
}

static void every_route_is_well_formed(void **state UNUSED)
{
    for (size_t i = 0; i < router_n_routes; i++) {
        const struct route *route = &router_routes[i];
        assert_true(route->pattern[0] == '/');
        assert_non_null(route->handler);
        assert_non_null(route->operation);
        assert_non_null(route->summary);
        assert_non_null(request_method_name(route->method));
        assert_true((route->scope != 0) != ((route->flags & ROUTE_OPEN) != 0));
        if (route->flags & ROUTE_READY)
            assert_int_equal(route->method, REQUEST_GET);
        for (size_t k = i + 1; k < router_n_routes; k++) {
            assert_string_not_equal(route->operation, router_routes[k].operation);
            assert_false(route->method == router_routes[k].method &&
                         strcmp(route->pattern, router_routes[k].pattern) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_routes),
        cmocka_unit_test(other_paths_find_nothing),
        cmocka_unit_test(another_method_says_which_there_are),
        cmocka_unit_test(parameters_are_checked_against_the_table),
        cmocka_unit_test(the_filter_knows_every_filter_parameter),
        cmocka_unit_test(every_route_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
