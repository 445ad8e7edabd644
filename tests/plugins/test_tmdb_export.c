/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <time.h>
#include <zlib.h>

#include "base/text.h"

enum { NOON_22_NOVEMBER = 1795348800 }; /* 2026-11-22 12:00 UTC */
#define FILES "https://files.tmdb.org/p/exports/movie_ids_"
#define TODAY FILES "11_22_2026.json.gz"
#define BLONDIE                                                                                    \
    "{\"adult\":false,\"id\":3924,\"original_title\":\"Blondie\",\"popularity\":1.8133,"           \
    "\"video\":false}\n"

/* The plugin's clock: this symbol comes before the C library's. */
static time_t now = NOON_22_NOVEMBER;

time_t time(time_t *out)
{
    if (out)
        *out = now;
    return now;
}

/* Appends a gzip member. */
static void gzip(struct text *out, const char *bytes, size_t len)
{
    z_stream stream = { 0 };
    size_t room = compressBound((uLong)len) + 64;

    assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, 0), Z_OK);
    assert_true(text_reserve(out, room));
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)out->bytes + out->len;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->len += stream.total_out;
    deflateEnd(&stream);
}

static void answer_file(struct fake_host *host, const char *url, const char *bytes, size_t len)
{
    fake_host_answer(host, url, &(struct fake_answer){ .body = bytes, .body_len = len });
}

static void answer_lines(struct fake_host *host, const char *url, const char *lines, size_t len)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(64 << 20);

    gzip(&packed, lines, len);
    answer_file(host, url, packed.bytes, packed.len);
}

/* What is not there is 403 or 404; the feeds are off. */
static struct fake_host *host_with(const char *lines)
{
    struct fake_host *host = tmdb_host();

    now = NOON_22_NOVEMBER;
    fake_host_set_state(host, "feeds_day", "2026-11-22");
    fake_host_answer(host, FILES "*",
                     &(struct fake_answer){ .status = 403, .body = "<Error>AccessDenied</Error>" });
    if (lines)
        answer_lines(host, TODAY, lines, strlen(lines));
    return host;
}

static void many_lines(struct text *out, int n)
{
    for (int i = 1; i <= n; i++)
        text_add_format(out,
                        "{\"adult\":false,\"id\":%d,\"original_title\":\"Film %d\","
                        "\"popularity\":%d.25,\"video\":false}\n",
                        i, i, i % 50);
}

static void assert_last_checkpoint(const struct fake_host *host, const char *cursor)
{
    const size_t n = fake_host_n_checkpoints(host);

    assert_true(n > 0);
    assert_string_equal(fake_host_checkpoint(host, n - 1), cursor);
}

static void each_line_becomes_a_title(void **state)
{
    CLEANUP(fake_host_free)
    struct fake_host *host = host_with(
        BLONDIE "{\"adult\": false, \"id\": 12, \"original_title\": \"Nosferatu, eine \\\"S\\\"\", "
                "\"popularity\": 0.0, \"video\": false}\r\n"
                "{\"video\":false,\"popularity\":3,\"id\":13,\"original_title\":\"プライド\","
                "\"adult\":null,\"softcore\":false}");

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 3);
    const json_t *title = tmdb_document(host, 0, PROVIDER_TITLE, 0);

    assert_int(title, "ids.tmdb", 3924);
    assert_text(title, "kind", "movie");
    assert_text(title, "title", "Blondie");
    assert_true(json_is_false(tmdb_at(title, "adult")));
    assert_true(json_number_value(tmdb_at(title, "popularity")) > 1.81);
    assert_false(tmdb_has(title, "title_language"));
    assert_text(tmdb_document(host, 1, PROVIDER_TITLE, 0), "title", "Nosferatu, eine \"S\"");
    assert_text(tmdb_document(host, 2, PROVIDER_TITLE, 0), "title", "プライド");
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

static void the_file_needs_no_key(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(BLONDIE);

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    const struct fake_request *request = fake_host_request(host, 0);

    assert_string_equal(request->url, TODAY);
    assert_string_equal(request->headers, "");
    assert_true(request->max_body >= 64 << 20);
    assert_true(request->max_age_s > 0);
    assert_true(request->judged);
}

static void before_eight_yesterdays_file_is_the_newest(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    now = NOON_22_NOVEMBER - 4 * 3600 - 1; /* 07:59:59 */
    answer_lines(host, FILES "11_21_2026.json.gz", BLONDIE, strlen(BLONDIE));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_last_checkpoint(host, "1:changes:2026-11-21");
}

