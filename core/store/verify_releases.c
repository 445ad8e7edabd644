/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "store/bytes.h"
#include "store/inside.h"
#include "store/items.h"
#include "store/maintenance.h"
#include "store/releases.h"
#include "store/swarms.h"

struct checking {
    struct store *store;
    const struct maintenance_checks *checks;
    uint64_t *n_findings;
    uint64_t ties; /* what the releases say, less what the items say: 0 in the end */
    struct text row;
    struct error *err;
};

static void find(struct checking *c, const uint8_t *infohash, const char *what)
{
    char hash[2 * RELEASE_HASH_LEN + 1], finding[200];
    release_hash_to_text(infohash, hash);
    snprintf(finding, sizeof finding, "release %s %s", hash, what);
    ++*c->n_findings;
    c->checks->report(finding, c->checks->context);
}

static uint64_t hash_link(uint32_t item, const uint8_t *infohash)
{
    uint8_t link[4 + RELEASE_HASH_LEN];
    bytes_put_be(link, item, 4);
    memcpy(link + 4, infohash, RELEASE_HASH_LEN);
    return text_hash(link, sizeof link);
}

static bool is_implied(struct checking *c, const struct release_packed *release)
{
    struct release_facts facts;
    return release_renew(release, &facts, &c->row) && c->row.len == release->len &&
           memcmp(c->row.bytes, release->bytes, release->len) == 0;
}

static int find_record(const struct record_header *header UNUSED, const char *json UNUSED,
                       size_t len UNUSED, void *context UNUSED)
{
    return 1;
}

/* An item that waits for its first fetch has a record and nothing else yet. */
static bool has_item(struct checking *c, uint32_t item)
{
    struct item_header header;
    return !items_get(c->store, item, &header, &c->row, NULL) ||
           records_walk(c->store, item, find_record, NULL, NULL) > 0;
}

static int check_release(const struct release_packed *release, void *context)
{
    struct checking *c = context;
    c->ties += hash_link(release->facts.item, release->facts.infohash);
    if (!is_implied(c, release))
        find(c, release->facts.infohash, "is not what its claims imply");
    if (!has_item(c, release->facts.item))
        find(c, release->facts.infohash, "belongs to an item that does not exist");
    return 0;
}

static int subtract_link(const void *key, size_t key_len, const void *value UNUSED,
                         size_t value_len UNUSED, void *context)
{
    struct checking *c = context;
    c->ties -= text_hash(key, key_len);
    return 0;
}

/* --- Swarms: each of a release there is, and at its time among what is due */

static uint64_t hash_due(int64_t at_ms, const uint8_t *infohash)
{
    uint8_t due[8 + RELEASE_HASH_LEN];
    bytes_put_be(due, (uint64_t)at_ms, 8);
    memcpy(due + 8, infohash, RELEASE_HASH_LEN);
    return text_hash(due, sizeof due);
}

static int check_swarm(const uint8_t *hash, const struct swarm *swarm, void *context)
{
    struct checking *c = context;
    if (releases_get(c->store, hash, &c->row, NULL))
        find(c, hash, "does not exist, but its swarm does");
    c->ties += swarm->due_at_ms ? hash_due(swarm->due_at_ms, hash) : 0;
    return 0;
}

static int subtract_due(int64_t at_ms, const uint8_t *hash, void *context)
{
    struct checking *c = context;
    c->ties -= hash_due(at_ms, hash);
    return 0;
}

static int verify_swarms(struct checking *c)
{
    c->ties = 0;
    int failed = swarms_walk(c->store, check_swarm, c, c->err);
    failed = failed ? failed : swarms_walk_due(c->store, subtract_due, c, c->err);
    if (failed || !c->ties)
        return failed;
    ++*c->n_findings;
    c->checks->report("the swarms are not due when they say", c->checks->context);
    return 0;
}

int verify_releases(struct store *store, const struct maintenance_checks *checks,
                    uint64_t *n_findings, struct error *err)
{
    struct checking c = { .store = store,
                          .checks = checks,
                          .n_findings = n_findings,
                          .row = TEXT_INIT(STORE_MAX_VALUE_LEN),
                          .err = err };
    int failed = releases_walk(store, 0, check_release, &c, err);
    failed =
        failed ? failed : store_walk(store, STORE_ITEM_RELEASES, NULL, 0, subtract_link, &c, err);
    if (!failed && c.ties) {
        ++*n_findings;
        checks->report("the items do not lead to the releases there are", checks->context);
    }
    failed = failed ? failed : verify_swarms(&c);
    text_done(&c.row);
    return failed;
}
