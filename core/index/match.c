/* SPDX-License-Identifier: MIT
 *
 * The word that the fewest items have leads: its items are walked in ordinal order.  What other
 * words rule out is skipped.  Who cannot be among the best, by the fame of its neighbourhood and
 * the length of its shortest title, is only counted, and so is who could only if a title of its
 * began with the first word; the others' titles are read, a handful of items at a time, so that the
 * memory they stand in is fetched while others are judged. */
#include "index/match.h"

#include <string.h>

#include "index/answer.h"
#include "index/gather.h"

enum {
    BLOCK = 256,  /* words of a set at a time */
    CHUNK = 32,   /* items at a time */
    READING = 60, /* times as long as marking an item in a set takes it to read its titles */
    SEEKING = 20, /* times as long, it in another's list */
    CLEARING = 4, /* words of a set are cleared while one item is marked */
    MOST_MARKED = GENERATION_MOST_MARKS / 4, /* beyond that, marks tell too little */
    MOST_LED = GENERATION_MOST_MARKS / 32,   /* postings of several terms that may lead */
    MOST_SIEVES = 12, /* what more words would rule out is seen when the titles are read */
};

/* How far up items come that match like this at best. */
struct reach {
    enum rank_how at_best;
    bool is_known;   /* it is worked out when it is first needed */
    unsigned length; /* that was found last: fame goes down, so the next is near */
    double fame;     /* for which it was found */
    double bounds[GENERATION_LENGTHS]; /* of the score beside fame, for who has no title of fewer
                                          words */
};

struct matching {
    const struct generation *generation;
    const struct select_plan *plan;
    const struct words *words;
    struct gather lead, sieves[MOST_SIEVES]; /* items must be in each of them */
    size_t n_sieves;
    size_t n_needed;          /* words that a title must have */
    bool sieved;              /* who passes has all of them, if in one title or in several */
    bool has_lists;           /* or marks, among the sieves */
    struct reach any, inside; /* inside: no title begins with the first word */
    struct matches *out;
    uint64_t *matched; /* NULL: nobody asks */
    uint32_t chunk[CHUNK + 64];
    size_t n_chunk;
};

static void matching_done(struct matching *matching)
{
    gather_done(&matching->lead);
    for (size_t i = 0; i < matching->n_sieves; i++)
        gather_done(&matching->sieves[i]);
}
DEFINE_CLEANUP_VALUE(struct matching, matching_done);

/* --- Who is in question */

static const struct words_one *rarest(const struct words *words)
{
    const struct words_one *best = NULL;
    for (size_t i = 0; i < words->n; i++)
        if (!words->rows[i].optional && (!best || words->rows[i].n_postings < best->n_postings))
            best = &words->rows[i];
    return best ? best : &words->rows[0];
}

/* The rarest, unless another one means several terms and would have to be marked for it: sifting
 * those by what the rarest has ready takes less time. */
static const struct words_one *choose_lead(const struct generation *generation,
                                           const struct words *words)
{
    const struct words_one *rare = rarest(words);
    uint64_t most = MIN(rare->n_postings * READING, (uint64_t)MOST_LED);
    most = MIN(most, (uint64_t)generation->terms.dense_over); /* beyond that, it may have a set */
    for (size_t i = 0; i < words->n && !words_mean_several(rare); i++) {
        const struct words_one *word = &words->rows[i];
        if (!word->optional && words_mean_several(word) && word->n_postings <= most)
            return word;
    }
    return rare;
}

/* The items that have the word, when that saves reading titles.  Whether who passes is known to
 * have it. */
static bool add_sieve(struct matching *matching, const struct words_one *word,
                      const struct words_one *lead)
{
    const struct generation *generation = matching->generation;
    if (matching->n_sieves == MOST_SIEVES)
        return false;
    struct gather *sieve = &matching->sieves[matching->n_sieves];
    bool ready = gather_ready(generation, word, sieve);
    uint64_t saved = lead->n_postings * (ready ? SEEKING : READING);
    uint64_t clearing = generation->columns.n_words / CLEARING;
    if (!sieve->set && !sieve->marks && word->n_postings <= MIN(saved, (uint64_t)MOST_MARKED))
        gather_mark(generation, word, sieve);
    else if (!ready && word->n_postings + clearing <= saved)
        gather_unite(generation, word, sieve);
    else if (!ready)
        return false;
    matching->has_lists = matching->has_lists || !sieve->set;
    matching->n_sieves++;
    return sieve->set || sieve->list;
}

