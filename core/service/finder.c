/* SPDX-License-Identifier: MIT */
#include "service/finder.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "conf/conf.h"
#include "index/index.h"
#include "media/card.h"
#include "media/ids.h"
#include "service/facets.h"
#include "service/pages.h"
#include "service/query.h"
#include "service/sources.h"
#include "service/standing.h"
#include "service/twins.h"

enum {
    MAX_PAGE = 8 << 20,
    CARD_ROOM = 600,        /* most cards need less */
    MAX_SECOND_LOOK = 1000, /* hits that are looked through for twins */
    MAX_EXTRAS = 200,       /* found by a provider, though no title of theirs matches the words */
    MAX_NAMED = 2,          /* by one id: a movie and a show */
    VISIBLE_WAIT_MS = 200,  /* for what a provider just said to reach the index */
};

struct finder {
    struct catalog *catalog;
    const struct conf *conf;
    struct sources *sources;
};

struct finder *finder_new(struct catalog *catalog, struct registry *registry,
                          const struct conf *conf)
{
    struct finder *finder = mem_new(struct finder);
    *finder = (struct finder){ .catalog = catalog, .conf = conf };
    finder->sources = sources_new(catalog, registry, conf);
    return finder;
}

void finder_free(struct finder *finder)
{
    if (!finder)
        return;
    sources_free(finder->sources);
    free(finder);
}

void finder_answer_done(struct finder_answer *answer)
{
    catalog_page_done(&answer->page);
    text_done(&answer->sources);
}

/* A row of the answer. */
struct row {
    uint32_t id;
    const struct index_hit *hit; /* NULL: a provider alone vouches for it */
};

/* What one search gathers before it is written. */
struct gathering {
    struct source_answer *sources; /* NULL: none was asked */
    size_t n_sources;
    struct index_page found; /* what the index matches: the page asked for and what is around it */
    uint32_t extras[MAX_EXTRAS];
    size_t n_extras;
    struct twins twins;
    uint32_t hidden[TWINS_MAX]; /* of the twins, that match */
    size_t n_hidden;
    struct row *rows; /* the page */
    size_t n_rows;
};

static void gathering_free(struct gathering *gathering)
{
    if (gathering) {
        index_page_done(&gathering->found);
        free(gathering->sources);
        free(gathering->rows);
    }
    free(gathering);
}
DEFINE_CLEANUP(struct gathering *, gathering_free);

/* The item, or one that is shown as it. */
static bool has_found(const struct source_answer *source, const struct twins *twins, uint32_t id)
{
    for (size_t i = 0; i < source->n_found; i++)
        if (source->found[i].id == id || twins_shown_for(twins, source->found[i].id) == id)
            return true;
    return false;
}

static bool has_extra(const struct gathering *gathering, uint32_t id)
{
    for (size_t i = 0; i < gathering->n_extras; i++)
        if (gathering->extras[i] == id)
            return true;
    return false;
}

static enum index_verdict judge(struct finder *finder, const struct finder_ask *ask,
                                const struct gathering *gathering, uint32_t id)
{
    return index_judge(catalog_index(finder->catalog), id, ask->text, gathering->found.mistakes,
                       &ask->filter);
}

/* What a provider found though none of its titles here match the words: it stands behind the rest.
 */
static void gather_extras(struct finder *finder, const struct finder_ask *ask,
                          struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->n_sources; i++)
        for (size_t k = 0; k < gathering->sources[i].n_found; k++) {
            uint32_t id = gathering->sources[i].found[k].id;
            if (gathering->n_extras < MAX_EXTRAS && !has_extra(gathering, id) &&
                !twins_shown_for(&gathering->twins, id) &&
                judge(finder, ask, gathering, id) == INDEX_FILTER_ONLY)
                gathering->extras[gathering->n_extras++] = id;
        }
}

/* What all that was found is in. */
static uint64_t revision_of(const struct gathering *gathering)
{
    uint64_t revision = 0;
    for (size_t i = 0; i < gathering->n_sources; i++)
        if (gathering->sources[i].n_found)
            revision = MAX(revision, gathering->sources[i].revision);
    return revision;
}

