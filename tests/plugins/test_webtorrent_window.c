/* SPDX-License-Identifier: MIT
 *
 * plugins/webtorrent: which pieces are wanted for whom. */
#include "../test.h"

#include <string.h>

#include "base/cleanup.h"
#include "webtorrent/window.h"

enum { KIB = 1 << 10, MIB = 1 << 20, N = 200 };

struct plan {
    uint8_t have[N], wish[N], rank[N];
    bool is_whole;
};

static void make_plan(struct plan *plan, const struct window *a, const struct window *b)
{
    const struct window *const both[] = { a, b };

    plan->is_whole = window_plan(plan->have, N, both, a ? b ? 2 : 1 : 0, 0, plan->wish, plan->rank);
}

static unsigned count(const uint8_t *all, uint8_t value)
{
    unsigned n = 0;

    for (size_t i = 0; i < N; i++)
        n += all[i] == value;
    return n;
}

static void a_window_has_the_pieces_of_its_file(void **state UNUSED)
{
    struct window window = window_open(3 * MIB + 1, 10 * MIB, MIB, 64 * MIB);

    assert_int_equal(window.first, 3);
    assert_int_equal(window.end, 14); /* it begins and ends inside a piece */
    window = window_open(3 * MIB, MIB, MIB, 64 * MIB);
    assert_int_equal(window.end, 4);
    window = window_open(0, 1, MIB, 64 * MIB);
    assert_int_equal(window.end, 1);
}

static void it_begins_small_with_head_and_tail(void **state UNUSED)
{
    const struct window window = window_open(10 * MIB, 100 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = true };

    make_plan(&plan, &window, NULL);
    assert_false(plan.is_whole);
    assert_int_equal(plan.wish[10], WINDOW_NOW);
    assert_int_equal(plan.wish[11], WINDOW_NOW);
    assert_int_equal(plan.wish[109], WINDOW_EDGE);
    assert_int_equal(plan.rank[10], 1);
    assert_int_equal(plan.rank[11], 2);
    assert_int_equal(count(plan.wish, WINDOW_NOT), N - 3 - WINDOW_ANCHORS);
    assert_int_equal(plan.wish[12], WINDOW_ANCHOR);
}

static void it_doubles_with_each_piece_read(void **state UNUSED)
{
    struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);

    assert_int_equal(window.ahead, 2);
    assert_true(window_move(&window, 1));
    assert_int_equal(window.ahead, 4);
    for (uint32_t i = 2; i < 10; i++)
        window_move(&window, i);
    assert_int_equal(window.ahead, 64);
}

static void a_seek_begins_anew(void **state UNUSED)
{
    struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);

    for (uint32_t i = 1; i < 10; i++)
        window_move(&window, i);
    assert_true(window_move(&window, 120));
    assert_int_equal(window.ahead, 2);
    assert_true(window_move(&window, 5)); /* backwards, too */
    assert_int_equal(window.ahead, 2);
    assert_false(window_move(&window, 5));
}

static void what_is_there_has_no_deadline(void **state UNUSED)
{
    struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = true };

    for (uint32_t i = 1; i < 8; i++)
        window_move(&window, i);
    plan.have[7] = plan.have[9] = 1;
    make_plan(&plan, &window, NULL);
    assert_int_equal(plan.rank[7], 0);
    assert_int_equal(plan.rank[8], 1);
    assert_int_equal(plan.rank[9], 0);
    assert_int_equal(plan.rank[10], 2);
    assert_int_equal(plan.rank[12], 4);
    assert_int_equal(plan.rank[13], 0);
}

static void small_pieces_have_more_deadlines(void **state UNUSED)
{
    const struct window small = window_open(0, 50 * MIB, 256 * KIB, 64 * MIB);
    const struct window large = window_open(0, 50 * MIB, 4 * MIB, 64 * MIB);

    assert_int_equal(small.n_now, 16);
    assert_int_equal(small.start, 4);
    assert_int_equal(large.n_now, 2);
    assert_int_equal(large.start, 2);
}

static void two_readers_get_both_their_windows(void **state UNUSED)
{
    const struct window a = window_open(0, 50 * MIB, MIB, 64 * MIB);
    struct window b = window_open(0, 50 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = true };

    window_move(&b, 30);
    make_plan(&plan, &a, &b);
    assert_int_equal(plan.rank[0], 1);
    assert_int_equal(plan.rank[30], 1);
    assert_int_equal(plan.rank[31], 2);
    assert_int_equal(plan.wish[32], WINDOW_ANCHOR);
    assert_int_equal(plan.wish[2], WINDOW_NOT);
}

static void a_full_window_still_wants_two_more_pieces(void **state UNUSED)
{
    const struct window window = window_open(0, 10 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = false };

    memset(plan.have, 1, 10);
    make_plan(&plan, &window, NULL);
    assert_true(plan.is_whole);
    assert_int_equal(count(plan.wish, WINDOW_ANCHOR), WINDOW_ANCHORS);
}

static void anchors_are_found_before_the_window_when_there_is_nothing_behind(void **state UNUSED)
{
    const struct window window = window_open((N - 10) * (uint64_t)MIB, 10 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = false };

    memset(plan.have, 1, N);
    plan.have[3] = 0;
    make_plan(&plan, &window, NULL);
    assert_true(plan.is_whole);
    assert_int_equal(plan.wish[3], WINDOW_ANCHOR);
    assert_int_equal(count(plan.wish, WINDOW_ANCHOR), 1);
}