static void make_sieves(struct matching *matching)
{
    const struct words_one *lead = choose_lead(matching->generation, matching->words);
    matching->sieved = !lead->optional;
    for (size_t i = 0; i < matching->words->n; i++) {
        const struct words_one *word = &matching->words->rows[i];
        if (word->optional)
            continue;
        matching->n_needed++;
        if (word != lead && !add_sieve(matching, word, lead))
            matching->sieved = false;
    }
    if (!gather_ready(matching->generation, lead, &matching->lead))
        gather_unite_sieved(matching->generation, lead, matching->sieves, matching->n_sieves,
                            &matching->lead);
}

/* Of `n` items in rising order, those that pass; `out` may be `rows`. */
static size_t sift(struct matching *matching, const uint32_t *rows, size_t n, uint32_t *out)
{
    if (!matching->n_sieves)
        memmove(out, rows, n * sizeof *out);
    for (size_t i = 0; i < matching->n_sieves; i++, rows = out)
        n = gather_sift(&matching->sieves[i], rows, n, out);
    return n;
}

/* --- Who can be among the best */

/* Who has this fame or less, and no title of fewer words than this, cannot.  0: nobody can,
 * GENERATION_LENGTHS: everybody. */
static unsigned hopeless_from(const struct matching *matching, struct reach *reach, double fame)
{
    const struct best *best = &matching->out->best;
    unsigned length = reach->length;
    if (best->n < best->most)
        return GENERATION_LENGTHS;
    if (!reach->is_known)
        answer_bounds(matching->generation, matching->words, reach->at_best, reach->bounds);
    reach->is_known = true;
    while (length > 0 && best_is_out_of_reach(best, fame + reach->bounds[length - 1]))
        length--;
    while (length < GENERATION_LENGTHS && !best_is_out_of_reach(best, fame + reach->bounds[length]))
        length++;
    reach->length = length;
    reach->fame = fame;
    return length;
}

static bool is_hopeless_from(const struct matching *matching, unsigned length, uint32_t ordinal)
{
    return length < GENERATION_LENGTHS &&
           (!length || !bits_has(generation_shorter(matching->generation, length), ordinal));
}

static bool is_hopeless(const struct matching *matching, struct reach *reach, uint32_t ordinal,
                        float fame)
{
    /* Who was hopeless with more fame is so with less: nobody among the best becomes worse. */
    if (reach->is_known && (double)fame <= reach->fame &&
        is_hopeless_from(matching, reach->length, ordinal))
        return true;
    return is_hopeless_from(matching, hopeless_from(matching, reach, (double)fame), ordinal);
}

/* Looks at its titles only if that decides. */
static bool is_no_match_for_the_best(struct matching *matching, uint32_t ordinal)
{
    float fame = matching->generation->items[ordinal].fame;
    return is_hopeless(matching, &matching->inside, ordinal, fame) &&
           (!answer_begins(matching->generation, matching->words, ordinal) ||
            is_hopeless(matching, &matching->any, ordinal, fame));
}

/* What the sieves said is the whole truth when the words cannot be in different titles. */
static bool is_known(const struct matching *matching, uint32_t ordinal)
{
    return matching->sieved &&
           (matching->n_needed == 1 || !bits_has(matching->generation->many_titles, ordinal));
}

/* --- Matching */

static void count_match(struct matching *matching, uint32_t ordinal)
{
    matching->out->total++;
    if (matching->matched)
        bits_set(matching->matched, ordinal);
}

bool match_hit(const struct generation *generation, const struct matches *matches, uint32_t ordinal,
               struct best_hit *out)
{
    struct answer answer;
    if (!answer_best(generation, matches->words, ordinal, &answer))
        return false;
    *out = (struct best_hit){ .score = answer.score,
                              .ordinal = ordinal,
                              .title = answer.title,
                              .how = (uint8_t)answer.input.how };
    return true;
}

