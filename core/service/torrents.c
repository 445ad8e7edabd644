/* SPDX-License-Identifier: MIT */
#include "service/torrents_inside.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "provider/registry.h"
#include "service/jobs.h"
#include "service/release_swarm.h"
#include "service/streams.h"
#include "service/torrent_media.h"
#include "service/torrent_view.h"
#include "torrent/magnet.h"

/* A dead swarm never answers.  An analysis has a process of its own. */
enum { RESOLVE_MS = 120 * 1000, FORGET_MS = 10 * 1000, MAX_ANALYSED = 4 };

struct torrents *torrents_new(struct store *store, struct registry *registry, struct jobs *jobs,
                              struct streams *streams, unsigned max_resolved)
{
    struct torrents *torrents = mem_new(struct torrents);
    *torrents =
        (struct torrents){ .store = store, .registry = registry, .jobs = jobs, .streams = streams };
    jobs_limit(jobs, TORRENTS_JOB_RESOLVE, max_resolved);
    jobs_limit(jobs, TORRENTS_JOB_ANALYSE, MAX_ANALYSED);
    return torrents;
}

void torrents_free(struct torrents *torrents)
{
    free(torrents);
}

/* --- Resolving, as a job */

struct resolving {
    struct torrents *torrents;
    char *magnet;
    char hash[TORRENTS_HASH_SIZE];
    const char *provider; /* the one that is asked */
    bool found;
};

static void resolving_free(void *context)
{
    struct resolving *resolving = context;
    free(resolving->magnet);
    free(resolving);
}

static bool read_hash(const char *hex, uint8_t out[TORRENT_HASH_LEN])
{
    size_t n;
    return hex && sodium_hex2bin(out, TORRENT_HASH_LEN, hex, 40, NULL, &n, NULL) == 0 &&
           n == TORRENT_HASH_LEN;
}

/* The second name are the first 20 bytes of its v2 hash. */
bool torrents_make_row(const json_t *document, const char *provider, struct torrent_row *out)
{
    *out = (struct torrent_row){ .added_at_ms = clock_wall_ms() };
    snprintf(out->provider, sizeof out->provider, "%s", provider);
    out->has_second = read_hash(js_string(document, "infohash_v2"), out->second);
    return read_hash(js_string(document, "infohash"), out->hash);
}

void torrents_name(const struct torrent_row *row, char out[TORRENTS_HASH_SIZE])
{
    sodium_bin2hex(out, TORRENTS_HASH_SIZE, row->hash, TORRENT_HASH_LEN);
}

static bool is_what_was_asked(const struct resolving *resolving, const json_t *document)
{
    const char *v1 = js_string(document, "infohash"), *v2 = js_string(document, "infohash_v2");
    return strcmp(v1, resolving->hash) == 0 || (v2 && strncmp(v2, resolving->hash, 40) == 0);
}

int torrents_txn_keep(struct store_txn *txn, const struct torrent_row *row, const struct text *json,
                      struct error *err)
{
    int64_t now_ms = clock_wall_ms();
    int failed = torrent_rows_txn_put(txn, row, json->bytes, json->len, err);
    if (!failed)
        failed = release_swarm_opened(txn, row->hash, now_ms, err);
    if (!failed && row->has_second)
        failed = release_swarm_opened(txn, row->second, now_ms, err);
    return failed;
}

struct learned {
    struct torrent_row row;
    const struct text *json;
};

static int keep_learned(struct store_txn *txn, void *context, struct error *err)
{
    const struct learned *learned = context;
    return torrents_txn_keep(txn, &learned->row, learned->json, err);
}

static int keep(void *context, uint32_t kind, uint32_t flags UNUSED, json_t *document,
                struct error *err)
{
    struct resolving *resolving = context;
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct learned learned = { .json = &json };
    if (kind != PROVIDER_TORRENT || !is_what_was_asked(resolving, document))
        return error_set(err, PROVIDER_EREFUSED, "that is not the torrent that was asked for");
    if (!torrents_make_row(document, resolving->provider, &learned.row))
        return error_set(err, PROVIDER_EREFUSED, "its infohash is none");
    if (!js_write(document, &json))
        return error_set(err, PROVIDER_ELIMIT, "the torrent has too many files");
    int failed = store_write(resolving->torrents->store, keep_learned, &learned, err);
    resolving->found = !failed;
    return failed;
}

