/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/rederive.h"
#include "store/changes.h"
#include "store/seasons.h"
#include "store/state.h"

enum { MANY = 150 };

static const char *const b_first[] = { "script_b", "script_a" };

/* From now on script_b counts more than script_a. */
static void prefer_b(struct service *service)
{
    service->conf.precedence.values = (const char **)(uintptr_t)b_first;
    catalog_set_policy(service->catalog, &service->conf);
    derive_policy_init(&service->policy, &service->conf);
}

/* Two providers know it, and say what each is called. */
static uint32_t take_film(struct service *service, int number)
{
    CLEANUP(mem_free)
    char *a = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"A %d\",\"original_language\":\"en\","
                         "\"runtime\":100}",
                         number, number);
    CLEANUP(mem_free)
    char *b = mem_format("{\"ids\":{\"tmdb\":%d},\"title\":\"B %d\",\"original_language\":\"en\"}",
                         number, number);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, a);
    return service_take(service, "script_b", PROVIDER_MOVIE, 0, b);
}

static void expect_title(struct service *service, uint32_t kind, uint32_t id, const char *title)
{
    const struct language_wish english = { .tags = { "en" }, .n_tags = 1 };
    CLEANUP(mem_free) char *id_text = mem_format("%u", id);
    struct catalog_ask ask = {
        .kind = kind, .id_text = id_text, .wish = &english, .deadline_ms = clock_steady_ms() + 10000
    };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    assert_int_equal(catalog_item(service->catalog, &ask, &item, NULL), 0);
    json_auto_t *shown = json_loadb(item.json.bytes, item.json.len, 0, NULL);
    assert_string_equal(js_string(shown, "title"), title);
}

/* The only job of this kind that there is, once it has ended; NULL: there is none. */
static json_t *derived(struct service *service)
{
    CLEANUP(text_done) struct text list = TEXT_INIT(1 << 20);
    uint64_t total;
    assert_int_equal(jobs_list(service->jobs, NULL, 1, 100, &list, &total, NULL), 0);
    json_auto_t *rows = json_loadb(list.bytes, list.len, 0, NULL);
    if (!total)
        return NULL;
    const json_t *newest = json_array_get(rows, 0);
    assert_string_equal(js_string(newest, "kind"), REDERIVE_JOB);
    return service_wait_job(service, (uint32_t)js_int(newest, "id", 0));
}

static void start(struct service *service)
{
    struct error err = { 0 };
    if (rederive_start(service->catalog, service->jobs, &err))
        fail_msg("%s", err.text);
}

static void expect_done(struct service *service, int64_t n)
{
    json_auto_t *job = derived(service);
    assert_non_null(job);
    assert_string_equal(js_string(job, "state"), "done");
    assert_int_equal(js_int(job, "done", -1), n);
}

static void another_order_makes_other_items(void **state)
{
    struct service *service = *state;
    start(service);
    uint32_t id = take_film(service, 1);
    expect_title(service, PROVIDER_MOVIE, id, "A 1");
    prefer_b(service);
    start(service);
    expect_done(service, 1);
    expect_title(service, PROVIDER_MOVIE, id, "B 1");
}

static void an_order_that_is_the_same_starts_nothing(void **state)
{
    struct service *service = *state;
    start(service);
    take_film(service, 1);
    start(service);
    assert_null(derived(service));
    prefer_b(service);
    start(service);
    expect_done(service, 1);
    uint64_t revision = store_revision(service->store);
    start(service);
    expect_done(service, 1);
    assert_int_equal(store_revision(service->store), revision);
}

static void an_empty_store_needs_no_job(void **state)
{
    struct service *service = *state;
    start(service);
    assert_null(derived(service));
    prefer_b(service);
    start(service);
    assert_null(derived(service));
}

