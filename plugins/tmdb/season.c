/* SPDX-License-Identifier: MIT */
#include "tmdb/season.h"

#include <string.h>

#include "common/day.h"
#include "common/field.h"
#include "tmdb/element.h"

enum { MAX_EPISODES = 5000 };

/* Nobody names what is not on the air yet. */
static bool was_shown(const json_t *episode, int32_t today)
{
    const char *date = field_string(episode, "air_date");
    int32_t day;

    return date && day_parse(date, &day) && day <= today;
}

static bool has_name_anywhere(const struct season_source *source, const json_t *episode,
                              size_t index)
{
    if (episode_has_name(episode))
        return true;
    for (size_t i = 0; i < source->n_editions; i++)
        if (episode_has_name(episode_in(source->editions[i].season, episode, index)))
            return true;
    return false;
}

bool season_lacks_texts(const struct season_source *source, bool overviews, int32_t today)
{
    size_t i;
    json_t *episode;

    json_array_foreach (field_array(source->season, "episodes"), i, episode) {
        if (!was_shown(episode, today))
            continue;
        if ((overviews && !field_string(episode, "overview")) ||
            !has_name_anywhere(source, episode, i))
            return true;
    }
    return false;
}

static bool write_show(struct out *out, const json_t *show)
{
    const char *title = field_string(show, "name");
    int64_t id;

    if (!field_int(show, "id", 1, INT32_MAX, &id))
        return false;
    out_open(out, "show", '{');
    element_ids(out, show);
    out_string(out, "title", title ? title : field_string(show, "original_name"),
               ELEMENT_MAX_TITLE);
    out_close(out, '}');
    return true;
}

static void write_episodes(struct out *out, const struct season_source *source, bool lean)
{
    const json_t *episodes = field_array(source->season, "episodes");
    const struct out_mark before = out_mark(out);
    size_t i, n = 0;
    json_t *episode;

    out_open(out, "episodes", '[');
    json_array_foreach (episodes, i, episode) {
        const size_t len = out->len;

        if (n >= MAX_EPISODES)
            break;
        episode_write(out, episode, i, source->editions, source->n_editions, lean);
        n += out->len > len;
    }
    out_close(out, ']');
    if (n == 0)
        out_back(out, before);
}

static void write_translation(struct out *out, const struct season_source *source,
                              const struct season_edition *edition)
{
    static const char *const members[][2] = { { "name", "title" }, { "overview", "overview" } };
    const struct out_mark before = out_mark(out);
    size_t empty;

    out_open(out, edition->language, '{');
    empty = out->len;
    for (size_t i = 0; i < 2; i++) {
        const char *main = field_string(source->season, members[i][0]);
        const char *text = field_string(edition->season, members[i][0]);

        if (text && (!main || strcmp(main, text) != 0))
            out_string(out, members[i][1], text, i ? ELEMENT_MAX_OVERVIEW : ELEMENT_MAX_TITLE);
    }
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

static void write_translations(struct out *out, const struct season_source *source)
{
    const struct out_mark before = out_mark(out);
    size_t empty;

    out_open(out, "translations", '{');
    empty = out->len;
    for (size_t i = 0; i < source->n_editions; i++)
        write_translation(out, source, &source->editions[i]);
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

bool season_write(struct out *out, const struct season_source *source, bool lean)
{
    const json_t *season = source->season;
    const size_t n_episodes = json_array_size(json_object_get(season, "episodes"));
    int64_t id, number;

    out_clear(out);
    out_open(out, NULL, '{');
    if (!field_int(season, "id", 1, INT32_MAX, &id) ||
        !field_int(season, "season_number", 0, EPISODE_MAX_NUMBER, &number))
        return false;
    element_ids(out, season);
    if (!write_show(out, source->show))
        return false;
    out_int(out, "season_number", number);
    out_string(out, "name", field_string(season, "name"), ELEMENT_MAX_NAME);
    out_string(out, "overview", field_string(season, "overview"), ELEMENT_MAX_OVERVIEW);
    out_string(out, "title_language", source->language, TAG_SIZE);
    element_date(out, "air_date", field_string(season, "air_date"));
    element_path(out, "poster", season, "poster_path");
    element_season_rating(out, season);
    out_int(out, "episode_count", n_episodes < MAX_EPISODES ? (int64_t)n_episodes : MAX_EPISODES);
    write_episodes(out, source, lean);
    write_translations(out, source);
    out_close(out, '}');
    return true;
}
