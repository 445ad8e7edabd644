/* SPDX-License-Identifier: MIT */
#include "store/jobs.h"

#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"

/* Key: number.  Value: version, JSON. */
enum { VERSION = 1, HEAD_LEN = 1, KEY_LEN = 4 };

struct job_row {
    uint32_t id;
    const char *json;
};

static int new_id(struct store_txn *txn, void *context, struct error *err)
{
    if (txn->counters.next_job == UINT32_MAX)
        return error_set(err, PROVIDER_ELIMIT, "all job numbers are used");
    *(uint32_t *)context = txn->counters.next_job++;
    return 0;
}

int job_rows_new_id(struct store *store, uint32_t *out, struct error *err)
{
    uint32_t id = 0;
    int failed = store_write(store, new_id, &id, err);
    if (!failed)
        *out = id;
    return failed;
}

int job_rows_get(struct store *store, uint32_t id, struct text *out_json, struct error *err)
{
    uint8_t key[KEY_LEN];
    bytes_put_be(key, id, KEY_LEN);
    int failed = store_get(store, STORE_JOBS, key, KEY_LEN, out_json, err);
    if (failed)
        return failed;
    if (!out_json->len || out_json->bytes[0] != VERSION)
        return error_set(err, PROVIDER_ENOTSUP, "job %u has an unknown version", id);
    row_drop_head(out_json, HEAD_LEN);
    return 0;
}

int job_rows_txn_put(struct store_txn *txn, uint32_t id, const char *json, struct error *err)
{
    static const uint8_t head[HEAD_LEN] = { VERSION };
    uint8_t key[KEY_LEN];
    bytes_put_be(key, id, KEY_LEN);
    return txn_put_parts(txn, STORE_JOBS, key, KEY_LEN, head, HEAD_LEN, json, strlen(json), err);
}

static int put(struct store_txn *txn, void *context, struct error *err)
{
    const struct job_row *row = context;
    return job_rows_txn_put(txn, row->id, row->json, err);
}

int job_rows_put(struct store *store, uint32_t id, const char *json, struct error *err)
{
    struct job_row row = { .id = id, .json = json };
    return store_write_reserved(store, put, &row, err);
}

static int delete (struct store_txn *txn, void *context, struct error *err)
{
    uint8_t key[KEY_LEN];
    bytes_put_be(key, *(uint32_t *)context, KEY_LEN);
    return store_txn_delete(txn, STORE_JOBS, key, KEY_LEN, err);
}

int job_rows_delete(struct store *store, uint32_t id, struct error *err)
{
    return store_write_reserved(store, delete, &id, err);
}

struct walk {
    int (*each)(uint32_t id, const char *json, size_t len, void *context);
    void *context;
    struct error *err;
};

static int walk_row(const void *key, size_t key_len, const void *value, size_t value_len,
                    void *context)
{
    struct walk *walk = context;
    if (key_len != KEY_LEN || value_len < HEAD_LEN || *(const uint8_t *)value != VERSION)
        return error_set(walk->err, PROVIDER_ENOTSUP, "a job has an unknown version");
    return walk->each((uint32_t)bytes_get_be(key, KEY_LEN), (const char *)value + HEAD_LEN,
                      value_len - HEAD_LEN, walk->context);
}

int job_rows_walk(struct store *store,
                  int (*each)(uint32_t id, const char *json, size_t len, void *context),
                  void *context, struct error *err)
{
    struct walk walk = { .each = each, .context = context, .err = err };
    return store_walk(store, STORE_JOBS, NULL, 0, walk_row, &walk, err);
}
