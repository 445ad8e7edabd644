/* SPDX-License-Identifier: MIT */
#include "service/sources.h"

#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/lock.h"
#include "conf/conf.h"
#include "provider/registry.h"
#include "service/errands.h"
#include "service/intake.h"

enum {
    MAX_MEMORIES = 2000,     /* remembered answers; the oldest go first */
    NEGATIVE_TTL_MS = 60000, /* "nothing found" and failures are remembered briefly */
    RESULTS = 20,            /* asked of each provider */
};

/* What a provider answered a query, or how it failed. */
struct memory {
    char *key;
    int64_t at_ms, until_ms; /* steady */
    int result;
    struct error err;
    uint32_t found[SOURCES_MAX_FOUND];
    size_t n_found;
    struct memory *prev, *next; /* oldest first */
    UT_hash_handle hh;
};

struct sources {
    struct catalog *catalog;
    struct registry *registry;
    const struct conf *conf;
    struct lock lock; /* guards the memories */
    struct memory *by_key, *by_age;
};

struct sources *sources_new(struct catalog *catalog, struct registry *registry,
                            const struct conf *conf)
{
    struct sources *sources = mem_new(struct sources);
    *sources = (struct sources){ .catalog = catalog, .registry = registry, .conf = conf };
    lock_init(&sources->lock);
    return sources;
}

static void forget(struct sources *sources, struct memory *memory) REQUIRES(sources->lock)
{
    HASH_DEL(sources->by_key, memory);
    DL_DELETE(sources->by_age, memory);
    free(memory->key);
    free(memory);
}

void sources_free(struct sources *sources)
{
    if (!sources)
        return;
    lock_take(&sources->lock);
    while (sources->by_age)
        forget(sources, sources->by_age);
    lock_release(&sources->lock);
    lock_done(&sources->lock);
    free(sources);
}

/* One provider's search, as an errand. */
struct quest {
    struct sources *sources;
    char *key;
    char provider[32];
    uint32_t kind;
    char *text, *language;
    int32_t year;

    struct intake_document documents[SOURCES_MAX_FOUND]; /* while it runs */
    size_t n_documents;
};

static void quest_free(void *context)
{
    struct quest *quest = context;
    for (size_t i = 0; i < quest->n_documents; i++)
        json_decref(quest->documents[i].document);
    free(quest->key);
    free(quest->text);
    free(quest->language);
    free(quest);
}

static struct quest *quest_new(struct sources *sources, const struct sources_ask *ask,
                               const char *provider)
{
    struct quest *quest = mem_new(struct quest);
    quest->sources = sources;
    quest->kind = ask->kind;
    quest->text = mem_dup_text(ask->text);
    quest->language = mem_dup_text(ask->language);
    quest->year = ask->year;
    snprintf(quest->provider, sizeof quest->provider, "%s", provider);
    quest->key = mem_format("search/%s/%u/%d/%s/%s", provider, ask->kind, (int)ask->year,
                            ask->language ? ask->language : "", ask->text);
    return quest;
}

static int on_document(void *context, uint32_t kind, uint32_t flags, json_t *document,
                       struct error *err UNUSED)
{
    struct quest *quest = context;
    if (quest->n_documents < SOURCES_MAX_FOUND)
        quest->documents[quest->n_documents++] = (struct intake_document){
            .kind = kind, .flags = flags, .document = json_incref(document)
        };
    return 0;
}

static void remember(struct quest *quest, int result, const struct error *err)
{
    struct sources *sources = quest->sources;
    struct memory *memory = mem_new(struct memory);
    int64_t now_ms = clock_steady_ms();
    bool found = result == 0 && quest->n_documents;
    *memory = (struct memory){
        .key = mem_dup_text(quest->key),
        .at_ms = now_ms,
        .until_ms = now_ms + (found ? sources->conf->ttl_search_s * 1000 : NEGATIVE_TTL_MS),
        .result = result,
    };
    if (result)
        memory->err = *err;
    for (size_t i = 0; i < quest->n_documents; i++)
        if (quest->documents[i].item_id)
            memory->found[memory->n_found++] = quest->documents[i].item_id;
    LOCK_SCOPE(&sources->lock);
    struct memory *old;
    HASH_FIND_STR(sources->by_key, memory->key, old);
    if (old)
        forget(sources, old);
    if (HASH_COUNT(sources->by_key) >= MAX_MEMORIES)
        forget(sources, sources->by_age);
    HASH_ADD_KEYPTR(hh, sources->by_key, memory->key, strlen(memory->key), memory);
    DL_APPEND(sources->by_age, memory);
}

static int ask_provider(struct quest *quest, const volatile int *canceled, struct error *err)
{
    struct sources *sources = quest->sources;
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sources->registry, quest->provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "it is no longer there");
    struct provider_query query = { .size = sizeof query,
                                    .kind = quest->kind,
                                    .text = quest->text,
                                    .year = quest->year,
                                    .season = -1,
                                    .episode = -1,
                                    .language = quest->language,
                                    .page = 1,
                                    .limit = RESULTS };
    struct call_sink sink = { .context = quest, .document = on_document };
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + sources->conf->fetch_timeout_ms,
                              .canceled = canceled };
    int result = call_search(entry, &query, &wait, &sink, err);
    if (result || !quest->n_documents)
        return result;
    return catalog_take(sources->catalog, quest->provider, quest->documents, quest->n_documents,
                        NULL, NULL, err);
}

