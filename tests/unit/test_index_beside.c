/* SPDX-License-Identifier: MIT
 *
 * Readers beside a writer: each page is compared with what looking at every item said at the
 * page's revision.  What was written since may show already, and nothing else may differ. */
#include "../test.h"

#include "index_writing.h"

#include <string.h>

#include "../place.h"

#include "base/clock.h"
#include "base/lock.h"

enum { IDS = 100, WRITES = 60, READERS = 3, YEARS = 150, FIRST_YEAR = 1900, CALM = 8 };

static const struct asked {
    const char *text;
    struct filter filter;
} asked[] = {
    { NULL,
      { .kind = PROVIDER_MOVIE,
        .sort = FILTER_SORT_RATING,
        .order_given = true,
        .ascending = true,
        .facets = 7 } },
    { NULL, { .year_min = 1950, .genres_any = 15, .sort = FILTER_SORT_TITLE, .facets = 7 } },
    { NULL, { .rating_min_x1000 = 3000, .sort = FILTER_SORT_RELEASE_DATE, .facets = 7 } },
    { "m", { .sort = FILTER_SORT_UPDATED, .facets = 7 } },
    { "m", { .facets = 7 } }, /* by score, whose order is another test's */
};
enum { N_ASKED = ARRAY_LEN(asked) };

struct answer {
    uint32_t ids[IDS];
    size_t n;
    uint32_t genres[64], years[YEARS], qualities[4];
};

/* The catalogue as a commit leaves it. */
struct moment {
    uint64_t revision;
    uint64_t touched[IDS / 64 + 1]; /* ids that the commit wrote */
    struct answer answers[N_ASKED];
};

struct history {
    struct index *index;
    struct moment moments[WRITES + 1];
    size_t n; /* atomic: those before are complete, and not committed before they are */
    int stop; /* atomic */
};

static bool has(const uint64_t *set, uint32_t id)
{
    return set[id / 64] >> id % 64 & 1;
}

static bool is_in(const struct answer *answer, uint32_t id)
{
    for (size_t i = 0; i < answer->n; i++)
        if (answer->ids[i] == id)
            return true;
    return false;
}

static void count_item(const struct card_facts *facts, struct answer *out)
{
    for (unsigned genre = 0; genre < 64; genre++)
        out->genres[genre] += (uint32_t)(facts->genres >> genre & 1);
    for (unsigned quality = 0; quality < 4; quality++)
        out->qualities[quality] += (uint32_t)(facts->qualities >> quality & 1);
    if (facts->year >= FIRST_YEAR && facts->year < FIRST_YEAR + YEARS)
        out->years[facts->year - FIRST_YEAR]++;
}

/* Before the commit, which makes one change of each item. */
static void note_moment(struct history *history, const struct world *world,
                        const struct writing *writing)
{
    struct moment *moment = &history->moments[history->n];
    moment->revision = history->moments[history->n - 1].revision + writing->n;
    for (size_t i = 0; i < writing->n; i++)
        moment->touched[writing->ids[i] / 64] |= 1ull << writing->ids[i] % 64;
    for (size_t i = 0; i < N_ASKED; i++) {
        struct answer *answer = &moment->answers[i];
        CLEANUP(mem_free)
        uint32_t *ids = world_answer(world, asked[i].text, &asked[i].filter, &answer->n);
        memcpy(answer->ids, ids, answer->n * sizeof *ids);
        for (size_t k = 0; k < answer->n; k++)
            count_item(&world->items[ids[k]].facts, answer);
    }
    __atomic_store_n(&history->n, history->n + 1, __ATOMIC_RELEASE);
}

/* --- A reader; it says what is wrong, because only one thread may fail a test. */

struct reading {
    struct history *history;
    uint64_t revision;                 /* of the last page */
    uint64_t n, n_exact;               /* pages, and those with nothing written since */
    size_t which;                      /* of what is asked */
    const struct moment *first, *last; /* the page's, and the newest it may show of */
    uint64_t touched[IDS / 64 + 1];    /* by what is behind the first */
    uint32_t n_touched;
};

static const char *find_moments(struct reading *reading, uint64_t revision)
{
    const struct moment *moments = reading->history->moments;
    size_t n = __atomic_load_n(&reading->history->n, __ATOMIC_ACQUIRE), at = n;
    while (at && moments[at - 1].revision != revision)
        at--;
    if (!at)
        return "a revision that no commit made";
    if (revision < reading->revision)
        return "time goes backwards";
    reading->revision = revision;
    reading->first = &moments[at - 1];
    reading->last = &moments[n - 1];
    memset(reading->touched, 0, sizeof reading->touched);
    reading->n_touched = 0;
    for (const struct moment *moment = reading->first + 1; moment <= reading->last; moment++)
        for (size_t i = 0; i < ARRAY_LEN(moment->touched); i++)
            reading->touched[i] |= moment->touched[i];
    for (size_t i = 0; i < ARRAY_LEN(reading->touched); i++)
        reading->n_touched += (uint32_t)__builtin_popcountll(reading->touched[i]);
    return NULL;
}

/* The next one from *at on that nobody has written since; 0: there is none. */
static uint32_t next_untouched(const struct reading *reading, const struct answer *answer,
                               size_t *at)
{
    while (*at < answer->n && has(reading->touched, answer->ids[*at]))
        ++*at;
    return *at < answer->n ? answer->ids[(*at)++] : 0;
}

/* It is there, or not, as at one of the moments, which only differ in who was written since. */
static bool is_possible(const struct reading *reading, uint32_t id, bool shown)
{
    for (const struct moment *moment = reading->first; moment <= reading->last; moment++)
        if (is_in(&moment->answers[reading->which], id) == shown)
            return true;
    return false;
}

