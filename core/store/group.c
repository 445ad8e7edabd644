/* SPDX-License-Identifier: MIT */
#include <assert.h>

#include "base/log.h"
#include "store/inside.h"

/* About 200 records with the rows they bring: one short transaction, one sync. */
enum { MAX_ROWS = 1000 };

enum { MAX_DEADLOCKS = 100 };

enum outcome {
    OUTCOME_READY,    /* commit it */
    OUTCOME_UNDO,     /* one failed after it had written: again without it */
    OUTCOME_DEADLOCK, /* again as it is */
    OUTCOME_BROKEN,   /* nothing more can be written now */
};

/* Runs one apply.  What it did not write does not need undoing. */
static enum outcome run_one(struct store_txn *txn, struct request *request)
{
    size_t n_writes = txn->n_writes;
    struct counters counters = txn->counters;
    request->err = (struct error){ 0 };
    request->result = request->apply(txn, request->context, &request->err);
    assert(request->result <= 0);
    if (txn->trouble == DB_LOCK_DEADLOCK || txn->trouble == DB_LOCK_NOTGRANTED)
        return OUTCOME_DEADLOCK;
    if (txn->trouble) {
        /* The apply may have dropped the error; it is nobody's to ignore. */
        if (!request->result)
            request->result = environment_fail(&txn->store->environment, txn->trouble,
                                               &request->err, "cannot write");
        return OUTCOME_BROKEN;
    }
    if (!request->result)
        return OUTCOME_READY;
    txn->counters = counters;
    return txn->n_writes == n_writes ? OUTCOME_READY : OUTCOME_UNDO;
}

/* Runs those that have not failed; *n shrinks to those that fit. */
static enum outcome run_all(struct store_txn *txn, struct request **requests, size_t *n,
                            size_t *out_culprit)
{
    for (size_t i = 0; i < *n; i++) {
        if (requests[i]->result)
            continue;
        enum outcome outcome = run_one(txn, requests[i]);
        *out_culprit = i;
        if (outcome != OUTCOME_READY)
            return outcome;
        if (txn->n_writes >= MAX_ROWS)
            *n = i + 1;
    }
    return OUTCOME_READY;
}

static void fail_rest(struct request **requests, size_t n, int result, const struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (requests[i]->result)
            continue;
        requests[i]->result = result;
        requests[i]->err = *err;
    }
}

static bool any_left(struct request **requests, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!requests[i]->result)
            return true;
    return false;
}

/* Refuses what finds no room; negative: nothing is left to be done. */
static int find_room(struct store *store, struct request **requests, size_t n, struct error *err)
{
    int failed = environment_has_room(&store->environment, false, err);
    if (!failed)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (requests[i]->result || requests[i]->may_use_reserve)
            continue;
        requests[i]->result = failed;
        requests[i]->err = *err;
    }
    return any_left(requests, n) ? environment_has_room(&store->environment, true, err) : failed;
}

/* One round: a transaction from beginning to end. */
static enum outcome attempt(struct store *store, struct request **requests, size_t *n)
{
    struct error err = { 0 };
    struct store_txn txn;
    int failed = find_room(store, requests, *n, &err);
    failed = failed ? failed : txn_begin(store, &txn, &err);
    if (failed) {
        fail_rest(requests, *n, failed, &err);
        return OUTCOME_BROKEN;
    }
    size_t culprit = 0;
    enum outcome outcome = run_all(&txn, requests, n, &culprit);
    if (outcome == OUTCOME_DEADLOCK)
        requests[culprit]->result = 0;
    /* The group ends behind the one that failed: those before it are known to be good, so nothing
     * runs more than twice however many fail. */
    if (outcome == OUTCOME_UNDO)
        *n = culprit + 1;
    if (outcome == OUTCOME_BROKEN)
        fail_rest(requests, *n, requests[culprit]->result, &requests[culprit]->err);
    if (outcome != OUTCOME_READY || !any_left(requests, *n)) {
        txn_abort(&txn);
        return outcome;
    }
    failed = txn_commit(&txn, &err);
    if (txn.trouble == DB_LOCK_DEADLOCK)
        return OUTCOME_DEADLOCK;
    if (failed)
        fail_rest(requests, *n, failed, &err);
    return failed ? OUTCOME_BROKEN : OUTCOME_READY;
}

size_t group_run(struct store *store, struct request **requests, size_t n)
{
    for (int deadlocks = 0; deadlocks < MAX_DEADLOCKS;) {
        enum outcome outcome = attempt(store, requests, &n);
        if (outcome == OUTCOME_READY || outcome == OUTCOME_BROKEN)
            return n;
        if (outcome == OUTCOME_DEADLOCK)
            deadlocks++;
    }
    struct error err;
    int failed = error_set(&err, PROVIDER_EBUSY, "the transaction met %d deadlocks in a row",
                           (int)MAX_DEADLOCKS);
    fail_rest(requests, n, failed, &err);
    return n;
}
