/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* --- The counters: one row, little endian behind a version byte */

static const char counters_key[] = "counters";
enum { COUNTERS_VERSION = 1, COUNTERS_LEN = 1 + 3 * 4 + 2 * 8 };

static void counters_write(const struct counters *counters, uint8_t out[COUNTERS_LEN])
{
    uint8_t *at = bytes_put_le(out, COUNTERS_VERSION, 1);
    at = bytes_put_le(at, counters->next_item, 4);
    at = bytes_put_le(at, counters->next_job, 4);
    at = bytes_put_le(at, counters->next_token, 4);
    at = bytes_put_le(at, counters->revision, 8);
    bytes_put_le(at, counters->n_fetches, 8);
}

static int counters_read(const struct text *row, struct counters *out, struct error *err)
{
    const uint8_t *at = (const uint8_t *)row->bytes;
    if (row->len != COUNTERS_LEN || bytes_take_le(&at, 1) != COUNTERS_VERSION)
        return error_set(err, PROVIDER_EPARSE, "the store's counters are in a form not known here");
    out->next_item = (uint32_t)bytes_take_le(&at, 4);
    out->next_job = (uint32_t)bytes_take_le(&at, 4);
    out->next_token = (uint32_t)bytes_take_le(&at, 4);
    out->revision = bytes_take_le(&at, 8);
    out->n_fetches = bytes_take_le(&at, 8);
    return 0;
}

static void counters_adopt(struct store *store, const struct counters *counters)
{
    store->counters = *counters;
    atomic_store(&store->n_fetches, counters->n_fetches);
    atomic_store(&store->revision, counters->revision);
}

int counters_load(struct store *store, struct error *err)
{
    CLEANUP(text_done) struct text row = TEXT_INIT(COUNTERS_LEN * 2);
    struct counters counters = { .next_item = 1, .next_job = 1, .next_token = 1 };
    int failed = store_get(store, STORE_META, counters_key, strlen(counters_key), &row, err);
    if (!failed)
        failed = counters_read(&row, &counters, err);
    if (failed && failed != PROVIDER_ENOTFOUND)
        return failed;
    counters_adopt(store, &counters);
    return 0;
}

/* --- Beginning and ending */

int txn_begin(struct store *store, struct store_txn *out, struct error *err)
{
    struct environment *environment = &store->environment;
    int failed = environment_enter(environment, err);
    if (failed)
        return failed;
    *out = (struct store_txn){ .store = store,
                               .counters = store->counters,
                               .scratch = TEXT_INIT(STORE_MAX_VALUE_LEN) };
    int db_code = environment->env->txn_begin(environment->env, NULL, &out->txn, 0);
    if (!db_code)
        return 0;
    environment_leave(environment);
    return environment_fail(environment, db_code, err, "cannot begin a transaction");
}

static void txn_end(struct store_txn *txn)
{
    txn->txn = NULL;
    text_done(&txn->scratch);
    environment_leave(&txn->store->environment);
}

void txn_abort(struct store_txn *txn)
{
    int db_code = txn->txn->abort(txn->txn);
    if (db_code)
        environment_fail(&txn->store->environment, db_code, NULL, "cannot undo");
    txn_end(txn);
}

static int counters_save(struct store_txn *txn, struct error *err)
{
    if (!memcmp(&txn->counters, &txn->store->counters, sizeof txn->counters))
        return 0;
    uint8_t row[COUNTERS_LEN];
    counters_write(&txn->counters, row);
    return store_txn_put(txn, STORE_META, counters_key, strlen(counters_key), row, sizeof row, err);
}

int txn_commit(struct store_txn *txn, struct error *err)
{
    int failed = counters_save(txn, err);
    if (failed) {
        txn_abort(txn);
        return failed;
    }
    struct environment *environment = &txn->store->environment;
    u_int32_t durability = environment->sync_each_commit ? DB_TXN_SYNC : DB_TXN_WRITE_NOSYNC;
    int db_code = txn->txn->commit(txn->txn, durability);
    if (db_code)
        failed = environment_fail(environment, db_code, err, "cannot commit");
    else {
        counters_adopt(txn->store, &txn->counters);
        atomic_store(&environment->disk_was_full, false);
    }
    txn->trouble = db_code;
    txn_end(txn);
    return failed;
}

