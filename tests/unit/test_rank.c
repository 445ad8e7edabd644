/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <math.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "media/rank.h"

static const struct rank_input good = {
    .how = RANK_WORDS,
    .main_title = true,
    .n_query_words = 2,
    .n_title_words = 3,
    .popularity = 20,
    .votes = 1000,
    .year_distance = RANK_YEAR_NOT_ASKED,
};

static double score(struct rank_input input)
{
    struct rank_result result;
    rank_score(&input, &rank_default_weights, &result);
    return result.score;
}

static void the_addends_are_the_score(void **state UNUSED)
{
    struct rank_result result;
    rank_score(&good, &rank_default_weights, &result);
    double sum = 0;
    for (unsigned i = 0; i < RANK_N_ADDENDS; i++)
        sum += result.addends[i];
    assert_true(fabs(sum - result.score) < 1e-9);
    assert_true(result.addends[RANK_POPULARITY] > 0);
    assert_true(result.addends[RANK_YEAR] == 0);
}

static void better_matches_score_higher(void **state UNUSED)
{
    struct rank_input input = good;
    double last = INFINITY;
    static const enum rank_how best_first[] = { RANK_ID, RANK_EXACT, RANK_PREFIX, RANK_WORDS,
                                                RANK_FUZZY };
    for (size_t i = 0; i < ARRAY_LEN(best_first); i++) {
        input.how = best_first[i];
        assert_true(score(input) < last);
        last = score(input);
    }
}

static void fame_votes_and_availability_help(void **state UNUSED)
{
    struct rank_input better = good;
    better.popularity *= 2;
    assert_true(score(better) > score(good));
    better = good;
    better.votes *= 2;
    assert_true(score(better) > score(good));
    better = good;
    better.available = true;
    assert_true(score(better) > score(good));
}

static void mistakes_and_other_titles_hurt(void **state UNUSED)
{
    struct rank_input worse = good;
    worse.distance = 1;
    assert_true(score(worse) < score(good));
    worse = good;
    worse.main_title = false;
    assert_true(score(worse) < score(good));
    worse = good;
    worse.n_title_words = 9;
    assert_true(score(worse) < score(good));
}

static void a_year_that_is_far_hurts(void **state UNUSED)
{
    struct rank_input input = good;
    double last = INFINITY;
    for (int distance = 0; distance <= 6; distance++) {
        input.year_distance = distance;
        assert_true(score(input) < last);
        last = score(input);
    }
    input.year_distance = 60;
    assert_true(score(input) <= last);
    input.year_distance = RANK_YEAR_UNKNOWN;
    assert_true(score(input) < score(good));
}

static void a_mistyped_title_never_beats_a_known_exact_one(void **state UNUSED)
{
    struct rank_input famous = good, exact = good;
    famous.how = RANK_FUZZY;
    famous.distance = 1;
    famous.popularity = 500;
    famous.votes = 30000;
    exact.how = RANK_EXACT;
    exact.n_title_words = exact.n_query_words;
    exact.popularity = 10;
    exact.votes = 500;
    assert_true(score(exact) > score(famous));
}

static void nonsense_gives_a_finite_score(void **state UNUSED)
{
    struct rank_input input = { .how = RANK_FUZZY,
                                .distance = 1000,
                                .popularity = -5,
                                .votes = -100,
                                .year_distance = 100000 };
    assert_true(score(input) == 0);
    input.popularity = 1e300;
    input.distance = 0;
    assert_true(isfinite(score(input)));
}

static void every_addend_has_a_name(void **state UNUSED)
{
    for (unsigned i = 0; i < RANK_N_ADDENDS; i++)
        assert_false(text_is_empty(rank_addend_name(i)));
    assert_null(rank_addend_name(RANK_N_ADDENDS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_addends_are_the_score),
        cmocka_unit_test(better_matches_score_higher),
        cmocka_unit_test(fame_votes_and_availability_help),
        cmocka_unit_test(mistakes_and_other_titles_hurt),
        cmocka_unit_test(a_year_that_is_far_hurts),
        cmocka_unit_test(a_mistyped_title_never_beats_a_known_exact_one),
        cmocka_unit_test(nonsense_gives_a_finite_score),
        cmocka_unit_test(every_addend_has_a_name),
    };
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
