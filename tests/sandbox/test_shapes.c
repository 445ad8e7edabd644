/* SPDX-License-Identifier: MIT
 *
 * The sandbox against answers of the real service: every key that it gives exists there, with a
 * type that it has there, and every key that the real answers have is given.  The recordings are
 * not part of the project; without them the test is skipped. */
#include "../test.h"

#include <unistd.h>

#include "ask.h"

enum { NUL = 1, BOOLEAN = 2, INTEGER = 4, REAL = 8, STRING = 16, ARRAY = 32, OBJECT = 64 };

struct endpoint {
    const char *name;
    const char *recorded[8];
    const char *asked[12];
    const char *lacking[14];  /* recorded below these paths, and known not to be here */
    const char *nullable[12]; /* null here as the contract says, though not in these recordings */
};

static const char appended[] =
    "?append_to_response=credits,images,keywords,translations,external_ids,"
    "videos,release_dates,recommendations,similar,alternative_titles";

static const char show_appended[] =
    "?append_to_response=aggregate_credits,alternative_titles,changes,content_ratings,credits,"
    "episode_groups,external_ids,images,keywords,recommendations,screened_theatrically,similar,"
    "translations,videos,watch/providers,reviews,lists";

static const char season_appended[] =
    "?append_to_response=aggregate_credits,credits,external_ids,images,translations,videos";

/* What "$" stands for behind these beginnings. */
static const char *appended_to(const char *target)
{
    if (strstr(target, "/season/"))
        return season_appended;
    return text_starts_with(target, "/3/tv/") ? show_appended : appended;
}

