/* SPDX-License-Identifier: MIT
 *
 * A show, its seasons and its episodes as JSON, piece by piece in TMDB's shapes.  Pure; any thread.
 */
#pragma once

#include "parts.h"
#include "show.h"

/* What is asked for, and with which parameters. */
struct parts_show_ask {
    const struct show *show;
    const struct show_season *season; /* NULL: the show itself */
    int episode;                      /* -1: the season itself */
    struct parts_ask common;          /* of show->film */
};

/* The members of a detail, without braces. */
void parts_show_detail(struct text *out, const struct show *show, const char *language);
void parts_season_detail(struct text *out, const struct parts_show_ask *ask);
void parts_episode_detail(struct text *out, const struct parts_show_ask *ask);

/* Rows of lists, in braces; media_type NULL leaves that key out. */
void parts_show_row(struct text *out, const struct show *show, const char *language,
                    const char *media_type);
void parts_season_row(struct text *out, const struct show *show, const struct show_season *season,
                      const char *language);
void parts_episode_row(struct text *out, const char *key, const struct show *show,
                       const struct show_season *season, int i, const char *language,
                       const char *media_type);

/* The members of sub-resource `name` of the show, season or episode, without braces and without its
 * id; false: there is no such thing. */
bool parts_show_write(struct text *out, const char *name, const struct parts_show_ask *ask);

/* Shared by parts_show*.c: who plays and who makes.  `season` NULL: all together. */
void parts_cast(struct text *out, const struct show *show, const struct show_season *season);
void parts_crew(struct text *out, const struct show *show, const struct show_season *season);
void parts_aggregate(struct text *out, const struct show *show, const struct show_season *season);
void parts_episode_people(struct text *out, const struct show *show,
                          const struct show_season *season, int i);
