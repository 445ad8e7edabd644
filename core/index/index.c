/* SPDX-License-Identifier: MIT */
#include "index/index.h"

#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "index/match.h"
#include "index/members.h"
#include "index/view.h"
#include "media/ids.h"
#include "media/rank.h"
#include "store/changes.h"
#include "store/ids.h"
#include "store/items.h"

/* How long the follower rests after a build, in times that it took: while somebody waits to see a
 * change, while nobody does, and after a new base. */
enum {
    MAX_CARD = 4 << 20,
    MAX_TITLE = 500,
    SHORT_REST = 4,
    REST = 200,
    FOLD_REST = 10,
    LONGEST_REST_MS = 3000
};

static const struct index_pace default_pace = {
    .delta_every_ms = 100, .fold_every_ms = 5000, .fold_idle_ms = 60000, .fold_at = 5000
};

struct index {
    struct store *store;
    struct member_cache *members;
    struct lock lock; /* guards what follows */
    struct lock_condition change;
    struct view *view;           /* what readers take a reference of */
    uint64_t wanted;             /* the store's revision, as the feed last said */
    unsigned waiters;            /* in index_wait() */
    struct rank_weights weights; /* that are wanted; those of the view are its own */
    bool stopping;
    bool follows; /* changes of the store, until it is closed */
    pthread_t follower;

    /* The follower's own. */
    uint32_t *changed; /* ids since the base was built, without repeats */
    size_t n_changed, capacity;
    struct index_pace pace;
    int64_t fold_after_ms, changed_at_ms, delta_took_ms; /* steady */
};

/* See docs/decisions/0023. */
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

static struct rank_weights wanted_weights(struct index *index)
{
    LOCK_SCOPE(&index->lock);
    return index->weights;
}

