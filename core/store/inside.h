/* SPDX-License-Identifier: MIT
 *
 * What the store's own files share and nobody else includes. */
#pragma once

#include <jansson.h>

#include "base/lock.h"
#include "store/changes.h"
#include "store/environment.h"
#include "store/lists.h"
#include "store/records.h"
#include "store/tokens.h"

/* Numbers that only grow, one row of STORE_META, written with each commit that moved them. */
struct counters {
    uint32_t next_item, next_job, next_token;
    uint64_t revision; /* the last change number given */
    uint64_t n_fetches;
};

struct store_txn {
    struct store *store;
    DB_TXN *txn;
    struct counters counters; /* as this transaction will leave them */
    size_t n_writes;
    int trouble;         /* the Berkeley DB code of the first operation that failed; sticky */
    struct text scratch; /* where values are put together */
};

struct writer;
struct keeper;

enum { STORE_MAX_LISTENERS = 8 };

struct store {
    struct environment environment;
    struct counters counters; /* of the last commit; the writer's thread only */
    _Atomic uint64_t revision, n_fetches;
    struct writer *writer; /* NULL: read only */
    struct keeper *keeper;
    struct {
        void (*committed)(uint64_t revision, void *context);
        void *context;
    } listeners[STORE_MAX_LISTENERS];
    size_t n_listeners;
};

/* No value is larger: a media document's limit, and some room for a header. */
enum { STORE_MAX_VALUE_LEN = (4 << 20) + 4096 };

/* No key is longer. */
enum { STORE_MAX_KEY_LEN = 512 };

/* --- read.c: what both kinds of reading stand on.  They answer Berkeley DB's codes;
 * DB_LOCK_DEADLOCK is repeated within, unless there is a transaction to repeat as a whole. */

/* Somebody's bytes as Berkeley DB wants them. */
static inline DBT borrow(const void *bytes, size_t len)
{
    DBT dbt = { .data = (void *)(uintptr_t)bytes,
                .size = (u_int32_t)len,
                .ulen = (u_int32_t)len,
                .flags = DB_DBT_USERMEM };
    return dbt;
}

/* Replaces what is in *out; E2BIG when it would pass its limit. */
int read_row(DB *db, DB_TXN *txn, const void *key, size_t key_len, struct text *out);

/* As store_get(), of the row's first `len` bytes only. */
int read_start(struct store *store, enum store_table table, const void *key, size_t key_len,
               size_t len, struct text *out, struct error *err);

/* Rows in bulk.  No lock is held while `each` runs, so it may use the store. */
struct reading {
    uint8_t key[STORE_MAX_KEY_LEN + 1]; /* the next row is this one or behind it */
    size_t key_len;
    char *chunk;
    size_t capacity;
    DBT rows;
};
int reading_init(struct reading *reading, const void *from, size_t from_len);
void reading_done(struct reading *reading);
DEFINE_CLEANUP_VALUE(struct reading, reading_done);
int reading_next(struct reading *reading, DB *db, DB_TXN *txn); /* the next chunk */
int reading_each(struct reading *reading, store_each *each, void *context);

/* --- txn.c */

int txn_begin(struct store *store, struct store_txn *out, struct error *err);
void txn_abort(struct store_txn *txn);
/* Writes the counters if they moved, commits, and makes them the store's. */
int txn_commit(struct store_txn *txn, struct error *err);
int counters_load(struct store *store, struct error *err);

/* A value made of a head and a body, put together in the transaction's scratch. */
int txn_put_parts(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  const void *head, size_t head_len, const void *body, size_t body_len,
                  struct error *err);

/* A row that is left alone when it is there. */
int txn_insert(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
               const void *value, size_t value_len, bool *out_is_new, struct error *err);

/* As store_txn_delete(), and says whether there was one. */
int txn_remove(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
               bool *out_was_there, struct error *err);

/* Cuts a value's head off. */
void row_drop_head(struct text *row, size_t len);

/* --- writer.c */

struct writer *writer_start(struct store *store);
void writer_stop(struct writer *writer); /* when all that waits is written */
int writer_run(struct writer *writer, store_apply *apply, void *context, bool may_use_reserve,
               struct error *err);
void writer_submit(struct writer *writer, store_apply *apply,
                   void (*done)(void *context, int result, const struct error *err), void *context);

