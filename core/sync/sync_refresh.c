/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "store/heads.h"
#include "sync/sync_inside.h"

enum { BATCH = 200 };

struct batch {
    struct due rows[BATCH];
    size_t n;
    int64_t now_ms;
};

static int collect(const struct due *due, void *context)
{
    struct batch *batch = context;
    if (due->at_ms > batch->now_ms || batch->n == BATCH)
        return 1;
    batch->rows[batch->n++] = *due;
    return 0;
}

/* From "due some time" to "waits to be fetched"; who waits already only loses the reminder. */
static int move(struct store_txn *txn, const struct due *due, struct error *err)
{
    struct record_header head;
    int failed = heads_txn_get(txn, due->item_id, due->provider, &head, err);
    if (failed)
        return failed;
    head.due_at_ms = 0;
    if (!head.fetch_priority) {
        head.fetch_priority = fetch_priority_due(due->at_ms);
        failed = fetches_txn_put(txn, head.fetch_priority, head.item_id, head.provider, err);
    }
    return failed ? failed : heads_txn_put(txn, &head, err);
}

static int move_all(struct store_txn *txn, void *context, struct error *err)
{
    const struct batch *batch = context;
    int failed = 0;
    for (size_t i = 0; i < batch->n && !failed; i++)
        failed = move(txn, &batch->rows[i], err);
    return failed;
}

int sync_refresh_queue(struct store *store, int64_t now_ms, uint64_t *out_n, struct error *err)
{
    CLEANUP(mem_free) struct batch *batch = mem_new(struct batch);
    batch->now_ms = now_ms;
    *out_n = 0;
    do {
        batch->n = 0;
        int failed = due_walk(store, collect, batch, err);
        if (failed < 0)
            return failed;
        failed = batch->n ? store_write(store, move_all, batch, err) : 0;
        if (failed)
            return failed;
        *out_n += batch->n;
    } while (batch->n == BATCH);
    return 0;
}

bool sync_refresh_is_due(struct store *store, int64_t now_ms)
{
    CLEANUP(mem_free) struct batch *batch = mem_new(struct batch);
    struct error ignored;
    batch->now_ms = now_ms;
    return due_walk(store, collect, batch, &ignored) >= 0 && batch->n;
}

int sync_run_refresh(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    uint64_t n;
    bool more;
    int result = sync_refresh_queue(task->sync->store, clock_wall_ms(), &n, err);
    if (!result)
        result = sync_drain(task, job, FETCH_STALE, &more, err);
    return sync_end(task, job, result, err);
}
