/* SPDX-License-Identifier: MIT */
#include "service/availability.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/lock.h"
#include "base/log.h"
#include "provider/call_streams.h"
#include "service/errands.h"
#include "service/release_intake.h"
#include "store/releases.h"
#include "store/state.h"
#include "store/swarms.h"

enum {
    CHECK_MS = 15 * 1000,
    TURN_MS = 10 * 60 * 1000, /* of a run: what is due then comes in the next */
    BATCH = 16,
    AT_ONCE = 4,
    SILENT_CHECKS = 3,          /* so many in a row that nobody answers: the swarm is dead, */
    NET_UP_MS = 30 * 60 * 1000, /* if others were answered meanwhile */
};

static const char owner[] = "availability", answered_key[] = "answered_at";

/* --- What to make of it */

/* Who claims seeds of whom not one shook hands is believed one. */
static uint32_t believe(int32_t claimed, uint32_t met, bool met_any)
{
    int64_t most = met_any ? SWARM_MOST : 1;
    return (uint32_t)MAX(MAX(MIN((int64_t)claimed, most), (int64_t)0), (int64_t)met);
}

void availability_judge(const struct provider_swarm *swarm, struct release_sighting *out)
{
    uint32_t others = swarm->met > swarm->seeds_met ? swarm->met - swarm->seeds_met : 0;
    *out = (struct release_sighting){
        .answered = true,
        .seeds = swarm_clamp(believe(swarm->seeds, swarm->seeds_met, swarm->met > 0)),
        .peers = swarm_clamp(believe(swarm->peers, others, swarm->met > 0)),
        .trackers = swarm->trackers,
        .answers = swarm->answers,
        .dht_peers = swarm_clamp(swarm->dht_peers),
        .met = swarm->met,
        .seeds_met = swarm->seeds_met,
    };
}

/* --- One */

static int read_magnet(struct store *store, const uint8_t *hash, char **out, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(RELEASE_MAX_PACKED + 1);
    CLEANUP(text_done) struct text members = TEXT_INIT(RELEASE_MAX_PACKED + 2);
    struct release_packed release;
    int result = releases_get(store, hash, &packed, err);
    if (result == PROVIDER_ENOTFOUND)
        return error_set(err, result, "there is no such release");
    if (result || !release_open(packed.bytes, packed.len, &release) || !release.members_len)
        return result ? result : error_set(err, PROVIDER_EPARSE, "a release is unreadable");
    text_add_char(&members, '{');
    text_add(&members, release.members + 1, release.members_len - 1);
    text_add_char(&members, '}');
    json_auto_t *shown = json_loadb(members.bytes, members.len, 0, NULL);
    const char *magnet = js_string(shown, "magnet");
    if (!magnet)
        return error_set(err, PROVIDER_EINVAL, "the release has no magnet");
    *out = mem_dup_text(magnet);
    return 0;
}

/* The first that can and is answered. */
static int ask(const struct availability *availability, const char *magnet,
               const struct call_wait *wait, struct provider_swarm *out, struct error *err)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(availability->registry, &entries);
    int result = error_set(err, PROVIDER_ENOTSUP, "no provider here looks at swarms");
    for (size_t i = 0; i < n; i++) {
        if (result && provider_entry_can(entries[i], PROVIDER_CAN_CHECK_SWARMS))
            result = call_check_swarm(entries[i], magnet, wait, out, err);
        provider_entry_unref(entries[i]);
    }
    return result;
}

static bool is_net_up(struct store *store, int64_t now_ms)
{
    CLEANUP(text_done) struct text text = TEXT_INIT(64);
    int64_t last_ms = 0;
    return state_get(store, owner, answered_key, &text, NULL) == 0 &&
           text_to_int(text_string(&text), 0, INT64_MAX, &last_ms) && now_ms >= last_ms &&
           now_ms - last_ms < NET_UP_MS;
}

static void note_answer(struct store *store, int64_t now_ms)
{
    if (is_net_up(store, now_ms + NET_UP_MS / 2))
        return;
    CLEANUP(mem_free) char *text = mem_format("%lld", (long long)now_ms);
    state_put(store, owner, answered_key, text, NULL);
}

/* Silence is no zero, unless it lasts while others are heard. */
static bool is_silence_death(struct store *store, const uint8_t *hash, int64_t now_ms)
{
    struct swarm swarm;
    return swarms_get(store, hash, &swarm, NULL) == 0 && swarm.unanswered + 1 >= SILENT_CHECKS &&
           is_net_up(store, now_ms);
}

/* Whether a failure says something of the swarm; others are our own trouble. */
static bool is_silence(int result)
{
    return result == PROVIDER_ETIME || result == PROVIDER_EUPSTREAM || result == PROVIDER_EINVAL ||
           result == PROVIDER_EPARSE || result == PROVIDER_ENOTFOUND || result == PROVIDER_ELIMIT;
}

static int look(const struct availability *availability, const uint8_t *hash,
                const volatile int *canceled, bool background, struct error *err)
{
    struct store *store = catalog_store(availability->catalog);
    CLEANUP(mem_free) char *magnet = NULL;
    struct provider_swarm swarm = { 0 };
    struct release_sighting sighting = { 0 };
    const struct call_wait wait = { .deadline_ms = clock_steady_ms() + CHECK_MS,
                                    .canceled = canceled,
                                    .background = background };
    int failed = read_magnet(store, hash, &magnet, err);
    if (failed)
        return failed;
    int result = ask(availability, magnet, &wait, &swarm, err);
    if (result && !is_silence(result))
        return result;
    int64_t now_ms = clock_wall_ms();
    if (!result) {
        availability_judge(&swarm, &sighting);
        note_answer(store, now_ms);
    } else {
        sighting.answered = is_silence_death(store, hash, now_ms);
    }
    sighting.at_ms = now_ms;
    struct error why;
    failed =
        release_intake_verify(store, catalog_policy(availability->catalog), hash, &sighting, &why);
    if (result)
        return result;
    return failed ? error_set(err, failed, "%s", why.text) : 0;
}

