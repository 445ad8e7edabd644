/* SPDX-License-Identifier: MIT
 *
 * The sandbox's YTS: pages, searches, details, and what is odd about them. */
#include "../test.h"

#include "ask_world.h"

#define LIST "/api/v2/list_movies.json"
#define DETAILS "/api/v2/movie_details.json"

static int start_films(void **state)
{
    (void)state;
    return start_with(120, 0);
}

/* Its "data" (new reference). */
static json_t *data_of(const char *target)
{
    json_auto_t *body = NULL;
    assert_int_equal(ask(sandbox, target, &body), 200);
    assert_string_equal(js_string(body, "status"), "ok");
    assert_int_equal(js_int(js_object(body, "@meta"), "api_version", 0), 2);
    return json_incref(js_object(body, "data"));
}

static size_t n_movies(const char *target)
{
    json_auto_t *data = data_of(target);
    return json_array_size(js_array(data, "movies"));
}

static void the_list_begins_with_the_newest(void **state)
{
    json_auto_t *data = data_of(LIST "?limit=50");
    json_t *movies = js_array(data, "movies");
    int64_t before_s = INT64_MAX;
    size_t i;
    json_t *movie;
    (void)state;
    assert_int_equal(js_int(data, "limit", 0), 50);
    assert_true(js_int(data, "movie_count", 0) > 120);
    assert_in_range(json_array_size(movies), 20, 50);
    json_array_foreach (movies, i, movie) {
        int64_t uploaded_s = js_int(movie, "date_uploaded_unix", 0);
        assert_true(uploaded_s < before_s);
        before_s = uploaded_s;
        assert_true(text_starts_with(js_string(movie, "imdb_code"), "tt"));
        assert_in_range(json_array_size(js_array(movie, "torrents")), 2, 4);
    }
}

/* Page after page they all come, each once, until one has none. */
static void the_pages_hold_every_film_once(void **state)
{
    json_auto_t *seen = json_object();
    size_t n = 0, on_page;
    (void)state;
    for (int page = 1; page < 20; page++) {
        CLEANUP(mem_free) char *target = mem_format(LIST "?limit=30&page=%d", page);
        json_auto_t *data = data_of(target);
        json_t *movies = js_array(data, "movies");
        on_page = json_array_size(movies);
        if (!on_page)
            break;
        for (size_t i = 0; i < on_page; i++)
            json_object_set_new(seen, js_string(json_array_get(movies, i), "imdb_code"),
                                json_true());
        n += on_page;
    }
    assert_true(n > 120);
    assert_int_equal(json_object_size(seen), n);
    assert_non_null(json_object_get(seen, "tt0013442"));
}

static void a_film_is_found_by_its_title_and_by_its_id(void **state)
{
    static const char *const terms[] = { "tt0013442", "nosferatu" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
        CLEANUP(mem_free) char *target = mem_format(LIST "?limit=5&query_term=%s", terms[i]);
        json_auto_t *data = data_of(target);
        const json_t *movie = json_array_get(js_array(data, "movies"), 0);
        assert_string_equal(js_string(movie, "imdb_code"), "tt0013442");
        assert_string_equal(js_string(movie, "title"), "Nosferatu");
        assert_int_equal(js_int(movie, "year", 0), 1922);
    }
}

/* Without a hit the key is not there at all. */
static void without_a_hit_there_are_no_movies(void **state)
{
    static const char *const targets[] = { LIST "?query_term=zzzzqqq", LIST "?query_term=tt9999999",
                                           LIST "?query_term=tt0013442&page=2", LIST "?page=1000" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        json_auto_t *data = data_of(targets[i]);
        assert_non_null(data);
        assert_null(json_object_get(data, "movies"));
    }
}

static void strange_limits_and_pages_do_no_harm(void **state)
{
    (void)state;
    assert_int_equal(n_movies(LIST "?limit=1&query_term=nosferatu"), 1);
    assert_in_range(n_movies(LIST "?limit=100000"), 20, 50);
    assert_in_range(n_movies(LIST "?limit=-1&page=0"), 10, 20);
    assert_in_range(n_movies(LIST "?limit=x&page=y"), 10, 20);
    assert_int_equal(n_movies(LIST "?page=99999999999999999999"), n_movies(LIST));
}

static void infohashes_are_each_once_and_stay(void **state)
{
    json_auto_t *once = data_of(LIST "?limit=50"), *again = data_of(LIST "?limit=50");
    json_auto_t *seen = json_object();
    size_t i, k;
    json_t *movie, *torrent;
    (void)state;
    assert_true(json_equal(once, again));
    json_array_foreach (js_array(once, "movies"), i, movie) {
        json_array_foreach (js_array(movie, "torrents"), k, torrent) {
            const char *hash = js_string(torrent, "hash");
            assert_int_equal(strlen(hash), 40);
            assert_int_equal(strspn(hash, "0123456789ABCDEF"), 40);
            assert_null(json_object_get(seen, hash));
            json_object_set_new(seen, hash, json_true());
        }
    }
}

static void details_come_by_either_id_and_with_a_cast(void **state)
{
    json_auto_t *by_imdb = data_of(DETAILS "?imdb_id=tt0013442&with_cast=true");
    const json_t *movie = js_object(by_imdb, "movie");
    CLEANUP(mem_free)
    char *target = mem_format(DETAILS "?movie_id=%lld", (long long)js_int(movie, "id", 0));
    json_auto_t *by_number = data_of(target);
    const json_t *actor = json_array_get(js_array(movie, "cast"), 0);
    (void)state;
    assert_true(json_equal(by_imdb, by_number));
    assert_string_equal(js_string(actor, "name"), "Max Schreck");
    /* Digits, without "nm". */
    assert_int_equal(strspn(js_string(actor, "imdb_code"), "0123456789"), 7);
}

static void an_unknown_film_has_the_id_0(void **state)
{
    static const char *const targets[] = { DETAILS, DETAILS "?movie_id=0",
                                           DETAILS "?movie_id=100000", DETAILS "?imdb_id=tt9999999",
                                           DETAILS "?imdb_id=" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        json_auto_t *data = data_of(targets[i]);
        const json_t *movie = js_object(data, "movie");
        assert_int_equal(js_int(movie, "id", -1), 0);
        assert_true(json_is_null(json_object_get(movie, "imdb_code")));
    }
}

static void domains_that_moved_answer_something_else(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply parked = { 0 };
    const struct ask_extra extra = { 0 };
    json_auto_t *copycat = NULL, *elsewhere = NULL;
    (void)state;
    assert_int_equal(ask_with(sandbox, "/parked" LIST, &extra, &parked), 200);
    assert_string_equal(parked.content_type, "text/html");
    assert_int_equal(ask(sandbox, "/copycat" LIST, &copycat), 200);
    assert_null(json_object_get(copycat, "status"));
    assert_int_equal(ask(sandbox, "/api/v2/list_upcoming.json", &elsewhere), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_begins_with_the_newest),
        cmocka_unit_test(the_pages_hold_every_film_once),
        cmocka_unit_test(a_film_is_found_by_its_title_and_by_its_id),
        cmocka_unit_test(without_a_hit_there_are_no_movies),
        cmocka_unit_test(strange_limits_and_pages_do_no_harm),
        cmocka_unit_test(infohashes_are_each_once_and_stay),
        cmocka_unit_test(details_come_by_either_id_and_with_a_cast),
        cmocka_unit_test(an_unknown_film_has_the_id_0),
        cmocka_unit_test(domains_that_moved_answer_something_else),
    };
    return cmocka_run_group_tests(tests, start_films, stop);
}
