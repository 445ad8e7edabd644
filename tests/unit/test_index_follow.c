/* SPDX-License-Identifier: MIT
 *
 * The index over a real store: it follows what is written, while it is read. */
#include "../test.h"

#include "index_writing.h"

#include <limits.h>
#include <string.h>

#include "../place.h"

#include "base/clock.h"
#include "base/lock.h"
#include "store/changes.h"
#include "store/ids.h"
#include "store/items.h"

enum { IDS = 150, WRITES = 120, QUERIES = 40 };

static const struct index_pace pace = {
    .delta_every_ms = 1, .fold_every_ms = 10, .fold_idle_ms = 20, .fold_at = 20
};

static struct index *open_index(struct place *place)
{
    struct index *index;
    struct error err = { 0 };
    if (index_open_paced(place->store, &pace, &rank_default_weights, &index, &err))
        fail_msg("%s", err.text);
    return index;
}

static void write_some(struct place *place, struct world *world)
{
    struct error err = { 0 };
    struct writing writing;
    writing_invent(world, IDS, &writing);
    if (writing_commit(&writing, place->store, &err))
        fail_msg("%s", err.text);
}

/* All sorts of filters, facets, orders, pages and queries, as looking at every item says. */
static void assert_answers(struct index *index, struct world *world)
{
    struct filter filter;
    char text[200];
    size_t n;
    world_filter(world, &filter);
    filter.members = NULL; /* its lists are not in the store */
    bool searches = world_chance(world, 3) == 0;
    world_query(world, text, sizeof text);
    if (searches && filter.sort == FILTER_SORT_DEFAULT)
        filter.sort = FILTER_SORT_POPULARITY;
    CLEANUP(mem_free) uint32_t *ids = world_answer(world, searches ? text : NULL, &filter, &n);
    uint64_t skip = world_chance(world, 3) ? 0 : world_chance(world, IDS);
    uint32_t limit = 1 + world_chance(world, 40);
    CLEANUP(index_page_done) struct index_page page = { 0 };
    index_query(index, searches ? text : NULL, &filter, skip, limit, &page, NULL);
    if (searches && !n)
        return; /* mistakes are forgiven: another's test */
    assert_int_equal(page.total, n);
    assert_int_equal(page.n_hits, skip < n ? MIN(n - skip, limit) : 0);
    for (size_t i = 0; i < page.n_hits; i++)
        assert_int_equal(page.hits[i].id, ids[skip + i]);
    world_assert_facets(world, ids, n, &filter, &page);
}

static void assert_shows(struct place *place, struct index *index, struct world *world)
{
    assert_true(index_wait(index, store_revision(place->store), clock_steady_ms() + 20000));
    struct filter filter = { .sort = FILTER_SORT_TITLE, .facets = 7 };
    size_t n;
    CLEANUP(mem_free) uint32_t *ids = world_answer(world, NULL, &filter, &n);
    CLEANUP(index_page_done) struct index_page page = { 0 };
    assert_int_equal(index_query(index, NULL, &filter, 0, IDS, &page, NULL), 0);
    assert_int_equal(page.total, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(page.hits[i].id, ids[i]);
    world_assert_facets(world, ids, n, &filter, &page);
    for (int i = 0; i < QUERIES; i++)
        assert_answers(index, world);
}

static void the_index_shows_what_was_written_when_waited_for(void **state)
{
    struct place *place = *state;
    CLEANUP(index_close) struct index *index = open_index(place);
    struct world world;
    world_init(&world, 11);
    for (int i = 0; i < WRITES; i++) {
        write_some(place, &world);
        if (i % 5 == 0)
            assert_shows(place, index, &world);
    }
    assert_shows(place, index, &world);
    world_done(&world);
}

static void an_index_opened_later_shows_the_same(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 12);
    for (int i = 0; i < 30; i++)
        write_some(place, &world);
    CLEANUP(index_close) struct index *index = open_index(place);
    assert_shows(place, index, &world);
    write_some(place, &world);
    assert_shows(place, index, &world);
    world_done(&world);
}

static void what_is_not_written_yet_is_not_waited_for_longer_than_wanted(void **state)
{
    struct place *place = *state;
    CLEANUP(index_close) struct index *index = open_index(place);
    assert_true(index_wait(index, store_revision(place->store), 0));
    assert_false(index_wait(index, store_revision(place->store) + 1, clock_steady_ms() + 10));
}

/* --- A store that cannot be read for a while */

static int refusals; /* atomic: how many more reads of a card fail */
static int refused;  /* atomic: how many did */

int __real_cards_get(struct store *store, uint32_t id, struct text *out_card, struct error *err);
int __wrap_cards_get(struct store *store, uint32_t id, struct text *out_card, struct error *err);

