/* SPDX-License-Identifier: MIT
 *
 * One immutable picture of the catalogue.  Items are numbered in order of popularity: the ordinal
 * is the rank, so whatever is walked in ordinal order is already in answer order.  Built once, then
 * read by any thread; counted, freed with its last reference. */
#pragma once

#include "media/card.h"

enum { GENERATION_NONE = UINT32_MAX };

/* The words of all titles, sorted, so that a prefix is a range. */
struct generation_terms {
    char *pool;
    uint32_t *texts;    /* offsets into the pool, n + 1 */
    uint32_t *postings; /* ordinals, ascending, without repeats */
    uint32_t *starts;   /* of each term's postings, n + 1 */
    uint32_t n;
    /* For typing mistakes: the terms that contain each triple of bytes. */
    uint32_t *gram_starts; /* GRAM_BUCKETS + 1 */
    uint32_t *grams;
};

struct generation {
    uint32_t n; /* items */
    uint32_t *ids;
    struct card_facts *facts; /* by ordinal */
    uint32_t *ordinals;       /* by id, up to max_id; GENERATION_NONE: not here */
    uint32_t max_id;
    /* By ordinal: where its titles begin in `titles`.  Each title: its number of terms, then the
     * terms. */
    uint32_t *title_starts;
    uint32_t *titles;
    struct generation_terms terms;
    uint32_t *orders[3]; /* permutations of ordinals, see generation_order */
    uint64_t bytes;
    unsigned references;
};

enum generation_order { GENERATION_BY_TITLE, GENERATION_BY_RATING, GENERATION_BY_RELEASE };

struct generation_builder;
struct generation_builder *generation_builder_new(void);
void generation_builder_free(struct generation_builder *builder);
DEFINE_CLEANUP(struct generation_builder *, generation_builder_free);

/* Adds one item from its packed card; false when the bytes are no card. */
bool generation_builder_add(struct generation_builder *builder, const void *card, size_t len);

/* Ends the building; the builder is empty afterwards. */
struct generation *generation_build(struct generation_builder *builder);

struct generation *generation_ref(struct generation *generation);
void generation_unref(struct generation *generation);
DEFINE_CLEANUP(struct generation *, generation_unref);

uint32_t generation_ordinal(const struct generation *generation, uint32_t id);

static inline const char *generation_term(const struct generation *generation, uint32_t term)
{
    return generation->terms.pool + generation->terms.texts[term];
}

/* Terms that begin with `prefix`: *out_low to before *out_high. */
void generation_prefix(const struct generation *generation, const char *prefix, uint32_t *out_low,
                       uint32_t *out_high);

/* The term itself, or GENERATION_NONE. */
uint32_t generation_find_term(const struct generation *generation, const char *word);

enum { GENERATION_GRAM_BUCKETS = 1 << 15 };
uint32_t generation_gram(const char *three_bytes);
