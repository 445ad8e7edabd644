/* SPDX-License-Identifier: MIT */
#include "service/standing.h"

#include <string.h>

#include "index/fold.h"
#include "media/card.h"

enum { MAX_CARD = 4 << 20 };

struct standing {
    uint32_t id;
    double number; /* what is sorted by; all of them are exact in it */
    char *title;   /* or its folded words, where titles are */
};

struct standings {
    struct catalog *catalog;
    const struct filter *filter;
    struct standing *rows;
    size_t n, next;
};

/* Its first title, the words so apart that a whole word stands before what it begins. */
static void take_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct standing *standing = context;
    if (standing->title)
        return;
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    CLEANUP(text_done) struct text words = TEXT_INIT(FOLD_MAX_WORDS * FOLD_WORD_LEN);
    fold_text(title, len, fold);
    for (size_t i = 0; i < fold->n; i++) {
        text_add_string(&words, fold->words[i]);
        text_add_char(&words, '\1');
    }
    standing->title = mem_dup_text(text_string(&words));
}

static double number_of(const struct card_facts *facts, enum filter_sort sort)
{
    switch (sort) {
    case FILTER_SORT_RATING:
        return facts->rating_x1000;
    case FILTER_SORT_RELEASE_DATE:
        return facts->release_day;
    case FILTER_SORT_ADDED:
        return (double)facts->added_at_ms;
    case FILTER_SORT_UPDATED:
        return (double)facts->updated_at_ms;
    case FILTER_SORT_TITLE:
        return 0;
    case FILTER_SORT_DEFAULT:
    case FILTER_SORT_POPULARITY:
        break;
    }
    return facts->popularity;
}

static struct standing standing_of(const struct standings *standings, uint32_t id)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(MAX_CARD);
    struct card_facts facts;
    struct standing out = { .id = id };
    if (cards_get(catalog_store(standings->catalog), id, &card, NULL) ||
        !card_facts_read(card.bytes, card.len, &facts))
        return out;
    out.number = number_of(&facts, standings->filter->sort);
    if (standings->filter->sort == FILTER_SORT_TITLE)
        card_titles(card.bytes, card.len, take_title, &out);
    return out;
}

/* Stands behind all others, in either direction. */
static bool is_unknown(enum filter_sort sort, const struct standing *standing)
{
    return (sort == FILTER_SORT_RATING && standing->number == 0) ||
           (sort == FILTER_SORT_RELEASE_DATE && standing->number == INT32_MIN);
}

static int compare_ascending(enum filter_sort sort, const struct standing *a,
                             const struct standing *b)
{
    int by_id = (a->id > b->id) - (a->id < b->id);
    int order = sort == FILTER_SORT_TITLE
                    ? strcmp(a->title ? a->title : "", b->title ? b->title : "")
                    : (a->number > b->number) - (a->number < b->number);
    if (order)
        return order;
    return sort == FILTER_SORT_POPULARITY ? -by_id : by_id; /* falling popularity, rising id */
}

/* Below 0: a stands before b. */
static int compare(const struct filter *filter, const struct standing *a, const struct standing *b)
{
    enum filter_sort sort = filter->sort ? filter->sort : FILTER_SORT_POPULARITY;
    bool ascending = filter->order_given ? filter->ascending : sort == FILTER_SORT_TITLE;
    bool a_last = is_unknown(sort, a), b_last = is_unknown(sort, b);
    if (ascending && a_last != b_last)
        return a_last ? 1 : -1;
    int order = compare_ascending(sort, a, b);
    return ascending ? order : -order;
}

struct standings *standings_new(struct catalog *catalog, const struct filter *filter,
                                const uint32_t *ids, size_t n)
{
    struct standings *standings = mem_new(struct standings);
    *standings = (struct standings){ .catalog = catalog, .filter = filter, .n = n };
    standings->rows = mem_alloc_array(n, sizeof *standings->rows);
    for (size_t i = 0; i < n; i++) {
        struct standing one = standing_of(standings, ids[i]);
        size_t at = i;
        for (; at && compare(filter, &one, &standings->rows[at - 1]) < 0; at--)
            standings->rows[at] = standings->rows[at - 1];
        standings->rows[at] = one;
    }
    return standings;
}

void standings_free(struct standings *standings)
{
    if (!standings)
        return;
    for (size_t i = 0; i < standings->n; i++)
        free(standings->rows[i].title);
    free(standings->rows);
    free(standings);
}

bool standings_take(struct standings *standings, uint32_t id, uint32_t *out)
{
    if (standings->next == standings->n)
        return false;
    const struct standing *first = &standings->rows[standings->next];
    struct standing other = { .id = 0 };
    if (id)
        other = standing_of(standings, id);
    bool takes = !id || compare(standings->filter, first, &other) < 0;
    free(other.title);
    if (takes) {
        *out = first->id;
        standings->next++;
    }
    return takes;
}
