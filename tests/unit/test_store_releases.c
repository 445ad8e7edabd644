/* SPDX-License-Identifier: MIT */
#include "../test.h"

#include <string.h>

#include "../old_release.h"
#include "../place.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "store/maintenance.h"
#include "store/releases.h"
#include "store/swarms.h"

#define DAY_MS INT64_C(86400000)

enum { N_OLD = 1001 }; /* more than two batches, and the last is of one */

static void make_hash(uint32_t i, uint8_t out[RELEASE_HASH_LEN])
{
    uint32_t spread = i * 2654435761u;
    memset(out, 7, RELEASE_HASH_LEN);
    memcpy(out, &spread, sizeof spread);
    memcpy(out + 4, &i, sizeof i);
}

/* Release `i` as it is packed now; every tenth was looked at, and those of even numbers are dead.
 */
static void make(uint32_t i, struct release_facts *facts, struct text *packed)
{
    json_auto_t *claims = json_array();
    json_auto_t *document =
        json_pack("{s:s, s:i}", "name", "Film.2020.EXTENDED.German.French.1080p.BluRay.x264-GRP",
                  "seeds", (int)i);
    *facts = (struct release_facts){ .item = i, .kind = PROVIDER_MOVIE, .added_at_ms = 1000 };
    make_hash(i, facts->infohash);
    if (i % 10 == 0) {
        facts->verified_at_ms = 50 * DAY_MS;
        facts->verified_seeds = i % 20 ? 3 : 0;
    }
    assert_true(release_claim(claims, "yts", 40 * DAY_MS, document));
    assert_true(release_pack(claims, facts, packed));
}

static int put_old(struct store_txn *txn, uint32_t i, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 16), old = TEXT_INIT(1 << 16);
    struct release_facts facts;
    make(i, &facts, &packed);
    make_old_release(&packed, &old);
    return releases_txn_put(txn, &facts, &old, err);
}

/* As schema 9 had them.  Before a crash some were migrated already, and of one the swarm is known
 * better than the release tells. */
static int make_schema_9(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    const struct swarm known = { .due_at_ms = 99, .checked_at_ms = 88, .unanswered = 2 };
    uint8_t hash[RELEASE_HASH_LEN];
    int failed = store_txn_put(txn, STORE_META, "schema", 6, "\11\0\0\0", 4, err);
    for (uint32_t i = 1; i <= N_OLD && !failed; i++) {
        CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 16);
        struct release_facts facts;
        make(i, &facts, &packed);
        failed = i % 100 == 3 ? releases_txn_put(txn, &facts, &packed, err) : put_old(txn, i, err);
    }
    make_hash(5, hash);
    return failed ? failed : swarms_txn_put(txn, hash, &known, err);
}

struct seen {
    size_t n, n_outdated, by_day[7];
    int64_t now_ms;
};

static int see_release(const struct release_packed *release, void *context)
{
    struct seen *seen = context;
    CLEANUP(text_done) struct text wanted = TEXT_INIT(1 << 16);
    struct release_facts facts;
    make(release->facts.item, &facts, &wanted);
    assert_int_equal(release->len, wanted.len);
    assert_memory_equal(release->bytes, wanted.bytes, wanted.len);
    seen->n++;
    return 0;
}

static int see_old(const struct release_packed *release, void *context)
{
    struct seen *seen = context;
    seen->n++;
    seen->n_outdated += release->is_outdated;
    return 0;
}

static int see_due(int64_t at_ms, const uint8_t *hash UNUSED, void *context)
{
    struct seen *seen = context;
    seen->n++;
    if (at_ms == 99) /* the one that was known */
        return 0;
    assert_in_range(at_ms - seen->now_ms, 0, 7 * DAY_MS + 60000);
    seen->by_day[MIN((at_ms - seen->now_ms) / DAY_MS, 6)]++;
    return 0;
}

static void get_swarm(struct store *store, uint32_t i, struct swarm *out)
{
    uint8_t hash[RELEASE_HASH_LEN];
    make_hash(i, hash);
    assert_int_equal(swarms_get(store, hash, out, NULL), 0);
}

static void a_store_of_schema_9_has_its_releases_packed_anew(void **state)
{
    struct place *place = *state;
    struct seen seen = { 0 };
    assert_int_equal(store_write(place->store, make_schema_9, NULL, NULL), 0);
    assert_int_equal(releases_walk(place->store, 0, see_old, &seen, NULL), 0);
    assert_int_equal(seen.n_outdated, N_OLD - 10);
    store_close(place->store);
    open_place(place);
    seen = (struct seen){ 0 };
    assert_int_equal(releases_walk(place->store, 0, see_release, &seen, NULL), 0);
    assert_int_equal(seen.n, N_OLD);
}

