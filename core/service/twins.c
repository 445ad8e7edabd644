/* SPDX-License-Identifier: MIT */
#include "service/twins.h"

#include <stdlib.h>

#include "base/json.h"
#include "media/card.h"
#include "media/ids.h"
#include "store/items.h"

enum { MAX_CARD = 4 << 20, RUNTIME_SLACK = 2 };

/* A finding, and the source it came from. */
struct candidate {
    struct source_found found;
    size_t source, place;
};

struct candidates {
    struct candidate rows[SOURCES_MAX * SOURCES_MAX_FOUND];
    size_t n;
};

/* By title; within one, in the order of the sources. */
static int compare(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->found.title != y->found.title)
        return x->found.title < y->found.title ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void collect(const struct source_answer *sources, size_t n_sources, struct candidates *out)
{
    out->n = 0;
    for (size_t i = 0; i < n_sources; i++)
        for (size_t k = 0; k < sources[i].n_found; k++)
            if (sources[i].found[k].title && sources[i].found[k].year)
                out->rows[out->n++] = (struct candidate){ sources[i].found[k], i, k };
    qsort(out->rows, out->n, sizeof *out->rows, compare);
}

/* What could be the same by what was found alone. */
static bool may_be_same(const struct source_found *a, const struct source_found *b)
{
    int32_t years = abs(a->year - b->year);
    bool runtimes = a->runtime && b->runtime && abs(a->runtime - b->runtime) <= RUNTIME_SLACK;
    return a->id != b->id && (years == 0 || (years == 1 && runtimes));
}

static json_t *ids_of(struct catalog *catalog, uint32_t id)
{
    static const struct language_wish any = { .n_tags = 0 };
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    CLEANUP(text_done) struct text json = TEXT_INIT(MAX_CARD);
    char language[LANGUAGE_LEN];
    if (cards_get(catalog_store(catalog), id, &card, NULL) ||
        !card_render(card.bytes, card.len, &any, NULL, &json, language))
        return NULL;
    json_auto_t *item = json_loadb(json.bytes, json.len, 0, NULL);
    return json_incref(js_object(item, "ids"));
}

static bool share_a_space(struct catalog *catalog, uint32_t a, uint32_t b)
{
    json_auto_t *ours = ids_of(catalog, a);
    json_auto_t *theirs = ids_of(catalog, b);
    const char *space;
    json_t *value;
    if (!ours || !theirs)
        return true; /* it went meanwhile */
    json_object_foreach (ours, space, value)
        if (ids_decides(space) && json_object_get(theirs, space))
            return true;
    return false;
}

/* Whether each other source has at most one item that `row` could be the same as, and its own
 * source none. */
static bool is_clear(const struct candidate *row, const struct candidate *begin,
                     const struct candidate *end)
{
    const struct candidate *last = NULL; /* of those that match; one source's stand together */
    for (const struct candidate *other = begin; other < end; other++) {
        if (!may_be_same(&row->found, &other->found))
            continue;
        if (other->source == row->source ||
            (last && last->source == other->source && last->found.id != other->found.id))
            return false;
        last = other;
    }
    return true;
}

/* No space of ids may be known to two of those that become one. */
static bool may_join(struct catalog *catalog, const struct twins *twins, uint32_t shown,
                     uint32_t id)
{
    if (share_a_space(catalog, shown, id))
        return false;
    for (size_t i = 0; i < twins->n; i++)
        if (twins->shown[i] == shown && share_a_space(catalog, twins->hidden[i], id))
            return false;
    return true;
}

/* Rows of one title. */
static void pair(struct catalog *catalog, const struct candidate *begin,
                 const struct candidate *end, struct twins *out)
{
    for (const struct candidate *row = begin; row < end; row++) {
        if (twins_shown_for(out, row->found.id) || !is_clear(row, begin, end))
            continue;
        for (const struct candidate *other = row + 1; other < end && out->n < TWINS_MAX; other++) {
            if (!may_be_same(&row->found, &other->found) || twins_shown_for(out, other->found.id) ||
                !is_clear(other, begin, end) ||
                !may_join(catalog, out, row->found.id, other->found.id))
                continue;
            out->shown[out->n] = row->found.id;
            out->hidden[out->n++] = other->found.id;
        }
    }
}

void twins_find(struct catalog *catalog, const struct source_answer *sources, size_t n_sources,
                struct twins *out)
{
    out->n = 0;
    if (n_sources < 2)
        return;
    CLEANUP(mem_free) struct candidates *candidates = mem_new(struct candidates);
    collect(sources, n_sources, candidates);
    const struct candidate *end = candidates->rows + candidates->n;
    for (const struct candidate *begin = candidates->rows; begin < end;) {
        const struct candidate *next = begin + 1;
        while (next < end && next->found.title == begin->found.title)
            next++;
        pair(catalog, begin, next, out);
        begin = next;
    }
}

uint32_t twins_shown_for(const struct twins *twins, uint32_t hidden)
{
    for (size_t i = 0; i < twins->n; i++)
        if (twins->hidden[i] == hidden)
            return twins->shown[i];
    return 0;
}
