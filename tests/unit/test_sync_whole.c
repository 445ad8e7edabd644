/* SPDX-License-Identifier: MIT
 *
 * A sync that stays true: a fetch that breaks off after its first document leaves what came, does
 * not count as whole, and waits until somebody brings the rest. */
#include "sync_test.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/episodes.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/seasons.h"

#define FETCH "/fetch/2/tmdb:1"
#define SHOW(title) "D 2 0 {\"ids\":{\"tmdb\":1},\"title\":\"" title "\"}\n"
#define FIRST SHOW("Show") "G /rest\n"

enum { FEW = 2, MANY = 40 }; /* seasons: what is taken in at once, and what is not */

/* The lines of the seasons from `from` on; new text. */
static char *seasons(int from, int n)
{
    struct text out = TEXT_INIT(1 << 20);
    for (int i = from; i < from + n; i++)
        text_add_format(&out,
                        "D 3 0 {\"ids\":{\"tmdb\":%d},\"show\":{\"ids\":{\"tmdb\":1}},"
                        "\"season_number\":%d,\"name\":\"Season %d\"}\n",
                        900 + i, i, i);
    return text_take(&out);
}

static void answer_rest(struct service *service, int from, int n)
{
    CLEANUP(mem_free) char *lines = seasons(from, n);
    service_answer(service, "script_a", "/rest", lines);
}

static void announce_show(struct service *service)
{
    service_answer(service, "script_a", "/sync/movies/-", "D 2 2 {\"ids\":{\"tmdb\":1}}\n");
}

static void announce_nothing(struct service *service)
{
    service_answer(service, "script_a", "/sync/movies/-", "");
}

static uint32_t find_show(struct service *service)
{
    uint32_t id = 0;
    return external_ids_find(service->store, PROVIDER_TVSHOW, "tmdb:1", &id, NULL) ? 0 : id;
}

static struct item_header header_of(struct service *service)
{
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(1 << 20);
    struct error err = { 0 };
    if (items_get(service->store, find_show(service), &header, &body, &err))
        fail_msg("%s", err.text);
    return header;
}

static bool is_fresh(struct service *service)
{
    struct item_header header = header_of(service);
    return catalog_is_fresh(service->catalog, &header);
}

static struct record_header head_of(struct service *service)
{
    struct record_header head = { 0 };
    assert_int_equal(heads_get(service->store, find_show(service), "script_a", &head, NULL), 0);
    return head;
}

static bool has_season(struct service *service, uint32_t number)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 20);
    return seasons_get(service->store, find_show(service), number, &packed, NULL) == 0;
}

static void assert_broken_off(struct service *service)
{
    assert_int_equal(header_of(service).flags, 0);
    assert_false(is_fresh(service));
    assert_int_equal(waiting(service), 1);
    assert_int_equal(head_of(service).gone_since_ms, 0);
}

static void assert_whole(struct service *service, uint32_t n)
{
    assert_true(is_fresh(service));
    assert_true(header_of(service).expires_at_ms > clock_wall_ms());
    assert_int_equal(waiting(service), 0);
    assert_int_equal(head_of(service).flags, 0);
    assert_true(head_of(service).due_at_ms > clock_wall_ms());
    for (uint32_t i = 1; i <= n; i++)
        assert_true(has_season(service, i));
    assert_false(has_season(service, n + 1));
}

/* From now on nobody loses patience with a slow machine, see service_pass_time(). */
static void be_patient(void)
{
    service_pass_time(INT64_C(20) * 60 * 1000);
}

