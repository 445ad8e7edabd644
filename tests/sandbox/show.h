/* SPDX-License-Identifier: MIT
 *
 * A show as the sandbox knows it: its film part, and seasons whose episodes are made one by one
 * when asked for, out of the data files or out of nothing.  A plain value that borrows from the
 * library, like a film.  Any thread, object not shared. */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "film.h"

enum { SHOW_MAX_SEASONS = 16, SHOW_MAX_PEOPLE = 4, SHOW_MAX_EPISODES = 400 };

/* Episodes from Monday to Friday; and a day that nobody knows. */
enum { SHOW_WEEKDAYS = -1, SHOW_NO_DAY = INT32_MIN };

struct show_season {
    int number;
    int64_t id;
    int64_t tvdb_id;      /* 0 unknown */
    const char *name;     /* English; NULL: has none */
    const char *overview; /* English */
    int64_t first_day;    /* days since 1970 */
    int step_days;        /* from one episode to the next; 0: all on one day */
    int first_number;     /* 1, sometimes 0 */
    int n_episodes;
    int n_before; /* episodes of the seasons before it */
    int runtime;  /* minutes; 0 unknown */
    bool has_poster;
    const json_t *source; /* NULL: invented */
};

/* The seasons in which somebody of the cast plays. */
struct show_span {
    int from, until;
};

struct show {
    struct film *film;
    const char *type;
    int64_t tvdb_id;          /* 0 unknown */
    int64_t first_episode_id; /* the others follow it */
    uint64_t seed;            /* of the words of invented episodes */
    struct film_credit creators[SHOW_MAX_PEOPLE];
    struct film_company networks[SHOW_MAX_PEOPLE];
    size_t n_creators, n_networks;
    struct show_span spans[FILM_MAX_CREDITS]; /* of film->cast */
    struct show_season seasons[SHOW_MAX_SEASONS];
    size_t n_seasons;
};

struct show_episode {
    int number;
    int64_t id;
    int64_t tvdb_id; /* 0 unknown */
    const char *name;
    const char *overview;
    const char *type; /* "standard", "finale" */
    bool has_still;
    char imdb_id[32];              /* "" none */
    char air_date[CLOCK_TEXT_LEN]; /* "" unknown */
    char name_text[160];
    char overview_text[500];
};

/* Takes the film over.  `source` NULL: an invented show; slot is the position among the real ones.
 */
struct show *show_new(struct film *film, const json_t *source, uint32_t slot, uint64_t seed);
void show_free(struct show *show);
DEFINE_CLEANUP(struct show *, show_free);

/* NULL: it has no such season. */
const struct show_season *show_season(const struct show *show, int64_t number);

/* -1: the season has no such episode. */
int show_episode_index(const struct show_season *season, int64_t number);

/* The number of the i-th, and the day it airs or aired, or SHOW_NO_DAY. */
int show_number(const struct show_season *season, int i);
int64_t show_air_day(const struct show_season *season, int i);

/* Everything in the language; without a translation the name is a placeholder, the overview "". */
void show_episode(const struct show *show, const struct show_season *season, int i,
                  const char *language, struct show_episode *out);

/* The name of a season likewise. */
const char *show_season_name(const struct show_season *season, const char *language, char out[64]);
const char *show_season_overview(const struct show_season *season, const char *language);

/* where < 0: the last episode up to today, else the first one after; specials do not count. */
bool show_next_to_today(const struct show *show, int where, const struct show_season **out_season,
                        int *out_i);

/* The number of regular seasons, and of episodes in them. */
int show_count(const struct show *show, int *out_episodes);

/* The text of a translation of an episode, as {"names": {"de-DE": ["Name|Overview", ...]}} has it.
 */
bool show_translated(const struct show_season *season, int i, const char *asked, char *out_name,
                     size_t size, const char **out_overview);
bool show_plays(const struct show *show, size_t cast, const struct show_season *season);
