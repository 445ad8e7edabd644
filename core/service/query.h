/* SPDX-License-Identifier: MIT
 *
 * What somebody typed into a search, taken apart for those who are asked: an id, words, a year
 * beside words.  Words and years are what the index takes for them.  Pure; any thread. */
#pragma once

#include "media/ids.h"

struct query {
    char *text;            /* without blanks around it */
    bool has_words;        /* false: nobody can be asked that */
    char id[IDS_TEXT_LEN]; /* canonical; "": it is none */
    char *words;           /* the text without the year; NULL: it has no year to take out */
    int year;              /* 0: none */
};
void query_read(const char *text, struct query *out);
void query_done(struct query *query);
DEFINE_CLEANUP_VALUE(struct query, query_done);
