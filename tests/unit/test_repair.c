/* SPDX-License-Identifier: MIT
 *
 * Each layer damaged on purpose: the proof names it, the repair heals it, and then the proof is
 * clean. */
#include "../test.h"

#include "service_stage.h"

#include <string.h>

#include "service/identity.h"
#include "service/prove.h"
#include "service/rederive.h"
#include "service/repair.h"
#include "store/bytes.h"
#include "store/changes.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/lists.h"
#include "store/maintenance.h"
#include "store/seasons.h"
#include "store/state.h"

#include "../findings.h"

#define FILM "{\"ids\":{\"tmdb\":1,\"imdb\":\"tt0000001\"},\"title\":\"One\"}"
#define OTHER "{\"ids\":{\"tmdb\":2},\"title\":\"Two\"}"
#define SHOW "{\"ids\":{\"tmdb\":3},\"title\":\"Three\"}"
#define SEASON                                                                                     \
    "{\"ids\":{\"tmdb\":31},\"show\":{\"ids\":{\"tmdb\":3}},\"season_number\":1,\"name\":\"S\","   \
    "\"episodes\":[{\"episode_number\":1,\"name\":\"E\",\"air_date\":\"2020-01-02\"}]}"
#define WAITING "{\"ids\":{\"tmdb\":4},\"kind\":\"movie\",\"title\":\"Four\",\"popularity\":2}"

/* Items 1 and 2 are films, 3 is a show with a season, 4 waits to be fetched, 5 is a list of 1 and
 * 2. */
enum { FILM_ID = 1, OTHER_ID, SHOW_ID, WAITING_ID, LIST_ID };

static int make_list(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    struct list_row row = { .kind = LIST_SYNCED,
                            .visibility = LIST_PUBLIC,
                            .provider = "script_a",
                            .source = "popular",
                            .created_at_ms = 1 };
    const struct list_item items[] = { { FILM_ID, PROVIDER_MOVIE, 1, "a note" },
                                       { OTHER_ID, PROVIDER_MOVIE, 1, NULL } };
    bool changed;
    int result = list_rows_txn_new_id(txn, &row.id, err);
    if (!result)
        result = list_items_txn_replace(txn, row.id, items, 2, 1, &changed, err);
    if (!result)
        result = list_rows_txn_change(txn, &row, 1, err);
    row.n_items = 2;
    return result ? result : list_rows_txn_put(txn, &row, "{}", 2, err);
}

static int begin(void **state)
{
    if (service_begin(state))
        return -1;
    struct service *service = *state;
    assert_int_equal(service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM), FILM_ID);
    assert_int_equal(service_take(service, "script_a", PROVIDER_MOVIE, 0, OTHER), OTHER_ID);
    assert_int_equal(service_take(service, "script_a", PROVIDER_TVSHOW, 0, SHOW), SHOW_ID);
    service_take(service, "script_a", PROVIDER_SEASON, 0, SEASON);
    assert_int_equal(service_take(service, "script_a", PROVIDER_TITLE, 0, WAITING), WAITING_ID);
    assert_int_equal(store_write(service->store, make_list, NULL, NULL), 0);
    return 0;
}

static uint64_t prove_with(struct service *service, const struct derive_policy *policy,
                           struct findings *findings)
{
    struct prove prove = { .policy = policy };
    struct maintenance_checks checks = { .report = note_finding,
                                         .context = findings,
                                         .rederive = prove_item,
                                         .rederive_context = &prove,
                                         .prove_id = prove_id };
    struct error err = { 0 };
    uint64_t n = 0, n_index = 0;
    findings->text[0] = '\0';
    if (maintenance_verify_tables(service->store, &checks, &n, &err) ||
        prove_index(service->store, note_finding, findings, &n_index, &err))
        fail_msg("%s", err.text);
    return n + n_index;
}

static void heal(struct service *service, const char *why)
{
    struct findings findings;
    struct error err = { 0 };
    if (repair_store(service->store, &service->policy, &err))
        fail_msg("%s: %s", why, err.text);
    if (prove_with(service, &service->policy, &findings))
        fail_msg("%s is not healed: %s", why, findings.text);
}

/* --- The damages */

