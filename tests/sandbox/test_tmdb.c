/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <zlib.h>

#include "ask_world.h"
#include "base/clock.h"

static int start_large(void **state)
{
    (void)state;
    return start_with(500, 0);
}

static void without_a_key_nothing_is_told(void **state)
{
    static const char *const targets[] = { "/3/movie/19", "/3/movie/19?api_key=wrong",
                                           "/3/authentication", "/3/nonsense" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
        const struct ask_extra extra = { .authorization = "Basic " SANDBOX_KEY };
        assert_int_equal(ask_with(sandbox, targets[i], &extra, &reply), 401);
        assert_non_null(strstr(text_string(&reply.body), "\"status_code\":7"));
    }
}

static void a_token_in_the_header_is_as_good_as_a_key(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { .authorization = "Bearer eyJh.eyJz.c2ln" };
    (void)state;
    assert_int_equal(ask_with(sandbox, "/3/movie/19", &extra, &reply), 200);
}

static void errors_have_the_codes_of_the_real_service(void **state)
{
    (void)state;
    assert_fails("/3/movie/999999999", 404, 34);
    assert_fails("/3/movie/0", 404, 34);
    assert_fails("/3/movie/abc", 404, 34);
    assert_fails("/3/movie/19/nonsense", 404, 34);
    assert_fails("/3/nonsense", 404, 34);
    assert_fails("/3/movie/popular?page=0", 400, 22);
    assert_fails("/3/movie/popular?page=501", 400, 22);
    assert_fails("/3/movie/popular?page=x", 400, 22);
    assert_fails("/3/movie/changes?start_date=2026-01-01&end_date=2026-01-16", 422, 20);
    assert_fails("/3/movie/changes?start_date=2026-13-01", 400, 23);
    assert_fails("/3/movie/19?append_to_response=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u", 400,
                 27);
}

static void a_search_without_words_has_the_other_error_shape(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    assert_int_equal(ask(sandbox, "/3/search/movie?query=", &body), 422);
    assert_int_equal(json_array_size(js_array(body, "errors")), 1);
    assert_null(json_object_get(body, "status_code"));
}

static void text_has_no_fallback_and_titles_fall_to_the_original(void **state)
{
    json_auto_t *korean = NULL, *german = NULL, *english = NULL;
    (void)state;
    ask(sandbox, "/3/movie/643?language=ko-KR", &korean);
    assert_string_equal(js_string(korean, "title"), "Броненосец Потёмкин");
    assert_string_equal(json_string_value(json_object_get(korean, "overview")), "");
    assert_non_null(js_string(korean, "poster_path"));
    ask(sandbox, "/3/movie/643?language=de-AT", &german);
    assert_string_equal(js_string(german, "title"), "Panzerkreuzer Potemkin");
    ask(sandbox, "/3/movie/643", &english);
    assert_string_equal(js_string(english, "title"), "Battleship Potemkin");
}

static void an_empty_title_of_a_translation_shows_the_original(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    ask(sandbox, "/3/movie/900000902?language=ja", &body);
    assert_string_equal(js_string(body, "title"), "空のリール");
    assert_string_equal(js_string(body, "overview"), "題名だけが残った実験映画。");
}

static size_t n_posters(const char *query)
{
    json_auto_t *body = NULL;
    CLEANUP(mem_free) char *target = mem_format("/3/movie/19/images%s", query);
    assert_int_equal(ask(sandbox, target, &body), 200);
    return json_array_size(js_array(body, "posters"));
}

static void a_language_filters_images_unless_others_are_asked_for(void **state)
{
    (void)state;
    assert_int_equal(n_posters(""), 9);
    assert_true(n_posters("?language=de-DE") < 4);
    assert_int_equal(n_posters("?language=th"), 0);
    assert_true(n_posters("?language=de-DE&include_image_language=de,en,null") >
                n_posters("?language=de-DE"));
}

