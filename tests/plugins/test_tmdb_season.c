/* SPDX-License-Identifier: MIT */
#include "tmdb_test.h"

#include <time.h>

#define FIXTURE "tests/data/tmdb/tv_9500.json"

enum { NOON_22_NOVEMBER = 1795348800 }; /* 2026-11-22 12:00 UTC */

/* The plugin's clock: this symbol comes before the C library's. */
time_t time(time_t *out)
{
    if (out)
        *out = NOON_22_NOVEMBER;
    return NOON_22_NOVEMBER;
}

static struct fake_host *lantern(void)
{
    struct fake_host *host = tmdb_host();

    fake_host_answer(host, "{base}/tv/9500?*", &(struct fake_answer){ .body_file = FIXTURE });
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "9500"), 0);
    return host;
}

/* The season document of that number, or NULL. */
static const json_t *season(const struct fake_host *host, int64_t number)
{
    for (size_t i = 0; i < fake_host_n_documents(host); i++) {
        const struct fake_document *document = fake_host_document(host, i);

        if (document->kind == PROVIDER_SEASON &&
            json_integer_value(json_object_get(document->json, "season_number")) == number)
            return document->json;
    }
    return NULL;
}

/* Show 5, called "S", with these rows under "seasons" and these members besides. */
static void answer_show(struct fake_host *host, const char *pattern, const char *seasons,
                        const char *members)
{
    CLEANUP(mem_free)
    char *body = mem_format("{\"id\":5,\"name\":\"S\",\"original_language\":\"ja\",\"seasons\":[%s]"
                            "%s%s}",
                            seasons, *members ? "," : "", members);

    fake_host_answer_json(host, pattern, body);
}

/* A season with one episode of that name, shown in January. */
#define ONE_EPISODE(number, name)                                                                  \
    "\"season/" number "\":{\"id\":90" number ",\"season_number\":" number ",\"name\":\"Season "   \
    "\",\"episodes\":[{\"id\":7,\"episode_number\":1,\"air_date\":\"2026-01-02\",\"overview\":"    \
    "\"Told.\",\"name\":\"" name "\"}]}"

static void a_season_names_its_show_and_is_whole(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *first = season(host, 1);

    (void)state;
    assert_int(first, "ids.tmdb", 9601);
    assert_int(first, "show.ids.tmdb", 9500);
    assert_text(first, "show.title", "The Lantern Keepers");
    assert_text(first, "name", "Season 1");
    assert_text(first, "overview", "It begins.");
    assert_text(first, "title_language", "en-US");
    assert_text(first, "air_date", "2019-03-04");
    assert_text(first, "poster", "/s1.jpg");
    assert_int(first, "episode_count", 2);
}

static void an_episode_has_its_facts_and_people(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *first = season(host, 1);

    (void)state;
    assert_int(first, "episodes.0.ids.tmdb", 9690);
    assert_text(first, "episodes.0.name", "The First Night");
    assert_int(first, "episodes.0.season_number", 1);
    assert_int(first, "episodes.0.episode_number", 1);
    assert_int(first, "episodes.0.runtime", 51);
    assert_text(first, "episodes.0.still", "/e1.jpg");
    assert_text(first, "episodes.0.production_code", "LK101");
    assert_int(first, "episodes.0.votes", 40);
    assert_text(first, "episodes.0.crew.0.job", "Director");
    assert_text(first, "episodes.0.guest_stars.0.character", "The Pilot");
    assert_text(first, "episodes.0.guest_stars.0.profile", "/lou.jpg");
    assert_text(first, "episodes.1.type", "finale");
    assert_false(tmdb_has(first, "episodes.1.still"));
    assert_false(tmdb_has(first, "episodes.1.rating"));
}

