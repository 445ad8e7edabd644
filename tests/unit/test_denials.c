/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "base/mem.h"
#include "service/denials.h"

enum { MOVIE = 1, TVSHOW = 2 };

static int open_denials(void **state)
{
    *state = denials_new();
    return 0;
}

static int close_denials(void **state)
{
    denials_free(*state);
    return 0;
}

static void what_was_denied_is_known_for_a_minute(void **state)
{
    assert_false(denials_has(*state, MOVIE, "tmdb:1", 1000));
    denials_put(*state, MOVIE, "tmdb:1", 1000);
    assert_true(denials_has(*state, MOVIE, "tmdb:1", 1000));
    assert_true(denials_has(*state, MOVIE, "tmdb:1", 60999));
    assert_false(denials_has(*state, MOVIE, "tmdb:1", 61000));
    denials_put(*state, MOVIE, "tmdb:1", 61000);
    assert_true(denials_has(*state, MOVIE, "tmdb:1", 61001));
}

static void another_kind_and_another_id_are_not_meant(void **state)
{
    denials_put(*state, MOVIE, "tmdb:1", 1000);
    assert_false(denials_has(*state, TVSHOW, "tmdb:1", 1000));
    assert_false(denials_has(*state, MOVIE, "imdb:1", 1000));
    assert_false(denials_has(*state, MOVIE, "tmdb:10", 1000));
    assert_false(denials_has(*state, MOVIE, "", 1000));
}

static void many_take_the_places_of_others_and_never_stand_for_them(void **state)
{
    char id[40];
    unsigned kept = 0;
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "tmdb:%d", i);
        denials_put(*state, MOVIE, id, 1000);
        assert_true(denials_has(*state, MOVIE, id, 1000));
    }
    for (int i = 0; i < 10000; i++) {
        snprintf(id, sizeof id, "tmdb:%d", i);
        bool has = denials_has(*state, MOVIE, id, 1000);
        assert_true(i < 5000 || !has);
        kept += has;
    }
    assert_in_range(kept, 500, 1024);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_denials, close_denials)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_denied_is_known_for_a_minute),
        TEST(another_kind_and_another_id_are_not_meant),
        TEST(many_take_the_places_of_others_and_never_stand_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