static void only_what_differs_is_a_change(void **state)
{
    struct service *service = *state;
    start(service);
    take_film(service, 1);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":2},\"title\":\"Alone\"}");
    uint64_t revision = store_revision(service->store);
    prefer_b(service);
    start(service);
    expect_done(service, 2);
    assert_int_equal(store_revision(service->store), revision + 1);
}

static void a_pass_that_was_cut_off_goes_on_where_it_was(void **state)
{
    struct service *service = *state;
    start(service);
    uint32_t first = take_film(service, 1), second = take_film(service, 2);
    prefer_b(service);
    char fingerprint[DERIVE_FINGERPRINT_LEN];
    derive_fingerprint(&service->policy, fingerprint);
    CLEANUP(mem_free) char *cursor = mem_format("%s %u", fingerprint, first);
    assert_int_equal(state_put(service->store, "derive", "cursor", cursor, NULL), 0);
    start(service);
    expect_done(service, 1);
    expect_title(service, PROVIDER_MOVIE, first, "A 1");
    expect_title(service, PROVIDER_MOVIE, second, "B 2");
    /* What stands there is not what the records imply: put right before the store is proven. */
    assert_int_equal(state_put(service->store, "derive", "done", "another", NULL), 0);
    start(service);
    expect_done(service, 2);
    expect_title(service, PROVIDER_MOVIE, first, "B 1");
}

static void where_another_pass_was_means_nothing(void **state)
{
    static const char *const cursors[] = { "0123456789abcdef 999999", "999999", "", "x y" };
    struct service *service = *state;
    uint32_t id = take_film(service, 1);
    prefer_b(service);
    for (size_t i = 0; i < ARRAY_LEN(cursors); i++) {
        assert_int_equal(state_put(service->store, "derive", "done", "another", NULL), 0);
        assert_int_equal(state_put(service->store, "derive", "cursor", cursors[i], NULL), 0);
        start(service);
        expect_done(service, 1);
        expect_title(service, PROVIDER_MOVIE, id, "B 1");
    }
}

static void what_is_canceled_is_finished_at_the_next_start(void **state)
{
    struct service *service = *state;
    start(service);
    uint32_t ids[MANY];
    for (int i = 0; i < MANY; i++)
        ids[i] = take_film(service, i + 1);
    prefer_b(service);
    start(service);
    service_close(service);
    service_open(service);
    start(service);
    json_auto_t *job = derived(service);
    assert_string_equal(js_string(job, "state"), "done");
    for (int i = 0; i < MANY; i++) {
        CLEANUP(mem_free) char *title = mem_format("B %d", i + 1);
        expect_title(service, PROVIDER_MOVIE, ids[i], title);
    }
}

static void locks_and_seasons_are_derived_too(void **state)
{
    struct service *service = *state;
    start(service);
    uint32_t show = 0;
    for (int i = 0; i < 2; i++) {
        const char *provider = i ? "script_b" : "script_a";
        CLEANUP(mem_free)
        char *json = mem_format("{\"ids\":{\"tmdb\":7},\"title\":\"%s\"}", provider);
        CLEANUP(mem_free)
        char *season = mem_format("{\"ids\":{\"tmdb\":%d},\"show\":{\"ids\":{\"tmdb\":7}},"
                                  "\"season_number\":1,\"name\":\"Of %s\",\"episodes\":["
                                  "{\"episode_number\":1,\"name\":\"%s\"}]}",
                                  70 + i, provider, provider);
        show = service_take(service, provider, PROVIDER_TVSHOW, 0, json);
        service_take(service, provider, PROVIDER_SEASON, 0, season);
    }
    CLEANUP(text_done) struct text before = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text after = TEXT_INIT(DERIVE_MAX_LEN);
    assert_int_equal(seasons_get(service->store, show, 1, &before, NULL), 0);
    assert_non_null(memmem(before.bytes, before.len, "Of script_a", 11));
    prefer_b(service);
    start(service);
    expect_done(service, 1);
    assert_int_equal(seasons_get(service->store, show, 1, &after, NULL), 0);
    assert_non_null(memmem(after.bytes, after.len, "Of script_b", 11));
    expect_title(service, PROVIDER_TVSHOW, show, "script_b");
}

