/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <assert.h>

#include "base/log.h"
#include "store/inside.h"

static int start(struct store *store, struct error *err)
{
    int failed = migrate(store, err);
    failed = failed ? failed : counters_load(store, err);
    if (failed || store->environment.read_only)
        return failed;
    store->writer = writer_start(store);
    store->keeper = keeper_start(store);
    return 0;
}

static int open_store(const struct store_options *options, bool recover_fatally, struct store **out,
                      struct error *err)
{
    struct store *store = mem_new(struct store);
    int failed = environment_open(&store->environment, options, recover_fatally, err);
    if (failed) {
        free(store);
        return failed;
    }
    failed = start(store, err);
    if (failed) {
        environment_close(&store->environment);
        free(store);
        return failed;
    }
    *out = store;
    return 0;
}

int store_open(const struct store_options *options, struct store **out, struct error *err)
{
    return open_store(options, false, out, err);
}

int store_open_backup(const struct store_options *options, struct store **out, struct error *err)
{
    return open_store(options, true, out, err);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    writer_stop(store->writer);
    keeper_stop(store->keeper);
    struct error err = { 0 };
    if (environment_checkpoint(&store->environment, true, &err))
        log_warning("store", "%s, the next start recovers from the log", err.text);
    environment_close(&store->environment);
    free(store);
}

static int write_waiting(struct store *store, store_apply *apply, void *context,
                         bool may_use_reserve, struct error *err)
{
    if (!store->writer)
        return error_set(err, PROVIDER_EDENIED, "the store is open for reading only");
    return writer_run(store->writer, apply, context, may_use_reserve, err);
}

int store_write(struct store *store, store_apply *apply, void *context, struct error *err)
{
    return write_waiting(store, apply, context, false, err);
}

int store_write_reserved(struct store *store, store_apply *apply, void *context, struct error *err)
{
    return write_waiting(store, apply, context, true, err);
}

void store_submit(struct store *store, store_apply *apply,
                  void (*done)(void *context, int result, const struct error *err), void *context)
{
    if (store->writer) {
        writer_submit(store->writer, apply, done, context);
        return;
    }
    struct error err;
    int denied = error_set(&err, PROVIDER_EDENIED, "the store is open for reading only");
    if (done)
        done(context, denied, &err);
}

uint64_t store_revision(struct store *store)
{
    return atomic_load(&store->revision);
}

void store_listen(struct store *store, void (*committed)(uint64_t revision, void *context),
                  void *context)
{
    assert(store->n_listeners < STORE_MAX_LISTENERS);
    store->listeners[store->n_listeners].committed = committed;
    store->listeners[store->n_listeners].context = context;
    store->n_listeners++;
}
