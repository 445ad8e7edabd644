/* SPDX-License-Identifier: MIT
 *
 * Reading lists, and filtering by them. */
#include "lists_stage.h"

#include <jansson.h>

#include "base/clock.h"
#include "service/lists.h"

static void unknown_lists_are_not_found(void **state)
{
    struct service *service = *state;
    static const char *const texts[] = { "1", "0", "-1", "x", "", "tmdb:28", "99999999999" };
    struct list_row row;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_int_equal(lists_find(service->catalog, texts[i], "rita", &row, NULL),
                         PROVIDER_ENOTFOUND);
    CLEANUP(mem_free) char *film = mem_format("%u", service_find(service, "tmdb:1"));
    assert_int_equal(lists_find(service->catalog, film, "rita", &row, NULL), PROVIDER_ENOTFOUND);
}

static int put_private(struct store_txn *txn, void *context, struct error *err)
{
    struct list_row row = { .kind = LIST_MANUAL, .visibility = LIST_PRIVATE, .owner = "rita" };
    int failed = list_rows_txn_new_id(txn, &row.id, err);
    *(uint32_t *)context = row.id;
    return failed ? failed : list_rows_txn_put(txn, &row, "{\"name\":\"Mine\"}", 15, err);
}

static uint64_t count_lists(struct service *service, enum lists_scope scope, const char *user)
{
    CLEANUP(text_done) struct text rows = TEXT_INIT(100000);
    uint64_t total = 0;
    assert_int_equal(lists_page(service->catalog, scope, user, 1, 20, &rows, &total, NULL), 0);
    json_auto_t *list = json_loads(rows.bytes, 0, NULL);
    assert_int_equal(json_array_size(list), total);
    return total;
}

static void a_private_list_is_its_owners_alone(void **state)
{
    struct service *service = *state;
    uint32_t id;
    struct list_row row;
    read_list(service, LIST(""));
    assert_int_equal(store_write(service->store, put_private, &id, NULL), 0);
    CLEANUP(mem_free) char *text = mem_format("%u", id);
    assert_int_equal(lists_find(service->catalog, text, "rita", &row, NULL), 0);
    assert_int_equal(lists_find(service->catalog, text, "ada", &row, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(lists_find(service->catalog, text, "", &row, NULL), PROVIDER_ENOTFOUND);
    assert_int_equal(count_lists(service, LISTS_ALL, "rita"), 2);
    assert_int_equal(count_lists(service, LISTS_MINE, "rita"), 1);
    assert_int_equal(count_lists(service, LISTS_PUBLIC, "rita"), 1);
    assert_int_equal(count_lists(service, LISTS_ALL, ""), 1);
    assert_int_equal(count_lists(service, LISTS_MINE, ""), 0);
}

static void filters_and_sorts_work_on_a_list(void **state)
{
    struct service *service = *state;
    answer_films(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":4},\"title\":\"Film 4\",\"release_date\":\"1955-01-01\"}");
    read_list(service, LIST(ITEM(2) "," ITEM(1) "," ITEM(3)));
    assert_items(service, &(struct filter){ .year_min = 1950, .year_max = 1960 }, "2@1 3@3");
    assert_items(service, &(struct filter){ .kind = PROVIDER_TVSHOW }, "");
    assert_items(service, &(struct filter){ .kind = PROVIDER_MOVIE }, "2@1 1@2 3@3");
    assert_items(service, &(struct filter){ .sort = FILTER_SORT_POPULARITY }, "3@3 2@1 1@2");
    assert_items(service,
                 &(struct filter){ .sort = FILTER_SORT_RELEASE_DATE,
                                   .ascending = true,
                                   .order_given = true,
                                   .year_max = 1955 },
                 "1@2 2@1");
}

static void an_order_without_a_sort_is_refused_on_a_list(void **state)
{
    struct service *service = *state;
    static const struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    CLEANUP(catalog_page_done) struct catalog_page found = { 0 };
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    struct filter filter = { .list = the_list(service).id, .order_given = true };
    assert_int_equal(lists_items(service->catalog, &filter, &wish, 1, 10, &found, NULL),
                     PROVIDER_EINVAL);
}

static void a_page_behind_the_end_is_empty(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1) "," ITEM(2)));
    struct filter filter = { .list = the_list(service).id };
    uint64_t total;
    json_auto_t *none = items_with(service, &filter, 2, 2, &total);
    assert_int_equal(json_array_size(none), 0);
    assert_int_equal(total, 2);
    json_auto_t *far = items_with(service, &filter, 2000000000, 100, &total);
    assert_int_equal(json_array_size(far), 0);
}

static void the_catalogue_and_searches_narrow_to_a_list(void **state)
{
    struct service *service = *state;
    static const struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    answer_films(service);
    service_take(service, "script_a", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":4},\"title\":\"Film 4\"}");
    read_list(service, LIST(ITEM(2) "," ITEM(3)));
    index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000);
    struct filter filter = { .kind = PROVIDER_MOVIE, .list = the_list(service).id };
    CLEANUP(index_page_done) struct index_page found = { 0 };
    assert_int_equal(index_query(service->index, "film", &filter, 0, 10, &found, NULL), 0);
    assert_int_equal(found.total, 2);
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    assert_int_equal(catalog_list(service->catalog, &filter, &wish, 1, 10, &page, NULL), 0);
    assert_int_equal(page.total, 2);
    /* What is kept of a list does not outlive a change of it. */
    read_list(service, LIST(ITEM(3)));
    CLEANUP(index_page_done) struct index_page later = { 0 };
    assert_int_equal(index_query(service->index, NULL, &filter, 0, 10, &later, NULL), 0);
    assert_int_equal(later.total, 1);
    assert_int_equal(later.hits[0].id, service_find(service, "tmdb:3"));
    filter.list = 4000000;
    CLEANUP(index_page_done) struct index_page none = { 0 };
    assert_int_equal(index_query(service->index, "film", &filter, 0, 10, &none, NULL), 0);
    assert_int_equal(none.total, 0);
    assert_int_equal(
        index_judge(service->index, service_find(service, "tmdb:3"), NULL, false, &filter),
        INDEX_NEITHER);
}

static void a_deleted_list_is_gone_and_its_items_stay(void **state)
{
    struct service *service = *state;
    struct list_row row;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    assert_int_equal(lists_delete(service->catalog, the_list(service).id, NULL), 0);
    assert_int_equal(lists_find(service->catalog, "script_a:28", "", &row, NULL),
                     PROVIDER_ENOTFOUND);
    assert_int_not_equal(service_find(service, "tmdb:1"), 0);
    assert_int_equal(lists_delete(service->catalog, 999, NULL), PROVIDER_ENOTFOUND);
}

static const struct CMUnitTest tests[] = {
    SERVED(unknown_lists_are_not_found),
    SERVED(a_private_list_is_its_owners_alone),
    SERVED(filters_and_sorts_work_on_a_list),
    SERVED(an_order_without_a_sort_is_refused_on_a_list),
    SERVED(a_page_behind_the_end_is_empty),
    SERVED(the_catalogue_and_searches_narrow_to_a_list),
    SERVED(a_deleted_list_is_gone_and_its_items_stay),
};

const struct test_part lists_reading_part = TEST_PART(tests);
