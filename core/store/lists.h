/* SPDX-License-Identifier: MIT
 *
 * Lists as stored: a head each, their items in order, and for each item the lists it is on.  A list
 * takes its number from where items take theirs, so a number in the change feed names one thing
 * only.  Positions are 1, 2, 3, ... without gaps, so any page of a list is one range of rows. */
#pragma once

#include "media/filter.h"
#include "store/records.h"

enum list_kind { LIST_MANUAL = 1, LIST_SMART, LIST_SYNCED };
enum list_visibility { LIST_PRIVATE = 1, LIST_SHARED, LIST_PUBLIC };
enum { LIST_GONE = 1 /* upstream no longer has it */ };
enum { LIST_OWNER_LEN = 64, LIST_SOURCE_LEN = 128, LIST_ABOUT_MAX_LEN = 64 << 10 };
enum { LIST_MAX_ITEMS = 20000 };

/* The head of a list; plain value. */
struct list_row {
    uint32_t id;
    enum list_kind kind;
    enum list_visibility visibility;
    uint32_t flags;                     /* LIST_GONE */
    enum filter_sort sort;              /* FILTER_SORT_DEFAULT: by position */
    bool ascending;                     /* of another sort */
    char owner[LIST_OWNER_LEN];         /* a user; "": the system */
    char provider[RECORD_PROVIDER_LEN]; /* LIST_SYNCED: who has it, */
    char source[LIST_SOURCE_LEN];       /* and what it is called there: "28", "top_rated" */
    uint64_t revision;                  /* of its last change; 0: its items were never seen */
    int64_t created_at_ms, updated_at_ms;
    int64_t checked_at_ms; /* when its source was last read; 0: never */
    int64_t gone_since_ms; /* first sighting of its absence; 0: it is there */
    uint32_t n_items;
};

/* `about` is what people read, a JSON object: name, description and the like. */
int list_rows_get(struct store *store, uint32_t id, struct list_row *out, struct text *out_about,
                  struct error *err);
int list_rows_txn_get(struct store_txn *txn, uint32_t id, struct list_row *out,
                      struct text *out_about, struct error *err);
int list_rows_txn_put(struct store_txn *txn, const struct list_row *row, const char *about,
                      size_t about_len, struct error *err);

/* Gives the list a change number, which takes the place of its former one in the feed; the row is
 * to be put. */
int list_rows_txn_change(struct store_txn *txn, struct list_row *row, int64_t now_ms,
                         struct error *err);

/* A number for a new list. */
int list_rows_txn_new_id(struct store_txn *txn, uint32_t *out, struct error *err);

/* With its items; leaves a change in the feed.  PROVIDER_ENOTFOUND. */
int list_rows_txn_delete(struct store_txn *txn, uint32_t id, int64_t now_ms, struct error *err);

/* All heads by id, until `each` returns nonzero, which is returned. */
typedef int list_rows_each(const struct list_row *row, const char *about, size_t about_len,
                           void *context);
int list_rows_walk(struct store *store, list_rows_each *each, void *context, struct error *err);

/* The system's list of a source.  PROVIDER_ENOTFOUND. */
int list_sources_find(struct store *store, const char *provider, const char *source, uint32_t *out,
                      struct error *err);
int list_sources_txn_find(struct store_txn *txn, const char *provider, const char *source,
                          uint32_t *out, struct error *err);

/* --- Items */

struct list_item {
    uint32_t item_id, kind;
    int64_t added_at_ms; /* 0 on its way in: when it was first seen here */
    const char *note;    /* NULL: none */
};

/* From `position` on (1: the first), in order, until `each` returns nonzero, which is returned.
 * list 0: of all lists. */
typedef int list_items_each(uint32_t list, uint32_t position, const struct list_item *item,
                            void *context);
int list_items_walk(struct store *store, uint32_t list, uint32_t position, list_items_each *each,
                    void *context, struct error *err);
/* Their numbers alone, in order, into room for LIST_MAX_ITEMS; *out_n are those that could be read,
 * whether or not all could. */
int list_items_numbers(struct store *store, uint32_t list, uint32_t *out, size_t *out_n,
                       struct error *err);
int list_items_txn_walk(struct store_txn *txn, uint32_t list, uint32_t position,
                        list_items_each *each, void *context, struct error *err);

/* Makes `items` (each item once, at most LIST_MAX_ITEMS) the list's, and writes only what differs:
 * *out_changed says whether anything did.  The head is the caller's. */
int list_items_txn_replace(struct store_txn *txn, uint32_t list, const struct list_item *items,
                           size_t n, int64_t now_ms, bool *out_changed, struct error *err);

/* On each list that has `loser`, `survivor` takes its place, unless it is there already. */
int list_items_txn_merge(struct store_txn *txn, uint32_t survivor, uint32_t loser, int64_t now_ms,
                         struct error *err);

/* --- The lists of an item */

/* By number, until `each` returns nonzero, which is returned.  item 0: of all items. */
typedef int item_lists_each(uint32_t item, uint32_t list, void *context);
int item_lists_walk(struct store *store, uint32_t item, item_lists_each *each, void *context,
                    struct error *err);

/* Whether it is on any list. */
bool item_lists_any(struct store *store, uint32_t item);
bool item_lists_txn_any(struct store_txn *txn, uint32_t item);
