/* SPDX-License-Identifier: MIT
 *
 * Editions of a film as words that can be asked for, found in what people call them.  Pure; any
 * thread. */
#pragma once

#include <stdint.h>

/* For a table of parameters; a test holds it against edition_of_word(). */
#define EDITION_WORDS                                                                              \
    "none|anniversary|collectors|criterion|deluxe|directors|extended|fan_edit|final|imax|limited|" \
    "open_matte|redux|remastered|special|theatrical|ultimate|uncensored|uncut|unrated|other"

/* Bits of all that are named in "Extended, Director's Cut"; never 0: NULL and "" are of "none",
 * what no word fits is of "other". */
uint32_t edition_bits(const char *text);

/* The place of its bit; -1: no such word. */
int edition_of_word(const char *word);
