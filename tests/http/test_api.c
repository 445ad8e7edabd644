/* SPDX-License-Identifier: MIT
 *
 * What the API answers: films, pages, searches, changes, events. */
#include "api_test.h"

#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "raw.h"

static const char sintel[] =
    "{\"ids\":{\"tmdb\":45745,\"imdb\":\"tt1727587\"},\"title\":\"Sintel\","
    "\"original_language\":\"en\",\"overview\":\"A girl looks for her dragon.\","
    "\"release_date\":\"2010-09-30\",\"runtime\":15,\"genres\":[\"Animation\",\"Fantasy\"],"
    "\"rating\":7.5,\"votes\":1200,\"popularity\":20.5,"
    "\"translations\":{\"de\":{\"title\":\"Sintel auf Deutsch\",\"overview\":\"Ein Maedchen.\"}}}";

static uint32_t sintel_id;

static int open_house(void **state)
{
    struct house *house = mem_new(struct house);
    house_init(house);
    house_open(house);
    sintel_id = house_add_movie(house, sintel);
    for (int i = 1; i <= 45; i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"Film %d\","
                                "\"original_language\":\"en\",\"release_date\":\"20%02d-01-01\","
                                "\"genres\":[\"Drama\"],\"popularity\":%d.5,\"overview\":\"%s\"}",
                                900000 + i, i, i % 20, i % 7,
                                "So long a text that packing it is worth while, said again and "
                                "again and again, so long a text that packing it is worth while");
        house_add_movie(house, json);
    }
    house_settle(house);
    *state = house;
    return 0;
}

static void a_movie_is_answered_under_all_its_names(void **state)
{
    struct house *house = *state;
    static const char *const names[] = { "tmdb:45745", "imdb:tt1727587", "tt1727587",
                                         "tmdb%3A45745" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        CLEANUP(mem_free) char *target = mem_format("/api/movies/%s", names[i]);
        assert_int_equal(ask(house, "GET", target, house->reader, NULL, &answer), 200);
        json_auto_t *body = body_of(&answer);
        assert_int_equal(js_int(body, "id", 0), sintel_id);
        assert_string_equal(js_string(body, "title"), "Sintel");
    }
}

static void a_language_can_be_asked_for(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(
        ask(house, "GET", "/api/movies/tt1727587?language=de", house->reader, NULL, &answer), 200);
    assert_string_equal(raw_header(answer.bytes, "Content-Language"), "de");
    assert_non_null(strstr(answer.bytes, "Sintel auf Deutsch"));
    CLEANUP(mem_free) char *german = mem_dup_text(raw_header(answer.bytes, "ETag"));
    ask(house, "GET", "/api/movies/tt1727587", house->reader, "Accept-Language: fr\r\n", &answer);
    assert_string_not_equal(raw_header(answer.bytes, "ETag"), german);
}

static void an_etag_saves_the_second_answer(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    ask(house, "GET", "/api/movies/tt1727587", house->reader, NULL, &answer);
    CLEANUP(mem_free)
    char *match = mem_format("If-None-Match: \"x\", W/%s\r\n", raw_header(answer.bytes, "ETag"));
    for (int i = 0; i < 2; i++) { /* from the handler or a ready answer alike */
        assert_int_equal(ask(house, "GET", "/api/movies/tt1727587", house->reader, match, &answer),
                         304);
        assert_string_equal(raw_body(answer.bytes), "");
        assert_non_null(raw_header(answer.bytes, "ETag"));
        assert_null(raw_header(answer.bytes, "Content-Length"));
    }
    match[16] = 'x';
    assert_int_equal(ask(house, "GET", "/api/movies/tt1727587", house->reader,
                         "If-None-Match: \"y\"\r\n", &answer),
                     200);
}

static void a_change_replaces_the_ready_answer(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    const char *before =
        "{\"ids\":{\"tmdb\":77},\"title\":\"Before\",\"original_language\":\"en\"}";
    const char *after = "{\"ids\":{\"tmdb\":77},\"title\":\"After\",\"original_language\":\"en\"}";
    house_add_movie(house, before);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(house, "GET", "/api/movies/tmdb:77", house->reader, NULL, &answer),
                         200);
    assert_non_null(strstr(answer.bytes, "Before"));
    house_add_movie(house, after);
    int64_t deadline_ms = clock_steady_ms() + 5000;
    do
        ask(house, "GET", "/api/movies/tmdb:77", house->reader, NULL, &answer);
    while (!strstr(answer.bytes, "After") && clock_steady_ms() < deadline_ms);
    assert_non_null(strstr(answer.bytes, "After"));
}

