/* SPDX-License-Identifier: MIT */
#include "service/releases.h"

#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "release/release_score.h"
#include "service/availability.h"
#include "service/release_search.h"
#include "service/releases_table.h"
#include "store/releases.h"
#include "store/swarms.h"

enum { MAX_PAGE = 8 << 20 };

struct releases {
    struct catalog *catalog;
    struct availability availability;
    struct releases_table *table;
    struct release_search *search;
};

struct releases *releases_new(struct catalog *catalog, struct registry *registry,
                              const struct conf *conf)
{
    struct releases *releases = mem_new(struct releases);
    *releases = (struct releases){ .catalog = catalog,
                                   .availability = { catalog, registry },
                                   .table = releases_table_new(catalog_store(catalog)),
                                   .search = release_search_new(catalog, registry, conf) };
    return releases;
}

void releases_free(struct releases *releases)
{
    if (!releases)
        return;
    release_search_free(releases->search);
    releases_table_free(releases->table);
    free(releases);
}

void releases_search(struct releases *releases, const struct releases_ask *ask,
                     struct source_answer *out, size_t *out_n)
{
    release_search_run(releases->search, ask, out, out_n);
}

int releases_check(struct releases *releases, const char *infohash, int64_t deadline_ms,
                   struct error *err)
{
    return availability_check(&releases->availability, infohash, deadline_ms, err);
}

/* --- Which */

static bool has_bit(uint32_t wanted, int place)
{
    return !wanted || (place >= 0 && wanted >> place & 1);
}

static uint32_t type_of(const struct release_facts *facts)
{
    if (facts->season < 0 && facts->first_episode < 0)
        return RELEASES_MOVIE;
    return facts->first_episode < 0 ? RELEASES_SEASON : RELEASES_EPISODE;
}

/* A pack has its episodes, too. */
static bool has_episode(const struct releases_filter *filter, const struct release_facts *facts)
{
    if (!filter->of_season)
        return true;
    if (facts->season != filter->season)
        return false;
    return !filter->episode || facts->first_episode < 0 ||
           (filter->episode >= facts->first_episode && filter->episode <= facts->last_episode);
}

static bool speaks(const struct release_facts *facts, uint16_t language)
{
    for (size_t i = 0; i < RELEASE_LANGUAGES && facts->languages[i]; i++)
        if (facts->languages[i] == language)
            return true;
    return !language;
}

static bool is_wanted(const struct releases_filter *filter, const struct releases_row *row,
                      uint32_t provider)
{
    const struct release_facts *facts = &row->facts;
    uint32_t seeds = facts->verified_at_ms ? facts->verified_seeds : facts->seeds;
    return has_bit(filter->qualities, facts->quality) && facts->quality >= filter->quality_min &&
           has_bit(filter->sources, (int)facts->source) &&
           has_bit(filter->codecs, (int)facts->codec) &&
           (!filter->types || filter->types & type_of(facts)) &&
           (!filter->editions || filter->editions & facts->editions) &&
           speaks(facts, filter->language) && (facts->flags & filter->flags) == filter->flags &&
           !(facts->flags & filter->without) && seeds >= filter->min_seeds &&
           facts->size >= filter->min_size &&
           (!filter->max_size || (facts->size && facts->size <= filter->max_size)) &&
           (!filter->provider || row->providers & provider) && has_episode(filter, facts);
}

/* --- In which order: a heap of the best so far, the worst of them on top */

struct pick {
    double key, score;
    struct release_facts facts;
    uint32_t runtime;
};

struct picking {
    const struct releases_filter *filter;
    uint32_t provider;
    int64_t now_ms;
    struct pick *heap;
    size_t n, capacity, most;
    uint64_t total;
};

static double key_of(const struct picking *picking, const struct pick *pick)
{
    const struct release_facts *facts = &pick->facts;
    switch (picking->filter->sort) {
    case RELEASES_SCORE:
        return pick->score;
    case RELEASES_SEEDS:
        return facts->verified_at_ms ? facts->verified_seeds : facts->seeds;
    case RELEASES_SIZE:
        return (double)facts->size;
    default:
        return (double)(facts->uploaded_at_ms ? facts->uploaded_at_ms : facts->added_at_ms);
    }
}

/* Negative: a stands before b. */
static int compare(const struct pick *a, const struct pick *b)
{
    if (a->key != b->key)
        return a->key > b->key ? -1 : 1;
    return release_compare(&(struct release_order){ a->score, &a->facts },
                           &(struct release_order){ b->score, &b->facts });
}

static int compare_picks(const void *a, const void *b)
{
    return compare(a, b);
}

