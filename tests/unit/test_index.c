/* SPDX-License-Identifier: MIT
 *
 * Views (a base generation, a delta and tombstones) against the plain way to answer. */
#include "../test.h"

#include "index_world.h"

#include <string.h>

#include "index/view.h"

enum { ITEMS = 700, ROUNDS = 40, QUERIES = 60 };

static struct generation *build(const struct world *world, const bool *chosen)
{
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    for (uint32_t id = 1; id < world->n; id++)
        if (world->items[id].there && (!chosen || chosen[id]))
            assert_true(generation_builder_add(builder, world->items[id].card.bytes,
                                               world->items[id].card.len));
    return generation_build(builder, &rank_default_weights);
}

/* Changes part of the world behind a base's back; the view then shows the world as it is. */
static struct view *make_view(struct world *world)
{
    struct generation *base = build(world, NULL);
    bool *changed = mem_alloc_array(WORLD_MAX_ITEMS, sizeof *changed);
    CLEANUP(mem_free) uint32_t *ids = mem_alloc_array(WORLD_MAX_ITEMS, sizeof *ids);
    size_t n = 0;
    for (uint32_t i = 0, most = world_chance(world, 120); i < most; i++) {
        uint32_t id = 1 + world_chance(world, ITEMS);
        if (!changed[id])
            ids[n++] = id;
        changed[id] = true;
        if (world_chance(world, 4))
            world_invent(world, id);
        else if (id < world->n)
            world_remove(world, id);
    }
    struct generation *delta = n ? build(world, changed) : NULL;
    free(changed);
    return view_new(base, delta, ids, n, 1);
}

static struct view *begin(struct world *world, uint64_t seed)
{
    world_init(world, seed);
    for (uint32_t i = 0; i < ITEMS / 2; i++)
        world_invent(world, 1 + world_chance(world, ITEMS));
    return make_view(world);
}

static void assert_list(const struct world *world, const struct view *view,
                        const struct filter *filter, uint64_t skip, uint32_t limit)
{
    size_t n;
    CLEANUP(mem_free) uint32_t *ids = world_answer(world, NULL, filter, &n);
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_list(view, filter, skip, limit, &page);
    assert_int_equal(page.total, n);
    size_t expected = skip < n ? MIN(n - skip, limit) : 0;
    assert_int_equal(page.n_hits, expected);
    for (size_t i = 0; i < expected; i++)
        assert_int_equal(page.hits[i].id, ids[skip + i]);
    world_assert_facets(world, ids, n, filter, &page);
}

static void every_list_is_what_looking_at_every_item_says(void **state UNUSED)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct world world;
        CLEANUP(view_unref) struct view *view = begin(&world, seed);
        for (int i = 0; i < QUERIES; i++) {
            struct filter filter;
            world_filter(&world, &filter);
            uint64_t skip = world_chance(&world, 3) ? 0 : world_chance(&world, 200);
            assert_list(&world, view, &filter, skip, world_chance(&world, 60));
        }
        world_done(&world);
    }
}

