/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include "service_stage.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "service/episodes.h"
#include "store/seasons.h"

#define SHOW(id, more) "{\"ids\":{\"tmdb\":" #id "},\"title\":\"Show " #id "\"" more "}"
#define SEASON(show, number, more)                                                                 \
    "{\"ids\":{\"tmdb\":9" #number "},\"show\":{\"ids\":{\"tmdb\":" #show                          \
    "}},\"season_number\":" #number more "}"
#define EPISODES(first, day)                                                                       \
    ",\"episodes\":[{\"episode_number\":1,\"name\":\"" first "\",\"air_date\":\"" day "\"},"       \
    "{\"episode_number\":2,\"name\":\"Second\",\"air_date\":\"2020-01-09\"}]"
#define DAY 18263 /* 2020-01-02 */

static uint32_t show(struct service *service, const char *provider, const char *json)
{
    return service_take(service, provider, PROVIDER_TVSHOW, 0, json);
}

static uint32_t season(struct service *service, const char *provider, uint32_t flags,
                       const char *json)
{
    return service_take(service, provider, PROVIDER_SEASON, flags, json);
}

/* The answer for a season; PROVIDER_E code. */
static int ask(struct service *service, const char *id, uint32_t number, uint32_t episode,
               json_t **out)
{
    static const struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    struct error err = { 0 };
    struct episodes_ask asked = { .show = { .kind = PROVIDER_TVSHOW,
                                            .id_text = id,
                                            .wish = &wish,
                                            .deadline_ms = clock_steady_ms() + 10000 },
                                  .season = number,
                                  .episode = episode };
    int result = episode ? episodes_one(service->catalog, &asked, &item, &err)
                         : episodes_season(service->catalog, &asked, &item, &err);
    if (!result)
        *out = json_loadb(item.json.bytes, item.json.len, 0, NULL);
    else
        print_message("# %s\n", err.text);
    return result;
}

static void assert_name(struct service *service, const char *id, uint32_t number, uint32_t episode,
                        const char *name)
{
    json_auto_t *answer = NULL;
    assert_int_equal(ask(service, id, number, episode, &answer), 0);
    assert_string_equal(js_string(answer, "name"), name);
}

static void assert_unknown(struct service *service, const char *id, uint32_t number)
{
    json_auto_t *answer = NULL;
    assert_int_equal(ask(service, id, number, 0, &answer), PROVIDER_ENOTFOUND);
}

static int count_airing(const struct airing *airing UNUSED, void *context)
{
    ++*(int *)context;
    return 0;
}

static int airings(struct service *service, int32_t from, int32_t to)
{
    int n = 0;
    assert_int_equal(airings_walk(service->store, from, to, count_airing, &n, NULL), 0);
    return n;
}

static void a_season_of_a_known_show_is_shown(void **state)
{
    struct service *service = *state;
    uint32_t id = show(service, "script_a", SHOW(1, ""));
    assert_int_equal(season(service, "script_a", 0,
                            SEASON(1, 1, ",\"name\":\"One\"" EPISODES("First", "2020-01-02"))),
                     id);
    assert_name(service, "tmdb:1", 1, 0, "One");
    assert_name(service, "tmdb:1", 1, 2, "Second");
    assert_int_equal(airings(service, DAY, DAY), 1);
    assert_int_equal(airings(service, DAY, DAY + 7), 2);
}

static void a_season_of_an_unknown_show_is_passed_over(void **state)
{
    struct service *service = *state;
    uint64_t before = store_revision(service->store);
    assert_int_equal(season(service, "script_a", 0, SEASON(1, 1, EPISODES("X", "2020-01-02"))), 0);
    assert_int_equal(season(service, "script_a", PROVIDER_CHANGED, SEASON(1, 1, "")), 0);
    assert_int_equal(season(service, "script_a", PROVIDER_GONE, SEASON(1, 1, "")), 0);
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(airings(service, INT32_MIN, INT32_MAX), 0);
}

