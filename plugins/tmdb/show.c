/* SPDX-License-Identifier: MIT */
#include "tmdb/show.h"

#include <string.h>

#include "common/field.h"
#include "tmdb/element.h"
#include "tmdb/episode.h"
#include "tmdb/item.h"
#include "tmdb/parts.h"

enum { MAX_SEASONS = 1000, MAX_EPISODES = 1000000, MAX_COUNT = 100000, MAX_TYPE = 64 };

static const struct item_status statuses[] = {
    { "Returning Series", "returning" },
    { "Planned", "planned" },
    { "In Production", "in_production" },
    { "Ended", "ended" },
    { "Canceled", "canceled" },
    { "Cancelled", "canceled" },
    { "Pilot", "pilot" },
};

static void write_creator(struct out *out, const json_t *person)
{
    const char *name = field_string(person, "name");

    if (!name)
        return;
    out_open(out, NULL, '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    element_path(out, "profile", person, "profile_path");
    element_ids(out, person);
    out_close(out, '}');
}

static void write_season(struct out *out, const json_t *season)
{
    int64_t number, n_episodes;

    if (!field_int(season, "season_number", 0, EPISODE_MAX_NUMBER, &number))
        return;
    out_open(out, NULL, '{');
    element_ids(out, season);
    out_int(out, "season_number", number);
    out_string(out, "name", field_string(season, "name"), ELEMENT_MAX_NAME);
    out_string(out, "overview", field_string(season, "overview"), ELEMENT_MAX_OVERVIEW);
    element_date(out, "air_date", field_string(season, "air_date"));
    element_path(out, "poster", season, "poster_path");
    if (field_int(season, "episode_count", 0, MAX_COUNT, &n_episodes))
        out_int(out, "episode_count", n_episodes);
    element_season_rating(out, season);
    out_close(out, '}');
}

/* The parts somebody played, one after the other as far as they fit: "Rose / Jenny". */
static void write_characters(struct out *out, const json_t *roles)
{
    OUT_AUTO text = OUT_INIT(PARTS_MAX_CHARACTER);
    size_t i;
    json_t *role;

    json_array_foreach (roles, i, role) {
        const char *character = field_string(role, "character");
        const size_t len = character ? strlen(character) : 0;

        if (len == 0 || text.len + len + 3 > PARTS_MAX_CHARACTER)
            continue;
        if (text.len > 0)
            out_add_text(&text, " / ");
        out_add(&text, character, len);
    }
    if (!text.failed)
        out_string(out, "character", text.bytes, PARTS_MAX_CHARACTER);
}

static void write_count(struct out *out, const json_t *object, const char *member)
{
    int64_t n;

    if (field_int(object, member, 0, MAX_COUNT, &n))
        out_int(out, "episode_count", n);
}

/* TMDB puts those with the most episodes first; its "order" is that of a single season, so it stays
 * out. */
static void write_cast(struct out *out, const json_t *person)
{
    const char *name = field_string(person, "name");

    if (!name)
        return;
    out_open(out, NULL, '{');
    out_string(out, "name", name, ELEMENT_MAX_NAME);
    write_characters(out, field_array(person, "roles"));
    write_count(out, person, "total_episode_count");
    element_path(out, "profile", person, "profile_path");
    element_ids(out, person);
    out_close(out, '}');
}

static void write_job(struct out *out, const json_t *person, const json_t *job)
{
    out_open(out, NULL, '{');
    out_string(out, "name", field_string(person, "name"), ELEMENT_MAX_NAME);
    out_string(out, "job", field_string(job, "job"), PARTS_MAX_WORD);
    out_string(out, "department", field_string(person, "department"), PARTS_MAX_WORD);
    write_count(out, job, "episode_count");
    element_path(out, "profile", person, "profile_path");
    element_ids(out, person);
    out_close(out, '}');
}

/* One entry per job, as with movies. */
static void write_crew(struct out *out, const json_t *crew)
{
    const struct out_mark before = out_mark(out);
    size_t i, j, n = 0;
    json_t *person, *job;

    out_open(out, "crew", '[');
    json_array_foreach (crew, i, person) {
        if (!field_string(person, "name"))
            continue;
        json_array_foreach (field_array(person, "jobs"), j, job) {
            if (n++ < PARTS_MAX_CREW)
                write_job(out, person, job);
        }
    }
    out_close(out, ']');
    if (n == 0)
        out_back(out, before);
}

/* TMDB's own list of lengths is mostly empty by now; the last episode tells. */
static void write_runtime(struct out *out, const json_t *detail)
{
    const json_t *first = json_array_get(field_array(detail, "episode_run_time"), 0);
    const json_int_t minutes = json_integer_value(first);

    if (minutes > 0 && minutes <= 100000)
        out_int(out, "runtime", minutes);
    else
        element_positive(out, field_object(detail, "last_episode_to_air"), "runtime", 100000);
}

static void write_airing(struct out *out, const json_t *detail)
{
    element_date(out, "last_air_date", field_string(detail, "last_air_date"));
    episode_write_one(out, "next_episode", field_object(detail, "next_episode_to_air"));
    episode_write_one(out, "last_episode", field_object(detail, "last_episode_to_air"));
    element_positive(out, detail, "number_of_seasons", MAX_COUNT);
    element_positive(out, detail, "number_of_episodes", MAX_EPISODES);
    out_string(out, "type", field_string(detail, "type"), MAX_TYPE);
    element_bool(out, detail, "in_production");
}

/* Without the cast of all seasons, that of the newest. */
static void write_people(struct out *out, const json_t *detail)
{
    const json_t *all = field_object(detail, "aggregate_credits");
    const json_t *newest = field_object(detail, "credits");

    if (!all && newest) {
        element_list(out, "cast", field_array(newest, "cast"), PARTS_MAX_CAST, parts_write_cast);
        element_list(out, "crew", field_array(newest, "crew"), PARTS_MAX_CREW, parts_write_crew);
        return;
    }
    element_list(out, "cast", field_array(all, "cast"), PARTS_MAX_CAST, write_cast);
    write_crew(out, field_array(all, "crew"));
}

bool show_write(struct out *out, const json_t *detail, const char *language)
{
    out_clear(out);
    out_open(out, NULL, '{');
    if (!item_write_basics(out, detail, &item_show, language))
        return false;
    item_write_status(out, field_string(detail, "status"), statuses,
                      sizeof(statuses) / sizeof(*statuses));
    write_runtime(out, detail);
    element_url(out, "homepage", field_string(detail, "homepage"));
    write_airing(out, detail);
    element_list(out, "networks", field_array(detail, "networks"), PARTS_MAX_COMPANIES,
                 parts_write_company);
    element_list(out, "created_by", field_array(detail, "created_by"), 100, write_creator);
    element_list(out, "seasons", field_array(detail, "seasons"), MAX_SEASONS, write_season);
    write_people(out, detail);
    parts_write(out, detail, &item_show);
    out_close(out, '}');
    return true;
}
