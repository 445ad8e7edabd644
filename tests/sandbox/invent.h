/* SPDX-License-Identifier: MIT
 *
 * Invented films for load work: any number of them, each made on the fly from the seed and its
 * index, so that a million cost no memory.  Popularity follows Zipf over a permutation of the
 * indexes: a low id is not a popular one.  Any thread. */
#pragma once

#include "film.h"

struct invent {
    bool shows; /* makes the film part of shows */
    uint64_t seed;
    uint32_t n;        /* how many there are */
    uint32_t n_ranked; /* of these, the first so many share the permutation; later ones come last */
    uint32_t step;     /* coprime to n_ranked */
    uint32_t offset;
};

enum invent_depth {
    INVENT_ROW,    /* what a list row shows */
    INVENT_DETAIL, /* everything */
};

void invent_init(struct invent *invent, uint32_t n, uint64_t seed, bool shows);

/* -1: the id is not one of ours. */
int64_t invent_index(const struct invent *invent, int64_t id);

struct film *invent_film(const struct invent *invent, uint32_t index, enum invent_depth depth);

/* "tt9..." of the sandbox's own range ("tt8..." for shows), and back to the id; -1: not ours. */
int64_t invent_id_of_imdb(const struct invent *invent, const char *imdb_id);

uint32_t invent_rank(const struct invent *invent, uint32_t index);
double invent_popularity(uint32_t rank);