static int ask_sources(struct finder *finder, const struct finder_ask *ask,
                       const struct query *query, struct gathering *gathering, struct error *err)
{
    int64_t most_ms = finder->conf->search_timeout_ms;
    int64_t timeout_ms = ask->timeout_ms ? MIN(ask->timeout_ms, most_ms) : most_ms;
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    struct sources_ask sources_ask = {
        .kind = ask->filter.kind,
        .query = query,
        .language = ask->wish->n_tags ? ask->wish->tags[0] : NULL,
        .year = ask->filter.year_min == ask->filter.year_max ? ask->filter.year_min : 0,
        .deadline_ms = deadline_ms,
    };
    gathering->sources = mem_alloc_array(SOURCES_MAX, sizeof *gathering->sources);
    int result = sources_search(finder->sources, &sources_ask, gathering->sources,
                                &gathering->n_sources, err);
    if (!result)
        index_wait(catalog_index(finder->catalog), revision_of(gathering),
                   MAX(deadline_ms, clock_steady_ms() + VISIBLE_WAIT_MS));
    return result;
}

/* A receipt that says "just now" or "failed" is true once. */
static int64_t keep_s(const struct source_answer *source)
{
    if (text_equal(source->status, "unsupported"))
        return INT32_MAX;
    return text_equal(source->status, "cached") ? source->left_s : 0;
}

static void write_sources(const struct gathering *gathering, struct finder_answer *out)
{
    out->complete = true;
    out->keep_s = INT32_MAX;
    text_add_char(&out->sources, '[');
    for (size_t i = 0; i < gathering->n_sources; i++) {
        source_answer_write(&gathering->sources[i], &out->sources);
        out->complete = out->complete && source_answer_is_one(&gathering->sources[i]);
        out->keep_s = MIN(out->keep_s, keep_s(&gathering->sources[i]));
    }
    text_add_char(&out->sources, ']');
}

static void write_found_by(const struct gathering *gathering, uint32_t id, struct text *out)
{
    bool any = false;
    for (size_t i = 0; i < gathering->n_sources; i++) {
        if (!has_found(&gathering->sources[i], &gathering->twins, id))
            continue;
        text_add_string(out, any ? "," : ",\"found_by\":[");
        text_add_json_string(out, gathering->sources[i].provider);
        any = true;
    }
    text_add_string(out, any ? "]" : ",\"found_by\":[]");
}

/* "%.3f", without the detour through printf: this runs for every hit. */
static void write_score(double score, struct text *out)
{
    char digits[32];
    size_t at = sizeof digits, n = 0;
    uint64_t thousandths = (uint64_t)(fabs(score) * 1000 + 0.5);
    do {
        if (n++ == 3)
            digits[--at] = '.';
        digits[--at] = (char)('0' + thousandths % 10);
        thousandths /= 10;
    } while (thousandths || n < 4);
    text_add_string(out, score < 0 ? ",\"score\":-" : ",\"score\":");
    text_add(out, digits + at, sizeof digits - at);
}

static void write_match(const struct finder_ask *ask, const struct index_hit *hit,
                        const struct pages_card *card, struct text *out)
{
    static const char *const hows[] = {
        [INDEX_EXACT] = "exact", [INDEX_PREFIX] = "prefix", [INDEX_WORDS] = "words",
        [INDEX_FUZZY] = "fuzzy", [INDEX_ID] = "id",
    };
    char id[IDS_TEXT_LEN] = "";
    text_add_string(out, ",\"match\":{\"field\":\"");
    text_add_string(out, index_field_name(hit->field));
    text_add_string(out, "\",\"how\":\"");
    text_add_string(out, hows[hit->how]);
    text_add_string(out, "\",\"text\":");
    if (hit->how == INDEX_ID && ids_parse(ask->text, id))
        text_add_json_string(out, id);
    else
        text_add(out, card->title, card->title_len);
    text_add_char(out, '}');
}

/* That an id is somebody's is all there is to say of it. */
static void write_explain(const struct index_hit *hit, struct text *out)
{
    struct index_hit said = *hit;
    if (hit->how == INDEX_ID)
        said.addends[RANK_MATCH] = hit->score;
    index_explain(&said, out);
}

