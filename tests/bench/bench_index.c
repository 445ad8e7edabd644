/* SPDX-License-Identifier: MIT
 *
 * The index on a large catalogue: how long it takes to build, how much memory it is, and how fast
 * it answers, beside SQLite FTS5 (words and trigrams, with covering indexes) on the same rows in
 * the same run.  Times are of the thread's own CPU; both sides are in memory.
 *
 *     bench_index [TITLES [alone]] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sandbox/chance.h"
#include "base/clock.h"
#include "bench.h"
#include "bench_rival.h"
#include "index/view.h"
#include "media/card.h"
#include "media/genre.h"

enum {
    N_SYLLABLES = 40,
    N_WORDS = 90000,
    N_QUERIES = 400,
    RIVAL_MOST_US = 2000000, /* in each turn */
    TURNS = 7,
    LARGEST = 4096
};

/* --- A catalogue: words by Zipf's law, as titles have them. */

static char words[N_WORDS][24];
static double weights[N_WORDS]; /* summed up */

static void invent_words(struct chance *chance)
{
    static const char *const common[] = { "the",  "of",  "a",     "in",    "and",  "to",
                                          "love", "man", "night", "day",   "my",   "life",
                                          "la",   "le",  "de",    "der",   "girl", "last",
                                          "on",   "for", "house", "world", "dead", "story" };
    static const char *const syllables[N_SYLLABLES] = {
        "ma", "ter", "lo", "in", "ka", "ro", "shi", "en", "do",  "vi",  "ber", "an",  "gra", "tu",
        "le", "mon", "sa", "el", "ri", "ch", "ton", "ba", "est", "no",  "pi",  "qua", "us",  "fe",
        "ja", "ol",  "wy", "zo", "he", "nd", "ist", "ur", "ca",  "sto", "me",  "dra"
    };
    double sum = 0;
    for (size_t i = 0; i < N_WORDS; i++) {
        unsigned parts = 1 + chance_below(chance, 2) + (i > 200) + (i > 20000);
        words[i][0] = '\0';
        for (unsigned k = 0; i >= ARRAY_LEN(common) && k < parts; k++)
            strncat(words[i], CHANCE_PICK(chance, syllables), 4);
        if (i < ARRAY_LEN(common))
            snprintf(words[i], sizeof words[i], "%s", common[i]);
        weights[i] = sum += 1.0 / (double)(i + 4);
    }
}

