/* SPDX-License-Identifier: MIT */
#include "release/edition.h"

#include <string.h>

#include "base/text.h"

/* A stored release has the bits: new words come last. */
static const struct {
    const char *word, *named;
} editions[] = {
    { "none", NULL },
    { "other", NULL },
    { "anniversary", "anniversary" },
    { "collectors", "collector" },
    { "criterion", "criterion" },
    { "deluxe", "deluxe" },
    { "directors", "director" },
    { "extended", "extended" },
    { "fan_edit", "fan edit" },
    { "final", "final cut" },
    { "imax", "imax" },
    { "limited", "limited" },
    { "open_matte", "open matte" },
    { "redux", "redux" },
    { "remastered", "remastered" },
    { "special", "special" },
    { "theatrical", "theatrical" },
    { "ultimate", "ultimate" },
    { "uncensored", "uncensored" },
    { "uncut", "uncut" },
    { "unrated", "unrated" },
};

enum { NONE, OTHER };

uint32_t edition_bits(const char *text)
{
    uint32_t bits = 0;
    if (text_is_empty(text))
        return 1u << NONE;
    for (unsigned i = 0; i < ARRAY_LEN(editions); i++)
        if (editions[i].named && strcasestr(text, editions[i].named))
            bits |= 1u << i;
    return bits ? bits : 1u << OTHER;
}

int edition_of_word(const char *word)
{
    for (unsigned i = 0; i < ARRAY_LEN(editions); i++)
        if (strcmp(editions[i].word, word) == 0)
            return (int)i;
    return -1;
}
