/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "index/build_orders.h"
#include "index/build_terms.h"
#include "index/fold.h"
#include "index/generation.h"
#include "index/lexicon.h"
#include "index/radix.h"

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

/* The words of the title as they were folded last. */
static void add_words(struct generation_builder *builder, uint32_t flags)
{
    push(&builder->titles, (uint32_t)builder->fold.n | flags);
    for (size_t i = 0; i < builder->fold.n; i++) {
        const char *word = builder->fold.words[i];
        push(&builder->titles, lexicon_number(builder->lexicon, word, strlen(word)));
    }
}

static void add_title(const char *title, size_t len, const char *language UNUSED, void *context)
{
    struct generation_builder *builder = context;
    fold_text(title, len, &builder->fold);
    add_words(builder, 0);
    unsigned possible = builder->fold.ways;
    for (unsigned ways = 1; possible && ways < FOLD_WAYS; ways++) {
        if (ways & ~possible)
            continue;
        fold_text_as(title, len, ways, &builder->fold);
        add_words(builder, GENERATION_SAME_TITLE);
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
    out->keys = mem_alloc_array(out->n, sizeof *out->keys);
    out->samples = mem_alloc_array(out->n / GENERATION_SAMPLED + 1, sizeof *out->samples);
    for (uint32_t i = 0; i < out->n; i++)
        out->keys[i] =
            generation_key(out->pool + out->texts[i], out->texts[i + 1] - out->texts[i] - 1);
    for (uint32_t i = 0; i < out->n; i += GENERATION_SAMPLED)
        out->samples[i / GENERATION_SAMPLED] = out->keys[i];
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

/* The titles of one item, as sorted terms, to where `at` says; returns how many words its shortest
 * one has. */
static uint32_t lay_out_item(const struct generation_builder *builder, uint32_t arrival,
                             const uint32_t *term_of, struct generation *out, uint32_t ordinal,
                             uint32_t *at)
{
    const uint32_t *rows = builder->titles.rows;
    size_t i = builder->title_starts[arrival], end = end_of_titles(builder, arrival), first = i;
    uint32_t shortest = UINT32_MAX;
    while (i < end) {
        if (i > first)
            bits_set(out->many_titles, ordinal);
        uint32_t words = generation_title_len(out->titles[(*at)++] = rows[i++]);
        shortest = MIN(words, shortest);
        for (uint32_t k = 0; k < words; k++)
            out->titles[(*at)++] = term_of[rows[i++]];
    }
    return shortest;
}

/* Items in order of popularity. */
static void lay_out_items(struct generation_builder *builder, const uint32_t *arrivals,
                          const uint32_t *term_of, struct generation *out)
{
    size_t n_words = out->columns.n_words;
    out->items = mem_alloc_wide((size_t)out->n + 1, sizeof *out->items);
    out->titles = mem_alloc_wide(builder->titles.n, sizeof *out->titles);
    out->many_titles = mem_alloc_array(n_words, sizeof *out->many_titles);
    out->shorter = mem_alloc_wide(n_words * (GENERATION_LENGTHS - 1), sizeof *out->shorter);
    out->fame_most = mem_alloc_array(n_words, sizeof *out->fame_most);
    uint32_t at = 0;
    for (uint32_t ordinal = 0; ordinal < out->n; ordinal++) {
        const struct columns_row *row = &builder->rows[arrivals[ordinal]];
        float fame = (float)rank_fame(row->popularity, row->votes, row->flags & CARD_AVAILABLE,
                                      &out->weights);
        out->items[ordinal] = (struct generation_item){ .titles = at, .fame = fame };
        out->fame_most[ordinal / 64] = MAX(out->fame_most[ordinal / 64], fame);
        uint32_t shortest = lay_out_item(builder, arrivals[ordinal], term_of, out, ordinal, &at);
        for (uint32_t length = shortest; length < GENERATION_LENGTHS - 1; length++)
            bits_set(out->shorter + length * n_words, ordinal);
    }
    out->items[out->n] = (struct generation_item){ .titles = at };
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

static uint64_t count_bytes(const struct generation *generation)
{
    const struct generation_terms *terms = &generation->terms;
    return columns_bytes(&generation->columns) +
           (uint64_t)generation->n * (2 + GENERATION_ORDERS) * sizeof(uint32_t) +
           (uint64_t)(generation->ordinals ? generation->max_id : generation->n) * 4 +
           (uint64_t)generation->items[generation->n].titles * 4 + terms->texts[terms->n] +
           (uint64_t)terms->n * 24 + (uint64_t)terms->mark_starts[terms->n] * 8 +
           (uint64_t)terms->starts[terms->n] * 4 +
           (uint64_t)(terms->n_dense + GENERATION_LENGTHS) * generation->columns.n_words * 8 +
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

struct generation *generation_build(struct generation_builder *builder,
                                    const struct rank_weights *weights)
{
    struct generation *out = mem_new(struct generation);
    out->references = 1;
    out->weights = *weights;
    out->n = (uint32_t)builder->n;
    CLEANUP(mem_free) uint32_t *term_of = NULL;
    sort_terms(builder, &out->terms, &term_of);
    CLEANUP(mem_free) uint32_t *arrivals = sort_arrivals(builder);
    columns_make(builder->rows, arrivals, out->n, &out->columns);
    lay_out_items(builder, arrivals, term_of, out);
    forget_arrivals(builder);
    number_ids(out);
    build_postings(out);
    build_dense(out);
    build_marks(out);
    build_grams(out);
    build_orders(out);
    out->bytes = count_bytes(out);
    return out;
}