static const char *pick_word(struct chance *chance)
{
    double at = (double)chance_below(chance, 1u << 30) / (1u << 30) * weights[N_WORDS - 1];
    size_t low = 0, high = N_WORDS - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weights[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return words[low];
}

static void invent_item(struct chance *chance, uint32_t id, struct bench_row *out)
{
    unsigned n = 1 + chance_below(chance, 5);
    out->title[0] = '\0';
    for (unsigned i = 0; i < n; i++) {
        if (i)
            strncat(out->title, " ", 2);
        strncat(out->title, pick_word(chance), 24);
    }
    out->title[0] = (char)(out->title[0] - 32);
    uint32_t rank = 1 + chance_below(chance, 1u << 20);
    unsigned age = chance_below(chance, 120);
    bool known = chance_below(chance, 3) > 0;
    out->facts = (struct card_facts){
        .id = id,
        .kind = chance_in(chance, 6) ? 2 : 1,
        .genres = 1ull << chance_below(chance, 19) | 1ull << chance_below(chance, 19),
        .popularity = 0.1 + 3000.0 / pow(rank, 0.75),
        .added_at_ms = 1700000000000 + id,
        .updated_at_ms = 1700000000000 + chance_below(chance, 1u << 30),
        .year = 2026 - (int)(age * age / 120),
        .release_day = (int)chance_below(chance, 20000),
        .votes = (int)(100000 / rank) + (int)chance_below(chance, 30),
        .runtime = known ? 60 + (int)chance_below(chance, 100) : 0,
        .rating_x1000 = (uint16_t)(known ? 2000 + chance_below(chance, 7500) : 0),
        .status = CARD_STATUS_RELEASED,
        .original_language = "en",
    };
}

static void pack_row(const struct bench_row *row, struct text *out)
{
    json_auto_t *item =
        json_pack("{s:s, s:s, s:i, s:i, s:i, s:f, s:f, s:s}", "title", row->title,
                  "original_language", "en", "year", row->facts.year, "votes", row->facts.votes,
                  "runtime", row->facts.runtime, "popularity", row->facts.popularity, "rating",
                  (double)row->facts.rating_x1000 / 1000, "status", "released");
    json_t *genres = json_array();
    for (unsigned i = 0; i < GENRE_MAX; i++)
        if (row->facts.genres >> i & 1 && genre_slug(i))
            json_array_append_new(genres, json_string(genre_slug(i)));
    json_object_set_new(item, "genres", genres);
    struct card_facts facts = row->facts;
    text_clear(out);
    card_pack(item, &facts, out);
}

/* --- Measuring */

/* Of this thread: what else the machine does must not count. */
static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

struct bench_case {
    const char *name;
    void (*ask)(const char *title, char out[80]); /* makes a query out of a title; NULL: a list */
    struct filter filter;
    uint64_t skip;
    double most_p50, most_p99; /* microseconds; 0: not promised */
    double least_ratio;
    enum bench_rival_way ways[3]; /* the fastest of the first n_ways counts, */
    size_t n_ways, n_shown;       /* the others are only shown */
    size_t least_len;             /* of a query */
};

static char queries[N_QUERIES][80];
static uint64_t found[N_QUERIES]; /* items */

static void percentiles(double *times, size_t n, double *out_p50, double *out_p99)
{
    qsort(times, n, sizeof *times, bench_compare);
    *out_p50 = n ? times[n / 2] : 0;
    *out_p99 = n ? times[n * 99 / 100] : 0;
}

static void ask_index(const struct view *view, const struct bench_case *test, size_t i)
{
    CLEANUP(index_page_done) struct index_page page = { 0 };
    if (test->ask)
        view_search(view, queries[i], &test->filter, test->skip, 20, &page);
    else
        view_list(view, &test->filter, test->skip, 20, &page);
    found[i] = page.total;
}

/* What reading the clock takes; it is a call of the system and in each time that is measured. */
static double clock_us;

static void measure_clock(void)
{
    double times[N_QUERIES];
    for (size_t i = 0; i < N_QUERIES; i++) {
        double start = cpu_us();
        times[i] = cpu_us() - start;
    }
    clock_us = bench_median(times, N_QUERIES);
}

struct times {
    double rows[N_QUERIES]; /* of the last turn, by query */
    size_t n;               /* of them, as far as there was time */
    double p50[TURNS], p99[TURNS];
    double ratios[TURNS]; /* of a rival: its median by ours, of the same queries */
};

static double median_of(const struct times *times, size_t n)
{
    double sorted[N_QUERIES];
    memcpy(sorted, times->rows, n * sizeof *sorted);
    return bench_median(sorted, n);
}

static void end_turn(struct times *times, size_t turn)
{
    double sorted[N_QUERIES];
    memcpy(sorted, times->rows, times->n * sizeof *sorted);
    percentiles(sorted, times->n, &times->p50[turn], &times->p99[turn]);
}

static void measure_index(const struct view *view, const struct bench_case *test, size_t turn,
                          struct times *out)
{
    for (int round = 0; round < 2; round++) /* the first one warms */
        for (out->n = 0; out->n < N_QUERIES; out->n++) {
            double start = cpu_us();
            ask_index(view, test, out->n);
            out->rows[out->n] = cpu_us() - start - clock_us;
        }
    end_turn(out, turn);
}

static void measure_rival(struct bench_rival *rival, const struct bench_case *test, size_t way,
                          size_t turn, const struct times *ours, struct times *out)
{
    double begin = cpu_us(), most = begin + RIVAL_MOST_US / 2;
    for (int round = 0; round < 2; round++, most = begin + RIVAL_MOST_US)
        for (out->n = 0; out->n < N_QUERIES && (!out->n || cpu_us() < most); out->n++) {
            double start = cpu_us();
            bench_rival_ask(rival, test->ways[way], queries[out->n], &test->filter, test->skip);
            out->rows[out->n] = cpu_us() - start - clock_us;
        }
    end_turn(out, turn);
    out->ratios[turn] = median_of(out, out->n) / median_of(ours, out->n);
}

static double median(const double turns[TURNS])
{
    double sorted[TURNS];
    memcpy(sorted, turns, sizeof sorted);
    qsort(sorted, TURNS, sizeof *sorted, bench_compare);
    return sorted[TURNS / 2];
}

static int say(const struct bench_case *test, const char *which, double us, double most,
               double ratio, double least_ratio)
{
    CLEANUP(mem_free) char *name = mem_format("%s, %s", test->name, which);
    CLEANUP(mem_free) char *promise = mem_format("at most %.0f us", most);
    CLEANUP(mem_free)
    char *times = mem_format("at most %.0f us, %.0f times faster", most, least_ratio);
    bool beats = ratio > 0 && least_ratio > 0;
    struct bench_line line = { .name = name,
                               .unit = "us",
                               .value = us,
                               .ratio = ratio,
                               .reference = ratio > 0 ? "SQLite, the same question" : NULL,
                               .promise = most <= 0 ? NULL
                                          : beats   ? times
                                                    : promise,
                               .kept = us <= most && (!beats || ratio >= least_ratio) };
    return bench_say(&line);
}

/* In turns, because the machine is now faster and now slower. */
static int measure(const struct view *view, struct bench_rival *rival,
                   const struct bench_case *test)
{
    static struct times ours, theirs[ARRAY_LEN(test->ways)];
    size_t n_ways = rival ? test->n_ways : 0, n_shown = rival ? MAX(n_ways, test->n_shown) : 0;
    size_t best = 0;
    for (size_t turn = 0; turn < TURNS; turn++) {
        measure_clock();
        measure_index(view, test, turn, &ours);
        for (size_t i = 0; i < n_shown; i++)
            measure_rival(rival, test, i, turn, &ours, &theirs[i]);
    }
    for (size_t i = 0; i < n_shown; i++) {
        printf("       %-52s %12.2f us, p99 %.0f us, %.1f times ours (%zu queries)\n",
               bench_rival_name(test->ways[i]), median(theirs[i].p50), median(theirs[i].p99),
               median(theirs[i].ratios), theirs[i].n);
        if (i < n_ways && median(theirs[i].ratios) < median(theirs[best].ratios))
            best = i;
    }
    double p99 = median(ours.p99);
    return say(test, "p50", median(ours.p50), test->most_p50,
               n_ways ? median(theirs[best].ratios) : 0, test->least_ratio) +
           say(test, "p99", p99, test->most_p99, n_ways ? median(theirs[best].p99) / p99 : 0, 0);
}

/* --- Cases: the queries come out of the catalogue. */

static const char *title_with(struct chance *chance, const struct bench_row *rows, uint32_t n,
                              unsigned least_words)
{
    for (;;) {
        const char *title = rows[chance_below(chance, n)].title;
        unsigned spaces = 0;
        for (const char *at = title; *at; at++)
            spaces += *at == ' ';
        if (spaces + 1 >= least_words)
            return title;
    }
}

static void ask_two_words(const char *title, char out[80])
{
    const char *space = strchr(title, ' ');
    size_t first = (size_t)(space - title), both = first + 1 + strcspn(space + 1, " ");
    snprintf(out, 80, "%.*s", (int)both, title);
}

static void ask_prefix(const char *title, char out[80])
{
    const char *space = strchr(title, ' ');
    snprintf(out, 80, "%.*s", (int)(space - title) + 3, title);
}

/* A letter of the longest word is another one. */
static void ask_typo(const char *title, char out[80])
{
    snprintf(out, 80, "%s", title);
    size_t longest = 0, at = 0;
    for (size_t i = 0, from = 0; i <= strlen(out); i++)
        if (out[i] == ' ' || out[i] == '\0') {
            if (i - from > longest) {
                longest = i - from;
                at = from;
            }
            from = i + 1;
        }
    out[at + longest / 2] = (char)('a' + (out[at + longest / 2] - 'a' + 7) % 26);
}

static void fill_queries(const struct bench_case *test, const struct bench_row *rows, uint32_t n)
{
    struct chance chance = chance_of(7, test->least_len);
    for (size_t i = 0; i < N_QUERIES; i++)
        do
            test->ask(title_with(&chance, rows, n, 2), queries[i]);
        while (strlen(queries[i]) < test->least_len);
}

#define DRAMAS                                                                                     \
    {                                                                                              \
        .kind = 1, .genres_all = 2, .year_min = 1990, .rating_min_x1000 = 6000                     \
    }

static const struct bench_case cases[] = {
    { .name = "search: two words",
      .ask = ask_two_words,
      .most_p50 = 30,
      .most_p99 = 2000,
      .least_ratio = 20,
      .ways = { BENCH_RIVAL_WORDS, BENCH_RIVAL_WORDS_BY_TRIGRAMS, BENCH_RIVAL_WORDS_RANKED },
      .n_ways = 2,
      .n_shown = 3 },
    { .name = "search: a word and a prefix",
      .ask = ask_prefix,
      .most_p50 = 150,
      .least_ratio = 20,
      .ways = { BENCH_RIVAL_PREFIX },
      .n_ways = 1 },
    { .name = "search: a typing mistake",
      .ask = ask_typo,
      .most_p50 = 400,
      .least_ratio = 20,
      .least_len = 9,
      .ways = { BENCH_RIVAL_TYPO },
      .n_ways = 1 },
    { .name = "list: three filters, page 1",
      .filter = DRAMAS,
      .most_p50 = 100,
      .ways = { BENCH_RIVAL_LIST },
      .n_ways = 1 },
    { .name = "list: three filters, page 500",
      .filter = DRAMAS,
      .skip = 499 * 20,
      .most_p50 = 100,
      .ways = { BENCH_RIVAL_LIST },
      .n_ways = 1 },
    { .name = "list: by title, page 500",
      .filter = { .kind = 1,
                  .genres_all = 2,
                  .year_min = 1990,
                  .rating_min_x1000 = 6000,
                  .sort = FILTER_SORT_TITLE },
      .skip = 499 * 20 },
    { .name = "list: three facets",
      .filter = { .kind = 1,
                  .genres_all = 2,
                  .year_min = 1990,
                  .rating_min_x1000 = 6000,
                  .facets = FILTER_FACET_GENRE | FILTER_FACET_QUALITY | FILTER_FACET_YEAR } },
};

/* Returns how many promises are broken. */
static int measure_all(const struct view *view, struct bench_rival *rival,
                       const struct bench_row *rows, uint32_t n)
{
    int broken = 0;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (!bench_wanted(cases[i].name))
            continue;
        if (cases[i].ask)
            fill_queries(&cases[i], rows, n);
        broken += measure(view, rival, &cases[i]);
    }
    return broken;
}

