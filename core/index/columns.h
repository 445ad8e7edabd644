/* SPDX-License-Identifier: MIT
 *
 * What a generation knows of each item: one column per fact, by ordinal, and for what filters ask
 * one bit per item.  Numbers have ladders: rungs at chosen values, each with the set of the items
 * that reach it, so that a range is two sets and a few items in between to look at.  Immutable once
 * made; any thread. */
#pragma once

#include "index/bits.h"
#include "media/card.h"
#include "media/filter.h"

enum { COLUMNS_MAX_RUNGS = 64, COLUMNS_LANGUAGES = 4096 };

struct columns_ladder {
    uint32_t n;
    int32_t values[COLUMNS_MAX_RUNGS]; /* rising; the first is the least known value */
    int32_t lasts[COLUMNS_MAX_RUNGS];  /* the greatest known value below the next rung */
    uint64_t *bits;                    /* n sets: the items that have at least that value */
};

enum columns_number {
    COLUMNS_YEAR,
    COLUMNS_RATING,
    COLUMNS_RUNTIME,
    COLUMNS_VOTES,
    COLUMNS_NUMBERS
};

struct columns {
    uint32_t n;
    size_t n_words; /* of each set */
    uint32_t *ids;
    double *popularity;
    int64_t *added_at_ms, *updated_at_ms;
    int32_t *release_day, *votes;
    uint16_t *years, *ratings, *runtimes; /* 0: unknown */
    uint16_t *languages;                  /* places in language_tags */
    uint32_t *language_tags;              /* four bytes each, as the card has them */
    uint32_t n_languages;

    uint64_t *sets; /* the memory of all that follow */
    uint64_t *genres[64], *statuses[16], *qualities[8], *kinds[2]; /* NULL: no such item */
    uint64_t *alive, *available;
    uint64_t **language_sets; /* by place; NULL: so few that the column will do */
    struct columns_ladder ladders[COLUMNS_NUMBERS];
};

/* `order` are places in `facts`, best first. */
struct columns_row { /* the same facts, smaller */
    uint64_t genres;
    double popularity;
    int64_t added_at_ms, updated_at_ms;
    uint32_t id;
    int32_t release_day, votes;
    uint16_t year, runtime, rating;
    uint8_t kind, status, qualities, flags;
    char language[4];
};
struct columns_row columns_row_make(const struct card_facts *facts);

void columns_make(const struct columns_row *rows, const uint32_t *order, uint32_t n,
                  struct columns *out);
void columns_done(struct columns *columns);
uint64_t columns_bytes(const struct columns *columns);

/* The place of an original language; UINT32_MAX: no item has it. */
uint32_t columns_language(const struct columns *columns, const char *language);

static inline int32_t columns_number(const struct columns *columns, enum columns_number which,
                                     uint32_t ordinal)
{
    switch (which) {
    case COLUMNS_YEAR:
        return columns->years[ordinal];
    case COLUMNS_RATING:
        return columns->ratings[ordinal];
    case COLUMNS_RUNTIME:
        return columns->runtimes[ordinal];
    default:
        return columns->votes[ordinal];
    }
}