static void files_that_are_not_there_are_looked_for_three_days_back(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    fake_host_answer(host, FILES "11_21_2026*", &(struct fake_answer){ .status = 404, .body = "" });
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EUPSTREAM);
    assert_int_equal(fake_host_n_requests(host), 4);
    answer_lines(host, FILES "11_19_2026.json.gz", BLONDIE, strlen(BLONDIE));
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    /* Changes are read from the day of the file on. */
    assert_last_checkpoint(host, "1:changes:2026-11-19");
}

static void adult_films_and_videos_are_left_out_unless_wanted(void **state)
{
    static const char lines[] =
        "{\"adult\":true,\"id\":1,\"original_title\":\"A\",\"popularity\":1,\"video\":false}\n"
        "{\"adult\":false,\"id\":2,\"original_title\":\"B\",\"popularity\":1,\"video\":true}\n"
        "{\"adult\":true,\"id\":3,\"original_title\":\"\\u0041\",\"popularity\":1}\n" BLONDIE;
    CLEANUP(fake_host_free) struct fake_host *host = host_with(lines);
    CLEANUP(fake_host_free) struct fake_host *all = host_with(lines);

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    fake_host_set_option(all, "include_adult", "true");
    fake_host_set_option(all, "include_video", "true");
    assert_int_equal(fake_host_sync(all, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(all), 4);
    assert_true(json_is_true(tmdb_at(tmdb_document(all, 0, PROVIDER_TITLE, 0), "adult")));
}

static void broken_lines_are_counted_and_skipped(void **state)
{
    static const char lines[] = "\n"
                                "not json\n"
                                "{\"adult\":false,\"id\":4,\"original_title\":\"cut\n"
                                "{\"id\":5,\"original_title\":\"\"}\n"
                                "{\"id\":6,\"original_title\":\"   \"}\n"
                                "{\"id\":0,\"original_title\":\"zero\"}\n"
                                "{\"id\":007,\"original_title\":\"leading zeros\"}\n"
                                "{\"id\":-8,\"original_title\":\"negative\"}\n"
                                "{\"id\":\"9\",\"original_title\":\"text\"}\n"
                                "{\"id\":99999999999,\"original_title\":\"huge\"}\n"
                                "{\"id\":10,\"original_title\":7}\n"
                                "{\"id\":11,\"original_title\":\"\xc3\x28\"}\n"
                                "{\"id\":12,\"original_title\":\"\xed\xa0\x80\"}\n"
                                "{\"id\":13,\"original_title\":\"x\"} trailing\n"
                                "{\"id\":14,\"original_title\":\"x\",\"popularity\":1.}\n"
                                "[1,2]\n" BLONDIE;
    CLEANUP(fake_host_free) struct fake_host *host = host_with(lines);

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(tmdb_id(host, 0), 3924);
    assert_int_equal(fake_host_n_refused(host), 0);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "15 broken lines"));
}

static void unusual_lines_are_read_as_well(void **state)
{
    static const char lines[] =
        "{\"id\":1,\"original_title\":\"a\",\"popularity\":1e2}\n"
        "{\"id\":2,\"original_title\":\"b\",\"popularity\":-3}\n"
        "{\"id\":3,\"original_title\":\"c\",\"popularity\":null,\"extra\":{\"x\":[1]}}\n"
        "{\"id\":4.0,\"original_title\":\"d\"}\n"
        "  { \"id\" : 5 , \"original_title\" : \"e \\u00e9\\ttab\" }  \n"
        "{\"id\":6,\"original_title\":\"f\",\"popularity\":123456789012345678901234567890}\n"
        "{\"id\":7,\"original_title\":\"g\",\"id\":8}\n";
    CLEANUP(fake_host_free) struct fake_host *host = host_with(lines);

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_refused(host), 0);
    assert_int_equal(fake_host_n_documents(host), 6);
    assert_false(tmdb_has(tmdb_document(host, 1, PROVIDER_TITLE, 0), "popularity"));
    assert_text(tmdb_document(host, 4, PROVIDER_TITLE, 0), "title", "e é\ttab");
}

static void a_long_title_is_cut_and_a_huge_line_skipped(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(8 << 20);

    (void)state;
    text_add_string(&lines, "{\"id\":1,\"original_title\":\"");
    for (int i = 0; i < 300; i++)
        text_add_string(&lines, "é");
    text_add_string(&lines, "a\"}\n{\"id\":2,\"original_title\":\"");
    for (int i = 0; i < 100000; i++)
        text_add_string(&lines, "xxxxxxxxxx");
    text_add_string(&lines, "\"}\n" BLONDIE);
    answer_lines(host, TODAY, lines.bytes, lines.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 2);
    assert_int_equal(
        json_string_length(tmdb_at(tmdb_document(host, 0, PROVIDER_TITLE, 0), "title")), 512);
    assert_int_equal(tmdb_id(host, 1), 3924);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "1 broken lines"));
}

