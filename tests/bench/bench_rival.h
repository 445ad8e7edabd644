/* SPDX-License-Identifier: MIT
 *
 * SQLite on the rows of bench_index, with FTS5, and on the cards of scale_index: what the index and
 * the store are measured against.  NULL where it was built without. One thread. */
#pragma once

#include "media/card.h"
#include "media/filter.h"

struct bench_row {
    struct card_facts facts;
    char title[128];
};

enum bench_rival_way {
    BENCH_RIVAL_WORDS,
    BENCH_RIVAL_WORDS_BY_TRIGRAMS,
    BENCH_RIVAL_WORDS_RANKED, /* by match and popularity, with a total, as ours are */
    BENCH_RIVAL_PREFIX,       /* the last word is open */
    BENCH_RIVAL_TYPO,         /* any three letters that the query has */
    BENCH_RIVAL_LIST,
    BENCH_RIVAL_WAYS,
};
const char *bench_rival_name(enum bench_rival_way way);

struct bench_rival;
struct bench_rival *bench_rival_new(const struct bench_row *rows, uint32_t n);
void bench_rival_free(struct bench_rival *rival);
DEFINE_CLEANUP(struct bench_rival *, bench_rival_free);
double bench_rival_built_s(const struct bench_rival *rival);

/* The twenty best, read to the end. */
void bench_rival_ask(struct bench_rival *rival, enum bench_rival_way way, const char *query,
                     const struct filter *filter, uint64_t skip);

/* Cards by the primary key, in a temporary file of SQLite's. */
struct bench_rival_cards;
struct bench_rival_cards *bench_rival_cards_new(unsigned cache_kib);
void bench_rival_cards_free(struct bench_rival_cards *cards);
DEFINE_CLEANUP(struct bench_rival_cards *, bench_rival_cards_free);
void bench_rival_cards_add(struct bench_rival_cards *cards, uint32_t id, const void *card,
                           size_t len);

/* Reads begin: what was added is in the file. */
void bench_rival_cards_ready(struct bench_rival_cards *cards);
void bench_rival_cards_get(struct bench_rival_cards *cards, uint32_t id, struct text *out);
