/* SPDX-License-Identifier: MIT
 *
 * The words of a generation while it is being built: each gets a number when it is first seen, and
 * its place among all words, sorted by bytes, at the end.  One thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct lexicon;
struct lexicon *lexicon_new(void);
void lexicon_free(struct lexicon *lexicon);
DEFINE_CLEANUP(struct lexicon *, lexicon_free);

uint32_t lexicon_number(struct lexicon *lexicon, const char *word, size_t len);
uint32_t lexicon_size(const struct lexicon *lexicon);

/* Where each number stands in sorted order (free()).  The words in that order, each with a NUL, go
 * to *out_pool, where they begin to *out_texts, one more than there are (free() both). */
uint32_t *lexicon_sort(struct lexicon *lexicon, char **out_pool, uint32_t **out_texts);
