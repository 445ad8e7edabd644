/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "store/bytes.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/repairing.h"
#include "store/seasons.h"

enum { BATCH = 100 };

/* What is to be written, gathered by a walk and written behind it. */
struct work {
    struct store *store;
    struct text row;
    struct task {
        uint32_t id, season;
        struct record_header head;
    } * tasks;
    size_t n, capacity, next;
    struct error *err;
};

static void work_done(struct work *work)
{
    text_done(&work->row);
    free(work->tasks);
}
DEFINE_CLEANUP_VALUE(struct work, work_done);

static struct task *add_task(struct work *work, uint32_t id)
{
    if (work->n == work->capacity) {
        work->capacity = work->capacity * 2 + 64;
        work->tasks = mem_resize(work->tasks, work->capacity, sizeof *work->tasks);
    }
    struct task *task = &work->tasks[work->n++];
    *task = (struct task){ .id = id };
    return task;
}

/* All tasks, some per transaction; `apply` is given the work, whose `next` is the first. */
static int carry_out(struct work *work, store_apply *apply, struct error *err)
{
    int failed = 0;
    for (work->next = 0; !failed && work->next < work->n; work->next += BATCH)
        failed = store_write(work->store, apply, work, err);
    work->n = 0;
    return failed;
}

static size_t end_of_batch(const struct work *work)
{
    return MIN(work->next + BATCH, work->n);
}

/* --- Heads of records */

static int note_headless(const struct record_header *header, const char *json UNUSED,
                         size_t len UNUSED, void *context)
{
    struct work *work = context;
    struct record_header head;
    if (heads_get(work->store, header->item_id, header->provider, &head, NULL)) {
        struct task *task = add_task(work, header->item_id);
        task->head = *header;
        task->head.flags = RECORD_PARTIAL;
    }
    return 0;
}

static int put_heads(struct store_txn *txn, void *context, struct error *err)
{
    const struct work *work = context;
    int failed = 0;
    for (size_t i = work->next; !failed && i < end_of_batch(work); i++)
        failed = heads_txn_put(txn, &work->tasks[i].head, err);
    return failed;
}

int repair_missing_heads(struct store *store, struct error *err)
{
    CLEANUP(work_done) struct work work = { .store = store, .err = err };
    int failed = records_walk_all(store, note_headless, &work, err);
    return failed ? failed : carry_out(&work, put_heads, err);
}

/* --- What waits and what is due */

static bool has_row(struct work *work, enum store_table table, uint64_t first,
                    const struct record_header *head)
{
    uint8_t key[12 + RECORD_PROVIDER_LEN];
    size_t len = strlen(head->provider);
    bytes_put_be(key, first, 8);
    bytes_put_be(key + 8, head->item_id, 4);
    memcpy(key + 12, head->provider, len);
    return !store_get(work->store, table, key, 12 + len, &work->row, NULL);
}

static int note_unreminded(const struct record_header *header, void *context)
{
    struct work *work = context;
    if ((header->fetch_priority && !has_row(work, STORE_FETCHES, header->fetch_priority, header)) ||
        (header->due_at_ms && !has_row(work, STORE_DUE, (uint64_t)header->due_at_ms, header)))
        add_task(work, header->item_id)->head = *header;
    return 0;
}

static int remind(struct store_txn *txn, void *context, struct error *err)
{
    const struct work *work = context;
    int failed = 0;
    for (size_t i = work->next; !failed && i < end_of_batch(work); i++) {
        const struct record_header *head = &work->tasks[i].head;
        struct record_header without = *head;
        without.due_at_ms = 0; /* moving it back writes its row */
        failed = heads_txn_put(txn, &without, err);
        failed = failed ? failed : heads_txn_put(txn, head, err);
        if (!failed && head->fetch_priority)
            failed = fetches_txn_put(txn, head->fetch_priority, head->item_id, head->provider, err);
    }
    return failed;
}

/* --- The calendar */

static int note_season(uint32_t show, uint32_t season, const void *packed UNUSED, size_t len UNUSED,
                       void *context)
{
    add_task(context, show)->season = season;
    return 0;
}

static int put_seasons(struct store_txn *txn, void *context, struct error *err)
{
    const struct work *work = context;
    CLEANUP(text_done) struct text packed = TEXT_INIT(STORE_MAX_VALUE_LEN);
    int failed = 0;
    for (size_t i = work->next; !failed && i < end_of_batch(work); i++) {
        const struct task *task = &work->tasks[i];
        failed = seasons_txn_get(txn, task->id, task->season, &packed, err);
        failed = failed ? failed : seasons_txn_delete(txn, task->id, task->season, err);
        failed = failed ? failed : seasons_txn_put(txn, task->id, task->season, &packed, err);
    }
    return failed;
}

/* --- Changes */

static int note_untold(const void *key, size_t key_len, const void *value UNUSED,
                       size_t value_len UNUSED, void *context)
{
    struct work *work = context;
    struct item_header item;
    struct change change;
    uint32_t id = key_len == 4 ? (uint32_t)bytes_get_be(key, 4) : 0;
    if (id && !items_get(work->store, id, &item, &work->row, NULL) &&
        (changes_get(work->store, item.revision, &change, NULL) || change.item_id != id))
        add_task(work, id);
    return 0;
}

static int tell(struct store_txn *txn, void *context, struct error *err)
{
    const struct work *work = context;
    CLEANUP(text_done) struct text body = TEXT_INIT(STORE_MAX_VALUE_LEN);
    int failed = 0;
    for (size_t i = work->next; !failed && i < end_of_batch(work); i++) {
        struct item_header item;
        uint64_t revision = 0;
        failed = items_txn_get(txn, work->tasks[i].id, &item, &body, err);
        struct change change = { .item_id = item.id,
                                 .kind = item.kind,
                                 .what = item.flags & ITEM_GONE ? CHANGE_GONE : CHANGE_UPDATED,
                                 .at_ms = clock_wall_ms() };
        failed = failed ? failed : changes_txn_add(txn, &change, 0, &revision, err);
        failed = failed ? failed : items_txn_touch(txn, item.id, revision, err);
    }
    return failed;
}

int repair_following(struct store *store, struct error *err)
{
    CLEANUP(work_done)
    struct work work = { .store = store, .row = TEXT_INIT(STORE_MAX_VALUE_LEN), .err = err };
    int failed = heads_walk(store, 0, note_unreminded, &work, err);
    failed = failed ? failed : carry_out(&work, remind, err);
    failed = failed ? failed : seasons_walk(store, 0, note_season, &work, err);
    failed = failed ? failed : carry_out(&work, put_seasons, err);
    failed = failed ? failed : store_walk(store, STORE_ITEMS, NULL, 0, note_untold, &work, err);
    return failed ? failed : carry_out(&work, tell, err);
}