static int ask(struct resolving *resolving, struct provider_entry *provider, struct job *job,
               struct error *err)
{
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + RESOLVE_MS,
                              .canceled = job_canceled(job) };
    struct call_sink sink = { .context = resolving, .document = keep };
    resolving->provider = provider_entry_name(provider);
    int failed = call_resolve_magnet(provider, resolving->magnet, &wait, &sink, err);
    if (!failed && !resolving->found)
        failed = error_set(err, PROVIDER_ENOTFOUND, "nobody knows this torrent");
    return failed;
}

/* One after the other: two engines would ask the same peers. */
static int resolve(struct job *job, void *context, struct error *err)
{
    struct resolving *resolving = context;
    struct provider_entry **providers;
    size_t n = registry_list(resolving->torrents->registry, &providers);
    int result = error_set(err, PROVIDER_EBUSY, "no provider that resolves magnets is in service");
    for (size_t i = 0; i < n; i++) {
        bool worth = !resolving->found && provider_entry_can(providers[i], PROVIDER_CAN_RESOLVE) &&
                     provider_entry_in_service(providers[i]) && !*job_canceled(job);
        if (worth) {
            result = ask(resolving, providers[i], job, err);
            if (result)
                job_note_error(job, err->text);
        }
        provider_entry_unref(providers[i]);
    }
    free(providers);
    if (result)
        return result;
    job_progress(job, 1, 1);
    return 0;
}

static int find_provider(const struct torrents *torrents, struct error *err)
{
    struct provider_entry **providers;
    size_t n = registry_list(torrents->registry, &providers);
    bool can = false, in_service = false;
    for (size_t i = 0; i < n; i++) {
        if (provider_entry_can(providers[i], PROVIDER_CAN_RESOLVE)) {
            can = true;
            in_service = in_service || provider_entry_in_service(providers[i]);
        }
        provider_entry_unref(providers[i]);
    }
    free(providers);
    if (!can)
        return error_set(err, PROVIDER_ENOTSUP, "no provider here resolves magnets");
    if (!in_service)
        return error_set(err, PROVIDER_EBUSY, "no provider that resolves magnets is in service");
    return 0;
}

/* With the link in its normal form, and the hash it goes by. */
static int read_magnet(const char *text, struct magnet **out_magnet, struct text *out,
                       char hash[TORRENTS_HASH_SIZE], struct error *err)
{
    CLEANUP(magnet_free) struct magnet *magnet = NULL;
    struct error why = { 0 };
    if (magnet_parse(text, strlen(text), MAGNET_ALLOW_PRIVATE, &magnet, &why) != 0)
        return error_set(err, PROVIDER_EREFUSED, "the magnet: %s", why.text);
    if (!magnet_build(magnet, out))
        return error_set(err, PROVIDER_EREFUSED, "the magnet is too long");
    snprintf(hash, TORRENTS_HASH_SIZE, "%.40s", magnet->v1[0] ? magnet->v1 : magnet->v2);
    *out_magnet = steal(magnet);
    return 0;
}

/* --- Reading what is known */

int torrents_add(struct torrents *torrents, const char *magnet, char out_hash[TORRENTS_HASH_SIZE],
                 uint32_t *out_job, struct error *err)
{
    CLEANUP(text_done)
    struct text link = TEXT_INIT(MAGNET_LEN), json = TEXT_INIT(TORRENTS_MAX_JSON);
    CLEANUP(magnet_free) struct magnet *parsed = NULL;
    char hash[TORRENTS_HASH_SIZE];
    struct torrent_row row;
    bool joined;
    int failed = read_magnet(magnet, &parsed, &link, hash, err);
    if (failed)
        return failed;
    uint32_t job = 0;
    failed = torrent_find(torrents->store, hash, &row, &json, err);
    if (failed == PROVIDER_ENOTFOUND) {
        failed = find_provider(torrents, err);
        if (failed)
            return failed;
        struct resolving *resolving = mem_new(struct resolving);
        *resolving = (struct resolving){ .torrents = torrents, .magnet = text_take(&link) };
        memcpy(resolving->hash, hash, sizeof hash);
        failed = jobs_start(torrents->jobs, TORRENTS_JOB_RESOLVE, hash, NULL, resolve, resolving,
                            resolving_free, &job, &joined, err);
    } else if (!failed) {
        failed = torrents_learn_trackers(torrents, &row, &json, parsed, err);
    }
    if (failed)
        return failed;
    memcpy(out_hash, hash, sizeof hash);
    *out_job = job;
    return 0;
}

static const char *state_of(const struct torrents *torrents, const struct torrent_row *row)
{
    char hash[TORRENTS_HASH_SIZE];
    torrents_name(row, hash);
    return torrents->streams ? streams_state(torrents->streams, hash) : "idle";
}