/* --- Within */

/* Translates a code and keeps those that spoil the whole transaction. */
static int note(struct store_txn *txn, int db_code, enum store_table table, const char *what,
                struct error *err)
{
    if (db_code == EINVAL || db_code == E2BIG)
        return error_set(err, PROVIDER_ELIMIT, "a row of '%s' is larger than its limit",
                         environment_table_name(table));
    txn->trouble = db_code;
    return environment_fail(&txn->store->environment, db_code, err, "cannot %s '%s'", what,
                            environment_table_name(table));
}

int store_txn_get(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  struct text *out, struct error *err)
{
    DB *db = txn->store->environment.tables[table];
    int db_code = read_row(db, txn->txn, key, key_len, out);
    if (!db_code)
        return 0;
    if (db_code == DB_NOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no such row in '%s'",
                         environment_table_name(table));
    return note(txn, db_code, table, "read", err);
}

int store_txn_put(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  const void *value, size_t value_len, struct error *err)
{
    if (key_len > STORE_MAX_KEY_LEN || value_len > STORE_MAX_VALUE_LEN)
        return note(txn, E2BIG, table, "write", err);
    DB *db = txn->store->environment.tables[table];
    DBT name = borrow(key, key_len), data = borrow(value, value_len);
    txn->n_writes++;
    int db_code = db->put(db, txn->txn, &name, &data, 0);
    return db_code ? note(txn, db_code, table, "write", err) : 0;
}

int txn_put_parts(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                  const void *head, size_t head_len, const void *body, size_t body_len,
                  struct error *err)
{
    struct text *scratch = &txn->scratch;
    text_clear(scratch);
    if (!text_add(scratch, head, head_len) || !text_add(scratch, body, body_len))
        return note(txn, E2BIG, table, "write", err);
    return store_txn_put(txn, table, key, key_len, scratch->bytes, scratch->len, err);
}

int txn_insert(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
               const void *value, size_t value_len, bool *out_is_new, struct error *err)
{
    DB *db = txn->store->environment.tables[table];
    DBT name = borrow(key, key_len), data = borrow(value, value_len);
    txn->n_writes++;
    int db_code = db->put(db, txn->txn, &name, &data, DB_NOOVERWRITE);
    if (db_code && db_code != DB_KEYEXIST)
        return note(txn, db_code, table, "write", err);
    *out_is_new = !db_code;
    return 0;
}

int txn_remove(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
               bool *out_was_there, struct error *err)
{
    DB *db = txn->store->environment.tables[table];
    DBT name = borrow(key, key_len);
    txn->n_writes++;
    int db_code = db->del(db, txn->txn, &name, 0);
    if (db_code && db_code != DB_NOTFOUND)
        return note(txn, db_code, table, "delete from", err);
    *out_was_there = !db_code;
    return 0;
}

int store_txn_delete(struct store_txn *txn, enum store_table table, const void *key, size_t key_len,
                     struct error *err)
{
    bool was_there;
    return txn_remove(txn, table, key, key_len, &was_there, err);
}

int store_txn_walk(struct store_txn *txn, enum store_table table, const void *from, size_t from_len,
                   store_each *each, void *context, struct error *err)
{
    DB *db = txn->store->environment.tables[table];
    CLEANUP(reading_done) struct reading reading = { .chunk = NULL };
    int db_code = reading_init(&reading, from, from_len);
    while (!db_code) {
        db_code = reading_next(&reading, db, txn->txn);
        int stop = db_code ? 0 : reading_each(&reading, each, context);
        if (stop)
            return stop;
    }
    return db_code == DB_NOTFOUND ? 0 : note(txn, db_code, table, "walk", err);
}
