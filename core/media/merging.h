/* SPDX-License-Identifier: MIT
 *
 * A merge in progress: what merge.c and its two helpers share.  Private to core/media.  One thread
 * each. */
#pragma once

#include "media/merge.h"

struct merging {
    const struct merge_record *records;
    size_t n;
    const struct merge_policy *policy;
    size_t *order;     /* of records, best first */
    size_t *own_order; /* the same, of the field at hand */
    json_t **fields;   /* per record: which fields it gave; NULL when nobody asks */
    json_t *item;
};

/* Brings the records into the general order. */
void merging_begin(struct merging *m);

/* The records that may speak for a field, best first: in the general order unless the policy gives
 * the field its own; the local one alone when it locks the field. */
struct merging_order {
    const size_t *records;
    size_t n;
};
struct merging_order merging_order(struct merging *m, const char *field);

/* What the local record locks the field to, in every language; NULL: it does not. */
const json_t *merging_lock(const struct merging *m, const char *field);

/* The whole of a field from the first record that has it; of a pair, `second` says more about
 * `first` and comes from the same record. */
void merging_plain(struct merging *m, const char *field);
void merging_pair(struct merging *m, const char *first, const char *second);

/* Remembers that a record gave (part of) a field. */
void merging_credit(struct merging *m, size_t record, const char *field);

/* The language of a record's own title, overview and tagline; "" when nobody says, and for what is
 * locked in every language. */
const char *merging_language(const struct merge_record *record);

/* A deep copy in which the provider's pictures are paths of our image route; those of the local
 * record and of no provider (NULL) are already. */
json_t *merging_localise(const json_t *value, const char *provider);
json_t *merging_member(const char *name, const json_t *value, const char *provider);
json_t *merging_picture(const char *kind, const char *provider, const char *path);

/* Adds a record's own images (may be NULL) to `images`, by kind, with our paths. */
void merging_images(json_t *images, const json_t *own, const char *provider);

/* title, overview, tagline, homepage, original_title, poster; translations, posters and which
 * language each top-level text has ("text_languages"). */
void merging_texts(struct merging *m);

/* {language: path} of the posters; "" where there is no text on it. */
json_t *merging_posters(struct merging *m);

/* ids, certification, cast, guest stars, crew, images, videos, alternative_titles: united. */
void merging_lists(struct merging *m);
