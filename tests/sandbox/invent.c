/* SPDX-License-Identifier: MIT */
#include "invent.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "chance.h"
#include "invent_parts.h"
#include "invent_show.h"
#include "words.h"

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

void invent_init(struct invent *invent, uint32_t n, uint64_t seed, bool shows)
{
    struct chance chance = chance_of(seed, 0);
    *invent = (struct invent){ .shows = shows, .seed = seed, .n = n, .n_ranked = n, .step = 1 };
    if (n < 3)
        return;
    invent->step = n / 2 + chance_below(&chance, n / 2);
    while (common_divisor(invent->step, n) != 1)
        invent->step++;
    invent->offset = chance_below(&chance, n);
}

int64_t invent_index(const struct invent *invent, int64_t id)
{
    int64_t index = id - FILM_INVENTED_ID;
    return index >= 0 && index < invent->n ? index : -1;
}

uint32_t invent_rank(const struct invent *invent, uint32_t index)
{
    if (index >= invent->n_ranked)
        return index;
    return (uint32_t)(((uint64_t)index * invent->step + invent->offset) % invent->n_ranked);
}

double invent_popularity(uint32_t rank)
{
    return 0.002 + 60.0 / pow(rank + 1.0, 0.7);
}

int64_t invent_id_of_imdb(const struct invent *invent, const char *imdb_id)
{
    int64_t number;
    if (!text_starts_with(imdb_id, invent->shows ? "tt8" : "tt9") ||
        !text_to_int(imdb_id + 3, FILM_INVENTED_ID, INT32_MAX, &number))
        return -1;
    return invent_index(invent, number) < 0 ? -1 : number;
}

static void pick_title(struct film *film, struct chance *chance)
{
    enum { ADJECTIVE, NOUN, OTHER, PLACE, NAME, N_WORDS };
    static const struct {
        const char *pattern;
        int first, second;
    } titles[] = {
        { "The $1 $2", ADJECTIVE, NOUN },
        { "$1 of $2", NOUN, PLACE },
        { "$1's $2", NAME, NOUN },
        { "A $1 in $2", NOUN, PLACE },
        { "The $1 and the $2", NOUN, OTHER },
        { "$1 $2", ADJECTIVE, NOUN },
        { "$1 $2: $3", ADJECTIVE, NOUN },
        { "Last $1 to $2", NOUN, PLACE },
        { "$1 $3", NOUN, OTHER },
        { "When the $1 $3", NOUN, OTHER },
    };
    static const char *const numbers[] = { "2", "3", "4" };
    const char *words[N_WORDS];

    words[ADJECTIVE] = CHANCE_PICK(chance, words_adjectives);
    words[NOUN] = CHANCE_PICK(chance, words_nouns);
    words[OTHER] = CHANCE_PICK(chance, words_nouns);
    words[PLACE] = CHANCE_PICK(chance, words_places);
    words[NAME] = CHANCE_PICK(chance, words_first_names);
    size_t i = chance_below(chance, ARRAY_LEN(titles));
    const char *third = "";
    if (i == 6)
        third = CHANCE_PICK(chance, words_subtitles);
    else if (i == 8)
        third = CHANCE_PICK(chance, numbers);
    else if (i == 9)
        third = CHANCE_PICK(chance, words_verbs);
    film->title =
        film_fill(film, titles[i].pattern, words[titles[i].first], words[titles[i].second], third);
}

/* Most films are English; the rest bring titles in their own scripts. */
static void pick_original(struct film *film, struct chance *chance)
{
    film->original_title = film->title;
    film->original_language = "en";
    if (chance_below(chance, 100) < 62)
        return;
    const struct words_foreign *foreign = &CHANCE_PICK(chance, words_foreign);
    film->original_language = foreign->language;
    film->original_title = film_fill(film, foreign->title, CHANCE_PICK(chance, foreign->nouns),
                                     CHANCE_PICK(chance, foreign->nouns), "");
}

static void pick_date(struct film *film, struct chance *chance)
{
    /* Half of all films are of the last fifteen years, as in the real catalogue. */
    uint32_t age = chance_below(chance, 2) ? chance_below(chance, 15) : chance_below(chance, 95);
    unsigned month = 1 + chance_below(chance, 12);
    unsigned day = 1 + chance_below(chance, 28);

    film->status = "Released";
    if (chance_in(chance, 60)) {
        film->release_date = "";
        film->status = CHANCE_PICK(chance, words_unreleased);
        return;
    }
    film->release_date = film_keep(film, "%u-%02u-%02u", 2025 - age, month, day);
}

static void pick_numbers(struct film *film, struct chance *chance, double popularity)
{
    film->popularity = popularity;
    film->vote_count = (int64_t)(popularity * (20 + chance_below(chance, 250)));
    film->vote_average = film->vote_count ? 3.5 + (double)chance_below(chance, 5200) / 1000 : 0;
    film->runtime = 70 + (int)chance_below(chance, 85);
    if (chance_in(chance, 12))
        film->runtime = chance_in(chance, 2) ? 0 : -1;
    if (popularity > 2) {
        film->budget = (int64_t)chance_below(chance, 200000) * 1000;
        film->revenue = (int64_t)chance_below(chance, 2900000) * 1000; /* passes 2^31 at times */
    }
    film->n_posters = chance_in(chance, 15) ? 0 : 1 + (int)chance_below(chance, 6);
    film->n_backdrops = chance_in(chance, 8) ? 0 : 1 + (int)chance_below(chance, 4);
    film->n_logos = (int)chance_below(chance, 3);
    film->n_genres = 1 + chance_below(chance, 3);
    uint32_t first = chance_below(chance, (uint32_t)n_words_genres);
    for (size_t i = 0; i < film->n_genres; i++)
        film->genres[i] = words_genres[(first + i * 5) % n_words_genres];
}

static void write_overview(struct film *film, struct chance *chance)
{
    if (chance_in(chance, 25)) {
        film->overview = "";
        return;
    }
    const char *hero = CHANCE_PICK(chance, words_first_names);
    const char *opening =
        film_fill(film, CHANCE_PICK(chance, words_openings), hero, CHANCE_PICK(chance, words_jobs),
                  CHANCE_PICK(chance, words_places));
    film->overview = film_keep(film, "%s %s %s", opening, CHANCE_PICK(chance, words_middles),
                               CHANCE_PICK(chance, words_endings));
}

struct film *invent_film(const struct invent *invent, uint32_t index, enum invent_depth depth)
{
    struct film *film = film_new();
    struct chance chance = chance_of(invent->seed, index + 1u);

    film->id = (int64_t)FILM_INVENTED_ID + index;
    pick_title(film, &chance);
    pick_original(film, &chance);
    pick_date(film, &chance);
    pick_numbers(film, &chance, invent_popularity(invent_rank(invent, index)));
    write_overview(film, &chance);
    film->tagline = "";
    film->homepage = "";
    if (invent->shows)
        invent_show_part(film);
    if (depth == INVENT_DETAIL)
        invent_parts(film, &chance);
    return film;
}
