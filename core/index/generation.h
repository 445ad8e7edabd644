/* SPDX-License-Identifier: MIT
 *
 * One immutable picture of the catalogue.  Items are numbered in order of popularity: the ordinal
 * is the rank, so whatever is walked in ordinal order is already in answer order.  Built once, then
 * read by any thread; counted, freed with its last reference. */
#pragma once

#include "index/columns.h"
#include "media/rank.h"

enum {
    GENERATION_NONE = UINT32_MAX,
    GENERATION_MAX_DENSE = 256,
    GENERATION_LENGTHS = 12,
    GENERATION_SAMPLED = 32,
    GENERATION_MOST_MARKS = 1 << 17, /* a power of two */
};

/* The words of all titles, sorted, so that a prefix is a range. */
struct generation_terms {
    char *pool;
    uint32_t *texts;      /* offsets into the pool, n + 1 */
    uint32_t *signatures; /* which letters a term has, see words.c */
    uint64_t *keys;       /* generation_key() of each term, */
    uint64_t *samples;    /* of every GENERATION_SAMPLED-th */
    uint32_t *postings;   /* ordinals, ascending, without repeats */
    uint32_t *starts;     /* of each term's postings, n + 1 */
    uint32_t n;
    /* What neither few nor many items have, is marked: of each posting the bit that is left when
     * only so many bits of the ordinal are looked at as there are marks, a power of two. */
    uint64_t *marks;
    uint32_t *mark_starts; /* of each term's words of them, n + 1 */
    /* For typing mistakes: the terms that contain each triple of bytes. */
    uint32_t *gram_starts; /* GRAM_BUCKETS + 1 */
    uint32_t *grams;
    /* What many items have is a set too: a term, or all that begin alike. */
    struct {
        uint32_t low, high;
    } dense[GENERATION_MAX_DENSE];
    uint32_t n_dense;
    uint32_t dense_over; /* postings: fewer or as many have no set */
    uint64_t *dense_bits;
};

/* What matching needs of an item, side by side. */
struct generation_item {
    uint32_t titles; /* where they begin in `titles` */
    float fame;      /* what media/rank makes of popularity, votes and availability */
};

enum generation_order {
    GENERATION_BY_TITLE,
    GENERATION_BY_RATING,
    GENERATION_BY_RELEASE,
    GENERATION_BY_ADDED,
    GENERATION_BY_UPDATED,
    GENERATION_ORDERS,
};

struct generation {
    uint32_t n; /* items */
    struct columns columns;
    uint32_t *ordinals; /* by id, up to max_id; GENERATION_NONE: not here.  NULL: see by_id */
    uint32_t *by_id;    /* ordinals by rising id, when the ids are far apart */
    uint32_t max_id;
    struct rank_weights weights;   /* that fame was made with */
    struct generation_item *items; /* by ordinal, n + 1 */
    uint32_t *titles;              /* each: generation_title_len(), then the terms */
    float *fame_most;              /* of each 64 items */
    uint64_t *shorter;             /* see generation_shorter() */
    uint64_t *many_titles;         /* the items that have more than one */
    struct generation_terms terms;
    uint32_t *orders[GENERATION_ORDERS]; /* ordinals, rising; ties by rising id */
    uint64_t bytes;
    unsigned references;
};

/* A title stands there once in each way in which people write it: "Spider-Man", "Spiderman". */
#define GENERATION_SAME_TITLE (1u << 31) /* in its length: as the one before */

/* Its number of terms. */
static inline uint32_t generation_title_len(uint32_t head)
{
    return head & ~GENERATION_SAME_TITLE;
}

struct generation_builder;
struct generation_builder *generation_builder_new(void);
void generation_builder_free(struct generation_builder *builder);
DEFINE_CLEANUP(struct generation_builder *, generation_builder_free);

/* Adds one item from its packed card; false when the bytes are no card. */
bool generation_builder_add(struct generation_builder *builder, const void *card, size_t len);

/* Ends the building; the builder is empty afterwards. */
struct generation *generation_build(struct generation_builder *builder,
                                    const struct rank_weights *weights);

struct generation *generation_ref(struct generation *generation);
void generation_unref(struct generation *generation);
DEFINE_CLEANUP(struct generation *, generation_unref);

uint32_t generation_ordinal(const struct generation *generation, uint32_t id);

static inline const char *generation_term(const struct generation *generation, uint32_t term)
{
    return generation->terms.pool + generation->terms.texts[term];
}

static inline size_t generation_term_len(const struct generation *generation, uint32_t term)
{
    return generation->terms.texts[term + 1] - generation->terms.texts[term] - 1;
}

/* The first eight bytes, as a number in their order. */
uint64_t generation_key(const char *word, size_t len);

/* Terms that begin with `prefix`: *out_low to before *out_high. */
void generation_prefix(const struct generation *generation, const char *prefix, uint32_t *out_low,
                       uint32_t *out_high);

/* The term itself, or GENERATION_NONE. */
uint32_t generation_find_term(const struct generation *generation, const char *word);

/* The items that have one of the terms low to before high, when there is such a set; else NULL. */
const uint64_t *generation_dense(const struct generation *generation, uint32_t low, uint32_t high);

/* How many marks tell these items well from others. */
uint32_t generation_n_marks(uint64_t n_postings);

/* The items with a title of fewer words, for 1 to before GENERATION_LENGTHS. */
static inline const uint64_t *generation_shorter(const struct generation *generation,
                                                 unsigned n_words)
{
    return generation->shorter + (size_t)(n_words - 1) * generation->columns.n_words;
}

enum { GENERATION_GRAM_BUCKETS = 1 << 15 };
uint32_t generation_gram(const char *three_bytes);

/* One bit per letter that the word has; digits share bits, and so do all characters beyond ASCII.
 */
enum { GENERATION_NOT_PLAIN = 1 << 30 };
uint32_t generation_signature(const char *word, size_t len);