static void a_store_of_schema_9_gets_a_swarm_for_each_release(void **state)
{
    struct place *place = *state;
    struct seen seen = { .now_ms = clock_wall_ms() };
    struct swarm swarm;
    assert_int_equal(store_write(place->store, make_schema_9, NULL, NULL), 0);
    store_close(place->store);
    open_place(place);
    assert_int_equal(swarms_walk_due(place->store, see_due, &seen, NULL), 0);
    assert_int_equal(seen.n, N_OLD);
    for (size_t i = 0; i < ARRAY_LEN(seen.by_day); i++)
        assert_true(seen.by_day[i] > N_OLD / 14);
    get_swarm(place->store, 7, &swarm);
    assert_int_equal(swarm.series.n, 1);
    assert_int_equal(swarm.series.samples[0].seeds, 7);
    assert_false(swarm.series.samples[0].verified);
    assert_int_equal(swarm.checked_at_ms, 0);
    get_swarm(place->store, 30, &swarm);
    assert_int_equal(swarm.series.n, 2);
    assert_int_equal(swarm.checked_at_ms, 50 * DAY_MS);
    assert_int_equal(swarm.dead_since_ms, 0);
    get_swarm(place->store, 40, &swarm);
    assert_int_equal(swarm.dead_since_ms, 50 * DAY_MS);
}

static void what_was_known_of_a_swarm_stays(void **state)
{
    struct place *place = *state;
    struct swarm swarm;
    assert_int_equal(store_write(place->store, make_schema_9, NULL, NULL), 0);
    store_close(place->store);
    open_place(place);
    get_swarm(place->store, 5, &swarm);
    assert_int_equal(swarm.due_at_ms, 99);
    assert_int_equal(swarm.checked_at_ms, 88);
    assert_int_equal(swarm.unanswered, 2);
    assert_int_equal(swarm.series.n, 0);
}

/* Its row says what no program ever wrote. */
static int put_rubbish(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    uint8_t hash[RELEASE_HASH_LEN];
    make_hash(1, hash);
    int failed = store_txn_put(txn, STORE_META, "schema", 6, "\11\0\0\0", 4, err);
    return failed ? failed : store_txn_put(txn, STORE_RELEASES, hash, sizeof hash, "\1R\3", 3, err);
}

static void a_release_no_program_wrote_is_not_migrated(void **state)
{
    struct place *place = *state;
    struct error err = { 0 };
    assert_int_equal(store_write(place->store, put_rubbish, NULL, NULL), 0);
    store_close(place->store);
    place->store = NULL;
    const struct store_options options = { .path = place->path };
    assert_int_equal(store_open(&options, &place->store, &err), PROVIDER_EPARSE);
    assert_non_null(strstr(err.text, "cannot migrate from schema 9"));
    assert_null(place->store);
}

/* Claims that are no JSON cannot be packed anew; verify tells of them. */
static int put_broken_claims(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    CLEANUP(text_done) struct text packed = TEXT_INIT(1 << 16), old = TEXT_INIT(1 << 16);
    struct release_facts facts;
    make(1, &facts, &packed);
    make_old_release(&packed, &old);
    old.bytes[old.len - 1] = '?';
    int failed = store_txn_put(txn, STORE_META, "schema", 6, "\11\0\0\0", 4, err);
    return failed ? failed : releases_txn_put(txn, &facts, &old, err);
}

static void a_release_with_broken_claims_stays_as_it_is(void **state)
{
    struct place *place = *state;
    struct seen seen = { 0 };
    struct swarm swarm;
    assert_int_equal(store_write(place->store, put_broken_claims, NULL, NULL), 0);
    store_close(place->store);
    open_place(place);
    assert_int_equal(releases_walk(place->store, 0, see_old, &seen, NULL), 0);
    assert_int_equal(seen.n_outdated, 1);
    get_swarm(place->store, 1, &swarm);
}

static int put_five_old(struct store_txn *txn, void *context UNUSED, struct error *err)
{
    int failed = 0;
    for (uint32_t i = 1; i <= 5 && !failed; i++)
        failed = put_old(txn, i, err);
    return failed;
}

static void an_old_export_brings_releases_as_they_are_packed_now(void **state)
{
    struct place *place = *state;
    struct seen seen = { 0 }, due = { .now_ms = clock_wall_ms() };
    struct error err = { 0 };
    uint64_t n = 0;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(store_write(place->store, put_five_old, NULL, NULL), 0);
    assert_int_equal(maintenance_export(place->store, file, &n, &err), 0);
    rewind(file);
    store_close(place->store);
    assert_int_equal(remove_folder(place->path), 0);
    assert_int_equal(mkdir(place->path, 0700), 0);
    open_place(place);
    if (maintenance_import(place->store, file, &n, &err))
        fail_msg("%s", err.text);
    assert_int_equal(releases_walk(place->store, 0, see_release, &seen, NULL), 0);
    assert_int_equal(seen.n, 5);
    assert_int_equal(swarms_walk_due(place->store, see_due, &due, NULL), 0);
    assert_int_equal(due.n, 5);
    fclose(file);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        PLACED(a_store_of_schema_9_has_its_releases_packed_anew),
        PLACED(a_store_of_schema_9_gets_a_swarm_for_each_release),
        PLACED(what_was_known_of_a_swarm_stays),
        PLACED(a_release_no_program_wrote_is_not_migrated),
        PLACED(a_release_with_broken_claims_stays_as_it_is),
        PLACED(an_old_export_brings_releases_as_they_are_packed_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
