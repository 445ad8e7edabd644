/* SPDX-License-Identifier: MIT */
#include "index_writing.h"

#include "store/changes.h"
#include "store/items.h"

static int write_item(struct store_txn *txn, struct world_item *item, struct error *err)
{
    struct item_header before = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    int result = items_txn_get(txn, item->facts.id, &before, &body, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    struct change change = { .item_id = item->facts.id,
                             .kind = item->facts.kind,
                             .what = item->there ? CHANGE_UPDATED : CHANGE_DELETED,
                             .at_ms = 1 };
    struct item_header header = { .id = item->facts.id, .kind = item->facts.kind };
    result = changes_txn_add(txn, &change, before.revision, &header.revision, err);
    if (result || !item->there)
        return result ? result : items_txn_delete(txn, item->facts.id, err);
    return items_txn_put(txn, &header, &item->card, &item->card, err);
}

static int write_items(struct store_txn *txn, void *context, struct error *err)
{
    struct writing *writing = context;
    int result = 0;
    for (size_t i = 0; !result && i < writing->n; i++)
        result = write_item(txn, &writing->world->items[writing->ids[i]], err);
    return result;
}

void writing_invent(struct world *world, uint32_t n_ids, struct writing *out)
{
    *out = (struct writing){ .world = world, .n = 1 + world_chance(world, ARRAY_LEN(out->ids)) };
    uint32_t first = 1 + world_chance(world, n_ids);
    for (size_t i = 0; i < out->n; i++) {
        uint32_t id = out->ids[i] = (first + (uint32_t)i * 17) % n_ids + 1;
        bool was_there = id < world->n && world->items[id].there;
        if (was_there && !world_chance(world, 5))
            world_remove(world, id);
        else
            world_invent(world, id);
    }
}

int writing_commit(struct writing *writing, struct store *store, struct error *err)
{
    return store_write(store, write_items, writing, err);
}