static const struct endpoint endpoints[] = {
    { .name = "a movie",
      .recorded = { "movie_47964", "movie_47964_it", "movie_168259_de", "movie_latest" },
      .asked = { "/3/movie/45745", "/3/movie/19?language=it", "/3/movie/643?language=de",
                 "/3/movie/900000901", "/3/movie/900000902", "/3/movie/900000903",
                 "/3/movie/500000001", "/3/movie/500000002", "/3/movie/500000003",
                 "/3/movie/latest" },
      .nullable = { ".runtime", ".backdrop_path", ".imdb_id", ".poster_path" } },
    { .name = "a movie with parts",
      .recorded = { "movie_tt1345836_append", "movie_append_everything",
                    "movie_19995_append_images_de", "movie_47964", "movie_47964_images",
                    "movie_latest" },
      .asked = { "/3/movie/tt1727587$", "/3/movie/19$", "/3/movie/10331$", "/3/movie/4808$",
                 "/3/movie/500000005$", "/3/movie/500000006$", "/3/movie/900000901$" },
      .lacking = { ".recommendations.results[].softcore", /* newer than these recordings */
                   ".similar.results[].softcore", ".account_states", ".changes", ".lists",
                   ".reviews", ".watch/providers", ".id", ".backdrops", ".posters", ".logos",
                   ".release_dates.results[].release_dates[].descriptors[]" },
      .nullable = { ".runtime", ".external_ids.", ".images.", ".recommendations.results[]." } },
    { .name = "credits",
      .recorded = { "movie_47964_credits" },
      .asked = { "/3/movie/19/credits", "/3/movie/500000007/credits" } },
    { .name = "images",
      .recorded = { "movie_47964_images", "movie_47964_images_en" },
      .asked = { "/3/movie/19/images", "/3/movie/10331/images?include_image_language=en,null" } },
    { .name = "translations",
      .recorded = { "movie_47964_translations" },
      .asked = { "/3/movie/19/translations", "/3/movie/500000007/translations" } },
    { .name = "external ids",
      .recorded = { "movie_335984_external_ids" },
      .asked = { "/3/movie/19/external_ids", "/3/movie/900000901/external_ids" },
      .nullable = { "." } },
    { .name = "videos", .recorded = { "movie_47964_videos" }, .asked = { "/3/movie/19/videos" } },
    { .name = "release dates",
      .recorded = { "movie_47964_release_dates" },
      .asked = { "/3/movie/19/release_dates", "/3/movie/500000001/release_dates" },
      .lacking = { ".results[].release_dates[].descriptors[]" } },
    { .name = "keywords",
      .recorded = { "movie_47964_keywords" },
      .asked = { "/3/movie/19/keywords" } },
    { .name = "alternative titles",
      .recorded = { "movie_47964_alternative_titles_CA" },
      .asked = { "/3/movie/45745/alternative_titles",
                 "/3/movie/45745/alternative_titles?country=NL" } },
    { .name = "recommendations",
      .recorded = { "movie_47964_recommendations_de" },
      .asked = { "/3/movie/19/recommendations", "/3/movie/500000001/recommendations?language=de" },
      .nullable = { ".results[]." } },
    { .name = "similar movies",
      .recorded = { "movie_47964_similar_de" },
      .asked = { "/3/movie/19/similar?language=de", "/3/movie/500000001/similar" },
      .nullable = { ".results[]." } },
    { .name = "changed movies",
      .recorded = { "movie_changes_p1", "movie_changes_end", "v22_movie_changes" },
      .asked = { "/3/movie/changes",
                 "/3/movie/changes?start_date=2026-01-01&end_date=2026-01-14" } },
    { .name = "changes of a movie",
      .recorded = { "movie_19995_changes", "movie_single_changes", "movie_1701490_changes_empty" },
      .asked = { "/3/movie/45745/changes", "/3/movie/643/changes" },
      .lacking = { ".changes[].items[].value", ".changes[].items[].original_value" } },
    { .name = "popular movies",
      .recorded = { "movie_popular_p1", "movie_popular_p2", "movie_popular_de" },
      .asked = { "/3/movie/popular", "/3/movie/popular?page=2", "/3/movie/popular?language=de" },
      .nullable = { ".results[]." } },
    { .name = "top rated movies",
      .recorded = { "movie_top_rated_de" },
      .asked = { "/3/movie/top_rated?language=de" },
      .nullable = { ".results[]." } },
    { .name = "movies now playing",
      .recorded = { "movie_now_playing_p1", "movie_now_playing_de" },
      .asked = { "/3/movie/now_playing", "/3/movie/now_playing?language=de" },
      .nullable = { ".results[]." } },
    { .name = "upcoming movies",
      .recorded = { "movie_upcoming_de" },
      .asked = { "/3/movie/upcoming?language=de" },
      .lacking = { ".results[]" } },
    { .name = "trending",
      .recorded = { "trending_all_week", "trending_movie_week" },
      .asked = { "/3/trending/movie/week", "/3/trending/all/week", "/3/trending/all/day?page=2" },
      .nullable = { ".results[]." } },
    { .name = "discover",
      .recorded = { "discover_movie", "discover_movie_p2", "discover_movie_region_BR",
                    "discover_movie_empty" },
      .asked = { "/3/discover/movie", "/3/discover/movie?page=2",
                 "/3/discover/movie?with_original_language=en-US" },
      .nullable = { ".results[]." } },
    { .name = "search",
      .recorded = { "search_movie_007_p1", "search_movie_007_1962", "v21_search_nothing" },
      .asked = { "/3/search/movie?query=the", "/3/search/movie?query=zasdlkjf" },
      .nullable = { ".results[]." } },
    { .name = "find",
      .recorded = { "find_imdb_tt0088247" },
      .asked = { "/3/find/tt0017136?external_source=imdb_id" } },
    { .name = "a show",
      .recorded = { "tv_1396", "tv_latest", "tv_details_complex", "tv_1400_append_episode_groups" },
      .asked = { "/3/tv/900001101", "/3/tv/900001101?language=de", "/3/tv/900001104",
                 "/3/tv/900001105", "/3/tv/900001007", "/3/tv/900001116", "/3/tv/500000001",
                 "/3/tv/500000002", "/3/tv/latest", "/3/tv/900001001" },
      /* The recorded next episodes were all without runtime and still. */
      .lacking = { ".episode_groups", ".episode_run_time[]", ".next_episode_to_air.runtime",
                   ".next_episode_to_air.still_path" },
      .nullable = { ".backdrop_path", ".poster_path", ".last_episode_to_air.",
                    ".next_episode_to_air." } },
    { .name = "a show with parts",
      .recorded = { "tv_append_everything", "tv_1396", "tv_1396_append_images_pt",
                    "tv_latest" },
      .asked = { "/3/tv/900001101$", "/3/tv/900001001$", "/3/tv/900001104$", "/3/tv/500000005$",
                 "/3/tv/500000006$" },
      .lacking = { ".account_states", ".watch/providers.results.", ".reviews.results[]",
                   ".lists.results[]", ".episode_groups.results[]",
                   ".screened_theatrically.results[]", ".recommendations.results[].softcore",
                   ".similar.results[].softcore", ".episode_run_time[]",
                   ".content_ratings.results[].descriptors[]", ".changes.changes[].items[].",
                   ".images." },
      .nullable = { ".backdrop_path", ".poster_path", ".external_ids.", ".recommendations.",
                    ".similar.", ".aggregate_credits.", ".credits.", ".seasons[].",
                    ".created_by[].profile_path", ".last_episode_to_air.",
                    ".next_episode_to_air." } },
    { .name = "images of a show",
      .recorded = { "movie_47964_images" },
      .asked = { "/3/tv/900001101/images" } },
    { .name = "content ratings",
      .recorded = { "tv_1396_content_ratings" },
      .asked = { "/3/tv/900001101/content_ratings", "/3/tv/500000001/content_ratings" } },
    { .name = "keywords of a show",
      .recorded = { "tv_1396_keywords" },
      .asked = { "/3/tv/900001101/keywords" } },
    { .name = "translations of a show",
      .recorded = { "tv_1396_translations" },
      .asked = { "/3/tv/900001101/translations", "/3/tv/500000007/translations" } },
    { .name = "external ids of a show",
      .recorded = { "tv_1399_external_ids" },
      .asked = { "/3/tv/900001101/external_ids", "/3/tv/500000007/external_ids" },
      .nullable = { "." } },
    { .name = "aggregate credits",
      .recorded = { "tv_96677_aggregate_credits", "tv_aggregate_credits" },
      .asked = { "/3/tv/900001101/aggregate_credits", "/3/tv/500000001/aggregate_credits" } },
    { .name = "a season",
      .recorded = { "tv_1396_season_1", "mia_tv_2734_season_0" },
      .asked = { "/3/tv/900001101/season/1", "/3/tv/900001101/season/0", "/3/tv/500000003/season/1",
                 "/3/tv/900001004/season/9?language=de" },
      .nullable = { ".episodes[].runtime", ".poster_path" } },
    { .name = "a season with parts",
      .recorded = { "season_append_everything", "tv_1396_season_1",
                    "tv_1396_season_1_append_images", "mia_tv_2734_season_0" },
      .asked = { "/3/tv/900001101/season/1$", "/3/tv/500000003/season/1$" },
      .lacking = { ".account_states", ".watch/providers", ".videos.results[]" },
      .nullable = { ".external_ids.", ".credits.", ".aggregate_credits.", ".episodes[].runtime",
                    } },
    { .name = "an episode",
      .recorded = { "tv_1396_s1e1" },
      .asked = { "/3/tv/900001101/season/1/episode/1", "/3/tv/500000003/season/1/episode/2",
                 "/3/tv/900001106/season/1/episode/0" },
      .nullable = { ".still_path", ".runtime", ".air_date" } },
    { .name = "external ids of an episode",
      .recorded = { "tv_1396_s1e1_external_ids" },
      .asked = { "/3/tv/500000003/season/1/episode/2/external_ids",
                 "/3/tv/900001115/season/1/episode/1/external_ids" },
      .nullable = { "." } },
    { .name = "changed shows",
      .recorded = { "tv_changes_p1" },
      .asked = { "/3/tv/changes", "/3/tv/changes?start_date=2026-01-01&end_date=2026-01-14" },
      .lacking = { ".results[].softcore" } },
    { .name = "popular shows",
      .recorded = { "tv_popular_p1", "discover_tv" },
      .asked = { "/3/tv/popular", "/3/tv/popular?page=2&language=ja", "/3/tv/top_rated",
                 "/3/discover/tv", "/3/discover/tv?with_genres=18" },
      .nullable = { ".results[]." } },
    { .name = "shows on the air",
      .recorded = { "tv_airing_today_p1", "tv_on_the_air_p1" },
      .asked = { "/3/tv/on_the_air", "/3/tv/airing_today" },
      .nullable = { ".results[]." } },
    { .name = "trending shows",
      .recorded = { "trending_tv_week" },
      .asked = { "/3/trending/tv/week", "/3/trending/tv/day" },
      .nullable = { ".results[]." } },
    { .name = "search for shows",
      .recorded = { "search_tv_bb_p1", "search_tv_bb_p2_beyond" },
      .asked = { "/3/search/tv?query=the", "/3/search/tv?query=pilot",
                 "/3/search/tv?query=lighthouse&page=9" },
      .nullable = { ".results[].poster_path" } },
    { .name = "search for both",
      .recorded = { "search_multi_arrow", "search_multi_jobs", "search_multi_decoding_error" },
      .asked = { "/3/search/multi?query=the" },
      .lacking = { ".results[].gender", ".results[].known_for", ".results[].profile_path" },
      .nullable = { ".results[]." } },
    { .name = "find a show",
      .recorded = { "find_imdb_tt0903747" },
      .asked = { "/3/find/tt8900001101?external_source=imdb_id" } },
    { .name = "find an episode",
      .recorded = { "find_imdb_tt0959621" },
      .asked = { "/3/find/tt7900018004?external_source=imdb_id" } },
    { .name = "find by an ambiguous number",
      .recorded = { "find_tvdb_30272_ambiguous", "find_imdb_tt0959621" },
      .asked = { "/3/find/9020012?external_source=tvdb_id" } },
    { .name = "a list",
      .recorded = { "list_509", "trending_all_week" },
      .asked = { "/3/list/9001", "/3/list/9006?page=2", "/3/list/9002" },
      .lacking = { ".results", ".items[].name", ".items[].original_name", ".items[].first_air_date",
                   ".items[].origin_country" },
      .nullable = { ".items[]." } },
    { .name = "a list that is not there",
      .recorded = { "err_list_404", "err_tv_404", "err_season_404", "err_episode_404" },
      .asked = { "/3/list/999999999", "/3/tv/999999999", "/3/tv/900001101/season/9",
                 "/3/tv/900001101/season/1/episode/99" } },
    { .name = "configuration", .recorded = { "configuration" }, .asked = { "/3/configuration" } },
    { .name = "languages",
      .recorded = { "configuration_languages" },
      .asked = { "/3/configuration/languages" } },
    { .name = "countries",
      .recorded = { "configuration_countries" },
      .asked = { "/3/configuration/countries" } },
    { .name = "primary translations",
      .recorded = { "configuration_primary_translations" },
      .asked = { "/3/configuration/primary_translations" } },
    { .name = "genres",
      .recorded = { "genre_movie_en", "genre_movie_da" },
      .asked = { "/3/genre/movie/list" } },
    { .name = "genres of shows",
      .recorded = { "genre_tv_en", "genre_tv_da" },
      .asked = { "/3/genre/tv/list?language=da" } },
    { .name = "authentication", .recorded = { "auth_ok" }, .asked = { "/3/authentication" } },
    { .name = "a movie that is not there",
      .recorded = { "err_movie_404", "err_sub_404" },
      .asked = { "/3/movie/999999999", "/3/movie/999999999/keywords", "/3/movie/tt0000000" } },
    { .name = "a search for nothing",
      .recorded = { "err_validation_422" },
      .asked = { "/3/search/movie" } },
};

