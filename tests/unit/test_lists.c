/* SPDX-License-Identifier: MIT
 *
 * Lists that a provider keeps: taking them in. */
#include "lists_stage.h"

#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "service/lists.h"

#define HOUR_MS INT64_C(3600000)
#define NOTED(n, note)                                                                             \
    "{\"ids\":{\"tmdb\":" #n "},\"kind\":\"movie\",\"title\":\"Film " #n "\",\"note\":\"" note "\"}"

static const struct lists_source best = { "script_a", "28" };

static const struct filter open_filter;

static json_t *shown(struct service *service)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(100000);
    assert_int_equal(lists_show(service->catalog, the_list(service).id, &json, NULL), 0);
    json_t *list = json_loads(json.bytes, 0, NULL);
    assert_non_null(list);
    return list;
}

static const char *source_state(struct service *service)
{
    static char state[20];
    json_auto_t *list = shown(service);
    snprintf(state, sizeof state, "%s", js_string(js_object(list, "source"), "state"));
    return state;
}

/* --- Taking in */

static void a_list_keeps_the_order_and_the_notes_of_its_source(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(3) "," NOTED(1, "first") "," ITEM(2)));
    assert_items(service, &open_filter, "3@1 1@2 2@3");
    json_auto_t *list = shown(service);
    assert_string_equal(js_string(list, "name"), "Best");
    assert_int_equal(js_int(list, "item_count", 0), 3);
    assert_string_equal(source_state(service), "ok");
    struct filter filter = { .list = the_list(service).id };
    uint64_t total;
    json_auto_t *rows = items_with(service, &filter, 2, 1, &total);
    assert_int_equal(total, 3);
    assert_string_equal(js_string(json_array_get(rows, 0), "note"), "first");
    assert_string_equal(js_string(json_array_get(rows, 0), "title"), "Film 1");
}

static void what_nobody_knew_is_named_at_once_and_fetched(void **state)
{
    struct service *service = *state;
    service_fail(service, "script_a", "/fetch/1/tmdb:1", PROVIDER_EPARSE);
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2, 1950));
    read_list(service, LIST(ITEM(1) "," ITEM(2)));
    assert_items(service, &open_filter, "1@1 2@2");
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 1);
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:2"), 1);
}

static void what_is_on_a_list_is_wanted_in_a_catalogue_of_the_popular(void **state)
{
    struct service *service = *state;
    service->conf.catalogue_scope = "popular";
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1, 1922));
    read_list(service, LIST(ITEM(1)));
    assert_int_equal(service_asked(service, "script_a", "/fetch/1/tmdb:1"), 1);
    assert_items(service, &open_filter, "1@1");
}

static void what_has_no_title_yet_shows_as_its_number(void **state)
{
    struct service *service = *state;
    service_fail(service, "script_a", "/fetch/2/tmdb:7", PROVIDER_EPARSE);
    read_list(service, LIST("{\"ids\":{\"tmdb\":7},\"kind\":\"tvshow\"}"));
    struct filter filter = { .list = the_list(service).id };
    uint64_t total;
    json_auto_t *rows = items_with(service, &filter, 1, 10, &total);
    assert_int_equal(total, 1);
    assert_string_equal(js_string(json_array_get(rows, 0), "kind"), "tvshow");
    assert_int_not_equal(js_int(json_array_get(rows, 0), "id", 0), 0);
    assert_null(js_string(json_array_get(rows, 0), "title"));
}

static void an_unchanged_list_gets_no_change_number(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(3) "," ITEM(1)));
    uint64_t revision = store_revision(service->store);
    int64_t checked = the_list(service).checked_at_ms;
    service_pass_time(HOUR_MS);
    read_list(service, LIST(ITEM(3) "," ITEM(1)));
    assert_int_equal(store_revision(service->store), revision);
    assert_true(the_list(service).checked_at_ms >= checked + HOUR_MS);
}

