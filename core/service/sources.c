/* SPDX-License-Identifier: MIT */
#include "service/sources.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "conf/conf.h"
#include "index/fold.h"
#include "media/document.h"
#include "provider/registry.h"
#include "service/errands.h"
#include "service/intake.h"
#include "service/recollection.h"
#include "store/ids.h"

enum {
    NEGATIVE_TTL_MS = 60000, /* "nothing found" is remembered briefly */
    RESULTS = 20,            /* asked of each provider */
};

struct sources {
    struct catalog *catalog;
    struct registry *registry;
    const struct conf *conf;
    struct recollection *recollection;
};

struct sources *sources_new(struct catalog *catalog, struct registry *registry,
                            const struct conf *conf)
{
    struct sources *sources = mem_new(struct sources);
    *sources = (struct sources){ .catalog = catalog, .registry = registry, .conf = conf };
    sources->recollection = recollection_new();
    return sources;
}

void sources_free(struct sources *sources)
{
    if (!sources)
        return;
    recollection_unref(sources->recollection);
    free(sources);
}

/* One provider's search, as an errand.  The catalogue waits for its errands, who asked may be gone.
 */
struct quest {
    struct sources sources; /* a copy, with a reference of its own to what is remembered */
    char *key;
    char provider[32];
    uint32_t kind;
    struct query query;
    char *language;
    int32_t year; /* that all must be of; 0: any */

    struct intake_document documents[SOURCES_MAX_FOUND]; /* while it runs */
    size_t n_documents;

    /* How it went, once it is done. */
    bool heard, heard_fresh, heard_stale; /* what kinds of upstream answers the plugin got */
    uint32_t age_s;                       /* of the oldest */
    struct source_found found[SOURCES_MAX_FOUND];
    size_t n_found;
    uint64_t revision; /* of the store, with all of them */
};

static void quest_free(void *context)
{
    struct quest *quest = context;
    for (size_t i = 0; i < quest->n_documents; i++)
        json_decref(quest->documents[i].document);
    recollection_unref(quest->sources.recollection);
    free(quest->key);
    query_done(&quest->query);
    free(quest->language);
    free(quest);
}