static int type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
        return NUL;
    case JSON_TRUE:
    case JSON_FALSE:
        return BOOLEAN;
    case JSON_INTEGER:
        return INTEGER;
    case JSON_REAL:
        return REAL;
    case JSON_STRING:
        return STRING;
    case JSON_ARRAY:
        return ARRAY;
    default:
        return OBJECT;
    }
}

/* Path -> types, as {".results[].id": 4}. */
static void collect(const json_t *value, const char *path, json_t *shape)
{
    int64_t types = js_int(shape, *path ? path : "(top)", 0) | type_of(value);
    const char *key;
    size_t i;
    json_t *inner;

    json_object_set_new(shape, *path ? path : "(top)", json_integer(types));
    json_object_foreach ((json_t *)(uintptr_t)value, key, inner) {
        CLEANUP(mem_free) char *below = mem_format("%s.%s", path, key);
        collect(inner, below, shape);
    }
    json_array_foreach (value, i, inner) {
        CLEANUP(mem_free) char *below = mem_format("%s[]", path);
        collect(inner, below, shape);
    }
}

static bool is_below(const char *path, const char *const *prefixes, size_t n)
{
    for (size_t i = 0; i < n && prefixes[i]; i++) {
        if (text_starts_with(path, prefixes[i]))
            return true;
    }
    return false;
}

