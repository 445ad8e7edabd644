/* SPDX-License-Identifier: MIT
 *
 * One line of TMDB's daily id export as a title document:
 *
 *     {"adult":false,"id":3924,"original_title":"Blondie","popularity":1.8133,"video":false}
 *
 * A show's has an "original_name", and neither "adult" nor "video".  There are more than a million
 * of them, so lines of this shape, whatever the order of their members, are taken apart in place;
 * an unusual one goes through Jansson.  Pure; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/out.h"
#include "tmdb/item.h"

enum export_verdict {
    EXPORT_TITLE,    /* the document is written */
    EXPORT_UNWANTED, /* adult or video, and nobody asked for those */
    EXPORT_BROKEN,   /* no JSON, no id or no title */
};

enum export_verdict export_line_read(const char *line, size_t len, const struct item_shape *shape,
                                     bool adult, bool video, struct out *document);
