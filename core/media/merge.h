/* SPDX-License-Identifier: MIT
 *
 * An item is a pure function of its records: merge(records, policy).  Per field, the first provider
 * in the field's order that has a value wins; a provider that lacks the wanted language never beats
 * one that has it; lists of people, ids, translations and images are united.  The same input gives
 * the same bytes.  Pure; any thread. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct merge_record {
    const char *provider;
    const json_t *document; /* as document_read() left it */
    int64_t fetched_at_ms;
    bool partial; /* from a title, a search row or a list row: loses to a whole record of any
                     provider */
};

struct merge_policy {
    const char *const
        *precedence; /* provider names, best first; those not named follow in name order */
    size_t n_precedence;
    /* Per field: "rating" -> its own order; n_fields may be 0. */
    const struct merge_field_order {
        const char *field;
        const char *const *precedence;
        size_t n_precedence;
    } * fields;
    size_t n_fields;
    const char *const *languages; /* configured ones, best first */
    size_t n_languages;
};

/* The merged item (new reference): the fields of api.md's movie without id and kind, title,
 * overview, tagline, homepage and poster in the configured languages, every language's in
 * `translations`.  Beside those it holds what only the packer reads: `posters` {language: path},
 * `text_languages` {field: language} and `alternative_titles`.  It may share values with the
 * documents: it is read, not changed.  *out_provenance, when not NULL, becomes
 * {provider: {"fetched_at": "...", "fields": [...]}}. */
json_t *merge_records(const struct merge_record *records, size_t n,
                      const struct merge_policy *policy, json_t **out_provenance);

/* The record of an operator's locks: it stands before all others, and a field it has is that and
 * nothing else.  No provider may be called so. */
#define MERGE_LOCAL "local"
bool merge_is_local(const char *provider);
