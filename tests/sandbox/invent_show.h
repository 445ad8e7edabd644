/* SPDX-License-Identifier: MIT
 *
 * The seasons and episodes of invented shows, in real-life numbers, each made on the fly from the
 * seed and the show's index.  Any thread. */
#pragma once

#include "show.h"

/* The first season and the first episode of the first invented show.  TVDB's numbers of invented
 * shows, seasons and episodes are their ids here. */
enum { INVENT_SEASON_ID = 800000000, INVENT_EPISODE_ID = 1000000000 };

/* Turns an invented film into the film part of a show. */
void invent_show_part(struct film *film);

/* The rest of a show whose film part is there. */
void invent_show(struct show *show);

void invent_episode(const struct show *show, const struct show_season *season, int i,
                    const char *language, struct show_episode *out);

/* The index of the show to which an episode belongs; -1: to none. */
int64_t invent_index_of_episode(int64_t episode_id);