static const uint8_t film_key[] = { 0, 0, 0, FILM_ID }, show_key[] = { 0, 0, 0, SHOW_ID };

static int drop_card(struct store_txn *txn, struct error *err)
{
    return store_txn_delete(txn, STORE_CARDS, film_key, 4, err);
}

static int drop_item(struct store_txn *txn, struct error *err)
{
    return store_txn_delete(txn, STORE_ITEMS, film_key, 4, err);
}

static int drop_item_and_card(struct store_txn *txn, struct error *err)
{
    return items_txn_delete(txn, SHOW_ID, err);
}

static int swap_bodies(struct store_txn *txn, struct error *err)
{
    struct item_header header, other;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    int result = items_txn_get(txn, FILM_ID, &header, &body, err);
    if (!result)
        result = items_txn_get(txn, SHOW_ID, &other, &body, err);
    /* The card is lost with it, which other rows of this table are about. */
    return result ? result : items_txn_put(txn, &header, &body, &body, err);
}

static int swap_items(struct store_txn *txn, struct error *err)
{
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    int result = store_txn_get(txn, STORE_ITEMS, show_key, 4, &body, err);
    return result ? result
                  : store_txn_put(txn, STORE_ITEMS, film_key, 4, body.bytes, body.len, err);
}

static int swap_cards(struct store_txn *txn, struct error *err)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(DERIVE_MAX_LEN);
    int result = store_txn_get(txn, STORE_CARDS, show_key, 4, &card, err);
    return result ? result
                  : store_txn_put(txn, STORE_CARDS, film_key, 4, card.bytes, card.len, err);
}

/* A record that changed behind the item's back. */
static int change_record(struct store_txn *txn, struct error *err)
{
    static const char json[] = "{\"ids\":{\"tmdb\":1,\"imdb\":\"tt0000001\"},\"title\":\"New\"}";
    const struct record_header header = { .item_id = FILM_ID,
                                          .provider = "script_a",
                                          .fetched_at_ms = 5 };
    return records_txn_put(txn, &header, json, sizeof json - 1, err);
}

static int drop_records(struct store_txn *txn, struct error *err)
{
    return records_txn_delete(txn, OTHER_ID, "script_a", err);
}

static int drop_head(struct store_txn *txn, struct error *err)
{
    return heads_txn_delete(txn, FILM_ID, "script_a", err);
}

static int stray_head(struct store_txn *txn, struct error *err)
{
    return heads_txn_put(txn, &(struct record_header){ .item_id = FILM_ID, .provider = "nobody" },
                         err);
}

static int orphan_id(struct store_txn *txn, struct error *err)
{
    return external_ids_txn_put(txn, PROVIDER_MOVIE, "tmdb:77", FILM_ID, err);
}

static int id_of_nobody(struct store_txn *txn, struct error *err)
{
    return external_ids_txn_put(txn, PROVIDER_MOVIE, "tmdb:78", 999, err);
}

static int stolen_id(struct store_txn *txn, struct error *err)
{
    return external_ids_txn_put(txn, PROVIDER_MOVIE, "imdb:tt0000001", OTHER_ID, err);
}

static int lost_id(struct store_txn *txn, struct error *err)
{
    return external_ids_txn_delete(txn, PROVIDER_MOVIE, "imdb:tt0000001", err);
}

static int stray_fetch(struct store_txn *txn, struct error *err)
{
    return fetches_txn_put(txn, 77, FILM_ID, "script_a", err);
}

static int lost_fetch(struct store_txn *txn, struct error *err)
{
    struct record_header head;
    int result = heads_txn_get(txn, WAITING_ID, "script_a", &head, err);
    if (!result)
        assert_int_not_equal(head.fetch_priority, 0);
    return result ? result
                  : fetches_txn_delete(txn, head.fetch_priority, WAITING_ID, "script_a", err);
}

static int wrong_redirect(struct store_txn *txn, struct error *err)
{
    return redirects_txn_put(txn, 500, 100000, err);
}

static int redirect_of_the_living(struct store_txn *txn, struct error *err)
{
    return redirects_txn_put(txn, FILM_ID, OTHER_ID, err);
}

