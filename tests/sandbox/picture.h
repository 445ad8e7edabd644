/* SPDX-License-Identifier: MIT
 *
 * Draws posters: a field of colour, simple shapes, the title in block letters; the same each time.
 * Pure; any thread. */
#pragma once

#include "base/text.h"

struct picture_ask {
    uint64_t seed;
    const char *title;
    int width, height; /* at most 4000 each */
    bool transparent;  /* letters on nothing, as logos are */
};

/* Adds a PNG to out. */
void picture_draw(const struct picture_ask *ask, struct text *out);
