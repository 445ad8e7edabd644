/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "emit.h"
#include "names.h"
#include "tmdb.h"

static const char *const change_keys[] = {
    "adult",
    "air_date",
    "also_known_as",
    "alternative_titles",
    "biography",
    "birthday",
    "budget",
    "cast",
    "certifications",
    "character_names",
    "created_by",
    "crew",
    "deathday",
    "episode",
    "episode_number",
    "episode_run_time",
    "freebase_id",
    "freebase_mid",
    "general",
    "genres",
    "guest_stars",
    "homepage",
    "images",
    "imdb_id",
    "languages",
    "name",
    "network",
    "origin_country",
    "original_name",
    "original_title",
    "overview",
    "parts",
    "place_of_birth",
    "plot_keywords",
    "production_code",
    "production_companies",
    "production_countries",
    "releases",
    "revenue",
    "runtime",
    "season",
    "season_number",
    "season_regular",
    "softcore",
    "spoken_languages",
    "status",
    "tagline",
    "title",
    "translations",
    "tvdb_id",
    "tvrage_id",
    "type",
    "video",
    "videos",
};

static const char *const translations[] = { "ar-SA", "cs-CZ", "da-DK", "de-AT", "de-CH", "de-DE",
                                            "el-GR", "en-AU", "en-GB", "en-US", "es-ES", "es-MX",
                                            "fi-FI", "fr-CA", "fr-FR", "he-IL", "hi-IN", "hu-HU",
                                            "it-IT", "ja-JP", "ko-KR", "nl-NL", "no-NO", "pl-PL",
                                            "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sv-SE", "th-TH",
                                            "tr-TR", "uk-UA", "zh-CN", "zh-TW" };

static void emit_strings(struct text *out, const char *key, const char *const *strings, size_t n)
{
    emit_begin(out, key, '[');
    for (size_t i = 0; i < n; i++)
        emit_string(out, NULL, strings[i]);
    emit_end(out, ']');
}

static void emit_sizes(struct text *out, const char *key, const char *sizes)
{
    emit_begin(out, key, '[');
    while (*sizes) {
        size_t len = strcspn(sizes, " ");
        emit_format(out, NULL, "%.*s", (int)len, sizes);
        sizes += len + (sizes[len] == ' ');
    }
    emit_end(out, ']');
}

/* The base is the name the real service gives; a client of the sandbox is told its images' base by
 * its own configuration, or leaves the host out. */
static void answer_configuration(struct tmdb_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, 43200);
    emit_begin(out, NULL, '{');
    emit_strings(out, "change_keys", change_keys, ARRAY_LEN(change_keys));
    emit_begin(out, "images", '{');
    emit_string(out, "base_url", "http://image.tmdb.org/t/p/");
    emit_string(out, "secure_base_url", "https://image.tmdb.org/t/p/");
    emit_sizes(out, "backdrop_sizes", "w300 w780 w1280 original");
    emit_sizes(out, "logo_sizes", "w45 w92 w154 w185 w300 w500 original");
    emit_sizes(out, "poster_sizes", "w92 w154 w185 w342 w500 w780 original");
    emit_sizes(out, "profile_sizes", "w45 w185 h632 original");
    emit_sizes(out, "still_sizes", "w92 w185 w300 original");
    emit_end(out, '}');
    emit_end(out, '}');
}

static void answer_languages(struct tmdb_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, 43200);
    text_add_char(out, '[');
    for (size_t i = 0; i < n_names_languages; i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "english_name", names_languages[i].english);
        emit_string(out, "iso_639_1", names_languages[i].code);
        emit_string(out, "name", names_languages[i].native);
        emit_end(out, '}');
    }
    text_add_char(out, ']');
}

static void answer_countries(struct tmdb_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, 43200);
    text_add_char(out, '[');
    for (size_t i = 0; i < n_names_countries; i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "english_name", names_countries[i].english);
        emit_string(out, "iso_3166_1", names_countries[i].code);
        emit_string(out, "native_name", names_countries[i].native);
        emit_end(out, '}');
    }
    text_add_char(out, ']');
}

