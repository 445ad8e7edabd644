/* SPDX-License-Identifier: MIT
 *
 * What a show says of its seasons and episodes, in the language of whoever reads it.  The show's
 * record has them in one language; the stored seasons have them in all, so their texts go first.
 * Any thread. */
#pragma once

#include "media/season.h"
#include "service/catalog.h"

/* `json` is a show as card_render() wrote it: its `seasons`, `next_episode` and `last_episode`
 * become those of the stored seasons, as the routes of seasons and episodes show them, without
 * their people.  Its own stay where no such season or episode is stored, where an operator locked
 * them, and where they have a name and the stored episode only a number ("Episode 3"). */
int show_parts_put(struct catalog *catalog, uint32_t show, const struct season_reader *reader,
                   struct text *json, struct error *err);