static void what_nobody_has_is_404(void **state)
{
    struct house *house = *state;
    static const char *const targets[] = {
        "/api/movies/999999",
        "/api/jobs/999999",
        "/api/jobs/abc",
        "/api/providers/nobody",
        "/api/nothing",
        "/",
        "/api/movies/",
        "/api//movies",
        "/api/images/posters/nobody/a.jpg",
        "/api/movies/1/2/3/4",
        "/api/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o",
        "/api/images/posters/nobody/..%2F..%2Fetc%2Fpasswd",
    };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        int status = ask(house, "GET", targets[i], house->reader, NULL, &answer);
        if (status != 404)
            fail_msg("%s: %d", targets[i], status);
        assert_problem(&answer, 404, "not_found");
    }
}

static void a_page_knows_its_neighbours(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(
        ask(house, "GET", "/api/movies?limit=10&page=2&genre=drama", house->reader, NULL, &answer),
        200);
    json_auto_t *body = body_of(&answer);
    assert_int_equal(js_int(body, "page", 0), 2);
    assert_int_equal(js_int(body, "limit", 0), 10);
    assert_int_equal(js_int(body, "total", 0), 45);
    assert_int_equal(js_int(body, "total_pages", 0), 5);
    assert_int_equal(json_array_size(js_array(body, "results")), 10);
    const char *links = raw_header(answer.bytes, "Link");
    assert_non_null(strstr(links, "</api/movies?limit=10&genre=drama&page=1>; rel=\"first\""));
    assert_non_null(strstr(links, "page=3>; rel=\"next\""));
    assert_non_null(strstr(links, "page=5>; rel=\"last\""));
}

static void a_page_past_the_end_is_empty(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "GET", "/api/movies?page=100000000", house->reader, NULL, &answer),
                     200);
    json_auto_t *body = body_of(&answer);
    assert_int_equal(json_array_size(js_array(body, "results")), 0);
    assert_true(js_int(body, "total", 0) >= 46);
}

static void every_wrong_parameter_is_named(void **state)
{
    struct house *house = *state;
    static const struct {
        const char *target, *field;
    } wrong[] = {
        { "/api/movies?pag=1", "pag" },
        { "/api/movies?page=0", "page" },
        { "/api/movies?page=x", "page" },
        { "/api/movies?limit=101", "limit" },
        { "/api/movies?page=1&page=2", "page" },
        { "/api/movies?sort=size", "sort" },
        { "/api/movies?genre=nonsense", "genre" },
        { "/api/movies?rating_min=11", "rating_min" },
        { "/api/movies?quality=8k", "quality" },
        { "/api/movies?language=x%20y", "language" },
        { "/api/movies?watched=false", "watched" }, /* nobody's history is kept yet */
        { "/api/tvshows?watched=true", "watched" },
        { "/api/search?q=x&watched=1", "watched" },
        { "/api/movies?year_min=2000&year_max=1999", "year_min" },
        { "/api/tvshows?year=1999&year_max=1990", "year" },
        { "/api/search?q=x&runtime_min=120&runtime_max=90", "runtime_min" },
        { "/api/movies/1?include=secrets", "include" },
        { "/api/search?q=x&order=asc", "order" },
        { "/api/search/movies?q=x&scope=local&order=desc", "order" },
        { "/api/search/suggest?q=x&order=asc", "order" },
        { "/api/search?q=", "q" },
        { "/api/search", "q" },
        { "/api/jobs?state=sleeping", "state" },
        { "/api/changes?since=-1", "since" },
        { "/api/health?verbose=1", "verbose" },
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        int status = ask(house, "GET", wrong[i].target, house->reader, NULL, &answer);
        if (status != 400)
            fail_msg("%s: %d", wrong[i].target, status);
        json_auto_t *body = body_of(&answer);
        const json_t *first = json_array_get(js_array(body, "errors"), 0);
        if (!text_equal(js_string(first, "field"), wrong[i].field))
            fail_msg("%s: %s", wrong[i].target, answer.bytes);
    }
}

static void head_is_get_without_the_body(void **state)
{
    struct house *house = *state;
    static const char *const targets[] = { "/api/movies", "/api/movies/tt1727587", "/api/health",
                                           "/api/openapi.json", "/api/movies/999999" };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        CLEANUP(text_done) struct text get = TEXT_INIT(1 << 20);
        CLEANUP(text_done) struct text head = TEXT_INIT(1 << 20);
        int status = ask(house, "GET", targets[i], house->reader, NULL, &get);
        assert_int_equal(ask(house, "HEAD", targets[i], house->reader, NULL, &head), status);
        assert_string_equal(raw_body(head.bytes), "");
        CLEANUP(mem_free) char *len = mem_dup_text(raw_header(get.bytes, "Content-Length"));
        assert_string_equal(raw_header(head.bytes, "Content-Length"), len);
    }
}

