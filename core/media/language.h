/* SPDX-License-Identifier: MIT
 *
 * Languages: BCP 47 tags in the reduced form the field uses ("pt", "pt-BR", "zh-Hant-TW" becomes
 * "zh-TW"), and the wish that the per-field fallback walks.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { LANGUAGE_LEN = 12, LANGUAGE_WISHES = 16 };

/* What a reader wants, best first: each tag wanted exactly, then in another region; after those
 * English, then the original language of the item.  Plain value. */
struct language_wish {
    char tags[LANGUAGE_WISHES][LANGUAGE_LEN];
    size_t n_tags;
};

/* Normalises case and subtags ("PT_br" -> "pt-BR"); false when it is no language tag. */
bool language_parse(const char *text, char out[LANGUAGE_LEN]);

/* ?language= wins over Accept-Language (q-values honoured, "*" ignored), which wins over the
 * configured ones; those follow in any case.  `asked` that does not parse is an error; a bad header
 * is ignored.  Either may be NULL. */
int language_wish_make(const char *asked, const char *accept_header, const char *const *configured,
                       size_t n_configured, struct language_wish *out, struct error *err);

enum { LANGUAGE_RANKS = 3 }; /* of each wish */

/* How well `tag` serves the wish: 0 is best, larger is worse; -1: not wanted at all, only better
 * than nothing. Same tag, then same language in another region (a tag without region before one
 * with), wish by wish; then English; then `original`. */
int language_rank(const struct language_wish *wish, const char *tag, const char *original);

/* Stable text of a wish, for cache keys. */
void language_wish_key(const struct language_wish *wish, char *out, size_t out_size);

/* Whether two tags are of one language, whatever the region. */
bool language_same(const char *a, const char *b);
