/* SPDX-License-Identifier: MIT
 *
 * The store: one Berkeley DB environment.  Reads are auto-committed point gets or cursors and may
 * come from any thread. All writes go through one writer thread: what many callers hand in is
 * grouped into short transactions (about 200 records), synced once per group, retried on deadlock,
 * and only then acknowledged.  The tables' own modules (items.h, records.h, ids.h, changes.h,
 * fetches.h, jobs.h, lists.h, seasons.h, tokens.h, torrents.h, torrent_parts.h, state.h) stand on
 * this. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum store_table {
    STORE_META,      /* name -> value: schema version, next id, next change number */
    STORE_RECORDS,   /* item id, provider -> that provider's document */
    STORE_ITEMS,     /* item id -> the merged item, packed by media/card */
    STORE_CARDS,     /* item id -> its card, packed */
    STORE_IDS,       /* kind, external id -> item id */
    STORE_REDIRECTS, /* item id that was merged -> the survivor */
    STORE_CHANGES,   /* change number -> item or list id, kind, what, when; one row each: its latest
                      */
    STORE_FETCHES, /* priority, item id -> provider: what waits to be fetched, most wanted first */
    STORE_JOBS,    /* job id -> state as JSON */
    STORE_TOKENS,  /* token hash -> user, scopes, ... */
    STORE_STATE,   /* owner, key -> small values: provider state, checkpoints, budgets */
    STORE_SEASON_RECORDS, /* show id, season, provider -> that provider's document */
    STORE_SEASONS, /* show id, season -> the season with its episodes, packed by media/season */
    STORE_AIRINGS, /* day, show id, season, episode -> nothing: the calendar */
    STORE_RECORD_HEADS, /* item id, provider -> what changes more often than the document */
    STORE_DUE,   /* time, item id, provider -> nothing: what to fetch anew, most overdue first */
    STORE_LISTS, /* list id -> its head */
    STORE_LIST_ITEMS,    /* list id, position -> item id, when it was added, note */
    STORE_ITEM_LISTS,    /* item id, list id -> nothing: the lists an item is on */
    STORE_TORRENTS,      /* infohash -> what is behind it, as a document; or its other infohash */
    STORE_RELEASES,      /* infohash -> the release with all claims, packed by release/release */
    STORE_ITEM_RELEASES, /* item id, infohash -> nothing */
    STORE_TORRENT_PARTS, /* infohash, part, index -> metainfo, what a media file is made of */
    STORE_SWARMS,        /* infohash -> what is known of its swarm, packed by media/swarm */
    STORE_SWARMS_DUE,    /* time, infohash -> nothing: swarms to look at, most overdue first */
    STORE_N_TABLES,
};

struct store_options {
    const char *path;      /* folder; made when missing, mode 0700 */
    bool sync_each_commit; /* durability = "sync"; false: "batch", the last second may be lost on
                              power failure */
    uint64_t cache_bytes;
    bool read_only; /* for tools on a stopped store */
};

struct store;
struct store_txn;

/* Recovers, migrates older data (and says so), refuses newer data, starts the writer, checkpointer
 * and deadlock detector.  PROVIDER_ECONFLICT when another process has it open. */
int store_open(const struct store_options *options, struct store **out, struct error *err);

/* Waits for writes under way, checkpoints, closes. */
void store_close(struct store *store);
DEFINE_CLEANUP(struct store *, store_close);

/* --- Reading: any thread */

/* Replaces what is in *out.  PROVIDER_ENOTFOUND without a text when there is no such key. */
int store_get(struct store *store, enum store_table table, const void *key, size_t key_len,
              struct text *out, struct error *err);

/* Calls `each` for every row from `from` (NULL: the first) in key order, read in bulk, until it
 * returns nonzero, which is returned.  What `each` gets is borrowed.  It must not write. */
typedef int store_each(const void *key, size_t key_len, const void *value, size_t value_len,
                       void *context);
int store_walk(struct store *store, enum store_table table, const void *from, size_t from_len,
               store_each *each, void *context, struct error *err);

/* --- Writing: any thread, carried out by the writer */

/* Runs inside a transaction on the writer thread.  It may run again after a deadlock or when a
 * neighbour in its group failed, so it reads and writes only through `txn` and its own context, and
 * starts afresh each time.  A failure undoes what it wrote, and only that. */
typedef int store_apply(struct store_txn *txn, void *context, struct error *err);

/* Returns when it is committed and durable (or failed). */
int store_write(struct store *store, store_apply *apply, void *context, struct error *err);

/* The same for the few bytes that must still be told when the disk is full: how a job ended, that a
 * token was revoked.  They are written as long as half of what is kept free is left. */
int store_write_reserved(struct store *store, store_apply *apply, void *context, struct error *err);

/* Returns at once (or waits for room in the queue); `done` is called on the writer thread after the
 * commit. */
void store_submit(struct store *store, store_apply *apply,
                  void (*done)(void *context, int result, const struct error *err), void *context);

int store_txn_get(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  struct text *out, struct error *err);
int store_txn_put(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  const void *value, size_t value_len, struct error *err);
int store_txn_delete(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                     struct error *err); /* absent is fine */
/* As store_walk(), within the transaction. */
int store_txn_walk(struct store_txn *txn, enum store_table table, const void *from, size_t from_len,
                   store_each *each, void *context, struct error *err);

/* --- The feed */

/* The number of the last committed change. */
uint64_t store_revision(struct store *store);

/* Called on the writer thread after each commit that changed items, before the writers are
 * acknowledged; quick work only.  At most 8 listeners, added before anything is written. */
void store_listen(struct store *store, void (*committed)(uint64_t revision, void *context),
                  void *context);
