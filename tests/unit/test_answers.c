/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <sched.h>
#include <string.h>

#include "base/clock.h"
#include "base/lock.h"
#include "cache/answers.h"

static int64_t scripted_ms;

static int64_t scripted(void)
{
    return scripted_ms;
}

static void put(struct answers *answers, const char *key, uint32_t tag, uint64_t since,
                const char *bytes)
{
    answers_put(answers, key, strlen(key), tag, since, INT64_MAX, bytes, strlen(bytes));
}

static bool has(struct answers *answers, const char *key)
{
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, key, strlen(key));
    return answer != NULL;
}

static struct answers_status status_of(struct answers *answers)
{
    struct answers_status status;
    answers_status(answers, &status);
    return status;
}

static void an_answer_comes_back_and_outlives_its_place(void **state UNUSED)
{
    struct answers *answers = answers_new(1 << 20);
    put(answers, "/a", 1, 0, "bytes");
    struct answer *answer = answers_get(answers, "/a", 2);
    assert_non_null(answer);
    answers_free(answers);
    size_t len;
    assert_string_equal(answer_bytes(answer, &len), "bytes");
    assert_int_equal(len, 5);
    answer_unref(answer);
}

static void keys_are_compared_whole(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    answers_put(answers, "a\0b", 3, 1, 0, INT64_MAX, "1", 1);
    assert_null(answers_get(answers, "a", 1));
    assert_null(answers_get(answers, "a\0c", 3));
    assert_null(answers_get(answers, "a\0bc", 4));
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, "a\0b", 3);
    assert_non_null(answer);
}

static void a_newer_answer_replaces_the_older(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    put(answers, "/a", 1, 0, "old");
    put(answers, "/a", 2, 0, "new");
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, "/a", 2);
    size_t len;
    assert_memory_equal(answer_bytes(answer, &len), "new", 3);
    assert_int_equal(status_of(answers).entries, 1);
    answers_drop(answers, 1, 1);
    assert_false(has(answers, "/b"));
    answers_drop(answers, 2, 2);
    assert_false(has(answers, "/a"));
}

static void a_change_drops_its_tag_and_the_catalogue_only(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    put(answers, "/movies/1", 1, 5, "x");
    put(answers, "/movies/1?lang=de", 1, 5, "x");
    put(answers, "/movies/2", 2, 5, "x");
    put(answers, "/movies", 0, 5, "x");
    answers_drop(answers, 1, 6);
    assert_false(has(answers, "/movies/1"));
    assert_false(has(answers, "/movies/1?lang=de"));
    assert_false(has(answers, "/movies"));
    assert_true(has(answers, "/movies/2"));
}

static void late_news_of_a_change_drop_nothing_that_shows_it(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    put(answers, "/7", 7, 6, "new");
    put(answers, "/7?lang=de", 7, 5, "old");
    put(answers, "/list", 0, 6, "new");
    put(answers, "/list?page=2", 0, 5, "old");
    answers_drop(answers, 7, 6);
    assert_true(has(answers, "/7"));
    assert_true(has(answers, "/list"));
    assert_false(has(answers, "/7?lang=de"));
    assert_false(has(answers, "/list?page=2"));
}

static void what_another_configuration_answers_otherwise_is_dropped(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    put(answers, "/7", 7, 6, "old");
    put(answers, "/7?lang=de", 7, 6, "old");
    put(answers, "/8", 8, 6, "old");
    put(answers, "/list", 0, 6, "old");
    answers_drop_all(answers);
    assert_false(has(answers, "/7"));
    assert_false(has(answers, "/7?lang=de"));
    assert_false(has(answers, "/8"));
    assert_false(has(answers, "/list"));
    put(answers, "/7", 7, 6, "new");
    assert_true(has(answers, "/7"));
    put(answers, "/list", 0, 6, "new");
    assert_true(has(answers, "/list"));
}

static void what_was_computed_before_a_change_is_not_taken(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    answers_drop(answers, 7, 10);
    put(answers, "/7", 7, 9, "old");
    put(answers, "/list", 0, 9, "old");
    assert_false(has(answers, "/7"));
    assert_false(has(answers, "/list"));
    put(answers, "/7", 7, 10, "new");
    put(answers, "/list", 0, 10, "new");
    assert_true(has(answers, "/7"));
    assert_true(has(answers, "/list"));
    answers_drop(answers, 7, 3); /* late news of an older change */
    put(answers, "/7", 7, 9, "old");
    CLEANUP(answer_unref) struct answer *answer = answers_get(answers, "/7", 2);
    size_t len;
    assert_memory_equal(answer_bytes(answer, &len), "new", 3);
}

static void an_expired_answer_is_gone(void **state UNUSED)
{
    clock_set_source(scripted);
    scripted_ms = 1000;
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    answers_put(answers, "/a", 2, 1, 0, 2000, "x", 1);
    answers_put(answers, "/b", 2, 1, 0, 1000, "x", 1);
    assert_true(has(answers, "/a"));
    assert_false(has(answers, "/b"));
    scripted_ms = 2000;
    assert_false(has(answers, "/a"));
    assert_int_equal(status_of(answers).entries, 0);
    assert_int_equal(status_of(answers).bytes, 0);
    clock_set_source(NULL);
}