static void another_method_is_405_with_allow(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "DELETE", "/api/movies", house->admin, NULL, &answer), 405);
    assert_string_equal(raw_header(answer.bytes, "Allow"), "GET, HEAD, OPTIONS");
    assert_problem(&answer, 405, "method_not_allowed");
    assert_int_equal(ask(house, "PATCH", "/api/providers/x", house->admin, NULL, &answer), 405);
    assert_string_equal(raw_header(answer.bytes, "Allow"), "GET, HEAD, PUT, OPTIONS");
}

static size_t unpack(const char *bytes, size_t len, char *out, size_t out_size)
{
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)bytes,
                        .avail_in = (uInt)len,
                        .next_out = (Bytef *)out,
                        .avail_out = (uInt)out_size };
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return stream.total_out;
}

static void large_answers_are_packed_when_asked(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text plain = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    CLEANUP(mem_free) char *unpacked = mem_alloc(1 << 20);
    ask(house, "GET", "/api/movies?limit=40", house->reader, NULL, &plain);
    assert_null(raw_header(plain.bytes, "Content-Encoding"));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask(house, "GET", "/api/movies?limit=40", house->reader,
                             "Accept-Encoding: br, gzip;q=0.5\r\n", &packed),
                         200);
        assert_string_equal(raw_header(packed.bytes, "Content-Encoding"), "gzip");
        const char *body = raw_body(packed.bytes);
        size_t len = packed.len - (size_t)(body - packed.bytes);
        len = unpack(body, len, unpacked, 1 << 20);
        assert_int_equal(len, strlen(raw_body(plain.bytes)));
        assert_memory_equal(unpacked, raw_body(plain.bytes), len);
    }
    ask(house, "GET", "/api/movies?limit=40", house->reader, "Accept-Encoding: gzip;q=0\r\n",
        &packed);
    assert_null(raw_header(packed.bytes, "Content-Encoding"));
    ask(house, "GET", "/api/health", house->reader, "Accept-Encoding: gzip\r\n", &packed);
    assert_null(raw_header(packed.bytes, "Content-Encoding"));
}

static void bodies_are_read_strictly(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    const char *sync = "/api/movies/sync";
    static const char *const wrong[] = { "[]",
                                         "{",
                                         "{\"mode\":\"half\"}",
                                         "{\"mode\":1}",
                                         "{\"x\":1}",
                                         "{\"providers\":[]}",
                                         "{\"providers\":[1]}",
                                         "{\"providers\":\"tmdb\"}",
                                         "{\"mode\":\"full\",\"mode\":\"full\"}" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        int status = send_json(house, "POST", sync, house->writer, wrong[i], &answer);
        if (status != 400)
            fail_msg("%s: %d", wrong[i], status);
    }
    assert_int_equal(ask(house, "POST", sync, house->writer,
                         "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", &answer),
                     415);
    CLEANUP(mem_free) char *large = mem_format("{\"mode\":\"%5000s\"}", "");
    assert_int_equal(send_json(house, "POST", sync, house->writer, large, &answer), 413);
    assert_problem(&answer, 413, "too_large");
    assert_int_equal(send_json(house, "GET", "/api/movies", house->writer, "{}", &answer), 400);
}

static void a_sync_without_providers_says_so(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(send_json(house, "POST", "/api/movies/sync", house->writer, "{}", &answer),
                     503);
    assert_non_null(raw_header(answer.bytes, "Retry-After"));
    assert_int_equal(send_json(house, "POST", "/api/movies/sync", house->writer,
                               "{\"providers\":[\"nobody\"]}", &answer),
                     400);
    json_auto_t *body = body_of(&answer);
    assert_string_equal(js_string(json_array_get(js_array(body, "errors"), 0), "field"),
                        "providers");
}

static void a_search_answers_with_its_sources(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    static const char *const targets[] = { "/api/search?q=sintel", "/api/search/movies?q=sintel",
                                           "/api/movies/search?q=sintel&scope=local",
                                           "/api/search/suggest?q=sint" };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        assert_int_equal(ask(house, "GET", targets[i], house->reader, NULL, &answer), 200);
        json_auto_t *body = body_of(&answer);
        assert_true(json_is_boolean(json_object_get(body, "complete")));
        assert_true(json_is_array(json_object_get(body, "sources")));
        const json_t *first = json_array_get(js_array(body, "results"), 0);
        assert_string_equal(js_string(first, "title"), "Sintel");
    }
}

static void similar_movies_are_a_page(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(
        ask(house, "GET", "/api/movies/tmdb:45745/similar?limit=5", house->reader, NULL, &answer),
        200);
    json_auto_t *body = body_of(&answer);
    assert_true(json_is_array(json_object_get(body, "results")));
    assert_int_equal(ask(house, "GET", "/api/movies/tmdb:1/similar", house->reader, NULL, &answer),
                     404);
}

