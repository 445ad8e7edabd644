/* SPDX-License-Identifier: MIT
 *
 * The packed form of a season, shared by season_pack.c (writes) and season.c (renders).  Private to
 * core/media.
 *
 *   letter 'S', version, season number and number of episodes (4 bytes each, little endian), then
 *   five sections, each behind its length:
 *     languages  as in a card
 *     texts      of the season, as in a card: title (its name), overview, poster
 *     plain      members of the season that do not depend on a language, with leading commas
 *     whole      further ones, the same way
 *     episodes   one section each: number (varint), day of its date (4 bytes, little endian; the
 *                least number: unknown), and behind their lengths texts, plain and whole members */
#pragma once

#include "media/card_format.h"

enum { SEASON_VERSION = 1, SEASON_LETTER = 'S' };

enum season_section {
    SEASON_LANGUAGES,
    SEASON_TEXTS,
    SEASON_PLAIN,
    SEASON_WHOLE,
    SEASON_EPISODES,
    SEASON_SECTIONS,
};
