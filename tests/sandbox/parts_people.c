/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "chance.h"
#include "emit.h"
#include "parts_show.h"

/* Of an episode: at most so many of the show's crew, and of its guests. */
enum { EPISODE_CREW = 3, GUESTS_FROM = 6, MOST_GUESTS = 4 };

static bool plays(const struct show *show, size_t cast, const struct show_season *season)
{
    return !season || show_plays(show, cast, season);
}

static bool is_same(const struct film_credit *a, const struct film_credit *b)
{
    return strcmp(a->name, b->name) == 0;
}

void parts_cast(struct text *out, const struct show *show, const struct show_season *season)
{
    const struct film *film = show->film;
    int64_t order = 0;

    emit_begin(out, "cast", '[');
    for (size_t i = 0; i < film->n_cast; i++) {
        if (!plays(show, i, season))
            continue;
        emit_begin(out, NULL, '{');
        parts_person(out, &film->cast[i]);
        emit_string(out, "character", film->cast[i].role);
        parts_object_id(out, "credit_id", film->id, "cast", i);
        emit_int(out, "order", order++);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

void parts_crew(struct text *out, const struct show *show, const struct show_season *season)
{
    (void)season;
    emit_begin(out, "crew", '[');
    for (size_t i = 0; i < show->film->n_crew; i++)
        parts_crew_member(out, show->film, i);
    emit_end(out, ']');
}

/* Directors and writers take turns; what is left of the cast come as guests. */
void parts_episode_people(struct text *out, const struct show *show,
                          const struct show_season *season, int i)
{
    const struct film *film = show->film;
    int64_t order = 500;

    emit_begin(out, "crew", '[');
    for (size_t k = 0; k < MIN(film->n_crew, EPISODE_CREW); k++)
        parts_crew_member(out, film, (k + (size_t)i) % film->n_crew);
    emit_end(out, ']');
    emit_begin(out, "guest_stars", '[');
    for (size_t k = GUESTS_FROM + (size_t)i % 3, n = 0; k < film->n_cast && n < MOST_GUESTS;
         k += 2, n++) {
        if (!plays(show, k, season))
            continue;
        emit_begin(out, NULL, '{');
        parts_person(out, &film->cast[k]);
        emit_string(out, "character", film->cast[k].role);
        parts_object_id(out, "credit_id", film->id, "guest", k);
        emit_int(out, "order", order++);
        emit_end(out, '}');
    }
    emit_end(out, ']');
}

static int episodes_of(const struct show *show, size_t cast, const struct show_season *only)
{
    int n = 0;

    for (size_t i = 0; i < show->n_seasons; i++) {
        const struct show_season *season = &show->seasons[i];
        if ((!only || only == season) && season->number && show_plays(show, cast, season))
            n += season->n_episodes;
    }
    return n;
}

static bool is_repeated(const struct film_credit *credits, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (is_same(&credits[k], &credits[i]))
            return true;
    }
    return false;
}

/* Somebody with two characters is one row with two roles. */
static void emit_roles(struct text *out, const struct show *show, size_t first,
                       const struct show_season *season)
{
    const struct film *film = show->film;
    int total = 0;

    emit_begin(out, "roles", '[');
    for (size_t i = first; i < film->n_cast; i++) {
        int n = episodes_of(show, i, season);
        if (!is_same(&film->cast[i], &film->cast[first]) || !n)
            continue;
        emit_begin(out, NULL, '{');
        parts_object_id(out, "credit_id", film->id, "cast", i);
        emit_string(out, "character", film->cast[i].role);
        emit_int(out, "episode_count", n);
        emit_end(out, '}');
        total += n;
    }
    emit_end(out, ']');
    emit_int(out, "total_episode_count", total);
}

static void emit_jobs(struct text *out, const struct show *show, size_t i, int n_episodes)
{
    const struct film_credit *credit = &show->film->crew[i];

    emit_begin(out, NULL, '{');
    parts_person(out, credit);
    emit_begin(out, "jobs", '[');
    emit_begin(out, NULL, '{');
    parts_object_id(out, "credit_id", show->film->id, "crew", i);
    emit_string(out, "job", credit->role);
    emit_int(out, "episode_count", n_episodes);
    emit_end(out, '}');
    emit_end(out, ']');
    emit_string(out, "department", credit->department);
    emit_int(out, "total_episode_count", n_episodes);
    emit_end(out, '}');
}

void parts_aggregate(struct text *out, const struct show *show, const struct show_season *season)
{
    const struct film *film = show->film;
    int n_episodes;

    show_count(show, &n_episodes);
    emit_begin(out, "cast", '[');
    for (size_t i = 0, order = 0; i < film->n_cast; i++) {
        if (is_repeated(film->cast, i) || !plays(show, i, season))
            continue;
        emit_begin(out, NULL, '{');
        parts_person(out, &film->cast[i]);
        emit_roles(out, show, i, season);
        emit_int(out, "order", (int64_t)order++);
        emit_end(out, '}');
    }
    emit_end(out, ']');
    emit_begin(out, "crew", '[');
    for (size_t i = 0; i < film->n_crew; i++)
        emit_jobs(out, show, i, season ? season->n_episodes : n_episodes);
    emit_end(out, ']');
}
