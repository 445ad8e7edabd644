/* SPDX-License-Identifier: MIT
 *
 * The schema of the media document as const tables: what document.c checks by, and what
 * docs/media-document.md shows.  Private to core/media and its tests.  Plain data; any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum schema_type {
    SCHEMA_STRING, /* min..max bytes */
    SCHEMA_INT,    /* min..max; where min is 1, 0 counts as absent */
    SCHEMA_NUMBER, /* min..max */
    SCHEMA_BOOL,
    SCHEMA_DATE,     /* YYYY-MM-DD that exists */
    SCHEMA_TIME,     /* RFC 3339; becomes UTC */
    SCHEMA_LANGUAGE, /* BCP 47; reduced */
    SCHEMA_COUNTRY,  /* ISO 3166-1 alpha-2; becomes upper case */
    SCHEMA_URL,      /* http or https, at most max bytes */
    SCHEMA_PICTURE,  /* a path of the provider */
    SCHEMA_WORD,     /* one of `words` */
    SCHEMA_INFOHASH, /* 40 hex digits or 32 of base32; becomes lower-case hex */
    SCHEMA_GENRES,   /* an array of spellings; becomes slugs */
    SCHEMA_IDS,      /* external ids, at least one */
    SCHEMA_ITEM_IDS, /* the same, of a title: an imdb id begins with tt */
    SCHEMA_OBJECT,   /* fields of `of` */
};

enum { SCHEMA_MAX_IMAGES = 200 }; /* of a kind */

enum schema_keys { SCHEMA_NOT_KEYED, SCHEMA_BY_LANGUAGE, SCHEMA_BY_COUNTRY };

struct schema_field {
    const char *name;
    enum schema_type type;
    bool required;
    bool bare;              /* required also of a document that only says what changed or is gone */
    enum schema_keys keyed; /* an object of such values, at most `many` */
    uint32_t many;          /* an array of such values, at most so many; 0: one value */
    int64_t min, max;
    const char *words; /* separated by single spaces */
    const struct schema *of;
    const char *note; /* for people */
};

struct schema {
    const char *name;
    const char *title; /* heading in the documentation */
    const struct schema_field *fields;
    size_t n_fields;
};

/* The schema of a kind of document (PROVIDER_MOVIE, ...); NULL when there is none. */
const struct schema *schema_of_kind(uint32_t kind);

/* NULL when the schema has no such field. */
const struct schema_field *schema_find(const struct schema *schema, const char *name,
                                       size_t *out_index);

/* Every table, in the order in which the documentation shows them; NULL behind the last. */
const struct schema *schema_at(size_t index);

/* All tables as the Markdown that docs/media-document.md holds. */
void schema_write_markdown(struct text *out);