static int wrong_change(struct store_txn *txn, struct error *err)
{
    struct change change = { .item_id = FILM_ID, .kind = PROVIDER_MOVIE, .what = CHANGE_UPDATED };
    uint64_t revision;
    return changes_txn_add(txn, &change, 0, &revision, err);
}

static int lost_change(struct store_txn *txn, struct error *err)
{
    struct item_header header;
    uint8_t key[8];
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    int result = items_txn_get(txn, FILM_ID, &header, &body, err);
    bytes_put_be(key, header.revision, 8);
    return result ? result : store_txn_delete(txn, STORE_CHANGES, key, 8, err);
}

static int lost_season(struct store_txn *txn, struct error *err)
{
    return seasons_txn_delete(txn, SHOW_ID, 1, err);
}

static int broken_season(struct store_txn *txn, struct error *err)
{
    static const uint8_t key[] = { 0, 0, 0, SHOW_ID, 0, 0, 0, 1 };
    return store_txn_put(txn, STORE_SEASONS, key, 8, "\1junk", 5, err);
}

static int season_of_nobody(struct store_txn *txn, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(DERIVE_MAX_LEN);
    int result = seasons_txn_get(txn, SHOW_ID, 1, &packed, err);
    return result ? result : seasons_txn_put(txn, SHOW_ID, 9, &packed, err);
}

static int stray_airing(struct store_txn *txn, struct error *err)
{
    static const uint8_t key[16] = { 0x80, 0, 1, 1, 0, 0, 0, SHOW_ID, 0, 0, 0, 1, 0, 0, 0, 2 };
    return store_txn_put(txn, STORE_AIRINGS, key, 16, "\1", 1, err);
}

static const uint8_t film_on_list[] = { 0, 0, 0, FILM_ID, 0, 0, 0, LIST_ID };

static int lost_back_reference(struct store_txn *txn, struct error *err)
{
    return store_txn_delete(txn, STORE_ITEM_LISTS, film_on_list, 8, err);
}

static int wrong_back_reference(struct store_txn *txn, struct error *err)
{
    static const uint8_t key[] = { 0, 0, 0, SHOW_ID, 0, 0, 0, LIST_ID };
    return store_txn_put(txn, STORE_ITEM_LISTS, key, 8, "\1", 1, err);
}

static int gap_in_list(struct store_txn *txn, struct error *err)
{
    static const uint8_t key[] = { 0, 0, 0, LIST_ID, 0, 0, 0, 1 };
    return store_txn_delete(txn, STORE_LIST_ITEMS, key, 8, err);
}

static int lost_list(struct store_txn *txn, struct error *err)
{
    static const uint8_t key[] = { 0, 0, 0, LIST_ID };
    return store_txn_delete(txn, STORE_LISTS, key, 4, err);
}

static int wrong_count(struct store_txn *txn, struct error *err)
{
    struct list_row row;
    CLEANUP(text_done) struct text about = TEXT_INIT(LIST_ABOUT_MAX_LEN);
    int result = list_rows_txn_get(txn, LIST_ID, &row, &about, err);
    row.n_items = 99;
    return result ? result : list_rows_txn_put(txn, &row, about.bytes, about.len, err);
}

static int nobody_on_list(struct store_txn *txn, struct error *err)
{
    const struct list_item items[] = { { FILM_ID, PROVIDER_MOVIE, 1, "a note" },
                                       { 999, PROVIDER_MOVIE, 1, NULL } };
    bool changed;
    return list_items_txn_replace(txn, LIST_ID, items, 2, 1, &changed, err);
}

static int lost_source(struct store_txn *txn, struct error *err)
{
    return external_ids_txn_put(txn, PROVIDER_LIST, "script_a:other", LIST_ID, err);
}

/* Cut off, as by a disk that lost a sector. */
static int broken_record(struct store_txn *txn, struct error *err)
{
    struct record_header header;
    CLEANUP(text_done) struct text json = TEXT_INIT(DERIVE_MAX_LEN);
    int result = records_txn_get(txn, FILM_ID, "script_a", &header, &json, err);
    return result ? result : records_txn_put(txn, &header, json.bytes, json.len / 2, err);
}

static int broken_season_record(struct store_txn *txn, struct error *err)
{
    const struct season_record record = { .show = SHOW_ID, .season = 1, .provider = "script_a" };
    return season_records_txn_put(txn, &record, "\0\0{}", 4, err);
}