static bool match_item(struct matching *matching, uint32_t ordinal)
{
    const struct generation *generation = matching->generation;
    if (is_no_match_for_the_best(matching, ordinal))
        return is_known(matching, ordinal) || answer_any(generation, matching->words, ordinal);
    struct best_hit hit;
    if (!match_hit(generation, matching->out, ordinal, &hit))
        return false;
    best_keep(&matching->out->best, &hit);
    return true;
}

/* Leaves in the chunk who must be looked at, and has that fetched. */
static void set_aside(struct matching *matching)
{
    const struct generation *generation = matching->generation;
    size_t kept = 0;
    uint32_t word = UINT32_MAX;
    unsigned length = 0;
    for (size_t i = 0; i < matching->n_chunk; i++)
        __builtin_prefetch(&generation->many_titles[matching->chunk[i] / 64]);
    for (size_t i = 0; i < matching->n_chunk; i++) {
        uint32_t ordinal = matching->chunk[i];
        if (ordinal / 64 != word) {
            word = ordinal / 64;
            length = hopeless_from(matching, &matching->any, (double)generation->fame_most[word]);
        }
        if (is_hopeless_from(matching, length, ordinal) && is_known(matching, ordinal)) {
            count_match(matching, ordinal);
            continue;
        }
        __builtin_prefetch(&generation->items[ordinal]);
        matching->chunk[kept++] = ordinal;
    }
    matching->n_chunk = kept;
}

static void match_chunk(struct matching *matching)
{
    const struct generation *generation = matching->generation;
    set_aside(matching);
    for (size_t i = 0; i < matching->n_chunk; i++)
        __builtin_prefetch(&generation->titles[generation->items[matching->chunk[i]].titles]);
    for (size_t i = 0; i < matching->n_chunk; i++)
        if (match_item(matching, matching->chunk[i]))
            count_match(matching, matching->chunk[i]);
    matching->n_chunk = 0;
}

static void match_list(struct matching *matching)
{
    uint32_t rows[BLOCK];
    for (size_t from = 0; from < matching->lead.n; from += BLOCK) {
        size_t n = MIN(matching->lead.n - from, (size_t)BLOCK);
        n = sift(matching, matching->lead.list + from, n, rows);
        for (size_t i = 0; i < n; i++) {
            if (!select_judge(matching->plan, rows[i]))
                continue;
            matching->chunk[matching->n_chunk++] = rows[i];
            if (matching->n_chunk == CHUNK)
                match_chunk(matching);
        }
    }
    match_chunk(matching);
}

/* Of 64 items, those that are hopeless. */
static uint64_t hopeless_of(struct matching *matching, struct reach *reach, size_t word,
                            uint64_t bits)
{
    const struct generation *generation = matching->generation;
    unsigned length = hopeless_from(matching, reach, (double)generation->fame_most[word]);
    if (length == GENERATION_LENGTHS)
        return 0;
    return length ? bits & ~generation_shorter(generation, length)[word] : bits;
}

/* Of 64 items with one title each, those whose title does not begin with the first word.  They
 * stand side by side, and so do their titles. */
static uint64_t not_begun(const struct matching *matching, size_t word, uint64_t bits)
{
    const struct generation *generation = matching->generation;
    const struct generation_item *items = generation->items + word * 64;
    const struct words_one *first = &matching->words->rows[0];
    uint64_t out = 0;
    if (first->optional)
        return 0;
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        const uint32_t *title = generation->titles + items[bit].titles;
        bool begins =
            items[bit].titles < items[bit + 1].titles && *title && words_mean(first, title[1]);
        out |= (uint64_t)!begins << bit;
    }
    return out;
}

/* Of 64 items, those that need no more of a look to be counted. */
static uint64_t known_of(struct matching *matching, size_t word, uint64_t bits)
{
    uint64_t many = matching->generation->many_titles[word];
    if (!matching->sieved || matching->has_lists)
        return 0;
    uint64_t known = hopeless_of(matching, &matching->any, word, bits);
    if (matching->n_needed > 1)
        known &= ~many;
    uint64_t rest = bits & ~known & ~many;
    rest = rest ? hopeless_of(matching, &matching->inside, word, rest) : 0;
    return known | not_begun(matching, word, rest);
}