/* Somebody asks for a season of it; PROVIDER_E code. */
static int ask(struct service *service, uint32_t number)
{
    static const struct language_wish wish = { .tags = { "en" }, .n_tags = 1 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    struct episodes_ask asked = { .show = { .kind = PROVIDER_TVSHOW,
                                            .id_text = "tmdb:1",
                                            .wish = &wish,
                                            .deadline_ms = clock_steady_ms() + 10000 },
                                  .season = number };
    struct error ignored;
    return episodes_season(service->catalog, &asked, &item, &ignored);
}

static void sync_once(struct service *service)
{
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    json_auto_t *job = run(service, sync, false, only_a);
    assert_state(job, "done");
    assert_int_equal(js_int(job, "done", 0), js_int(job, "total", 0) - (int64_t)waiting(service));
}

/* A sync that brings the show and not its seasons, three times. */
static void sync_half(struct service *service)
{
    announce_show(service);
    service_answer(service, "script_a", FETCH, FIRST);
    service_fail(service, "script_a", "/rest", PROVIDER_EUPSTREAM);
    sync_once(service);
    assert_int_equal(service_asked(service, "script_a", "/rest"), 3);
    assert_broken_off(service);
    assert_false(has_season(service, 1));
}

static void what_broke_off_is_brought_by_the_next_sync(void **state)
{
    struct service *service = *state;
    sync_half(service);
    announce_nothing(service);
    answer_rest(service, 1, FEW);
    sync_once(service);
    assert_whole(service, FEW);
}

static void what_broke_off_is_brought_after_a_restart(void **state)
{
    struct service *service = *state;
    sync_half(service);
    service_close(service);
    service_open(service);
    assert_broken_off(service);
    announce_nothing(service);
    answer_rest(service, 1, FEW);
    sync_once(service);
    assert_whole(service, FEW);
}

static void what_broke_off_is_brought_to_whoever_asks(void **state)
{
    struct service *service = *state;
    sync_half(service);
    be_patient();
    assert_int_equal(ask(service, 1), PROVIDER_ENOTFOUND);
    assert_broken_off(service);
    answer_rest(service, 1, FEW);
    assert_int_equal(ask(service, 1), 0);
    assert_whole(service, FEW);
}

/* On demand there was no row that could have stayed. */
static void what_breaks_off_when_somebody_asks_waits_from_then_on(void **state)
{
    static const int failures[] = { PROVIDER_EUPSTREAM, PROVIDER_ETIME,    PROVIDER_EBUSY,
                                    PROVIDER_EAUTH,     PROVIDER_EPARSE,   PROVIDER_ELIMIT,
                                    PROVIDER_ECANCEL,   PROVIDER_ENOTFOUND };
    for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
        struct service *service = *state;
        service_answer(service, "script_a", FETCH, FIRST);
        service_fail(service, "script_a", "/rest", failures[i]);
        int result = ask(service, 1);
        assert_int_equal(result,
                         failures[i] == PROVIDER_ENOTFOUND ? PROVIDER_EUPSTREAM : failures[i]);
        assert_broken_off(service);
        be_patient();
        answer_rest(service, 1, FEW);
        if (i % 2) {
            announce_nothing(service);
            sync_once(service);
        } else {
            assert_int_equal(ask(service, 1), 0);
        }
        assert_whole(service, FEW);
        service_end(state);
        service_begin(state);
    }
}

static void an_exhausted_budget_ends_nothing(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    announce_show(service);
    service_answer(service, "script_a", FETCH, FIRST);
    service_fail(service, "script_a", "/rest", PROVIDER_EBUSY);
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/rest", 2));
    assert_broken_off(service);
    answer_rest(service, 1, FEW);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "done");
    assert_int_equal(js_int(job, "errors", -1), 0);
    assert_whole(service, FEW);
}

/* What a kill would leave: of a show with many seasons, some have been taken in. */
static void what_was_cut_off_between_two_transactions_is_brought_again(void **state)
{
    struct service *service = *state;
    struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    CLEANUP(mem_free) char *some = seasons(1, MANY);
    CLEANUP(mem_free) char *first = mem_format(SHOW("Show") "%sG /rest\n", some);
    announce_show(service);
    service_answer(service, "script_a", FETCH, first);
    service_hold(service, "script_a", "/rest", "");
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/rest", 1));
    assert_broken_off(service);
    assert_true(has_season(service, 1));
    assert_false(has_season(service, MANY));
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_decref(service_wait_job(service, id));
    sync_free(sync);
    service_close(service);
    service_open(service);
    assert_broken_off(service);
    announce_nothing(service);
    answer_rest(service, MANY + 1, FEW);
    sync_once(service);
    assert_whole(service, MANY + FEW);
}

static void what_somebody_cancels_is_kept_and_waits(void **state)
{
    struct service *service = *state;
    CLEANUP(sync_free) struct sync *sync = open_sync(service);
    uint32_t id;
    bool joined;
    announce_show(service);
    service_answer(service, "script_a", FETCH, FIRST);
    service_hold(service, "script_a", "/rest", "");
    assert_int_equal(sync_start(sync, "movies", false, only_a, &id, &joined, NULL), 0);
    assert_true(service_wait_asked(service, "script_a", "/rest", 1));
    assert_int_equal(jobs_cancel(service->jobs, id, NULL), 0);
    json_auto_t *job = service_wait_job(service, id);
    assert_state(job, "canceled");
    assert_int_equal(js_int(job, "total", 0), 1);
    assert_broken_off(service);
}

/* A failure that will not pass is not asked for again and again, but for as long as something is
 * missing each mention is worth a look. */