static const struct {
    const char *name;
    int (*spoil)(struct store_txn *txn, struct error *err);
    const char *said;
} damages[] = {
    { "a card that is gone", drop_card, "item 1 has no card" },
    { "an item that is gone", drop_item, "a card belongs to item 1, which does not exist" },
    { "an item and its card that are gone", drop_item_and_card,
      "a record of 'script_a' belongs to item 3, which does not exist" },
    { "the body of another item", swap_bodies,
      "item 1: its whole form is not what its records imply: id, kind" },
    { "another item in its place", swap_items, "which is the change of item 3" },
    { "the card of another item", swap_cards,
      "item 1: its card is not what its records imply: id, kind" },
    { "a stale item", change_record,
      "item 1: its whole form is not what its records imply: title" },
    { "an item without a record", drop_records, "item 2 has no record of any provider" },
    { "a record without a head", drop_head, "the record of 'script_a' of item 1 has no head" },
    { "a head without a record", stray_head, "the head of a record of 'nobody'" },
    { "an orphan id", orphan_id,
      "the external id 'tmdb:77' belongs to item 1, none of whose records says it" },
    { "an id of nobody", id_of_nobody,
      "the external id 'tmdb:78' belongs to item 999, which does not exist" },
    { "an id in wrong hands", stolen_id,
      "the external id 'imdb:tt0000001' belongs to item 2, none of whose records says it" },
    { "an id that is gone", lost_id,
      "item 1: nobody finds it by its external id 'imdb:tt0000001'" },
    { "a fetch nobody waits for", stray_fetch, "waits that its record does not know" },
    { "a fetch that is gone", lost_fetch, "item 4 says that a fetch waits, but none does" },
    { "a redirect to nowhere", wrong_redirect, "merged into 100000, which does not exist" },
    { "a redirect of the living", redirect_of_the_living,
      "item 1 was merged into 2 and still exists" },
    { "a change too many", wrong_change, "belongs to item 1, which was last changed by" },
    { "a change that is gone", lost_change, "which is not in the change feed" },
    { "a season that is gone", lost_season, "show 3 has a record of season 1 and no such season" },
    { "a season that cannot be read", broken_season, "season 1 of show 3 is unreadable" },
    { "a season of nobody", season_of_nobody, "season 9 of show 3 has no record" },
    { "a day of the calendar too many", stray_airing, "the calendar is not what the seasons say" },
    { "a back-reference that is gone", lost_back_reference,
      "item 1 does not know that it is on list 5" },
    { "a wrong back-reference", wrong_back_reference,
      "item 3 says that it is on list 5, and is not" },
    { "a gap in a list", gap_in_list, "list 5 has nothing at position 1" },
    { "a list that miscounts", wrong_count, "list 5 says 99 items and has 2" },
    { "nobody on a list", nobody_on_list, "list 5 has item 999, which does not exist" },
    { "a source that leads elsewhere", lost_source,
      "the source 'script_a:other' belongs to list 5, which is not its" },
    { "a record that is no JSON", broken_record, "the record of 'script_a' on item 1: JSON line" },
    { "a season's record that is no JSON", broken_season_record,
      "the record of 'script_a' of season 1 of show 3: JSON line" },
    { "a list that is gone", lost_list, "there are items of list 5, which does not exist" },
};

static int spoil(struct store_txn *txn, void *context, struct error *err)
{
    return damages[*(size_t *)context].spoil(txn, err);
}

static void every_damage_is_named_and_healed(void **state)
{
    struct service *service = *state;
    struct findings findings;
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        if (i) { /* each over a sound store of its own */
            service_end(state);
            assert_int_equal(begin(state), 0);
            service = *state;
        }
        assert_int_equal(prove_with(service, &service->policy, &findings), 0);
        assert_int_equal(store_write(service->store, spoil, &i, NULL), 0);
        uint64_t n = prove_with(service, &service->policy, &findings);
        if (!n || !strstr(findings.text, damages[i].said))
            fail_msg("%s: expected '%s' in: %s", damages[i].name, damages[i].said, findings.text);
        heal(service, damages[i].name);
    }
}

