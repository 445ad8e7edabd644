/* SPDX-License-Identifier: MIT
 *
 * The three questions a release name answers once its words are read: where the title is, what the
 * words around it say, and who made it.  A private part of release_name; any thread. */
#pragma once

#include "naming/release_text.h"

enum { RELEASE_NOWHERE = RELEASE_TOKENS };

/* Indices of tokens. */
struct release_layout {
    size_t start, end; /* the title: start <= i < end */
    size_t tags;       /* from here every known word is a tag */
    size_t year;       /* RELEASE_NOWHERE: none */
    size_t number;     /* an episode that is only a number; RELEASE_NOWHERE: none */
    size_t lead;       /* the front bracket that may be the group; RELEASE_NOWHERE: none */
    size_t last;       /* one past the last token of interest: no extension behind it */
};

void release_layout_find(struct release_text *text, struct release_layout *out);

/* Tags, seasons, languages: everything that is no running text.  `last_tag` is the last token
 * that was one. */
void release_tags_take(struct release_text *text, const struct release_layout *layout,
                       struct release_name *out, size_t *last_tag);

void release_group_take(const struct release_text *text, const struct release_layout *layout,
                        size_t last_tag, struct release_name *out);

void release_title_take(const struct release_text *text, const struct release_layout *layout,
                        struct release_name *out);
