/* SPDX-License-Identifier: MIT */
#include "index/words.h"

#include <string.h>

#include "index/index.h"
#include "index/numeral.h"

enum {
    MIN_FUZZY_LEN = 4,   /* shorter words have too many neighbours */
    FAR_FUZZY_LEN = 8,   /* from here on two mistakes are forgiven */
    SHORT_FUZZY_LEN = 6, /* up to here a transposition may leave no triple in common */
    MAX_NEIGHBOURS = 8,
};

/* Whether a range says nothing that another one does not, as a word among what it begins. */
static bool is_inside(const struct words_one *word, size_t range)
{
    const struct words_range *inner = &word->ranges[range];
    for (size_t i = 0; i < word->n_ranges; i++) {
        const struct words_range *outer = &word->ranges[i];
        bool covers = outer->low <= inner->low && inner->high <= outer->high;
        bool same = outer->low == inner->low && inner->high == outer->high;
        if (i != range && covers && (!same || i < range))
            return true;
    }
    return false;
}

/* Terms begin with one another or not at all: what is not inside another range is apart from it. */
static void settle_spans(const struct generation *generation, struct words_one *word)
{
    const uint32_t *starts = generation->terms.starts;
    for (size_t i = 0; i < word->n_ranges; i++) {
        if (is_inside(word, i))
            continue;
        const struct words_range *range = &word->ranges[i];
        __builtin_prefetch(&generation->terms.mark_starts[range->low]); /* for gather_ready() */
        word->spans[word->n_spans++] =
            (struct words_span){ .low = range->low, .high = range->high };
        word->n_postings += starts[range->high] - starts[range->low];
        __builtin_prefetch(&generation->terms.postings[starts[range->low]]);
    }
}

static void add_range(struct words_one *word, uint32_t low, uint32_t high, uint8_t how,
                      uint8_t distance)
{
    if (low >= high || word->n_ranges == WORDS_MAX_RANGES)
        return;
    word->ranges[word->n_ranges++] =
        (struct words_range){ .low = low, .high = high, .how = how, .distance = distance };
}

/* The characters of a word, because a mistake is one wrong character, not one wrong byte. */
struct letters {
    uint32_t rows[FOLD_WORD_LEN];
    size_t n, longest; /* longest: bytes of its longest character */
};

static void spell(const char *word, struct letters *out)
{
    out->n = out->longest = 0;
    size_t len = 0;
    for (const unsigned char *at = (const unsigned char *)word; *at; at++) {
        len = (*at & 0xC0) == 0x80 ? len + 1 : 1;
        out->longest = MAX(out->longest, len);
        if (len == 1)
            out->rows[out->n++] = *at;
        else
            out->rows[out->n - 1] = out->rows[out->n - 1] << 8 | *at;
    }
}

/* Damerau's distance (optimal string alignment) up to `most`; most + 1 when it is more. */
static unsigned distance_of(const struct letters *x, const struct letters *y, unsigned most)
{
    unsigned rows[3][FOLD_WORD_LEN + 1];
    const uint32_t *a = x->rows, *b = y->rows;
    if ((x->n > y->n ? x->n - y->n : y->n - x->n) > most)
        return most + 1;
    for (size_t j = 0; j <= y->n; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= x->n; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        unsigned least = now[0] = (unsigned)i;
        for (size_t j = 1; j <= y->n; j++) {
            unsigned cost = before[j - 1] + (a[i - 1] != b[j - 1]);
            cost = MIN(cost, MIN(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost = MIN(cost, earlier[j - 2] + 1);
            now[j] = cost;
            least = MIN(least, cost);
        }
        if (least > most)
            return most + 1;
    }
    return rows[x->n % 3][y->n];
}

/* A word prepared for being compared with many, byte by byte: where each stands in it, one bit per
 * place. */
struct pattern {
    uint64_t places[128];
    size_t len;
    bool plain; /* only ASCII: bytes are characters */
};

static void prepare(const char *word, size_t len, struct pattern *out)
{
    *out = (struct pattern){ .len = len, .plain = true };
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)word[i];
        out->plain = out->plain && c < 128;
        out->places[c & 127] |= 1ull << i;
    }
}

/* The same distance a whole column of the table at a time: Hyyro's bit-parallel form of it, for
 * plain words, which are shorter than 64 bytes. */
