/* SPDX-License-Identifier: MIT
 *
 * A catalogue of random items for tests of the index, and the plain way to answer a query: look at
 * every item.  One thread. */
#pragma once

#include "index/index.h"
#include "media/card.h"

enum { WORLD_MAX_ITEMS = 20000, WORLD_MAX_TITLES = 3, WORLD_TITLE_LEN = 96 };

struct world_item {
    struct card_facts facts;
    char titles[WORLD_MAX_TITLES][WORLD_TITLE_LEN]; /* the first is the main one */
    size_t n_titles;
    double rating; /* as its document says; 0: it does not */
    bool there;
    struct text card;
};

struct world {
    struct world_item *items; /* by id; 0 is not used */
    uint32_t n;               /* ids are below */
    uint64_t chance;          /* state of the generator */
    struct members *members;  /* of the list that the last filter may have named */
    uint32_t n_rare;          /* words of titles that are not in all the others, too; 0: none */
};

void world_init(struct world *world, uint64_t seed);
void world_done(struct world *world);
uint32_t world_chance(struct world *world, uint32_t below);

/* Makes or replaces the item. */
void world_invent(struct world *world, uint32_t id);
void world_remove(struct world *world, uint32_t id);

/* Valid until the next. */
void world_filter(struct world *world, struct filter *out);
void world_query(struct world *world, char *out, size_t size);

/* Ids in answer order (free()).  With text: in the filter's order, or by popularity when that is
 * the default, because the score is not the world's to judge. */
uint32_t *world_answer(const struct world *world, const char *text, const struct filter *filter,
                       size_t *out_n);

/* Whether a title of the item says the query literally. */
bool world_matches(const struct world_item *item, const char *text);

/* Counts of the answer, compared with those of the page. */
void world_assert_facets(const struct world *world, const uint32_t *ids, size_t n,
                         const struct filter *filter, const struct index_page *page);
