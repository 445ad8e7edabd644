/* SPDX-License-Identifier: MIT */
#include "show.h"

#include <string.h>

#include "base/json.h"
#include "invent_show.h"
#include "names.h"
#include "read.h"

enum { DAY_MS = 24 * 3600 * 1000, BLOCK_WEEKS = 12 };

/* Of real shows; those of invented ones are in invent_show.c, far below. */
enum { REAL_SEASON_ID = 1800000000, REAL_EPISODE_ID = 1900000000, REAL_STRIDE = 2000 };

static int64_t today(void)
{
    return clock_wall_ms() / DAY_MS;
}

static int64_t day_of(const char *date)
{
    int64_t ms;
    return date && clock_is_date(date) && clock_parse(date, &ms) ? ms / DAY_MS : SHOW_NO_DAY;
}

static int year_of_today(void)
{
    char text[CLOCK_TEXT_LEN];
    int64_t year = 0;

    clock_format_date(clock_wall_ms(), text);
    text[4] = '\0';
    text_to_int(text, 0, 9999, &year);
    return (int)year;
}

/* The first Monday of a year: 1970-01-01 was a Thursday. */
static int64_t first_monday(int year)
{
    char text[16];
    snprintf(text, sizeof(text), "%04d-01-01", year);
    int64_t day = day_of(text);
    return day + (11 - day % 7) % 7;
}

/* "from": a date; "year": -1 the year before this one, whose number the season has; "running": a
 * season of twelve weeks around today, which stays the same until it is over. */
static void read_days(struct show_season *season, const json_t *json)
{
    const json_t *year = json_object_get(json, "year");

    season->step_days = (int)js_int(json, "every", 7);
    season->first_day = day_of(js_string(json, "from"));
    if (year) {
        int number = year_of_today() + (int)json_integer_value(year);
        season->number = number;
        season->first_day = first_monday(number);
        season->step_days = SHOW_WEEKDAYS;
    }
    if (js_bool(json, "running", false)) {
        int64_t block = (int64_t)BLOCK_WEEKS * 7;
        season->first_day = today() / block * block;
    }
}

static void read_season(struct show *show, const json_t *json, uint32_t slot, int *n_before)
{
    size_t at = show->n_seasons++;
    struct show_season *season = &show->seasons[at];
    size_t n_written = json_array_size(js_array(json, "episodes"));

    *season = (struct show_season){
        .number = (int)js_int(json, "number", 1),
        .id = REAL_SEASON_ID + (int64_t)slot * 64 + (int64_t)at,
        .tvdb_id = js_int(json, "tvdb_id", 0),
        .name = js_string(json, "name"),
        .overview = read_string(json, "overview", ""),
        .first_number = (int)js_int(json, "first", 1),
        .n_episodes = (int)js_int(json, "count", (int64_t)MIN(n_written, SHOW_MAX_EPISODES)),
        .n_before = *n_before,
        .runtime = (int)js_int(json, "runtime", 0),
        .has_poster = js_bool(json, "poster", true),
        .source = json,
    };
    season->n_episodes = MIN(season->n_episodes, SHOW_MAX_EPISODES);
    *n_before += season->n_episodes;
    read_days(season, json);
}

/* "Name|Character|f|1-3": the last part says in which seasons. */
static void read_span(struct show_span *span, const char *line)
{
    const char *at = line;
    char number[8];
    int64_t value;

    *span = (struct show_span){ 0, INT32_MAX };
    for (int bars = 0; at && bars < 3; bars++) {
        at = strchr(at, '|');
        at += at != NULL;
    }
    if (text_is_empty(at))
        return;
    snprintf(number, sizeof(number), "%.*s", (int)strcspn(at, "-"), at);
    if (!text_to_int(number, 0, 9999, &value))
        return;
    *span = (struct show_span){ (int)value, (int)value };
    const char *dash = strchr(at, '-');
    if (dash && text_to_int(dash + 1, 0, 9999, &value))
        span->until = (int)value;
}

