/* SPDX-License-Identifier: MIT
 *
 * Facets of an answer that is not what the index found alone.  Any thread. */
#pragma once

#include "service/catalog.h"

struct index_page;

/* Those of `wanted` (FILTER_FACET_) that the page lacks, empty. */
void facets_begin(uint32_t wanted, struct index_page *page);

/* Counts an item in (1) or out (-1), by its card, in the facets the page has. */
void facets_count(struct catalog *catalog, uint32_t id, int change, struct index_page *page);