int torrents_show(struct torrents *torrents, const char *infohash, struct text *out_json,
                  struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    return failed ? failed
                  : torrent_view_whole(torrents->store, &row, state_of(torrents, &row), json.bytes,
                                       json.len, out_json, err);
}

int torrents_file(struct torrents *torrents, const char *infohash, int64_t index, json_t **out,
                  struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    failed = failed ? failed : torrent_view_file(json.bytes, json.len, index, out, err);
    if (!failed)
        torrent_media_tell(torrents->store, &row, index, *out);
    return failed;
}

struct listing {
    struct torrent_listed {
        int64_t added_at_ms;
        uint8_t hash[TORRENT_HASH_LEN];
    } * rows;
    size_t n, capacity;
};

static int note(const struct torrent_row *row, const char *json UNUSED, size_t len UNUSED,
                void *context)
{
    struct listing *listing = context;
    if (listing->n == listing->capacity) {
        listing->capacity = listing->capacity ? listing->capacity * 2 : 64;
        listing->rows = mem_resize(listing->rows, listing->capacity, sizeof *listing->rows);
    }
    struct torrent_listed *listed = &listing->rows[listing->n++];
    listed->added_at_ms = row->added_at_ms;
    memcpy(listed->hash, row->hash, TORRENT_HASH_LEN);
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct torrent_listed *one = a, *other = b;
    if (one->added_at_ms != other->added_at_ms)
        return one->added_at_ms > other->added_at_ms ? -1 : 1;
    return memcmp(one->hash, other->hash, TORRENT_HASH_LEN);
}

/* One that was forgotten meanwhile is left out. */
static int add_row(const struct torrents *torrents, const struct torrent_listed *listed,
                   struct text *out, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    int failed = torrent_rows_get(torrents->store, listed->hash, &row, &json, err);
    if (failed)
        return failed == PROVIDER_ENOTFOUND ? 0 : failed;
    if (out->len > 1)
        text_add_char(out, ',');
    return torrent_view_short(&row, state_of(torrents, &row), json.bytes, json.len, out, err);
}

int torrents_list(struct torrents *torrents, uint32_t page, uint32_t limit, struct text *out_json,
                  uint64_t *out_total, struct error *err)
{
    struct listing listing = { 0 };
    int failed = torrent_rows_walk(torrents->store, note, &listing, err);
    if (listing.n)
        qsort(listing.rows, listing.n, sizeof *listing.rows, compare);
    text_clear(out_json);
    text_add_char(out_json, '[');
    uint64_t first = (uint64_t)(page - 1) * limit;
    for (uint64_t i = first; !failed && i < MIN(first + limit, (uint64_t)listing.n); i++)
        failed = add_row(torrents, &listing.rows[i], out_json, err);
    text_add_char(out_json, ']');
    *out_total = listing.n;
    free(listing.rows);
    return failed;
}

int torrents_hash(struct torrents *torrents, const char *infohash, char out[TORRENTS_HASH_SIZE],
                  struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    if (!failed)
        torrents_name(&row, out);
    return failed;
}

/* Whoever can stream may have some of it. */
static int forget_files(struct torrents *torrents, const char *hash, struct error *err)
{
    struct provider_entry **providers;
    size_t n = registry_list(torrents->registry, &providers);
    int result = 0;
    for (size_t i = 0; i < n; i++) {
        struct call_wait wait = { .deadline_ms = clock_steady_ms() + FORGET_MS };
        bool worth = !result && provider_entry_can(providers[i], PROVIDER_CAN_STREAM) &&
                     provider_entry_in_service(providers[i]);
        int failed = worth ? call_forget(providers[i], hash, &wait, err) : 0;
        if (failed == PROVIDER_EBUSY)
            result = error_set(err, PROVIDER_ECONFLICT, "the torrent is being read");
        else if (failed && failed != PROVIDER_ENOTFOUND && failed != PROVIDER_ENOTSUP)
            result = failed;
        provider_entry_unref(providers[i]);
    }
    free(providers);
    return result;
}

int torrents_forget(struct torrents *torrents, const char *infohash, bool with_files,
                    struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(TORRENTS_MAX_JSON);
    char hash[TORRENTS_HASH_SIZE];
    struct torrent_row row;
    int failed = torrent_find(torrents->store, infohash, &row, &json, err);
    if (failed)
        return failed;
    torrents_name(&row, hash);
    failed = with_files ? forget_files(torrents, hash, err) : 0;
    failed = failed ? failed : torrent_rows_delete(torrents->store, row.hash, err);
    if (failed == PROVIDER_ENOTFOUND)
        return error_set(err, PROVIDER_ENOTFOUND, "no torrent has this infohash");
    return failed;
}
