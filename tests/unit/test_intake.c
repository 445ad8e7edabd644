/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "media/document.h"
#include "service/freshness.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/records.h"
#include "store/state.h"

#define MATRIX                                                                                     \
    "{\"ids\":{\"tmdb\":603,\"imdb\":\"tt0133093\"},\"title\":\"The Matrix\",\"runtime\":136}"
#define MATRIX_TITLE                                                                               \
    "{\"ids\":{\"tmdb\":603},\"kind\":\"movie\",\"title\":\"Matrix\",\"popularity\":60.5}"
#define MATRIX_ID "{\"ids\":{\"tmdb\":603}}"
#define DAY_MS (24 * 3600 * 1000)

static uint32_t movie(struct service *service, uint32_t flags, const char *json)
{
    return service_take(service, "script_a", PROVIDER_MOVIE, flags, json);
}

static struct item_header header_of(struct service *service, uint32_t id)
{
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    if (items_get(service->store, id, &header, &body, &err))
        fail_msg("item %u: %s", id, err.text);
    return header;
}

static bool is_visible(struct service *service, uint32_t id)
{
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    return items_get(service->store, id, &header, &body, NULL) == 0;
}

static json_t *card_of(struct service *service, uint32_t id)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(1 << 20);
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    char language[LANGUAGE_LEN];
    assert_int_equal(cards_get(service->store, id, &card, NULL), 0);
    assert_true(card_render(card.bytes, card.len, &wish, NULL, &json, language));
    json_t *out = json_loadb(json.bytes, json.len, 0, NULL);
    assert_non_null(out);
    return out;
}

static void assert_title(struct service *service, uint32_t id, const char *title)
{
    json_auto_t *card = card_of(service, id);
    assert_string_equal(js_string(card, "title"), title);
}

static uint64_t waiting(struct service *service)
{
    uint64_t n = 0;
    assert_int_equal(fetches_count(service->store, &n, NULL), 0);
    return n;
}

static struct record_header record_of(struct service *service, uint32_t id, const char *provider)
{
    struct record_header header = { 0 };
    CLEANUP(text_done) struct text json = TEXT_INIT(1 << 20);
    assert_int_equal(records_get(service->store, id, provider, &header, &json, NULL), 0);
    return header;
}

/* --- Whole, partial, titles */

static void a_title_becomes_an_item_that_waits_to_be_fetched(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_not_equal(id, 0);
    assert_int_equal(header_of(service, id).flags, ITEM_TITLE_ONLY);
    assert_int_equal(header_of(service, id).kind, PROVIDER_MOVIE);
    assert_int_equal(waiting(service), 1);
    assert_title(service, id, "Matrix");
    assert_int_equal(service_find(service, "tmdb:603"), id);
}

static void a_whole_document_replaces_the_title_and_ends_the_wait(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(movie(service, 0, MATRIX), id);
    assert_int_equal(header_of(service, id).flags, 0);
    assert_int_equal(waiting(service), 0);
    assert_title(service, id, "The Matrix");
    assert_int_equal(service_find(service, "imdb:tt0133093"), id);
}

static void a_partial_document_never_beats_a_whole_one(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    uint64_t before = store_revision(service->store);
    assert_int_equal(movie(service, PROVIDER_PARTIAL,
                           "{\"ids\":{\"tmdb\":603,\"wikidata\":\"Q83495\"},\"title\":\"Wrong\"}"),
                     id);
    assert_int_equal(service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE), id);
    assert_int_equal(store_revision(service->store), before);
    assert_title(service, id, "The Matrix");
    assert_int_equal(service_find(service, "wikidata:Q83495"), 0);
    assert_int_equal(waiting(service), 0);
}

static void partial_documents_add_up(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, PROVIDER_PARTIAL, "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix\"}");
    movie(service, PROVIDER_PARTIAL,
          "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\",\"release_date\":\"1999-03-31\"}");
    movie(service, PROVIDER_PARTIAL,
          "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\",\"runtime\":136}");
    json_auto_t *card = card_of(service, id);
    assert_string_equal(js_string(card, "release_date"), "1999-03-31");
    assert_int_equal(js_int(card, "runtime", 0), 136);
    assert_int_equal(waiting(service), 1);
}

static void a_whole_document_drops_what_it_no_longer_says(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    movie(service, 0, "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}");
    json_auto_t *card = card_of(service, id);
    assert_int_equal(js_int(card, "runtime", 0), 0);
    assert_int_equal(service_find(service, "imdb:tt0133093"), 0);
}

static void an_unchanged_document_gets_no_change_number(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    struct item_header first = header_of(service, id);
    uint64_t before = store_revision(service->store);
    service_pass_time(DAY_MS);
    assert_int_equal(movie(service, 0, MATRIX), id);
    struct item_header second = header_of(service, id);
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(second.revision, first.revision);
    assert_int_equal(second.updated_at_ms, first.updated_at_ms);
    assert_int_equal(second.expires_at_ms, first.expires_at_ms);
    assert_true(record_of(service, id, "script_a").fetched_at_ms >= first.fetched_at_ms + DAY_MS);
}