static void specials_are_season_0_and_an_episode_may_be_number_0(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();
    const json_t *specials = season(host, 0);

    (void)state;
    assert_text(specials, "name", "Specials");
    assert_int(specials, "season_number", 0);
    assert_false(tmdb_has(specials, "air_date"));
    assert_false(tmdb_has(specials, "overview"));
    assert_int(specials, "episodes.0.episode_number", 0);
    assert_text(specials, "episodes.0.name", "Before the Light");
    assert_false(tmdb_has(specials, "episodes.0.air_date"));
    assert_false(tmdb_has(specials, "episodes.0.runtime"));
    assert_false(tmdb_has(specials, "episodes.0.overview"));
}

static void a_name_that_only_counts_is_marked(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();

    (void)state;
    assert_text(season(host, 0), "episodes.1.name", "Episode 1");
    assert_true(json_is_true(tmdb_at(season(host, 0), "episodes.1.placeholder")));
    assert_false(tmdb_has(season(host, 1), "episodes.0.placeholder"));
}

static void gaps_between_seasons_cost_nothing(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = lantern();

    (void)state;
    assert_non_null(season(host, 4));
    assert_null(season(host, 2));
    assert_null(season(host, 3));
    assert_int_equal(fake_host_n_requests(host), 1);
}

static void seasons_beyond_the_first_come_twenty_at_a_time(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(text_done) struct text rows = TEXT_INIT(1 << 16);
    CLEANUP(text_done) struct text bodies = TEXT_INIT(1 << 16);

    (void)state;
    for (int i = 1; i <= 55; i++) {
        text_add_format(&rows, "%s{\"season_number\":%d}", i > 1 ? "," : "", i);
        text_add_format(&bodies, "%s\"season/%d\":{\"id\":%d,\"season_number\":%d,\"episodes\":[]}",
                        i > 1 ? "," : "", i, 900 + i, i);
    }
    answer_show(host, "{base}/tv/5?*", text_string(&rows), text_string(&bodies));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 4); /* 1-10, 11-30, 31-50, 51-55 */
    assert_int_equal(fake_host_n_documents(host), 56);
    for (int i = 1; i <= 55; i++)
        assert_non_null(season(host, i));
}

static void seasons_may_be_numbered_by_years(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":2024},{\"season_number\":2025}", "");
    answer_show(host, "*season%2F2024%2Cseason%2F2025*", "",
                ONE_EPISODE("2024", "A") "," ONE_EPISODE("2025", "B"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 2);
    assert_int(season(host, 2024), "season_number", 2024);
    assert_text(season(host, 2025), "episodes.0.name", "B");
}

static void a_season_that_is_listed_but_absent_is_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*",
                "{\"season_number\":1},{\"season_number\":2},"
                "{\"season_number\":77}",
                ONE_EPISODE("1", "A"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_documents(host), 2);
    assert_int_equal(fake_host_n_requests(host), 2); /* 77 was not guessed */
}

static void an_answer_under_the_wrong_number_is_not_taken(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}",
                "\"season/1\":{\"id\":901,\"season_number\":3,\"episodes\":[]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
}

static void a_failure_after_the_show_is_told(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":2024}", "");
    fake_host_answer(host, "*append_to_response=season%2F2024&*",
                     &(struct fake_answer){ .status = 503, .body = "{\"status_code\":9}" });
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), PROVIDER_EUPSTREAM);
    assert_non_null(strstr(fake_host_error(host), "season 2024"));
}

static void an_answer_that_is_too_large_is_asked_for_in_smaller_parts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    const struct fake_answer too_large = { .failure = PROVIDER_ELIMIT };

    (void)state;
    answer_show(host, "{base}/tv/5?*",
                "{\"season_number\":1},{\"season_number\":2},{\"season_number\":3}", "");
    fake_host_answer(host, "*aggregate_credits*season*", &too_large);
    fake_host_answer(host, "*append_to_response=season%2F1%2C*", &too_large);
    answer_show(host, "*append_to_response=season%2F1&*", "", ONE_EPISODE("1", "A"));
    fake_host_answer(host, "*append_to_response=season%2F2&*", &too_large);
    answer_show(host, "*append_to_response=season%2F3&*", "", ONE_EPISODE("3", "C"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_non_null(season(host, 1));
    assert_null(season(host, 2));
    assert_non_null(season(host, 3));
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "season 2 is too large"));
}