static void the_bytes_stay_within_the_limit(void **state UNUSED)
{
    static char bytes[1001];
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    memset(bytes, 'x', 1000);
    for (unsigned i = 0; i < 5000; i++) {
        char key[16];
        snprintf(key, sizeof key, "/%u", i);
        put(answers, key, i, 0, bytes);
        assert_true(status_of(answers).bytes <= 1 << 20);
    }
    struct answers_status status = status_of(answers);
    assert_true(status.bytes > 900000);
    assert_int_equal(status.entries + status.evictions, 5000);
}

static void a_giant_is_not_kept(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    CLEANUP(mem_free) char *giant = mem_alloc(100000);
    put(answers, "/small", 1, 0, "x");
    answers_put(answers, "/giant", 6, 1, 0, INT64_MAX, giant, 100000);
    assert_false(has(answers, "/giant"));
    assert_true(has(answers, "/small"));
}

/* What LRU could not: a crawl through the whole catalogue leaves alone what is asked often. */
static void a_crawl_does_not_drive_out_what_is_popular(void **state UNUSED)
{
    static char bytes[1001];
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    char key[24];
    memset(bytes, 'x', 1000);
    for (unsigned i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "/popular/%u", i);
        put(answers, key, i, 0, bytes);
        for (int n = 0; n < 3; n++)
            assert_true(has(answers, key));
    }
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(key, sizeof key, "/crawled/%u", i);
        put(answers, key, i, 0, bytes);
    }
    unsigned kept = 0;
    for (unsigned i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "/popular/%u", i);
        kept += has(answers, key);
    }
    assert_in_range(kept, 95, 100);
}

static void what_comes_back_soon_stays(void **state UNUSED)
{
    static char bytes[1001];
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    char key[24];
    memset(bytes, 'x', 1000);
    for (unsigned i = 0; i < 1500; i++) {
        snprintf(key, sizeof key, "/%u", i);
        put(answers, key, i, 0, bytes);
    }
    unsigned back = 0, kept = 0;
    for (unsigned i = 0; i < 400; i++) {
        snprintf(key, sizeof key, "/%u", i);
        if (has(answers, key))
            continue;
        put(answers, key, i, 0, bytes);
        back++;
    }
    for (unsigned i = 2000; i < 2500; i++) {
        snprintf(key, sizeof key, "/%u", i);
        put(answers, key, i, 0, bytes);
    }
    for (unsigned i = 0; i < 400; i++) {
        snprintf(key, sizeof key, "/%u", i);
        kept += has(answers, key);
    }
    assert_true(back > 100);
    assert_true(kept > back * 3 / 4);
}

struct told {
    unsigned n;
    char last[16];
};

static void note(void *context, const char *key, size_t key_len)
{
    struct told *told = context;
    told->n++;
    snprintf(told->last, sizeof told->last, "%.*s", (int)key_len, key);
}

static void what_is_asked_for_in_its_last_tenth_is_told_once(void **state UNUSED)
{
    clock_set_source(scripted);
    scripted_ms = 1000;
    struct told told = { 0 };
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    answers_listen(answers, note, &told);
    answers_put(answers, "/a", 2, 1, 0, 2000, "x", 1);
    put(answers, "/ever", 1, 0, "x");
    scripted_ms = 1899;
    assert_true(has(answers, "/a"));
    assert_true(has(answers, "/ever"));
    assert_int_equal(told.n, 0);
    scripted_ms = 1900;
    assert_true(has(answers, "/a"));
    assert_true(has(answers, "/a"));
    assert_int_equal(told.n, 1);
    assert_string_equal(told.last, "/a");
    answers_put(answers, "/a", 2, 1, 0, 3000, "x", 1);
    assert_true(has(answers, "/a"));
    assert_int_equal(told.n, 1);
    scripted_ms = 3000; /* too late: it is gone */
    assert_false(has(answers, "/a"));
    assert_int_equal(told.n, 1);
    clock_set_source(NULL);
}

static void what_a_change_drops_is_told_when_it_was_asked_for(void **state UNUSED)
{
    struct told told = { 0 };
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    answers_listen(answers, note, &told);
    put(answers, "/asked", 1, 0, "x");
    put(answers, "/never", 1, 0, "x");
    put(answers, "/other", 2, 0, "x");
    assert_true(has(answers, "/asked"));
    assert_true(has(answers, "/other"));
    answers_drop(answers, 1, 1);
    assert_int_equal(told.n, 1);
    assert_string_equal(told.last, "/asked");
    answers_listen(answers, NULL, NULL);
    answers_drop(answers, 2, 2);
    assert_int_equal(told.n, 1);
}

static bool count_some(void *context, const char *key UNUSED, size_t key_len UNUSED)
{
    unsigned *n = context;
    return ++*n < 5;
}

