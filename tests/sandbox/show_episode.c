/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/json.h"
#include "chance.h"
#include "invent_show.h"
#include "names.h"
#include "show.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* Episodes are written as "Name|Overview|date|TVDB id", each part but the first left out at will.
 */
enum { NAME, OVERVIEW, DATE, TVDB };

static const char *part_of(const char *line, int n)
{
    for (; line && n > 0; n--) {
        line = strchr(line, '|');
        line += line != NULL;
    }
    return line ? line : "";
}

static void copy_part(char *out, size_t size, const char *line, int n)
{
    const char *from = part_of(line, n);
    snprintf(out, size, "%.*s", (int)strcspn(from, "|"), from);
}

static const char *line_of(const struct show_season *season, int i)
{
    const json_t *lines = js_array(season->source, "episodes");
    return json_string_value(json_array_get(lines, (size_t)i));
}

int show_number(const struct show_season *season, int i)
{
    return season->first_number + i;
}

int show_episode_index(const struct show_season *season, int64_t number)
{
    int64_t i = number - season->first_number;
    return i >= 0 && i < season->n_episodes ? (int)i : -1;
}

int64_t show_air_day(const struct show_season *season, int i)
{
    char date[16] = "";
    int64_t ms;

    if (season->source)
        copy_part(date, sizeof(date), line_of(season, i), DATE);
    if (clock_is_date(date) && clock_parse(date, &ms))
        return ms / DAY_MS;
    if (season->first_day == SHOW_NO_DAY)
        return SHOW_NO_DAY;
    if (season->step_days == SHOW_WEEKDAYS)
        return season->first_day + i / 5 * 7 + i % 5;
    return season->first_day + (int64_t)i * season->step_days;
}

/* The lines of the tag that fits best among those in "names" of the season. */
static const json_t *lines_for(const struct show_season *season, const char *asked)
{
    const json_t *best = NULL;
    int best_fit = 0;
    const char *tag;
    json_t *lines;

    json_object_foreach (js_object(season->source, "names"), tag, lines) {
        char language[3] = { tag[0], tag[1], '\0' };
        int fit = film_language_fit(language, strlen(tag) == 5 ? tag + 3 : "", asked);
        if (fit > best_fit) {
            best = lines;
            best_fit = fit;
        }
    }
    return best;
}

bool show_translated(const struct show_season *season, int i, const char *asked, char *out_name,
                     size_t size, const char **out_overview)
{
    const json_t *lines = season->source ? lines_for(season, asked) : NULL;
    const char *line = json_string_value(json_array_get(lines, (size_t)i));

    if (text_is_empty(line))
        return false;
    copy_part(out_name, size, line, NAME);
    *out_overview = part_of(line, OVERVIEW);
    return true;
}

static void read_episode(const struct show_season *season, int i, const char *language,
                         struct show_episode *out)
{
    const char *line = line_of(season, i);
    int64_t tvdb_id = 0;
    char number[16];

    copy_part(number, sizeof(number), line, TVDB);
    text_to_int(number, 1, INT32_MAX, &tvdb_id);
    out->tvdb_id = tvdb_id ? tvdb_id : season->source && season->tvdb_id ? out->id : 0;
    out->has_still = i % 4 != 3 && season->number != 0;
    if (film_is_english(language)) {
        copy_part(out->name_text, sizeof(out->name_text), line, NAME);
        copy_part(out->overview_text, sizeof(out->overview_text), line, OVERVIEW);
        return;
    }
    show_translated(season, i, language, out->name_text, sizeof(out->name_text), &out->overview);
}

void show_episode(const struct show *show, const struct show_season *season, int i,
                  const char *language, struct show_episode *out)
{
    int64_t day = show_air_day(season, i);

    out->number = show_number(season, i);
    out->id = show->first_episode_id + season->n_before + i;
    out->air_date[0] = out->name_text[0] = out->overview_text[0] = out->imdb_id[0] = '\0';
    out->overview = out->overview_text;
    out->tvdb_id = 0;
    bool is_last = i == season->n_episodes - 1 && season->number;
    out->type = is_last ? "finale" : "standard";
    if (day != SHOW_NO_DAY)
        clock_format_date(day * DAY_MS, out->air_date);
    if (out->id % 3)
        snprintf(out->imdb_id, sizeof(out->imdb_id), "tt7%09lld",
                 (long long)out->id - INVENT_EPISODE_ID);
    if (season->source)
        read_episode(season, i, language, out);
    else
        invent_episode(show, season, i, language, out);
    if (!out->name_text[0])
        names_placeholder(out->name_text, sizeof(out->name_text), false, out->number, language);
    out->name = out->name_text;
}

const char *show_season_name(const struct show_season *season, const char *language, char out[64])
{
    if (season->name && film_is_english(language))
        return season->name;
    names_placeholder(out, 64, true, season->number, language);
    return out;
}

const char *show_season_overview(const struct show_season *season, const char *language)
{
    return film_is_english(language) ? season->overview : "";
}
