/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "emit.h"
#include "names.h"
#include "parts_show.h"

static void write_credits(struct text *out, const struct parts_show_ask *ask)
{
    const struct show *show = ask->show;
    /* Of a show these are the people of its newest season alone. */
    const struct show_season *newest = show->n_seasons ? &show->seasons[show->n_seasons - 1] : NULL;
    const struct show_season *season = ask->season ? ask->season : newest;

    parts_cast(out, show, season);
    if (ask->episode >= 0)
        parts_episode_people(out, show, season, ask->episode);
    else
        parts_crew(out, show, season);
}

static void write_aggregate(struct text *out, const struct parts_show_ask *ask)
{
    parts_aggregate(out, ask->show, ask->season);
}

static void write_ratings(struct text *out, const struct parts_show_ask *ask)
{
    const struct film *film = ask->show->film;

    emit_begin(out, "results", '[');
    for (size_t i = 0; i < film->n_releases; i++) {
        emit_begin(out, NULL, '{');
        emit_begin(out, "descriptors", '[');
        emit_end(out, ']');
        emit_string(out, "iso_3166_1", film->releases[i].country);
        emit_string(out, "rating", film->releases[i].certification);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static void emit_number(struct text *out, const char *key, int64_t number)
{
    if (number)
        emit_int(out, key, number);
    else
        emit_null(out, key);
}

/* What Freebase and TVRage were asked for in their time. */
static void emit_bygone(struct text *out)
{
    emit_null(out, "freebase_mid");
    emit_null(out, "freebase_id");
    emit_null(out, "tvrage_id");
}

static void write_show_ids(struct text *out, const struct parts_show_ask *ask)
{
    emit_string(out, "imdb_id", ask->show->film->imdb_id);
    emit_bygone(out);
    emit_number(out, "tvdb_id", ask->show->tvdb_id);
    emit_string(out, "wikidata_id", ask->show->film->wikidata);
    emit_null(out, "facebook_id");
    emit_null(out, "instagram_id");
    emit_null(out, "twitter_id");
}

static void write_season_ids(struct text *out, const struct parts_show_ask *ask)
{
    emit_bygone(out);
    emit_number(out, "tvdb_id", ask->season->tvdb_id);
    emit_null(out, "wikidata_id");
}

static void write_episode_ids(struct text *out, const struct parts_show_ask *ask)
{
    struct show_episode episode;

    show_episode(ask->show, ask->season, ask->episode, NULL, &episode);
    emit_string(out, "imdb_id", episode.imdb_id[0] ? episode.imdb_id : NULL);
    emit_bygone(out);
    emit_number(out, "tvdb_id", episode.tvdb_id);
    emit_null(out, "wikidata_id");
}

static void write_posters(struct text *out, const struct parts_show_ask *ask)
{
    static const struct parts_pictures posters = { "posters", 's', 1000, 1500 };
    parts_pictures(out, &ask->common, ask->season->id, ask->season->has_poster, &posters);
}

/* Stills have no language, so none filters them away. */
static void write_stills(struct text *out, const struct parts_show_ask *ask)
{
    static const struct parts_pictures stills = { "stills", 'e', 1920, 1080 };
    struct parts_ask any = { .film = ask->common.film };
    struct show_episode episode;

    show_episode(ask->show, ask->season, ask->episode, NULL, &episode);
    parts_pictures(out, &any, episode.id, episode.has_still, &stills);
}

static void emit_translation(struct text *out, const char *language, const char *country,
                             const char *name, const char *overview)
{
    const struct names_language *names = names_language(language);

    emit_begin(out, NULL, '{');
    emit_string(out, "iso_3166_1", country);
    emit_string(out, "iso_639_1", language);
    emit_string(out, "name", names->native);
    emit_string(out, "english_name", names->english);
    emit_begin(out, "data", '{');
    emit_string(out, "name", name);
    emit_string(out, "overview", overview);
    emit_end(out, '}');
    emit_end(out, '}');
}

static void write_season_translations(struct text *out, const struct parts_show_ask *ask)
{
    const struct show_season *season = ask->season;

    emit_begin(out, "translations", '[');
    emit_translation(out, "en", "US", season->name ? season->name : "", season->overview);
    emit_end(out, ']');
}

static void emit_episode_in(struct text *out, const struct parts_show_ask *ask,
                            const struct film_translation *in)
{
    struct show_episode episode;
    char tag[16];
    char placeholder[64];

    snprintf(tag, sizeof(tag), "%s-%s", in->language, in->country);
    show_episode(ask->show, ask->season, ask->episode, tag, &episode);
    names_placeholder(placeholder, sizeof(placeholder), false, episode.number, tag);
    bool is_named = strcmp(placeholder, episode.name) != 0;
    if (is_named || strcmp(in->language, "en") == 0)
        emit_translation(out, in->language, in->country, is_named ? episode.name : "",
                         episode.overview);
}

/* The placeholders are no translations: who has none is not in the list. */
static void write_episode_translations(struct text *out, const struct parts_show_ask *ask)
{
    static const struct film_translation english = { .language = "en", .country = "US" };
    const struct film *film = ask->show->film;

    emit_begin(out, "translations", '[');
    emit_episode_in(out, ask, &english);
    for (size_t i = 0; i < film->n_translations; i++)
        emit_episode_in(out, ask, &film->translations[i]);
    emit_end(out, ']');
}

static void write_nothing(struct text *out, const struct parts_show_ask *ask)
{
    (void)ask;
    emit_begin(out, "results", '[');
    emit_end(out, ']');
}

/* Those of a film that a show has in the same form. */
static bool write_as_film(struct text *out, const char *name, const struct parts_show_ask *ask)
{
    static const char *const same[] = {
        "images",  "translations",       "videos", "keywords",
        "reviews", "alternative_titles", "lists",  "watch/providers"
    };

    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        if (strcmp(same[i], name) == 0)
            return parts_write(out, name, &ask->common);
    }
    return false;
}

enum { SHOW = 1, SEASON = 2, EPISODE = 4 };

static const struct {
    const char *name;
    int of;
    void (*write)(struct text *out, const struct parts_show_ask *ask);
} parts[] = {
    { "credits", SHOW | SEASON | EPISODE, write_credits },
    { "aggregate_credits", SHOW | SEASON, write_aggregate },
    { "content_ratings", SHOW, write_ratings },
    { "episode_groups", SHOW, write_nothing },
    { "screened_theatrically", SHOW, write_nothing },
    { "external_ids", SHOW, write_show_ids },
    { "external_ids", SEASON, write_season_ids },
    { "external_ids", EPISODE, write_episode_ids },
    { "images", SEASON, write_posters },
    { "images", EPISODE, write_stills },
    { "translations", SEASON, write_season_translations },
    { "translations", EPISODE, write_episode_translations },
    { "videos", SEASON | EPISODE, write_nothing },
};

bool parts_show_write(struct text *out, const char *name, const struct parts_show_ask *ask)
{
    int of = !ask->season ? SHOW : ask->episode < 0 ? SEASON : EPISODE;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if ((parts[i].of & of) && strcmp(parts[i].name, name) == 0) {
            parts[i].write(out, ask);
            return true;
        }
    }
    return of == SHOW && write_as_film(out, name, ask);
}