/* --- group.c: several applies as one transaction */

struct request {
    store_apply *apply;
    void *context;
    void (*done)(void *context, int result, const struct error *err);
    struct request *next;
    struct lock_condition *finished; /* store_write() waits for it; NULL: submitted */
    bool is_finished;
    bool may_use_reserve;
    int result;
    struct error err;
};

/* Runs and commits the first of `requests` that fit one transaction; each has its result then.
 * Returns how many. */
size_t group_run(struct store *store, struct request **requests, size_t n);

/* --- keeper.c: checkpoints, and deadlocks that timeouts would hide */

struct keeper *keeper_start(struct store *store);
void keeper_stop(struct keeper *keeper);

/* --- records.c: the key of a record and of its head: item id, provider's name */

enum { RECORD_KEY_ID_LEN = 4, RECORD_KEY_MAX = RECORD_KEY_ID_LEN + RECORD_PROVIDER_LEN };

struct record_key {
    uint8_t bytes[RECORD_KEY_MAX];
    size_t len;
};
int record_key(uint32_t item_id, const char *provider, struct record_key *out, struct error *err);

/* --- The tables' modules, for export and import */

/* Also those without a head, which are damaged: all of theirs is zero then. */
int records_walk_all(struct store *store, records_each *each, void *context, struct error *err);
int changes_txn_put(struct store_txn *txn, const struct change *change, struct error *err);
int job_rows_txn_put(struct store_txn *txn, uint32_t id, const char *json, struct error *err);
int token_rows_txn_put(struct store_txn *txn, const struct token_row *row, struct error *err);

/* One row each, for import and for list_write.c. */
int list_items_txn_put(struct store_txn *txn, uint32_t list, uint32_t position,
                       const struct list_item *item, struct error *err);
int list_items_txn_delete(struct store_txn *txn, uint32_t list, uint32_t position,
                          struct error *err);
int item_lists_txn_put(struct store_txn *txn, uint32_t item, uint32_t list, struct error *err);
int item_lists_txn_delete(struct store_txn *txn, uint32_t item, uint32_t list, struct error *err);
int item_lists_txn_walk(struct store_txn *txn, uint32_t item, item_lists_each *each, void *context,
                        struct error *err);

typedef int state_each(const char *owner, const char *key, const char *value, size_t len,
                       void *context);
int state_walk(struct store *store, state_each *each, void *context, struct error *err);

/* --- verify_lists.c */

struct maintenance_checks;
struct list_verdict {
    const struct maintenance_checks *checks;
    uint64_t n_findings;
    uint32_t max_id;
};

/* Heads, items and back-references. */
int verify_lists(struct store *store, struct list_verdict *verdict, struct error *err);

/* That a change and a source belong to a list which knows them. */
void verify_list_change(struct store *store, const struct change *change,
                        struct list_verdict *verdict);
void verify_list_source(struct store *store, const char *source, uint32_t id,
                        struct list_verdict *verdict);

/* --- verify_releases.c: that each is what its claims imply, and its item leads to it */

int verify_releases(struct store *store, const struct maintenance_checks *checks,
                    uint64_t *n_findings, struct error *err);

/* --- backup_manifest.c */

#define BACKUP_MANIFEST "miauflix-backup" /* marks a folder as a complete backup */

/* Whether files of this name belong to backups. */
bool backup_is_ours(const char *name);

/* Calls `each` for every name but . and .. until it returns nonzero. */
int backup_each_name(const char *folder, int (*each)(const char *name, void *context),
                     void *context, struct error *err);

/* Lists what was copied to the folder. */
int backup_manifest_write(struct store *store, const char *folder, struct error *err);

/* That all which was backed up is there as it was; adds the names of its files to an array.
 * PROVIDER_EINVAL says what is missing or damaged. */
int backup_manifest_prove(const char *folder, json_t *out_names, struct error *err);

/* Opens a restored backup: recovers from its whole log. */
int store_open_backup(const struct store_options *options, struct store **out, struct error *err);

/* --- migrate.c */

enum { STORE_SCHEMA = 11 };
int migrate(struct store *store, struct error *err);

/* --- migrate_releases.c: 9 to 10 */

int migrate_releases(struct store *store, struct error *err);