static bool is_among(const uint32_t *ids, size_t n, uint32_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Whatever the order: exactly those that say it, each once, best first. */
static void assert_ranked(const uint32_t *ids, size_t n, const struct index_page *page)
{
    assert_int_equal(page->n_hits, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(is_among(ids, n, page->hits[i].id));
        assert_true(i == 0 || page->hits[i - 1].score >= page->hits[i].score);
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(page->hits[k].id, page->hits[i].id);
    }
}

/* How an item matches does not depend on where it stands. */
static void assert_same_receipts(const struct view *view, const char *text,
                                 const struct filter *filter, const struct index_page *sorted)
{
    struct filter by_score = *filter;
    by_score.sort = FILTER_SORT_DEFAULT;
    CLEANUP(index_page_done) struct index_page ranked = { 0 };
    view_search(view, text, &by_score, 0, ITEMS, &ranked);
    assert_int_equal(ranked.n_hits, sorted->n_hits);
    for (size_t i = 0; i < sorted->n_hits; i++) {
        const struct index_hit *hit = &sorted->hits[i], *same = ranked.hits;
        while (same->id != hit->id)
            same++;
        assert_true(hit->score == same->score);
        assert_int_equal(hit->title, same->title);
        assert_int_equal(hit->field, same->field);
        assert_int_equal(hit->how, same->how);
        assert_memory_equal(hit->addends, same->addends, sizeof hit->addends);
    }
}

static void assert_search(const struct world *world, const struct view *view, const char *text,
                          const struct filter *filter)
{
    size_t n;
    CLEANUP(mem_free) uint32_t *ids = world_answer(world, text, filter, &n);
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_search(view, text, filter, 0, ITEMS, &page);
    if (filter->sort != FILTER_SORT_DEFAULT)
        assert_same_receipts(view, text, filter, &page);
    if (!n) {
        assert_true(page.mistakes);
        return; /* mistakes are forgiven: another test's */
    }
    assert_false(page.mistakes);
    assert_int_equal(page.total, n);
    world_assert_facets(world, ids, n, filter, &page);
    if (filter->sort == FILTER_SORT_DEFAULT) {
        assert_ranked(ids, n, &page);
        return;
    }
    assert_int_equal(page.n_hits, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(page.hits[i].id, ids[i]);
}

static void every_search_finds_exactly_what_says_the_words(void **state UNUSED)
{
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct world world;
        CLEANUP(view_unref) struct view *view = begin(&world, seed);
        for (int i = 0; i < QUERIES; i++) {
            struct filter filter = { 0 };
            char text[200];
            if (world_chance(&world, 2))
                world_filter(&world, &filter);
            filter.explain = world_chance(&world, 2);
            world_query(&world, text, sizeof text);
            assert_search(&world, view, text, &filter);
        }
        world_done(&world);
    }
}

static void pages_of_a_search_are_pieces_of_the_whole(void **state UNUSED)
{
    for (uint64_t seed = 100; seed < 110; seed++) {
        struct world world;
        CLEANUP(view_unref) struct view *view = begin(&world, seed);
        struct filter filter = { 0 };
        CLEANUP(index_page_done) struct index_page whole = { 0 };
        view_search(view, "m", &filter, 0, ITEMS, &whole);
        assert_true(whole.n_hits > 20);
        for (uint64_t skip = 0; skip <= whole.total; skip += 7) {
            CLEANUP(index_page_done) struct index_page page = { 0 };
            view_search(view, "m", &filter, skip, 7, &page);
            assert_int_equal(page.total, whole.total);
            assert_int_equal(page.n_hits, MIN(whole.total - skip, 7));
            for (size_t i = 0; i < page.n_hits; i++)
                assert_int_equal(page.hits[i].id, whole.hits[skip + i].id);
        }
        world_done(&world);
    }
}

static struct rank_weights invent_weights(struct world *world)
{
    struct rank_weights weights = rank_default_weights;
    for (size_t i = 0; i < ARRAY_LEN(weights.how); i++)
        weights.how[i] = (double)world_chance(world, 20);
    weights.coverage = (double)world_chance(world, 10);
    weights.popularity = (double)world_chance(world, 4);
    weights.votes = (double)world_chance(world, 3);
    weights.mistake = -(double)world_chance(world, 3);
    return weights;
}

static void assert_beginning(const struct view *view, const char *text,
                             const struct index_page *whole, const struct filter *filter,
                             uint32_t limit)
{
    CLEANUP(index_page_done) struct index_page page = { 0 };
    view_search(view, text, filter, 0, limit, &page);
    assert_int_equal(page.total, whole->total);
    assert_int_equal(page.mistakes, whole->mistakes);
    assert_int_equal(page.n_hits, MIN(whole->total, limit));
    for (size_t i = 0; i < page.n_hits; i++) {
        assert_int_equal(page.hits[i].id, whole->hits[i].id);
        assert_true(page.hits[i].score == whole->hits[i].score);
        assert_int_equal(page.hits[i].title, whole->hits[i].title);
    }
}

/* A catalogue so large that words and prefixes have sets, and weights of all sorts: who is not
 * looked at could not have been among the best. */
static void what_ends_early_is_the_beginning_of_the_whole(void **state UNUSED)
{
    enum { MANY = 18000, ASKED = 250 };
    struct world world;
    world_init(&world, 400);
    for (uint32_t id = 1; id <= MANY; id++)
        world_invent(&world, id);
    for (int round = 0; round < 4; round++) {
        CLEANUP(generation_builder_free)
        struct generation_builder *builder = generation_builder_new();
        for (uint32_t id = 1; id <= MANY; id++)
            generation_builder_add(builder, world.items[id].card.bytes, world.items[id].card.len);
        struct rank_weights weights = round ? invent_weights(&world) : rank_default_weights;
        struct generation *base = generation_build(builder, &weights);
        assert_true(base->terms.n_dense > 0);
        CLEANUP(view_unref) struct view *view = view_new(base, NULL, NULL, 0, 1);
        for (int i = 0; i < ASKED; i++) {
            struct filter filter = { 0 };
            char text[200];
            if (!world_chance(&world, 3))
                world_filter(&world, &filter);
            filter.sort = FILTER_SORT_DEFAULT;
            world_query(&world, text, sizeof text);
            CLEANUP(index_page_done) struct index_page whole = { 0 };
            view_search(view, text, &filter, 0, MANY, &whole);
            assert_beginning(view, text, &whole, &filter, 1 + world_chance(&world, 30));
        }
    }
    world_done(&world);
}

/* More items than a word's marks tell apart, and words of all frequencies. */
static void a_large_catalogue_is_searched_without_a_miss(void **state UNUSED)
{
    enum { MANY = WORLD_MAX_ITEMS - 1, ASKED = 60 };
    struct world world;
    world_init(&world, 500);
    world.n_rare = 2000;
    for (uint32_t id = 1; id <= MANY; id++)
        world_invent(&world, id);
    CLEANUP(view_unref) struct view *view = view_new(build(&world, NULL), NULL, NULL, 0, 1);
    for (int i = 0; i < ASKED;) {
        struct filter filter = { 0 };
        char text[200];
        size_t n;
        world_query(&world, text, sizeof text);
        CLEANUP(index_page_done) struct index_page page = { 0 };
        view_search(view, text, &filter, 0, MANY, &page);
        if (!page.mistakes && page.total > 500)
            continue; /* too slow to look at */
        CLEANUP(mem_free) uint32_t *ids = world_answer(&world, text, &filter, &n);
        assert_int_equal(page.mistakes ? 0 : page.total, n);
        if (n)
            assert_ranked(ids, n, &page);
        assert_beginning(view, text, &page, &filter, 1);
        i++;
    }
    world_done(&world);
}

/* Where the delta ends and the base begins must not show. */
static void a_folded_view_answers_like_the_unfolded(void **state UNUSED)
{
    for (uint64_t seed = 200; seed < 230; seed++) {
        struct world world;
        CLEANUP(view_unref) struct view *view = begin(&world, seed);
        CLEANUP(view_unref) struct view *folded = view_new(build(&world, NULL), NULL, NULL, 0, 1);
        for (int i = 0; i < 30; i++) {
            struct filter filter = { 0 };
            char text[200];
            world_query(&world, text, sizeof text);
            CLEANUP(index_page_done) struct index_page one = { 0 };
            CLEANUP(index_page_done) struct index_page other = { 0 };
            view_search(view, text, &filter, 0, 50, &one);
            view_search(folded, text, &filter, 0, 50, &other);
            assert_int_equal(one.mistakes, other.mistakes);
            if (one.mistakes)
                continue;
            assert_int_equal(one.n_hits, other.n_hits);
            for (size_t k = 0; k < one.n_hits; k++) {
                assert_int_equal(one.hits[k].id, other.hits[k].id);
                assert_int_equal(one.hits[k].how, other.hits[k].how);
            }
        }
        assert_int_equal(view_count(view, PROVIDER_MOVIE), view_count(folded, PROVIDER_MOVIE));
        world_done(&world);
    }
}

static void the_verdict_on_an_item_is_that_of_the_search(void **state UNUSED)
{
    for (uint64_t seed = 300; seed < 310; seed++) {
        struct world world;
        CLEANUP(view_unref) struct view *view = begin(&world, seed);
        for (int i = 0; i < 20; i++) {
            struct filter filter;
            char text[200];
            world_filter(&world, &filter);
            filter.sort = FILTER_SORT_DEFAULT;
            world_query(&world, text, sizeof text);
            size_t n, n_any;
            CLEANUP(mem_free) uint32_t *ids = world_answer(&world, text, &filter, &n);
            CLEANUP(mem_free) uint32_t *any = world_answer(&world, NULL, &filter, &n_any);
            for (uint32_t id = 1; id < world.n + 10; id++) {
                enum index_verdict verdict = view_judge(view, id, text, false, &filter);
                enum index_verdict expected = is_among(ids, n, id)       ? INDEX_MATCHES
                                              : is_among(any, n_any, id) ? INDEX_FILTER_ONLY
                                                                         : INDEX_NEITHER;
                assert_int_equal(verdict, expected);
            }
        }
        world_done(&world);
    }
}

static void an_empty_catalogue_answers_nothing(void **state UNUSED)
{
    struct world world;
    world_init(&world, 1);
    CLEANUP(view_unref) struct view *view = view_new(build(&world, NULL), NULL, NULL, 0, 1);
    for (int sort = FILTER_SORT_DEFAULT; sort <= FILTER_SORT_UPDATED; sort++) {
        struct filter filter = { .sort = (enum filter_sort)sort, .facets = 7 };
        assert_list(&world, view, &filter, 0, 20);
        assert_list(&world, view, &filter, 1000, 20);
        CLEANUP(index_page_done) struct index_page page = { 0 };
        view_search(view, "matrix", &filter, 0, 20, &page);
        assert_int_equal(page.total, 0);
    }
    assert_int_equal(view_count(view, 0), 0);
    world_done(&world);
}

static void everything_of_the_base_may_have_been_replaced(void **state UNUSED)
{
    struct world world;
    world_init(&world, 7);
    uint32_t ids[50];
    for (uint32_t i = 0; i < 50; i++)
        world_invent(&world, ids[i] = i + 1);
    struct generation *base = build(&world, NULL);
    for (uint32_t i = 0; i < 50; i++)
        world_remove(&world, ids[i]);
    CLEANUP(view_unref) struct view *view = view_new(base, build(&world, NULL), ids, 50, 1);
    struct filter filter = { 0 };
    assert_list(&world, view, &filter, 0, 100);
    assert_int_equal(view_judge(view, 1, NULL, false, &filter), INDEX_NEITHER);
    world_done(&world);
}

static void bytes_that_are_no_card_are_not_added(void **state UNUSED)
{
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    assert_false(generation_builder_add(builder, "rubbish", 7));
    assert_false(generation_builder_add(builder, "", 0));
    CLEANUP(generation_unref)
    struct generation *generation = generation_build(builder, &rank_default_weights);
    assert_int_equal(generation->n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_is_what_looking_at_every_item_says),
        cmocka_unit_test(every_search_finds_exactly_what_says_the_words),
        cmocka_unit_test(pages_of_a_search_are_pieces_of_the_whole),
        cmocka_unit_test(what_ends_early_is_the_beginning_of_the_whole),
        cmocka_unit_test(a_large_catalogue_is_searched_without_a_miss),
        cmocka_unit_test(a_folded_view_answers_like_the_unfolded),
        cmocka_unit_test(the_verdict_on_an_item_is_that_of_the_search),
        cmocka_unit_test(an_empty_catalogue_answers_nothing),
        cmocka_unit_test(everything_of_the_base_may_have_been_replaced),
        cmocka_unit_test(bytes_that_are_no_card_are_not_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
