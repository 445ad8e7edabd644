/* SPDX-License-Identifier: MIT */
#include "index/columns.h"

#include <string.h>

enum {
    BUCKETS = 1 << 16, /* of a ladder's numbers; more than that is the last */
    ROUND_PART = 32,   /* of the usual distance of rungs: so near a preferred one may be */
    FREQUENT = 256,    /* a language of one item in so many has a set of its own */
};

static uint16_t narrow(int32_t value)
{
    return (uint16_t)(value < 0 ? 0 : MIN(value, UINT16_MAX));
}

struct columns_row columns_row_make(const struct card_facts *facts)
{
    struct columns_row row = {
        .genres = facts->genres,
        .popularity = facts->popularity,
        .added_at_ms = facts->added_at_ms,
        .updated_at_ms = facts->updated_at_ms,
        .id = facts->id,
        .release_day = facts->release_day,
        .votes = facts->votes < 0 ? 0 : facts->votes,
        .year = narrow(facts->year),
        .runtime = narrow(facts->runtime),
        .rating = facts->rating_x1000,
        .kind = (uint8_t)facts->kind,
        .status = facts->status,
        .qualities = facts->qualities,
        .flags = facts->flags,
    };
    memcpy(row.language, facts->original_language, sizeof row.language);
    return row;
}

static void make_arrays(struct columns *out)
{
    size_t n = out->n;
    out->ids = mem_alloc_wide(n, sizeof *out->ids);
    out->popularity = mem_alloc_array(n, sizeof *out->popularity);
    out->added_at_ms = mem_alloc_array(n, sizeof *out->added_at_ms);
    out->updated_at_ms = mem_alloc_array(n, sizeof *out->updated_at_ms);
    out->release_day = mem_alloc_array(n, sizeof *out->release_day);
    out->votes = mem_alloc_array(n, sizeof *out->votes);
    out->years = mem_alloc_array(n, sizeof *out->years);
    out->ratings = mem_alloc_array(n, sizeof *out->ratings);
    out->runtimes = mem_alloc_array(n, sizeof *out->runtimes);
    out->languages = mem_alloc_array(n, sizeof *out->languages);
}

/* Languages get their place when first seen.  A tag of two letters finds its own by a table, others
 * by search: they are few. */
struct tags {
    uint16_t *place_of_two; /* + 1, by the first two bytes */
    uint32_t room;
};

static uint16_t place_of_tag(struct tags *tags, struct columns *out, const char *language)
{
    uint32_t tag;
    memcpy(&tag, language, sizeof tag);
    uint32_t two = (uint32_t)(unsigned char)language[0] << 8 | (unsigned char)language[1];
    bool is_short = !language[0] || !language[1] || !language[2];
    if (is_short && tags->place_of_two[two])
        return (uint16_t)(tags->place_of_two[two] - 1);
    for (uint32_t i = 0; !is_short && i < out->n_languages; i++)
        if (out->language_tags[i] == tag)
            return (uint16_t)i;
    if (out->n_languages == COLUMNS_LANGUAGES)
        return COLUMNS_LANGUAGES - 1;
    if (out->n_languages == tags->room) {
        tags->room = tags->room * 2 + 64;
        out->language_tags = mem_resize(out->language_tags, tags->room, sizeof(uint32_t));
    }
    out->language_tags[out->n_languages] = tag;
    if (is_short)
        tags->place_of_two[two] = (uint16_t)(out->n_languages + 1);
    return (uint16_t)out->n_languages++;
}

static void fill_arrays(const struct columns_row *rows, const uint32_t *order, struct columns *out)
{
    CLEANUP(mem_free) uint16_t *two = mem_alloc_array(1 << 16, sizeof *two);
    struct tags tags = { .place_of_two = two };
    for (uint32_t i = 0; i < out->n; i++) {
        const struct columns_row *row = &rows[order[i]];
        out->ids[i] = row->id;
        out->popularity[i] = row->popularity;
        out->added_at_ms[i] = row->added_at_ms;
        out->updated_at_ms[i] = row->updated_at_ms;
        out->release_day[i] = row->release_day;
        out->votes[i] = row->votes;
        out->years[i] = row->year;
        out->ratings[i] = row->rating;
        out->runtimes[i] = row->runtime;
        out->languages[i] = place_of_tag(&tags, out, row->language);
    }
}

/* --- Ladders */

/* Of rungs: how many at least, and which values are preferred: multiples of `round`. */
struct spacing {
    uint32_t wanted, round;
};

