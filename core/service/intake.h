/* SPDX-License-Identifier: MIT
 *
 * The way into the catalogue: one provider's documents become records, items, cards, external ids,
 * changes and waiting fetches, all in one transaction.  Any thread; the work is done by the store's
 * writer. */
#pragma once

#include "service/derive.h"

enum { INTAKE_MAX_DOCUMENTS = 200 };

/* What is gone was missed twice, a day apart, with room for a nightly run's jitter. */
enum { INTAKE_GONE_AFTER_MS = 20 * 3600 * 1000 };

struct intake_document {
    uint32_t kind, flags; /* as emitted */
    json_t *document;     /* as document_read() left it; borrowed */
    bool unfinished;      /* more belongs to it that has not come: it goes on waiting for that */
    uint32_t about;       /* a release that names no item is one of this; 0: it is passed over */
    uint32_t item_id;     /* out: the item it became part of; 0: none was touched, for a season
                             because nobody knows its show */
};

struct intake_batch {
    struct store *store;
    const struct derive_policy *policy;
    const char *provider;
    bool can_fetch;  /* titles and changed ids are worth a fetch */
    bool known_only; /* titles of unknown items are passed over (a restricted catalogue) */
    struct intake_document *documents;
    size_t n;                   /* at most INTAKE_MAX_DOCUMENTS */
    const char *scope, *cursor; /* a sync's checkpoint to commit with them; NULL: none */
};

/* Returns when everything is durable. */
int intake_take(struct intake_batch *batch, struct error *err);

/* The provider no longer has the item: sighting one, or the one a day later that makes it gone. */
int intake_mark_gone(struct store *store, const struct derive_policy *policy, const char *provider,
                     uint32_t item_id, struct error *err);

/* The provider answered about item `b` when it was asked for what it called `old_id`, which was
 * item `a`: both are one from now on, and known by that id too.  *out_survivor is which. */
int intake_unite(struct store *store, const struct derive_policy *policy, uint32_t kind, uint32_t a,
                 uint32_t b, const char *old_id, uint32_t *out_survivor, struct error *err);

/* A fetch cannot be done (refused document, no id the provider understands): forget that it waits.
 */
int intake_park(struct store *store, const char *provider, uint32_t item_id, struct error *err);
