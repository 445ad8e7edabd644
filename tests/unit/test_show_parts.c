/* SPDX-License-Identifier: MIT
 *
 * What a show says of its seasons and of its next and last episode, in whose language and whose
 * words. */
#include "../test.h"

#include "service_stage.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/locks.h"

#define SHOW(more)                                                                                 \
    "{\"ids\":{\"tmdb\":7},\"title\":\"A Show\",\"original_language\":\"en\"" more "}"
#define AIRING(which, name)                                                                        \
    ",\"" which "\":{\"season_number\":2,\"episode_number\":5,\"air_date\":\"2026-11-26\"," name "}"
#define SEASONS                                                                                    \
    ",\"seasons\":[{\"season_number\":0,\"name\":\"Extras\"},{\"season_number\":2,"                \
    "\"name\":\"The Second\",\"air_date\":\"2026-10-01\"}]"
#define SEASON(episode)                                                                            \
    "{\"ids\":{\"tmdb\":92},\"show\":{\"ids\":{\"tmdb\":7}},\"season_number\":2,"                  \
    "\"name\":\"The Second\",\"title_language\":\"en\","                                           \
    "\"translations\":{\"de\":{\"title\":\"Die zweite\"}},"                                        \
    "\"episodes\":[{\"episode_number\":5,\"air_date\":\"2026-11-26\"," episode "}]}"

static void take_show(struct service *service, const char *json)
{
    assert_int_not_equal(service_take(service, "script_a", PROVIDER_TVSHOW, 0, json), 0);
}

static void take_season(struct service *service, const char *json)
{
    assert_int_not_equal(service_take(service, "script_a", PROVIDER_SEASON, 0, json), 0);
}

/* The show as a reader of a language gets it (new reference); its tag goes to `etag`. */
static json_t *shown(struct service *service, const char *language, char etag[36])
{
    struct language_wish wish = { .n_tags = 1 };
    snprintf(wish.tags[0], sizeof wish.tags[0], "%s", language);
    struct catalog_ask ask = { .kind = PROVIDER_TVSHOW,
                               .id_text = "tmdb:7",
                               .wish = &wish,
                               .deadline_ms = clock_steady_ms() + 10000 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    struct error err = { 0 };
    if (catalog_item(service->catalog, &ask, &item, &err))
        fail_msg("%s", err.text);
    if (etag)
        snprintf(etag, 36, "%s", item.etag);
    json_t *out = json_loadb(item.json.bytes, item.json.len, JSON_REJECT_DUPLICATES, NULL);
    if (!out)
        fail_msg("no JSON: %s", text_string(&item.json));
    return out;
}

static void expect(struct service *service, const char *language, const char *member,
                   const char *name)
{
    json_auto_t *show = shown(service, language, NULL);
    const json_t *episode = js_object(show, member);
    if (!text_equal(js_string(episode, "name"), name))
        fail_msg("%s in '%s' is '%s', not '%s'", member, language, js_string(episode, "name"),
                 name);
    assert_int_equal(js_int(episode, "season_number", -1), 2);
    assert_int_equal(js_int(episode, "episode_number", -1), 5);
    assert_string_equal(js_string(episode, "air_date"), "2026-11-26");
    assert_null(json_object_get(episode, "placeholder"));
}

static void episodes_are_named_in_the_readers_language(void **state)
{
    struct service *service = *state;
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"Own\"")
                                AIRING("last_episode", "\"name\":\"Own\"") SEASONS));
    take_season(service, SEASON("\"name\":\"Harbour\",\"translations\":{\"de\":{\"title\":"
                                "\"Hafen\"},\"pt-BR\":{\"overview\":\"Um porto.\"}}"));
    expect(service, "en", "next_episode", "Harbour");
    expect(service, "de", "next_episode", "Hafen");
    expect(service, "de-AT", "last_episode", "Hafen");
    json_auto_t *show = shown(service, "pt-BR", NULL);
    const json_t *next = js_object(show, "next_episode");
    assert_string_equal(js_string(next, "name"), "Harbour");
    assert_string_equal(js_string(next, "overview"), "Um porto.");
    assert_string_equal(js_string(js_object(next, "languages"), "name"), "en");
    assert_string_equal(js_string(js_object(next, "languages"), "overview"), "pt-BR");
}

