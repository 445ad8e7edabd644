/* SPDX-License-Identifier: MIT
 *
 * The Berkeley DB environment under the store: one folder, one lock file, one file per table.  Its
 * regions are private memory of this process (DB_PRIVATE): nothing shared can be left behind by a
 * kill, no foreign tool can join and panic, and memory grows with use only.
 *
 * After a failure that Berkeley DB cannot take back it "panics": every call answers
 * DB_RUNRECOVERY.  The environment is then `broken` until the writer reopens it, which recovers
 * from the log.  environment_enter() keeps others out while that happens.  Any thread, except where
 * said. */
#pragma once

#include <db.h>
#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"

struct environment {
    char *path;
    bool sync_each_commit, read_only, recover_fatally;
    uint64_t cache_bytes;
    int lock_fd;
    struct pages *pages;
    DB_ENV *env;
    DB *tables[STORE_N_TABLES];
    pthread_rwlock_t guard; /* shared: using env and tables; alone: replacing them */
    atomic_bool broken;
    atomic_bool disk_was_full; /* since the last commit */
    _Atomic int64_t complaints_at_s;
    atomic_int n_complaints;
};

/* Page size of every table: with 4 KiB pages a value of 1.5 KB would own an overflow page. */
enum { ENVIRONMENT_PAGE_LEN = 16384 };

/* Takes the folder's lock (PROVIDER_ECONFLICT), recovers and opens every table.  recover_fatally:
 * from the whole log, for a restored backup. */
int environment_open(struct environment *environment, const struct store_options *options,
                     bool recover_fatally, struct error *err);
void environment_close(struct environment *environment);

/* Takes the lock of a store's folder alone, for work on its files; close the descriptor to give it
 * back. */
int environment_lock(const char *path, int *out_fd, struct error *err);

/* Around every use of env and tables.  False (and err says so): it is broken; do not leave. */
int environment_enter(struct environment *environment, struct error *err);
void environment_leave(struct environment *environment);

/* For the writer: recovers a broken environment. */
int environment_reopen(struct environment *environment, struct error *err);

/* Room for a group of commits and the checkpoint behind it; PROVIDER_EFULL when the disk has less.
 * in_reserve: half of that is enough. */
int environment_has_room(const struct environment *environment, bool in_reserve, struct error *err);

/* Writes the log and the pages out.  force: also when little was written since. */
int environment_checkpoint(struct environment *environment, bool force, struct error *err);

/* Translates a Berkeley DB code, and marks a panic.  Never called with 0. */
int environment_fail(struct environment *environment, int db_code, struct error *err,
                     const char *fmt, ...) PRINTF(4, 5);

/* The table's name, which is also that of its file without ".db". */
const char *environment_table_name(enum store_table table);