static struct quest *quest_new(struct sources *sources, const struct sources_ask *ask,
                               const char *provider)
{
    struct quest *quest = mem_new(struct quest);
    quest->sources = *sources;
    recollection_ref(sources->recollection);
    quest->kind = ask->kind;
    query_read(ask->query->text, &quest->query);
    quest->language = mem_dup_text(ask->language);
    quest->year = ask->year;
    snprintf(quest->provider, sizeof quest->provider, "%s", provider);
    quest->key = mem_format("search/%s/%u/%d/%s/%s", provider, ask->kind, (int)ask->year,
                            ask->language ? ask->language : "", ask->query->text);
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

static void on_heard(void *context, uint32_t age_s, bool stale)
{
    struct quest *quest = context;
    quest->heard = true;
    quest->heard_fresh = quest->heard_fresh || (!age_s && !stale);
    quest->heard_stale = quest->heard_stale || stale;
    quest->age_s = MAX(quest->age_s, age_s);
}

/* Its title in a form that small differences of spelling do not change. */
static uint64_t hash_title(uint32_t kind, const char *title)
{
    CLEANUP(mem_free) struct fold *fold = mem_new(struct fold);
    CLEANUP(text_done) struct text key = TEXT_INIT(FOLD_MAX_WORDS * FOLD_WORD_LEN);
    fold_text(title, strlen(title), fold);
    text_add_format(&key, "%u", kind);
    for (size_t i = 0; i < fold->n; i++) {
        text_add_char(&key, ' ');
        text_add_string(&key, fold->words[i]);
    }
    return fold->n ? text_hash(key.bytes, key.len) : 0;
}

static struct source_found describe(const struct intake_document *in)
{
    const char *date = js_string(in->document, "release_date");
    const char *title = js_string(in->document, "title");
    if (!date)
        date = js_string(in->document, "first_air_date");
    int64_t year = js_int(in->document, "year", 0);
    if (date)
        year = strtol(date, NULL, 10);
    return (struct source_found){
        .id = in->item_id,
        .year = (int32_t)year,
        .runtime = (int32_t)js_int(in->document, "runtime", 0),
        .title = title ? hash_title(document_item_kind(in->kind, in->document), title) : 0,
    };
}

static bool has_found(const struct quest *quest, uint32_t id)
{
    for (size_t i = 0; i < quest->n_found; i++)
        if (quest->found[i].id == id)
            return true;
    return false;
}

static void note_found(struct quest *quest)
{
    for (size_t i = 0; i < quest->n_documents; i++)
        if (quest->documents[i].item_id && !has_found(quest, quest->documents[i].item_id))
            quest->found[quest->n_found++] = describe(&quest->documents[i]);
    quest->revision = store_revision(catalog_store(quest->sources.catalog));
}

/* Not what stands in for an upstream that is down: it may be up again for the next one. */
static void remember(struct quest *quest)
{
    const struct sources *sources = &quest->sources;
    int64_t said_at_ms = clock_steady_ms() - (int64_t)quest->age_s * 1000;
    int64_t ttl_ms = sources->conf->ttl_search_s * 1000;
    if (quest->heard_stale)
        return;
    if (!quest->n_found)
        ttl_ms = MIN(ttl_ms, NEGATIVE_TTL_MS);
    recollection_put(sources->recollection, quest->key, said_at_ms, said_at_ms + ttl_ms,
                     quest->revision, quest->found, quest->n_found);
}

/* --- Asking */

/* One search of the provider; what it finds is added to what was found before. */
struct way {
    const char *text;
    int32_t year;
};

/* A provider under way. */
struct turn {
    struct quest *quest;
    struct provider_entry *entry;
    struct call_wait wait;
};

static int go(struct turn *turn, struct way way, struct error *err)
{
    struct quest *quest = turn->quest;
    CLEANUP(mem_free) char *space = mem_dup_text(quest->query.id);
    char *value = space + strcspn(space, ":");
    if (*value)
        *value++ = '\0';
    struct provider_id id = { .space = space, .value = value };
    struct provider_query query = { .size = sizeof query,
                                    .kind = quest->kind,
                                    .text = way.text,
                                    .ids = *space ? &id : NULL,
                                    .n_ids = *space != '\0',
                                    .year = way.year,
                                    .season = -1,
                                    .episode = -1,
                                    .language = quest->language,
                                    .page = 1,
                                    .limit = RESULTS };
    struct call_sink sink = { .context = quest, .document = on_document, .heard = on_heard };
    int result = call_search(turn->entry, &query, &turn->wait, &sink, err);
    /* That nobody has this id is an answer. */
    return result == PROVIDER_ENOTFOUND && *space ? 0 : result;
}

/* Whether it found one of that name and that year. */
static bool found_named(const struct quest *quest, const char *name, int32_t year)
{
    for (size_t i = 0; i < quest->n_documents; i++) {
        const struct intake_document *in = &quest->documents[i];
        struct source_found found = describe(in);
        if (found.title && found.year == year &&
            found.title == hash_title(document_item_kind(in->kind, in->document), name))
            return true;
    }
    return false;
}

/* To an upstream a year is a filter, or a word like any other; here it is a hint.  So "charade
 * 1963" is asked as "charade" of 1963, then, unless that Charade was found, as it stands ("wonder
 * woman 1984" is of 2020), and at last without the year, which may be wrong.  Where any kind is
 * asked for the year is left out at once: services that list kinds together cannot filter by it,
 * and would be read page by page. */
static int go_by_hint(struct turn *turn, struct error *err)
{
    struct quest *quest = turn->quest;
    const struct query *query = &quest->query;
    int32_t year = quest->kind ? query->year : quest->year;
    int result = go(turn, (struct way){ query->words, year }, err);
    if (!result && !found_named(quest, query->words, query->year))
        result = go(turn, (struct way){ query->text, quest->year }, err);
    if (!result && !quest->n_documents && year != quest->year)
        result = go(turn, (struct way){ query->words, quest->year }, err);
    return result;
}

static int ask_provider(struct quest *quest, const volatile int *canceled, struct error *err)
{
    const struct sources *sources = &quest->sources;
    const struct query *query = &quest->query;
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sources->registry, quest->provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "it is no longer there");
    struct turn turn = { .quest = quest,
                         .entry = entry,
                         .wait = { .deadline_ms =
                                       clock_steady_ms() + sources->conf->fetch_timeout_ms,
                                   .canceled = canceled } };
    bool hints = query->words && (!quest->year || quest->year == query->year);
    int result =
        hints ? go_by_hint(&turn, err) : go(&turn, (struct way){ query->text, quest->year }, err);
    if (!quest->n_documents)
        return result;
    /* What was found before a failure is there for the next time. */
    int taken = catalog_take(sources->catalog, quest->provider, quest->documents,
                             quest->n_documents, NULL, NULL, result ? NULL : err);
    return result ? result : taken;
}

/* The same search may have ended between the look at what is remembered and the start of this one.
 */
static bool knows_already(struct quest *quest)
{
    CLEANUP(mem_free) struct source_answer *known = mem_new(struct source_answer);
    if (!recollection_get(quest->sources.recollection, quest->key, known))
        return false;
    quest->heard = true;
    quest->age_s = (uint32_t)known->age_s;
    quest->revision = known->revision;
    quest->n_found = known->n_found;
    memcpy(quest->found, known->found, known->n_found * sizeof *known->found);
    return true;
}

static int run_quest(void *context, const volatile int *canceled, struct error *err)
{
    struct quest *quest = context;
    if (knows_already(quest))
        return 0;
    int result = ask_provider(quest, canceled, err);
    note_found(quest);
    if (!result)
        remember(quest);
    return result;
}

const char *source_status(int result)
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