/* A number with a fraction may come without one, not the other way round. */
static bool types_fit(int64_t ours, int64_t theirs, bool nullable)
{
    if (theirs & REAL)
        theirs |= INTEGER;
    if (nullable)
        theirs |= NUL;
    return (ours & ~theirs) == 0;
}

static int compare(const struct endpoint *endpoint, json_t *ours, json_t *theirs)
{
    const char *path;
    json_t *types;
    int wrong = 0;

    json_object_foreach (ours, path, types) {
        bool nullable = is_below(path, endpoint->nullable, ARRAY_LEN(endpoint->nullable));
        bool lacking = is_below(path, endpoint->lacking, ARRAY_LEN(endpoint->lacking));
        int64_t known = js_int(theirs, path, 0);
        if (lacking || types_fit(json_integer_value(types), known, nullable))
            continue;
        print_message("# %s: %s has types %lld here, %lld there\n", endpoint->name, path,
                      (long long)json_integer_value(types), (long long)known);
        wrong++;
    }
    json_object_foreach (theirs, path, types) {
        if (json_object_get(ours, path) ||
            is_below(path, endpoint->lacking, ARRAY_LEN(endpoint->lacking)))
            continue;
        print_message("# %s: %s is missing\n", endpoint->name, path);
        wrong++;
    }
    return wrong;
}

