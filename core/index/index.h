/* SPDX-License-Identifier: MIT
 *
 * The catalogue in memory: lists, filters, facets and search over all items.  It knows ids and
 * ranks, not texts, and learns of changes only from the change feed.  Readers work on an immutable
 * generation, and the lock under which they take it is nobody's for longer than that; any thread.
 */
#pragma once

#include "media/filter.h"
#include "media/rank.h"
#include "store/store.h"

struct index;

/* Loads all cards and follows the feed from then on. */
int index_open(struct store *store, const struct rank_weights *weights, struct index **out,
               struct error *err);
void index_close(struct index *index);

/* How soon the index follows.  A build rests several times as long as it took, whatever this says,
 * so that following never takes more than a part of one core. */
struct index_pace {
    int64_t delta_every_ms; /* fresh changes become visible at most that often */
    int64_t fold_every_ms;  /* and are folded into a new base at most that often, */
    size_t fold_at;         /* when so many items changed beside the base, */
    int64_t fold_idle_ms;   /* or when a few have been quiet this long */
};
/* pace NULL: as the store is now, deaf to what is written later; the store may outlive it. */
int index_open_paced(struct store *store, const struct index_pace *pace,
                     const struct rank_weights *weights, struct index **out, struct error *err);
DEFINE_CLEANUP(struct index *, index_close);

/* Ranks by other weights from now on; waits until it does, or the deadline (steady ms). */
bool index_set_weights(struct index *index, const struct rank_weights *weights,
                       int64_t deadline_ms);

/* Waits until what was committed up to `revision` is visible, or the deadline (steady ms). */
bool index_wait(struct index *index, uint64_t revision, int64_t deadline_ms);

struct index_facet {
    int32_t value; /* genre bit, year, or quality bit */
    uint32_t count;
};

enum { INDEX_MAX_ADDENDS = 8 };

struct index_hit {
    uint32_t id;
    double score;
    double addends[INDEX_MAX_ADDENDS]; /* of the score, as media/rank names them; when asked */
    uint16_t title; /* which of its titles matched, as card_titles() lists them */
    uint8_t field;  /* enum index_field */
    uint8_t how;    /* enum index_how */
};
enum index_how { INDEX_EXACT, INDEX_PREFIX, INDEX_WORDS, INDEX_FUZZY, INDEX_ID };

struct index_page {
    struct index_hit *hits; /* free() */
    size_t n_hits;
    uint64_t total;
    struct index_facet *facets[3]; /* genre, year, quality; free(); NULL when not asked for */
    size_t n_facets[3];
    uint64_t revision;
    bool mistakes; /* no title says it literally, so mistakes of typing are forgiven */
};
void index_page_done(struct index_page *page);
DEFINE_CLEANUP_VALUE(struct index_page, index_page_done);

/* text NULL: a list.  Ties are broken by id. */
int index_query(struct index *index, const char *text, const struct filter *filter, uint64_t skip,
                uint32_t limit, struct index_page *out, struct error *err);
/* How an item of the catalogue stands to a query, `mistakes` as its page says: for what providers
 * found. */
enum index_verdict { INDEX_NEITHER, INDEX_FILTER_ONLY, INDEX_MATCHES };
enum index_verdict index_judge(struct index *index, uint32_t id, const char *text, bool mistakes,
                               const struct filter *filter);

/* Which of `n` items the filter lets through, in one go. */
void index_select(struct index *index, const struct filter *filter, const uint32_t *ids, size_t n,
                  bool *out);

/* Appends the title a hit matched, out of the item's card (of an id there is none), as a JSON
 * string. */
void index_add_title(uint16_t title, const void *card, size_t card_len, struct text *out);

enum index_field { INDEX_TITLE, INDEX_ALTERNATIVE_TITLE, INDEX_FIELD_ID };
const char *index_field_name(unsigned field); /* "title", "alternative_title", "id" */

/* Appends ,"explain":{"match":1.0,...} with the addends of a hit's score. */
void index_explain(const struct index_hit *hit, struct text *out);

/* The store's, as far as it is followed. */
uint64_t index_revision(struct index *index);
uint64_t index_count(struct index *index, uint32_t kind);
uint64_t index_bytes(struct index *index);
