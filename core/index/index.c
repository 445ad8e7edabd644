/* SPDX-License-Identifier: MIT */
#include "index/index.h"

#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "index/match.h"
#include "index/view.h"
#include "media/ids.h"
#include "media/rank.h"
#include "store/changes.h"
#include "store/ids.h"
#include "store/items.h"

enum {
    DELTA_EVERY_MS = 100, /* fresh changes become visible at most that often */
    FOLD_EVERY_MS = 5000, /* and are folded into a new base at most that often */
    FOLD_AT = 5000,       /* changed items beside the base */
    FOLD_IDLE_MS = 60000, /* a small delta is folded in when it has been quiet this long */
    MAX_CARD = 4 << 20,
};

struct index {
    struct store *store;
    struct lock lock; /* guards what follows */
    struct lock_condition change;
    struct view *view; /* what readers take a reference of */
    uint64_t wanted;   /* the store's revision, as the feed last said */
    bool stopping;
    pthread_t follower;

    /* The follower's own. */
    uint32_t *changed; /* ids since the base was built, without repeats */
    size_t n_changed, capacity;
    int64_t folded_at_ms, changed_at_ms;
};

static struct view *take_view(struct index *index)
{
    LOCK_SCOPE(&index->lock);
    return view_ref(index->view);
}

static void set_view(struct index *index, struct view *view)
{
    lock_take(&index->lock);
    struct view *old = index->view;
    index->view = view;
    lock_broadcast(&index->change);
    lock_release(&index->lock);
    view_unref(old);
}

static int add_card(uint32_t id UNUSED, const void *card, size_t len, void *context)
{
    generation_builder_add(context, card, len);
    return 0;
}

static int build_base(struct index *index, struct error *err)
{
    int64_t started_ms = clock_steady_ms();
    uint64_t revision = store_revision(index->store);
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    int result = cards_walk(index->store, add_card, builder, err);
    if (result)
        return error_prefix(err, "the index cannot read the cards");
    struct generation *base = generation_build(builder);
    index->n_changed = 0;
    index->folded_at_ms = clock_steady_ms();
    log_debug("index", "%u items indexed in %lld ms", base->n,
              (long long)(index->folded_at_ms - started_ms));
    set_view(index, view_new(base, NULL, NULL, 0, revision));
    return 0;
}

static void note_changed(struct index *index, uint32_t id)
{
    if (index->n_changed == index->capacity) {
        index->capacity = index->capacity * 2 + 256;
        index->changed = mem_resize(index->changed, index->capacity, sizeof *index->changed);
    }
    index->changed[index->n_changed++] = id;
}

static int note_change(const struct change *change, void *context)
{
    note_changed(context, change->item_id);
    return 0;
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void drop_repeats(struct index *index)
{
    qsort(index->changed, index->n_changed, sizeof *index->changed, compare_ids);
    size_t kept = 0;
    for (size_t i = 0; i < index->n_changed; i++)
        if (!kept || index->changed[kept - 1] != index->changed[i])
            index->changed[kept++] = index->changed[i];
    index->n_changed = kept;
}

/* Everything that changed since the base was built, as a small generation of its own. */
static struct generation *build_delta(struct index *index)
{
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    for (size_t i = 0; i < index->n_changed; i++)
        if (cards_get(index->store, index->changed[i], &card, NULL) == 0)
            generation_builder_add(builder, card.bytes, card.len);
    return generation_build(builder);
}

static int follow_changes(struct index *index, uint64_t since, struct error *err)
{
    uint64_t revision = store_revision(index->store);
    int result = changes_walk(index->store, since, note_change, index, err);
    if (result)
        return result;
    drop_repeats(index);
    index->changed_at_ms = clock_steady_ms();
    CLEANUP(view_unref) struct view *now = take_view(index);
    struct generation *delta = build_delta(index);
    set_view(index, view_new(generation_ref(now->base), delta, index->changed, index->n_changed,
                             revision));
    return 0;
}

static bool is_fold_due(const struct index *index)
{
    int64_t now_ms = clock_steady_ms();
    if (!index->n_changed || now_ms - index->folded_at_ms < FOLD_EVERY_MS)
        return false;
    return index->n_changed >= FOLD_AT || now_ms - index->changed_at_ms >= FOLD_IDLE_MS;
}

/* Waits for the feed, or for a fold to come due; false when stopping. */
static bool wait_for_change(struct index *index, uint64_t *out_since)
{
    LOCK_SCOPE(&index->lock);
    while (!index->stopping && index->wanted <= index->view->revision && !is_fold_due(index))
        lock_wait_until(&index->change, &index->lock,
                        clock_steady_ms() + (index->n_changed ? FOLD_EVERY_MS : FOLD_IDLE_MS));
    *out_since = index->view->revision;
    return !index->stopping;
}

static bool pause_between_deltas(struct index *index)
{
    int64_t until_ms = clock_steady_ms() + DELTA_EVERY_MS;
    LOCK_SCOPE(&index->lock);
    while (!index->stopping && clock_steady_ms() < until_ms)
        lock_wait_until(&index->change, &index->lock, until_ms);
    return !index->stopping;
}

static void *follow(void *argument)
{
    struct index *index = argument;
    uint64_t since;
    while (wait_for_change(index, &since)) {
        struct error err;
        int result =
            is_fold_due(index) ? build_base(index, &err) : follow_changes(index, since, &err);
        if (result)
            log_warning("index", "%s, still answering from revision %llu", err.text,
                        (unsigned long long)since);
        if (!pause_between_deltas(index))
            break;
    }
    return NULL;
}

static void hear_commit(uint64_t revision, void *context)
{
    struct index *index = context;
    LOCK_SCOPE(&index->lock);
    index->wanted = MAX(index->wanted, revision);
    lock_broadcast(&index->change);
}

int index_open(struct store *store, struct index **out, struct error *err)
{
    struct index *index = mem_new(struct index);
    index->store = store;
    lock_init(&index->lock);
    lock_condition_init(&index->change);
    int result = build_base(index, err);
    if (result) {
        lock_condition_done(&index->change);
        lock_done(&index->lock);
        free(index);
        return result;
    }
    store_listen(store, hear_commit, index);
    index->follower = lock_thread_start("index", follow, index);
    *out = index;
    return 0;
}

void index_close(struct index *index)
{
    if (!index)
        return;
    lock_take(&index->lock);
    index->stopping = true;
    lock_broadcast(&index->change);
    lock_release(&index->lock);
    pthread_join(index->follower, NULL);
    view_unref(index->view);
    free(index->changed);
    lock_condition_done(&index->change);
    lock_done(&index->lock);
    free(index);
}

bool index_wait(struct index *index, uint64_t revision, int64_t deadline_ms)
{
    LOCK_SCOPE(&index->lock);
    while (!index->stopping && index->view->revision < revision)
        if (!lock_wait_until(&index->change, &index->lock, deadline_ms))
            break;
    return index->view->revision >= revision;
}

uint64_t index_count(struct index *index, uint32_t kind)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    return view_count(view, kind);
}