static void a_checkpoint_stands_every_twenty_thousand_lines(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(64 << 20);

    (void)state;
    many_lines(&lines, 45000);
    answer_lines(host, TODAY, lines.bytes, lines.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 45000);
    assert_string_equal(fake_host_checkpoint(host, 0), "1:export:2026-11-22:20000");
    assert_string_equal(fake_host_checkpoint(host, 1), "1:export:2026-11-22:40000");
    assert_string_equal(fake_host_checkpoint(host, 2), "1:feeds:2026-11-22");
    assert_int_equal(fake_host_progress_done(host), 45000);
    assert_int_equal(fake_host_progress_total(host), 45000);
}

static void a_sync_goes_on_in_the_middle_of_the_file(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(64 << 20);

    (void)state;
    many_lines(&lines, 30000);
    answer_lines(host, FILES "11_20_2026.json.gz", lines.bytes, lines.len);
    assert_int_equal(fake_host_sync(host, "movies", "1:export:2026-11-20:20000"), 0);
    assert_int_equal(fake_host_n_documents(host), 10000);
    assert_int_equal(tmdb_id(host, 0), 20001);
    assert_last_checkpoint(host, "1:changes:2026-11-20");
}

static void a_file_that_went_away_is_replaced_by_the_newest(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(BLONDIE);

    (void)state;
    assert_int_equal(fake_host_sync(host, "movies", "1:export:2026-11-10:20000"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "no longer there"));
    assert_last_checkpoint(host, "1:changes:2026-11-22");
}

static void a_file_that_is_cut_off_keeps_what_was_read(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(64 << 20), packed = TEXT_INIT(64 << 20);

    (void)state;
    many_lines(&lines, 45000);
    gzip(&packed, lines.bytes, lines.len);
    answer_file(host, TODAY, packed.bytes, packed.len * 3 / 4);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    assert_true(fake_host_n_documents(host) > 20000);
    assert_true(fake_host_n_documents(host) < 45000);
    assert_string_equal(fake_host_checkpoint(host, 0), "1:export:2026-11-22:20000");
    assert_non_null(strstr(fake_host_error(host), "cut off after line"));
    /* Every document is a whole line. */
    assert_int_equal(fake_host_n_refused(host), 0);
    assert_false(fake_host_logged(host, PROVIDER_LOG_WARNING, "broken"));
}