static bool is_fresh(struct service *service, uint32_t id)
{
    struct item_header header = header_of(service, id);
    return freshness_is_fresh(service->store, &service->policy, &header);
}

static void who_says_the_same_again_keeps_it_fresh(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    assert_true(is_fresh(service, id));
    service_pass_time(DAY_MS);
    assert_false(is_fresh(service, id));
    movie(service, 0, MATRIX);
    assert_true(is_fresh(service, id));
    service_pass_time(DAY_MS);
    assert_false(is_fresh(service, id));
}

static void of_two_records_the_older_says_how_fresh_it_is(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    service_pass_time(DAY_MS);
    movie(service, 0, MATRIX);
    assert_false(is_fresh(service, id));
    service_take(service, "script_b", PROVIDER_MOVIE, 0, MATRIX);
    assert_true(is_fresh(service, id));
}

static void a_title_is_never_fresh_and_a_tombstone_always(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_false(is_fresh(service, id));
    movie(service, 0, MATRIX);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    service_pass_time(2 * DAY_MS);
    assert_false(is_fresh(service, id));
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_true(is_fresh(service, id));
}

/* --- What is due, and what was announced for which day */

static void announce(struct service *service, const char *date)
{
    CLEANUP(mem_free)
    char *json = date ? mem_format("{\"ids\":{\"tmdb\":603},\"changed_on\":\"%s\"}", date)
                      : mem_dup_text(MATRIX_ID);
    movie(service, PROVIDER_CHANGED, json);
}

/* The clock of these tests counts from the machine's start. */
static const char *day_from_now(int days, char out[CLOCK_TEXT_LEN])
{
    return clock_format_date(clock_wall_ms() + days * (int64_t)DAY_MS, out);
}

static void a_change_of_a_day_that_was_over_when_it_was_fetched_is_known(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    movie(service, 0, MATRIX);
    announce(service, day_from_now(-2, day));
    assert_int_equal(waiting(service), 0);
    announce(service, NULL); /* who names no day is believed */
    assert_int_equal(waiting(service), 1);
}

static void a_change_of_today_is_fetched_once_today(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    movie(service, 0, MATRIX);
    announce(service, day_from_now(0, day));
    assert_int_equal(waiting(service), 1);
    announce(service, day);
    assert_int_equal(waiting(service), 1);
    movie(service, 0, MATRIX);
    announce(service, day);
    assert_int_equal(waiting(service), 0);
    service_pass_time(DAY_MS + DAY_MS / 12);
    announce(service, day);
    assert_int_equal(waiting(service), 1);
}

static void what_was_announced_and_is_not_there_is_not_asked_for_again(void **state)
{
    struct service *service = *state;
    char day[CLOCK_TEXT_LEN];
    service_pass_time(INT64_C(20000) * DAY_MS);
    announce(service, day_from_now(0, day));
    assert_int_equal(waiting(service), 1);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    announce(service, day);
    announce(service, day_from_now(-1, day));
    assert_int_equal(waiting(service), 0);
    announce(service, day_from_now(1, day));
    assert_int_equal(waiting(service), 1);
}

static void a_row_of_a_list_asks_only_for_what_is_stale(void **state)
{
    static const char row[] = "{\"ids\":{\"tmdb\":603},\"popularity\":80.5}";
    struct service *service = *state;
    movie(service, 0, MATRIX);
    movie(service, PROVIDER_CHANGED, row);
    assert_int_equal(waiting(service), 0);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_CHANGED, row);
    assert_int_equal(waiting(service), 1);
}

static void whoever_is_whole_is_due_some_time(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE);
    assert_int_equal(record_of(service, id, "script_a").due_at_ms, 0);
    movie(service, 0, MATRIX);
    int64_t due_ms = record_of(service, id, "script_a").due_at_ms;
    assert_true(due_ms > clock_wall_ms());
    service_pass_time(1000);
    movie(service, 0, MATRIX);
    assert_true(record_of(service, id, "script_a").due_at_ms > due_ms);
    /* The second sighting is a day later, and a tombstone is left alone. */
    movie(service, PROVIDER_GONE, MATRIX_ID);
    due_ms = record_of(service, id, "script_a").due_at_ms;
    assert_in_range(due_ms - clock_wall_ms(), DAY_MS - 60000, DAY_MS);
    service_pass_time(DAY_MS);
    movie(service, PROVIDER_GONE, MATRIX_ID);
    assert_int_equal(record_of(service, id, "script_a").due_at_ms, 0);
}

static void a_changed_document_gets_the_next_number_and_keeps_when_it_was_added(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    struct item_header first = header_of(service, id);
    service_pass_time(1000);
    movie(service, 0, "{\"ids\":{\"tmdb\":603},\"title\":\"Matrix, The\"}");
    struct item_header second = header_of(service, id);
    struct change change;
    assert_int_equal(second.revision, first.revision + 1);
    assert_int_equal(second.added_at_ms, first.added_at_ms);
    assert_true(second.updated_at_ms > first.updated_at_ms);
    assert_int_equal(changes_get(service->store, second.revision, &change, NULL), 0);
    assert_int_equal(change.what, CHANGE_UPDATED);
    assert_int_equal(changes_get(service->store, first.revision, &change, NULL),
                     PROVIDER_ENOTFOUND);
}

