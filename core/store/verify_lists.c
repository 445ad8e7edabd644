/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "store/ids.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/maintenance.h"

struct checking {
    struct store *store;
    struct list_verdict *verdict;
    struct text row;
    uint32_t last_list, last_position; /* of the items walked so far */
    uint64_t ties; /* what the lists say, less what the items say: 0 in the end */
    struct error *err;
};

static void find(struct checking *c, const char *fmt, ...) PRINTF(2, 3);
static void find(struct checking *c, const char *fmt, ...)
{
    char finding[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(finding, sizeof finding, fmt, args);
    va_end(args);
    c->verdict->n_findings++;
    c->verdict->checks->report(finding, c->verdict->checks->context);
}

/* --- Heads */

static void check_change_of(struct checking *c, const struct list_row *list)
{
    struct change change;
    if (!list->revision)
        return;
    if (changes_get(c->store, list->revision, &change, NULL))
        find(c, "list %u was changed by %llu, which is not in the change feed", list->id,
             (unsigned long long)list->revision);
    else if (change.item_id != list->id || change.kind != PROVIDER_LIST)
        find(c, "list %u was changed by %llu, which is the change of item %u", list->id,
             (unsigned long long)list->revision, change.item_id);
}

static void check_source(struct checking *c, const struct list_row *list)
{
    uint32_t found;
    if (list->kind != LIST_SYNCED || *list->owner)
        return;
    if (list_sources_find(c->store, list->provider, list->source, &found, NULL))
        find(c, "list %u cannot be found by its source", list->id);
    else if (found != list->id)
        find(c, "lists %u and %u have the same source", list->id, found);
}

static int count_item(uint32_t list UNUSED, uint32_t position UNUSED,
                      const struct list_item *item UNUSED, void *context)
{
    ++*(uint32_t *)context;
    return 0;
}

static int check_head(const struct list_row *list, const char *about UNUSED, size_t len UNUSED,
                      void *context)
{
    struct checking *c = context;
    struct item_header item;
    uint32_t n = 0;
    c->verdict->max_id = MAX(c->verdict->max_id, list->id);
    if (!items_get(c->store, list->id, &item, &c->row, NULL))
        find(c, "the number %u is a list's and an item's", list->id);
    check_change_of(c, list);
    check_source(c, list);
    int failed = list_items_walk(c->store, list->id, 1, count_item, &n, c->err);
    if (!failed && n != list->n_items)
        find(c, "list %u says %u items and has %u", list->id, list->n_items, n);
    return failed;
}

/* --- Items */

static int see_record(const struct record_header *header UNUSED, const char *json UNUSED,
                      size_t len UNUSED, void *context)
{
    *(bool *)context = true;
    return 0;
}

/* An item, or what waits to become one. */
static void check_item(struct checking *c, uint32_t list, const struct list_item *on_list)
{
    struct item_header item;
    bool known = false;
    if (!items_get(c->store, on_list->item_id, &item, &c->row, NULL)) {
        if (item.kind != on_list->kind)
            find(c, "item %u of list %u has kind %u, the list says %u", on_list->item_id, list,
                 item.kind, on_list->kind);
        return;
    }
    records_walk(c->store, on_list->item_id, see_record, &known, NULL);
    if (!known)
        find(c, "list %u has item %u, which does not exist", list, on_list->item_id);
}

/* The sum of all does not depend on their order. */
static uint64_t hash_tie(uint32_t item, uint32_t list)
{
    uint32_t parts[] = { item, list };
    return text_hash(parts, sizeof parts);
}

static int see_list(uint32_t item UNUSED, uint32_t list, void *context)
{
    return list == *(uint32_t *)context;
}

static int check_row(uint32_t list, uint32_t position, const struct list_item *item, void *context)
{
    struct checking *c = context;
    struct list_row head;
    if (list != c->last_list && list_rows_get(c->store, list, &head, &c->row, NULL))
        find(c, "there are items of list %u, which does not exist", list);
    uint32_t expected = list == c->last_list ? c->last_position + 1 : 1;
    if (position != expected)
        find(c, "list %u has nothing at position %u", list, expected);
    c->last_list = list;
    c->last_position = position;
    c->ties += hash_tie(item->item_id, list);
    check_item(c, list, item);
    if (item_lists_walk(c->store, item->item_id, see_list, &list, NULL) != 1)
        find(c, "item %u does not know that it is on list %u", item->item_id, list);
    return 0;
}

/* --- Backwards */

static int subtract_tie(uint32_t item, uint32_t list, void *context)
{
    ((struct checking *)context)->ties -= hash_tie(item, list);
    return 0;
}

static int see_item(uint32_t list UNUSED, uint32_t position UNUSED, const struct list_item *item,
                    void *context)
{
    return item->item_id == *(uint32_t *)context;
}

static int name_stray(uint32_t item, uint32_t list, void *context)
{
    struct checking *c = context;
    if (list_items_walk(c->store, list, 1, see_item, &item, NULL) != 1)
        find(c, "item %u says that it is on list %u, and is not", item, list);
    return 0;
}

static int check_backwards(struct checking *c)
{
    int failed = item_lists_walk(c->store, 0, subtract_tie, c, c->err);
    if (failed || !c->ties)
        return failed;
    return item_lists_walk(c->store, 0, name_stray, c, c->err);
}

int verify_lists(struct store *store, struct list_verdict *verdict, struct error *err)
{
    struct checking c = {
        .store = store, .verdict = verdict, .row = TEXT_INIT(STORE_MAX_VALUE_LEN), .err = err
    };
    int failed = list_rows_walk(store, check_head, &c, err);
    failed = failed ? failed : list_items_walk(store, 0, 1, check_row, &c, err);
    failed = failed ? failed : check_backwards(&c);
    text_done(&c.row);
    return failed;
}

void verify_list_change(struct store *store, const struct change *change,
                        struct list_verdict *verdict)
{
    struct list_row list;
    struct checking c = { .store = store,
                          .verdict = verdict,
                          .row = TEXT_INIT(STORE_MAX_VALUE_LEN) };
    unsigned long long revision = change->revision;
    if (list_rows_get(store, change->item_id, &list, &c.row, NULL))
        find(&c, "change %llu belongs to list %u, which does not exist", revision, change->item_id);
    else if (list.revision != change->revision)
        find(&c, "change %llu belongs to list %u, which was last changed by %llu", revision,
             list.id, (unsigned long long)list.revision);
    text_done(&c.row);
}

void verify_list_source(struct store *store, const char *source, uint32_t id,
                        struct list_verdict *verdict)
{
    struct list_row list;
    char text[sizeof list.provider + sizeof list.source] = "";
    struct checking c = { .store = store,
                          .verdict = verdict,
                          .row = TEXT_INIT(STORE_MAX_VALUE_LEN) };
    if (!list_rows_get(store, id, &list, &c.row, NULL))
        snprintf(text, sizeof text, "%s:%s", list.provider, list.source);
    if (!text_equal(text, source))
        find(&c, "the source '%s' belongs to list %u, which is not its", source, id);
    text_done(&c.row);
}