static void a_damaged_file_is_told(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(64 << 20), packed = TEXT_INIT(64 << 20);

    (void)state;
    many_lines(&lines, 1000);
    gzip(&packed, lines.bytes, lines.len);
    packed.bytes[packed.len - 5] ^= 0x55; /* the checksum */
    answer_file(host, TODAY, packed.bytes, packed.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    packed.bytes[packed.len - 5] ^= 0x55;
    memset(packed.bytes + packed.len / 2, 0xff, 64);
    answer_file(host, TODAY, packed.bytes, packed.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
}

static void a_file_of_several_members_is_read_to_its_end(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);

    (void)state;
    gzip(&packed, BLONDIE, 20);
    gzip(&packed, BLONDIE + 20, strlen(BLONDIE) - 20);
    answer_file(host, TODAY, packed.bytes, packed.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
}

static void a_file_that_was_inflated_on_the_way_is_read_too(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    answer_file(host, TODAY, BLONDIE BLONDIE, 0);
    assert_int_equal(fake_host_sync(host, "movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 2);
}

static void another_file_under_its_name_is_refused(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(1 << 20);

    (void)state;
    answer_file(host, TODAY, "<html>Welcome to our portal</html>", 0);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    answer_file(host, TODAY, "", 0);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    for (int i = 0; i < 2000; i++)
        text_add_string(&lines, "id;title\n");
    answer_lines(host, TODAY, lines.bytes, lines.len);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    answer_lines(host, TODAY, "", 0);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EPARSE);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void an_error_of_the_file_server_ends_the_sync(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    fake_host_answer(host, TODAY, &(struct fake_answer){ .failure = PROVIDER_EUPSTREAM });
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EUPSTREAM);
    fake_host_answer(host, TODAY, &(struct fake_answer){ .status = 429, .body = "" });
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EBUSY);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void a_host_that_stops_is_obeyed_in_the_middle(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(64 << 20);

    (void)state;
    many_lines(&lines, 30000);
    answer_lines(host, TODAY, lines.bytes, lines.len);
    fake_host_stop_after_documents(host, 25000, PROVIDER_EFULL);
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EFULL);
    assert_int_equal(fake_host_n_documents(host), 25000);
    assert_last_checkpoint(host, "1:export:2026-11-22:20000");
}

static void an_unset_place_for_exports_is_told(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    fake_host_set_option(host, "export_url", "");
    assert_int_equal(fake_host_sync(host, "movies", NULL), PROVIDER_EINVAL);
    assert_non_null(strstr(fake_host_error(host), "export_url"));
}

/* --- The scope "export:movies": the list of everything, at once */

static void the_list_of_everything_is_read_at_once(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(8 << 20);

    (void)state;
    many_lines(&lines, 20001);
    answer_lines(host, TODAY, lines.bytes, lines.len);
    assert_int_equal(fake_host_sync(host, "export:movies", NULL), 0);
    assert_int_equal(fake_host_n_documents(host), 20001);
    assert_int_equal(fake_host_n_checkpoints(host), 1);
    assert_last_checkpoint(host, "1:feeds:2026-11-22");
}

static void a_list_that_is_known_is_not_asked_for(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(BLONDIE);

    (void)state;
    assert_int_equal(fake_host_sync(host, "export:movies", "1:feeds:2026-11-22"), 0);
    assert_int_equal(fake_host_n_requests(host), 0);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void without_a_newer_list_nothing_is_said(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);

    (void)state;
    answer_lines(host, FILES "11_21_2026.json.gz", BLONDIE, strlen(BLONDIE));
    assert_int_equal(fake_host_sync(host, "export:movies", "1:feeds:2026-11-21"), 0);
    assert_int_equal(fake_host_n_documents(host), 0);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void a_list_that_breaks_off_has_no_checkpoint(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = host_with(NULL);
    CLEANUP(text_done) struct text lines = TEXT_INIT(8 << 20);
    CLEANUP(text_done) struct text packed = TEXT_INIT(8 << 20);

    (void)state;
    many_lines(&lines, 25000);
    gzip(&packed, lines.bytes, lines.len);
    answer_file(host, TODAY, packed.bytes, packed.len - 100);
    assert_int_equal(fake_host_sync(host, "export:movies", "1:feeds:2026-11-20"), PROVIDER_EPARSE);
    assert_int_equal(fake_host_n_checkpoints(host), 0);
}

static void there_is_no_list_of_something_else(void **state)
{
    static const char *const scopes[] = { "export:", "export:people", "export:list:28", "export" };
    CLEANUP(fake_host_free) struct fake_host *host = host_with(BLONDIE);

    (void)state;
    for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
        assert_int_equal(fake_host_sync(host, scopes[i], NULL), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_n_requests(host), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_becomes_a_title),
        cmocka_unit_test(the_file_needs_no_key),
        cmocka_unit_test(before_eight_yesterdays_file_is_the_newest),
        cmocka_unit_test(files_that_are_not_there_are_looked_for_three_days_back),
        cmocka_unit_test(adult_films_and_videos_are_left_out_unless_wanted),
        cmocka_unit_test(broken_lines_are_counted_and_skipped),
        cmocka_unit_test(unusual_lines_are_read_as_well),
        cmocka_unit_test(a_long_title_is_cut_and_a_huge_line_skipped),
        cmocka_unit_test(a_checkpoint_stands_every_twenty_thousand_lines),
        cmocka_unit_test(a_sync_goes_on_in_the_middle_of_the_file),
        cmocka_unit_test(a_file_that_went_away_is_replaced_by_the_newest),
        cmocka_unit_test(a_file_that_is_cut_off_keeps_what_was_read),
        cmocka_unit_test(a_damaged_file_is_told),
        cmocka_unit_test(a_file_of_several_members_is_read_to_its_end),
        cmocka_unit_test(a_file_that_was_inflated_on_the_way_is_read_too),
        cmocka_unit_test(another_file_under_its_name_is_refused),
        cmocka_unit_test(an_error_of_the_file_server_ends_the_sync),
        cmocka_unit_test(a_host_that_stops_is_obeyed_in_the_middle),
        cmocka_unit_test(an_unset_place_for_exports_is_told),
        cmocka_unit_test(the_list_of_everything_is_read_at_once),
        cmocka_unit_test(a_list_that_is_known_is_not_asked_for),
        cmocka_unit_test(without_a_newer_list_nothing_is_said),
        cmocka_unit_test(a_list_that_breaks_off_has_no_checkpoint),
        cmocka_unit_test(there_is_no_list_of_something_else),
    };

    return cmocka_run_group_tests_name("tmdb export", tests, NULL, NULL);
}