static void read_people(struct show *show, const json_t *source)
{
    const json_t *lines = js_array(source, "created_by");
    show->n_creators = MIN(json_array_size(lines), SHOW_MAX_PEOPLE);
    for (size_t i = 0; i < show->n_creators; i++)
        show->creators[i] =
            (struct film_credit){ .name = json_string_value(json_array_get(lines, i)) };

    lines = js_array(source, "networks");
    show->n_networks = MIN(json_array_size(lines), SHOW_MAX_PEOPLE);
    for (size_t i = 0; i < show->n_networks; i++) {
        const char *line = json_string_value(json_array_get(lines, i));
        show->networks[i] =
            (struct film_company){ read_part(show->film, line, 0), read_part(show->film, line, 1) };
    }
    for (size_t i = 0; i < show->film->n_cast; i++)
        read_span(&show->spans[i], json_string_value(json_array_get(js_array(source, "cast"), i)));
}

static void read_show(struct show *show, const json_t *source, uint32_t slot)
{
    const json_t *seasons = js_array(source, "seasons");
    int n_before = 0;

    show->type = read_string(source, "type", "Scripted");
    show->tvdb_id = js_int(source, "tvdb_id", 0);
    show->first_episode_id = REAL_EPISODE_ID + (int64_t)slot * REAL_STRIDE;
    read_people(show, source);
    for (size_t i = 0; i < MIN(json_array_size(seasons), SHOW_MAX_SEASONS); i++)
        read_season(show, json_array_get(seasons, i), slot, &n_before);
}

/* A show begins with its first regular episode. */
static void find_first_date(struct show *show)
{
    char text[CLOCK_TEXT_LEN];

    for (size_t i = 0; i < show->n_seasons; i++) {
        const struct show_season *season = &show->seasons[i];
        if (season->number == 0 || !season->n_episodes || show_air_day(season, 0) == SHOW_NO_DAY)
            continue;
        clock_format_date(show_air_day(season, 0) * DAY_MS, text);
        show->film->release_date = film_keep(show->film, "%s", text);
        return;
    }
}

/* What changed shows in the newest season too. */
static void show_revision(struct show *show)
{
    if (!show->film->revision || !show->n_seasons)
        return;
    struct show_season *season = &show->seasons[show->n_seasons - 1];
    season->overview = film_keep(show->film, "%s%s(Revision %u)", season->overview,
                                 season->overview[0] ? " " : "", show->film->revision);
}

struct show *show_new(struct film *film, const json_t *source, uint32_t slot, uint64_t seed)
{
    struct show *show = mem_new(struct show);

    show->film = film;
    show->seed = seed;
    if (source)
        read_show(show, source, slot);
    else
        invent_show(show);
    find_first_date(show);
    show_revision(show);
    return show;
}

void show_free(struct show *show)
{
    if (!show)
        return;
    film_free(show->film);
    free(show);
}

const struct show_season *show_season(const struct show *show, int64_t number)
{
    for (size_t i = 0; i < show->n_seasons; i++) {
        if (show->seasons[i].number == number)
            return &show->seasons[i];
    }
    return NULL;
}

static bool is_better(int64_t day, int64_t best, int64_t now, int where)
{
    if (day == SHOW_NO_DAY || (where < 0) != (day <= now))
        return false;
    return best == SHOW_NO_DAY || (where < 0 ? day >= best : day < best);
}

bool show_next_to_today(const struct show *show, int where, const struct show_season **out_season,
                        int *out_i)
{
    int64_t now = today();
    int64_t best = SHOW_NO_DAY;

    for (size_t k = 0; k < show->n_seasons; k++) {
        const struct show_season *season = &show->seasons[k];
        for (int i = 0; season->number && i < season->n_episodes; i++) {
            int64_t day = show_air_day(season, i);
            if (!is_better(day, best, now, where))
                continue;
            best = day;
            *out_season = season;
            *out_i = i;
        }
    }
    return best != SHOW_NO_DAY;
}

int show_count(const struct show *show, int *out_episodes)
{
    int n = 0;

    *out_episodes = 0;
    for (size_t i = 0; i < show->n_seasons; i++) {
        n += show->seasons[i].number != 0;
        *out_episodes += show->seasons[i].number ? show->seasons[i].n_episodes : 0;
    }
    return n;
}

bool show_plays(const struct show *show, size_t cast, const struct show_season *season)
{
    return season->number >= show->spans[cast].from && season->number <= show->spans[cast].until;
}