/* The linker gives this to the index in the place of the store's own. */
int __wrap_cards_get(struct store *store, uint32_t id, struct text *out_card, struct error *err)
{
    if (__atomic_load_n(&refusals, __ATOMIC_ACQUIRE) <= 0)
        return __real_cards_get(store, id, out_card, err);
    __atomic_sub_fetch(&refusals, 1, __ATOMIC_ACQ_REL);
    __atomic_add_fetch(&refused, 1, __ATOMIC_ACQ_REL);
    return error_set(err, PROVIDER_EIO, "the store is out of order");
}

static void refuse_reads(int n)
{
    __atomic_store_n(&refused, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&refusals, n, __ATOMIC_RELEASE);
}

static int n_refused(void)
{
    return __atomic_load_n(&refused, __ATOMIC_ACQUIRE);
}

/* Changes stay beside the base, so that no building of a new one can heal what was lost. */
static struct index *open_index_without_folds(struct place *place)
{
    static const struct index_pace slow = {
        .delta_every_ms = 1, .fold_every_ms = 3600000, .fold_idle_ms = 3600000, .fold_at = 1 << 30
    };
    struct index *index;
    assert_int_equal(index_open_paced(place->store, &slow, &rank_default_weights, &index, NULL), 0);
    return index;
}

static void write_three(struct place *place, struct world *world)
{
    struct writing writing = { .world = world, .ids = { 1, 2, 3 }, .n = 3 };
    for (uint32_t id = 1; id <= 3; id++)
        do
            world_invent(world, id);
        while (world->items[id].facts.flags & CARD_GONE);
    assert_int_equal(writing_commit(&writing, place->store, NULL), 0);
}

static void an_item_whose_card_cannot_be_read_at_first_is_not_lost(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 16);
    CLEANUP(index_close) struct index *index = open_index_without_folds(place);
    refuse_reads(2);
    write_three(place, &world);
    assert_shows(place, index, &world);
    assert_int_equal(n_refused(), 2);
    world_done(&world);
}

static void what_cannot_be_read_is_not_said_to_be_shown(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 17);
    CLEANUP(index_close) struct index *index = open_index_without_folds(place);
    uint64_t before = index_revision(index);
    refuse_reads(INT_MAX);
    write_three(place, &world);
    int64_t deadline_ms = clock_steady_ms() + 20000;
    while (n_refused() < 3 && clock_steady_ms() < deadline_ms)
        assert_false(index_wait(index, store_revision(place->store), clock_steady_ms() + 5));
    assert_true(n_refused() >= 3); /* it is tried again and again */
    assert_int_equal(index_revision(index), before);
    assert_int_equal(index_count(index, 0), 0);
    refuse_reads(0);
    assert_shows(place, index, &world);
    world_done(&world);
}

static void an_item_that_is_gone_is_no_failure(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 18);
    CLEANUP(index_close) struct index *index = open_index_without_folds(place);
    write_three(place, &world);
    assert_shows(place, index, &world);
    world_remove(&world, 2);
    struct writing writing = { .world = &world, .ids = { 2 }, .n = 1 };
    assert_int_equal(writing_commit(&writing, place->store, NULL), 0);
    assert_shows(place, index, &world);
    assert_int_equal(index_count(index, 0), 2);
    world_done(&world);
}

/* --- What an older program packed */

static uint64_t n_rated(struct index *index, int32_t least)
{
    struct filter filter = { .rating_min_x1000 = least };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    index_query(index, NULL, &filter, 0, 5, &page, NULL);
    return page.total;
}

static void ratings_of_older_cards_are_exact(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 19);
    struct writing writing = { .world = &world, .ids = { 1 }, .n = 1 };
    world_invent(&world, 1);
    struct world_item *item = &world.items[1];
    item->facts = (struct card_facts){ .id = 1, .kind = PROVIDER_MOVIE };
    json_auto_t *document = json_pack("{s:s, s:f}", "title", "Night", "rating", 8.217);
    text_clear(&item->card);
    card_pack(document, &item->facts, &item->card);
    memcpy(item->card.bytes + 1, "\1", 1);      /* its version, */
    memcpy(item->card.bytes + 58, "\122\0", 2); /* which had tenths */
    assert_int_equal(writing_commit(&writing, place->store, NULL), 0);
    CLEANUP(index_close) struct index *index = open_index(place);
    assert_int_equal(n_rated(index, 8217), 1);
    assert_int_equal(n_rated(index, 8218), 0);
    world_done(&world);
}

/* --- Other weights */

/* Two movies; the famous one says more than is asked for. */
static void write_two(struct place *place, struct world *world)
{
    static const char *const titles[] = { "Night", "Night Train" };
    struct writing writing = { .world = world, .ids = { 1, 2 }, .n = 2 };
    for (uint32_t id = 1; id <= 2; id++) {
        world_invent(world, id);
        struct world_item *item = &world->items[id];
        item->facts = (struct card_facts){
            .id = id, .kind = PROVIDER_MOVIE, .popularity = id == 2 ? 40 : 10, .votes = 10
        };
        json_auto_t *document = json_pack("{s:s, s:f, s:i}", "title", titles[id - 1], "popularity",
                                          item->facts.popularity, "votes", 10);
        text_clear(&item->card);
        card_pack(document, &item->facts, &item->card);
    }
    assert_int_equal(writing_commit(&writing, place->store, NULL), 0);
}