static void recorded_path(const char *name, char out[512])
{
    const char *source = getenv("MIAUFLIX_SRCDIR");
    snprintf(out, 512, "%s/../shared/recorded/tmdb/%s.json", source ? source : ".", name);
}

static int check_endpoint(struct sandbox *sandbox, const struct endpoint *endpoint)
{
    json_auto_t *ours = json_object();
    json_auto_t *theirs = json_object();
    char path[512];

    for (size_t i = 0; i < ARRAY_LEN(endpoint->recorded) && endpoint->recorded[i]; i++) {
        recorded_path(endpoint->recorded[i], path);
        json_auto_t *body = json_load_file(path, 0, NULL);
        assert_non_null(body);
        collect(body, "", theirs);
    }
    for (size_t i = 0; i < ARRAY_LEN(endpoint->asked) && endpoint->asked[i]; i++) {
        size_t len = strcspn(endpoint->asked[i], "$");
        CLEANUP(mem_free)
        char *target = mem_format("%.*s%s", (int)len, endpoint->asked[i],
                                  endpoint->asked[i][len] ? appended_to(endpoint->asked[i]) : "");
        json_auto_t *body = NULL;
        ask(sandbox, target, &body);
        assert_non_null(body);
        collect(body, "", ours);
    }
    return compare(endpoint, ours, theirs);
}

static void answers_have_the_shapes_of_the_recorded_ones(void **state)
{
    char path[512];
    int wrong = 0;

    (void)state;
    recorded_path("configuration", path);
    if (access(path, R_OK) != 0) {
        print_message("# SKIPPED: no recorded answers at %s\n", path);
        skip();
    }
    CLEANUP(sandbox_free) struct sandbox *sandbox = sandbox_with(2000, 200);
    assert_non_null(sandbox);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/change", "{\"id\":45745}"), 200);
    assert_int_equal(direct(sandbox, "POST", "/sandbox/change", "{\"id\":45745}"), 200);
    assert_int_equal(
        direct(sandbox, "POST", "/sandbox/change", "{\"kind\":\"tv\",\"id\":900001101}"), 200);
    for (size_t i = 0; i < ARRAY_LEN(endpoints); i++)
        wrong += check_endpoint(sandbox, &endpoints[i]);
    assert_int_equal(wrong, 0);
}

/* The comparison itself must notice things, or the test above says nothing. */
static void a_wrong_shape_is_noticed(void **state)
{
    static const struct endpoint endpoint = { .name = "nothing" };
    json_auto_t *theirs = json_object();
    json_auto_t *ours = json_object();
    json_auto_t *there = json_pack("{s:i, s:[{s:s}]}", "id", 1, "rows", "name", "x");
    json_auto_t *here = json_pack("{s:s, s:[{s:s, s:n}]}", "id", "1", "rows", "name", "x", "more");

    (void)state;
    collect(there, "", theirs);
    collect(here, "", ours);
    assert_int_equal(compare(&endpoint, ours, theirs), 2);
    json_object_del(ours, ".rows[].name");
    assert_int_equal(compare(&endpoint, ours, theirs), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_have_the_shapes_of_the_recorded_ones),
        cmocka_unit_test(a_wrong_shape_is_noticed),
    };
    return cmocka_run_group_tests_name("sandbox_shapes", tests, NULL, NULL);
}
