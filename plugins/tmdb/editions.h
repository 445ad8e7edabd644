/* SPDX-License-Identifier: MIT
 *
 * Seasons of one show in several languages.  TMDB has no translations of episodes but for one
 * request per episode, and names an untranslated one "Episode 3".  So the seasons are asked for
 * again, twenty at a time, in
 *
 *   1. each language of the option `languages`;
 *   2. English, those that lack a name or an overview of an episode that was shown;
 *   3. the show's original language, those that still lack such a name.
 *
 * That makes at most six requests more per twenty seasons, and none for a show that is complete in
 * the main language.  On the thread of the call. */
#pragma once

#include "tmdb/season.h"
#include "tmdb/tmdb.h"

enum { EDITIONS_MAX_SEASONS = 20, EDITIONS_MAX = TMDB_MAX_LANGUAGES + 2 };

/* Up to twenty seasons that one answer brought. */
struct editions {
    struct provider *self;
    struct provider_call *call;
    const json_t *show;   /* its detail; borrowed */
    const json_t *main;   /* holds the seasons in the main language; borrowed */
    struct out *document; /* borrowed */

    int64_t numbers[EDITIONS_MAX_SEASONS];
    size_t n;
    struct {
        char language[TAG_SIZE];
        json_t *answers[EDITIONS_MAX_SEASONS]; /* one per request, mostly one */
        size_t n_answers;
    } others[EDITIONS_MAX];
    size_t n_others;
};
void editions_done(struct editions *editions);

/* ",season/3" */
void editions_append(struct out *list, int64_t number);

/* The season of that number in an answer, or NULL. */
const json_t *editions_season(const json_t *answer, int64_t number);

/* The show with these seasons and nothing else; a new reference. */
int editions_ask(struct provider *self, struct provider_call *call, int64_t id,
                 const int64_t *numbers, size_t n, const char *language, json_t **out);

/* Takes a season up if the answer brought it; asks for the other languages; emits them all. */
void editions_add(struct editions *editions, int64_t number);
int editions_complete(struct editions *editions);
int editions_emit(struct editions *editions);