static void write_result(struct finder *finder, const struct finder_ask *ask,
                         const struct gathering *gathering, const struct row *row, struct text *out)
{
    uint32_t id = row->id;
    const struct index_hit *hit = row->hit;
    CLEANUP(pages_card_done) struct pages_card card;
    if (!pages_card_get(finder->catalog, id, hit ? hit->title : (uint16_t)PAGES_NO_TITLE, ask->wish,
                        &card))
        return;
    if (out->len > 1)
        text_add_char(out, ',');
    text_add(out, card.json, card.len);
    write_score(hit ? hit->score : 0, out);
    if (hit)
        write_match(ask, hit, &card, out);
    else
        text_add_string(out, ",\"match\":null");
    write_found_by(gathering, id, out);
    if (hit && ask->filter.explain)
        write_explain(hit, out);
    text_add_char(out, '}');
}

/* How many of what the index matches are shown. */
static uint64_t visible(const struct gathering *gathering)
{
    return gathering->found.total - MIN((uint64_t)gathering->n_hidden, gathering->found.total);
}

static void write_answer(struct finder *finder, const struct finder_ask *ask,
                         const struct gathering *gathering, struct finder_answer *out)
{
    const struct index_page *found = &gathering->found;
    *out = (struct finder_answer){
        .page = { .results = TEXT_INIT(MAX_PAGE),
                  .facets = TEXT_INIT(MAX_PAGE),
                  .total = visible(gathering) + gathering->n_extras,
                  .revision = found->revision },
        .sources = TEXT_INIT(MAX_PAGE),
    };
    text_reserve(&out->page.results, gathering->n_rows * CARD_ROOM);
    text_add_char(&out->page.results, '[');
    for (size_t i = 0; i < gathering->n_rows; i++)
        write_result(finder, ask, gathering, &gathering->rows[i], &out->page.results);
    text_add_char(&out->page.results, ']');
    pages_write_facets(found, &out->page.facets);
    write_sources(gathering, out);
}

/* --- Twins */

/* Leaves those of which the shown one is in the answer, and notes which hits they hide. */
static void keep_twins(struct finder *finder, const struct finder_ask *ask,
                       struct gathering *gathering)
{
    struct twins *twins = &gathering->twins;
    size_t kept = 0;
    for (size_t i = 0; i < twins->n; i++) {
        uint32_t shown = twins->shown[i], hidden = twins->hidden[i];
        enum index_verdict of_hidden = judge(finder, ask, gathering, hidden);
        /* The one to show must not stand below the one it hides. */
        if (judge(finder, ask, gathering, shown) < of_hidden)
            continue;
        twins->shown[kept] = shown;
        twins->hidden[kept++] = hidden;
        if (of_hidden == INDEX_MATCHES)
            gathering->hidden[gathering->n_hidden++] = hidden;
    }
    twins->n = kept;
}

/* --- The page */

/* What stands before the page is counted, what stands behind it is dropped. */
struct pager {
    struct finder *finder;
    const struct finder_ask *ask;
    struct gathering *gathering;
    uint64_t skip, at;
};

static bool is_sorted(const struct finder_ask *ask)
{
    return ask->filter.sort != FILTER_SORT_DEFAULT;
}

static void add_row(struct pager *pager, uint32_t id, const struct index_hit *hit)
{
    struct gathering *gathering = pager->gathering;
    if (pager->at++ >= pager->skip && gathering->n_rows < pager->ask->limit)
        gathering->rows[gathering->n_rows++] = (struct row){ id, hit };
}

/* Behind all hits. */
static void add_extras(struct pager *pager)
{
    pager->at = visible(pager->gathering);
    for (size_t i = 0; i < pager->gathering->n_extras; i++)
        add_row(pager, pager->gathering->extras[i], NULL);
}

/* Those of the extras that the sort has before a hit. */
static void add_before(struct pager *pager, struct standings *extras, uint32_t hit)
{
    uint32_t extra;
    while (standings_take(extras, hit, &extra))
        add_row(pager, extra, NULL);
}

/* `from`: where among all hits those of the page begin. */
static void make_page(struct pager *pager, uint64_t from)
{
    struct gathering *gathering = pager->gathering;
    const struct index_page *found = &gathering->found;
    CLEANUP(standings_free)
    struct standings *extras = standings_new(pager->finder->catalog, &pager->ask->filter,
                                             gathering->extras, gathering->n_extras);
    bool sorts = is_sorted(pager->ask);
    gathering->rows = mem_alloc_array(pager->ask->limit, sizeof *gathering->rows);
    for (size_t i = 0; i < found->n_hits; i++) {
        if (twins_shown_for(&gathering->twins, found->hits[i].id))
            continue;
        if (sorts)
            add_before(pager, extras, found->hits[i].id);
        add_row(pager, found->hits[i].id, &found->hits[i]);
    }
    if (!sorts)
        add_extras(pager);
    else if (from + found->n_hits >= found->total)
        add_before(pager, extras, 0);
}

