/* SPDX-License-Identifier: MIT */
#include "cache/body_index.h"

#include <uthash.h>
#include <utlist.h>

#include "base/mem.h"

struct body_entry {
    UT_hash_handle hh;
    struct body_entry *prev, *next;
    struct body_name name;
    uint64_t size;
};

static struct body_entry *find(struct body_index *index, const struct body_name *name)
{
    struct body_entry *entry;
    HASH_FIND(hh, index->by_name, name->text, BODY_NAME_LEN, entry);
    return entry;
}

static struct body_entry *list(struct body_index *index, const struct body_name *name,
                               uint64_t size)
{
    struct body_entry *entry = mem_new(struct body_entry);
    entry->name = *name;
    entry->size = size;
    HASH_ADD(hh, index->by_name, name.text, BODY_NAME_LEN, entry);
    index->bytes += size;
    index->files++;
    return entry;
}

static void unlist(struct body_index *index, struct body_entry *entry)
{
    HASH_DEL(index->by_name, entry);
    DL_DELETE(index->by_use, entry);
    index->bytes -= entry->size;
    index->files--;
    free(entry);
}

void body_index_done(struct body_index *index)
{
    while (index->by_use)
        unlist(index, index->by_use);
}

void body_index_add(struct body_index *index, const struct body_name *name, uint64_t size)
{
    body_index_remove(index, name);
    struct body_entry *entry = list(index, name, size);
    DL_PREPEND(index->by_use, entry);
}

void body_index_add_oldest(struct body_index *index, const struct body_name *name, uint64_t size)
{
    if (find(index, name))
        return;
    struct body_entry *entry = list(index, name, size);
    DL_APPEND(index->by_use, entry);
}

void body_index_touch(struct body_index *index, const struct body_name *name)
{
    struct body_entry *entry = find(index, name);
    if (!entry || entry == index->by_use)
        return;
    DL_DELETE(index->by_use, entry);
    DL_PREPEND(index->by_use, entry);
}

bool body_index_remove(struct body_index *index, const struct body_name *name)
{
    struct body_entry *entry = find(index, name);
    if (entry)
        unlist(index, entry);
    return entry != NULL;
}

bool body_index_take_surplus(struct body_index *index, struct body_name *out)
{
    if (index->bytes <= index->max_bytes || !index->by_use)
        return false;
    struct body_entry *oldest = index->by_use->prev; /* utlist: the head knows the tail */
    *out = oldest->name;
    unlist(index, oldest);
    index->evictions++;
    return true;
}
