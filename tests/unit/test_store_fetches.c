/* SPDX-License-Identifier: MIT
 *
 * The fetches that wait. */
#include "store_rows.h"

#include <math.h>

#include "store/fetches.h"
#include "store/inside.h"

struct wanting {
    uint64_t priority;
    uint32_t item;
    const char *provider;
    bool drop;
};

static int want(struct store_txn *txn, void *context, struct error *err)
{
    const struct wanting *w = context;
    return w->drop ? fetches_txn_delete(txn, w->priority, w->item, w->provider, err)
                   : fetches_txn_put(txn, w->priority, w->item, w->provider, err);
}

static void priorities_put_the_class_first_and_then_the_popular(void **state UNUSED)
{
    assert_true(fetch_priority(FETCH_ASKED, 0) < fetch_priority(FETCH_CHANGED, 1e9));
    assert_true(fetch_priority(FETCH_TITLE, 12.5) < fetch_priority(FETCH_TITLE, 12.25));
    assert_true(fetch_priority(FETCH_TITLE, 1e-9) < fetch_priority(FETCH_TITLE, 0));
    assert_true(fetch_priority(FETCH_TITLE, NAN) == fetch_priority(FETCH_TITLE, 0));
    assert_true(fetch_priority(FETCH_TITLE, -1) == fetch_priority(FETCH_TITLE, 0));
}

static void what_is_wanted_most_comes_first_and_page_by_page(void **state)
{
    struct place *place = *state;
    struct wanting wanted[] = { { 30, 3, "tmdb", false },
                                { 10, 1, "tmdb", false },
                                { 20, 2, "yts", false },
                                { 20, 2, "tmdb", false },
                                { 10, 1, "tmdb", false } };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        assert_int_equal(write_with(place, want, &wanted[i]), 0);
    struct fetch page[3];
    size_t n = 0;
    assert_int_equal(fetches_next(place->store, NULL, page, 3, &n, NULL), 0);
    assert_int_equal(n, 3);
    assert_int_equal(page[0].priority, 10);
    assert_string_equal(page[1].provider, "tmdb");
    assert_string_equal(page[2].provider, "yts");
    struct fetch last = page[2];
    assert_int_equal(fetches_next(place->store, &last, page, 3, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(page[0].item_id, 3);
}

static void waiting_fetches_are_counted_once_each(void **state)
{
    struct place *place = *state;
    struct wanting a = { 10, 1, "tmdb", false };
    uint64_t n = 0;
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(fetches_count(place->store, &n, NULL), 0);
    assert_int_equal(n, 1);
    store_close(place->store);
    open_place(place);
    a.drop = true;
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(write_with(place, want, &a), 0);
    assert_int_equal(fetches_count(place->store, &n, NULL), 0);
    assert_int_equal(n, 0);
}

static void the_urgent_ones_are_counted_without_the_rest(void **state)
{
    static const enum fetch_class classes[] = { FETCH_CHANGED, FETCH_STALE, FETCH_STALE,
                                                FETCH_TITLE };
    static const uint64_t expected[] = {
        [FETCH_ASKED] = 0, [FETCH_CHANGED] = 1, [FETCH_STALE] = 3, [FETCH_TITLE] = 4
    };
    struct place *place = *state;
    uint64_t n = 17;
    assert_int_equal(fetches_count_urgent(place->store, FETCH_TITLE, &n, NULL), 0);
    assert_int_equal(n, 0);
    for (uint32_t i = 0; i < ARRAY_LEN(classes); i++) {
        struct wanting one = { fetch_priority(classes[i], 5), i + 1, "tmdb", false };
        assert_int_equal(write_with(place, want, &one), 0);
    }
    for (enum fetch_class least = FETCH_ASKED; least <= FETCH_TITLE; least++) {
        assert_int_equal(fetches_count_urgent(place->store, least, &n, NULL), 0);
        assert_int_equal(n, expected[least]);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(priorities_put_the_class_first_and_then_the_popular),
    PLACED(what_is_wanted_most_comes_first_and_page_by_page),
    PLACED(waiting_fetches_are_counted_once_each),
    PLACED(the_urgent_ones_are_counted_without_the_rest),
};

const struct test_part store_fetches_part = TEST_PART(tests);