/* Why it is busy: it is out of service, or the upstream wants a rest. */
static void explain_busy(struct sources *sources, struct source_answer *answer)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(sources->registry, answer->provider);
    CLEANUP(mem_free) struct provider_status *status = mem_new(struct provider_status);
    if (!entry || !provider_entry_in_service(entry)) {
        answer->status = "error";
        return;
    }
    provider_entry_status(entry, status);
    bool open = status->upstream.circuit != UPSTREAM_CLOSED;
    int64_t until_ms = open ? status->upstream.circuit_until_ms : status->upstream.backoff_until_ms;
    if (open)
        answer->status = "circuit_open";
    answer->retry_after_s = MAX((until_ms - clock_wall_ms() + 999) / 1000, (int64_t)1);
}

static void explain(struct source_answer *answer, const struct error *why)
{
    snprintf(answer->detail, sizeof answer->detail, "%.*s", (int)sizeof answer->detail - 1,
             why->text);
}

/* A search under way at one provider. */
struct asked {
    struct errand *errand;
    int64_t started_ms;
};

/* Of a search that succeeded.  "cached" is what nobody asked the upstream for this time. */
static void report(const struct quest *quest, struct source_answer *out)
{
    if (quest->heard_stale)
        out->status = "stale";
    else if (quest->heard && !quest->heard_fresh)
        out->status = "cached";
    out->age_s = quest->heard_stale || !quest->heard_fresh ? quest->age_s : 0;
    out->revision = quest->revision;
    out->n_found = quest->n_found;
    memcpy(out->found, quest->found, quest->n_found * sizeof *quest->found);
}

int64_t source_took_ms(struct errand *errand, int64_t started_ms)
{
    int64_t ended_ms = errand_ended_ms(errand);
    return MAX((ended_ms ? ended_ms : clock_steady_ms()) - started_ms, (int64_t)0);
}

/* Who was merged into another since is that other. */
static void follow_merges(struct sources *sources, struct source_answer *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->n_found; i++) {
        struct source_found found = out->found[i];
        bool known = false;
        redirects_find(catalog_store(sources->catalog), found.id, &found.id, NULL);
        for (size_t k = 0; k < kept && !known; k++)
            known = out->found[k].id == found.id;
        if (!known)
            out->found[kept++] = found;
    }
    out->n_found = kept;
}

static void collect(struct sources *sources, struct asked *asked, int64_t deadline_ms,
                    struct source_answer *out)
{
    struct error why = { 0 };
    int result = errand_wait(asked->errand, deadline_ms, &why);
    out->status = source_status(result);
    out->ms = source_took_ms(asked->errand, asked->started_ms);
    if (result)
        explain(out, &why);
    else
        report(errand_context(asked->errand), out);
    if (result == PROVIDER_EBUSY)
        explain_busy(sources, out);
    errand_unref(asked->errand);
}

/* Starts one provider's search, unless its answer is remembered; false when the queue is full. */
static bool start(struct sources *sources, struct errands_seat *seat, const struct sources_ask *ask,
                  const char *provider, struct source_answer *out, struct asked *asked,
                  struct error *err)
{
    *out = (struct source_answer){ .status = "ok" };
    snprintf(out->provider, sizeof out->provider, "%s", provider);
    struct quest *quest = quest_new(sources, ask, provider);
    asked->started_ms = clock_steady_ms();
    if (recollection_get(sources->recollection, quest->key, out)) {
        quest_free(quest);
        return true;
    }
    CLEANUP(mem_free) char *key = mem_dup_text(quest->key);
    asked->errand = errands_start(catalog_errands(sources->catalog), seat, key, run_quest, quest,
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
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    struct asked asked[SOURCES_MAX] = { 0 };
    size_t n = list_searchers(sources, names);
    size_t refused = 0;
    struct error why = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!start(sources, &seat, ask, names[i], &out[i], &asked[i], &why)) {
            out[i].status = "rate_limited";
            out[i].retry_after_s = 1;
            explain(&out[i], &why);
            refused++;
        }
    for (size_t i = 0; i < n; i++) {
        if (asked[i].errand)
            collect(sources, &asked[i], ask->deadline_ms, &out[i]);
        follow_merges(sources, &out[i]);
    }
    *out_n = n;
    return n && refused == n ? error_set(err, PROVIDER_EBUSY, "%s", why.text) : 0;
}

void source_answer_write(const struct source_answer *source, struct text *out)
{
    text_add_string(out, out->len > 1 ? ",{\"provider\":" : "{\"provider\":");
    text_add_json_string(out, source->provider);
    text_add_format(out, ",\"status\":\"%s\",\"ms\":%lld,\"count\":%zu", source->status,
                    (long long)source->ms, source->n_found);
    if (source->age_s)
        text_add_format(out, ",\"age_s\":%lld", (long long)source->age_s);
    if (source->retry_after_s)
        text_add_format(out, ",\"retry_after_s\":%lld", (long long)source->retry_after_s);
    if (*source->detail) {
        text_add_string(out, ",\"detail\":");
        text_add_json_string(out, source->detail);
    }
    text_add_char(out, '}');
}

bool source_answer_is_one(const struct source_answer *source)
{
    return text_equal(source->status, "ok") || text_equal(source->status, "cached") ||
           text_equal(source->status, "unsupported");
}