/* Rungs where enough items have gathered since the last one, so that few are ever in between, and
 * where people ask: 1990 rather than 1991, 7 rather than 7.001. */
static void choose_rungs(const uint32_t *counts, uint32_t n_items, const struct spacing *spacing,
                         struct columns_ladder *out)
{
    uint32_t step = n_items / spacing->wanted + 1, since = 0, round = 0;
    for (int32_t value = 1; value < BUCKETS; value++) {
        if (!counts[value])
            continue;
        bool is_round = (uint32_t)value / spacing->round != round && since >= step / ROUND_PART;
        bool enough = !out->n || is_round || since >= step || counts[value] >= step;
        round = (uint32_t)value / spacing->round;
        if (enough && out->n < COLUMNS_MAX_RUNGS) {
            out->values[out->n++] = value;
            since = 0;
        }
        since += counts[value];
        out->lasts[out->n - 1] = value + 1 < BUCKETS ? value : INT32_MAX;
    }
}

static void fill_rungs(const struct columns *columns, enum columns_number which,
                       struct columns_ladder *out)
{
    CLEANUP(mem_free) uint8_t *rung_of = mem_alloc(BUCKETS); /* how many rungs are at or below */
    for (uint32_t value = 0, rung = 0; value < BUCKETS; value++) {
        while (rung < out->n && out->values[rung] <= (int32_t)value)
            rung++;
        rung_of[value] = (uint8_t)rung;
    }
    size_t n_words = columns->n_words;
    for (uint32_t i = 0; i < columns->n; i++) {
        uint8_t rung = rung_of[narrow(columns_number(columns, which, i))];
        if (rung)
            bits_set(out->bits + (size_t)(rung - 1) * n_words, i);
    }
    for (uint32_t rung = out->n; rung-- > 1;)
        for (size_t i = 0; i < n_words; i++)
            out->bits[(rung - 1) * n_words + i] |= out->bits[rung * n_words + i];
}

static void make_ladder(const struct columns *columns, enum columns_number which,
                        const struct spacing *spacing, struct columns_ladder *out)
{
    CLEANUP(mem_free) uint32_t *counts = mem_alloc_array(BUCKETS, sizeof *counts);
    for (uint32_t i = 0; i < columns->n; i++)
        counts[narrow(columns_number(columns, which, i))]++;
    choose_rungs(counts, columns->n, spacing, out);
    out->bits = mem_alloc_array(out->n * columns->n_words, sizeof *out->bits);
    fill_rungs(columns, which, out);
}

/* --- Sets */

/* Gives a set to each bit that some item has. */
static void name_sets(uint64_t present, uint64_t **sets, size_t n, uint64_t **next, size_t n_words)
{
    for (size_t i = 0; i < n; i++)
        if (present >> i & 1) {
            sets[i] = *next;
            *next += n_words;
        }
}

static void set_each(uint64_t bits, uint64_t *const *sets, size_t n, uint32_t ordinal)
{
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        if (bit < n)
            bits_set(sets[bit], ordinal);
    }
}

static uint64_t kind_bit(uint8_t kind)
{
    return kind >= 1 && kind <= 2 ? 1ull << (kind - 1) : 0;
}

static uint64_t status_bit(uint8_t status)
{
    return 1ull << (status & 15);
}

static void fill_sets(const struct columns_row *rows, const uint32_t *order, struct columns *out)
{
    for (uint32_t i = 0; i < out->n; i++) {
        const struct columns_row *row = &rows[order[i]];
        set_each(row->genres, out->genres, ARRAY_LEN(out->genres), i);
        set_each(status_bit(row->status), out->statuses, ARRAY_LEN(out->statuses), i);
        set_each(row->qualities, out->qualities, ARRAY_LEN(out->qualities), i);
        set_each(kind_bit(row->kind), out->kinds, ARRAY_LEN(out->kinds), i);
        if (!(row->flags & CARD_GONE))
            bits_set(out->alive, i);
        if (row->flags & CARD_AVAILABLE)
            bits_set(out->available, i);
    }
}

