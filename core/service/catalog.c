/* SPDX-License-Identifier: MIT */
#include "service/catalog.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "conf/conf.h"
#include "media/card.h"
#include "media/ids.h"
#include "provider/registry.h"
#include "service/denials.h"
#include "service/errands.h"
#include "service/freshness.h"
#include "service/intake.h"
#include "service/obtain.h"
#include "service/releases.h"
#include "service/show_parts.h"
#include "store/ids.h"

enum { STALE_WAIT_MS = 1000, MAX_PAGE = 8 << 20 };

#define FETCH_LANE "fetch/item" /* of the errands */

/* Whoever began with an older one may still be at it, so all of them stay. */
struct policy {
    struct derive_policy derive;
    struct policy *older;
};

struct catalog {
    struct store *store;
    struct registry *registry;
    struct index *index;
    const struct conf *conf;
    struct policy *policy; /* atomic: the newest */
    struct errands *errands;
    struct denials *denials;
    struct answers *answers;
};

struct catalog *catalog_new(struct store *store, struct registry *registry, struct index *index,
                            const struct conf *conf)
{
    struct catalog *catalog = mem_new(struct catalog);
    *catalog =
        (struct catalog){ .store = store, .registry = registry, .index = index, .conf = conf };
    catalog_set_policy(catalog, conf);
    catalog->denials = denials_new();
    /* The other half of the threads reads the store. */
    catalog->errands = errands_new((unsigned)conf->slow_workers, (unsigned)conf->slow_queue_len,
                                   (unsigned)conf->http_threads / 2);
    return catalog;
}

void catalog_keep_cards(struct catalog *catalog, struct answers *answers)
{
    catalog->answers = answers;
}

struct answers *catalog_answers(struct catalog *catalog)
{
    return catalog->answers;
}

void catalog_stop(struct catalog *catalog)
{
    errands_stop(catalog->errands);
}

void catalog_free(struct catalog *catalog)
{
    if (!catalog)
        return;
    errands_free(catalog->errands);
    denials_free(catalog->denials);
    while (catalog->policy) {
        struct policy *newest = catalog->policy;
        catalog->policy = newest->older;
        free(newest);
    }
    free(catalog);
}

void catalog_set_policy(struct catalog *catalog, const struct conf *conf)
{
    struct policy *policy = mem_new(struct policy);
    derive_policy_init(&policy->derive, conf);
    policy->older = catalog->policy;
    __atomic_store_n(&catalog->policy, policy, __ATOMIC_RELEASE);
}

const struct derive_policy *catalog_policy(struct catalog *catalog)
{
    return &__atomic_load_n(&catalog->policy, __ATOMIC_ACQUIRE)->derive;
}

struct store *catalog_store(struct catalog *catalog)
{
    return catalog->store;
}

bool catalog_is_fresh(struct catalog *catalog, struct item_header *header)
{
    return freshness_is_fresh(catalog->store, catalog_policy(catalog), header);
}

struct index *catalog_index(struct catalog *catalog)
{
    return catalog->index;
}

struct errands *catalog_errands(struct catalog *catalog)
{
    return catalog->errands;
}

void catalog_queue_status(struct catalog *catalog, struct errands_status *out)
{
    errands_status(catalog->errands, out);
}

/* Items with fewer votes than the configuration wants are not listed and not found. */
void catalog_restrict(struct catalog *catalog, struct filter *filter)
{
    filter->votes_min = MAX(filter->votes_min, (int32_t)catalog->conf->catalogue_min_votes);
}

/* --- Names */