/* The hits around the page, from which it is made without those that another is shown for, and with
 * the extras where the sort has them.  Far behind, where nobody compares, all that is hidden is
 * taken to stand before. */
static int find_page(struct pager *pager, struct error *err)
{
    struct gathering *gathering = pager->gathering;
    const struct finder_ask *ask = pager->ask;
    uint64_t n_hidden = gathering->n_hidden, skip = pager->skip;
    bool looks = n_hidden && skip + ask->limit + n_hidden <= MAX_SECOND_LOOK;
    uint64_t n_before = is_sorted(ask) ? MIN((uint64_t)gathering->n_extras, skip) : 0;
    uint64_t from = looks ? 0 : skip + n_hidden - n_before, end = skip + ask->limit + n_hidden;
    pager->at = looks ? 0 : skip - n_before;
    if (from < skip || n_hidden) {
        index_page_done(&gathering->found);
        int result = index_query(catalog_index(pager->finder->catalog), ask->text, &ask->filter,
                                 from, (uint32_t)(end - from), &gathering->found, err);
        if (result)
            return result;
    }
    make_page(pager, from);
    return 0;
}

/* --- Facets */

/* The index counts none for an id. */
static int count_named(struct finder *finder, const struct finder_ask *ask,
                       struct gathering *gathering, struct error *err)
{
    CLEANUP(index_page_done) struct index_page named = { 0 };
    int result = index_query(catalog_index(finder->catalog), ask->text, &ask->filter, 0, MAX_NAMED,
                             &named, err);
    facets_begin(ask->filter.facets, &gathering->found);
    for (size_t i = 0; i < named.n_hits; i++)
        facets_count(finder->catalog, named.hits[i].id, 1, &gathering->found);
    return result;
}

/* They count what is shown. */
static int count_facets(struct finder *finder, const struct finder_ask *ask,
                        struct gathering *gathering, struct error *err)
{
    struct index_page *found = &gathering->found;
    if (!ask->filter.facets)
        return 0;
    bool counted = found->facets[0] || found->facets[1] || found->facets[2];
    int result = counted ? 0 : count_named(finder, ask, gathering, err);
    for (size_t i = 0; i < gathering->n_hidden; i++)
        facets_count(finder->catalog, gathering->hidden[i], -1, found);
    for (size_t i = 0; i < gathering->n_extras; i++)
        facets_count(finder->catalog, gathering->extras[i], 1, found);
    return result;
}

static int search(struct finder *finder, const struct finder_ask *ask, const struct query *query,
                  struct finder_answer *out, struct error *err)
{
    CLEANUP(gathering_free) struct gathering *gathering = mem_new(struct gathering);
    struct pager pager = { .finder = finder,
                           .ask = ask,
                           .gathering = gathering,
                           .skip = (uint64_t)(ask->page - 1) * ask->limit };
    bool asks = !ask->local && query->has_words;
    int result = asks ? ask_sources(finder, ask, query, gathering, err) : 0;
    if (!result)
        result = index_query(catalog_index(finder->catalog), ask->text, &ask->filter, pager.skip,
                             ask->limit, &gathering->found, err);
    if (result)
        return result;
    twins_find(finder->catalog, gathering->sources, gathering->n_sources, &gathering->twins);
    keep_twins(finder, ask, gathering);
    gather_extras(finder, ask, gathering);
    result = find_page(&pager, err);
    if (!result)
        result = count_facets(finder, ask, gathering, err);
    if (!result)
        write_answer(finder, ask, gathering, out);
    return result;
}

int finder_search(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                  struct error *err)
{
    CLEANUP(query_done) struct query query;
    struct finder_ask seen = *ask;
    query_read(ask->text, &query);
    seen.text = query.text;
    catalog_restrict(finder->catalog, &seen.filter);
    return search(finder, &seen, &query, out, err);
}

int finder_suggest(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                   struct error *err)
{
    struct finder_ask seen = *ask;
    seen.local = true;
    return finder_search(finder, &seen, out, err);
}
