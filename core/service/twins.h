/* SPDX-License-Identifier: MIT
 *
 * The same film under two ids.  External ids decide which item a document belongs to; providers
 * that share no id with each other make two items of one film.  A search that got both shows one:
 * they count as the same when kind, folded title and year agree (or the year is off by one and the
 * runtime agrees), when different providers found them, when no space of ids is known to both (two
 * numbers of one service are two films), and when no provider found a second that could be meant.
 * The store keeps both: title and year are no identity, so nothing here is written down.  Any
 * thread. */
#pragma once

#include "service/sources.h"

enum { TWINS_MAX = 64 };

struct twins {
    uint32_t shown[TWINS_MAX], hidden[TWINS_MAX]; /* pairs */
    size_t n;
};

/* Of what the sources found; who stands first among them is shown. */
void twins_find(struct catalog *catalog, const struct source_answer *sources, size_t n_sources,
                struct twins *out);

/* 0: it is no hidden one. */
uint32_t twins_shown_for(const struct twins *twins, uint32_t hidden);