static void ensure_genres_known(struct bench_row *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (unsigned genre = 0; genre < 19; genre++)
            if (!genre_slug(genre))
                rows[i].facts.genres &= ~(1ull << genre);
}

static struct view *build(const struct bench_row *rows, uint32_t n, double *out_s)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(LARGEST);
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    int64_t adding_us = 0;
    long before_mb = bench_rss_mb();
    for (uint32_t i = 0; i < n; i++) {
        pack_row(&rows[i], &card);
        int64_t start_us = clock_steady_us();
        generation_builder_add(builder, card.bytes, card.len);
        adding_us += clock_steady_us() - start_us;
    }
    int64_t start_us = clock_steady_us();
    struct generation *generation = generation_build(builder, &rank_default_weights);
    int64_t built_us = clock_steady_us() - start_us;
    *out_s = (double)(adding_us + built_us) / 1e6;
    printf("%u titles, %u terms: cards read in %.2f s, built in %.2f s, %.0f MB (RSS %+ld MB)\n", n,
           generation->terms.n, (double)adding_us / 1e6, (double)built_us / 1e6,
           (double)generation->bytes / 1e6, bench_rss_mb() - before_mb);
    return view_new(generation, NULL, NULL, 0, 1);
}

static void say_built(double ours_s, const struct bench_rival *rival)
{
    const struct bench_line line = { .name = "index: built out of its cards",
                                     .unit = "s",
                                     .value = ours_s,
                                     .ratio = rival ? bench_rival_built_s(rival) / ours_s : 0,
                                     .reference = rival ? "SQLite, the same rows" : NULL };
    if (bench_wanted(line.name))
        bench_say(&line);
}

int main(int argc, char **argv)
{
    int64_t n = 1000000;
    if (argc > 1 && !text_to_int(argv[1], 1000, 10000000, &n))
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct chance chance = chance_of(1, 1);
    invent_words(&chance);
    CLEANUP(mem_free) struct bench_row *rows = mem_alloc_array((size_t)n, sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        invent_item(&chance, i + 1, &rows[i]);
    ensure_genres_known(rows, (uint32_t)n);
    double built_s;
    CLEANUP(view_unref) struct view *view = build(rows, (uint32_t)n, &built_s);
    CLEANUP(bench_rival_free)
    struct bench_rival *rival = argc > 2 ? NULL : bench_rival_new(rows, (uint32_t)n);
    say_built(built_s, rival);
    return measure_all(view, rival, rows, (uint32_t)n) > 0;
}
