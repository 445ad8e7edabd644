/* SPDX-License-Identifier: MIT
 *
 * What changed, is wanted, or is gone. */
#include "intake_stage.h"

#include "store/changes.h"
#include "store/fetches.h"

static void a_changed_id_nobody_knows_is_invisible_until_it_is_fetched(void **state)
{
    struct service *service = *state;
    uint64_t before = store_revision(service->store);
    uint32_t id = movie(service, PROVIDER_CHANGED, MATRIX_ID);
    assert_false(is_visible(service, id));
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(waiting(service), 1);
    service_prove(service);
    assert_int_equal(movie(service, 0, MATRIX), id);
    assert_true(is_visible(service, id));
    assert_int_equal(waiting(service), 0);
}

static void a_changed_item_waits_once_and_stays_as_it_is(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    uint64_t before = store_revision(service->store);
    for (int i = 0; i < 3; i++)
        assert_int_equal(movie(service, PROVIDER_CHANGED, MATRIX_ID), id);
    assert_int_equal(waiting(service), 1);
    assert_int_equal(store_revision(service->store), before);
    assert_title(service, id, "The Matrix");
}

static void what_is_wanted_more_moves_forward_and_never_back(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    uint64_t as_title = record_of(service, id, "script_a").fetch_priority;
    movie(service, PROVIDER_CHANGED, MATRIX_ID);
    uint64_t as_changed = record_of(service, id, "script_a").fetch_priority;
    assert_true(as_changed < as_title);
    service_take(service, "script_a", PROVIDER_TITLE, 0,
                 "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"M\",\"popularity\":900}");
    assert_int_equal(record_of(service, id, "script_a").fetch_priority, as_changed);
    assert_int_equal(waiting(service), 1);
}

static void gone_once_is_no_tombstone_and_gone_a_day_later_is(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(header_of(service, id).flags, 0);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    struct item_header header = header_of(service, id);
    assert_int_equal(header.flags, ITEM_GONE);
    struct change change;
    assert_int_equal(changes_get(service->store, header.revision, &change, NULL), 0);
    assert_int_equal(change.what, CHANGE_GONE);
    assert_title(service, id, "The Matrix");
}

static void who_comes_back_is_no_longer_gone(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    movie(service, 0, MATRIX);
    assert_int_equal(header_of(service, id).flags, 0);
    assert_int_equal(record_of(service, id, "script_a").gone_since_ms, 0);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(header_of(service, id).flags, 0);
}

static void a_tombstone_that_is_listed_again_waits_for_a_look(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(header_of(service, id).flags, ITEM_GONE);
    assert_int_equal(waiting(service), 1);
    /* And when the look finds nothing, it does not wait for ever. */
    struct error err;
    assert_int_equal(intake_mark_gone(service->store, &service->policy, "script_a", id, &err), 0);
    assert_int_equal(waiting(service), 0);
}

static void gone_and_never_known_leaves_nothing(void **state)
{
    struct service *service = *state;
    assert_int_equal(movie(service, PROVIDER_GONE, MATRIX_ID), 0);
    assert_int_equal(service_find(service, "tmdb:603"), 0);
}

static void gone_at_one_provider_is_not_gone(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(header_of(service, id).flags, 0);
    service_prove(service);
    service_take(service, "script_b", PROVIDER_MOVIE, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(DAY_MS);
    service_take(service, "script_b", PROVIDER_MOVIE, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(header_of(service, id).flags, ITEM_GONE);
}

static void a_placeholder_that_is_gone_stays_invisible(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, PROVIDER_CHANGED, MATRIX_ID);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_false(is_visible(service, id));
    assert_int_equal(waiting(service), 0);
}

static void a_parked_fetch_no_longer_waits_until_something_changes(void **state)
{
    struct service *service = *state;
    struct error err;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(intake_park(service->store, "script_a", id, &err), 0);
    assert_int_equal(waiting(service), 0);
    service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(waiting(service), 0);
    movie(service, PROVIDER_CHANGED, MATRIX_ID);
    assert_int_equal(waiting(service), 1);
}

static void parking_and_marking_what_nobody_has_is_nothing(void **state)
{
    struct service *service = *state;
    struct error err;
    assert_int_equal(intake_park(service->store, "script_a", 4711, &err), 0);
    assert_int_equal(intake_mark_gone(service->store, &service->policy, "script_b", 4711, &err), 0);
}

static const struct CMUnitTest tests[] = {
    SERVED(a_changed_id_nobody_knows_is_invisible_until_it_is_fetched),
    SERVED(a_changed_item_waits_once_and_stays_as_it_is),
    SERVED(what_is_wanted_more_moves_forward_and_never_back),
    SERVED(gone_once_is_no_tombstone_and_gone_a_day_later_is),
    SERVED(who_comes_back_is_no_longer_gone),
    SERVED(a_tombstone_that_is_listed_again_waits_for_a_look),
    SERVED(gone_and_never_known_leaves_nothing),
    SERVED(gone_at_one_provider_is_not_gone),
    SERVED(a_placeholder_that_is_gone_stays_invisible),
    SERVED(a_parked_fetch_no_longer_waits_until_something_changes),
    SERVED(parking_and_marking_what_nobody_has_is_nothing),
};

const struct test_part intake_gone_part = TEST_PART(tests);
