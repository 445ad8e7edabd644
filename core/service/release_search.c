/* SPDX-License-Identifier: MIT */
#include "service/release_search.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "conf/conf.h"
#include "media/ids.h"
#include "provider/registry.h"
#include "service/errands.h"
#include "service/intake.h"
#include "service/recollection.h"

enum { MAX_IDS = 16, MAX_TITLE = 512, MAX_DOCUMENTS = INTAKE_MAX_DOCUMENTS };

struct release_search {
    struct catalog *catalog;
    struct registry *registry;
    const struct conf *conf;
    struct recollection *recollection;
};

struct release_search *release_search_new(struct catalog *catalog, struct registry *registry,
                                          const struct conf *conf)
{
    struct release_search *search = mem_new(struct release_search);
    *search = (struct release_search){ .catalog = catalog, .registry = registry, .conf = conf };
    search->recollection = recollection_new();
    return search;
}

void release_search_free(struct release_search *search)
{
    if (!search)
        return;
    recollection_unref(search->recollection);
    free(search);
}

/* What is asked of one provider, as an errand.  The catalogue waits for its errands, who asked may
 * be gone. */
struct quest {
    struct release_search search; /* a copy, with a reference of its own to what is remembered */
    char provider[32];
    struct releases_ask ask;
    char *key;

    char ids[MAX_IDS][IDS_TEXT_LEN]; /* "imdb" NUL "tt0133093" */
    size_t n_ids;
    char title[MAX_TITLE];
    int32_t year;

    struct intake_document documents[MAX_DOCUMENTS];
    size_t n_documents;
    struct source_found found[SOURCES_MAX_FOUND]; /* the item, once for each of its releases */
    size_t n_found;
};

static void quest_free(void *context)
{
    struct quest *quest = context;
    for (size_t i = 0; i < quest->n_documents; i++)
        json_decref(quest->documents[i].document);
    recollection_unref(quest->search.recollection);
    free(quest->key);
    free(quest);
}

/* --- What the item is called */

static int note_id(const char *text, void *context)
{
    struct quest *quest = context;
    size_t colon = strcspn(text, ":");
    for (size_t i = 0; i < quest->n_ids; i++)
        if (strcmp(quest->ids[i], text) == 0)
            return 0;
    if (quest->n_ids < MAX_IDS && text[colon])
        snprintf(quest->ids[quest->n_ids++], IDS_TEXT_LEN, "%s", text);
    return 0;
}

static int note_record(const struct record_header *header UNUSED, const char *json, size_t len,
                       void *context)
{
    struct quest *quest = context;
    json_auto_t *document = json_loadb(json, len, 0, NULL);
    const char *title = js_string(document, "title"), *date = js_string(document, "release_date");
    ids_each(js_object(document, "ids"), note_id, quest);
    if (title && !*quest->title)
        snprintf(quest->title, sizeof quest->title, "%s", title);
    if (!quest->year)
        quest->year = (int32_t)(date ? strtol(date, NULL, 10) : (long)js_int(document, "year", 0));
    return 0;
}

/* --- One provider */

static int on_document(void *context, uint32_t kind, uint32_t flags, json_t *document,
                       struct error *err UNUSED)
{
    struct quest *quest = context;
    if (quest->n_documents < MAX_DOCUMENTS)
        quest->documents[quest->n_documents++] = (struct intake_document){
            .kind = kind,
            .flags = flags,
            .document = json_incref(document),
            .about = quest->ask.item,
        };
    return 0;
}

static int ask_provider(struct quest *quest, const volatile int *canceled, struct error *err)
{
    const struct release_search *search = &quest->search;
    struct provider_id ids[MAX_IDS];
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(search->registry, quest->provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "it is no longer there");
    for (size_t i = 0; i < quest->n_ids; i++) {
        char *colon = strchr(quest->ids[i], ':');
        *colon = '\0';
        ids[i] = (struct provider_id){ .space = quest->ids[i], .value = colon + 1 };
    }
    struct provider_query query = { .size = sizeof query,
                                    .kind = PROVIDER_RELEASE,
                                    .text = *quest->title ? quest->title : NULL,
                                    .ids = ids,
                                    .n_ids = (uint32_t)quest->n_ids,
                                    .year = quest->year,
                                    .season = quest->ask.season,
                                    .episode = quest->ask.episode,
                                    .page = 1,
                                    .limit = MAX_DOCUMENTS };
    struct call_sink sink = { .context = quest, .document = on_document };
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + search->conf->fetch_timeout_ms,
                              .canceled = canceled };
    int result = call_search(entry, &query, &wait, &sink, err);
    if (result || !quest->n_documents)
        return result;
    return catalog_take(search->catalog, quest->provider, quest->documents, quest->n_documents,
                        NULL, NULL, err);
}