static void match_word(struct matching *matching, size_t word, uint64_t bits)
{
    uint32_t *rows = matching->chunk + matching->n_chunk;
    size_t n = 0;
    for (; bits; bits &= bits - 1)
        rows[n++] = (uint32_t)(word * 64) + (unsigned)__builtin_ctzll(bits);
    matching->n_chunk += matching->has_lists ? sift(matching, rows, n, rows) : n;
    if (matching->n_chunk >= CHUNK)
        match_chunk(matching);
}

static void match_block(struct matching *matching, size_t from, size_t n)
{
    uint64_t here[BLOCK], known[BLOCK];
    memcpy(here, matching->lead.set + from, n * sizeof *here);
    for (size_t i = 0; i < matching->n_sieves; i++)
        if (matching->sieves[i].set)
            bits_and(here, matching->sieves[i].set + from, n);
    select_narrow(matching->plan, from, n, here);
    for (size_t i = 0; i < n; i++) {
        known[i] = here[i] ? known_of(matching, from + i, here[i]) : 0;
        if (here[i] & ~known[i])
            match_word(matching, from + i, here[i] & ~known[i]);
    }
    matching->out->total += bits_count(known, n);
    if (matching->matched)
        bits_or(matching->matched + from, known, n);
}

static void match_set(struct matching *matching)
{
    size_t n_words = matching->generation->columns.n_words;
    for (size_t from = 0; from < n_words; from += BLOCK)
        match_block(matching, from, MIN(n_words - from, (size_t)BLOCK));
    match_chunk(matching);
}

static void match_words(const struct select_plan *plan, const struct words *words,
                        struct matches *out, uint64_t *matched)
{
    CLEANUP(matching_done)
    struct matching matching = { .generation = plan->generation,
                                 .plan = plan,
                                 .words = words,
                                 .any = { .at_best = RANK_EXACT },
                                 .inside = { .at_best = RANK_WORDS },
                                 .out = out,
                                 .matched = matched };
    make_sieves(&matching);
    if (matching.lead.set)
        match_set(&matching);
    else
        match_list(&matching);
}

void match_search(const struct select_plan *plan, const struct fold *query, bool mistakes,
                  size_t most, struct matches *out, struct select *out_selected)
{
    const struct generation *generation = plan->generation;
    matches_done(out);
    out->best.most = most;
    if (out_selected) {
        size_t n_words = generation->columns.n_words;
        select_done(out_selected);
        *out_selected = (struct select){ .n_words = n_words, .n = generation->n };
        out_selected->bits = bits_take(n_words);
        memset(out_selected->bits, 0, n_words * sizeof *out_selected->bits);
    }
    out->words = mem_resize(NULL, 1, sizeof *out->words);
    if (!plan->nothing && words_make(generation, query, mistakes, out->words))
        match_words(plan, out->words, out, out_selected ? out_selected->bits : NULL);
    if (out_selected)
        out_selected->count = out->total;
    best_sort(&out->best);
}

void match_explain(const struct generation *generation, const struct matches *matches,
                   uint32_t ordinal, double addends[INDEX_MAX_ADDENDS])
{
    struct answer answer;
    if (!answer_best(generation, matches->words, ordinal, &answer))
        return;
    answer.input.popularity = generation->columns.popularity[ordinal];
    answer.input.votes = generation->columns.votes[ordinal];
    answer.input.available = bits_has(generation->columns.available, ordinal);
    struct rank_result result;
    rank_score(&answer.input, &generation->weights, &result);
    memcpy(addends, result.addends, sizeof result.addends);
}

bool match_judge(const struct generation *generation, const struct fold *query, bool mistakes,
                 uint32_t ordinal)
{
    CLEANUP(mem_free) struct words *words = mem_resize(NULL, 1, sizeof *words);
    return words_make(generation, query, mistakes, words) && answer_any(generation, words, ordinal);
}

void matches_done(struct matches *matches)
{
    free(matches->best.hits);
    free(matches->words);
    *matches = (struct matches){ 0 };
}
