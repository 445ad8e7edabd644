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
#include "service/pages.h"
#include "service/sources.h"
#include "service/twins.h"

enum {
    MAX_PAGE = 8 << 20,
    CARD_ROOM = 600,        /* most cards need less */
    MAX_SECOND_LOOK = 1000, /* hits that are looked through for twins */
    MAX_EXTRAS = 200,       /* found by a provider, though no title of theirs matches the words */
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

/* What one search gathers before it is written. */
struct gathering {
    struct source_answer *sources; /* NULL: none was asked */
    size_t n_sources;
    struct index_page found; /* the page asked for, of what the index matches */
    uint32_t extras[MAX_EXTRAS];
    size_t n_extras;
    struct twins twins;
};

static void gathering_free(struct gathering *gathering)
{
    if (gathering) {
        index_page_done(&gathering->found);
        free(gathering->sources);
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
                       struct gathering *gathering, struct error *err)
{
    int64_t most_ms = finder->conf->search_timeout_ms;
    int64_t timeout_ms = ask->timeout_ms ? MIN(ask->timeout_ms, most_ms) : most_ms;
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    struct sources_ask sources_ask = {
        .kind = ask->filter.kind,
        .text = ask->text,
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

/* `hit` NULL: a provider alone vouches for it. */
static void write_result(struct finder *finder, const struct finder_ask *ask,
                         const struct gathering *gathering, uint32_t id,
                         const struct index_hit *hit, struct text *out)
{
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
        index_explain(hit, out);
    text_add_char(out, '}');
}

static void write_answer(struct finder *finder, const struct finder_ask *ask,
                         const struct gathering *gathering, struct finder_answer *out)
{
    const struct index_page *found = &gathering->found;
    *out = (struct finder_answer){
        .page = { .results = TEXT_INIT(MAX_PAGE),
                  .facets = TEXT_INIT(MAX_PAGE),
                  .total = found->total + gathering->n_extras,
                  .revision = found->revision },
        .sources = TEXT_INIT(MAX_PAGE),
    };
    text_reserve(&out->page.results, found->n_hits * CARD_ROOM);
    text_add_char(&out->page.results, '[');
    for (size_t i = 0; i < found->n_hits; i++)
        write_result(finder, ask, gathering, found->hits[i].id, &found->hits[i],
                     &out->page.results);
    uint64_t skip = (uint64_t)(ask->page - 1) * ask->limit, end = skip + ask->limit;
    uint64_t from = skip > found->total ? skip - found->total : 0;
    for (uint64_t i = from; i < gathering->n_extras && found->total + i < end; i++)
        write_result(finder, ask, gathering, gathering->extras[i], NULL, &out->page.results);
    text_add_char(&out->page.results, ']');
    pages_write_facets(found, &out->page.facets);
    write_sources(gathering, out);
}

/* --- Twins */

/* Leaves those of which the shown one is in the answer; how many hits they hide. */
static uint32_t keep_twins(struct finder *finder, const struct finder_ask *ask,
                           struct gathering *gathering)
{
    struct twins *twins = &gathering->twins;
    uint32_t n_hits = 0;
    size_t kept = 0;
    for (size_t i = 0; i < twins->n; i++) {
        uint32_t shown = twins->shown[i], hidden = twins->hidden[i];
        enum index_verdict of_hidden = judge(finder, ask, gathering, hidden);
        /* The one to show must not stand below the one it hides. */
        if (judge(finder, ask, gathering, shown) < of_hidden)
            continue;
        twins->shown[kept] = shown;
        twins->hidden[kept++] = hidden;
        n_hits += of_hidden == INDEX_MATCHES;
    }
    twins->n = kept;
    return n_hits;
}

/* Drops hidden hits, then the first `skip` and what is beyond the limit. */
static void slice(struct index_page *page, const struct twins *twins, uint64_t skip, uint32_t limit)
{
    size_t n = 0, seen = 0;
    for (size_t i = 0; i < page->n_hits && n < limit; i++)
        if (!twins_shown_for(twins, page->hits[i].id) && seen++ >= skip)
            page->hits[n++] = page->hits[i];
    page->n_hits = n;
}

/* The page again, without those that another is shown for.  Far behind, where nobody compares, all
 * of them are taken to stand before. */
static int hide_twins(struct finder *finder, const struct finder_ask *ask,
                      struct gathering *gathering, struct error *err)
{
    uint64_t skip = (uint64_t)(ask->page - 1) * ask->limit;
    uint32_t n_hidden = keep_twins(finder, ask, gathering);
    if (!n_hidden)
        return 0;
    bool looks = skip + ask->limit + n_hidden <= MAX_SECOND_LOOK;
    index_page_done(&gathering->found);
    int result = index_query(
        catalog_index(finder->catalog), ask->text, &ask->filter, looks ? 0 : skip + n_hidden,
        looks ? (uint32_t)skip + ask->limit + n_hidden : ask->limit, &gathering->found, err);
    if (result)
        return result;
    slice(&gathering->found, &gathering->twins, looks ? skip : 0, ask->limit);
    gathering->found.total -= MIN((uint64_t)n_hidden, gathering->found.total);
    return 0;
}

static int search(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                  struct error *err)
{
    CLEANUP(gathering_free) struct gathering *gathering = mem_new(struct gathering);
    int result = ask->local ? 0 : ask_sources(finder, ask, gathering, err);
    if (!result)
        result =
            index_query(catalog_index(finder->catalog), ask->text, &ask->filter,
                        (uint64_t)(ask->page - 1) * ask->limit, ask->limit, &gathering->found, err);
    twins_find(finder->catalog, gathering->sources, gathering->n_sources, &gathering->twins);
    if (!result && gathering->twins.n)
        result = hide_twins(finder, ask, gathering, err);
    if (result)
        return result;
    gather_extras(finder, ask, gathering);
    write_answer(finder, ask, gathering, out);
    return 0;
}

int finder_search(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                  struct error *err)
{
    struct finder_ask seen = *ask;
    catalog_restrict(finder->catalog, &seen.filter);
    return search(finder, &seen, out, err);
}

int finder_suggest(struct finder *finder, const struct finder_ask *ask, struct finder_answer *out,
                   struct error *err)
{
    struct finder_ask seen = *ask;
    seen.local = true;
    return finder_search(finder, &seen, out, err);
}