static void a_season_never_becomes_a_show(void **state)
{
    struct service *service = *state;
    show(service, "script_a", SHOW(1, ""));
    season(service, "script_a", 0, SEASON(1, 7, ""));
    struct catalog_name name;
    assert_int_equal(catalog_find(service->catalog, PROVIDER_TVSHOW, "tmdb:97", &name, NULL), 0);
    assert_int_equal(name.id, 0); /* the season's own id is no show's */
    show(service, "script_a", SHOW(97, ""));
    assert_unknown(service, "tmdb:97", 7);
    assert_unknown(service, "tmdb:1", 2);
}

static void an_unchanged_season_gets_no_change_number_and_a_changed_one_gets_one(void **state)
{
    struct service *service = *state;
    uint32_t id = show(service, "script_a", SHOW(1, ""));
    season(service, "script_a", 0, SEASON(1, 1, EPISODES("First", "2020-01-02")));
    uint64_t before = store_revision(service->store);
    season(service, "script_a", 0, SEASON(1, 1, EPISODES("First", "2020-01-02")));
    assert_int_equal(store_revision(service->store), before);
    season(service, "script_a", 0, SEASON(1, 1, EPISODES("Better", "2020-01-03")));
    assert_int_equal(store_revision(service->store), before + 1);
    struct change change;
    assert_int_equal(changes_get(service->store, before + 1, &change, NULL), 0);
    assert_int_equal(change.item_id, id);
    assert_int_equal(change.what, CHANGE_UPDATED);
    assert_int_equal(airings(service, DAY, DAY), 0);
    assert_int_equal(airings(service, DAY + 1, DAY + 1), 1);
}

static void the_provider_that_counts_more_is_shown(void **state)
{
    struct service *service = *state;
    show(service, "script_a", SHOW(1, ""));
    season(service, "script_b", 0, SEASON(1, 1, ",\"name\":\"of b\""));
    assert_name(service, "tmdb:1", 1, 0, "of b");
    season(service, "script_a", PROVIDER_PARTIAL, SEASON(1, 1, ",\"name\":\"part of a\""));
    assert_name(service, "tmdb:1", 1, 0, "of b");
    season(service, "script_a", 0, SEASON(1, 1, ",\"name\":\"of a\""));
    assert_name(service, "tmdb:1", 1, 0, "of a");
    season(service, "script_a", PROVIDER_PARTIAL, SEASON(1, 1, ",\"name\":\"less\""));
    assert_name(service, "tmdb:1", 1, 0, "of a");
    season(service, "script_a", PROVIDER_GONE, SEASON(1, 1, ""));
    assert_name(service, "tmdb:1", 1, 0, "of b");
    season(service, "script_b", PROVIDER_GONE, SEASON(1, 1, ""));
    assert_unknown(service, "tmdb:1", 1);
}

/* What only one of two providers knows goes with its record. */
static void two_providers_make_one_season(void **state)
{
    struct service *service = *state;
    show(service, "script_a", SHOW(1, ""));
    season(service, "script_a", 0,
           SEASON(1, 1, ",\"name\":\"One\"" EPISODES("Episode 1", "2020-01-02")));
    season(service, "script_b", 0,
           SEASON(1, 1,
                  ",\"overview\":\"Told by b.\",\"episodes\":[{\"episode_number\":1,"
                  "\"name\":\"Begin\",\"air_date\":\"2020-01-05\"},"
                  "{\"episode_number\":3,\"name\":\"Third\"}]"));
    assert_name(service, "tmdb:1", 1, 0, "One");
    assert_name(service, "tmdb:1", 1, 1, "Begin");
    assert_name(service, "tmdb:1", 1, 2, "Second");
    assert_name(service, "tmdb:1", 1, 3, "Third");
    assert_int_equal(airings(service, DAY, DAY), 1); /* the date of the one that counts more */
    assert_int_equal(airings(service, DAY + 3, DAY + 3), 0);
    uint64_t before = store_revision(service->store);
    season(service, "script_b", PROVIDER_GONE, SEASON(1, 1, ""));
    assert_int_equal(store_revision(service->store), before + 1);
    assert_name(service, "tmdb:1", 1, 1, "Episode 1");
    json_auto_t *answer = NULL;
    assert_int_equal(ask(service, "tmdb:1", 1, 3, &answer), PROVIDER_ENOTFOUND);
}

