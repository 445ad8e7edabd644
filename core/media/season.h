/* SPDX-License-Identifier: MIT
 *
 * A season: what its providers say of it, merged as an item's records are (media/merge.h), episode
 * by episode, and packed into bytes from which the season, a page of its episodes or one of them is
 * rendered in any language without parsing JSON.  Episodes stand in the order of their numbers,
 * each once.  A placeholder ("Episode 1") is there only when no provider has another name in any
 * language.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "base/text.h"
#include "media/language.h"
#include "media/merge.h"

/* The merged season (new reference), which season_pack() reads: per field the first record in the
 * field's order that has it, names as "title"; people, ids, images, videos and episodes are united.
 * `texts` of a season and of an episode are {language: {"title", "overview"}}, `posters` {language:
 * path}; "" is the language nobody knows.  At least one record; they are read, not changed.  The
 * same input gives the same bytes. */
json_t *season_merge(const struct merge_record *records, size_t n,
                     const struct merge_policy *policy);
void season_pack(const json_t *season, struct text *out);

struct season_facts {
    uint32_t season_number;
    uint32_t n_episodes;
};

/* False when the bytes are not a season. */
bool season_facts_read(const void *bytes, size_t len, struct season_facts *out);

/* Calls `each` for every episode that has a date, in the order of their numbers; false when the
 * bytes are broken. */
typedef void season_airing(int32_t day, uint32_t episode, void *context);
bool season_airings(const void *bytes, size_t len, season_airing *each, void *context);

/* Whom it is rendered for. */
struct season_reader {
    const struct language_wish *wish;
    const char *original_language; /* of the show; NULL: unknown */
};

/* Appends the season as a JSON object; `whole`: with its cast, crew, pictures, videos and its
 * episodes in their short form.  out_language becomes the name's.  False, as the other two, when
 * the bytes are broken or the limit of `out` is passed. */
bool season_render(const void *bytes, size_t len, uint32_t show, const struct season_reader *reader,
                   bool whole, struct text *out, char out_language[LANGUAGE_LEN]);

/* Appends a JSON array of whole episodes: `limit` of them behind the first `skip`. */
bool season_render_episodes(const void *bytes, size_t len, const struct season_reader *reader,
                            uint64_t skip, uint32_t limit, struct text *out);

/* Appends one episode; nothing, and *out_found is false, when it is not there.  `extra`, when not
 * NULL, are members to add (",\"show\":{}"). */
bool season_render_episode(const void *bytes, size_t len, const struct season_reader *reader,
                           uint32_t number, bool whole, const char *extra, bool *out_found,
                           struct text *out, char out_language[LANGUAGE_LEN]);