uint64_t index_bytes(struct index *index)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    return view->base->bytes + (view->delta ? view->delta->bytes : 0);
}

void index_page_done(struct index_page *page)
{
    free(page->hits);
    for (size_t i = 0; i < ARRAY_LEN(page->facets); i++)
        free(page->facets[i]);
    *page = (struct index_page){ 0 };
}

/* The one title of a hit that matched, read back from its card. */
struct recall {
    struct index_hit *hit;
    unsigned wanted, seen;
};

static void recall_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct recall *recall = context;
    if (recall->seen++ != recall->wanted)
        return;
    size_t n = MIN(len, sizeof recall->hit->text - 1);
    while (n < len && n && ((unsigned char)title[n] & 0xC0) == 0x80)
        n--; /* cut at a character */
    memcpy(recall->hit->text, title, n);
    recall->hit->text[n] = '\0';
}

static void recall_texts(struct index *index, struct index_page *page)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    for (size_t i = 0; i < page->n_hits; i++) {
        struct recall recall = { .hit = &page->hits[i], .wanted = page->hits[i].title };
        if (cards_get(index->store, page->hits[i].id, &card, NULL) == 0)
            card_titles(card.bytes, card.len, recall_title, &recall);
    }
}

/* "tt0133093" or "tmdb:603" as a query names its item, when the filter lets it through. */
static bool find_by_id(struct index *index, struct view *view, const char *text,
                       const struct filter *filter, struct index_page *out)
{
    static const uint32_t kinds[] = { PROVIDER_MOVIE, PROVIDER_TVSHOW };
    char canonical[IDS_TEXT_LEN];
    if (!ids_parse(text, canonical))
        return false;
    out->hits = mem_alloc_array(ARRAY_LEN(kinds), sizeof *out->hits);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        uint32_t id;
        if (external_ids_find(index->store, kinds[i], canonical, &id, NULL) == 0 &&
            view_judge(view, id, NULL, filter) == INDEX_MATCHES)
            out->hits[out->n_hits++] =
                (struct index_hit){ .id = id, .score = 1000, .how = INDEX_ID };
    }
    for (size_t i = 0; i < out->n_hits; i++)
        snprintf(out->hits[i].text, sizeof out->hits[i].text, "%s", canonical);
    out->total = out->n_hits;
    return true;
}

int index_query(struct index *index, const char *text, const struct filter *filter, uint64_t skip,
                uint32_t limit, struct index_page *out, struct error *err UNUSED)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    *out = (struct index_page){ .revision = view->revision };
    if (!text) {
        view_list(view, filter, skip, limit, out);
        return 0;
    }
    if (find_by_id(index, view, text, filter, out)) {
        out->n_hits = skip < out->n_hits ? MIN(out->n_hits, (size_t)limit) : 0;
        return 0;
    }
    view_search(view, text, filter, skip, limit, out);
    recall_texts(index, out);
    return 0;
}

enum index_verdict index_judge(struct index *index, uint32_t id, const char *text,
                               const struct filter *filter)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    return view_judge(view, id, text, filter);
}

const char *index_field_name(unsigned field)
{
    static const char *const names[] = { "title", "alternative_title", "id" };
    return field < ARRAY_LEN(names) ? names[field] : "title";
}

void index_explain(const struct index_hit *hit, struct text *out)
{
    text_add_string(out, ",\"explain\":{");
    for (unsigned i = 0; i < INDEX_MAX_ADDENDS && rank_addend_name(i); i++)
        text_add_format(out, "%s\"%s\":%.3f", i ? "," : "", rank_addend_name(i), hit->addends[i]);
    text_add_char(out, '}');
}