static int build_base(struct index *index, struct error *err)
{
    int64_t started_ms = clock_steady_ms();
    struct rank_weights weights = wanted_weights(index);
    uint64_t revision = store_revision(index->store);
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    int result = cards_walk(index->store, add_card, builder, err);
    if (result)
        return error_prefix(err, "the index cannot read the cards");
    struct generation *base = generation_build(builder, &weights);
    index->n_changed = 0;
    int64_t now_ms = clock_steady_ms(), took_ms = now_ms - started_ms;
    index->fold_after_ms = now_ms + MAX(index->pace.fold_every_ms, took_ms * FOLD_REST);
    log_debug("index", "%u items indexed in %lld ms", base->n, (long long)took_ms);
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

/* Adds the card as it is now.  An item that is gone has none, and a card that nobody can read any
 * more is left out; that the store cannot say is another thing. */
static int add_changed(struct index *index, uint32_t id, struct text *card,
                       struct generation_builder *builder, struct error *err)
{
    int failed = cards_get(index->store, id, card, err);
    if (!failed)
        generation_builder_add(builder, card->bytes, card->len);
    bool is_known = !failed || failed == PROVIDER_ENOTFOUND || failed == PROVIDER_EPARSE ||
                    failed == PROVIDER_ENOTSUP || failed == PROVIDER_ELIMIT;
    return is_known ? 0 : failed;
}

/* Everything that changed since the base was built, as a small generation of its own. */
static int build_delta(struct index *index, const struct rank_weights *weights,
                       struct generation **out, struct error *err)
{
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    for (size_t i = 0; i < index->n_changed; i++)
        if (add_changed(index, index->changed[i], &card, builder, err))
            return error_prefix(err, "the index cannot read what changed");
    *out = generation_build(builder, weights);
    return 0;
}

static int follow_changes(struct index *index, uint64_t since, struct error *err)
{
    uint64_t revision = store_revision(index->store);
    int result = changes_walk(index->store, since, note_change, index, err);
    if (result)
        return result;
    drop_repeats(index);
    int64_t started_ms = index->changed_at_ms = clock_steady_ms();
    CLEANUP(view_unref) struct view *now = take_view(index);
    struct generation *delta = NULL;
    result = build_delta(index, &now->base->weights, &delta, err);
    if (result)
        return result; /* they stay among those that changed, and are tried again */
    index->delta_took_ms = clock_steady_ms() - started_ms;
    set_view(index, view_new(generation_ref(now->base), delta, index->changed, index->n_changed,
                             revision));
    return 0;
}

static bool is_fold_due(const struct index *index)
{
    int64_t now_ms = clock_steady_ms();
    if (!index->n_changed || now_ms < index->fold_after_ms)
        return false;
    return index->n_changed >= index->pace.fold_at ||
           now_ms - index->changed_at_ms >= index->pace.fold_idle_ms;
}

static bool has_other_weights(const struct index *index) REQUIRES(index->lock)
{
    return !rank_same_weights(&index->weights, &index->view->base->weights);
}

/* Waits for the feed, or for a fold to come due; false when stopping. */
static bool wait_for_change(struct index *index, uint64_t *out_since, bool *out_fold)
{
    LOCK_SCOPE(&index->lock);
    while (!index->stopping && index->wanted <= index->view->revision && !is_fold_due(index) &&
           !has_other_weights(index))
        lock_wait_until(&index->change, &index->lock,
                        clock_steady_ms() + (index->n_changed ? index->pace.fold_every_ms
                                                              : index->pace.fold_idle_ms));
    *out_since = index->view->revision;
    *out_fold = is_fold_due(index) || has_other_weights(index);
    return !index->stopping;
}

/* A steady trickle of changes is taken in batches, unless somebody waits for one of them. */
static int64_t rest_ms(const struct index *index) REQUIRES(index->lock)
{
    int64_t rest = index->delta_took_ms * (index->waiters ? SHORT_REST : REST);
    return MAX(MIN(rest, (int64_t)LONGEST_REST_MS), index->pace.delta_every_ms);
}

static bool pause_between_deltas(struct index *index)
{
    int64_t began_ms = clock_steady_ms();
    LOCK_SCOPE(&index->lock);
    while (!index->stopping && clock_steady_ms() < began_ms + rest_ms(index))
        lock_wait_until(&index->change, &index->lock, began_ms + rest_ms(index));
    return !index->stopping;
}

/* Building takes seconds of a core on a large catalogue: who asks comes first. */
static void step_back(void)
{
    enum { POLITE = 10 };
    if (setpriority(PRIO_PROCESS, (id_t)gettid(), POLITE))
        log_debug("index", "building takes its full share of the processor");
}

static void *follow(void *argument)
{
    struct index *index = argument;
    step_back();
    uint64_t since;
    bool fold;
    while (wait_for_change(index, &since, &fold)) {
        struct error err;
        int result = fold ? build_base(index, &err) : follow_changes(index, since, &err);
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

int index_open(struct store *store, const struct rank_weights *weights, struct index **out,
               struct error *err)
{
    return index_open_paced(store, &default_pace, weights, out, err);
}

int index_open_paced(struct store *store, const struct index_pace *pace,
                     const struct rank_weights *weights, struct index **out, struct error *err)
{
    struct index *index = mem_new(struct index);
    index->store = store;
    index->members = member_cache_new(store);
    index->follows = pace != NULL;
    index->pace = pace ? *pace : default_pace;
    index->weights = *weights;
    lock_init(&index->lock);
    lock_condition_init(&index->change);
    int result = build_base(index, err);
    if (result) {
        member_cache_free(index->members);
        lock_condition_done(&index->change);
        lock_done(&index->lock);
        free(index);
        return result;
    }
    *out = index;
    if (!index->follows)
        return 0;
    store_listen(store, hear_commit, index);
    hear_commit(store_revision(store), index);
    index->follower = lock_thread_start("index", follow, index);
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
    if (index->follows)
        pthread_join(index->follower, NULL);
    view_unref(index->view);
    free(index->changed);
    member_cache_free(index->members);
    lock_condition_done(&index->change);
    lock_done(&index->lock);
    free(index);
}

bool index_wait(struct index *index, uint64_t revision, int64_t deadline_ms)
{
    LOCK_SCOPE(&index->lock);
    if (index->view->revision >= revision)
        return true;
    index->waiters++;
    lock_broadcast(&index->change);
    while (!index->stopping && index->view->revision < revision)
        if (!lock_wait_until(&index->change, &index->lock, deadline_ms))
            break;
    index->waiters--;
    return index->view->revision >= revision;
}

bool index_set_weights(struct index *index, const struct rank_weights *weights, int64_t deadline_ms)
{
    LOCK_SCOPE(&index->lock);
    index->weights = *weights;
    lock_broadcast(&index->change);
    while (has_other_weights(index) && clock_steady_ms() < deadline_ms)
        lock_wait_until(&index->change, &index->lock, deadline_ms);
    return !has_other_weights(index);
}

uint64_t index_revision(struct index *index)
{
    LOCK_SCOPE(&index->lock);
    return index->view->revision;
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

struct recall {
    struct text *out;
    unsigned wanted, seen;
};

static void recall_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct recall *recall = context;
    if (recall->seen++ != recall->wanted)
        return;
    size_t n = MIN(len, (size_t)MAX_TITLE);
    while (n < len && n && ((unsigned char)title[n] & 0xC0) == 0x80)
        n--; /* cut at a character */
    CLEANUP(mem_free) char *text = mem_format("%.*s", (int)n, title);
    text_add_json_string(recall->out, text);
}

void index_add_title(uint16_t title, const void *card, size_t card_len, struct text *out)
{
    size_t before = out->len;
    struct recall recall = { .out = out, .wanted = title };
    card_titles(card, card_len, recall_title, &recall);
    if (out->len == before)
        text_add_string(out, "\"\"");
}

/* The items that "tt0133093" or "tmdb:603" names; none when it is no id, or nobody has it. */
static size_t name_items(struct index *index, const char *text, uint32_t ids[2],
                         char canonical[IDS_TEXT_LEN])
{
    static const uint32_t kinds[] = { PROVIDER_MOVIE, PROVIDER_TVSHOW };
    size_t n = 0;
    if (!ids_parse(text, canonical))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (external_ids_find(index->store, kinds[i], canonical, &ids[n], NULL) == 0)
            n++;
    return n;
}

static struct members *take_members(struct index *index, const struct filter *filter)
{
    return filter->list ? members_get(index->members, filter->list) : NULL;
}

/* A query that is an id: what the filter lets through of the items it names.  False when it names
 * none, because titles look like ids too ("mission:impossible"). */
static bool find_by_id(struct index *index, struct view *view, const char *text,
                       const struct filter *filter, uint64_t skip, uint32_t limit,
                       struct index_page *out)
{
    char canonical[IDS_TEXT_LEN];
    uint32_t ids[2];
    size_t n = name_items(index, text, ids, canonical);
    if (!n)
        return false;
    out->hits = mem_alloc_array(n, sizeof *out->hits);
    for (size_t i = 0; i < n; i++) {
        if (view_judge(view, ids[i], NULL, false, filter) != INDEX_MATCHES || out->total++ < skip ||
            out->n_hits == limit)
            continue;
        struct index_hit *hit = &out->hits[out->n_hits++];
        *hit = (struct index_hit){
            .id = ids[i], .score = 1000, .field = INDEX_FIELD_ID, .how = INDEX_ID
        };
    }
    return true;
}

int index_query(struct index *index, const char *text, const struct filter *filter, uint64_t skip,
                uint32_t limit, struct index_page *out, struct error *err UNUSED)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    CLEANUP(members_unref) struct members *members = take_members(index, filter);
    struct filter wanted = *filter;
    wanted.members = members;
    *out = (struct index_page){ .revision = view->revision };
    if (!text)
        view_list(view, &wanted, skip, limit, out);
    else if (!find_by_id(index, view, text, &wanted, skip, limit, out))
        view_search(view, text, &wanted, skip, limit, out);
    return 0;
}

static bool names_item(struct index *index, const char *text, uint32_t id, bool *out_is_id)
{
    char canonical[IDS_TEXT_LEN];
    uint32_t ids[2];
    size_t n = name_items(index, text, ids, canonical);
    *out_is_id = n > 0;
    return (n > 0 && ids[0] == id) || (n > 1 && ids[1] == id);
}

enum index_verdict index_judge(struct index *index, uint32_t id, const char *text, bool mistakes,
                               const struct filter *filter)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    CLEANUP(members_unref) struct members *members = take_members(index, filter);
    struct filter wanted = *filter;
    wanted.members = members;
    bool is_id = false;
    bool named = text && names_item(index, text, id, &is_id);
    enum index_verdict verdict = view_judge(view, id, is_id ? NULL : text, mistakes, &wanted);
    return is_id && !named && verdict == INDEX_MATCHES ? INDEX_FILTER_ONLY : verdict;
}

void index_select(struct index *index, const struct filter *filter, const uint32_t *ids, size_t n,
                  bool *out)
{
    CLEANUP(view_unref) struct view *view = take_view(index);
    CLEANUP(members_unref) struct members *members = take_members(index, filter);
    struct filter wanted = *filter;
    wanted.members = members;
    view_select(view, &wanted, ids, n, out);
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