/* --- Names in other languages */

static struct fake_host *german(void)
{
    struct fake_host *host = tmdb_host();

    fake_host_set_option(host, "language", "de-DE");
    return host;
}

static void a_show_that_is_complete_costs_no_further_language(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = german();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}", ONE_EPISODE("1", "Der Hafen"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_text(season(host, 1), "title_language", "de-DE");
}

static void an_english_name_goes_before_one_that_only_counts(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = german();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}", ONE_EPISODE("1", "Folge 1"));
    answer_show(host, "*language=en-US", "", ONE_EPISODE("1", "The Harbour"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 2); /* the original language is not needed */
    assert_false(tmdb_has(season(host, 1), "episodes.0.name"));
    assert_false(tmdb_has(season(host, 1), "episodes.0.placeholder"));
    assert_text(season(host, 1), "episodes.0.translations.en-US.title", "The Harbour");
}

static void the_original_name_goes_before_placeholders_in_english_too(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = german();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}", ONE_EPISODE("1", "Folge 1"));
    answer_show(host, "*language=en-US", "", ONE_EPISODE("1", "Episode 1"));
    answer_show(host, "*language=ja", "", ONE_EPISODE("1", "港"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 3);
    const json_t *first = season(host, 1);

    assert_false(tmdb_has(first, "episodes.0.name"));
    assert_false(tmdb_has(first, "episodes.0.translations.en-US"));
    assert_text(first, "episodes.0.translations.ja.title", "港");
}

static void english_asks_the_original_language_only_for_what_lacks_a_name(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1},{\"season_number\":2}",
                ONE_EPISODE("1", "The Harbour") "," ONE_EPISODE("2", "Episode 1"));
    answer_show(host, "*append_to_response=season%2F2&language=ja", "", ONE_EPISODE("2", "第1話"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 2);
    assert_text(season(host, 2), "episodes.0.name", "Episode 1");
    assert_true(json_is_true(tmdb_at(season(host, 2), "episodes.0.placeholder")));
    assert_false(tmdb_has(season(host, 2), "episodes.0.translations"));
}

static void what_was_not_shown_yet_asks_nobody(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = german();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}",
                "\"season/1\":{\"id\":901,\"season_number\":1,\"episodes\":[{\"episode_number\":1,"
                "\"name\":\"Folge 1\",\"air_date\":\"2026-11-23\"},{\"episode_number\":2,"
                "\"name\":\"Folge 2\",\"air_date\":null}]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 1);
    assert_true(json_is_true(tmdb_at(season(host, 1), "episodes.1.placeholder")));
}

static void configured_languages_are_always_asked_and_kept_by_region(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "languages", "pt_br pt-PT en-US pt-BR");
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}", ONE_EPISODE("1", "The Harbour"));
    answer_show(host, "*language=pt-BR", "", ONE_EPISODE("1", "O Porto"));
    answer_show(host, "*language=pt-PT", "", ONE_EPISODE("1", "Episódio 1"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_requests(host), 3);
    assert_text(season(host, 1), "episodes.0.name", "The Harbour");
    assert_text(season(host, 1), "episodes.0.translations.pt-BR.title", "O Porto");
    assert_false(tmdb_has(season(host, 1), "episodes.0.translations.pt-PT"));
    assert_int_equal(fake_host_count_requests(host, "*include_image_language=en%2Cpt%2Cnull*"), 1);
}

static void episodes_are_matched_by_number_not_by_place(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "languages", "fr");
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}",
                "\"season/1\":{\"id\":901,\"season_number\":1,\"name\":\"One\",\"episodes\":["
                "{\"episode_number\":1,\"name\":\"A\"},{\"episode_number\":2,\"name\":\"B\"},"
                "{\"episode_number\":3,\"name\":\"C\"}]}");
    answer_show(host, "*language=fr", "",
                "\"season/1\":{\"id\":901,\"season_number\":1,\"name\":\"Un\",\"episodes\":["
                "{\"episode_number\":3,\"name\":\"Ç\"},{\"episode_number\":2,\"name\":\"B\"}]}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_text(season(host, 1), "translations.fr.title", "Un");
    assert_false(tmdb_has(season(host, 1), "episodes.0.translations"));
    assert_false(tmdb_has(season(host, 1), "episodes.1.translations")); /* the same words */
    assert_text(season(host, 1), "episodes.2.translations.fr.title", "Ç");
}

