/* SPDX-License-Identifier: MIT
 *
 * Which documents are of one item. */
#include "intake_stage.h"

#include <jansson.h>

#include "base/json.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"

static void two_providers_meet_in_one_item_by_a_common_id(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    assert_int_equal(service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"trakt\":481,\"imdb\":\"tt0133093\"},"
                                  "\"title\":\"The Matrix\",\"tagline\":\"Wake up\"}"),
                     id);
    assert_int_equal(service_find(service, "trakt:481"), id);
}

#define OTHER "{\"ids\":{\"imdb\":\"tt0133093\"},\"title\":\"Matrix\",\"runtime\":136}"

static void assert_merged(struct service *service, uint32_t survivor, uint32_t loser)
{
    uint32_t to = 0;
    struct catalog_name name;
    char number[16];
    snprintf(number, sizeof number, "%u", loser);
    assert_false(is_visible(service, loser));
    assert_int_equal(redirects_find(service->store, loser, &to, NULL), 0);
    assert_int_equal(to, survivor);
    assert_int_equal(catalog_find(service->catalog, PROVIDER_MOVIE, number, &name, NULL), 0);
    assert_int_equal(name.id, survivor);
    assert_int_equal(name.moved_from, loser);
    assert_int_equal(service_find(service, "tmdb:603"), survivor);
    assert_int_equal(service_find(service, "imdb:tt0133093"), survivor);
}

static int find_merge(const struct change *change, void *context)
{
    if (change->what == CHANGE_MERGED)
        *(struct change *)context = *change;
    return 0;
}

static void ids_that_tie_two_items_make_them_one(void **state)
{
    struct service *service = *state;
    uint32_t one = movie(service, 0, ONE);
    uint32_t other = service_take(service, "script_b", PROVIDER_MOVIE, 0, OTHER);
    assert_int_not_equal(one, other);
    assert_int_equal(movie(service, 0, MATRIX), one);
    assert_merged(service, one, other);
    struct change merge = { 0 };
    assert_int_equal(changes_walk(service->store, 0, find_merge, &merge, NULL), 0);
    assert_int_equal(merge.item_id, other);
    assert_int_equal(merge.merged_into, one);
    record_of(service, one, "script_b");
}

/* Whatever the tying document is worth itself, the records that came together count. */
static void a_document_that_only_ties_settles_the_item_too(void **state)
{
    static const struct {
        uint32_t kind, flags;
        const char *json;
    } ties[] = {
        { PROVIDER_MOVIE, PROVIDER_PARTIAL, MATRIX },
        { PROVIDER_MOVIE, PROVIDER_CHANGED, MATRIX },
        { PROVIDER_MOVIE, PROVIDER_GONE, MATRIX },
        { PROVIDER_TITLE, 0,
          "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"kind\":\"movie\",\"title\":\"M\"}" },
    };
    struct service *service = *state;
    for (size_t i = 0; i < ARRAY_LEN(ties); i++) {
        uint32_t one = movie(service, 0, ONE);
        uint32_t other = service_take(service, "script_b", PROVIDER_MOVIE, 0, OTHER);
        service_take(service, "script_a", ties[i].kind, ties[i].flags, ties[i].json);
        assert_merged(service, one, other);
        json_auto_t *card = card_of(service, one);
        assert_int_equal(js_int(card, "runtime", 0), 136);
        service_prove(service);
        service_end(state);
        service_begin(state);
        service = *state;
    }
}

static void a_whole_record_survives_a_newer_partial_one(void **state)
{
    struct service *service = *state;
    uint32_t one = movie(service, 0, ONE);
    service_pass_time(1000);
    uint32_t other = movie(service, PROVIDER_PARTIAL, OTHER);
    assert_int_not_equal(one, other);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    assert_merged(service, one, other);
    assert_int_equal(record_of(service, one, "script_a").flags, 0);
    assert_title(service, one, "The Matrix");
}

static void a_waiting_fetch_moves_with_its_record(void **state)
{
    struct service *service = *state;
    uint32_t one = service_take(service, "script_b", PROVIDER_MOVIE, 0, OTHER);
    uint32_t other = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_not_equal(one, other);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    assert_merged(service, one, other);
    struct fetch fetch;
    size_t n;
    assert_int_equal(fetches_next(service->store, NULL, &fetch, 1, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(fetch.item_id, one);
}

static void three_items_become_one_and_chains_of_redirects_hold(void **state)
{
    struct service *service = *state;
    uint32_t one = movie(service, 0, ONE);
    uint32_t other = service_take(service, "script_b", PROVIDER_MOVIE, 0, OTHER);
    uint32_t third = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                                  "{\"ids\":{\"trakt\":481},\"title\":\"Matrix\"}");
    service_take(service, "script_b", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"trakt\":481,\"imdb\":\"tt0133093\"},\"title\":\"Matrix\"}");
    service_prove(service);
    movie(service, 0,
          "{\"ids\":{\"tmdb\":603,\"trakt\":481,\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\"}");
    assert_merged(service, one, other);
    assert_merged(service, one, third);
}

static void a_corrected_id_lets_go_of_what_it_never_was(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, 0, "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0000007\"},\"title\":\"The Matrix\"}");
    assert_int_equal(service_find(service, "imdb:tt0000007"), id);
    assert_int_equal(service_find(service, "imdb:tt0133093"), 0);
    uint32_t rightful =
        movie(service, 0, "{\"ids\":{\"tmdb\":604,\"imdb\":\"tt0133093\"},\"title\":\"Other\"}");
    assert_int_not_equal(rightful, id);
    assert_true(is_visible(service, id));
}

static void an_id_that_another_provider_says_too_stays(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    movie(service, 0, ONE);
    assert_int_equal(service_find(service, "imdb:tt0133093"), id);
}

static void slugs_and_homepages_tie_nobody(void **state)
{
    struct service *service = *state;
    uint32_t one = movie(service, 0, "{\"ids\":{\"tmdb\":1,\"slug\":\"matrix\"},\"title\":\"A\"}");
    uint32_t other =
        movie(service, 0, "{\"ids\":{\"tmdb\":2,\"slug\":\"matrix\"},\"title\":\"B\"}");
    assert_int_not_equal(one, other);
}

static const struct CMUnitTest tests[] = {
    SERVED(two_providers_meet_in_one_item_by_a_common_id),
    SERVED(ids_that_tie_two_items_make_them_one),
    SERVED(a_document_that_only_ties_settles_the_item_too),
    SERVED(a_whole_record_survives_a_newer_partial_one),
    SERVED(a_waiting_fetch_moves_with_its_record),
    SERVED(three_items_become_one_and_chains_of_redirects_hold),
    SERVED(a_corrected_id_lets_go_of_what_it_never_was),
    SERVED(an_id_that_another_provider_says_too_stays),
    SERVED(slugs_and_homepages_tie_nobody),
};

const struct test_part intake_identity_part = TEST_PART(tests);