static void make_sets(const struct columns_row *rows, const uint32_t *order, struct columns *out)
{
    uint64_t genres = 0, statuses = 0, qualities = 0, kinds = 0;
    for (uint32_t i = 0; i < out->n; i++) {
        genres |= rows[i].genres;
        statuses |= status_bit(rows[i].status);
        qualities |= rows[i].qualities;
        kinds |= kind_bit(rows[i].kind);
    }
    size_t n_sets = 2 + (size_t)(__builtin_popcountll(genres) + __builtin_popcountll(statuses) +
                                 __builtin_popcountll(qualities) + __builtin_popcountll(kinds));
    uint64_t *next = out->sets = mem_alloc_wide(n_sets * out->n_words, sizeof *out->sets);
    out->alive = next;
    out->available = next + out->n_words;
    next += 2 * out->n_words;
    name_sets(genres, out->genres, ARRAY_LEN(out->genres), &next, out->n_words);
    name_sets(statuses, out->statuses, ARRAY_LEN(out->statuses), &next, out->n_words);
    name_sets(qualities, out->qualities, ARRAY_LEN(out->qualities), &next, out->n_words);
    name_sets(kinds, out->kinds, ARRAY_LEN(out->kinds), &next, out->n_words);
    fill_sets(rows, order, out);
}

static void make_language_sets(struct columns *out)
{
    out->language_sets = mem_alloc_array(out->n_languages, sizeof *out->language_sets);
    CLEANUP(mem_free) uint32_t *counts = mem_alloc_array(out->n_languages, sizeof *counts);
    for (uint32_t i = 0; i < out->n; i++)
        counts[out->languages[i]]++;
    for (uint32_t place = 0; place < out->n_languages; place++)
        if (counts[place] > out->n / FREQUENT)
            out->language_sets[place] = mem_alloc_array(out->n_words, sizeof(uint64_t));
    for (uint32_t i = 0; i < out->n; i++)
        if (out->language_sets[out->languages[i]])
            bits_set(out->language_sets[out->languages[i]], i);
}

void columns_make(const struct columns_row *rows, const uint32_t *order, uint32_t n,
                  struct columns *out)
{
    static const struct spacing spacings[COLUMNS_NUMBERS] = {
        [COLUMNS_YEAR] = { .wanted = 24, .round = 5 },
        [COLUMNS_RATING] = { .wanted = 24, .round = 500 },
        [COLUMNS_RUNTIME] = { .wanted = 10, .round = 30 },
        [COLUMNS_VOTES] = { .wanted = 10, .round = 100 },
    };
    *out = (struct columns){ .n = n, .n_words = bits_words(n) };
    make_arrays(out);
    fill_arrays(rows, order, out);
    make_sets(rows, order, out);
    make_language_sets(out);
    for (unsigned i = 0; i < COLUMNS_NUMBERS; i++)
        make_ladder(out, (enum columns_number)i, &spacings[i], &out->ladders[i]);
}

void columns_done(struct columns *columns)
{
    free(columns->ids);
    free(columns->popularity);
    free(columns->added_at_ms);
    free(columns->updated_at_ms);
    free(columns->release_day);
    free(columns->votes);
    free(columns->years);
    free(columns->ratings);
    free(columns->runtimes);
    free(columns->languages);
    free(columns->language_tags);
    free(columns->sets);
    for (uint32_t i = 0; columns->language_sets && i < columns->n_languages; i++)
        free(columns->language_sets[i]);
    free(columns->language_sets);
    for (size_t i = 0; i < COLUMNS_NUMBERS; i++)
        free(columns->ladders[i].bits);
}

uint64_t columns_bytes(const struct columns *columns)
{
    uint64_t n_sets = 2;
    for (size_t i = 0; i < ARRAY_LEN(columns->genres); i++)
        n_sets += columns->genres[i] != NULL;
    for (size_t i = 0; i < ARRAY_LEN(columns->statuses); i++)
        n_sets += columns->statuses[i] != NULL;
    for (size_t i = 0; i < ARRAY_LEN(columns->qualities); i++)
        n_sets += columns->qualities[i] != NULL;
    for (uint32_t i = 0; i < columns->n_languages; i++)
        n_sets += columns->language_sets[i] != NULL;
    for (size_t i = 0; i < COLUMNS_NUMBERS; i++)
        n_sets += columns->ladders[i].n;
    return (uint64_t)columns->n * 44 + n_sets * columns->n_words * sizeof(uint64_t);
}

uint32_t columns_language(const struct columns *columns, const char *language)
{
    char bytes[4] = { 0 };
    uint32_t tag;
    memcpy(bytes, language, strnlen(language, sizeof bytes));
    memcpy(&tag, bytes, sizeof tag);
    for (uint32_t i = 0; i < columns->n_languages; i++)
        if (columns->language_tags[i] == tag)
            return i;
    return UINT32_MAX;
}