static void of_too_many_languages_the_first_count(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    fake_host_set_option(host, "language", "es-419"); /* Latin America is no country */
    fake_host_set_option(host, "languages", "es fr de zh-Hant-TW pt it");
    answer_show(host, "{base}/tv/5?*", "{\"season_number\":1}", ONE_EPISODE("1", "El puerto"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_true(fake_host_logged(host, PROVIDER_LOG_WARNING, "the first 4, from 'it' on"));
    assert_int_equal(fake_host_count_requests(host, "*language=es&*"), 1);
    assert_int_equal(fake_host_count_requests(host, "*language=fr"), 1);
    assert_int_equal(fake_host_count_requests(host, "*language=zh-TW"), 1);
    assert_int_equal(fake_host_count_requests(host, "*language=pt"), 1);
    assert_int_equal(fake_host_count_requests(host, "*language=it"), 0);
}

static void languages_that_are_none_are_refused(void **state)
{
    static const char *const lists[] = { "german", "de x", "de-de-de", "es-41x" };

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

        fake_host_set_option(host, "languages", lists[i]);
        assert_int_equal(fake_host_open(host), PROVIDER_EINVAL);
        assert_non_null(strstr(fake_host_error(host), "languages"));
    }
}

static void placeholders_of_many_languages_are_known(void **state)
{
    static const struct {
        const char *name;
        bool placeholder;
    } cases[] = {
        { "Episode 1", true },     { "episode 1", true },   { "Folge 1", true },
        { "Épisode 1", true },     { "Episodio 1", true },  { "Episódio 1", true },
        { "Aflevering 1", true },  { "第 1 集", true },     { "第1話", true },
        { "1. rész", true },       { "1화", true },         { "Эпизод 1", true },
        { "Bölüm 1", true },       { "Επεισόδιο 1", true }, { "פרק 1", true },
        { "الحلقة 1", true },      { "1", true },           { "Episode 2", false },
        { "Episode One", false },  { "Apollo 1", false },   { "1 + 1", false },
        { "Episode 1: A", false }, { "Pilot", false },      { "Episode 1000000000000", false },
    };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(mem_free)
        char *member = mem_format("\"next_episode_to_air\":{\"episode_number\":1,\"name\":\"%s\"}",
                                  cases[i].name);

        fake_host_clear(host);
        answer_show(host, "{base}/tv/5?*", "", member);
        assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
        if (tmdb_has(fake_host_document(host, 0)->json, "next_episode.placeholder") !=
            cases[i].placeholder)
            fail_msg("'%s'", cases[i].name);
    }
}

/* --- One season */

static void one_season_can_be_fetched(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*append_to_response=season%2F0&*", "",
                ONE_EPISODE("0", "Extra"));
    assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "5/0"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int(tmdb_document(host, 0, PROVIDER_SEASON, 0), "show.ids.tmdb", 5);
    assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "5/3"), PROVIDER_EUPSTREAM);
    answer_show(host, "{base}/tv/5?*append_to_response=season%2F3&*", "", "");
    assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", "5/3"), PROVIDER_ENOTFOUND);
}

static void ids_of_seasons_that_are_none_are_not_asked_for(void **state)
{
    static const char *const ids[] = { "5",    "5/",   "/1",  "5/x",         "5/-1",
                                       "5/1/", "0/1",  "x/1", "5/100001",    "12345678901234567/1",
                                       "",     "5 /1", "5//", "5/1234567890" };
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
        assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "tmdb", ids[i]), PROVIDER_EINVAL);
    assert_int_equal(fake_host_fetch(host, PROVIDER_SEASON, "imdb", "tt5/1"), PROVIDER_ENOTSUP);
    assert_int_equal(fake_host_n_requests(host), 0);
}

