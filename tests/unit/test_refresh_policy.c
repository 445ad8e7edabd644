/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <jansson.h>

#include "base/mem.h"
#include "media/card.h"
#include "provider/registry.h"
#include "service/refresh_policy.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
enum { TODAY = 20779 }; /* 2026-11-22 */

static void each_rule_applies_to_its_own(void **state UNUSED)
{
    static const struct {
        const char *rule;
        int days; /* 0: before it expires */
        const char *document;
    } rows[] = {
        { "airing", 1, "{'status':'returning','next_episode':{'air_date':'2026-11-28'}}" },
        { "airing", 1, "{'status':'ended','last_air_date':'2026-11-21'}" },
        { "returning", 7, "{'status':'returning','next_episode':{'air_date':'2026-12-30'}}" },
        { "popular", 0, "{'status':'released','release_date':'1999-03-31','popularity':62.1}" },
        { "around its release", 2, "{'status':'released','release_date':'2026-11-15'}" },
        { "around its release", 2, "{'status':'post_production','release_date':'2026-12-20'}" },
        { "announced", 3, "{'status':'planned'}" },
        { "announced", 3, "{'status':'released','release_date':'2027-06-01'}" },
        { "announced", 3, "{'release_date':'2027-06-01'}" },
        { "recent", 7, "{'status':'released','release_date':'2026-09-20'}" },
        { "returning", 7, "{'status':'returning','first_air_date':'2012-01-01'}" },
        { "of these years", 30, "{'status':'released','release_date':'2025-05-05'}" },
        { "of these years", 30, "{'status':'ended','last_air_date':'2026-09-30'}" },
        { "long ago", 120, "{'status':'released','release_date':'1925-01-01'}" },
        { "long ago", 120, "{'status':'canceled','first_air_date':'2001-01-01'}" },
        { "long ago", 120, "{}" },
        { "long ago", 120, "{'release_date':'rubbish','status':'rubbish','popularity':-1}" },
        { "long ago", 120, "{'release_date':7,'status':7,'next_episode':7}" },
    };
    int64_t now_ms = TODAY * DAY_MS + HOUR_MS;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(mem_free) char *json = mem_dup_text(rows[i].document);
        for (char *at = json; *at; at++)
            *at = *at == '\'' ? '"' : *at;
        json_auto_t *document = json_loads(json, 0, NULL);
        struct refresh_facts facts;
        assert_non_null(document);
        refresh_facts_read(PROVIDER_MOVIE, document, &facts);
        assert_string_equal(refresh_rule_name(&facts, now_ms), rows[i].rule);
        int64_t every_ms = rows[i].days ? rows[i].days * DAY_MS : 6 * HOUR_MS;
        for (uint32_t salt = 0; salt < 50; salt++)
            assert_in_range(refresh_due_ms(&facts, 6 * HOUR_MS, now_ms, salt),
                            now_ms + every_ms * 8 / 10, now_ms + every_ms * 9 / 10);
    }
}

static void what_a_list_has_is_kept_fresh(void **state UNUSED)
{
    const struct refresh_facts facts = {
        .release_day = INT32_MIN, .next_day = INT32_MIN, .last_day = INT32_MIN, .listed = true
    };
    assert_string_equal(refresh_rule_name(&facts, TODAY * DAY_MS), "listed");
    int64_t due_ms = refresh_due_ms(&facts, DAY_MS, TODAY * DAY_MS, 1);
    assert_true(due_ms < (TODAY + 1) * DAY_MS);
}

static void a_tiny_time_to_live_is_no_storm(void **state UNUSED)
{
    const struct refresh_facts facts = { .popularity = 100 };
    assert_true(refresh_due_ms(&facts, 1000, 0, 1) >= HOUR_MS * 8 / 10);
}

static void what_was_fetched_together_is_not_due_together(void **state UNUSED)
{
    const struct refresh_facts facts = { .release_day = 0 };
    int64_t least = INT64_MAX, most = 0;
    for (uint32_t salt = 1; salt <= 100; salt++) {
        int64_t due_ms = refresh_due_ms(&facts, DAY_MS, TODAY * DAY_MS, salt);
        least = MIN(least, due_ms);
        most = MAX(most, due_ms);
    }
    assert_true(most - least > 9 * DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_applies_to_its_own),
        cmocka_unit_test(what_a_list_has_is_kept_fresh),
        cmocka_unit_test(a_tiny_time_to_live_is_no_storm),
        cmocka_unit_test(what_was_fetched_together_is_not_due_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
