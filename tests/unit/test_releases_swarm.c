/* SPDX-License-Identifier: MIT
 *
 * What is known of a swarm: claims of providers, and looking for oneself. */
#include "releases_stage.h"

#include "base/clock.h"
#include "base/json.h"
#include "service/availability.h"
#include "store/swarms.h"

static void claims_and_checks_make_a_history(void **state)
{
    struct service *service = *state;
    int64_t now_ms = clock_wall_ms();
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    struct release_sighting sighting = { .at_ms = now_ms + 120000,
                                         .answered = true,
                                         .seeds = 12,
                                         .peers = 4,
                                         .trackers = 5,
                                         .answers = 2,
                                         .dht_peers = 30,
                                         .met = 9,
                                         .seeds_met = 8 };
    assert_int_equal(look(service, HASH_A, &sighting), 0);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    const json_t *history = js_array(availability, "history");
    const json_t *check = js_object(availability, "check");
    assert_int_equal(json_array_size(history), 2);
    assert_int_equal(js_int(json_array_get(history, 0), "seeds", -1), 40);
    assert_true(json_is_false(json_object_get(json_array_get(history, 0), "verified")));
    assert_int_equal(js_int(json_array_get(history, 1), "seeds", -1), 12);
    assert_int_equal(js_int(check, "seeds_met", -1), 8);
    assert_int_equal(js_int(check, "answers", -1), 2);
    assert_non_null(js_string(check, "next_at"));
    assert_true(json_is_null(json_object_get(availability, "trend_7d")));
}

static void a_check_nobody_answered_says_nothing_of_the_swarm(void **state)
{
    struct service *service = *state;
    int64_t now_ms = clock_wall_ms();
    struct swarm swarm;
    uint8_t hash[RELEASE_HASH_LEN];
    hash_of(HASH_A, hash);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    const struct release_sighting silence = { .at_ms = now_ms, .seeds = 7 };
    uint64_t before = store_revision(service->store);
    assert_int_equal(look(service, HASH_A, &silence), 0);
    assert_int_equal(look(service, HASH_A, &silence), 0);
    assert_int_equal(store_revision(service->store), before);
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    assert_int_equal(swarm.unanswered, 2);
    assert_int_equal(swarm.series.n, 1);
    assert_true(swarm.due_at_ms > now_ms);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    assert_true(json_is_null(json_object_get(availability, "verified")));
    assert_string_equal(js_string(availability, "state"), "alive");
}

static void figures_no_swarm_has_are_clamped(void **state)
{
    struct service *service = *state;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0,
            "{\"infohash\":\"" HASH_A "\",\"name\":\"The.Matrix.1080p\"," OF_FILM
            ",\"seeds\":9999999,\"peers\":9999999}");
    const struct release_sighting sighting = {
        .at_ms = 60000, .answered = true, .seeds = UINT32_MAX, .peers = UINT32_MAX
    };
    assert_int_equal(look(service, HASH_A, &sighting), 0);
    json_auto_t *shown = show_one(service, HASH_A);
    const json_t *availability = js_object(shown, "availability");
    assert_int_equal(js_int(js_object(availability, "claimed"), "seeds", -1), SWARM_MOST);
    assert_int_equal(js_int(js_object(availability, "verified"), "peers", -1), SWARM_MOST);
}

static void a_release_that_goes_takes_its_swarm_along(void **state)
{
    struct service *service = *state;
    struct swarm swarm;
    uint8_t hash[RELEASE_HASH_LEN];
    hash_of(HASH_A, hash);
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), 0);
    release(service, "script_a", PROVIDER_GONE, "{\"infohash\":\"" HASH_A "\"}");
    assert_int_equal(swarms_get(service->store, hash, &swarm, NULL), PROVIDER_ENOTFOUND);
}

/* --- Looking at swarms */

static int check(struct service *service, const char *hex, struct error *err)
{
    const struct availability availability = { service->catalog, service->registry };
    *err = (struct error){ 0 };
    return availability_check(&availability, hex, clock_steady_ms() + 10000, err);
}

static int64_t seen(struct service *service, const char *hex, const char *field)
{
    json_auto_t *shown = show_one(service, hex);
    const json_t *verified = js_object(js_object(shown, "availability"), "verified");
    return js_int(verified, field, -1);
}

static void a_check_writes_what_it_found(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    service_answer(service, "script_a", "/check/" HASH_A, "S 120 14 30 5 3 9 7");
    assert_int_equal(check(service, HASH_A, &err), 0);
    assert_int_equal(seen(service, HASH_A, "seeds"), 120);
    assert_int_equal(seen(service, HASH_A, "peers"), 14);
    assert_int_equal(service_asked(service, "script_b", "/check/" HASH_A), 0);
}

static void a_claim_nobody_bears_out_counts_as_one(void **state UNUSED)
{
    static const struct {
        int32_t seeds, peers;
        uint32_t met, seeds_met, want_seeds, want_peers;
    } rows[] = {
        { 120, 14, 9, 7, 120, 14 },
        { 0, 0, 9, 7, 7, 2 },
        { -1, -1, 9, 7, 7, 2 },
        { 120, 14, 0, 0, 1, 1 },
        { 1, 0, 0, 0, 1, 0 },
        { -1, -1, 0, 0, 0, 0 },
        { INT32_MAX, INT32_MAX, 1, 1, SWARM_MOST, SWARM_MOST },
        { INT32_MIN, INT32_MIN, 0, 0, 0, 0 },
        { 5, 5, 1, 9, 9, 5 }, /* more seeds than peers: nonsense, and no wrap */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct provider_swarm swarm = { .size = sizeof swarm,
                                              .seeds = rows[i].seeds,
                                              .peers = rows[i].peers,
                                              .dht_peers = -1,
                                              .met = rows[i].met,
                                              .seeds_met = rows[i].seeds_met };
        struct release_sighting sighting;
        availability_judge(&swarm, &sighting);
        assert_int_equal(sighting.seeds, rows[i].want_seeds);
        assert_int_equal(sighting.peers, rows[i].want_peers);
        assert_int_equal(sighting.dht_peers, 0);
    }
}