static void a_season_goes_when_the_show_no_longer_lists_it(void **state)
{
    struct service *service = *state;
    show(service, "script_a",
         SHOW(1, ",\"seasons\":[{\"season_number\":0},{\"season_number\":1}]"));
    season(service, "script_a", 0, SEASON(1, 0, EPISODES("Special", "2020-01-02")));
    season(service, "script_a", 0, SEASON(1, 1, EPISODES("First", "2020-01-02")));
    show(service, "script_a", SHOW(1, ""));
    assert_name(service, "tmdb:1", 0, 1, "Special"); /* it said nothing of seasons */
    show(service, "script_b", SHOW(1, ",\"seasons\":[{\"season_number\":5}]"));
    assert_name(service, "tmdb:1", 0, 1, "Special"); /* another provider's business */
    show(service, "script_a", SHOW(1, ",\"seasons\":[{\"season_number\":1}]"));
    assert_unknown(service, "tmdb:1", 0);
    assert_name(service, "tmdb:1", 1, 1, "First");
    assert_int_equal(airings(service, INT32_MIN, INT32_MAX), 2);
}

static void seasons_move_when_two_shows_are_one(void **state)
{
    struct service *service = *state;
    show(service, "script_a", SHOW(1, ""));
    show(service, "script_a", SHOW(2, ""));
    season(service, "script_a", 0, SEASON(1, 1, ",\"name\":\"kept\""));
    season(service, "script_a", 0, SEASON(2, 1, ",\"name\":\"lost\""));
    season(service, "script_a", 0, SEASON(2, 3, ",\"name\":\"moved\"" EPISODES("x", "2020-01-02")));
    show(service, "script_b", "{\"ids\":{\"tmdb\":1,\"tvdb\":5},\"title\":\"One\"}");
    show(service, "script_b", "{\"ids\":{\"tmdb\":2,\"tvdb\":5},\"title\":\"One\"}");
    assert_name(service, "tvdb:5", 1, 0, "kept");
    assert_name(service, "tvdb:5", 3, 0, "moved");
    assert_int_equal(airings(service, INT32_MIN, INT32_MAX), 2);
}

static void a_show_that_is_only_a_title_is_fetched_with_its_seasons(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_TITLE, 0,
                 "{\"ids\":{\"tmdb\":1},\"kind\":\"tvshow\",\"title\":\"Show 1\"}");
    service_answer(service, "script_a", "/fetch/2/tmdb:1",
                   "D 2 0 " SHOW(1, "") "\nD 3 0 " SEASON(1, 4, ",\"name\":\"Four\"") "\n");
    assert_name(service, "tmdb:1", 4, 0, "Four");
    assert_int_equal(service_asked(service, "script_a", "/fetch/2/tmdb:1"), 1);
    assert_unknown(service, "tmdb:1", 5);
    assert_int_equal(service_asked(service, "script_a", "/fetch/2/tmdb:1"), 1);
}

static void a_fetch_that_ends_in_a_strangers_season_is_still_about_the_show(void **state)
{
    struct service *service = *state;
    service_answer(service, "script_a", "/fetch/2/tmdb:1",
                   "D 2 0 " SHOW(1, "") "\nD 3 0 " SEASON(555, 1, "") "\n");
    assert_unknown(service, "tmdb:1", 1);
}

static void an_unknown_show_has_no_seasons(void **state)
{
    struct service *service = *state;
    json_auto_t *answer = NULL;
    assert_unknown(service, "77", 1);
    assert_int_equal(ask(service, "no id", 1, 0, &answer), PROVIDER_EINVAL);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, SHOW(3, ""));
    assert_unknown(service, "1", 1); /* that is a movie */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(a_season_of_a_known_show_is_shown),
        SERVED(a_season_of_an_unknown_show_is_passed_over),
        SERVED(a_season_never_becomes_a_show),
        SERVED(an_unchanged_season_gets_no_change_number_and_a_changed_one_gets_one),
        SERVED(the_provider_that_counts_more_is_shown),
        SERVED(two_providers_make_one_season),
        SERVED(a_season_goes_when_the_show_no_longer_lists_it),
        SERVED(seasons_move_when_two_shows_are_one),
        SERVED(a_show_that_is_only_a_title_is_fetched_with_its_seasons),
        SERVED(a_fetch_that_ends_in_a_strangers_season_is_still_about_the_show),
        SERVED(an_unknown_show_has_no_seasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