static void the_same_id_of_a_show_is_another_item(void **state)
{
    struct service *service = *state;
    uint32_t id = movie(service, 0, MATRIX);
    uint32_t show = service_take(service, "script_a", PROVIDER_TVSHOW, 0,
                                 "{\"ids\":{\"tmdb\":603},\"title\":\"A show\"}");
    assert_int_not_equal(show, id);
    assert_int_equal(header_of(service, show).kind, PROVIDER_TVSHOW);
}

/* --- Changed and gone */

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

/* --- Identity */

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

#define ONE "{\"ids\":{\"tmdb\":603},\"title\":\"The Matrix\"}"
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

/* --- Batches */

static void a_batch_is_committed_with_its_cursor(void **state)
{
    struct service *service = *state;
    struct intake_document documents[3] = { 0 };
    CLEANUP(text_done) struct text cursor = TEXT_INIT(1000);
    for (int i = 0; i < 3; i++) {
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"T%d\"}", i / 2 + 1, i);
        documents[i].kind = PROVIDER_MOVIE;
        assert_int_equal(
            document_read(PROVIDER_MOVIE, 0, json, strlen(json), &documents[i].document, NULL), 0);
    }
    assert_int_equal(
        catalog_take(service->catalog, "script_a", documents, 3, "sync/movies", "page 2", NULL), 0);
    assert_int_equal(documents[0].item_id, documents[1].item_id);
    assert_int_not_equal(documents[0].item_id, documents[2].item_id);
    assert_title(service, documents[0].item_id, "T1");
    assert_int_equal(state_get(service->store, "sync/movies", "script_a", &cursor, NULL), 0);
    assert_string_equal(cursor.bytes, "page 2");
    for (int i = 0; i < 3; i++)
        json_decref(documents[i].document);
}

static void a_restricted_catalogue_passes_over_titles_nobody_knows(void **state)
{
    struct service *service = *state;
    service->conf.catalogue_scope = "popular";
    assert_int_equal(service_take(service, "script_a", PROVIDER_TITLE, 0, MATRIX_TITLE), 0);
    assert_int_equal(movie(service, PROVIDER_CHANGED, MATRIX_ID), 0);
    assert_int_equal(service_find(service, "tmdb:603"), 0);
    uint32_t id = movie(service, PROVIDER_CHANGED, "{\"ids\":{\"tmdb\":603},\"popularity\":60}");
    assert_int_not_equal(id, 0);
    assert_int_equal(waiting(service), 1);
}

static void the_order_of_providers_decides_each_field(void **state)
{
    struct service *service = *state;
    uint32_t id = service_take(service, "script_b", PROVIDER_MOVIE, 0,
                               "{\"ids\":{\"tmdb\":603},\"title\":\"B\",\"runtime\":99}");
    movie(service, 0, ONE);
    assert_title(service, id, "The Matrix");
    json_auto_t *card = card_of(service, id);
    assert_int_equal(js_int(card, "runtime", 0), 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_title_becomes_an_item_that_waits_to_be_fetched),
        SERVED(a_whole_document_replaces_the_title_and_ends_the_wait),
        SERVED(a_partial_document_never_beats_a_whole_one),
        SERVED(partial_documents_add_up),
        SERVED(a_whole_document_drops_what_it_no_longer_says),
        SERVED(an_unchanged_document_gets_no_change_number),
        SERVED(who_says_the_same_again_keeps_it_fresh),
        SERVED(of_two_records_the_older_says_how_fresh_it_is),
        SERVED(a_title_is_never_fresh_and_a_tombstone_always),
        SERVED(a_change_of_a_day_that_was_over_when_it_was_fetched_is_known),
        SERVED(a_change_of_today_is_fetched_once_today),
        SERVED(what_was_announced_and_is_not_there_is_not_asked_for_again),
        SERVED(a_row_of_a_list_asks_only_for_what_is_stale),
        SERVED(whoever_is_whole_is_due_some_time),
        SERVED(a_changed_document_gets_the_next_number_and_keeps_when_it_was_added),
        SERVED(the_same_id_of_a_show_is_another_item),
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
        SERVED(two_providers_meet_in_one_item_by_a_common_id),
        SERVED(ids_that_tie_two_items_make_them_one),
        SERVED(a_document_that_only_ties_settles_the_item_too),
        SERVED(a_whole_record_survives_a_newer_partial_one),
        SERVED(a_waiting_fetch_moves_with_its_record),
        SERVED(three_items_become_one_and_chains_of_redirects_hold),
        SERVED(a_corrected_id_lets_go_of_what_it_never_was),
        SERVED(an_id_that_another_provider_says_too_stays),
        SERVED(slugs_and_homepages_tie_nobody),
        SERVED(a_batch_is_committed_with_its_cursor),
        SERVED(a_restricted_catalogue_passes_over_titles_nobody_knows),
        SERVED(the_order_of_providers_decides_each_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
