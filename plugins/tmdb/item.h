/* SPDX-License-Identifier: MIT
 *
 * What TMDB's movies and shows have in common, as parts of media documents
 * (docs/media-document.md).  They differ in the names of their members only.  Pure; any thread. */
#pragma once

#include <jansson.h>

#include "common/out.h"

/* How TMDB names what a movie and a show both have. */
struct item_shape {
    uint32_t kind;             /* PROVIDER_MOVIE or PROVIDER_TVSHOW */
    const char *word;          /* "movie", "tvshow" */
    const char *media;         /* its media_type: "movie", "tv" */
    const char *title;         /* "title", "name" */
    const char *original;      /* "original_title", "original_name" */
    const char *date;          /* "release_date", "first_air_date"; ours has the same name */
    const char *keywords;      /* the list inside "keywords" */
    const char *titles;        /* the list inside "alternative_titles" */
    const char *certification; /* the part with ages per country */
};
extern const struct item_shape item_movie, item_show;

/* A word of TMDB and ours. */
struct item_status {
    const char *raw, *word;
};

/* The members that details and rows share, after the opening brace.  False when it is none: no id
 * or no title. */
bool item_write_basics(struct out *out, const json_t *object, const struct item_shape *shape,
                       const char *language);

/* A row of a list or a search, which says less, as a whole document. */
bool item_write_row(struct out *out, const json_t *row, const struct item_shape *shape,
                    const char *language);

/* {"ids":{"tmdb":id},"popularity":...,"changed_on":day} of a row; false without an id.  day may be
 * NULL. */
bool item_write_changed(struct out *out, const json_t *row, const char *day, int64_t *out_id);

/* "status" as the table translates it, and "status_raw". */
void item_write_status(struct out *out, const char *raw, const struct item_status *table, size_t n);
