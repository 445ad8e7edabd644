/* SPDX-License-Identifier: MIT
 *
 * TMDB's seasons as media documents (docs/media-document.md), episodes and all.  Pure but for
 * today's date; any thread. */
#pragma once

#include "tmdb/episode.h"

/* A season and what is known around it; everything borrowed. */
struct season_source {
    const json_t *show;                    /* the show's detail: ids and title */
    const json_t *season;                  /* in the main language */
    const char *language;                  /* that one */
    const struct season_edition *editions; /* other languages, each once */
    size_t n_editions;
};

/* False when it is no season: no number or no id, or no show.  `lean`: without the people of its
 * episodes, for one that would be too large otherwise. */
bool season_write(struct out *out, const struct season_source *source, bool lean);

/* Whether an episode that was shown already lacks a name that says something, in the main language
 * and in all editions; with `overviews`, also whether one lacks its overview in the main
 * language. */
bool season_lacks_texts(const struct season_source *source, bool overviews, int32_t today);