static void appended_parts_have_no_id_and_unknown_ones_are_ignored(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    ask(sandbox, "/3/movie/tt0017136?append_to_response=credits,nonsense,credits,images,changes",
        &body);
    assert_int_equal(js_int(body, "id", 0), 19);
    assert_non_null(js_object(body, "credits"));
    assert_null(json_object_get(js_object(body, "credits"), "id"));
    assert_non_null(js_array(js_object(body, "changes"), "changes"));
    assert_null(json_object_get(body, "nonsense"));
}

static void odd_films_keep_null_and_empty_apart(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    ask(sandbox, "/3/movie/900000901", &body);
    assert_true(json_is_null(json_object_get(body, "runtime")));
    assert_true(json_is_null(json_object_get(body, "poster_path")));
    assert_string_equal(json_string_value(json_object_get(body, "release_date")), "");
    assert_string_equal(json_string_value(json_object_get(body, "imdb_id")), "");
}

static void pages_cover_all_films_once(void **state)
{
    json_auto_t *seen = json_object();
    int64_t total = 0;
    (void)state;
    for (int page = 1; page <= 40; page++) {
        CLEANUP(mem_free) char *target = mem_format("/3/movie/popular?page=%d", page);
        json_auto_t *body = NULL;
        size_t i;
        json_t *row;
        assert_int_equal(ask(sandbox, target, &body), 200);
        total = js_int(body, "total_results", 0);
        json_array_foreach (js_array(body, "results"), i, row) {
            CLEANUP(mem_free) char *id = mem_format("%lld", (long long)js_int(row, "id", 0));
            assert_null(json_object_get(seen, id));
            json_object_set_new(seen, id, json_true());
        }
    }
    assert_int_equal(json_object_size(seen), total);
    assert_true(total > 560);
}

static void discover_filters(void **state)
{
    json_auto_t *silent = NULL, *none = NULL;
    size_t i;
    json_t *row;
    (void)state;
    ask(sandbox,
        "/3/discover/movie?with_genres=27&primary_release_date.lte=1930-12-31"
        "&sort_by=primary_release_date.asc&with_original_language=de",
        &silent);
    assert_true(js_int(silent, "total_results", 0) >= 3);
    json_array_foreach (js_array(silent, "results"), i, row)
        assert_true(strcmp(js_string(row, "release_date"), "1931") < 0);
    assert_int_equal(js_int(json_array_get(js_array(silent, "results"), 0), "id", 0), 234);
    ask(sandbox, "/3/discover/movie?with_original_language=en-US", &none);
    assert_int_equal(js_int(none, "total_results", -1), 0);
}

static void search_ignores_case_and_accents_and_knows_translations(void **state)
{
    static const char *const queries[] = { "HAXAN", "häx", "Hexen", "%E6%9C%88%E4%B8%96%E7%95%8C",
                                           "броненосец" };
    static const int64_t found[] = { 57283, 57283, 57283, 775, 643 };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        CLEANUP(mem_free) char *target = mem_format("/3/search/movie?query=%s", queries[i]);
        json_auto_t *body = NULL;
        assert_int_equal(ask(sandbox, target, &body), 200);
        assert_int_equal(js_int(json_array_get(js_array(body, "results"), 0), "id", 0), found[i]);
    }
}

static bool is_announced(int64_t id)
{
    json_auto_t *body = NULL;
    size_t i;
    json_t *row;
    assert_int_equal(ask(sandbox, "/3/movie/changes", &body), 200);
    json_array_foreach (js_array(body, "results"), i, row) {
        if (js_int(row, "id", 0) == id)
            return true;
    }
    return false;
}

static void a_change_is_announced_and_shows(void **state)
{
    json_auto_t *before = NULL, *after = NULL, *changes = NULL;
    (void)state;
    ask(sandbox, "/3/movie/500000123", &before);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/change", "{\"id\":500000123}"), 200);
    ask(sandbox, "/3/movie/500000123", &after);
    assert_false(json_equal(before, after));
    assert_true(is_announced(500000123));
    ask(sandbox, "/3/movie/500000123/changes", &changes);
    assert_true(json_array_size(js_array(changes, "changes")) == 1);
}

