/* SPDX-License-Identifier: MIT
 *
 * What is popular is ready before somebody asks for it. */
#include "../test.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cache/answers.h"
#include "house.h"
#include "raw.h"
#include "service/catalog.h"
#include "service/errands.h"
#include "warm.h"

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    house_add_movie(house, "{\"ids\":{\"tmdb\":1},\"title\":\"First\",\"popularity\":9}");
    house_add_movie(house, "{\"ids\":{\"tmdb\":2},\"title\":\"Second\"}");
    house_settle(house);
    *state = house;
    return 0;
}

static char *path_in(const struct house *house)
{
    return mem_format("%s/asked", house->folder);
}

static void write_file(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(bytes, file);
    assert_int_equal(fclose(file), 0);
}

static struct warm *start(struct house *house)
{
    CLEANUP(mem_free) char *path = path_in(house);
    struct warm *warm = warm_new(house->app, path);
    assert_true(warm_wait(warm, clock_steady_ms() + 20000));
    return warm;
}

/* Whether the answer was ready. */
static bool ask(struct house *house, const char *target, const char *more, struct text *answer)
{
    struct app_traffic before, after;
    CLEANUP(mem_free)
    char *request = mem_format("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n",
                               target, house->reader, more);
    app_traffic(&house->app->counters, &before);
    text_clear(answer);
    assert_int_equal(raw_ask(house->port, request, answer), 200);
    /* It is counted after it was sent. */
    do
        app_traffic(&house->app->counters, &after);
    while (after.by_class[2] == before.by_class[2]);
    return after.ready > before.ready;
}

static bool is_ready(struct house *house, const char *target, const char *more)
{
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    return ask(house, target, more, &answer);
}

static uint64_t n_warmed(const struct house *house)
{
    return __atomic_load_n(&house->app->counters.warmed, __ATOMIC_RELAXED);
}

static void the_first_pages_and_what_is_popular_are_ready_after_a_start(void **state)
{
    static const char *languages[] = { "en", "de" };
    struct house *house = *state;
    house->conf.languages = (struct conf_list){ .values = languages, .n = 2 };
    CLEANUP(warm_free) struct warm *warm = start(house);
    assert_true(is_ready(house, "/api/movies", ""));
    assert_true(is_ready(house, "/api/tvshows", "Accept-Encoding: gzip\r\n"));
    assert_true(is_ready(house, "/api/movies/1", ""));
    assert_true(is_ready(house, "/api/movies/2?language=de", "Accept-Encoding: gzip\r\n"));
    assert_false(is_ready(house, "/api/movies?page=2", ""));
}

static void without_it_the_first_who_asks_waits_for_the_making(void **state)
{
    assert_false(is_ready(*state, "/api/movies", ""));
    assert_true(is_ready(*state, "/api/movies", ""));
}

static void what_was_asked_for_before_the_stop_is_ready_after_the_start(void **state)
{
    struct house *house = *state;
    struct warm *warm = start(house);
    for (int i = 0; i < 2; i++)
        is_ready(house, "/api/movies?genre=drama", "Accept-Language: pt-BR\r\n");
    is_ready(house, "/api/movies?genre=horror", ""); /* once only */
    warm_free(warm);
    struct house *next;
    assert_int_equal(open_house((void **)&next), 0);
    CLEANUP(mem_free) char *path = path_in(house);
    warm = warm_new(next->app, path);
    assert_true(warm_wait(warm, clock_steady_ms() + 20000));
    assert_true(is_ready(next, "/api/movies?genre=drama", "Accept-Language: pt-BR\r\n"));
    assert_false(is_ready(next, "/api/movies?genre=horror", ""));
    warm_free(warm);
    house_leave((void **)&next);
}

static void what_a_change_dropped_is_made_again(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(warm_free) struct warm *warm = start(house);
    for (int i = 0; i < 2; i++)
        is_ready(house, "/api/movies?limit=7", "");
    uint64_t before = n_warmed(house);
    house_add_movie(house, "{\"ids\":{\"tmdb\":3},\"title\":\"Third\"}");
    /* The feed drops it, the index learns of the film, and then it is made: whatever comes first,
     * the last making sees the film. */
    int64_t until_ms = clock_steady_ms() + 20000;
    bool seen = false;
    while (!seen && clock_steady_ms() < until_ms) {
        ask(house, "/api/movies?limit=7", "", &answer);
        json_auto_t *page = json_loads(raw_body(text_string(&answer)), 0, NULL);
        seen = js_int(page, "total", 0) == 3 && n_warmed(house) > before;
    }
    assert_true(seen);
    assert_true(is_ready(house, "/api/movies?limit=7", ""));
}

