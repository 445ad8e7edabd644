/* SPDX-License-Identifier: MIT
 *
 * The catalogue: from ids to items, pages of cards, and what providers say into the store.  Any
 * thread. */
#pragma once

#include "media/filter.h"
#include "provider/call.h"
#include "store/changes.h"
#include "store/items.h"

struct answers;
struct catalog;
struct derive_policy;
struct registry;
struct conf;
struct index;
struct errands;

struct catalog *catalog_new(struct store *store, struct registry *registry, struct index *index,
                            const struct conf *conf);
void catalog_free(struct catalog *catalog);
DEFINE_CLEANUP(struct catalog *, catalog_free);

/* How records become items, from now on: by another configuration, which outlives the catalogue. */
void catalog_set_policy(struct catalog *catalog, const struct conf *conf);
const struct derive_policy *catalog_policy(struct catalog *catalog);

/* Where rendered cards are kept, dropped by the feed; without it each is made anew.  Before the
 * first reader. */
void catalog_keep_cards(struct catalog *catalog, struct answers *answers);

/* The daemon stops: whoever waits for a fetch or a provider's search is told so. */
void catalog_stop(struct catalog *catalog);

/* What an id text of a path or body names: "42", "tmdb:603", "imdb:tt0133093", "tt0133093". */
struct catalog_name {
    uint32_t id;         /* 0: not in the store */
    uint32_t moved_from; /* nonzero: that id was merged into `id` (answer 308) */
    char external[96];   /* canonical "space:value"; "" when a number was given */
};

/* PROVIDER_EINVAL when the text is no id at all; PROVIDER_ENOTFOUND when it is a number nobody has.
 */
int catalog_find(struct catalog *catalog, uint32_t kind, const char *id_text,
                 struct catalog_name *out, struct error *err);

struct catalog_ask {
    uint32_t kind;
    const char *id_text;
    const struct language_wish *wish;
    bool provenance;           /* ?include=provenance */
    const char *if_none_match; /* entity tag without quotes, or NULL */
    int64_t deadline_ms;       /* steady; for fetches on demand */
    bool stored_only;          /* nobody is asked: what the store has, however old */
};

struct catalog_item {
    struct text json;
    char etag[36]; /* without quotes */
    char language[LANGUAGE_LEN];
    uint32_t id;
    uint32_t moved_to; /* nonzero: nothing else is set, answer 308 to it */
    bool not_modified; /* if_none_match matched: json is empty */
    bool stale;        /* older than it should be, and upstream did not answer */
    int64_t fresh_s;   /* for Cache-Control: seconds until it expires, at least 0 */
    int64_t updated_at_ms;
};
void catalog_item_done(struct catalog_item *item);
DEFINE_CLEANUP_VALUE(struct catalog_item, catalog_item_done);

/* A whole item.  Unknown by external id, title-only or stale: fetched from the providers first, one
 * fetch for many waiters, through the bounded queue.  PROVIDER_EBUSY: the queue is full;
 * PROVIDER_ENOTFOUND; PROVIDER_EUPSTREAM and PROVIDER_ETIME only when there is nothing at all to
 * show. */
int catalog_item(struct catalog *catalog, const struct catalog_ask *ask, struct catalog_item *out,
                 struct error *err);

/* The bounded queue of slow work, for /api/status. */
struct errands_status;
void catalog_queue_status(struct catalog *catalog, struct errands_status *out);

/* A page of cards. */
struct catalog_page {
    struct text results; /* JSON array */
    struct text facets;  /* JSON object, empty when none were asked for */
    uint64_t total;
    uint64_t revision; /* of the catalogue as seen, for the entity tag */
};
void catalog_page_done(struct catalog_page *page);
DEFINE_CLEANUP_VALUE(struct catalog_page, catalog_page_done);
int catalog_list(struct catalog *catalog, const struct filter *filter,
                 const struct language_wish *wish, uint32_t page, uint32_t limit,
                 struct catalog_page *out, struct error *err);

/* Cards like this one, from the store. */
int catalog_similar(struct catalog *catalog, uint32_t kind, uint32_t id,
                    const struct language_wish *wish, uint32_t page, uint32_t limit,
                    struct catalog_page *out, struct error *err);

/* Narrows a filter to what the configuration lets be seen. */
void catalog_restrict(struct catalog *catalog, struct filter *filter);

/* What the other services of this folder need of it. */
bool catalog_is_fresh(struct catalog *catalog, struct item_header *header); /* freshness.h */
struct store *catalog_store(struct catalog *catalog);
struct index *catalog_index(struct catalog *catalog);
struct errands *catalog_errands(struct catalog *catalog);
struct answers *catalog_answers(struct catalog *catalog); /* NULL: none */

/* Takes in what a provider says: records, items, cards, ids, changes, waiting fetches, in one
 * transaction; returns when durable. At most INTAKE_MAX_DOCUMENTS; with a sync's checkpoint when
 * scope and cursor are given. */
struct intake_document;
int catalog_take(struct catalog *catalog, const char *provider, struct intake_document *documents,
                 size_t n, const char *scope, const char *cursor, struct error *err);

/* Fetches one waiting item from its provider in the background and takes it in. PROVIDER_ENOTFOUND:
 * upstream no longer has it, and that is noted. */
int catalog_fetch(struct catalog *catalog, const char *provider, uint32_t item_id,
                  int64_t deadline_ms, const volatile int *canceled, struct error *err);

/* A fetch that never succeeds no longer waits; a later change upstream makes it wait again. */
void catalog_park(struct catalog *catalog, const char *provider, uint32_t item_id);