/* --- For who asks */

struct quest {
    struct availability availability;
    uint8_t hash[RELEASE_HASH_LEN];
};

static int run_quest(void *context, const volatile int *canceled, struct error *err)
{
    const struct quest *quest = context;
    return look(&quest->availability, quest->hash, canceled, false, err);
}

static void quest_free(void *context)
{
    free(context);
}

int availability_check(const struct availability *availability, const char *infohash,
                       int64_t deadline_ms, struct error *err)
{
    struct quest *quest = mem_new(struct quest);
    char hex[2 * RELEASE_HASH_LEN + 1];
    quest->availability = *availability;
    if (!release_hash_of_text(infohash, quest->hash)) {
        free(quest);
        return error_set(err, PROVIDER_EINVAL,
                         "'%s' is no infohash: 40 hex digits or 32 characters of base32", infohash);
    }
    release_hash_to_text(quest->hash, hex);
    CLEANUP(mem_free) char *key = mem_format("check/swarms/%s", hex);
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    CLEANUP(errand_unref)
    struct errand *errand = errands_start(catalog_errands(availability->catalog), &seat, key,
                                          run_quest, quest, quest_free, err);
    return errand ? errand_wait(errand, deadline_ms, err) : PROVIDER_EBUSY;
}

/* --- What is due */

struct turn {
    const struct availability *availability;
    struct job *job;
    int64_t now_ms, until_ms;

    struct lock lock; /* guards what follows */
    uint8_t hashes[BATCH][RELEASE_HASH_LEN];
    size_t n, next;
    uint64_t done;
    int result; /* why it cannot go on */
    struct error err;
};

static int collect(int64_t at_ms, const uint8_t *hash, void *context)
{
    struct turn *turn = context;
    if (at_ms > turn->now_ms || turn->n == BATCH)
        return 1;
    memcpy(turn->hashes[turn->n++], hash, RELEASE_HASH_LEN);
    return 0;
}

static bool is_over(const struct turn *turn)
{
    return __atomic_load_n(job_canceled(turn->job), __ATOMIC_RELAXED) ||
           clock_steady_ms() >= turn->until_ms;
}

static bool take_next(struct turn *turn, uint8_t hash[RELEASE_HASH_LEN])
{
    LOCK_SCOPE(&turn->lock);
    if (turn->result || turn->next == turn->n || is_over(turn))
        return false;
    memcpy(hash, turn->hashes[turn->next++], RELEASE_HASH_LEN);
    return true;
}

/* Silence and what went meanwhile are no errors of the run. */
static void note_result(struct turn *turn, int result, const struct error *err)
{
    LOCK_SCOPE(&turn->lock);
    turn->done++;
    if (!result || is_silence(result) || turn->result)
        return;
    turn->result = result;
    turn->err = *err;
}

static void *work(void *argument)
{
    struct turn *turn = argument;
    uint8_t hash[RELEASE_HASH_LEN];
    while (take_next(turn, hash)) {
        struct error err = { 0 };
        int result = look(turn->availability, hash, job_canceled(turn->job), true, &err);
        note_result(turn, result, &err);
        job_add_done(turn->job, 1);
    }
    return NULL;
}

static void work_side_by_side(struct turn *turn)
{
    pthread_t threads[AT_ONCE];
    size_t n = MIN(turn->n, (size_t)AT_ONCE);
    for (size_t i = 0; i < n; i++)
        threads[i] = lock_thread_start("availability", work, turn);
    for (size_t i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static bool can_anybody_look(struct registry *registry)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(registry, &entries);
    bool can = false;
    for (size_t i = 0; i < n; i++) {
        can = can || (provider_entry_can(entries[i], PROVIDER_CAN_CHECK_SWARMS) &&
                      provider_entry_in_service(entries[i]));
        provider_entry_unref(entries[i]);
    }
    return can;
}

static int note_due(int64_t at_ms, const uint8_t *hash UNUSED, void *context)
{
    int64_t *first_ms = context;
    *first_ms = at_ms;
    return 1;
}

bool availability_is_due(const struct availability *availability, int64_t now_ms)
{
    int64_t first_ms = INT64_MAX;
    swarms_walk_due(catalog_store(availability->catalog), note_due, &first_ms, NULL);
    return first_ms <= now_ms && can_anybody_look(availability->registry);
}

int availability_run(const struct availability *availability, struct job *job, struct error *err)
{
    CLEANUP(mem_free) struct turn *turn = mem_new(struct turn);
    turn->availability = availability;
    turn->job = job;
    turn->until_ms = clock_steady_ms() + TURN_MS;
    lock_init(&turn->lock);
    job_set_phase(job, "looking at swarms");
    int failed;
    do {
        turn->n = turn->next = 0;
        turn->now_ms = clock_wall_ms();
        failed = MIN(swarms_walk_due(catalog_store(availability->catalog), collect, turn, err), 0);
        if (!failed)
            work_side_by_side(turn);
    } while (!failed && !turn->result && turn->n == BATCH && !is_over(turn));
    lock_done(&turn->lock);
    if (turn->done)
        log_debug("availability", "looked at %llu swarms", (unsigned long long)turn->done);
    if (failed || !turn->result)
        return failed;
    return error_set(err, turn->result, "%s", turn->err.text);
}