static void answer_translations(struct tmdb_call *call)
{
    struct text *out = sandbox_json(call->reply, 200, 43200);
    text_add_char(out, '[');
    for (size_t i = 0; i < ARRAY_LEN(translations); i++)
        emit_string(out, NULL, translations[i]);
    text_add_char(out, ']');
}

static void answer_timezones(struct tmdb_call *call)
{
    static const struct {
        const char *country, *zone;
    } zones[] = { { "AT", "Europe/Vienna" },    { "DE", "Europe/Berlin" },
                  { "FR", "Europe/Paris" },     { "GB", "Europe/London" },
                  { "JP", "Asia/Tokyo" },       { "KR", "Asia/Seoul" },
                  { "NL", "Europe/Amsterdam" }, { "US", "America/New_York" } };
    struct text *out = sandbox_json(call->reply, 200, 43200);
    text_add_char(out, '[');
    for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "iso_3166_1", zones[i].country);
        emit_begin(out, "zones", '[');
        emit_string(out, NULL, zones[i].zone);
        emit_end(out, ']');
        emit_end(out, '}');
    }
    text_add_char(out, ']');
}

static void answer_jobs(struct tmdb_call *call)
{
    static const char *const directing[] = { "Director", "Assistant Director" };
    static const char *const writing[] = { "Screenplay", "Writer", "Story", "Novel" };
    static const char *const sound[] = { "Original Music Composer", "Sound Designer" };
    static const struct {
        const char *department;
        const char *const *jobs;
        size_t n;
    } departments[] = { { "Directing", directing, ARRAY_LEN(directing) },
                        { "Writing", writing, ARRAY_LEN(writing) },
                        { "Sound", sound, ARRAY_LEN(sound) } };
    struct text *out = sandbox_json(call->reply, 200, 0);
    text_add_char(out, '[');
    for (size_t i = 0; i < ARRAY_LEN(departments); i++) {
        emit_begin(out, NULL, '{');
        emit_string(out, "department", departments[i].department);
        emit_strings(out, "jobs", departments[i].jobs, departments[i].n);
        emit_end(out, '}');
    }
    text_add_char(out, ']');
}

static void answer_genres(struct tmdb_call *call, const struct names_genre *genres, size_t n)
{
    struct text *out = sandbox_json(call->reply, 200, 28800);
    emit_begin(out, NULL, '{');
    emit_begin(out, "genres", '[');
    for (size_t i = 0; i < n; i++) {
        emit_begin(out, NULL, '{');
        emit_int(out, "id", genres[i].id);
        emit_string(out, "name", names_of_genre(&genres[i], call->language));
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_end(out, '}');
}

static void answer_movie_genres(struct tmdb_call *call)
{
    answer_genres(call, names_movie_genres, n_names_movie_genres);
}

static void answer_tv_genres(struct tmdb_call *call)
{
    answer_genres(call, names_tv_genres, n_names_tv_genres);
}

static void answer_authentication(struct tmdb_call *call)
{
    text_add_string(sandbox_json(call->reply, 200, -1), "{\"success\":true}");
}

bool tmdb_config(struct tmdb_call *call)
{
    static const struct {
        const char *path;
        void (*answer)(struct tmdb_call *call);
    } routes[] = {
        { "/3/authentication", answer_authentication },
        { "/3/configuration", answer_configuration },
        { "/3/configuration/languages", answer_languages },
        { "/3/configuration/countries", answer_countries },
        { "/3/configuration/primary_translations", answer_translations },
        { "/3/configuration/timezones", answer_timezones },
        { "/3/configuration/jobs", answer_jobs },
        { "/3/genre/movie/list", answer_movie_genres },
        { "/3/genre/tv/list", answer_tv_genres },
    };

    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (strcmp(routes[i].path, call->request->path) == 0) {
            routes[i].answer(call);
            return true;
        }
    }
    return false;
}
