/* SPDX-License-Identifier: MIT
 *
 * The parts of a generation that are found by term.  For generation_build() alone. */
#pragma once

#include "index/generation.h"

/* In this order, when the items' titles are laid out. */
void build_postings(struct generation *out);
void build_dense(struct generation *out);
void build_marks(struct generation *out); /* behind it */
void build_grams(struct generation *out);