static void a_removal_is_not_announced_but_answers_404(void **state)
{
    json_auto_t *body = NULL, *gone = NULL;
    (void)state;
    assert_int_equal(direct(sandbox, "POST", "/sandbox/remove", "{\"id\":500000077}"), 200);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/remove", "{\"id\":500000077}"), 404);
    assert_int_equal(ask(sandbox, "/3/movie/500000077", &gone), 404);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/change", "{\"id\":500000077}"), 404);
    ask(sandbox, "/3/movie/changes?start_date=2026-01-01&end_date=2026-01-14", &body);
    assert_true(js_int(body, "total_results", 0) > 14);
}

static void a_film_of_the_tests_own_can_be_added(void **state)
{
    json_auto_t *body = NULL;
    (void)state;
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add",
                            "{\"film\":{\"id\":950000001,\"title\":\"Mine\",\"runtime\":null}}"),
                     200);
    assert_int_equal(ask(sandbox, "/3/movie/950000001", &body), 200);
    assert_true(is_announced(950000001));
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add", "{\"film\":{\"id\":19}}"), 400);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add", "{}"), 400);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/add", "nonsense"), 400);
}

static void an_unchanged_answer_is_a_304(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply first = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply second = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply third = { 0 };
    struct ask_extra extra = { 0 };
    (void)state;
    assert_int_equal(ask_with(sandbox, "/3/movie/961?" KEY, &extra, &first), 200);
    assert_int_equal(strlen(first.etag), 36);
    extra.if_none_match = first.etag;
    assert_int_equal(ask_with(sandbox, "/3/movie/961?" KEY, &extra, &second), 304);
    assert_int_equal(second.body.len, 0);
    direct(sandbox, "POST", "/sandbox/change", "{\"id\":961}");
    assert_int_equal(ask_with(sandbox, "/3/movie/961?" KEY, &extra, &third), 200);
}

static size_t unpack(const struct text *gzip, char *out, size_t room)
{
    z_stream stream = { .next_in = (Bytef *)gzip->bytes,
                        .avail_in = (uInt)gzip->len,
                        .next_out = (Bytef *)out,
                        .avail_out = (uInt)room };
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return stream.total_out;
}

static void bodies_are_gzipped_when_asked(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { .accept_encoding = "deflate, gzip, br" };
    CLEANUP(mem_free) char *plain = mem_alloc(1 << 20);
    (void)state;
    assert_int_equal(ask_with(sandbox, "/3/movie/popular?" KEY, &extra, &reply), 200);
    assert_true(reply.gzipped);
    json_auto_t *body = json_loadb(plain, unpack(&reply.body, plain, 1 << 20), 0, NULL);
    assert_int_equal(json_array_size(js_array(body, "results")), 20);
}

static int ask_export(int64_t days_ago, struct sandbox_reply *reply)
{
    char date[CLOCK_TEXT_LEN];
    const struct ask_extra extra = { 0 };
    clock_format_date(clock_wall_ms() - days_ago * 24 * 3600 * 1000, date);
    CLEANUP(mem_free)
    char *target =
        mem_format("/p/exports/movie_ids_%.2s_%.2s_%.4s.json.gz", date + 5, date + 8, date);
    return ask_with(sandbox, target, &extra, reply);
}

static void the_export_lists_every_film_a_line(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    CLEANUP(mem_free) char *plain = mem_alloc(1 << 20);
    size_t lines = 0;
    (void)state;
    assert_int_equal(ask_export(1, &reply), 200);
    size_t len = unpack(&reply.body, plain, (1 << 20) - 1);
    for (char *at = plain; at < plain + len; lines++) {
        char *end = memchr(at, '\n', (size_t)(plain + len - at));
        assert_non_null(end);
        json_auto_t *line = json_loadb(at, (size_t)(end - at), 0, NULL);
        assert_true(js_int(line, "id", 0) > 0 && js_int(line, "id", 0) != 500000077);
        assert_non_null(js_string(line, "original_title"));
        at = end + 1;
    }
    assert_true(lines > 560);
}

static void exports_of_other_days_are_forbidden(void **state)
{
    CLEANUP(sandbox_reply_done) struct sandbox_reply future = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply past = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply wrong = { 0 };
    const struct ask_extra extra = { 0 };
    (void)state;
    assert_int_equal(ask_export(-2, &future), 403);
    assert_int_equal(ask_export(200, &past), 403);
    assert_int_equal(ask_with(sandbox, "/p/exports/movie_ids_13_45_2026.json.gz", &extra, &wrong),
                     403);
}

