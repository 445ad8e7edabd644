/* SPDX-License-Identifier: MIT
 *
 * What an operator does to a store: back it up while it runs, restore, verify, compact, and carry
 * it over as text.  One of these at a time. */
#pragma once

#include <stdio.h>

#include "store/store.h"

/* --- Verifying */

/* Called with one sentence per disagreement. */
typedef void maintenance_report(const char *finding, void *context);

struct maintenance_checks {
    maintenance_report *report;
    void *context;
    /* What the store cannot know: whether an item is what its records imply.  Reports what differs;
     * an error ends the verification.  NULL: not asked. */
    int (*rederive)(struct store *store, uint32_t item_id, maintenance_report *report,
                    void *report_context, void *rederive_context, struct error *err);
    void *rederive_context;
    /* Whether some record of the item says the external id.  NULL: not asked. */
    int (*prove_id)(struct store *store, const char *text, uint32_t item_id, bool *out_said,
                    struct error *err);
};

/* Whether the tables agree with each other: ids, cards, records, changes and waiting fetches belong
 * to items and items have theirs.  While nothing writes; *out_n counts the findings. */
int maintenance_verify_tables(struct store *store, const struct maintenance_checks *checks,
                              uint64_t *out_n, struct error *err);

/* The whole of a stopped store: recovers it, checks every page of every file, then the tables.
 * PROVIDER_ECONFLICT: it is running. */
int maintenance_verify(const char *path, const struct maintenance_checks *checks, uint64_t *out_n,
                       struct error *err);

/* Whether each file is sound by itself; the rest of a verification is for sound files. */
int maintenance_verify_files(const char *path, const struct maintenance_checks *checks,
                             uint64_t *out_n, struct error *err);

/* --- Repairing a stopped store whose files are sound */

/* Each record has its head, each head its record, and seasons that cannot be read are gone: before
 * items are derived anew. */
int maintenance_repair_ground(struct store *store, struct error *err);

/* What follows from records, items and lists is as they say: cards of nobody, redirects, the
 * change feed, what waits and what is due, seasons, the calendar, lists, counters.  Behind it. */
int maintenance_repair_tables(struct store *store, struct error *err);

/* --- Backups */

/* A copy of the running store from which maintenance_restore() makes a store again.  `folder` does
 * not exist, is empty, or holds an older backup, which is replaced when the new one is complete. */
int maintenance_backup(struct store *store, const char *folder, struct error *err);

/* Makes a store of a backup in `path`, which does not exist or is empty, and verifies it. */
int maintenance_restore(const char *backup, const char *path, struct error *err);

/* Gives unused pages back to the disk. */
int maintenance_compact(struct store *store, uint64_t *out_freed_bytes, struct error *err);

/* --- As text */

/* NDJSON: a line that names the format and its version, one object per row, and a last line that
 * says how many there were, so that a cut-off file is noticed.  Items and cards are carried packed,
 * so the catalogue that is imported is the one that was exported, numbers included.  Holds the
 * hashes of tokens and the providers' private state.  While nothing writes. */
int maintenance_export(struct store *store, FILE *out, uint64_t *out_lines, struct error *err);

/* Into an empty store.  PROVIDER_ECONFLICT: it is not.  After any other failure the store holds a
 * part, which `verify` shows; start again with a new folder.  Errors name the line. */
int maintenance_import(struct store *store, FILE *in, uint64_t *out_lines, struct error *err);