static void changes_are_told_in_order(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    uint64_t since = 0;
    for (int pages = 0; pages < 20; pages++) {
        CLEANUP(mem_free)
        char *target = mem_format("/api/changes?limit=7&since=%llu", (unsigned long long)since);
        assert_int_equal(ask(house, "GET", target, house->reader, NULL, &answer), 200);
        json_auto_t *body = body_of(&answer);
        size_t i;
        json_t *row;
        json_array_foreach (js_array(body, "results"), i, row) {
            assert_true((uint64_t)js_int(row, "revision", 0) > since);
            since = (uint64_t)js_int(row, "revision", 0);
            assert_non_null(js_string(row, "what"));
        }
        assert_int_equal(js_int(body, "next", 0), since);
        if (!js_bool(body, "more", true))
            break;
    }
    assert_int_equal(since, store_revision(house->services.store));
}

static void status_and_metrics_tell_of_the_house(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
    assert_int_equal(ask(house, "GET", "/api/status", house->reader, NULL, &answer), 200);
    json_auto_t *body = body_of(&answer);
    assert_true(js_int(js_object(body, "index"), "movies", 0) >= 46);
    assert_int_equal(ask(house, "GET", "/metrics", house->reader, NULL, &answer), 200);
    assert_non_null(strstr(answer.bytes, "miauflix_http_requests_total{class=\"2xx\"}"));
    assert_non_null(strstr(answer.bytes, "miauflix_http_request_seconds_bucket{le=\"+Inf\"}"));
    assert_string_equal(raw_header(answer.bytes, "Content-Type"), "text/plain; version=0.0.4");
}

static void events_come_as_they_happen(void **state)
{
    struct house *house = *state;
    CLEANUP(text_done) struct text got = TEXT_INIT(1 << 20);
    CLEANUP(fd_close) int fd = raw_connect(house->port);
    CLEANUP(mem_free)
    char *request = mem_format("GET /api/events HTTP/1.1\r\nHost: x\r\n"
                               "Authorization: Bearer %s\r\n\r\n",
                               house->reader);
    assert_true(raw_send(fd, request, strlen(request)));
    assert_true(raw_read_answer(fd, true, &got));
    assert_string_equal(raw_header(got.bytes, "Content-Type"), "text/event-stream");
    house_add_movie(house, "{\"ids\":{\"tmdb\":78},\"title\":\"New\","
                           "\"original_language\":\"en\"}");
    int64_t deadline_ms = clock_steady_ms() + 5000;
    char bytes[512];
    while (!strstr(got.bytes, "\"what\":") && clock_steady_ms() < deadline_ms) {
        ssize_t n = read(fd, bytes, sizeof bytes);
        if (n <= 0)
            break;
        text_add(&got, bytes, (size_t)n);
    }
    assert_non_null(strstr(got.bytes, "event: item\ndata: {\"revision\":"));
}

static void security_headers_are_always_there(void **state)
{
    struct house *house = *state;
    static const char *const targets[] = { "/api/movies", "/api/nothing", "/api/health" };
    for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
        CLEANUP(text_done) struct text answer = TEXT_INIT(1 << 20);
        ask(house, "GET", targets[i], house->reader, NULL, &answer);
        assert_string_equal(raw_header(answer.bytes, "X-Content-Type-Options"), "nosniff");
        assert_non_null(raw_header(answer.bytes, "Date"));
        assert_non_null(raw_header(answer.bytes, "Cache-Control"));
        assert_null(raw_header(answer.bytes, "Access-Control-Allow-Origin"));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_movie_is_answered_under_all_its_names),
    cmocka_unit_test(a_language_can_be_asked_for),
    cmocka_unit_test(an_etag_saves_the_second_answer),
    cmocka_unit_test(a_change_replaces_the_ready_answer),
    cmocka_unit_test(what_nobody_has_is_404),
    cmocka_unit_test(a_page_knows_its_neighbours),
    cmocka_unit_test(a_page_past_the_end_is_empty),
    cmocka_unit_test(every_wrong_parameter_is_named),
    cmocka_unit_test(head_is_get_without_the_body),
    cmocka_unit_test(another_method_is_405_with_allow),
    cmocka_unit_test(large_answers_are_packed_when_asked),
    cmocka_unit_test(bodies_are_read_strictly),
    cmocka_unit_test(a_sync_without_providers_says_so),
    cmocka_unit_test(a_search_answers_with_its_sources),
    cmocka_unit_test(similar_movies_are_a_page),
    cmocka_unit_test(changes_are_told_in_order),
    cmocka_unit_test(status_and_metrics_tell_of_the_house),
    cmocka_unit_test(events_come_as_they_happen),
    cmocka_unit_test(security_headers_are_always_there),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), api_rights_part, api_locks_part };
    return run_parts(parts, ARRAY_LEN(parts), open_house, house_leave);
}
