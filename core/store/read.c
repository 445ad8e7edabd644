/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "store/inside.h"

/* A reader is the one that gives way in a deadlock; each round lets the writer get on. */
enum { MAX_DEADLOCKS = 1000 };

/* Chunks start small, for walks over the few records of one item, and grow for walks over all. */
enum { FIRST_CHUNK_LEN = ENVIRONMENT_PAGE_LEN, MAX_CHUNK_LEN = 1 << 20 };

/* Most values fit this; a second try costs more than the memory. */
enum { FIRST_VALUE_LEN = 4096 };

/* Gives `value` the memory of `out`, at least `len` bytes of it. */
static bool lend(struct text *out, DBT *value, size_t len)
{
    text_clear(out);
    if (!text_reserve(out, len))
        return false;
    size_t room = MIN(out->capacity - 1, out->limit);
    *value = borrow(out->bytes, MIN(room, (size_t)UINT32_MAX));
    return true;
}

int read_row(DB *db, DB_TXN *txn, const void *key, size_t key_len, struct text *out)
{
    DBT wanted = borrow(key, key_len), value;
    size_t room = MIN((size_t)FIRST_VALUE_LEN, out->limit);
    for (int deadlocks = 0; deadlocks < MAX_DEADLOCKS;) {
        if (!lend(out, &value, room))
            return E2BIG;
        int db_code = db->get(db, txn, &wanted, &value, 0);
        if (db_code == DB_BUFFER_SMALL) {
            room = value.size;
            continue;
        }
        if (db_code == DB_LOCK_DEADLOCK && !txn) {
            deadlocks++;
            continue;
        }
        out->len = db_code ? 0 : value.size;
        out->bytes[out->len] = '\0';
        return db_code;
    }
    return DB_LOCK_DEADLOCK;
}

void row_drop_head(struct text *row, size_t len)
{
    memmove(row->bytes, row->bytes + len, row->len - len + 1);
    row->len -= len;
}

int reading_init(struct reading *reading, const void *from, size_t from_len)
{
    if (from_len > STORE_MAX_KEY_LEN)
        return EINVAL;
    reading->key_len = from ? from_len : 0;
    if (reading->key_len)
        memcpy(reading->key, from, from_len);
    reading->capacity = FIRST_CHUNK_LEN;
    reading->chunk = mem_resize(NULL, reading->capacity, 1);
    return 0;
}

void reading_done(struct reading *reading)
{
    free(reading->chunk);
    reading->chunk = NULL;
}

static void grow(struct reading *reading, size_t wanted)
{
    /* Berkeley DB wants multiples of 1024. */
    reading->capacity = (MAX(wanted, reading->capacity * 2) + 1023) & ~(size_t)1023;
    free(reading->chunk);
    reading->chunk = mem_resize(NULL, reading->capacity, 1);
}

static int fill(struct reading *reading, DB *db, DB_TXN *txn)
{
    DBC *cursor;
    int db_code = db->cursor(db, txn, &cursor, 0);
    if (db_code)
        return db_code;
    /* Berkeley DB writes the key that it found over the one it was asked for, also when it fails
     * then; a second try from there could miss that very row. */
    uint8_t from[sizeof reading->key];
    memcpy(from, reading->key, reading->key_len);
    DBT key = borrow(from, reading->key_len);
    key.ulen = sizeof from;
    reading->rows = borrow(reading->chunk, reading->capacity);
    db_code = cursor->get(cursor, &key, &reading->rows, DB_SET_RANGE | DB_MULTIPLE_KEY);
    int not_closed = cursor->close(cursor);
    return db_code ? db_code : not_closed;
}

int reading_next(struct reading *reading, DB *db, DB_TXN *txn)
{
    for (int deadlocks = 0; deadlocks < MAX_DEADLOCKS;) {
        int db_code = fill(reading, db, txn);
        if (db_code == DB_BUFFER_SMALL)
            grow(reading, reading->rows.size);
        else if (db_code == DB_LOCK_DEADLOCK && !txn)
            deadlocks++;
        else
            return db_code;
    }
    return DB_LOCK_DEADLOCK;
}