static void a_season_without_its_number_or_id_is_left_out(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();

    (void)state;
    answer_show(host, "{base}/tv/5?*", "",
                "\"season/1\":{\"season_number\":1},\"season/2\":{\"id\":\"x\","
                "\"season_number\":2},\"season/3\":{\"id\":9}");
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(fake_host_n_documents(host), 1);
    assert_int_equal(fake_host_n_refused(host), 0);
}

static void a_season_beyond_a_documents_size_comes_without_its_people(void **state)
{
    CLEANUP(fake_host_free) struct fake_host *host = tmdb_host();
    CLEANUP(text_done) struct text body = TEXT_INIT(8 << 20);

    (void)state;
    text_add_format(&body, "{\"id\":5,\"name\":\"S\",\"season/1\":{\"id\":9,\"season_number\":1,"
                           "\"episodes\":[");
    for (int i = 1; i <= 200; i++) {
        text_add_format(&body, "%s{\"episode_number\":%d,\"name\":\"E\",\"guest_stars\":[",
                        i > 1 ? "," : "", i);
        for (int j = 0; j < 250; j++)
            text_add_format(&body, "%s{\"name\":\"%0100d\"}", j ? "," : "", j);
        text_add_format(&body, "]}");
    }
    text_add_format(&body, "]}}");
    fake_host_answer(host, "{base}/tv/5?*",
                     &(struct fake_answer){ .body = text_string(&body), .body_len = body.len });
    assert_int_equal(fake_host_fetch(host, PROVIDER_TVSHOW, "tmdb", "5"), 0);
    assert_int_equal(json_array_size(tmdb_at(season(host, 1), "episodes")), 200);
    assert_false(tmdb_has(season(host, 1), "episodes.0.guest_stars"));
    assert_true(fake_host_logged(host, PROVIDER_LOG_NOTICE, "too large"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_season_names_its_show_and_is_whole),
        cmocka_unit_test(an_episode_has_its_facts_and_people),
        cmocka_unit_test(specials_are_season_0_and_an_episode_may_be_number_0),
        cmocka_unit_test(a_name_that_only_counts_is_marked),
        cmocka_unit_test(gaps_between_seasons_cost_nothing),
        cmocka_unit_test(seasons_beyond_the_first_come_twenty_at_a_time),
        cmocka_unit_test(seasons_may_be_numbered_by_years),
        cmocka_unit_test(a_season_that_is_listed_but_absent_is_left_out),
        cmocka_unit_test(an_answer_under_the_wrong_number_is_not_taken),
        cmocka_unit_test(a_failure_after_the_show_is_told),
        cmocka_unit_test(an_answer_that_is_too_large_is_asked_for_in_smaller_parts),
        cmocka_unit_test(a_show_that_is_complete_costs_no_further_language),
        cmocka_unit_test(an_english_name_goes_before_one_that_only_counts),
        cmocka_unit_test(the_original_name_goes_before_placeholders_in_english_too),
        cmocka_unit_test(english_asks_the_original_language_only_for_what_lacks_a_name),
        cmocka_unit_test(what_was_not_shown_yet_asks_nobody),
        cmocka_unit_test(configured_languages_are_always_asked_and_kept_by_region),
        cmocka_unit_test(episodes_are_matched_by_number_not_by_place),
        cmocka_unit_test(of_too_many_languages_the_first_count),
        cmocka_unit_test(languages_that_are_none_are_refused),
        cmocka_unit_test(placeholders_of_many_languages_are_known),
        cmocka_unit_test(one_season_can_be_fetched),
        cmocka_unit_test(ids_of_seasons_that_are_none_are_not_asked_for),
        cmocka_unit_test(a_season_without_its_number_or_id_is_left_out),
        cmocka_unit_test(a_season_beyond_a_documents_size_comes_without_its_people),
    };

    return cmocka_run_group_tests_name("tmdb season", tests, NULL, NULL);
}