/* What was shown still is, under the same number, and the provider is asked again. */
static void who_cannot_be_read_keeps_number_ids_and_title(void **state)
{
    struct service *service = *state;
    struct record_header head = { 0 };
    size_t at = 0;
    while (damages[at].spoil != broken_record)
        at++;
    assert_int_equal(store_write(service->store, spoil, &at, NULL), 0);
    heal(service, damages[at].name);
    assert_int_equal(service_find(service, "tmdb:1"), FILM_ID);
    assert_int_equal(service_find(service, "imdb:tt0000001"), FILM_ID);
    assert_int_equal(heads_get(service->store, FILM_ID, "script_a", &head, NULL), 0);
    assert_true(head.flags & RECORD_PARTIAL);
    assert_true(fetch_class_of(head.fetch_priority) == FETCH_CHANGED);
    assert_int_equal(service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM), FILM_ID);
    assert_int_equal(heads_get(service->store, FILM_ID, "script_a", &head, NULL), 0);
    assert_int_equal(head.flags, 0);
    assert_int_equal(head.fetch_priority, 0);
}

static void what_is_sound_is_left_as_it_is(void **state)
{
    struct service *service = *state;
    uint64_t revision = store_revision(service->store);
    heal(service, "nothing");
    assert_int_equal(store_revision(service->store), revision);
}

static void a_repair_keeps_what_an_item_is_called_by(void **state)
{
    struct service *service = *state;
    size_t drop = 1;
    assert_string_equal(damages[drop].name, "an item that is gone");
    assert_int_equal(store_write(service->store, spoil, &drop, NULL), 0);
    heal(service, "the item");
    assert_int_equal(service_find(service, "tmdb:1"), FILM_ID);
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    assert_int_equal(items_get(service->store, FILM_ID, &header, &body, NULL), 0);
    assert_int_equal(header.kind, PROVIDER_MOVIE);
}

static int see_order(uint32_t list UNUSED, uint32_t position, const struct list_item *item,
                     void *context)
{
    assert_int_equal(item->item_id, position == 1 ? FILM_ID : OTHER_ID);
    assert_string_equal(item->note ? item->note : "", position == 1 ? "a note" : "");
    ++*(unsigned *)context;
    return 0;
}

static void a_repaired_list_keeps_its_order_and_notes(void **state)
{
    struct service *service = *state;
    size_t lost = 24;
    unsigned n = 0;
    assert_string_equal(damages[lost].name, "a back-reference that is gone");
    assert_int_equal(store_write(service->store, spoil, &lost, NULL), 0);
    heal(service, "the list");
    assert_int_equal(list_items_walk(service->store, LIST_ID, 1, see_order, &n, NULL), 0);
    assert_int_equal(n, 2);
}

static void other_orders_are_one_finding_and_a_repair_goes_by_them(void **state)
{
    static const char *const b_first[] = { "script_b", "script_a" };
    struct service *service = *state;
    struct findings findings;
    struct derive_policy other = service->policy;
    service_take(service, "script_b", PROVIDER_MOVIE, 0, "{\"ids\":{\"tmdb\":1},\"title\":\"B\"}");
    assert_int_equal(rederive_mark(service->store, &service->policy, NULL), 0);
    other.merge.precedence = b_first;
    assert_int_equal(prove_with(service, &other, &findings), 1);
    assert_non_null(strstr(findings.text, "under another order of providers"));
    assert_int_equal(repair_store(service->store, &other, NULL), 0);
    assert_int_equal(prove_with(service, &other, &findings), 0);
    assert_int_equal(prove_with(service, &service->policy, &findings), 1);
    heal(service, "the orders");
}

int main(void)
{
#define DAMAGED(test) cmocka_unit_test_setup_teardown(test, begin, service_end)
    const struct CMUnitTest tests[] = {
        DAMAGED(every_damage_is_named_and_healed),
        DAMAGED(who_cannot_be_read_keeps_number_ids_and_title),
        DAMAGED(what_is_sound_is_left_as_it_is),
        DAMAGED(a_repair_keeps_what_an_item_is_called_by),
        DAMAGED(a_repaired_list_keeps_its_order_and_notes),
        DAMAGED(other_orders_are_one_finding_and_a_repair_goes_by_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
