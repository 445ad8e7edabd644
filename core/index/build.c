/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "index/build_orders.h"
#include "index/fold.h"
#include "index/generation.h"
#include "index/lexicon.h"
#include "index/radix.h"

enum { GRAM_LEN = 3, DENSE_ONE_IN = 64, DENSE_FROM = 1000 };

/* A growing array of numbers. */
struct numbers {
    uint32_t *rows;
    size_t n, capacity;
};

static void push(struct numbers *numbers, uint32_t value)
{
    if (numbers->n == numbers->capacity) {
        numbers->capacity = numbers->capacity + numbers->capacity / 2 + 1024;
        numbers->rows = mem_resize(numbers->rows, numbers->capacity, sizeof *numbers->rows);
    }
    numbers->rows[numbers->n++] = value;
}

struct generation_builder {
    struct columns_row *rows;
    uint32_t *title_starts; /* by order of arrival, into titles */
    size_t n, capacity;
    struct numbers titles; /* as in the generation, but words by their number in the lexicon */
    struct lexicon *lexicon;
    struct fold fold; /* scratch, too large for a stack */
};

struct generation_builder *generation_builder_new(void)
{
    struct generation_builder *builder = mem_new(struct generation_builder);
    builder->lexicon = lexicon_new();
    return builder;
}

void generation_builder_free(struct generation_builder *builder)
{
    if (!builder)
        return;
    lexicon_free(builder->lexicon);
    free(builder->rows);
    free(builder->title_starts);
    free(builder->titles.rows);
    free(builder);
}

static void add_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct generation_builder *builder = context;
    fold_text(title, len, &builder->fold);
    push(&builder->titles, (uint32_t)builder->fold.n);
    for (size_t i = 0; i < builder->fold.n; i++) {
        const char *word = builder->fold.words[i];
        push(&builder->titles, lexicon_number(builder->lexicon, word, strlen(word)));
    }
}

bool generation_builder_add(struct generation_builder *builder, const void *card, size_t len)
{
    struct card_facts facts;
    if (!card_facts_read(card, len, &facts))
        return false;
    if (builder->n == builder->capacity) {
        builder->capacity = builder->capacity + builder->capacity / 2 + 256;
        builder->rows = mem_resize(builder->rows, builder->capacity, sizeof *builder->rows);
        builder->title_starts =
            mem_resize(builder->title_starts, builder->capacity, sizeof *builder->title_starts);
    }
    builder->rows[builder->n] = columns_row_make(&facts);
    builder->title_starts[builder->n++] = (uint32_t)builder->titles.n;
    card_titles(card, len, add_title, builder);
    return true;
}

static void sort_terms(struct generation_builder *builder, struct generation_terms *out,
                       uint32_t **out_term_of)
{
    out->n = lexicon_size(builder->lexicon);
    *out_term_of = lexicon_sort(builder->lexicon, &out->pool, &out->texts);
    lexicon_free(builder->lexicon);
    builder->lexicon = lexicon_new();
    out->signatures = mem_alloc_array(out->n, sizeof *out->signatures);
    for (uint32_t i = 0; i < out->n; i++)
        out->signatures[i] =
            generation_signature(out->pool + out->texts[i], out->texts[i + 1] - out->texts[i] - 1);
}