static void seasons_are_named_in_the_readers_language(void **state)
{
    struct service *service = *state;
    take_show(service, SHOW(SEASONS));
    take_season(service, SEASON("\"name\":\"Harbour\""));
    json_auto_t *show = shown(service, "de", NULL);
    const json_t *seasons = js_array(show, "seasons");
    assert_int_equal(json_array_size(seasons), 2);
    /* Of the first, nothing but what the show says is known. */
    assert_string_equal(js_string(json_array_get(seasons, 0), "name"), "Extras");
    assert_string_equal(js_string(json_array_get(seasons, 1), "name"), "Die zweite");
    assert_null(json_object_get(json_array_get(seasons, 1), "episodes"));
}

static void a_name_goes_before_one_that_only_counts_wherever_it_is(void **state)
{
    struct service *service = *state;
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"Own\"")));
    take_season(service, SEASON("\"name\":\"Folge 5\""));
    expect(service, "de", "next_episode", "Own");
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"Episode 5\"")));
    take_season(service, SEASON("\"translations\":{\"de\":{\"title\":\"Hafen\"}}"));
    expect(service, "en", "next_episode", "Hafen");
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"V\",\"placeholder\":true")));
    take_season(service, SEASON("\"name\":\"Folge 5\""));
    expect(service, "en", "next_episode", "Folge 5");
}

static void without_a_stored_episode_the_shows_own_is_shown(void **state)
{
    struct service *service = *state;
    take_show(service, SHOW(AIRING("last_episode", "\"name\":\"Episode 5\",\"placeholder\":true")));
    expect(service, "de", "last_episode", "Episode 5");
    take_season(service, "{\"ids\":{\"tmdb\":92},\"show\":{\"ids\":{\"tmdb\":7}},\"season_number\":"
                         "2,\"episodes\":[{\"episode_number\":4,\"name\":\"Four\"}]}");
    expect(service, "de", "last_episode", "Episode 5");
}

static void an_episode_without_its_numbers_stays_as_it_is(void **state)
{
    struct service *service = *state;
    take_show(service, SHOW(",\"next_episode\":{\"episode_number\":5,\"name\":\"Somewhere\"}"));
    take_season(service, SEASON("\"name\":\"Harbour\""));
    json_auto_t *show = shown(service, "en", NULL);
    assert_string_equal(js_string(js_object(show, "next_episode"), "name"), "Somewhere");
    assert_null(json_object_get(show, "last_episode"));
    assert_null(json_object_get(show, "seasons"));
}

static void what_an_operator_locked_stays(void **state)
{
    struct service *service = *state;
    CLEANUP(locks_item_done) struct locks_item item = { 0 };
    struct error err = { 0 };
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"Own\"")
                                AIRING("last_episode", "\"name\":\"Own\"")));
    take_season(service, SEASON("\"name\":\"Harbour\""));
    json_auto_t *keep = json_pack("[s]", "last_episode");
    const struct locks_wish wish = { .keep = keep };
    if (locks_put(service->catalog, PROVIDER_TVSHOW, "tmdb:7", &wish, NULL, &item, &err))
        fail_msg("%s", err.text);
    expect(service, "en", "next_episode", "Harbour");
    expect(service, "en", "last_episode", "Own");
}

static void another_season_is_another_answer(void **state)
{
    struct service *service = *state;
    char before[36], same[36], after[36];
    take_show(service, SHOW(AIRING("next_episode", "\"name\":\"Own\"")));
    take_season(service, SEASON("\"name\":\"Harbour\""));
    json_decref(shown(service, "en", before));
    json_decref(shown(service, "en", same));
    assert_string_equal(before, same);
    take_season(service, SEASON("\"name\":\"Harbor\""));
    json_decref(shown(service, "en", after));
    assert_string_not_equal(before, after);
    expect(service, "en", "next_episode", "Harbor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(episodes_are_named_in_the_readers_language),
        SERVED(seasons_are_named_in_the_readers_language),
        SERVED(a_name_goes_before_one_that_only_counts_wherever_it_is),
        SERVED(without_a_stored_episode_the_shows_own_is_shown),
        SERVED(an_episode_without_its_numbers_stays_as_it_is),
        SERVED(what_an_operator_locked_stays),
        SERVED(another_season_is_another_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
