/* SPDX-License-Identifier: MIT
 *
 * The items that have one word of a query, in rising order: as a list or as a set, whichever is at
 * hand; or only marks, each shared by many items, that tell quickly who has the word not.  Plain
 * value that borrows from the generation; one thread. */
#pragma once

#include "index/words.h"

struct gather {
    const uint32_t *list; /* NULL: the set */
    size_t n, at;
    const uint64_t *set;
    const uint64_t *marks; /* a bit for all ordinals that `mask` makes the same; NULL: none */
    uint32_t mask;
    uint64_t *owned; /* what one of them stands in, when it is not the generation's */
};

/* What the generation has ready; false when the items of several terms must be united. */
bool gather_ready(const struct generation *generation, const struct words_one *word,
                  struct gather *out);
void gather_unite(const struct generation *generation, const struct words_one *word,
                  struct gather *out);

/* Beside what is ready, or alone. */
void gather_mark(const struct generation *generation, const struct words_one *word,
                 struct gather *gather);

/* As gather_unite(), but may leave out who is not in each of the sieves. */
void gather_unite_sieved(const struct generation *generation, const struct words_one *word,
                         const struct gather *sieves, size_t n_sieves, struct gather *out);
void gather_done(struct gather *gather);

/* Of `n` items in rising order, those that are among them, as far as that is known; who was asked
 * for before is below.  `out` may be `rows`. */
size_t gather_sift(struct gather *gather, const uint32_t *rows, size_t n, uint32_t *out);