/* Places in order of arrival, by falling popularity, then by rising id. */
static uint32_t *sort_arrivals(const struct generation_builder *builder)
{
    size_t n = builder->n;
    CLEANUP(mem_free) struct radix_row *rows = mem_resize(NULL, n, sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = (struct radix_row){ .key = builder->rows[i].id, .row = i };
    radix_sort(rows, n);
    for (size_t i = 0; i < n; i++)
        rows[i].key = ~radix_key_of_double(builder->rows[rows[i].row].popularity);
    radix_sort(rows, n);
    uint32_t *arrivals = mem_resize(NULL, n, sizeof *arrivals);
    for (size_t i = 0; i < n; i++)
        arrivals[i] = rows[i].row;
    return arrivals;
}

static size_t end_of_titles(const struct generation_builder *builder, size_t arrival)
{
    return arrival + 1 < builder->n ? builder->title_starts[arrival + 1] : builder->titles.n;
}

/* Items in order of popularity, their titles as sorted terms. */
static void lay_out_titles(struct generation_builder *builder, const uint32_t *arrivals,
                           const uint32_t *term_of, struct generation *out)
{
    out->title_starts = mem_alloc_array((size_t)out->n + 1, sizeof *out->title_starts);
    out->titles = mem_resize(NULL, builder->titles.n, sizeof *out->titles);
    out->many_titles = mem_alloc_array(out->columns.n_words, sizeof *out->many_titles);
    out->shortest = mem_resize(NULL, out->n, sizeof *out->shortest);
    uint32_t at = 0;
    for (uint32_t ordinal = 0; ordinal < out->n; ordinal++) {
        out->shortest[ordinal] = UINT8_MAX;
        out->title_starts[ordinal] = at;
        const uint32_t *rows = builder->titles.rows;
        size_t i = builder->title_starts[arrivals[ordinal]];
        size_t end = end_of_titles(builder, arrivals[ordinal]), first = i;
        while (i < end) {
            if (i > first)
                bits_set(out->many_titles, ordinal);
            uint32_t words = out->titles[at++] = rows[i++];
            out->shortest[ordinal] = (uint8_t)MIN(words, (uint32_t)out->shortest[ordinal]);
            for (uint32_t k = 0; k < words; k++)
                out->titles[at++] = term_of[rows[i++]];
        }
    }
    out->title_starts[out->n] = at;
}

/* A table by id when ids are close together, as all of a catalogue are; what changed lately is far
 * apart and is searched. */
static void number_ids(struct generation *out)
{
    for (uint32_t i = 0; i < out->n; i++)
        out->max_id = MAX(out->max_id, out->columns.ids[i]);
    if (out->max_id / 8 > out->n) {
        out->by_id = mem_resize(NULL, out->n, sizeof *out->by_id);
        build_by_id(out, out->by_id);
        return;
    }
    out->ordinals = mem_resize(NULL, (size_t)out->max_id + 1, sizeof *out->ordinals);
    memset(out->ordinals, 0xff, ((size_t)out->max_id + 1) * sizeof *out->ordinals);
    for (uint32_t i = 0; i < out->n; i++)
        out->ordinals[out->columns.ids[i]] = i;
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
    out->terms.postings = mem_resize(NULL, out->terms.starts[n], sizeof *out->terms.postings);
    memcpy(next, out->terms.starts, n * sizeof *next);
    spread_postings(out, next, out->terms.postings);
}

static void make_dense(struct generation *out)
{
    struct generation_terms *terms = &out->terms;
    uint32_t least = out->n / DENSE_ONE_IN;
    for (uint32_t term = 0; out->n >= DENSE_FROM && term < terms->n; term++)
        if (terms->starts[term + 1] - terms->starts[term] > least &&
            terms->n_dense < GENERATION_MAX_DENSE)
            terms->dense[terms->n_dense++] = term;
    terms->dense_bits =
        mem_alloc_array(terms->n_dense * out->columns.n_words, sizeof *terms->dense_bits);
    for (uint32_t i = 0; i < terms->n_dense; i++)
        for (uint32_t k = terms->starts[terms->dense[i]]; k < terms->starts[terms->dense[i] + 1];
             k++)
            bits_set(terms->dense_bits + i * out->columns.n_words, terms->postings[k]);
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

static uint64_t count_bytes(const struct generation *generation)
{
    const struct generation_terms *terms = &generation->terms;
    return columns_bytes(&generation->columns) +
           (uint64_t)generation->n * (1 + GENERATION_ORDERS) * sizeof(uint32_t) +
           (uint64_t)(generation->ordinals ? generation->max_id : generation->n) * 4 +
           (uint64_t)generation->title_starts[generation->n] * 4 + terms->texts[terms->n] +
           (uint64_t)terms->n * 12 + (uint64_t)terms->starts[terms->n] * 4 +
           (uint64_t)(terms->n_dense + 1) * generation->columns.n_words * 8 +
           (uint64_t)terms->gram_starts[GENERATION_GRAM_BUCKETS] * 4 + GENERATION_GRAM_BUCKETS * 4;
}

/* What arrived is given back as soon as it is laid out: the old generation is still there, too. */
static void forget_arrivals(struct generation_builder *builder)
{
    free(builder->rows);
    builder->rows = NULL;
    free(builder->title_starts);
    builder->title_starts = NULL;
    free(builder->titles.rows);
    builder->titles = (struct numbers){ 0 };
    builder->n = builder->capacity = 0;
}

struct generation *generation_build(struct generation_builder *builder)
{
    struct generation *out = mem_new(struct generation);
    out->references = 1;
    out->n = (uint32_t)builder->n;
    CLEANUP(mem_free) uint32_t *term_of = NULL;
    sort_terms(builder, &out->terms, &term_of);
    CLEANUP(mem_free) uint32_t *arrivals = sort_arrivals(builder);
    columns_make(builder->rows, arrivals, out->n, &out->columns);
    lay_out_titles(builder, arrivals, term_of, out);
    forget_arrivals(builder);
    number_ids(out);
    make_postings(out);
    make_dense(out);
    make_grams(out);
    build_orders(out);
    out->bytes = count_bytes(out);
    return out;
}
