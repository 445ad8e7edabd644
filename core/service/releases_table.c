/* SPDX-License-Identifier: MIT */
#include "service/releases_table.h"

#include <string.h>
#include <uthash.h>

#include "base/lock.h"
#include "media/card.h"
#include "store/changes.h"
#include "store/items.h"
#include "store/releases.h"

/* The releases of one item. */
struct shelf {
    uint32_t item;
    uint32_t runtime;
    struct releases_row *rows;
    size_t n, capacity;
    UT_hash_handle hh;
};

struct releases_table {
    struct store *store;
    struct lock lock; /* guards what follows */
    struct shelf *shelves;
    char *providers[RELEASES_TABLE_PROVIDERS];
    bool loaded;
    uint64_t seen; /* the change number it is of */
};

struct releases_table *releases_table_new(struct store *store)
{
    struct releases_table *table = mem_new(struct releases_table);
    table->store = store;
    lock_init(&table->lock);
    return table;
}

static void drop_shelf(struct releases_table *table, uint32_t item) REQUIRES(table->lock)
{
    struct shelf *shelf;
    HASH_FIND(hh, table->shelves, &item, sizeof item, shelf);
    if (!shelf)
        return;
    HASH_DEL(table->shelves, shelf);
    free(shelf->rows);
    free(shelf);
}

static void drop_all(struct releases_table *table) REQUIRES(table->lock)
{
    struct shelf *shelf, *next;
    HASH_ITER (hh, table->shelves, shelf, next)
        drop_shelf(table, shelf->item);
}

void releases_table_free(struct releases_table *table)
{
    if (!table)
        return;
    lock_take(&table->lock);
    drop_all(table);
    for (size_t i = 0; i < RELEASES_TABLE_PROVIDERS; i++)
        free(table->providers[i]);
    lock_release(&table->lock);
    lock_done(&table->lock);
    free(table);
}

uint32_t releases_table_runtime(struct store *store, uint32_t item)
{
    CLEANUP(text_done) struct text start = TEXT_INIT(4096);
    struct item_header header;
    struct card_facts facts;
    return items_get_start(store, item, &header, &start, NULL) == 0 &&
                   card_facts_read(start.bytes, start.len, &facts)
               ? (uint32_t)facts.runtime
               : 0;
}

static struct shelf *shelf_of(struct releases_table *table, uint32_t item) REQUIRES(table->lock)
{
    struct shelf *shelf;
    HASH_FIND(hh, table->shelves, &item, sizeof item, shelf);
    if (shelf)
        return shelf;
    shelf = mem_new(struct shelf);
    shelf->item = item;
    shelf->runtime = releases_table_runtime(table->store, item);
    HASH_ADD(hh, table->shelves, item, sizeof shelf->item, shelf);
    return shelf;
}

/* More providers than bits share the last one's. */
static uint32_t bit_of(struct releases_table *table, const char *provider) REQUIRES(table->lock)
{
    size_t i = 0;
    while (i < RELEASES_TABLE_PROVIDERS - 1 && table->providers[i] &&
           strcmp(table->providers[i], provider) != 0)
        i++;
    if (!table->providers[i])
        table->providers[i] = mem_dup_text(provider);
    return 1u << i;
}

/* For releases_walk(), which runs under the lock. */
static int add_row(const struct release_packed *release, void *context) NO_LOCK_ANALYSIS;
static int add_row(const struct release_packed *release, void *context)
{
    struct releases_table *table = context;
    struct shelf *shelf = shelf_of(table, release->facts.item);
    if (shelf->n == shelf->capacity) {
        shelf->capacity = shelf->capacity * 2 + 4;
        shelf->rows = mem_resize(shelf->rows, shelf->capacity, sizeof *shelf->rows);
    }
    struct releases_row *row = &shelf->rows[shelf->n++];
    *row = (struct releases_row){ .facts = release->facts, .runtime = shelf->runtime };
    for (const char *at = release->providers; *at; at += strlen(at) + 1)
        row->providers |= bit_of(table, at);
    return 0;
}

struct following {
    struct releases_table *table;
    struct error *err;
};

static int follow(const struct change *change, void *context) NO_LOCK_ANALYSIS;
static int follow(const struct change *change, void *context)
{
    struct following *following = context;
    struct releases_table *table = following->table;
    if (change->kind != PROVIDER_MOVIE && change->kind != PROVIDER_TVSHOW)
        return 0;
    drop_shelf(table, change->item_id);
    return releases_walk(table->store, change->item_id, add_row, table, following->err);
}

static int catch_up(struct releases_table *table, struct error *err) REQUIRES(table->lock)
{
    struct following following = { table, err };
    uint64_t until = store_revision(table->store);
    if (table->loaded && until == table->seen)
        return 0;
    int result = table->loaded ? changes_walk(table->store, table->seen, follow, &following, err)
                               : releases_walk(table->store, 0, add_row, table, err);
    if (result) {
        drop_all(table);
        table->loaded = false;
        return result;
    }
    table->loaded = true;
    table->seen = until;
    return 0;
}

static void show(const struct shelf *shelf,
                 void (*each)(const struct releases_row *row, void *context), void *context)
{
    for (size_t i = 0; i < shelf->n; i++)
        each(&shelf->rows[i], context);
}

int releases_table_each(struct releases_table *table, uint32_t item,
                        void (*each)(const struct releases_row *row, void *context), void *context,
                        uint64_t *out_revision, struct error *err)
{
    LOCK_SCOPE(&table->lock);
    struct shelf *shelf, *next;
    int result = catch_up(table, err);
    if (result)
        return result;
    *out_revision = table->seen;
    if (item) {
        HASH_FIND(hh, table->shelves, &item, sizeof item, shelf);
        if (shelf)
            show(shelf, each, context);
        return 0;
    }
    HASH_ITER (hh, table->shelves, shelf, next)
        show(shelf, each, context);
    return 0;
}

uint32_t releases_table_provider(struct releases_table *table, const char *provider)
{
    LOCK_SCOPE(&table->lock);
    if (catch_up(table, NULL))
        return 0;
    for (size_t i = 0; i < RELEASES_TABLE_PROVIDERS && table->providers[i]; i++)
        if (strcmp(table->providers[i], provider) == 0)
            return 1u << i;
    return 0;
}
