/* SPDX-License-Identifier: MIT
 *
 * SQLite with FTS5 on the rows of bench_index: what the index is measured against.  NULL where it
 * was built without. One thread. */
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

/* The twenty best, read to the end. */
void bench_rival_ask(struct bench_rival *rival, enum bench_rival_way way, const char *query,
                     const struct filter *filter, uint64_t skip);