static int find_number(struct catalog *catalog, uint32_t id, struct catalog_name *out,
                       struct error *err)
{
    uint32_t survivor;
    int result = redirects_find(catalog->store, id, &survivor, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    *out = (struct catalog_name){ .id = result ? id : survivor, .moved_from = result ? 0 : id };
    return 0;
}

int catalog_find(struct catalog *catalog, uint32_t kind, const char *id_text,
                 struct catalog_name *out, struct error *err)
{
    int64_t number;
    if (text_to_int(id_text, 1, UINT32_MAX, &number))
        return find_number(catalog, (uint32_t)number, out, err);
    struct catalog_name name = { 0 };
    if (!ids_parse(id_text, name.external))
        return error_set(err, PROVIDER_EINVAL,
                         "'%s' is no id: give a number, tmdb:603, imdb:tt0133093 or tt0133093",
                         id_text);
    int result = external_ids_find(catalog->store, kind, name.external, &name.id, err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    if (!result)
        redirects_find(catalog->store, name.id, &name.id, NULL);
    *out = name;
    return 0;
}

/* --- Fetching on demand */

struct demand {
    struct catalog *catalog;
    uint32_t kind, item_id; /* item 0: by external id */
    char external[IDS_TEXT_LEN];
};

/* A fetch that ended between the look into the store and this one may have brought it. */
static bool is_there(const struct demand *demand)
{
    struct catalog *catalog = demand->catalog;
    struct catalog_name name;
    struct item_header header;
    struct error ignored;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    return catalog_find(catalog, demand->kind, demand->external, &name, &ignored) == 0 && name.id &&
           items_get(catalog->store, name.id, &header, &body, &ignored) == 0;
}

static int run_demand(void *context, const volatile int *canceled, struct error *err)
{
    struct demand *demand = context;
    struct catalog *catalog = demand->catalog;
    struct obtain obtain = {
        .store = catalog->store,
        .registry = catalog->registry,
        .policy = catalog_policy(catalog),
        .deadline_ms = clock_steady_ms() + catalog->conf->fetch_timeout_ms,
        .canceled = canceled,
    };
    uint32_t got;
    if (demand->item_id)
        return obtain_known(&obtain, demand->item_id, NULL, err);
    if (is_there(demand))
        return 0;
    int result = obtain_unknown(&obtain, demand->kind, demand->external, &got, err);
    if (result == PROVIDER_ENOTFOUND)
        denials_put(catalog->denials, demand->kind, demand->external, clock_steady_ms());
    if (result == PROVIDER_ENOTSUP)
        return error_set(err, PROVIDER_ENOTFOUND, "no provider is in service that could know '%s'",
                         demand->external);
    return result;
}

/* One fetch for many waiters; who gives up leaves it running. */
static int demand_item(struct catalog *catalog, uint32_t kind, uint32_t item_id,
                       const char *external, int64_t deadline_ms, struct error *err)
{
    if (!item_id && denials_has(catalog->denials, kind, external, clock_steady_ms()))
        return error_set(err, PROVIDER_ENOTFOUND, "nobody knew '%s' a moment ago", external);
    struct demand *demand = mem_new(struct demand);
    *demand = (struct demand){ .catalog = catalog, .kind = kind, .item_id = item_id };
    snprintf(demand->external, sizeof demand->external, "%s", external);
    CLEANUP(mem_free) char *key = mem_format(FETCH_LANE "/%u/%u/%s", kind, item_id, external);
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    CLEANUP(errand_unref)
    struct errand *errand =
        errands_start(catalog->errands, &seat, key, run_demand, demand, free, err);
    return errand ? errand_wait(errand, deadline_ms, err) : PROVIDER_EBUSY;
}

static int find_or_demand(struct catalog *catalog, const struct catalog_ask *ask,
                          struct catalog_name *out, struct error *err)
{
    int result = catalog_find(catalog, ask->kind, ask->id_text, out, err);
    if (result || out->id)
        return result;
    if (ask->stored_only)
        return error_set(err, PROVIDER_ENOTFOUND, "'%s' is not in the store", ask->id_text);
    result = demand_item(catalog, ask->kind, 0, out->external, ask->deadline_ms, err);
    if (result)
        return result;
    result = catalog_find(catalog, ask->kind, ask->id_text, out, err);
    if (!result && !out->id)
        return error_set(err, PROVIDER_ENOTFOUND, "nobody knows '%s'", ask->id_text);
    return result;
}

/* --- One item */

void catalog_item_done(struct catalog_item *item)
{
    text_done(&item->json);
}

static int read_item(struct catalog *catalog, const struct catalog_ask *ask, uint32_t id,
                     struct item_header *header, struct text *body, struct error *err)
{
    int result = items_get(catalog->store, id, header, body, err);
    if (result == PROVIDER_ENOTFOUND || (!result && header->kind != ask->kind))
        return error_set(err, PROVIDER_ENOTFOUND, "there is no item '%s' of this kind",
                         ask->id_text);
    return result;
}

/* As read_item(); what a provider only named so far is fetched first. */
static int read_or_demand(struct catalog *catalog, const struct catalog_ask *ask,
                          struct catalog_name *name, struct item_header *header, struct text *body,
                          struct error *err)
{
    int result = read_item(catalog, ask, name->id, header, body, err);
    if (result != PROVIDER_ENOTFOUND || !*name->external || ask->stored_only)
        return result;
    result = demand_item(catalog, ask->kind, 0, name->external, ask->deadline_ms, err);
    if (!result)
        result = catalog_find(catalog, ask->kind, ask->id_text, name, err);
    return result ? result : read_item(catalog, ask, name->id, header, body, err);
}

/* How long a reader of a stale copy waits for a fresh one: not at all behind others who have waited
 * that long, for whatever item; then it comes with the next reader. */
static int64_t patience_end_ms(struct catalog *catalog)
{
    int64_t now_ms = clock_steady_ms();
    bool lags = errands_oldest_ms(catalog->errands, FETCH_LANE) < now_ms - STALE_WAIT_MS;
    return lags ? now_ms : now_ms + STALE_WAIT_MS;
}

/* Asks the providers when what we have is only a title or has expired.  Nothing new is no failure
 * here: there is something to show.  The answer may tie the item to another, which survives. */
static void freshen(struct catalog *catalog, const struct catalog_ask *ask,
                    struct item_header *header, struct text *body, uint32_t *out_moved_to)
{
    bool title_only = header->flags & ITEM_TITLE_ONLY;
    if (ask->stored_only || freshness_is_fresh(catalog->store, catalog_policy(catalog), header))
        return;
    int64_t deadline_ms =
        title_only ? ask->deadline_ms : MIN(ask->deadline_ms, patience_end_ms(catalog));
    struct error ignored;
    struct item_header now;
    CLEANUP(text_done) struct text fresh = TEXT_INIT(DERIVE_MAX_LEN);
    demand_item(catalog, header->kind, header->id, "", deadline_ms, &ignored);
    redirects_find(catalog->store, header->id, out_moved_to, &ignored);
    if (items_get(catalog->store, header->id, &now, &fresh, &ignored))
        return;
    *header = now;
    freshness_is_fresh(catalog->store, catalog_policy(catalog), header);
    text_done(body);
    *body = fresh;
    fresh = (struct text){ 0 };
}

/* Provenance is rare to ask for and changes with every fetch, so it is derived when asked for
 * instead of stored. */
static int write_provenance(struct catalog *catalog, uint32_t id, struct text *out,
                            struct error *err)
{
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    int result = records_walk(catalog->store, id, derive_gather, &gathering, err);
    json_auto_t *said = NULL;
    if (!result)
        json_decref(merge_records(gathering.records.rows, gathering.records.n,
                                  &catalog_policy(catalog)->merge, &said));
    if (result)
        return result;
    text_add_string(out, ",\"provenance\":");
    return js_write(said, out) ? 0 : error_set(err, PROVIDER_ELIMIT, "provenance is too long");
}

/* What is shown with an item and is no part of it. */
static int write_extra(struct catalog *catalog, const struct catalog_ask *ask,
                       const struct item_header *header, const struct text *body,
                       struct text *extra, struct error *err)
{
    struct card_facts facts = { 0 };
    card_facts_read(body->bytes, body->len, &facts);
    int result =
        releases_write_best(catalog->store, header->id, (unsigned)facts.runtime, extra, err);
    return result || !ask->provenance ? result : write_provenance(catalog, header->id, extra, err);
}

/* Releases, provenance and seasons change also when the item does not; of the seasons its revision
 * tells. */
static void make_etag(const struct item_header *header, const struct catalog_ask *ask,
                      const struct text *extra, char out[36])
{
    char key[LANGUAGE_LEN * LANGUAGE_WISHES + LANGUAGE_WISHES];
    language_wish_key(ask->wish, key, sizeof key);
    uint64_t wish = text_hash(key, strlen(key));
    uint64_t said = text_hash(extra->bytes, extra->len);
    if (header->kind == PROVIDER_TVSHOW)
        said ^= text_hash(&header->revision, sizeof header->revision);
    snprintf(out, 36, "%016llx%08x%02x", (unsigned long long)(header->content_hash ^ said),
             (unsigned)(wish ^ wish >> 32), ask->provenance);
}

static int render_item(struct catalog *catalog, const struct catalog_ask *ask,
                       const struct item_header *header, const struct text *body,
                       const struct text *extra, struct catalog_item *out, struct error *err)
{
    struct card_facts facts;
    if (!card_facts_read(body->bytes, body->len, &facts) ||
        !card_render(body->bytes, body->len, ask->wish, text_string(extra), &out->json,
                     out->language))
        return error_set(err, PROVIDER_EIO, "item %u cannot be read: run miauflixctl verify",
                         header->id);
    const struct season_reader reader = { ask->wish, facts.original_language };
    return header->kind == PROVIDER_TVSHOW
               ? show_parts_put(catalog, header->id, &reader, &out->json, err)
               : 0;
}

/* The tag, and the item unless that is the one the client has. */
static int show_item(struct catalog *catalog, const struct catalog_ask *ask,
                     const struct item_header *header, const struct text *body,
                     struct catalog_item *out, struct error *err)
{
    CLEANUP(text_done) struct text extra = TEXT_INIT(MAX_PAGE);
    int result = write_extra(catalog, ask, header, body, &extra, err);
    if (result)
        return result;
    make_etag(header, ask, &extra, out->etag);
    out->not_modified = text_equal(ask->if_none_match, out->etag);
    return out->not_modified ? 0 : render_item(catalog, ask, header, body, &extra, out, err);
}

int catalog_item(struct catalog *catalog, const struct catalog_ask *ask, struct catalog_item *out,
                 struct error *err)
{
    struct catalog_name name;
    int result = find_or_demand(catalog, ask, &name, err);
    if (result)
        return result;
    *out = (struct catalog_item){ .json = TEXT_INIT(MAX_PAGE), .id = name.id };
    if (name.moved_from) {
        out->moved_to = name.id;
        return 0;
    }
    struct item_header header;
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    result = read_or_demand(catalog, ask, &name, &header, &body, err);
    if (result)
        return result;
    out->id = name.id;
    freshen(catalog, ask, &header, &body, &out->moved_to);
    if (out->moved_to)
        return 0;
    int64_t left_ms = header.expires_at_ms - clock_wall_ms();
    out->stale = left_ms <= 0 && !(header.flags & ITEM_GONE);
    out->fresh_s = MAX(left_ms / 1000, 0);
    out->updated_at_ms = header.updated_at_ms;
    return show_item(catalog, ask, &header, &body, out, err);
}

/* --- Pages */

int catalog_take(struct catalog *catalog, const char *provider, struct intake_document *documents,
                 size_t n, const char *scope, const char *cursor, struct error *err)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(catalog->registry, provider);
    struct intake_batch batch = {
        .store = catalog->store,
        .policy = catalog_policy(catalog),
        .provider = provider,
        .can_fetch = entry && provider_entry_can(entry, PROVIDER_CAN_FETCH),
        .known_only = text_equal(catalog->conf->catalogue_scope, "popular"),
        .documents = documents,
        .n = n,
        .scope = scope,
        .cursor = cursor,
    };
    return intake_take(&batch, err);
}

int catalog_fetch(struct catalog *catalog, const char *provider, uint32_t item_id,
                  int64_t deadline_ms, const volatile int *canceled, struct error *err)
{
    struct obtain obtain = {
        .store = catalog->store,
        .registry = catalog->registry,
        .policy = catalog_policy(catalog),
        .deadline_ms = deadline_ms,
        .canceled = canceled,
        .background = true,
    };
    return obtain_known(&obtain, item_id, provider, err);
}

void catalog_park(struct catalog *catalog, const char *provider, uint32_t item_id)
{
    struct error err;
    if (intake_park(catalog->store, provider, item_id, &err))
        log_warning("sync", "cannot park item %u: %s, it is tried again", item_id, err.text);
}
