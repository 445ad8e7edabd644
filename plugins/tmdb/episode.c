/* SPDX-License-Identifier: MIT */
#include "tmdb/episode.h"

#include <string.h>

#include "common/field.h"
#include "media/placeholder.h"
#include "tmdb/element.h"
#include "tmdb/parts.h"

enum { MAX_PEOPLE = 500, MAX_SHORT = 64, LOOK_AROUND = 64 };

static bool number_of(const json_t *episode, int64_t *out)
{
    return field_int(episode, "episode_number", 0, EPISODE_MAX_NUMBER, out);
}

bool episode_has_name(const json_t *episode)
{
    const char *name = field_string(episode, "name");
    int64_t number;

    return name && number_of(episode, &number) && !placeholder_episode(name, number);
}

/* Editions list the same episodes in the same order, give or take a few that came in between. */
const json_t *episode_in(const json_t *season, const json_t *episode, size_t index)
{
    const json_t *episodes = field_array(season, "episodes");
    const size_t n = json_array_size(episodes);
    int64_t number, other;

    if (!number_of(episode, &number))
        return NULL;
    for (size_t step = 0; step <= 2 * LOOK_AROUND; step++) {
        const size_t away = (step + 1) / 2;
        const size_t at = step % 2 ? index + away : index - away;
        const json_t *candidate = at < n ? json_array_get(episodes, at) : NULL;

        if (candidate && number_of(candidate, &other) && other == number)
            return candidate;
    }
    return NULL;
}

static bool is_named_elsewhere(const json_t *episode, size_t index,
                               const struct season_edition *editions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (episode_has_name(episode_in(editions[i].season, episode, index)))
            return true;
    return false;
}

static void write_name(struct out *out, const json_t *episode, size_t index,
                       const struct season_edition *editions, size_t n)
{
    const char *name = field_string(episode, "name");
    const bool real = episode_has_name(episode);

    if (!name || (!real && is_named_elsewhere(episode, index, editions, n)))
        return;
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    if (!real)
        out_bool(out, "placeholder", true);
}

/* What it says that the main edition does not say in the same words. */
static void write_difference(struct out *out, const char *key, const char *text, const char *main,
                             size_t max_len)
{
    if (text && (!main || strcmp(text, main) != 0))
        out_string(out, key, text, max_len);
}

static void write_translation(struct out *out, const json_t *episode, size_t index,
                              const struct season_edition *edition)
{
    const json_t *other = episode_in(edition->season, episode, index);
    const struct out_mark before = out_mark(out);
    size_t empty;

    if (!other)
        return;
    out_open(out, edition->language, '{');
    empty = out->len;
    if (episode_has_name(other))
        write_difference(out, "title", field_string(other, "name"), field_string(episode, "name"),
                         ELEMENT_MAX_TITLE);
    write_difference(out, "overview", field_string(other, "overview"),
                     field_string(episode, "overview"), ELEMENT_MAX_OVERVIEW);
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

static void write_translations(struct out *out, const json_t *episode, size_t index,
                               const struct season_edition *editions, size_t n)
{
    const struct out_mark before = out_mark(out);
    size_t empty;

    out_open(out, "translations", '{');
    empty = out->len;
    for (size_t i = 0; i < n; i++)
        write_translation(out, episode, index, &editions[i]);
    if (out->len == empty)
        out_back(out, before);
    else
        out_close(out, '}');
}

/* False, having written nothing, when it is none. */
static bool write_facts(struct out *out, const char *key, const json_t *episode)
{
    int64_t number, season;

    if (!number_of(episode, &number))
        return false;
    out_open(out, key, '{');
    element_ids(out, episode);
    if (field_int(episode, "season_number", 0, EPISODE_MAX_NUMBER, &season))
        out_int(out, "season_number", season);
    out_int(out, "episode_number", number);
    out_string(out, "overview", field_string(episode, "overview"), ELEMENT_MAX_OVERVIEW);
    element_date(out, "air_date", field_string(episode, "air_date"));
    element_positive(out, episode, "runtime", 100000);
    element_path(out, "still", episode, "still_path");
    element_rating(out, episode);
    out_string(out, "type", field_string(episode, "episode_type"), MAX_SHORT);
    out_string(out, "production_code", field_string(episode, "production_code"), MAX_SHORT);
    return true;
}

void episode_write(struct out *out, const json_t *episode, size_t index,
                   const struct season_edition *editions, size_t n_editions, bool lean)
{
    if (!write_facts(out, NULL, episode))
        return;
    write_name(out, episode, index, editions, n_editions);
    if (!lean) {
        element_list(out, "crew", field_array(episode, "crew"), MAX_PEOPLE, parts_write_crew);
        element_list(out, "guest_stars", field_array(episode, "guest_stars"), MAX_PEOPLE,
                     parts_write_cast);
    }
    write_translations(out, episode, index, editions, n_editions);
    out_close(out, '}');
}

void episode_write_one(struct out *out, const char *key, const json_t *episode)
{
    if (!write_facts(out, key, episode))
        return;
    write_name(out, episode, 0, NULL, 0);
    out_close(out, '}');
}
