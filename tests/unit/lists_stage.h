/* SPDX-License-Identifier: MIT
 *
 * A list that a provider keeps, as the tests read it. */
#pragma once

#include "../test.h"

#include "service_stage.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/lists.h"
#include "sync/sync.h"

#include "../parts.h"

#define ITEM(n) "{\"ids\":{\"tmdb\":" #n "},\"kind\":\"movie\",\"title\":\"Film " #n "\"}"
#define LIST(items)                                                                                \
    "D 4 0 {\"ids\":{\"tmdb\":28},\"name\":\"Best\",\"items\":[" items "]}\nC 1:list\n"
#define WHOLE(n, year)                                                                             \
    "D 1 0 {\"ids\":{\"tmdb\":" #n "},\"title\":\"Film " #n "\",\"release_date\":\"" #year         \
    "-01-02\",\"popularity\":" #n "}\n"

static const char *const only_a[] = { "script_a", NULL };

static inline struct sync *open_sync(struct service *service)
{
    return sync_new(service->catalog, service->jobs, service->registry, service->store,
                    &service->conf);
}

static inline json_t *run_scope(struct service *service, const char *scope)
{
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    if (sync_start(sync, scope, false, only_a, &job, &joined, &err))
        fail_msg("%s", err.text);
    json_t *ended = service_wait_job(service, job);
    return ended;
}

static inline void read_list(struct service *service, const char *answer)
{
    service_answer(service, "script_a", "/sync/list:28/-", answer);
    json_auto_t *job = run_scope(service, "list:28");
    if (!text_equal(js_string(job, "state"), "done"))
        fail_msg("the job is %s: %s", js_string(job, "state"), js_string(job, "detail"));
}

static inline void answer_films(struct service *service)
{
    service_answer(service, "script_a", "/fetch/1/tmdb:1", WHOLE(1, 1922));
    service_answer(service, "script_a", "/fetch/1/tmdb:2", WHOLE(2, 1950));
    service_answer(service, "script_a", "/fetch/1/tmdb:3", WHOLE(3, 1960));
}

static inline struct list_row the_list(struct service *service)
{
    struct list_row row = { 0 };
    struct error err = { 0 };
    if (lists_find(service->catalog, "script_a:28", "", &row, &err))
        fail_msg("%s", err.text);
    return row;
}

static inline json_t *items_with(struct service *service, const struct filter *filter,
                                 uint32_t page, uint32_t limit, uint64_t *out_total)
{
    static const struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    CLEANUP(catalog_page_done) struct catalog_page found = { 0 };
    struct error err = { 0 };
    index_wait(service->index, store_revision(service->store), clock_steady_ms() + 10000);
    if (lists_items(service->catalog, filter, &wish, page, limit, &found, &err))
        fail_msg("%s", err.text);
    json_t *rows = json_loads(found.results.bytes, 0, NULL);
    assert_true(json_is_array(rows));
    *out_total = found.total;
    return rows;
}

/* "3@1 1@2": items by their TMDB id and where they stand. */
static inline void assert_items(struct service *service, const struct filter *filter,
                                const char *expected)
{
    struct filter of_list = *filter;
    uint64_t total;
    of_list.list = the_list(service).id;
    json_auto_t *rows = items_with(service, &of_list, 1, 100, &total);
    CLEANUP(text_done) struct text said = TEXT_INIT(1000);
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        text_add_format(&said, "%s%lld@%lld", i ? " " : "",
                        (long long)js_int(js_object(row, "ids"), "tmdb", 0),
                        (long long)js_int(row, "position", 0));
    assert_string_equal(text_string(&said), expected);
    assert_int_equal(total, json_array_size(rows));
}

extern const struct test_part lists_reading_part;