static void swap(struct pick *a, struct pick *b)
{
    struct pick kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(struct picking *picking, size_t at)
{
    for (; at && compare(&picking->heap[at], &picking->heap[(at - 1) / 2]) > 0; at = (at - 1) / 2)
        swap(&picking->heap[at], &picking->heap[(at - 1) / 2]);
}

static void sift_down(struct picking *picking)
{
    for (size_t at = 0, child; (child = 2 * at + 1) < picking->n; at = child) {
        if (child + 1 < picking->n && compare(&picking->heap[child + 1], &picking->heap[child]) > 0)
            child++;
        if (compare(&picking->heap[child], &picking->heap[at]) <= 0)
            return;
        swap(&picking->heap[child], &picking->heap[at]);
    }
}

static void pick(const struct releases_row *row, void *context)
{
    struct picking *picking = context;
    struct release_score score;
    if (!is_wanted(picking->filter, row, picking->provider))
        return;
    picking->total++;
    release_score(&row->facts, row->runtime, picking->now_ms, &score);
    struct pick new = { .score = score.score, .facts = row->facts, .runtime = row->runtime };
    new.key = key_of(picking, &new) * (picking->filter->ascending ? -1 : 1);
    if (picking->n == picking->most) {
        if (!picking->n || compare(&new, &picking->heap[0]) >= 0)
            return;
        picking->heap[0] = new;
        sift_down(picking);
        return;
    }
    if (picking->n == picking->capacity) {
        picking->capacity = picking->capacity * 2 + 64;
        picking->heap = mem_resize(picking->heap, picking->capacity, sizeof *picking->heap);
    }
    picking->heap[picking->n] = new;
    sift_up(picking, picking->n++);
}

/* --- Showing */

static void add_release(struct store *store, const struct pick *pick, int64_t now_ms, bool explain,
                        struct text *out)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed release;
    struct swarm swarm;
    if (releases_get(store, pick->facts.infohash, &packed, NULL) ||
        !release_open(packed.bytes, packed.len, &release))
        return; /* it went meanwhile */
    const struct release_view view = {
        .runtime_minutes = pick->runtime,
        .now_ms = now_ms,
        .explain = explain,
        .swarm = swarms_get(store, pick->facts.infohash, &swarm, NULL) ? NULL : &swarm,
    };
    if (out->len > 1)
        text_add_char(out, ',');
    release_render(&release, &view, out);
}

int releases_list(struct releases *releases, const struct releases_filter *filter, uint32_t page,
                  uint32_t limit, bool explain, struct catalog_page *out, struct error *err)
{
    uint64_t skip = (uint64_t)(page - 1) * limit, revision;
    struct picking picking = { .filter = filter,
                               .now_ms = clock_wall_ms(),
                               .most = (size_t)(skip + limit) };
    if (filter->provider)
        picking.provider = releases_table_provider(releases->table, filter->provider);
    int result = releases_table_each(releases->table, filter->item, pick, &picking, &revision, err);
    CLEANUP(mem_free) struct pick *picks = picking.heap;
    if (result)
        return result;
    *out = (struct catalog_page){ .results = TEXT_INIT(MAX_PAGE),
                                  .facets = TEXT_INIT(MAX_PAGE),
                                  .total = picking.total,
                                  .revision = revision };
    if (picking.n)
        qsort(picks, picking.n, sizeof *picks, compare_picks);
    text_add_char(&out->results, '[');
    for (uint64_t i = skip; i < picking.n; i++)
        add_release(catalog_store(releases->catalog), &picks[i], picking.now_ms, explain,
                    &out->results);
    text_add_char(&out->results, ']');
    return 0;
}

int releases_one(struct releases *releases, const char *infohash, bool explain, struct text *out,
                 struct error *err)
{
    struct store *store = catalog_store(releases->catalog);
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    struct release_packed release;
    struct swarm swarm;
    uint8_t hash[RELEASE_HASH_LEN];
    if (!release_hash_of_text(infohash, hash))
        return error_set(err, PROVIDER_EINVAL,
                         "'%s' is no infohash: 40 hex digits or 32 characters of base32", infohash);
    int result = releases_get(store, hash, &packed, err);
    if (result == PROVIDER_ENOTFOUND)
        return error_set(err, result, "no release has the infohash '%s'", infohash);
    if (result)
        return result;
    if (!release_open(packed.bytes, packed.len, &release))
        return error_set(err, PROVIDER_EIO, "a release cannot be read: run miauflixctl verify");
    const struct release_view view = {
        .runtime_minutes = releases_table_runtime(store, release.facts.item),
        .now_ms = clock_wall_ms(),
        .explain = explain,
        .swarm = swarms_get(store, hash, &swarm, NULL) ? NULL : &swarm,
        .history = true,
    };
    return release_render(&release, &view, out)
               ? 0
               : error_set(err, PROVIDER_ELIMIT, "a release is too long to be shown");
}

/* --- In the item itself */

struct best {
    struct picking picking;
    uint32_t runtime;
};

static int offer(const struct release_packed *release, void *context)
{
    struct best *best = context;
    struct releases_row row = { .facts = release->facts, .runtime = best->runtime };
    pick(&row, &best->picking);
    return 0;
}

int releases_write_best(struct store *store, uint32_t item, unsigned runtime_minutes,
                        struct text *out, struct error *err)
{
    static const struct releases_filter all = { .quality_min = QUALITY_NONE,
                                                .sort = RELEASES_SCORE };
    struct best best = {
        .picking = { .filter = &all, .now_ms = clock_wall_ms(), .most = RELEASES_SHOWN },
        .runtime = runtime_minutes
    };
    CLEANUP(text_done) struct text list = TEXT_INIT(MAX_PAGE);
    int result = releases_walk(store, item, offer, &best, err);
    CLEANUP(mem_free) struct pick *picks = best.picking.heap;
    if (result)
        return result;
    if (best.picking.n)
        qsort(picks, best.picking.n, sizeof *picks, compare_picks);
    text_add_char(&list, '[');
    for (size_t i = 0; i < best.picking.n; i++)
        add_release(store, &picks[i], best.picking.now_ms, false, &list);
    text_add_char(&list, ']');
    text_add_string(out, ",\"releases\":");
    text_add_string(out, text_string(&list));
    return 0;
}