static const char *compare_ids(const struct reading *reading, const struct answer *shown)
{
    const struct answer *expected = &reading->first->answers[reading->which];
    size_t at = 0, expected_at = 0;
    bool in_order = !asked[reading->which].text || asked[reading->which].filter.sort;
    for (uint32_t id = 1; id && in_order;) {
        id = next_untouched(reading, shown, &at);
        if (id != next_untouched(reading, expected, &expected_at))
            return "another order";
    }
    for (uint32_t id = 1; id <= IDS; id++)
        if (!is_possible(reading, id, is_in(shown, id)))
            return "an item that is not there, or one that should not be";
    return NULL;
}

/* Each item written since may have changed a count by one. */
static bool is_near(const struct reading *reading, const struct index_page *page, unsigned facet,
                    int32_t value, uint32_t expected)
{
    uint32_t count = 0;
    for (size_t i = 0; i < page->n_facets[facet]; i++)
        if (page->facets[facet][i].value == value)
            count = page->facets[facet][i].count;
    return count <= expected + reading->n_touched && expected <= count + reading->n_touched;
}

static const char *compare_facets(const struct reading *reading, const struct index_page *page)
{
    const struct answer *expected = &reading->first->answers[reading->which];
    bool right = true;
    for (int32_t i = 0; i < 64; i++)
        right = right && is_near(reading, page, 0, i, expected->genres[i]);
    for (int32_t i = 0; i < YEARS; i++)
        right = right && is_near(reading, page, 1, FIRST_YEAR + i, expected->years[i]);
    for (int32_t i = 0; i < 4; i++)
        right = right && is_near(reading, page, 2, i, expected->qualities[i]);
    return right ? NULL : "a wrong count";
}

/* Mistakes are forgiven only while nothing says it, which is another test's. */
static bool may_forgive(const struct reading *reading)
{
    size_t at = 0;
    return !next_untouched(reading, &reading->first->answers[reading->which], &at);
}

static const char *read_once(struct reading *reading)
{
    const struct asked *ask = &asked[reading->which];
    struct answer shown = { .n = 0 };
    CLEANUP(index_page_done) struct index_page page = { 0 };
    index_query(reading->history->index, ask->text, &ask->filter, 0, IDS, &page, NULL);
    const char *wrong = find_moments(reading, page.revision);
    if (wrong)
        return wrong;
    if (page.mistakes)
        return may_forgive(reading) ? NULL : "nothing was found";
    if (page.n_hits != page.total)
        return "a page that is not its total";
    for (size_t i = 0; i < page.n_hits; i++) {
        if (is_in(&shown, page.hits[i].id))
            return "an item twice";
        shown.ids[shown.n++] = page.hits[i].id;
    }
    reading->n++;
    reading->n_exact += reading->first == reading->last;
    wrong = compare_ids(reading, &shown);
    return wrong ? wrong : compare_facets(reading, &page);
}

static void *read_on(void *argument)
{
    struct reading *reading = argument;
    const char *wrong = NULL;
    for (bool stop = false; !wrong && !stop;) {
        stop = __atomic_load_n(&reading->history->stop, __ATOMIC_ACQUIRE);
        for (reading->which = 0; !wrong && reading->which < N_ASKED; reading->which++)
            wrong = read_once(reading);
    }
    return (void *)(uintptr_t)wrong;
}

static struct index *open_index(struct place *place)
{
    static const struct index_pace pace = {
        .delta_every_ms = 1, .fold_every_ms = 10, .fold_idle_ms = 20, .fold_at = 20
    };
    struct index *index;
    assert_int_equal(index_open_paced(place->store, &pace, &rank_default_weights, &index, NULL), 0);
    return index;
}

/* Now and then it waits until what it wrote is shown, so that readers see that, too. */
static void write_all(struct place *place, struct world *world, struct history *history)
{
    for (int i = 0; i < WRITES; i++) {
        struct error err = { 0 };
        struct writing writing;
        writing_invent(world, IDS, &writing);
        note_moment(history, world, &writing);
        if (writing_commit(&writing, place->store, &err))
            fail_msg("%s", err.text);
        uint64_t revision = store_revision(place->store);
        assert_int_equal(revision, history->moments[history->n - 1].revision);
        if (i % CALM == 0)
            assert_true(index_wait(history->index, revision, clock_steady_ms() + 20000));
    }
    assert_true(
        index_wait(history->index, store_revision(place->store), clock_steady_ms() + 20000));
}

static void readers_see_the_catalogue_of_their_revision(void **state)
{
    struct place *place = *state;
    struct world world;
    CLEANUP(mem_free) struct history *history = mem_new(struct history);
    CLEANUP(index_close) struct index *index = open_index(place);
    struct reading readings[READERS];
    pthread_t threads[READERS];
    history->index = index;
    history->moments[0].revision = store_revision(place->store);
    history->n = 1;
    world_init(&world, 13);
    for (int i = 0; i < READERS; i++) {
        readings[i] = (struct reading){ .history = history };
        threads[i] = lock_thread_start("reader", read_on, &readings[i]);
    }
    write_all(place, &world, history);
    __atomic_store_n(&history->stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < READERS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        if (wrong)
            fail_msg("reader %d at revision %llu, question %zu: %s", i,
                     (unsigned long long)readings[i].revision, readings[i].which, (char *)wrong);
        /* At the end nothing is written any more. */
        assert_true(readings[i].n_exact >= N_ASKED);
    }
    world_done(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(readers_see_the_catalogue_of_their_revision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