int reading_each(struct reading *reading, store_each *each, void *context)
{
    void *at;
    uint8_t *key, *value;
    size_t key_len, value_len;
    const uint8_t *last = NULL;
    size_t last_len = 0;
    DB_MULTIPLE_INIT(at, &reading->rows);
    for (;;) {
        DB_MULTIPLE_KEY_NEXT(at, &reading->rows, key, key_len, value, value_len);
        if (!at)
            break;
        int stop = each(key, key_len, value, value_len, context);
        if (stop)
            return stop;
        last = key;
        last_len = key_len;
    }
    /* The next key in order is the last one with a zero behind it. */
    if (last_len <= STORE_MAX_KEY_LEN && last) {
        memcpy(reading->key, last, last_len);
        reading->key[last_len] = 0;
        reading->key_len = last_len + 1;
    }
    if (reading->capacity < MAX_CHUNK_LEN)
        grow(reading, MIN(reading->capacity * 4, (size_t)MAX_CHUNK_LEN));
    return 0;
}

/* --- Outside a transaction */

int store_get(struct store *store, enum store_table table, const void *key, size_t key_len,
              struct text *out, struct error *err)
{
    struct environment *environment = &store->environment;
    int failed = environment_enter(environment, err);
    if (failed)
        return failed;
    int db_code = read_row(environment->tables[table], NULL, key, key_len, out);
    environment_leave(environment);
    if (!db_code)
        return 0;
    if (db_code == DB_NOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no such row in '%s'",
                         environment_table_name(table));
    if (db_code == E2BIG)
        return error_set(err, PROVIDER_ELIMIT, "a row of '%s' is larger than %zu bytes",
                         environment_table_name(table), out->limit);
    return environment_fail(environment, db_code, err, "cannot read '%s'",
                            environment_table_name(table));
}

int read_start(struct store *store, enum store_table table, const void *key, size_t key_len,
               size_t len, struct text *out, struct error *err)
{
    struct environment *environment = &store->environment;
    DBT wanted = borrow(key, key_len), value;
    if (!lend(out, &value, len))
        return error_set(err, PROVIDER_ELIMIT, "%zu bytes of a row are too many", len);
    value.flags |= DB_DBT_PARTIAL;
    value.dlen = (u_int32_t)len;
    int db_code = DB_LOCK_DEADLOCK;
    for (int i = 0; db_code == DB_LOCK_DEADLOCK && i < MAX_DEADLOCKS; i++) {
        int failed = environment_enter(environment, err);
        if (failed)
            return failed;
        db_code =
            environment->tables[table]->get(environment->tables[table], NULL, &wanted, &value, 0);
        environment_leave(environment);
    }
    if (db_code == DB_NOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no such row in '%s'",
                         environment_table_name(table));
    if (db_code)
        return environment_fail(environment, db_code, err, "cannot read '%s'",
                                environment_table_name(table));
    out->len = value.size;
    out->bytes[out->len] = '\0';
    return 0;
}

int store_walk(struct store *store, enum store_table table, const void *from, size_t from_len,
               store_each *each, void *context, struct error *err)
{
    struct environment *environment = &store->environment;
    CLEANUP(reading_done) struct reading reading = { .chunk = NULL };
    int db_code = reading_init(&reading, from, from_len);
    while (!db_code) {
        int stop = environment_enter(environment, err);
        if (stop)
            return stop;
        db_code = reading_next(&reading, environment->tables[table], NULL);
        environment_leave(environment);
        stop = db_code ? 0 : reading_each(&reading, each, context);
        if (stop)
            return stop;
    }
    if (db_code == DB_NOTFOUND)
        return 0;
    return environment_fail(environment, db_code, err, "cannot walk '%s'",
                            environment_table_name(table));
}
