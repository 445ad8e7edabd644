/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <uthash.h>

#include "index/fold.h"
#include "index/generation.h"

enum { GRAM_LEN = 3 };

/* A growing array of numbers. */
struct numbers {
    uint32_t *rows;
    size_t n, capacity;
};

static void push(struct numbers *numbers, uint32_t value)
{
    if (numbers->n == numbers->capacity) {
        numbers->capacity = numbers->capacity * 2 + 1024;
        numbers->rows = mem_resize(numbers->rows, numbers->capacity, sizeof *numbers->rows);
    }
    numbers->rows[numbers->n++] = value;
}

/* A word seen so far; numbered in order of appearance until the terms are sorted. */
struct seen {
    uint32_t number;
    UT_hash_handle hh;
    char word[];
};

struct generation_builder {
    struct card_facts *facts;
    uint32_t *title_starts; /* by order of arrival, into titles */
    size_t n, capacity;
    struct numbers titles;
    struct seen *seen;
    struct fold fold; /* scratch, too large for a stack */
};

struct generation_builder *generation_builder_new(void)
{
    return mem_new(struct generation_builder);
}

static void forget_words(struct generation_builder *builder)
{
    struct seen *seen, *next;
    HASH_ITER (hh, builder->seen, seen, next) {
        HASH_DEL(builder->seen, seen);
        free(seen);
    }
}

void generation_builder_free(struct generation_builder *builder)
{
    if (!builder)
        return;
    forget_words(builder);
    free(builder->facts);
    free(builder->title_starts);
    free(builder->titles.rows);
    free(builder);
}

static uint32_t number_of(struct generation_builder *builder, const char *word)
{
    struct seen *seen;
    size_t len = strlen(word);
    HASH_FIND(hh, builder->seen, word, len, seen);
    if (!seen) {
        seen = mem_alloc(sizeof *seen + len + 1);
        memcpy(seen->word, word, len + 1);
        seen->number = HASH_COUNT(builder->seen);
        HASH_ADD_KEYPTR(hh, builder->seen, seen->word, len, seen);
    }
    return seen->number;
}

static void add_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct generation_builder *builder = context;
    fold_text(title, len, &builder->fold);
    push(&builder->titles, (uint32_t)builder->fold.n);
    for (size_t i = 0; i < builder->fold.n; i++)
        push(&builder->titles, number_of(builder, builder->fold.words[i]));
}

bool generation_builder_add(struct generation_builder *builder, const void *card, size_t len)
{
    struct card_facts facts;
    if (!card_facts_read(card, len, &facts))
        return false;
    if (builder->n == builder->capacity) {
        builder->capacity = builder->capacity * 2 + 256;
        builder->facts = mem_resize(builder->facts, builder->capacity, sizeof *builder->facts);
        builder->title_starts =
            mem_resize(builder->title_starts, builder->capacity, sizeof *builder->title_starts);
    }
    builder->facts[builder->n] = facts;
    builder->title_starts[builder->n++] = (uint32_t)builder->titles.n;
    card_titles(card, len, add_title, builder);
    return true;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp((*(struct seen *const *)a)->word, (*(struct seen *const *)b)->word);
}

/* Sorts the words into terms; returns the term of each word by its number. */
static uint32_t *sort_terms(struct generation_builder *builder, struct generation_terms *out)
{
    out->n = HASH_COUNT(builder->seen);
    CLEANUP(mem_free) struct seen **words = mem_alloc_array(out->n, sizeof *words);
    size_t bytes = 0;
    struct seen *seen, *next;
    HASH_ITER (hh, builder->seen, seen, next) {
        words[seen->number] = seen;
        bytes += strlen(seen->word) + 1;
    }
    qsort(words, out->n, sizeof *words, compare_words);
    uint32_t *term_of = mem_alloc_array(out->n, sizeof *term_of);
    out->pool = mem_alloc(bytes);
    out->texts = mem_alloc_array(out->n + 1, sizeof *out->texts);
    for (uint32_t i = 0; i < out->n; i++) {
        size_t len = strlen(words[i]->word) + 1;
        memcpy(out->pool + out->texts[i], words[i]->word, len);
        out->texts[i + 1] = out->texts[i] + (uint32_t)len;
        term_of[words[i]->number] = i;
    }
    forget_words(builder);
    return term_of;
}