static unsigned plain_distance(const struct pattern *pattern, const char *text, size_t len)
{
    uint64_t more = UINT64_MAX, less = 0, same = 0, before = 0;
    uint64_t last = 1ull << (pattern->len - 1);
    unsigned distance = (unsigned)pattern->len;
    for (size_t i = 0; i < len; i++) {
        uint64_t here = pattern->places[(unsigned char)text[i] & 127];
        uint64_t swapped = ((~same & here) << 1) & before;
        same = (((here & more) + more) ^ more) | here | less | swapped;
        uint64_t up = less | ~(same | more), down = same & more;
        distance += (up & last) != 0;
        distance -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        more = down | ~(same | up);
        less = same & up;
        before = here;
    }
    return distance;
}

struct neighbour {
    uint32_t term;
    unsigned distance;
    uint32_t n_postings;
};

struct neighbourhood {
    const struct generation *generation;
    const char *word;
    struct letters letters;
    struct pattern pattern;
    uint32_t signature;
    unsigned most;
    struct neighbour rows[MAX_NEIGHBOURS]; /* nearest first, then most common */
    size_t n;
};

static bool is_nearer(const struct neighbour *a, const struct neighbour *b)
{
    return a->distance != b->distance ? a->distance < b->distance : a->n_postings > b->n_postings;
}

/* Each mistake takes away or adds at most one character of each word. */
static bool may_be_near(const struct neighbourhood *hood, uint32_t term)
{
    uint32_t signature = hood->generation->terms.signatures[term];
    size_t len = generation_term_len(hood->generation, term);
    bool plain = hood->pattern.plain && !(signature & GENERATION_NOT_PLAIN);
    return (unsigned)__builtin_popcount(signature ^ hood->signature) <= 2 * hood->most &&
           len + hood->most >= hood->letters.n && (!plain || len <= hood->letters.n + hood->most);
}

static unsigned distance_to(const struct neighbourhood *hood, uint32_t term)
{
    const char *text = generation_term(hood->generation, term);
    if (hood->pattern.plain && !(hood->generation->terms.signatures[term] & GENERATION_NOT_PLAIN))
        return plain_distance(&hood->pattern, text, generation_term_len(hood->generation, term));
    struct letters letters;
    spell(text, &letters);
    return distance_of(&hood->letters, &letters, hood->most);
}

static void consider(struct neighbourhood *hood, uint32_t term)
{
    if (!may_be_near(hood, term))
        return;
    const struct generation_terms *terms = &hood->generation->terms;
    struct neighbour row = { .term = term,
                             .distance = distance_to(hood, term),
                             .n_postings = terms->starts[term + 1] - terms->starts[term] };
    if (row.distance > hood->most || row.distance == 0)
        return;
    for (size_t i = 0; i < hood->n; i++)
        if (hood->rows[i].term == term)
            return;
    size_t at = hood->n;
    if (hood->n == MAX_NEIGHBOURS && !is_nearer(&row, &hood->rows[--at]))
        return;
    for (; at > 0 && is_nearer(&row, &hood->rows[at - 1]); at--)
        hood->rows[at] = hood->rows[at - 1];
    hood->rows[at] = row;
    hood->n = MIN(hood->n + 1, (size_t)MAX_NEIGHBOURS);
}

/* A mistake in a long word leaves most of its triples as they are; exchanging two neighbours spoils
 * the most: those of both, and one on either side. */
static void consider_by_grams(struct neighbourhood *hood)
{
    const struct generation_terms *terms = &hood->generation->terms;
    size_t len = strlen(hood->word), n_grams = len >= 3 ? len - 2 : 0;
    size_t spoiled = hood->most * (2 * hood->letters.longest + 2);
    uint16_t needed = (uint16_t)(n_grams > spoiled ? n_grams - spoiled : 1);
    size_t n_words = needed > 1 ? terms->n / 4 + 1 : 0;
    CLEANUP(bits_give) uint64_t *memory = bits_take(n_words);
    uint16_t *shared = (uint16_t *)memory;
    memset(memory, 0, n_words * sizeof *memory);
    for (size_t i = 0; i < n_grams; i++) {
        uint32_t gram = generation_gram(hood->word + i);
        for (uint32_t k = terms->gram_starts[gram]; k < terms->gram_starts[gram + 1]; k++)
            if (needed == 1 || ++shared[terms->grams[k]] == needed)
                consider(hood, terms->grams[k]);
    }
}