static void a_changed_list_is_one_change(void **state)
{
    struct service *service = *state;
    struct change change;
    answer_films(service);
    read_list(service, LIST(ITEM(1) "," ITEM(2) "," ITEM(3)));
    uint64_t revision = store_revision(service->store);
    read_list(service, LIST(ITEM(3) "," ITEM(1)));
    assert_items(service, &open_filter, "3@1 1@2");
    assert_int_equal(store_revision(service->store), revision + 1);
    assert_int_equal(changes_get(service->store, revision + 1, &change, NULL), 0);
    assert_int_equal(change.item_id, the_list(service).id);
    assert_int_equal(change.kind, PROVIDER_LIST);
    assert_int_equal(change.what, CHANGE_UPDATED);
    assert_false(item_lists_any(service->store, service_find(service, "tmdb:2")));
}

static void another_name_is_a_change_too(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    uint64_t revision = store_revision(service->store);
    read_list(service, "D 4 0 {\"ids\":{\"tmdb\":28},\"name\":\"Better\",\"description\":\"x\","
                       "\"items\":[" ITEM(1) "]}\n");
    json_auto_t *list = shown(service);
    assert_string_equal(js_string(list, "name"), "Better");
    assert_string_equal(js_string(list, "description"), "x");
    assert_int_equal(store_revision(service->store), revision + 1);
}

static void repeats_and_what_is_no_item_are_left_out(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service,
              LIST(ITEM(2) "," ITEM(1) "," ITEM(
                  2) ","
                     "{\"ids\":{\"tmdb\":5},\"kind\":\"episode\",\"season_number\":1}," ITEM(1)));
    assert_items(service, &open_filter, "2@1 1@2");
}

static void a_list_may_be_empty(void **state)
{
    struct service *service = *state;
    read_list(service, LIST(""));
    assert_items(service, &open_filter, "");
    assert_string_equal(source_state(service), "ok");
    read_list(service, "D 4 0 {\"ids\":{\"tmdb\":28},\"name\":\"Best\"}\n");
    assert_items(service, &open_filter, "");
}

static void a_refused_list_leaves_the_former_one(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    uint64_t revision = store_revision(service->store);
    service_answer(service, "script_a", "/sync/list:28/-",
                   "D 4 0 {\"ids\":{\"tmdb\":28},\"items\":[{\"kind\":\"movie\"}]}\n");
    json_auto_t *job = run_scope(service, "list:28");
    assert_non_null(job);
    assert_items(service, &open_filter, "1@1");
    assert_int_equal(store_revision(service->store), revision);
}

static void items_that_turn_out_to_be_one_stand_once(void **state)
{
    struct service *service = *state;
    service_answer(service, "script_a", "/fetch/1/tmdb:1",
                   "D 1 0 {\"ids\":{\"tmdb\":1,\"imdb\":\"tt0000001\"},\"title\":\"One\"}\n");
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2, 1950));
    read_list(service, LIST(ITEM(1) "," ITEM(2)));
    service_take(service, "script_b", PROVIDER_MOVIE, 0,
                 "{\"ids\":{\"tmdb\":2,\"imdb\":\"tt0000001\"},\"title\":\"One\"}");
    struct filter filter = { .list = the_list(service).id };
    uint64_t total;
    json_auto_t *rows = items_with(service, &filter, 1, 10, &total);
    assert_int_equal(json_array_size(rows), 1);
    assert_int_equal(total, 1);
}

/* --- Gone */

static void a_list_that_is_gone_is_kept_and_marked_after_a_day(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    uint64_t revision = store_revision(service->store);
    service_fail(service, "script_a", "/sync/list:28/-", PROVIDER_ENOTFOUND);
    json_decref(run_scope(service, "list:28"));
    assert_string_equal(source_state(service), "missing");
    service_pass_time(2 * HOUR_MS);
    json_decref(run_scope(service, "list:28"));
    assert_string_equal(source_state(service), "missing");
    assert_int_equal(store_revision(service->store), revision);
    service_pass_time(20 * HOUR_MS);
    json_decref(run_scope(service, "list:28"));
    assert_string_equal(source_state(service), "gone");
    assert_int_equal(store_revision(service->store), revision + 1);
    assert_items(service, &open_filter, "1@1");
    service_pass_time(30 * HOUR_MS);
    json_decref(run_scope(service, "list:28"));
    assert_int_equal(store_revision(service->store), revision + 1);
}