static void who_is_not_answered_leaves_it_to_the_next(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_answer(service, "script_b", "/check/" HASH_A, "S 3 0 0 1 1 2 2");
    assert_int_equal(check(service, HASH_A, &err), 0);
    assert_int_equal(seen(service, HASH_A, "seeds"), 3);
}

static void what_cannot_be_checked_says_why(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    assert_int_equal(check(service, "rubbish", &err), PROVIDER_EINVAL);
    assert_int_equal(check(service, HASH_B, &err), PROVIDER_ENOTFOUND);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_fail(service, "script_b", "/check/" HASH_A, PROVIDER_ETIME);
    assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), -1);
}

/* Silent three times, while another is heard. */
static void who_stays_silent_while_others_answer_is_dead(void **state)
{
    struct service *service = *state;
    struct error err;
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    release(service, "script_a", 0, GOOD);
    release(service, "script_a", 0, POOR);
    service_fail(service, "script_a", "/check/" HASH_A, PROVIDER_ETIME);
    service_fail(service, "script_b", "/check/" HASH_A, PROVIDER_ETIME);
    service_answer(service, "script_a", "/check/" HASH_B, "S 3 0 0 1 1 2 2");
    for (int i = 0; i < 5; i++) /* the net may be down: that says nothing */
        assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), -1);
    assert_int_equal(check(service, HASH_B, &err), 0);
    assert_int_equal(check(service, HASH_A, &err), PROVIDER_ETIME);
    assert_int_equal(seen(service, HASH_A, "seeds"), 0);
}

static int run_availability(struct job *job, void *context, struct error *err)
{
    return availability_run(context, job, err);
}

static json_t *run_job(struct service *service, struct availability *availability)
{
    uint32_t job;
    bool joined;
    struct error err = { 0 };
    assert_int_equal(jobs_start(service->jobs, "test", "availability", NULL, run_availability,
                                availability, NULL, &job, &joined, &err),
                     0);
    return service_wait_job(service, job);
}

static void what_is_due_is_looked_at_and_then_it_is_not(void **state)
{
    struct service *service = *state;
    struct availability availability = { service->catalog, service->registry };
    enum { RELEASES = 20 }; /* more than one batch */
    char json[400], path[80];
    service_take(service, "script_a", PROVIDER_MOVIE, 0, FILM);
    assert_false(availability_is_due(&availability, INT64_MAX - 1));
    for (int i = 0; i < RELEASES; i++) {
        snprintf(json, sizeof json,
                 "{\"infohash\":\"%040x\",\"name\":\"The.Matrix.1999.1080p.%d\"," OF_FILM
                 ",\"uploaded_at\":\"1960-01-01T00:00:00Z\",\"seeds\":%d}",
                 0xabc000 + i, i, i);
        release(service, "script_a", 0, json);
    }
    int64_t now_ms = clock_wall_ms();
    assert_false(availability_is_due(&availability, now_ms));
    assert_true(availability_is_due(&availability, now_ms + INT64_C(20) * 86400000));
    service_answer(service, "script_a", "/check/0000000000000000000000000000000000abc000",
                   "S 3 0 0 1 1 2 2");
    json_auto_t *early = run_job(service, &availability);
    assert_string_equal(js_string(early, "state"), "done");
    assert_int_equal(
        service_asked(service, "script_a", "/check/0000000000000000000000000000000000abc000"), 0);
    service_pass_time(INT64_C(20) * 86400000);
    assert_true(availability_is_due(&availability, clock_wall_ms()));
    json_auto_t *late = run_job(service, &availability);
    assert_string_equal(js_string(late, "state"), "done");
    assert_int_equal(js_int(late, "done", -1), RELEASES);
    assert_int_equal(seen(service, "0000000000000000000000000000000000abc000", "seeds"), 3);
    assert_false(availability_is_due(&availability, clock_wall_ms()));
    snprintf(path, sizeof path, "/check/%040x", 0xabc000 + RELEASES - 1);
    assert_true(service_asked(service, "script_a", path) <= 1);
}

static const struct CMUnitTest tests[] = {
    SERVED(claims_and_checks_make_a_history),
    SERVED(a_check_nobody_answered_says_nothing_of_the_swarm),
    SERVED(figures_no_swarm_has_are_clamped),
    SERVED(a_release_that_goes_takes_its_swarm_along),
    SERVED(a_check_writes_what_it_found),
    cmocka_unit_test(a_claim_nobody_bears_out_counts_as_one),
    SERVED(who_is_not_answered_leaves_it_to_the_next),
    SERVED(what_cannot_be_checked_says_why),
    SERVED(who_stays_silent_while_others_answer_is_dead),
    SERVED(what_is_due_is_looked_at_and_then_it_is_not),
};

const struct test_part releases_swarm_part = TEST_PART(tests);