/* Tenths of the rating among the facts, as card_pack() once had them. */
static void pack_as_before(struct text *packed, char tenths)
{
    packed->bytes[1] = 1;
    packed->bytes[58] = tenths;
    packed->bytes[59] = 0;
}

struct row {
    struct item_header header;
    struct text body, card;
};

static void row_done(struct row *row)
{
    text_done(&row->body);
    text_done(&row->card);
}
DEFINE_CLEANUP_VALUE(struct row, row_done);

static int put_row(struct store_txn *txn, void *context, struct error *err)
{
    struct row *row = context;
    return items_txn_put(txn, &row->header, &row->body, &row->card, err);
}

static void what_an_older_program_packed_is_no_change(void **state)
{
    struct service *service = *state;
    CLEANUP(row_done)
    struct row row = { .body = TEXT_INIT(DERIVE_MAX_LEN), .card = TEXT_INIT(DERIVE_MAX_LEN) };
    start(service);
    uint32_t id = service_take(service, "script_a", PROVIDER_MOVIE, 0,
                               "{\"ids\":{\"tmdb\":2},\"title\":\"Alone\",\"rating\":8.217,"
                               "\"votes\":5}");
    assert_int_equal(items_get(service->store, id, &row.header, &row.body, NULL), 0);
    assert_int_equal(cards_get(service->store, id, &row.card, NULL), 0);
    pack_as_before(&row.body, 82);
    pack_as_before(&row.card, 82);
    row.header.content_hash = text_hash(row.body.bytes, row.body.len);
    assert_int_equal(store_write(service->store, put_row, &row, NULL), 0);
    uint64_t revision = store_revision(service->store);
    prefer_b(service);
    start(service);
    expect_done(service, 1);
    assert_int_equal(store_revision(service->store), revision);
    expect_title(service, PROVIDER_MOVIE, id, "Alone");
    /* The end of the test proves that it is what its records imply. */
}

static void every_difference_of_orders_has_a_fingerprint_of_its_own(void **state UNUSED)
{
    static const char *const ab[] = { "a", "b" }, *const ba[] = { "b", "a" };
    static const struct merge_field_order title = { "title", ba, 2 }, title_b = { "title", ba, 1 },
                                          rating = { "rating", ba, 2 };
    const struct derive_policy policies[] = {
        { .merge = { .precedence = ab, .n_precedence = 2 } },
        { .merge = { .precedence = ba, .n_precedence = 2 } },
        { .merge = { .precedence = ab, .n_precedence = 1 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .fields = &title, .n_fields = 1 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .fields = &title_b, .n_fields = 1 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .fields = &rating, .n_fields = 1 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .languages = ab, .n_languages = 2 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .languages = ba, .n_languages = 2 } },
        { .merge = { .precedence = ab, .n_precedence = 2, .languages = ab, .n_languages = 1 } },
    };
    char prints[ARRAY_LEN(policies)][DERIVE_FINGERPRINT_LEN];
    for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
        derive_fingerprint(&policies[i], prints[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(prints[i], prints[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(another_order_makes_other_items),
        SERVED(an_order_that_is_the_same_starts_nothing),
        SERVED(an_empty_store_needs_no_job),
        SERVED(only_what_differs_is_a_change),
        SERVED(a_pass_that_was_cut_off_goes_on_where_it_was),
        SERVED(where_another_pass_was_means_nothing),
        SERVED(what_is_canceled_is_finished_at_the_next_start),
        SERVED(locks_and_seasons_are_derived_too),
        SERVED(what_an_older_program_packed_is_no_change),
        cmocka_unit_test(every_difference_of_orders_has_a_fingerprint_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