static void only_what_was_asked_for_again_is_listed_and_not_more_than_wanted(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    char key[16];
    unsigned n = 0;
    for (unsigned i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "/%u", i);
        put(answers, key, i, 0, "x");
        if (i < 3)
            assert_true(has(answers, key));
    }
    answers_each_asked(answers, count_some, &n);
    assert_int_equal(n, 3);
    for (unsigned i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "/%u", i);
        assert_true(has(answers, key));
    }
    n = 0;
    answers_each_asked(answers, count_some, &n);
    assert_int_equal(n, 5);
}

/* A little catalogue: the writer raises an item's version, then drops; readers compute answers from
 * it and must never get one older than the last version whose drop had ended before they asked. */
enum { ITEMS = 2, CHANGES = 5000 };

struct catalogue {
    struct answers *answers;
    uint64_t revision;       /* atomic */
    uint64_t version[ITEMS]; /* atomic; the revision that last changed it */
    uint64_t dropped[ITEMS]; /* atomic; the last one whose drop is through */
    int ended;
    unsigned stale, reads;
};

static void *change_items(void *context)
{
    struct catalogue *catalogue = context;
    unsigned seed = 1;
    for (int i = 0; i < CHANGES; i++) {
        unsigned item = (unsigned)rand_r(&seed) % ITEMS;
        uint64_t revision = (uint64_t)i + 1;
        __atomic_store_n(&catalogue->version[item], revision, __ATOMIC_SEQ_CST);
        __atomic_store_n(&catalogue->revision, revision, __ATOMIC_SEQ_CST);
        answers_drop(catalogue->answers, item + 1, revision);
        __atomic_store_n(&catalogue->dropped[item], revision, __ATOMIC_SEQ_CST);
        sched_yield(); /* readers ask between two changes */
    }
    __atomic_store_n(&catalogue->ended, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void read_item(struct catalogue *catalogue, unsigned item)
{
    char key[8];
    int key_len = snprintf(key, sizeof key, "/%u", item);
    uint64_t promised = __atomic_load_n(&catalogue->dropped[item], __ATOMIC_SEQ_CST);
    CLEANUP(answer_unref)
    struct answer *answer = answers_get(catalogue->answers, key, (size_t)key_len);
    __atomic_add_fetch(&catalogue->reads, 1, __ATOMIC_RELAXED);
    if (answer) {
        uint64_t version;
        size_t len;
        memcpy(&version, answer_bytes(answer, &len), sizeof version);
        if (version < promised)
            __atomic_add_fetch(&catalogue->stale, 1, __ATOMIC_RELAXED);
        return;
    }
    uint64_t since = __atomic_load_n(&catalogue->revision, __ATOMIC_SEQ_CST);
    uint64_t version = __atomic_load_n(&catalogue->version[item], __ATOMIC_SEQ_CST);
    sched_yield(); /* computing takes a while */
    answers_put(catalogue->answers, key, (size_t)key_len, item + 1, since, INT64_MAX, &version,
                sizeof version);
}

static void *read_items(void *context)
{
    struct catalogue *catalogue = context;
    unsigned seed = 2;
    while (!__atomic_load_n(&catalogue->ended, __ATOMIC_SEQ_CST))
        read_item(catalogue, (unsigned)rand_r(&seed) % ITEMS);
    return NULL;
}

static void readers_never_see_an_answer_older_than_its_drop(void **state UNUSED)
{
    CLEANUP(answers_free) struct answers *answers = answers_new(1 << 20);
    struct catalogue catalogue = { .answers = answers };
    pthread_t readers[3];
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        readers[i] = lock_thread_start("reader", read_items, &catalogue);
    pthread_t writer = lock_thread_start("writer", change_items, &catalogue);
    pthread_join(writer, NULL);
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        pthread_join(readers[i], NULL);
    assert_int_equal(catalogue.stale, 0);
    assert_true(catalogue.reads > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_comes_back_and_outlives_its_place),
        cmocka_unit_test(keys_are_compared_whole),
        cmocka_unit_test(a_newer_answer_replaces_the_older),
        cmocka_unit_test(a_change_drops_its_tag_and_the_catalogue_only),
        cmocka_unit_test(late_news_of_a_change_drop_nothing_that_shows_it),
        cmocka_unit_test(what_another_configuration_answers_otherwise_is_dropped),
        cmocka_unit_test(what_was_computed_before_a_change_is_not_taken),
        cmocka_unit_test(an_expired_answer_is_gone),
        cmocka_unit_test(the_bytes_stay_within_the_limit),
        cmocka_unit_test(a_giant_is_not_kept),
        cmocka_unit_test(a_crawl_does_not_drive_out_what_is_popular),
        cmocka_unit_test(what_comes_back_soon_stays),
        cmocka_unit_test(what_is_asked_for_in_its_last_tenth_is_told_once),
        cmocka_unit_test(what_a_change_drops_is_told_when_it_was_asked_for),
        cmocka_unit_test(only_what_was_asked_for_again_is_listed_and_not_more_than_wanted),
        cmocka_unit_test(readers_never_see_an_answer_older_than_its_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