static void it_asks_no_provider(void **state)
{
    static const char *const keys[] = {
        "p\n/api/movies/tmdb:4711\n\n\n",
        "p\n/api/search\nq=first\n\n",
        "z\n/api/movies/search\nq=first\n\n",
        "p\n/api/tvshows/tmdb:4711/seasons\n\n\n",
    };
    struct house *house = *state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        assert_false(app_prepare(house->app, keys[i], strlen(keys[i])));
    struct errands_status status;
    catalog_queue_status(house->services.catalog, &status);
    assert_int_equal(status.done + status.running + status.waiting + status.refused, 0);
    const char *local = "p\n/api/search\nq=first&scope=local\n\n";
    assert_true(app_prepare(house->app, local, strlen(local)));
    assert_true(is_ready(house, "/api/search?q=first&scope=local", ""));
}

static void what_cannot_be_kept_is_not_made(void **state)
{
    static const char *const keys[] = {
        "p\n\n\n\n",                      /* no path */
        "p\nmovies\n\n\n",                /* no slash */
        "p\n/api/nothing\n\n\n",          /* no route */
        "p\n/api/status\n\n\n",           /* never kept */
        "p\n/api/movies/sync\n\n\n",      /* no GET */
        "p\n/api/movies\nlimit=1000\n\n", /* a wrong parameter */
        "p\n/api/movies\nnonsense=1\n\n", /* an unknown one */
        "p\n/api/movies/%zz\n\n\n",       /* a bad percent sign */
        "p\n/api/movies/999999\n\n\n",    /* nobody has it */
    };
    struct house *house = *state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (app_prepare(house->app, keys[i], strlen(keys[i])))
            fail_msg("made: %s", keys[i]);
}

static void a_damaged_file_is_no_trouble(void **state)
{
    static const char *const files[] = {
        "",
        "\n",
        "\n\n\n\n\n\n\n\n",
        "p\n/api/movies",
        "p\n/api/movies\n\n",
        "q\n/api/movies\n\n\n",
        "\xff\xfe\n\x01\n\n\n",
        "p\n/api/movies?\n\n\nz\n/x\n",
        "pz\n/api/movies\n\n\n",
    };
    struct house *house = *state;
    CLEANUP(mem_free) char *path = path_in(house);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        write_file(path, files[i]);
        struct warm *warm = start(house);
        warm_free(warm);
    }
    CLEANUP(mem_free) char *nowhere = mem_format("%s/no/such/folder", house->folder);
    struct warm *warm = warm_new(house->app, nowhere);
    is_ready(house, "/api/movies", "");
    is_ready(house, "/api/movies", "");
    warm_free(warm); /* nothing to write to */
    warm_free(NULL);
}

static void what_is_ready_is_still_not_for_everybody(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    CLEANUP(warm_free) struct warm *warm = start(house);
    assert_int_equal(raw_ask(house->port, "GET /api/movies HTTP/1.1\r\nHost: x\r\n\r\n", &answer),
                     401);
    assert_null(strstr(text_string(&answer), "First"));
    assert_null(strstr(text_string(&answer), "ETag"));
}

#define HOUSED(test) cmocka_unit_test_setup_teardown(test, open_house, house_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSED(the_first_pages_and_what_is_popular_are_ready_after_a_start),
        HOUSED(without_it_the_first_who_asks_waits_for_the_making),
        HOUSED(what_was_asked_for_before_the_stop_is_ready_after_the_start),
        HOUSED(what_a_change_dropped_is_made_again),
        HOUSED(it_asks_no_provider),
        HOUSED(what_cannot_be_kept_is_not_made),
        HOUSED(a_damaged_file_is_no_trouble),
        HOUSED(what_is_ready_is_still_not_for_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