/* That it cannot be asked for releases is as good as an answer. */
static int run_quest(void *context, const volatile int *canceled, struct error *err)
{
    struct quest *quest = context;
    const struct release_search *search = &quest->search;
    int result =
        records_walk(catalog_store(search->catalog), quest->ask.item, note_record, quest, err);
    if (!result)
        result = ask_provider(quest, canceled, err);
    if (result && result != PROVIDER_ENOTSUP && result != PROVIDER_ENOTFOUND)
        return result;
    for (size_t i = 0; i < quest->n_documents && quest->n_found < SOURCES_MAX_FOUND; i++)
        if (quest->documents[i].kind == PROVIDER_RELEASE)
            quest->found[quest->n_found++] = (struct source_found){ .id = quest->ask.item };
    int64_t now_ms = clock_steady_ms();
    recollection_put(search->recollection, quest->key, now_ms,
                     now_ms + search->conf->ttl_search_s * 1000, 0, quest->found, quest->n_found);
    return result == PROVIDER_ENOTFOUND ? 0 : result;
}

/* --- All of them, side by side */

struct asked {
    struct errand *errand;
    int64_t started_ms;
};

static bool start(struct release_search *search, struct errands_seat *seat,
                  const struct releases_ask *ask, struct source_answer *out, struct asked *asked,
                  struct error *err)
{
    struct quest *quest = mem_new(struct quest);
    quest->search = *search;
    recollection_ref(search->recollection);
    quest->ask = *ask;
    quest->key = mem_format("releases/%s/%u/%d/%d", out->provider, ask->item, (int)ask->season,
                            (int)ask->episode);
    snprintf(quest->provider, sizeof quest->provider, "%s", out->provider);
    asked->started_ms = clock_steady_ms();
    if (recollection_get(search->recollection, quest->key, out)) {
        quest_free(quest);
        return true;
    }
    CLEANUP(mem_free) char *key = mem_dup_text(quest->key);
    asked->errand = errands_start(catalog_errands(search->catalog), seat, key, run_quest, quest,
                                  quest_free, err);
    return asked->errand != NULL;
}

static void explain(struct source_answer *out, int result, const struct error *why)
{
    out->status = source_status(result);
    if (result == PROVIDER_EBUSY)
        out->retry_after_s = 1;
    if (result && result != PROVIDER_ENOTSUP)
        snprintf(out->detail, sizeof out->detail, "%.*s", (int)sizeof out->detail - 1, why->text);
}

static void collect(struct asked *asked, int64_t deadline_ms, struct source_answer *out)
{
    struct error why = { 0 };
    int result = errand_wait(asked->errand, deadline_ms, &why);
    out->ms = source_took_ms(asked->errand, asked->started_ms);
    explain(out, result, &why);
    if (!result)
        out->n_found = ((const struct quest *)errand_context(asked->errand))->n_found;
    errand_unref(asked->errand);
}

void release_search_run(struct release_search *search, const struct releases_ask *ask,
                        struct source_answer *out, size_t *out_n)
{
    CLEANUP(errands_seat_done) struct errands_seat seat = { NULL };
    struct asked asked[SOURCES_MAX] = { 0 };
    size_t n = 0;
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n_entries = registry_list(search->registry, &entries);
    for (size_t i = 0; i < n_entries; i++) {
        struct error why = { 0 };
        if (n < SOURCES_MAX && provider_entry_can(entries[i], PROVIDER_CAN_SEARCH)) {
            out[n] = (struct source_answer){ .status = "ok" };
            snprintf(out[n].provider, sizeof out[n].provider, "%s",
                     provider_entry_name(entries[i]));
            if (!start(search, &seat, ask, &out[n], &asked[n], &why))
                explain(&out[n], PROVIDER_EBUSY, &why);
            n++;
        }
        provider_entry_unref(entries[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (asked[i].errand)
            collect(&asked[i], ask->deadline_ms, &out[i]);
    *out_n = n;
}