static void a_list_that_comes_back_is_no_longer_marked(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lists_miss(service->catalog, &best, NULL), 0);
        service_pass_time(21 * HOUR_MS);
    }
    assert_string_equal(source_state(service), "gone");
    uint64_t revision = store_revision(service->store);
    read_list(service, LIST(ITEM(1)));
    assert_string_equal(source_state(service), "ok");
    assert_int_equal(store_revision(service->store), revision + 1);
}

static void a_failure_is_no_sighting_of_absence(void **state)
{
    struct service *service = *state;
    answer_films(service);
    read_list(service, LIST(ITEM(1)));
    service_fail(service, "script_a", "/sync/list:28/-", PROVIDER_EUPSTREAM);
    json_auto_t *job = run_scope(service, "list:28");
    assert_string_equal(js_string(job, "state"), "failed");
    assert_string_equal(source_state(service), "ok");
    assert_items(service, &open_filter, "1@1");
}

/* --- Those of the configuration */

static void all_configured_lists_are_read_and_a_sick_one_keeps_none_back(void **state)
{
    struct service *service = *state;
    static const char *lists[] = { "script_a:9", "script_b:1", "script_a:28", "script_a:77" };
    service->conf.lists = (struct conf_list){ .values = lists, .n = ARRAY_LEN(lists) };
    answer_films(service);
    service_fail(service, "script_a", "/sync/list:9/-", PROVIDER_EUPSTREAM);
    service_answer(service, "script_a", "/sync/list:28/-", LIST(ITEM(1)));
    json_auto_t *job = run_scope(service, "lists");
    assert_string_equal(js_string(job, "state"), "failed");
    assert_items(service, &open_filter, "1@1");
    assert_int_equal(service_asked(service, "script_b", "/sync/list:1/-"), 0);
    struct list_row row;
    assert_int_equal(lists_find(service->catalog, "script_a:9", "", &row, NULL), 0);
    assert_int_equal(row.revision, 0);
    assert_int_equal(row.checked_at_ms, 0);
    assert_int_equal(lists_find(service->catalog, "script_a:77", "", &row, NULL), 0);
    assert_int_not_equal(row.gone_since_ms, 0);
    assert_int_equal(lists_find(service->catalog, "script_b:1", "", &row, NULL),
                     PROVIDER_ENOTFOUND);
}

static void texts_that_name_no_source_are_refused(void **state UNUSED)
{
    struct lists_source source;
    char longest[300];
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "tmdb:", 5);
    longest[sizeof longest - 1] = '\0';
    assert_true(lists_source_parse("tmdb:28", &source));
    assert_string_equal(source.provider, "tmdb");
    assert_string_equal(source.name, "28");
    assert_false(lists_source_parse("28", &source));
    assert_false(lists_source_parse(":28", &source));
    assert_false(lists_source_parse("tmdb:", &source));
    assert_false(lists_source_parse("", &source));
    assert_false(lists_source_parse(longest, &source));
}

static const struct CMUnitTest tests[] = {
    SERVED(a_list_keeps_the_order_and_the_notes_of_its_source),
    SERVED(what_nobody_knew_is_named_at_once_and_fetched),
    SERVED(what_is_on_a_list_is_wanted_in_a_catalogue_of_the_popular),
    SERVED(what_has_no_title_yet_shows_as_its_number),
    SERVED(an_unchanged_list_gets_no_change_number),
    SERVED(a_changed_list_is_one_change),
    SERVED(another_name_is_a_change_too),
    SERVED(repeats_and_what_is_no_item_are_left_out),
    SERVED(a_list_may_be_empty),
    SERVED(a_refused_list_leaves_the_former_one),
    SERVED(items_that_turn_out_to_be_one_stand_once),
    SERVED(a_list_that_is_gone_is_kept_and_marked_after_a_day),
    SERVED(a_list_that_comes_back_is_no_longer_marked),
    SERVED(a_failure_is_no_sighting_of_absence),
    SERVED(all_configured_lists_are_read_and_a_sick_one_keeps_none_back),
    cmocka_unit_test(texts_that_name_no_source_are_refused),
};

int main(void)
{
    const struct test_part parts[] = { TEST_PART(tests), lists_reading_part };
    return run_parts(parts, ARRAY_LEN(parts), NULL, NULL);
}