static void consider_by_first_letter(struct neighbourhood *hood)
{
    char first[5] = { hood->word[0], '\0' };
    for (size_t i = 1; i < 4 && (hood->word[i] & 0xC0) == 0x80; i++)
        first[i] = hood->word[i];
    uint32_t low, high;
    generation_prefix(hood->generation, first, &low, &high);
    for (uint32_t term = low; term < high; term++)
        consider(hood, term);
}

static void add_neighbours(const struct generation *generation, const char *word,
                           struct words_one *out)
{
    struct neighbourhood hood = { .generation = generation, .word = word };
    spell(word, &hood.letters);
    prepare(word, strlen(word), &hood.pattern);
    hood.signature = generation_signature(word, strlen(word));
    if (hood.letters.n < MIN_FUZZY_LEN || fold_year(word))
        return;
    hood.most = hood.letters.n >= FAR_FUZZY_LEN ? 2 : 1;
    consider_by_grams(&hood);
    if (hood.letters.n <= SHORT_FUZZY_LEN)
        consider_by_first_letter(&hood);
    for (size_t i = 0; i < hood.n; i++)
        add_range(out, hood.rows[i].term, hood.rows[i].term + 1, INDEX_FUZZY,
                  (uint8_t)hood.rows[i].distance);
}

/* A word that may go on: the first of the terms that begin with it is the word itself, if any. */
static void add_open_word(const struct generation *generation, const char *word,
                          struct words_one *out)
{
    uint32_t low, high;
    generation_prefix(generation, word, &low, &high);
    if (low < high && generation_term_len(generation, low) == strlen(word))
        add_range(out, low, low + 1, INDEX_EXACT, 0);
    add_range(out, low, high, INDEX_PREFIX, 0);
}

static void add_whole_word(const struct generation *generation, const char *word,
                           struct words_one *out)
{
    uint32_t term = generation_find_term(generation, word);
    if (term != GENERATION_NONE)
        add_range(out, term, term + 1, INDEX_EXACT, 0);
}

/* Terms that begin with what is still being typed. */
static void add_prefix(const struct generation *generation, const char *prefix,
                       struct words_one *out)
{
    uint32_t low, high;
    generation_prefix(generation, prefix, &low, &high);
    add_range(out, low, high, INDEX_PREFIX, 0);
}

/* What the word at `at` of the query means. */
static void mean(const struct generation *generation, const struct fold *query, size_t at,
                 bool mistakes, struct words_one *out)
{
    const char *word = query->words[at];
    const char *also = at > 0 ? numeral_also(word) : NULL;
    if (query->marks[at] & FOLD_OPEN)
        add_open_word(generation, word, out);
    else
        add_whole_word(generation, word, out);
    if (at + 1 == query->n && *query->typed)
        add_prefix(generation, query->typed, out);
    if (also)
        add_whole_word(generation, also, out);
    if (mistakes)
        add_neighbours(generation, word, out);
    settle_spans(generation, out);
}

/* Beside words, years are hints; where there are only years, the first is the title. */
static bool settle_years(struct words *words)
{
    bool needs = false;
    for (size_t i = 0; i < words->n; i++)
        needs = needs || !words->rows[i].optional;
    if (!needs)
        words->rows[0].optional = words->rows[0].is_year = false;
    return words->n && (needs || words->rows[0].n_ranges);
}

bool words_make(const struct generation *generation, const struct fold *query, bool mistakes,
                struct words *out)
{
    out->n = 0;
    out->year = 0;
    for (size_t i = 0; i < query->n; i++) {
        struct words_one *word = &out->rows[out->n++];
        word->n_ranges = word->n_spans = 0;
        word->n_postings = 0;
        int year = query->n > 1 ? fold_year(query->words[i]) : 0;
        mean(generation, query, i, mistakes, word);
        word->is_year = year != 0;
        word->optional = year || query->marks[i] & FOLD_IMPLIED;
        if (year)
            out->year = year;
        if (!word->n_ranges && !word->optional)
            return false;
    }
    return settle_years(out);
}
