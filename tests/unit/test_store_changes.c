/* SPDX-License-Identifier: MIT
 *
 * The change feed. */
#include "store_rows.h"

#include <string.h>

#include "store/changes.h"
#include "store/inside.h"
#include "store/state.h"

struct adding {
    struct change change;
    uint64_t replaces, revision;
};

static int add_change(struct store_txn *txn, void *context, struct error *err)
{
    struct adding *adding = context;
    return changes_txn_add(txn, &adding->change, adding->replaces, &adding->revision, err);
}

static int see_change(const struct change *change, void *context)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%d:%u/%u/%s/%d/%u;",
             (int)change->revision, change->item_id, change->kind, change_what_name(change->what),
             (int)change->at_ms, change->merged_into);
    return seen->stop;
}

static void add_three_changes(struct place *place)
{
    struct adding a = { .change = { 0, 5, 1, CHANGE_ADDED, 100, 0 } };
    struct adding b = { .change = { 0, 6, 2, CHANGE_MERGED, 101, 5 } };
    assert_int_equal(write_with(place, add_change, &a), 0);
    assert_int_equal(write_with(place, add_change, &b), 0);
    a.replaces = a.revision;
    a.change.what = CHANGE_UPDATED;
    assert_int_equal(write_with(place, add_change, &a), 0);
}

static void each_item_has_its_latest_change_only(void **state)
{
    struct place *place = *state;
    struct seen seen = { .stop = 0 };
    add_three_changes(place);
    assert_int_equal(changes_walk(place->store, 0, see_change, &seen, NULL), 0);
    assert_string_equal(seen.text, "2:6/2/merged/101/5;3:5/1/updated/100/0;");
    seen = (struct seen){ .stop = 0 };
    assert_int_equal(changes_walk(place->store, 2, see_change, &seen, NULL), 0);
    assert_string_equal(seen.text, "3:5/1/updated/100/0;");
    assert_int_equal(changes_walk(place->store, UINT64_MAX, see_change, &seen, NULL), 0);
}

static void change_numbers_go_on_after_reopening(void **state)
{
    struct place *place = *state;
    add_three_changes(place);
    assert_int_equal(store_revision(place->store), 3);
    store_close(place->store);
    open_place(place);
    assert_int_equal(store_revision(place->store), 3);
    struct adding next = { .change = { 0, 9, 1, CHANGE_ADDED, 0, 0 } };
    assert_int_equal(write_with(place, add_change, &next), 0);
    assert_int_equal(next.revision, 4);
}

static void a_change_of_no_item_or_of_no_kind_is_refused(void **state)
{
    struct adding nobody = { .change = { 0, 0, 1, CHANGE_ADDED, 0, 0 } };
    struct adding nothing = { .change = { 0, 1, 1, (enum change_what)9, 0, 0 } };
    assert_int_equal(write_with(*state, add_change, &nobody), PROVIDER_EINVAL);
    assert_int_equal(write_with(*state, add_change, &nothing), PROVIDER_EINVAL);
    assert_int_equal(store_revision(((struct place *)*state)->store), 0);
}

static uint64_t heard;

static void hear(uint64_t revision, void *context)
{
    heard = revision;
    ++*(int *)context;
}

static void listeners_hear_of_changes_before_the_writer_returns(void **state)
{
    struct place *place = *state;
    int n_heard = 0;
    heard = 0;
    store_listen(place->store, hear, &n_heard);
    struct adding a = { .change = { 0, 5, 1, CHANGE_ADDED, 100, 0 } };
    assert_int_equal(write_with(place, add_change, &a), 0);
    assert_int_equal(heard, 1);
    assert_int_equal(n_heard, 1);
    assert_int_equal(state_put(place->store, "a", "b", "c", NULL), 0);
    a.change.kind = 1000;
    assert_int_equal(write_with(place, add_change, &a), PROVIDER_EINVAL);
    assert_int_equal(n_heard, 1);
}

static const struct CMUnitTest tests[] = {
    PLACED(each_item_has_its_latest_change_only),
    PLACED(change_numbers_go_on_after_reopening),
    PLACED(a_change_of_no_item_or_of_no_kind_is_refused),
    PLACED(listeners_hear_of_changes_before_the_writer_returns),
};

const struct test_part store_changes_part = TEST_PART(tests);
