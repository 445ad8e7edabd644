/* SPDX-License-Identifier: MIT
 *
 * Seasons on their way in: documents of one or several providers become the one packed season that
 * is shown, and a season that changed gives its show a new change number, so that whoever keeps
 * answers drops them.  Within a transaction of the store. */
#pragma once

#include "service/derive.h"
#include "store/seasons.h"

/* A document of a season of `show`, as document_read() left it; what did not change writes nothing.
 * A partial one never replaces a whole one. */
int season_intake_take(struct store_txn *txn, const struct derive_policy *policy,
                       const char *provider, uint32_t show, bool partial, const json_t *document,
                       int64_t now_ms, struct error *err);

/* The provider no longer has that season. */
int season_intake_forget(struct store_txn *txn, const struct derive_policy *policy,
                         const char *provider, uint32_t show, uint32_t season, int64_t now_ms,
                         struct error *err);

/* Forgets the provider's seasons that its whole document of the show no longer lists; a document
 * that lists none says nothing. */
int season_intake_prune(struct store_txn *txn, const struct derive_policy *policy,
                        const char *provider, uint32_t show, const json_t *document, int64_t now_ms,
                        struct error *err);

/* Two shows became one: the loser's seasons are the survivor's, where it has none of the provider's
 * own. */
int season_intake_merge(struct store_txn *txn, const struct derive_policy *policy,
                        uint32_t survivor, uint32_t loser, int64_t now_ms, struct error *err);

/* Each season of the show as its records imply it now. */
int season_intake_settle(struct store_txn *txn, const struct derive_policy *policy, uint32_t show,
                         int64_t now_ms, struct error *err);

/* What the providers say of one season. */
struct season_sources {
    struct season_source {
        struct season_record record;
        json_t *document;
    } * rows;
    size_t n, capacity;
};
int season_sources_add(struct season_sources *sources, const struct season_record *record,
                       const char *json, size_t len, struct error *err);
void season_sources_clear(struct season_sources *sources);
void season_sources_done(struct season_sources *sources);
DEFINE_CLEANUP_VALUE(struct season_sources, season_sources_done);

/* The packed season they imply; there is at least one. */
int season_sources_pack(const struct season_sources *sources, const struct merge_policy *policy,
                        struct text *out, struct error *err);