static int run_quest(void *context, const volatile int *canceled, struct error *err)
{
    struct quest *quest = context;
    int result = ask_provider(quest, canceled, err);
    if (result != PROVIDER_ECANCEL)
        remember(quest, result, err);
    return result;
}

static const char *status_of(int result)
{
    switch (result) {
    case 0:
        return "ok";
    case PROVIDER_ETIME:
        return "timeout";
    case PROVIDER_EBUSY:
        return "rate_limited";
    case PROVIDER_ENOTSUP:
        return "unsupported";
    default:
        return "error";
    }
}

/* Why it is busy is the upstream's to say. */
static void explain_busy(struct sources *sources, struct source_answer *answer)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sources->registry, answer->provider);
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    if (!entry)
        return;
    provider_entry_status(entry, status);
    bool open = status->upstream.circuit != UPSTREAM_CLOSED;
    int64_t until_ms = open ? status->upstream.circuit_until_ms : status->upstream.backoff_until_ms;
    if (open)
        answer->status = "circuit_open";
    answer->retry_after_s = MAX((until_ms - clock_wall_ms() + 999) / 1000, (int64_t)1);
}

static bool recall(struct sources *sources, const char *key, struct source_answer *out)
{
    LOCK_SCOPE(&sources->lock);
    struct memory *memory;
    HASH_FIND_STR(sources->by_key, key, memory);
    if (!memory)
        return false;
    int64_t now_ms = clock_steady_ms();
    if (now_ms >= memory->until_ms) {
        forget(sources, memory);
        return false;
    }
    out->status = memory->result ? status_of(memory->result) : "cached";
    out->age_s = (now_ms - memory->at_ms) / 1000;
    out->n_found = memory->n_found;
    memcpy(out->found, memory->found, memory->n_found * sizeof *memory->found);
    if (memory->result)
        snprintf(out->detail, sizeof out->detail, "%.*s", (int)sizeof out->detail - 1,
                 memory->err.text);
    return true;
}

/* A search under way at one provider. */
struct asked {
    struct errand *errand;
    char *key;
    int64_t started_ms;
};

static void collect(struct sources *sources, struct asked *asked, int64_t deadline_ms,
                    struct source_answer *out)
{
    struct error why = { 0 };
    int result = errand_wait(asked->errand, deadline_ms, &why);
    if (!recall(sources, asked->key, out) && result)
        snprintf(out->detail, sizeof out->detail, "%.*s", (int)sizeof out->detail - 1, why.text);
    out->status = status_of(result);
    out->ms = clock_steady_ms() - asked->started_ms;
    if (result == PROVIDER_EBUSY)
        explain_busy(sources, out);
    errand_unref(asked->errand);
}

/* Starts one provider's search, unless its answer is remembered; false when the queue is full. */
static bool start(struct sources *sources, const struct sources_ask *ask, const char *provider,
                  struct source_answer *out, struct asked *asked, struct error *err)
{
    *out = (struct source_answer){ .status = "ok" };
    snprintf(out->provider, sizeof out->provider, "%s", provider);
    struct quest *quest = quest_new(sources, ask, provider);
    asked->key = mem_dup_text(quest->key);
    asked->started_ms = clock_steady_ms();
    if (recall(sources, quest->key, out)) {
        quest_free(quest);
        if (text_equal(out->status, "rate_limited"))
            explain_busy(sources, out);
        return true;
    }
    asked->errand = errands_start(catalog_errands(sources->catalog), asked->key, run_quest, quest,
                                  quest_free, err);
    return asked->errand != NULL;
}

static size_t list_searchers(struct sources *sources, char names[SOURCES_MAX][32])
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(sources->registry, &entries), kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept < SOURCES_MAX && provider_entry_can(entries[i], PROVIDER_CAN_SEARCH))
            snprintf(names[kept++], sizeof names[0], "%s", provider_entry_name(entries[i]));
        provider_entry_unref(entries[i]);
    }
    return kept;
}

int sources_search(struct sources *sources, const struct sources_ask *ask,
                   struct source_answer *out, size_t *out_n, struct error *err)
{
    char names[SOURCES_MAX][32];
    struct asked asked[SOURCES_MAX] = { 0 };
    size_t n = list_searchers(sources, names);
    size_t refused = 0;
    struct error why = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!start(sources, ask, names[i], &out[i], &asked[i], &why)) {
            out[i].status = "rate_limited";
            out[i].retry_after_s = 1;
            snprintf(out[i].detail, sizeof out[i].detail, "%.*s", (int)sizeof out[i].detail - 1,
                     why.text);
            refused++;
        }
    for (size_t i = 0; i < n; i++) {
        if (asked[i].errand)
            collect(sources, &asked[i], ask->deadline_ms, &out[i]);
        free(asked[i].key);
    }
    *out_n = n;
    return n && refused == n ? error_set(err, PROVIDER_EBUSY, "%s", why.text) : 0;
}
