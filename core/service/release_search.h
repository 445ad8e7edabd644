/* SPDX-License-Identifier: MIT
 *
 * Asking the providers for the releases of one item: each provider's search is an errand (bounded,
 * one for many waiters, left running by who gives up), and that it was asked is remembered for the
 * search TTL.  Any thread. */
#pragma once

#include "service/releases.h"

struct release_search;
struct release_search *release_search_new(struct catalog *catalog, struct registry *registry,
                                          const struct conf *conf);
void release_search_free(struct release_search *search);

/* As releases_search(). */
void release_search_run(struct release_search *search, const struct releases_ask *ask,
                        struct source_answer *out, size_t *out_n);
