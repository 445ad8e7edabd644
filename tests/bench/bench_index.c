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
#include "bench_rival.h"
#include "index/view.h"
#include "media/card.h"
#include "media/genre.h"

enum {
    N_SYLLABLES = 40,
    N_WORDS = 90000,
    N_QUERIES = 400,
    RIVAL_QUERIES = 60,
    SLOW_QUERIES = 8,
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
        .rating_x10 = (uint16_t)(known ? 20 + chance_below(chance, 75) : 0),
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
                  (double)row->facts.rating_x10 / 10, "status", "released");
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

static long rss_mb(void)
{
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return pages / 256;
}

/* Of this thread: what else the machine does must not count. */
static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare_times(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct bench_case {
    const char *name;
    char queries[N_QUERIES][80]; /* "": a list */
    struct filter filter;
    uint64_t skip;
    double most_p50, most_p99; /* microseconds; 0: not promised */
    enum bench_rival_way way;
    double least_ratio;
};

static void percentiles(double *times, size_t n, double *out_p50, double *out_p99)
{
    qsort(times, n, sizeof *times, compare_times);
    *out_p50 = n ? times[n / 2] : 0;
    *out_p99 = n ? times[n * 99 / 100] : 0;
}

static void ask_index(const struct view *view, const struct bench_case *test, size_t i)
{
    CLEANUP(index_page_done) struct index_page page = { 0 };
    if (*test->queries[i])
        view_search(view, test->queries[i], &test->filter, test->skip, 20, &page);
    else
        view_list(view, &test->filter, test->skip, 20, &page);
}

static void measure_index(const struct view *view, const struct bench_case *test, double out[2])
{
    static double times[N_QUERIES];
    for (int round = 0; round < 2; round++) { /* the first one warms */
        for (size_t i = 0; i < N_QUERIES; i++) {
            double start = cpu_us();
            ask_index(view, test, i);
            times[i] = cpu_us() - start;
        }
        percentiles(times, N_QUERIES, &out[0], &out[1]);
    }
}

static void measure_rival(struct bench_rival *rival, const struct bench_case *test, double out[2])
{
    double times[RIVAL_QUERIES];
    size_t n = test->way == BENCH_RIVAL_TRIGRAM ? SLOW_QUERIES : RIVAL_QUERIES;
    for (size_t i = 0; i < n; i++) {
        double start = cpu_us();
        bench_rival_ask(rival, test->way, test->queries[i], &test->filter, test->skip);
        times[i] = cpu_us() - start;
    }
    percentiles(times, n, &out[0], &out[1]);
}

static bool is_above(double measured, double most)
{
    return most > 0 && measured > most;
}

static int measure(const struct view *view, struct bench_rival *rival,
                   const struct bench_case *test)
{
    double ours[2] = { 0 }, theirs[2] = { 0 };
    measure_index(view, test, ours);
    bool missed = is_above(ours[0], test->most_p50) || is_above(ours[1], test->most_p99);
    printf("%-23s p50 %7.1f us, p99 %7.1f us", test->name, ours[0], ours[1]);
    if (rival) {
        measure_rival(rival, test, theirs);
        missed = missed || theirs[0] < test->least_ratio * ours[0];
        printf("; SQLite p50 %8.0f us, p99 %8.0f us: %.0f times", theirs[0], theirs[1],
               theirs[0] / ours[0]);
    }
    printf("%s\n", missed ? "  MISSED" : "");
    return missed;
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

static void ask_two_words(struct chance *chance, const char *title, char out[80])
{
    const char *space = strchr(title, ' ');
    size_t first = (size_t)(space - title), both = first + 1 + strcspn(space + 1, " ");
    snprintf(out, 80, "%.*s", (int)both, title);
    (void)chance;
}

static void ask_prefix(struct chance *chance, const char *title, char out[80])
{
    const char *space = strchr(title, ' ');
    snprintf(out, 80, "%.*s", (int)(space - title) + 3, title);
    (void)chance;
}

static void ask_typo(struct chance *chance, const char *title, char out[80])
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
    (void)chance;
}

static void fill_queries(struct bench_case *test, const struct bench_row *rows, uint32_t n,
                         void (*make)(struct chance *, const char *, char[80]))
{
    struct chance chance = chance_of(7, (uint64_t)test->way);
    for (size_t i = 0; i < N_QUERIES; i++) {
        const char *title;
        do {
            title = title_with(&chance, rows, n, 2);
            make(&chance, title, test->queries[i]);
        } while (test->way == BENCH_RIVAL_TRIGRAM && strlen(test->queries[i]) < 9);
    }
}

static int measure_searches(const struct view *view, struct bench_rival *rival,
                            const struct bench_row *rows, uint32_t n)
{
    CLEANUP(mem_free) struct bench_case *test = mem_new(struct bench_case);
    int missed = 0;
    *test = (struct bench_case){
        .name = "two words", .most_p50 = 30, .most_p99 = 2000, .least_ratio = 20
    };
    fill_queries(test, rows, n, ask_two_words);
    missed += measure(view, rival, test);
    test->name = "a word and a prefix";
    test->most_p50 = 150;
    test->most_p99 = 0;
    test->way = BENCH_RIVAL_PREFIX;
    fill_queries(test, rows, n, ask_prefix);
    missed += measure(view, rival, test);
    test->name = "a typing mistake";
    test->most_p50 = 400;
    test->way = BENCH_RIVAL_TRIGRAM;
    fill_queries(test, rows, n, ask_typo);
    return missed + measure(view, rival, test);
}

static int measure_lists(const struct view *view, struct bench_rival *rival)
{
    CLEANUP(mem_free) struct bench_case *test = mem_new(struct bench_case);
    int missed = 0;
    *test = (struct bench_case){
        .name = "filter, page 1",
        .filter = { .kind = 1, .genres_all = 2, .year_min = 1990, .rating_min_x10 = 60 },
        .most_p50 = 100,
        .way = BENCH_RIVAL_LIST,
    };
    missed += measure(view, rival, test);
    test->name = "filter, page 500";
    test->skip = 499 * 20;
    missed += measure(view, rival, test);
    test->name = "sort by title, page 500";
    test->most_p50 = 0;
    test->filter.sort = FILTER_SORT_TITLE;
    missed += measure(view, NULL, test);
    test->name = "three facets";
    test->skip = 0;
    test->filter.sort = FILTER_SORT_DEFAULT;
    test->filter.facets = FILTER_FACET_GENRE | FILTER_FACET_QUALITY | FILTER_FACET_YEAR;
    return missed + measure(view, NULL, test);
}

static void ensure_genres_known(struct bench_row *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        for (unsigned genre = 0; genre < 19; genre++)
            if (!genre_slug(genre))
                rows[i].facts.genres &= ~(1ull << genre);
}

static struct view *build(const struct bench_row *rows, uint32_t n)
{
    CLEANUP(text_done) struct text card = TEXT_INIT(LARGEST);
    CLEANUP(generation_builder_free)
    struct generation_builder *builder = generation_builder_new();
    int64_t adding_us = 0;
    long before_mb = rss_mb();
    for (uint32_t i = 0; i < n; i++) {
        pack_row(&rows[i], &card);
        int64_t start_us = clock_steady_us();
        generation_builder_add(builder, card.bytes, card.len);
        adding_us += clock_steady_us() - start_us;
    }
    int64_t start_us = clock_steady_us();
    struct generation *generation = generation_build(builder);
    int64_t built_us = clock_steady_us() - start_us;
    printf("%u titles, %u terms: cards read in %.2f s, built in %.2f s, %.0f MB (RSS %+ld MB)\n", n,
           generation->terms.n, (double)adding_us / 1e6, (double)built_us / 1e6,
           (double)generation->bytes / 1e6, rss_mb() - before_mb);
    return view_new(generation, NULL, NULL, 0, 1);
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
    CLEANUP(view_unref) struct view *view = build(rows, (uint32_t)n);
    CLEANUP(bench_rival_free)
    struct bench_rival *rival = argc > 2 ? NULL : bench_rival_new(rows, (uint32_t)n);
    int missed = measure_searches(view, rival, rows, (uint32_t)n) + measure_lists(view, rival);
    return missed ? 1 : 0;
}