static void a_whole_torrent_wants_nothing_more(void **state UNUSED)
{
    struct plan plan = { .is_whole = false };

    memset(plan.have, 1, N);
    make_plan(&plan, NULL, NULL);
    assert_true(plan.is_whole);
    assert_int_equal(count(plan.wish, WINDOW_NOT), N);
}

static void ready_means_head_and_tail(void **state UNUSED)
{
    const struct window window = window_open(0, 50 * MIB, 512 * KIB, 64 * MIB);
    uint8_t have[100] = { 0 };

    assert_int_equal(window_n_missing(&window, have), 4);
    have[0] = have[1] = have[99] = 1;
    assert_int_equal(window_n_missing(&window, have), 1);
    have[50] = 1; /* in the middle it does not count */
    assert_int_equal(window_n_missing(&window, have), 1);
    have[98] = 1;
    assert_int_equal(window_n_missing(&window, have), 0);
}

static void a_file_of_one_piece_is_head_and_tail(void **state UNUSED)
{
    const struct window window = window_open(MIB, 100, MIB, 64 * MIB);
    struct plan plan = { .is_whole = true };

    assert_int_equal(window_n_missing(&window, plan.have), 1);
    make_plan(&plan, &window, NULL);
    assert_int_equal(plan.wish[1], WINDOW_NOW);
    assert_int_equal(plan.wish[0], WINDOW_NOT);
}

static uint32_t drop(struct plan *plan, const struct window *window, uint32_t n_keep, uint8_t *out)
{
    const struct window *const all[] = { window };

    make_plan(plan, window, NULL);
    return window_drop(plan->have, plan->wish, N, all, window ? 1 : 0, n_keep, out);
}

static void what_was_played_longest_ago_goes_first(void **state UNUSED)
{
    struct window window = window_open(10 * MIB, 100 * MIB, MIB, 8 * MIB);
    struct plan plan = { .is_whole = false };
    uint8_t gone[N];

    memset(plan.have + 10, 1, 50);
    for (uint32_t i = 11; i < 60; i++)
        window_move(&window, i);
    assert_int_equal(drop(&plan, &window, 30, gone), 20);
    assert_int_equal(gone[10], 0); /* the head is wished for */
    for (uint32_t i = 11; i < 31; i++)
        assert_int_equal(gone[i], 1);
    assert_int_equal(count(gone, 1), 20);
}

static void what_nobody_reads_goes_before_what_was_played(void **state UNUSED)
{
    struct window window = window_open(10 * MIB, 100 * MIB, MIB, 8 * MIB);
    struct plan plan = { .is_whole = false };
    uint8_t gone[N];

    memset(plan.have + 10, 1, 50);
    memset(plan.have + 150, 1, 5);
    for (uint32_t i = 11; i < 60; i++)
        window_move(&window, i);
    assert_int_equal(drop(&plan, &window, 52, gone), 5);
    assert_int_equal(count(gone, 1), 5);
    for (uint32_t i = 150; i < 155; i++)
        assert_int_equal(gone[i], 1);
}

static void what_is_wished_for_never_goes(void **state UNUSED)
{
    struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = false };
    uint8_t gone[N];

    memset(plan.have, 1, 20);
    for (uint32_t i = 1; i < 10; i++)
        window_move(&window, i);
    assert_int_equal(drop(&plan, &window, 0, gone), 8); /* all behind it but the head */
    assert_int_equal(gone[0], 0);
    assert_int_equal(gone[9], 0);
    assert_int_equal(gone[19], 0);
}

static void nothing_goes_while_there_is_room(void **state UNUSED)
{
    const struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = false };
    uint8_t gone[N];

    assert_int_equal(drop(&plan, &window, 0, gone), 0);
    memset(plan.have, 1, 20);
    assert_int_equal(drop(&plan, &window, 20, gone), 0);
    assert_int_equal(count(gone, 0), N);
}

static void a_window_fits_into_little_room(void **state UNUSED)
{
    struct window window = window_open(0, 150 * MIB, MIB, 64 * MIB);
    struct plan plan = { .is_whole = false };

    for (uint32_t i = 1; i < 10; i++)
        window_move(&window, i);
    window_bound(&window, MIB, WINDOW_LEAST * MIB / 4);
    make_plan(&plan, &window, NULL);
    assert_true(N - count(plan.wish, WINDOW_NOT) <= WINDOW_LEAST * 3 / 4);
    assert_true(window.ahead >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_has_the_pieces_of_its_file),
        cmocka_unit_test(it_begins_small_with_head_and_tail),
        cmocka_unit_test(it_doubles_with_each_piece_read),
        cmocka_unit_test(a_seek_begins_anew),
        cmocka_unit_test(what_is_there_has_no_deadline),
        cmocka_unit_test(small_pieces_have_more_deadlines),
        cmocka_unit_test(two_readers_get_both_their_windows),
        cmocka_unit_test(a_full_window_still_wants_two_more_pieces),
        cmocka_unit_test(anchors_are_found_before_the_window_when_there_is_nothing_behind),
        cmocka_unit_test(a_whole_torrent_wants_nothing_more),
        cmocka_unit_test(ready_means_head_and_tail),
        cmocka_unit_test(a_file_of_one_piece_is_head_and_tail),
        cmocka_unit_test(what_was_played_longest_ago_goes_first),
        cmocka_unit_test(what_nobody_reads_goes_before_what_was_played),
        cmocka_unit_test(what_is_wished_for_never_goes),
        cmocka_unit_test(nothing_goes_while_there_is_room),
        cmocka_unit_test(a_window_fits_into_little_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
