/* SPDX-License-Identifier: MIT
 *
 * A provider's list of everything, compared with what we have of it.  What is new is taken in. What
 * two lists a day apart lack is looked at: most often it is gone, and the answer says so. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "media/document.h"
#include "media/ids.h"
#include "provider/registry.h"
#include "service/intake.h"
#include "store/heads.h"
#include "store/ids.h"
#include "store/state.h"
#include "sync/sync_inside.h"

enum {
    GONE_AFTER_MS = 20 * 3600 * 1000, /* two lists a day apart, with room for a run's jitter */
    BATCH = 200,
    FEW = 100, /* as many may always vanish in a day; more than a tenth may not */
};

struct bitmap {
    uint64_t *words;
    size_t n_words;
};

static void bitmap_set(struct bitmap *bitmap, uint32_t bit)
{
    size_t word = bit / 64;
    if (word >= bitmap->n_words) {
        size_t n_words = MAX(word + 1, bitmap->n_words * 2);
        bitmap->words = mem_resize(bitmap->words, n_words, sizeof *bitmap->words);
        memset(bitmap->words + bitmap->n_words, 0,
               (n_words - bitmap->n_words) * sizeof *bitmap->words);
        bitmap->n_words = n_words;
    }
    bitmap->words[word] |= UINT64_C(1) << bit % 64;
}

static bool bitmap_has(const struct bitmap *bitmap, uint32_t bit)
{
    return bit / 64 < bitmap->n_words && bitmap->words[bit / 64] >> bit % 64 & 1;
}

struct export
{
    struct task *task;
    struct job *job;
    const char *provider;
    uint32_t kind;            /* of the items */
    struct bitmap ours, seen; /* by item: of that kind and provider; on the list */
    uint64_t n_ours;
    char *cursor; /* NULL: the list did not come to its end */
    struct intake_document unknown[INTAKE_MAX_DOCUMENTS];
    size_t n_unknown;

    struct record_header changed[BATCH];
    size_t n_changed;
    uint64_t n_missing;
    int64_t now_ms;
    struct error *err;
};

static void export_done(struct export *export)
{
    free(export->ours.words);
    free(export->seen.words);
    free(export->cursor);
    for (size_t i = 0; i < export->n_unknown; i++)
        json_decref(export->unknown[i].document);
    free(export);
}
DEFINE_CLEANUP(struct export *, export_done);

/* --- The list */

static int take_unknown(struct export *export, struct error *err)
{
    int failed = export->n_unknown
                     ? catalog_take(export->task->sync->catalog, export->provider, export->unknown,
                                    export->n_unknown, NULL, NULL, err)
                     : 0;
    for (size_t i = 0; i < export->n_unknown; i++) {
        if (!failed && export->unknown[i].item_id)
            bitmap_set(&export->seen, export->unknown[i].item_id);
        json_decref(export->unknown[i].document);
    }
    export->n_unknown = 0;
    return failed;
}

struct own_id {
    const struct export *export;
    uint32_t item_id;
};

/* The provider's own id says which item it is; what others' ids say may be wrong. */
static int find_own(const char *text, void *context)
{
    struct own_id *own = context;
    const struct export *export = own->export;
    struct store *store = export->task->sync->store;
    size_t len = strlen(export->provider);
    struct error ignored;
    if (strncmp(text, export->provider, len) != 0 || text[len] != ':' ||
        external_ids_find(store, export->kind, text, &own->item_id, &ignored))
        return 0;
    redirects_find(store, own->item_id, &own->item_id, &ignored);
    return 1;
}

static int on_listed(void *context, uint32_t kind, uint32_t flags, json_t *document,
                     struct error *err)
{
    struct export *export = context;
    struct own_id own = { .export = export };
    if (document_item_kind(kind, document) != export->kind)
        return 0;
    job_add_done(export->job, 1);
    ids_each(js_object(document, "ids"), find_own, &own);
    if (own.item_id) {
        bitmap_set(&export->seen, own.item_id);
        return 0;
    }
    export->unknown[export->n_unknown++] =
        (struct intake_document){ .kind = kind, .flags = flags, .document = json_incref(document) };
    return export->n_unknown == INTAKE_MAX_DOCUMENTS ? take_unknown(export, err) : 0;
}

static int on_end(void *context, const char *cursor, struct error *err UNUSED)
{
    struct export *export = context;
    free(export->cursor);
    export->cursor = mem_dup_text(cursor);
    return 0;
}

static int list(struct export *export, struct error *err)
{
    struct task *task = export->task;
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(task->sync->registry, export->provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "there is no provider '%s' any more",
                         export->provider);
    CLEANUP(text_done) struct text cursor = TEXT_INIT(SYNC_MAX_CURSOR);
    int failed = state_get(task->sync->store, task->owner, export->provider, &cursor, err);
    if (failed && failed != PROVIDER_ENOTFOUND)
        return failed;
    struct call_sink sink = { .context = export, .document = on_listed, .checkpoint = on_end };
    struct call_wait wait = { .deadline_ms = clock_steady_ms() + SYNC_LISTING_TIMEOUT_MS,
                              .canceled = job_canceled(export->job),
                              .background = true };
    failed = call_sync(entry, task->scope, cursor.len ? cursor.bytes : NULL, &wait, &sink, err);
    return failed ? failed : take_unknown(export, err);
}

/* --- The comparison */

static int note_ours(uint32_t kind, const char *text, uint32_t item_id, void *context)
{
    struct export *export = context;
    size_t len = strlen(export->provider);
    if (kind != export->kind || strncmp(text, export->provider, len) != 0 || text[len] != ':')
        return 0;
    bitmap_set(&export->ours, item_id);
    export->n_ours++;
    return 0;
}

