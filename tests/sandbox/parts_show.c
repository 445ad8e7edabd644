/* SPDX-License-Identifier: MIT */
#include "parts_show.h"

#include "emit.h"

static void emit_codes(struct text *out, const char *key, const char *const *codes, size_t n)
{
    emit_begin(out, key, '[');
    for (size_t i = 0; i < n; i++)
        emit_string(out, NULL, codes[i]);
    emit_end(out, ']');
}

static void emit_creators(struct text *out, const struct show *show)
{
    emit_begin(out, "created_by", '[');
    for (size_t i = 0; i < show->n_creators; i++) {
        const struct film_credit *creator = &show->creators[i];
        int64_t id = film_id_of_name("person", creator->name);
        emit_begin(out, NULL, '{');
        emit_int(out, "id", id);
        parts_object_id(out, "credit_id", show->film->id, "creator", i);
        emit_string(out, "name", creator->name);
        emit_string(out, "original_name", creator->name);
        emit_int(out, "gender", creator->gender);
        parts_image(out, "profile_path", 'f', id, id % 4 ? 0 : -1);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_networks(struct text *out, const struct show *show)
{
    emit_begin(out, "networks", '[');
    for (size_t i = 0; i < show->n_networks; i++) {
        int64_t id = film_id_of_name("network", show->networks[i].name);
        emit_begin(out, NULL, '{');
        emit_int(out, "id", id);
        parts_image(out, "logo_path", 'l', id, 0);
        emit_string(out, "name", show->networks[i].name);
        emit_string(out, "origin_country", show->networks[i].country);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_air_date(struct text *out, const struct show_season *season)
{
    int64_t day = season->n_episodes ? show_air_day(season, 0) : SHOW_NO_DAY;
    char date[CLOCK_TEXT_LEN];

    if (day == SHOW_NO_DAY)
        emit_null(out, "air_date");
    else
        emit_string(out, "air_date", clock_format_date(day * 24 * 3600 * 1000, date));
}

static void emit_season_members(struct text *out, const struct show *show,
                                const struct show_season *season, const char *language)
{
    char name[64];

    emit_int(out, "id", season->id);
    emit_string(out, "name", show_season_name(season, language, name));
    emit_string(out, "overview", show_season_overview(season, language));
    parts_image(out, "poster_path", 's', season->id, season->has_poster ? 0 : -1);
    emit_int(out, "season_number", season->number);
    emit_double(out, "vote_average", season->number ? show->film->vote_average : 0);
    emit_air_date(out, season);
}

void parts_season_row(struct text *out, const struct show *show, const struct show_season *season,
                      const char *language)
{
    emit_begin(out, NULL, '{');
    emit_season_members(out, show, season, language);
    emit_string(out, "media_type", "tv_season");
    emit_int(out, "show_id", show->film->id);
    emit_int(out, "episode_count", season->n_episodes);
    emit_end(out, '}');
}

static void emit_seasons(struct text *out, const struct show *show, const char *language)
{
    emit_begin(out, "seasons", '[');
    for (size_t i = 0; i < show->n_seasons; i++) {
        emit_begin(out, NULL, '{');
        emit_season_members(out, show, &show->seasons[i], language);
        emit_int(out, "episode_count", show->seasons[i].n_episodes);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_episode_members(struct text *out, const struct show *show,
                                 const struct show_season *season, int i, const char *language)
{
    struct show_episode episode;

    show_episode(show, season, i, language, &episode);
    emit_string(out, "air_date", episode.air_date[0] ? episode.air_date : NULL);
    emit_int(out, "episode_number", episode.number);
    emit_string(out, "episode_type", episode.type);
    emit_int(out, "id", episode.id);
    emit_string(out, "name", episode.name);
    emit_string(out, "overview", episode.overview);
    emit_string(out, "production_code", "");
    if (season->runtime)
        emit_int(out, "runtime", season->runtime);
    else
        emit_null(out, "runtime");
    emit_int(out, "season_number", season->number);
    parts_image(out, "still_path", 'e', episode.id, episode.has_still ? 0 : -1);
    emit_double(out, "vote_average", season->number ? show->film->vote_average : 0);
    emit_int(out, "vote_count", season->number ? show->film->vote_count / 40 : 0);
}

void parts_episode_row(struct text *out, const char *key, const struct show *show,
                       const struct show_season *season, int i, const char *language,
                       const char *media_type)
{
    emit_begin(out, key, '{');
    emit_episode_members(out, show, season, i, language);
    emit_int(out, "show_id", show->film->id);
    if (media_type)
        emit_string(out, "media_type", media_type);
    emit_end(out, '}');
}

static bool emit_near_episode(struct text *out, const char *key, const struct show *show, int where,
                              const char *language)
{
    const struct show_season *season;
    int i;

    if (!show_next_to_today(show, where, &season, &i)) {
        emit_null(out, key);
        return false;
    }
    parts_episode_row(out, key, show, season, i, language, NULL);
    return true;
}

static void emit_last_air_date(struct text *out, const struct show *show)
{
    const struct show_season *season;
    char date[CLOCK_TEXT_LEN];
    int i;

    if (show_next_to_today(show, -1, &season, &i))
        emit_string(out, "last_air_date",
                    clock_format_date(show_air_day(season, i) * 24 * 3600 * 1000, date));
    else
        emit_null(out, "last_air_date");
}

static void emit_facts(struct text *out, const struct show *show, const char *language)
{
    const struct film *film = show->film;
    int n_episodes;

    emit_string(out, "status", film->status);
    emit_string(out, "type", show->type);
    emit_last_air_date(out, show);
    emit_near_episode(out, "last_episode_to_air", show, -1, language);
    bool goes_on = emit_near_episode(out, "next_episode_to_air", show, +1, language);
    emit_bool(out, "in_production", goes_on || text_equal(film->status, "In Production"));
    emit_int(out, "number_of_seasons", show_count(show, &n_episodes));
    emit_int(out, "number_of_episodes", n_episodes);
    emit_seasons(out, show, language);
}

void parts_show_detail(struct text *out, const struct show *show, const char *language)
{
    const struct film *film = show->film;

    emit_bool(out, "adult", film->adult);
    parts_image(out, "backdrop_path", 'c', film->id, film->n_backdrops ? 0 : -1);
    emit_creators(out, show);
    /* Empty in today's answers, whatever the runtime. */
    emit_begin(out, "episode_run_time", '[');
    emit_end(out, ']');
    emit_string(out, "first_air_date", film->release_date);
    parts_genres(out, film, language);
    emit_string(out, "homepage", film->homepage);
    emit_int(out, "id", film->id);
    emit_codes(out, "languages", film->languages, film->n_languages);
    emit_string(out, "name", film_title(film, language));
    emit_networks(out, show);
    emit_codes(out, "origin_country", film->countries, film->n_countries);
    emit_string(out, "original_language", film->original_language);
    emit_string(out, "original_name", film->original_title);
    emit_string(out, "overview", film_overview(film, language));
    emit_double(out, "popularity", film->popularity);
    parts_image(out, "poster_path", 't', film->id, film->n_posters ? 0 : -1);
    parts_production(out, film);
    emit_facts(out, show, language);
    emit_bool(out, "softcore", false);
    emit_string(out, "tagline", film_tagline(film, language));
    parts_votes(out, film);
}

void parts_show_row(struct text *out, const struct show *show, const char *language,
                    const char *media_type)
{
    const struct film *film = show->film;

    emit_begin(out, NULL, '{');
    emit_bool(out, "adult", film->adult);
    parts_image(out, "backdrop_path", 'c', film->id, film->n_backdrops ? 0 : -1);
    emit_begin(out, "genre_ids", '[');
    for (size_t i = 0; i < film->n_genres; i++)
        emit_int(out, NULL, film->genres[i]);
    emit_end(out, ']');
    emit_int(out, "id", film->id);
    emit_codes(out, "origin_country", film->countries, film->n_countries);
    emit_string(out, "original_language", film->original_language);
    emit_string(out, "original_name", film->original_title);
    emit_string(out, "overview", film_overview(film, language));
    emit_double(out, "popularity", film->popularity);
    parts_image(out, "poster_path", 't', film->id, film->n_posters ? 0 : -1);
    if (media_type)
        emit_string(out, "media_type", media_type);
    emit_string(out, "first_air_date", film->release_date);
    emit_bool(out, "softcore", false);
    emit_string(out, "name", film_title(film, language));
    parts_votes(out, film);
    emit_end(out, '}');
}

void parts_episode_detail(struct text *out, const struct parts_show_ask *ask)
{
    emit_episode_members(out, ask->show, ask->season, ask->episode, ask->common.language);
    parts_episode_people(out, ask->show, ask->season, ask->episode);
}

void parts_season_detail(struct text *out, const struct parts_show_ask *ask)
{
    parts_object_id(out, "_id", ask->season->id, "season", 0);
    emit_season_members(out, ask->show, ask->season, ask->common.language);
    emit_networks(out, ask->show);
    emit_begin(out, "episodes", '[');
    for (int i = 0; i < ask->season->n_episodes; i++) {
        emit_begin(out, NULL, '{');
        emit_episode_members(out, ask->show, ask->season, i, ask->common.language);
        emit_int(out, "show_id", ask->show->film->id);
        parts_episode_people(out, ask->show, ask->season, i);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}