static void what_was_parked_half_is_fetched_when_it_is_listed_again(void **state)
{
    static const char *const rows[] = {
        "D 2 2 {\"ids\":{\"tmdb\":1},\"popularity\":3}\n",
        "D 7 0 {\"ids\":{\"tmdb\":1},\"kind\":\"tvshow\",\"title\":\"Show\",\"popularity\":3}\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct service *service = *state;
        announce_show(service);
        service_answer(service, "script_a", FETCH, FIRST);
        service_answer(service, "script_a", "/rest", "F -7 unreadable\n");
        sync_once(service);
        assert_false(is_fresh(service));
        assert_int_equal(service_asked(service, "script_a", "/rest"), 1);
        assert_int_equal(waiting(service), 0);
        assert_true(head_of(service).due_at_ms > 0);
        service_answer(service, "script_a", "/sync/movies/-", rows[i]);
        answer_rest(service, 1, FEW);
        sync_once(service);
        assert_whole(service, FEW);
        service_end(state);
        service_begin(state);
    }
}

/* Its seasons stay as they were. */
static void a_known_show_that_broke_off_is_stale_until_the_rest_has_come(void **state)
{
    struct service *service = *state;
    service_answer(service, "script_a", FETCH, FIRST);
    answer_rest(service, 1, FEW);
    assert_int_equal(ask(service, 1), 0);
    int64_t due_ms = head_of(service).due_at_ms;
    assert_true(is_fresh(service));
    service_answer(service, "script_a", FETCH, SHOW("Another title") "G /rest\n");
    service_fail(service, "script_a", "/rest", PROVIDER_EUPSTREAM);
    announce_show(service);
    sync_once(service);
    assert_broken_off(service);
    assert_true(has_season(service, FEW));
    assert_int_equal(head_of(service).due_at_ms, due_ms);
    announce_nothing(service);
    answer_rest(service, 1, FEW + 1);
    sync_once(service);
    assert_whole(service, FEW + 1);
}

/* Neither a second change nor a second write: what says the same costs one head, however many
 * documents there were, and nothing when it breaks off. */
static void who_says_the_same_again_writes_one_head(void **state)
{
    static const int numbers[] = { FEW, MANY };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct service *service = *state;
        service_answer(service, "script_a", FETCH, FIRST);
        answer_rest(service, 1, numbers[i]);
        assert_int_equal(ask(service, 1), 0);
        const struct item_header item = header_of(service);
        const struct record_header head = head_of(service);
        uint64_t revision = store_revision(service->store);
        service_pass_time(INT64_C(2) * 3600 * 1000);
        assert_false(is_fresh(service));
        service_fail(service, "script_a", "/rest", PROVIDER_EUPSTREAM);
        assert_int_equal(ask(service, 1), 0);
        struct record_header after = head_of(service);
        assert_memory_equal(&after, &head, sizeof head);
        answer_rest(service, 1, numbers[i]);
        assert_int_equal(ask(service, 1), 0);
        struct item_header now = header_of(service);
        assert_memory_equal(&now, &item, sizeof item);
        assert_true(store_revision(service->store) == revision);
        assert_true(is_fresh(service));
        assert_true(head_of(service).fetched_at_ms > head.fetched_at_ms);
        assert_int_equal(waiting(service), 0);
        service_end(state);
        service_begin(state);
    }
}

/* A film that is followed by a failure is no film less. */
static void what_is_one_document_waits_too_when_its_fetch_fails(void **state)
{
    struct service *service = *state;
    service_answer(service, "script_a", "/sync/movies/-", CHANGED(5));
    service_answer(service, "script_a", "/fetch/1/tmdb:5", WHOLE(5) "F -6 later\n");
    sync_once(service);
    assert_int_not_equal(service_find(service, "tmdb:5"), 0);
    assert_int_equal(waiting(service), 1);
    service_answer(service, "script_a", "/fetch/1/tmdb:5", WHOLE(5));
    announce_nothing(service);
    sync_once(service);
    assert_int_equal(waiting(service), 0);
}

static const struct CMUnitTest tests[] = {
    SERVED(what_broke_off_is_brought_by_the_next_sync),
    SERVED(what_broke_off_is_brought_after_a_restart),
    SERVED(what_broke_off_is_brought_to_whoever_asks),
    SERVED(what_breaks_off_when_somebody_asks_waits_from_then_on),
    SERVED(an_exhausted_budget_ends_nothing),
    SERVED(what_was_cut_off_between_two_transactions_is_brought_again),
    SERVED(what_somebody_cancels_is_kept_and_waits),
    SERVED(what_was_parked_half_is_fetched_when_it_is_listed_again),
    SERVED(a_known_show_that_broke_off_is_stale_until_the_rest_has_come),
    SERVED(who_says_the_same_again_writes_one_head),
    SERVED(what_is_one_document_waits_too_when_its_fetch_fails),
};

const struct test_part sync_whole_part = TEST_PART(tests);