static int put_changed(struct store_txn *txn, void *context, struct error *err)
{
    struct export *export = context;
    int failed = 0;
    for (size_t i = 0; i < export->n_changed && !failed; i++) {
        const struct record_header *wanted = &export->changed[i];
        struct record_header head;
        failed = heads_txn_get(txn, wanted->item_id, wanted->provider, &head, err);
        if (failed == PROVIDER_ENOTFOUND) {
            failed = 0;
            continue;
        }
        head.missing_since_ms = wanted->missing_since_ms;
        if (!failed && wanted->fetch_priority && !head.fetch_priority) {
            head.fetch_priority = wanted->fetch_priority;
            failed = fetches_txn_put(txn, head.fetch_priority, head.item_id, head.provider, err);
        }
        failed = failed ? failed : heads_txn_put(txn, &head, err);
    }
    return failed;
}

static int write_changed(struct export *export)
{
    int failed = export->n_changed
                     ? store_write(export->task->sync->store, put_changed, export, export->err)
                     : 0;
    export->n_changed = 0;
    return failed;
}

static bool is_of_interest(const struct export *export, const struct record_header *head)
{
    return text_equal(head->provider, export->provider) && !(head->flags & RECORD_GONE) &&
           bitmap_has(&export->ours, head->item_id);
}

/* Not listed today, nor a day ago, and nobody has seen it since: then somebody has to look. */
static bool is_to_be_looked_at(const struct export *export, const struct record_header *head)
{
    return head->missing_since_ms && export->now_ms - head->missing_since_ms >= GONE_AFTER_MS &&
           head->fetched_at_ms < head->missing_since_ms && !head->fetch_priority &&
           !head->gone_since_ms;
}

static int compare(const struct record_header *head, void *context)
{
    struct export *export = context;
    if (!is_of_interest(export, head))
        return 0;
    struct record_header wanted = *head;
    wanted.fetch_priority = 0;
    bool listed = bitmap_has(&export->seen, head->item_id);
    if (listed && !head->missing_since_ms)
        return 0;
    if (listed)
        wanted.missing_since_ms = 0;
    else if (!head->missing_since_ms)
        wanted.missing_since_ms = export->now_ms;
    else if (is_to_be_looked_at(export, head))
        wanted.fetch_priority = fetch_priority_due(export->now_ms);
    else
        return 0;
    export->changed[export->n_changed++] = wanted;
    return export->n_changed == BATCH ? write_changed(export) : 0;
}

static int count_missing(const struct record_header *head, void *context)
{
    struct export *export = context;
    export->n_missing += is_of_interest(export, head) && !bitmap_has(&export->seen, head->item_id);
    return 0;
}

/* A list that lacks a good part of the catalogue is no list of everything. */
static int check_plausible(struct export *export)
{
    int failed = heads_walk(export->task->sync->store, 0, count_missing, export, export->err);
    if (failed || export->n_missing <= MAX((uint64_t)FEW, export->n_ours / 10))
        return failed;
    return error_set(export->err, PROVIDER_EPARSE,
                     "the list lacks %llu of the %llu that are known, it is not believed",
                     (unsigned long long)export->n_missing, (unsigned long long)export->n_ours);
}

static int judge(struct export *export)
{
    struct store *store = export->task->sync->store;
    job_set_phase(export->job, "comparing");
    int failed = external_ids_walk(store, note_ours, export, export->err);
    failed = failed ? failed : check_plausible(export);
    failed = failed ? failed : heads_walk(store, 0, compare, export, export->err);
    return failed ? failed : write_changed(export);
}

static int run_provider(struct task *task, struct job *job, const char *provider, uint32_t kind,
                        struct error *err)
{
    CLEANUP(export_done) struct export *export = mem_new(struct export);
    export->task = task;
    export->job = job;
    export->provider = provider;
    export->kind = kind;
    export->now_ms = clock_wall_ms();
    export->err = err;
    CLEANUP(mem_free) char *phase = mem_format("%s: listing", provider);
    job_set_phase(job, phase);
    int failed = list(export, err);
    if (failed || !export->cursor)
        return failed == PROVIDER_ENOTSUP ? 0 : failed;
    failed = judge(export);
    return failed ? failed
                  : state_put(task->sync->store, task->owner, provider, export->cursor, err);
}

/* "export:movies" is about movies. */
static uint32_t kind_of(const char *scope)
{
    return text_equal(scope + strlen(SYNC_EXPORT_PREFIX), "tvshows") ? PROVIDER_TVSHOW
                                                                     : PROVIDER_MOVIE;
}

int sync_run_export(struct job *job, void *context, struct error *err)
{
    struct task *task = context;
    int result = 0;
    bool more;
    for (size_t i = 0; i < task->n_providers && !sync_is_canceled(job); i++) {
        struct error why = { 0 };
        int failed = run_provider(task, job, task->providers[i], kind_of(task->scope), &why);
        if (!failed || sync_is_canceled(job))
            continue;
        job_note_error(job, why.text);
        log_warning("sync", "%s: %s, leaving it as it is", task->scope, why.text);
        result = result ? result : error_set(err, failed, "%s", why.text);
    }
    struct error why = { 0 };
    int drained = sync_is_canceled(job) ? 0 : sync_drain(task, job, FETCH_STALE, &more, &why);
    if (drained && !result)
        result = error_set(err, drained, "%s", why.text);
    return sync_end(task, job, result, err);
}
