/* SPDX-License-Identifier: MIT
 *
 * Whole titles for tests of the store: every row that the catalogue writes for one, in agreement.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include "store/changes.h"
#include "store/fetches.h"
#include "store/ids.h"
#include "store/items.h"
#include "store/records.h"

struct title {
    const char *external; /* "tmdb:603" */
    uint32_t id;          /* out */
    uint64_t revision;    /* out */
};

static inline int put_title_rows(struct store_txn *txn, struct title *title, struct error *err)
{
    char json[160];
    snprintf(json, sizeof json, "{\"title\":\"Der %s\",\"rating\":7.5}", title->external);
    uint64_t priority = fetch_priority(FETCH_TITLE, 1.5);
    struct record_header record = { .item_id = title->id,
                                    .provider = "tmdb",
                                    .fetched_at_ms = 1700000000000,
                                    .fetch_priority = priority };
    struct item_header item = { .id = title->id,
                                .kind = PROVIDER_MOVIE,
                                .revision = title->revision,
                                .content_hash = 0xfedcba9876543210 };
    struct text body = { .bytes = json, .len = strlen(json) };
    struct text card = { .bytes = (char[]){ "\0card\xff" }, .len = 6 };
    int failed = items_txn_put(txn, &item, &body, &card, err);
    failed = failed ? failed : records_txn_put(txn, &record, json, strlen(json), err);
    failed = failed ? failed
                    : external_ids_txn_put(txn, PROVIDER_MOVIE, title->external, title->id, err);
    return failed ? failed : fetches_txn_put(txn, priority, title->id, "tmdb", err);
}

/* A store_apply; the context is a struct title.  Replaces the one of the same external id. */
static inline int put_title(struct store_txn *txn, void *context, struct error *err)
{
    struct title *title = context;
    struct item_header former = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(4096);
    int failed = external_ids_txn_find(txn, PROVIDER_MOVIE, title->external, &title->id, err);
    if (!failed)
        failed = items_txn_get(txn, title->id, &former, &body, err);
    else if (failed == PROVIDER_ENOTFOUND)
        failed = items_txn_new_id(txn, &title->id, err);
    struct change change = { .item_id = title->id,
                             .kind = PROVIDER_MOVIE,
                             .what = former.revision ? CHANGE_UPDATED : CHANGE_ADDED,
                             .at_ms = 1700000000001 };
    failed =
        failed ? failed : changes_txn_add(txn, &change, former.revision, &title->revision, err);
    return failed ? failed : put_title_rows(txn, title, err);
}