static void posters_are_pictures_of_the_size_asked_for(void **state)
{
    json_auto_t *body = NULL;
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply wrong_size = { 0 };
    CLEANUP(sandbox_reply_done) struct sandbox_reply wrong_name = { 0 };
    const struct ask_extra extra = { 0 };
    (void)state;
    ask(sandbox, "/3/movie/45745", &body);
    CLEANUP(mem_free) char *target = mem_format("/t/p/w185%s", js_string(body, "poster_path"));
    assert_int_equal(ask_with(sandbox, target, &extra, &reply), 200);
    assert_string_equal(reply.content_type, "image/png");
    assert_memory_equal(reply.body.bytes, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(reply.body.bytes + 16, "\0\0\0\xb9\0\0\x01\x15", 8); /* 185 x 277 */
    CLEANUP(mem_free) char *odd = mem_format("/t/p/w186%s", js_string(body, "poster_path"));
    assert_int_equal(ask_with(sandbox, odd, &extra, &wrong_size), 404);
    assert_int_equal(ask_with(sandbox, "/t/p/w185/nonsense.png", &extra, &wrong_name), 404);
}

static void the_same_seed_invents_the_same_films(void **state)
{
    CLEANUP(sandbox_free) struct sandbox *other = sandbox_of(500);
    json_auto_t *here = NULL, *there = NULL;
    (void)state;
    ask(sandbox, "/3/movie/500000200?append_to_response=credits,translations", &here);
    ask(other, "/3/movie/500000200?append_to_response=credits,translations", &there);
    assert_true(json_equal(here, there));
}

static void requests_are_counted_by_route(void **state)
{
    CLEANUP(sandbox_free) struct sandbox *own = sandbox_of(0);
    CLEANUP(sandbox_reply_done) struct sandbox_reply reply = { 0 };
    const struct ask_extra extra = { 0 };
    json_auto_t *body = NULL;
    (void)state;
    ask(own, "/3/movie/19/images", &body);
    ask_with(own, "/sandbox/requests", &extra, &reply);
    assert_non_null(strstr(text_string(&reply.body), "\"/3/movie/{id}/images\":1"));
    assert_null(strstr(text_string(&reply.body), SANDBOX_KEY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_key_nothing_is_told),
        cmocka_unit_test(a_token_in_the_header_is_as_good_as_a_key),
        cmocka_unit_test(errors_have_the_codes_of_the_real_service),
        cmocka_unit_test(a_search_without_words_has_the_other_error_shape),
        cmocka_unit_test(text_has_no_fallback_and_titles_fall_to_the_original),
        cmocka_unit_test(an_empty_title_of_a_translation_shows_the_original),
        cmocka_unit_test(a_language_filters_images_unless_others_are_asked_for),
        cmocka_unit_test(appended_parts_have_no_id_and_unknown_ones_are_ignored),
        cmocka_unit_test(odd_films_keep_null_and_empty_apart),
        cmocka_unit_test(pages_cover_all_films_once),
        cmocka_unit_test(discover_filters),
        cmocka_unit_test(search_ignores_case_and_accents_and_knows_translations),
        cmocka_unit_test(a_change_is_announced_and_shows),
        cmocka_unit_test(a_removal_is_not_announced_but_answers_404),
        cmocka_unit_test(a_film_of_the_tests_own_can_be_added),
        cmocka_unit_test(an_unchanged_answer_is_a_304),
        cmocka_unit_test(bodies_are_gzipped_when_asked),
        cmocka_unit_test(the_export_lists_every_film_a_line),
        cmocka_unit_test(exports_of_other_days_are_forbidden),
        cmocka_unit_test(posters_are_pictures_of_the_size_asked_for),
        cmocka_unit_test(the_same_seed_invents_the_same_films),
        cmocka_unit_test(requests_are_counted_by_route),
    };
    return cmocka_run_group_tests_name("sandbox_tmdb", tests, start_large, stop);
}
