/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "service/events.h"
#include "service/images.h"

static int next(struct events *events, uint64_t *after, struct text *data)
{
    char type[16];
    struct error err;
    return events_next(events, after, clock_steady_ms() + 2000, type, data, &err);
}

/* The number of the oldest that is kept. */
static uint64_t first_of(struct events *events, struct text *data)
{
    uint64_t after = 1;
    assert_int_equal(next(events, &after, data), PROVIDER_ELIMIT);
    assert_int_equal(next(events, &after, data), 0);
    return after;
}

static void events_come_in_their_order(void **state UNUSED)
{
    CLEANUP(events_free) struct events *events = events_new();
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    uint64_t after = 0;
    events_send(events, "item", "{\"before\":1}");
    struct error err;
    char type[16];
    /* 0 asks for what is new only. */
    assert_int_equal(events_next(events, &after, clock_steady_ms(), type, &data, &err),
                     PROVIDER_ETIME);
    events_send(events, "item", "{\"n\":1}");
    events_send(events, "job", "{\"n\":2}");
    assert_int_equal(next(events, &after, &data), 0);
    assert_string_equal(text_string(&data), "{\"n\":1}");
    assert_int_equal(events_next(events, &after, clock_steady_ms(), type, &data, &err), 0);
    assert_string_equal(text_string(&data), "{\"n\":2}");
    assert_string_equal(type, "job");
}

static void a_listener_that_falls_behind_is_told(void **state UNUSED)
{
    CLEANUP(events_free) struct events *events = events_new();
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    char line[40];
    events_send(events, "item", "{}");
    uint64_t after = first_of(events, &data);
    for (int i = 0; i < 5000; i++) {
        snprintf(line, sizeof line, "{\"n\":%d}", i);
        events_send(events, "item", line);
    }
    assert_int_equal(next(events, &after, &data), PROVIDER_ELIMIT);
    int got = 0;
    uint64_t last = 0;
    while (strcmp(text_string(&data), "{\"n\":4999}") != 0) {
        assert_int_equal(next(events, &after, &data), 0);
        assert_true(after > last);
        last = after;
        got++;
    }
    assert_true(got >= 1000 && got < 5000);
}

/* Whatever a listener has seen of another run, it is told that it missed something, once, and then
 * has all that happened since. */
static void a_number_of_another_run_means_that_something_was_missed(void **state UNUSED)
{
    static const uint64_t seen[] = { 1, 5, 123456, UINT64_C(4000000000000000), INT64_MAX };
    CLEANUP(events_free) struct events *events = events_new();
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    events_send(events, "item", "{\"n\":1}");
    for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
        uint64_t after = seen[i];
        assert_int_equal(next(events, &after, &data), PROVIDER_ELIMIT);
        assert_int_equal(next(events, &after, &data), 0);
        assert_string_equal(text_string(&data), "{\"n\":1}");
    }
}

static void it_is_missed_also_when_nothing_happened_since(void **state UNUSED)
{
    CLEANUP(events_free) struct events *events = events_new();
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    uint64_t after = 17;
    char type[16];
    struct error err;
    assert_int_equal(events_next(events, &after, clock_steady_ms(), type, &data, &err),
                     PROVIDER_ELIMIT);
    assert_int_equal(events_next(events, &after, clock_steady_ms(), type, &data, &err),
                     PROVIDER_ETIME);
}

static void numbers_of_two_runs_differ(void **state UNUSED)
{
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    CLEANUP(events_free) struct events *first = events_new();
    for (int i = 0; i < 100; i++)
        events_send(first, "item", "{}");
    uint64_t after = first_of(first, &data);
    while (clock_wall_ms() * 1000 <= (int64_t)after + 100)
        continue;
    CLEANUP(events_free) struct events *second = events_new();
    events_send(second, "item", "{}");
    assert_int_equal(next(second, &after, &data), PROVIDER_ELIMIT);
}

static void what_would_break_the_stream_is_not_sent(void **state UNUSED)
{
    CLEANUP(events_free) struct events *events = events_new();
    CLEANUP(text_done) struct text data = TEXT_INIT(100000);
    CLEANUP(mem_free) char *large = mem_alloc(64 << 10);
    memset(large, 'x', (64 << 10) - 1);
    events_send(events, "item", "{}");
    uint64_t after = first_of(events, &data);
    events_send(events, "item", "a\nevent: job");
    events_send(events, "item", large);
    events_send(events, "item", "{\"good\":1}");
    assert_int_equal(next(events, &after, &data), 0);
    assert_string_equal(text_string(&data), "{\"good\":1}");
}

static void *wait_forever(void *argument)
{
    CLEANUP(text_done) struct text data = TEXT_INIT(1000);
    uint64_t after = 0;
    char type[16];
    struct error err;
    return (void *)(intptr_t)events_next(argument, &after, clock_steady_ms() + 60000, type, &data,
                                         &err);
}

static void stopping_wakes_everybody(void **state UNUSED)
{
    CLEANUP(events_free) struct events *events = events_new();
    pthread_t threads[4];
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_forever, events), 0);
    events_stop(events);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_int_equal((intptr_t)result, PROVIDER_ECANCEL);
    }
}

static void only_pictures_are_pictures(void **state UNUSED)
{
    assert_string_equal(images_type_of("\xFF\xD8\xFF\xE0", 4), "image/jpeg");
    assert_string_equal(images_type_of("\x89PNG\r\n\x1A\n....", 12), "image/png");
    assert_string_equal(images_type_of("RIFF....WEBPVP8 ", 16), "image/webp");
    assert_null(images_type_of("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 41));
    assert_null(images_type_of("<!doctype html><html>", 21));
    assert_null(images_type_of("\x89PNG", 4));
    assert_null(images_type_of("", 0));
    assert_null(images_type_of("%PDF-1.7", 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_in_their_order),
        cmocka_unit_test(a_listener_that_falls_behind_is_told),
        cmocka_unit_test(a_number_of_another_run_means_that_something_was_missed),
        cmocka_unit_test(it_is_missed_also_when_nothing_happened_since),
        cmocka_unit_test(numbers_of_two_runs_differ),
        cmocka_unit_test(what_would_break_the_stream_is_not_sent),
        cmocka_unit_test(stopping_wakes_everybody),
        cmocka_unit_test(only_pictures_are_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