static int compare_popularity(const void *a, const void *b, void *context)
{
    const struct card_facts *facts = context;
    const struct card_facts *x = &facts[*(const uint32_t *)a], *y = &facts[*(const uint32_t *)b];
    if (x->popularity != y->popularity)
        return x->popularity > y->popularity ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static size_t end_of_titles(const struct generation_builder *builder, size_t arrival)
{
    return arrival + 1 < builder->n ? builder->title_starts[arrival + 1] : builder->titles.n;
}

/* Items in order of popularity, their titles as sorted terms. */
static void lay_out_items(struct generation_builder *builder, const uint32_t *term_of,
                          struct generation *out)
{
    uint32_t n = out->n = (uint32_t)builder->n;
    CLEANUP(mem_free) uint32_t *arrivals = mem_alloc_array(n, sizeof *arrivals);
    for (uint32_t i = 0; i < n; i++)
        arrivals[i] = i;
    qsort_r(arrivals, n, sizeof *arrivals, compare_popularity, builder->facts);
    out->ids = mem_alloc_array(n, sizeof *out->ids);
    out->facts = mem_alloc_array(n, sizeof *out->facts);
    out->title_starts = mem_alloc_array(n + 1, sizeof *out->title_starts);
    out->titles = mem_alloc_array(builder->titles.n, sizeof *out->titles);
    uint32_t at = 0;
    for (uint32_t ordinal = 0; ordinal < n; ordinal++) {
        uint32_t arrival = arrivals[ordinal];
        out->facts[ordinal] = builder->facts[arrival];
        out->ids[ordinal] = builder->facts[arrival].id;
        out->max_id = MAX(out->max_id, out->ids[ordinal]);
        out->title_starts[ordinal] = at;
        const uint32_t *rows = builder->titles.rows;
        size_t end = end_of_titles(builder, arrival);
        for (size_t i = builder->title_starts[arrival]; i < end;) {
            uint32_t words = out->titles[at++] = rows[i++];
            for (uint32_t k = 0; k < words; k++)
                out->titles[at++] = term_of[rows[i++]];
        }
    }
    out->title_starts[n] = at;
}

static void number_ids(struct generation *out)
{
    out->ordinals = mem_alloc_array((size_t)out->max_id + 1, sizeof *out->ordinals);
    memset(out->ordinals, 0xff, ((size_t)out->max_id + 1) * sizeof *out->ordinals);
    for (uint32_t i = 0; i < out->n; i++)
        out->ordinals[out->ids[i]] = i;
}

/* Visits each term of each item in ordinal order; a term twice in one item counts once.  With
 * postings NULL it only counts. */
static void spread_postings(const struct generation *generation, uint32_t *next, uint32_t *postings)
{
    CLEANUP(mem_free)
    uint32_t *last = mem_alloc_array(generation->terms.n, sizeof *last); /* ordinal + 1 */
    for (uint32_t ordinal = 0; ordinal < generation->n; ordinal++)
        for (uint32_t i = generation->title_starts[ordinal];
             i < generation->title_starts[ordinal + 1];) {
            uint32_t words = generation->titles[i++];
            for (uint32_t k = 0; k < words; k++, i++) {
                uint32_t term = generation->titles[i];
                if (last[term] == ordinal + 1)
                    continue;
                last[term] = ordinal + 1;
                if (postings)
                    postings[next[term]] = ordinal;
                next[term]++;
            }
        }
}

/* Counts become starts. */
static uint32_t *accumulate(const uint32_t *counts, uint32_t n)
{
    uint32_t *starts = mem_alloc_array((size_t)n + 1, sizeof *starts);
    for (uint32_t i = 0; i < n; i++)
        starts[i + 1] = starts[i] + counts[i];
    return starts;
}

static void make_postings(struct generation *out)
{
    uint32_t n = out->terms.n;
    CLEANUP(mem_free) uint32_t *next = mem_alloc_array(n, sizeof *next);
    spread_postings(out, next, NULL);
    out->terms.starts = accumulate(next, n);
    out->terms.postings = mem_alloc_array(out->terms.starts[n], sizeof *out->terms.postings);
    memcpy(next, out->terms.starts, n * sizeof *next);
    spread_postings(out, next, out->terms.postings);
}

static void spread_grams(const struct generation *generation, uint32_t *next, uint32_t *grams)
{
    for (uint32_t term = 0; term < generation->terms.n; term++) {
        const char *text = generation_term(generation, term);
        for (size_t len = strlen(text), i = 0; i + GRAM_LEN <= len; i++) {
            uint32_t gram = generation_gram(text + i);
            if (grams)
                grams[next[gram]] = term;
            next[gram]++;
        }
    }
}

static void make_grams(struct generation *out)
{
    CLEANUP(mem_free) uint32_t *next = mem_alloc_array(GENERATION_GRAM_BUCKETS, sizeof *next);
    spread_grams(out, next, NULL);
    out->terms.gram_starts = accumulate(next, GENERATION_GRAM_BUCKETS);
    out->terms.grams =
        mem_alloc_array(out->terms.gram_starts[GENERATION_GRAM_BUCKETS], sizeof *out->terms.grams);
    memcpy(next, out->terms.gram_starts, GENERATION_GRAM_BUCKETS * sizeof *next);
    spread_grams(out, next, out->terms.grams);
}

/* The first title of an item, as terms; its order is that of the terms, which are sorted. */
static int compare_titles(const struct generation *generation, uint32_t x, uint32_t y)
{
    const uint32_t *a = generation->titles + generation->title_starts[x];
    const uint32_t *b = generation->titles + generation->title_starts[y];
    uint32_t n_a = generation->title_starts[x] < generation->title_starts[x + 1] ? *a++ : 0;
    uint32_t n_b = generation->title_starts[y] < generation->title_starts[y + 1] ? *b++ : 0;
    for (uint32_t i = 0; i < n_a && i < n_b; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return n_a < n_b ? -1 : n_a > n_b;
}

struct sorting {
    const struct generation *generation;
    enum generation_order order;
};

/* Ascending; ties by id. */
static int compare_order(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct card_facts *p = &sorting->generation->facts[x],
                            *q = &sorting->generation->facts[y];
    int order = 0;
    if (sorting->order == GENERATION_BY_TITLE)
        order = compare_titles(sorting->generation, x, y);
    else if (sorting->order == GENERATION_BY_RATING)
        order = (p->rating_x10 > q->rating_x10) - (p->rating_x10 < q->rating_x10);
    else
        order = (p->release_day > q->release_day) - (p->release_day < q->release_day);
    return order ? order : (p->id > q->id) - (p->id < q->id);
}

static void make_orders(struct generation *out)
{
    for (int order = GENERATION_BY_TITLE; order <= GENERATION_BY_RELEASE; order++) {
        struct sorting sorting = { .generation = out, .order = (enum generation_order)order };
        uint32_t *rows = out->orders[order] = mem_alloc_array(out->n, sizeof *rows);
        for (uint32_t i = 0; i < out->n; i++)
            rows[i] = i;
        qsort_r(rows, out->n, sizeof *rows, compare_order, &sorting);
    }
}

static uint64_t count_bytes(const struct generation *generation)
{
    const struct generation_terms *terms = &generation->terms;
    return (uint64_t)generation->n * (sizeof *generation->facts + 6 * sizeof(uint32_t)) +
           (uint64_t)generation->max_id * 4 +
           (uint64_t)generation->title_starts[generation->n] * 4 + terms->texts[terms->n] +
           (uint64_t)terms->n * 8 + (uint64_t)terms->starts[terms->n] * 4 +
           (uint64_t)terms->gram_starts[GENERATION_GRAM_BUCKETS] * 4 + GENERATION_GRAM_BUCKETS * 4;
}

struct generation *generation_build(struct generation_builder *builder)
{
    struct generation *out = mem_new(struct generation);
    out->references = 1;
    CLEANUP(mem_free) uint32_t *term_of = sort_terms(builder, &out->terms);
    lay_out_items(builder, term_of, out);
    builder->n = 0;
    builder->titles.n = 0;
    number_ids(out);
    make_postings(out);
    make_grams(out);
    make_orders(out);
    out->bytes = count_bytes(out);
    return out;
}