static uint32_t first_for(struct index *index, const char *text, double addends[RANK_N_ADDENDS])
{
    struct filter filter = { .explain = true };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    index_query(index, text, &filter, 0, 5, &page, NULL);
    assert_int_equal(page.n_hits, 2);
    memcpy(addends, page.hits[0].addends, RANK_N_ADDENDS * sizeof *addends);
    return page.hits[0].id;
}

static void other_weights_rank_otherwise_and_what_changes_later_too(void **state)
{
    struct place *place = *state;
    struct world world;
    double addends[RANK_N_ADDENDS];
    world_init(&world, 15);
    write_two(place, &world);
    CLEANUP(index_close) struct index *index = open_index(place);
    assert_int_equal(first_for(index, "night", addends), 1);
    assert_true(addends[RANK_MATCH] == rank_default_weights.how[RANK_EXACT]);
    struct rank_weights fame = { .popularity = 2 };
    assert_true(index_set_weights(index, &fame, clock_steady_ms() + 20000));
    assert_int_equal(first_for(index, "night", addends), 2);
    assert_true(addends[RANK_MATCH] == 0 && addends[RANK_COVERAGE] == 0);
    assert_true(addends[RANK_POPULARITY] > 0);
    write_two(place, &world);
    assert_true(index_wait(index, store_revision(place->store), clock_steady_ms() + 20000));
    assert_int_equal(first_for(index, "night", addends), 2);
    assert_true(index_set_weights(index, &rank_default_weights, clock_steady_ms() + 20000));
    assert_int_equal(first_for(index, "night", addends), 1);
    world_done(&world);
}

static void the_same_weights_are_not_waited_for(void **state)
{
    struct place *place = *state;
    CLEANUP(index_close) struct index *index = open_index(place);
    assert_true(index_set_weights(index, &rank_default_weights, 0));
    struct rank_weights none = { .votes = 1 };
    assert_false(index_set_weights(index, &none, 0));
}

/* --- Ids as queries */

static int give_ids(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int result = external_ids_txn_put(txn, PROVIDER_MOVIE, "tmdb:603", 1, err);
    return result ? result : external_ids_txn_put(txn, PROVIDER_TVSHOW, "tmdb:603", 2, err);
}

static void an_id_finds_what_it_names_in_pages_and_through_the_filter(void **state)
{
    struct place *place = *state;
    struct world world;
    world_init(&world, 14);
    struct writing writing = { .world = &world, .ids = { 1, 2 }, .n = 2 };
    for (uint32_t id = 1; id <= 2; id++)
        do
            world_invent(&world, id);
        while (world.items[id].facts.kind != (id == 1 ? PROVIDER_MOVIE : PROVIDER_TVSHOW) ||
               world.items[id].facts.flags & CARD_GONE);
    assert_int_equal(writing_commit(&writing, place->store, NULL), 0);
    assert_int_equal(store_write(place->store, give_ids, NULL, NULL), 0);
    CLEANUP(index_close) struct index *index = open_index(place);
    struct filter filter = { 0 };
    for (uint64_t skip = 0; skip < 3; skip++) {
        CLEANUP(index_page_done) struct index_page page = { 0 };
        assert_int_equal(index_query(index, "tmdb:603", &filter, skip, 1, &page, NULL), 0);
        assert_int_equal(page.total, 2);
        assert_int_equal(page.n_hits, skip < 2);
        if (skip < 2)
            assert_int_equal(page.hits[0].id, skip + 1);
    }
    filter.kind = PROVIDER_TVSHOW;
    CLEANUP(index_page_done) struct index_page shows = { 0 };
    assert_int_equal(index_query(index, "tmdb:603", &filter, 0, 9, &shows, NULL), 0);
    assert_int_equal(shows.total, 1);
    assert_int_equal(shows.hits[0].id, 2);
    assert_int_equal(index_judge(index, 2, "tmdb:603", false, &filter), INDEX_MATCHES);
    assert_int_equal(index_judge(index, 1, "tmdb:603", false, &filter), INDEX_NEITHER);
    world_done(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(the_index_shows_what_was_written_when_waited_for),
        PLACED(an_index_opened_later_shows_the_same),
        PLACED(what_is_not_written_yet_is_not_waited_for_longer_than_wanted),
        PLACED(an_item_whose_card_cannot_be_read_at_first_is_not_lost),
        PLACED(what_cannot_be_read_is_not_said_to_be_shown),
        PLACED(an_item_that_is_gone_is_no_failure),
        PLACED(ratings_of_older_cards_are_exact),
        PLACED(other_weights_rank_otherwise_and_what_changes_later_too),
        PLACED(the_same_weights_are_not_waited_for),
        PLACED(an_id_finds_what_it_names_in_pages_and_through_the_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
