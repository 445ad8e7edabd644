/* SPDX-License-Identifier: MIT */
#include "service/obtain.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "media/document.h"
#include "media/ids.h"
#include "provider/call.h"
#include "provider/registry.h"
#include "service/intake.h"
#include "store/ids.h"

/* Few shows have more seasons; with fewer, all is taken in at once. */
enum { MAX_HELD = 16 };

/* What one fetch emits is held until it has all come, or until there is no more room. */
struct taking {
    const struct obtain *obtain;
    struct provider_entry *provider;
    struct intake_document held[MAX_HELD];
    size_t n_held;
    uint32_t item_id; /* out */
};

static void taking_done(struct taking *taking)
{
    for (size_t i = 0; i < taking->n_held; i++)
        json_decref(taking->held[i].document);
}
DEFINE_CLEANUP_VALUE(struct taking, taking_done);

static int take_in(struct taking *taking, struct intake_document *documents, size_t n,
                   bool unfinished, struct error *err)
{
    struct intake_batch batch = {
        .store = taking->obtain->store,
        .policy = taking->obtain->policy,
        .provider = provider_entry_name(taking->provider),
        .can_fetch = provider_entry_can(taking->provider, PROVIDER_CAN_FETCH),
        .documents = documents,
        .n = n,
    };
    for (size_t i = 0; i < n; i++)
        documents[i].unfinished = unfinished;
    int result = intake_take(&batch, err);
    for (size_t i = 0; !result && i < n; i++)
        if (documents[i].item_id) /* a season whose show nobody knows says nothing */
            taking->item_id = documents[i].item_id;
    return result;
}

/* An item stays: when the rest has come it is taken in once more, as whole. */
static int make_room(struct taking *taking, struct error *err)
{
    size_t n = taking->n_held;
    int result = take_in(taking, taking->held, n, true, err);
    if (result)
        return result;
    taking->n_held = 0;
    for (size_t i = 0; i < n; i++) {
        const struct intake_document *one = &taking->held[i];
        bool is_item = one->kind == PROVIDER_MOVIE || one->kind == PROVIDER_TVSHOW;
        if (is_item && taking->n_held < MAX_HELD / 2)
            taking->held[taking->n_held++] = *one;
        else
            json_decref(one->document);
    }
    return 0;
}

static int hold_document(void *context, uint32_t kind, uint32_t flags, json_t *document,
                         struct error *err)
{
    struct taking *taking = context;
    if (flags & (PROVIDER_PARTIAL | PROVIDER_CHANGED | PROVIDER_GONE))
        return error_set(err, PROVIDER_EREFUSED,
                         "a part of the item where the whole was asked for");
    int result = taking->n_held == MAX_HELD ? make_room(taking, err) : 0;
    if (result)
        return result;
    taking->held[taking->n_held++] =
        (struct intake_document){ .kind = kind, .flags = flags, .document = json_incref(document) };
    return 0;
}

/* What was said before a fetch broke off is true all the same: it is kept, each for itself, and
 * what is missing goes on waiting. */
static void keep_what_came(struct taking *taking, int result)
{
    struct error ignored;
    if (result == PROVIDER_EIO || result == PROVIDER_EFULL)
        return;
    for (size_t i = 0; i < taking->n_held; i++)
        take_in(taking, &taking->held[i], 1, true, &ignored);
}

static int fetch_with(const struct obtain *obtain, struct provider_entry *provider, uint32_t kind,
                      const char *id_text, uint32_t *out_item, struct error *err)
{
    char space[IDS_TEXT_LEN];
    snprintf(space, sizeof space, "%s", id_text);
    char *colon = strchr(space, ':');
    if (!colon)
        return error_set(err, PROVIDER_EINVAL, "'%s' is no external id", id_text);
    *colon = '\0';
    struct provider_id id = { .space = space, .value = colon + 1 };
    CLEANUP(taking_done) struct taking taking = { .obtain = obtain, .provider = provider };
    struct call_sink sink = { .context = &taking,
                              .document = hold_document,
                              .extra_kinds = 1u << PROVIDER_SEASON };
    struct call_wait wait = { .deadline_ms = obtain->deadline_ms,
                              .canceled = obtain->canceled,
                              .background = obtain->background };
    int result = call_fetch(provider, kind, &id, &wait, &sink, err);
    if (!result)
        result = take_in(&taking, taking.held, taking.n_held, false, err);
    if (result == PROVIDER_ENOTFOUND && taking.n_held) /* who has told something knows it */
        result = err->code = PROVIDER_EUPSTREAM;
    if (result) {
        keep_what_came(&taking, result);
        return result;
    }
    if (!taking.item_id)
        return error_set(err, PROVIDER_EPARSE, "%s answered nothing for '%s'",
                         provider_entry_name(provider), id_text);
    *out_item = taking.item_id;
    return 0;
}

int obtain_from(const struct obtain *obtain, const char *provider, uint32_t kind,
                const char *id_text, uint32_t *out_item, struct error *err)
{
    CLEANUP(provider_entry_unref)
    struct provider_entry *entry = registry_find(obtain->registry, provider);
    if (!entry)
        return error_set(err, PROVIDER_EBUSY, "there is no provider '%s' any more", provider);
    return fetch_with(obtain, entry, kind, id_text, out_item, err);
}

/* A clear "no" counts more than a provider that could not be asked, and less than one that failed.
 */
static bool is_worse(int result, int than)
{
    if (!than || than == PROVIDER_ENOTSUP || than == PROVIDER_EINVAL)
        return true;
    return than == PROVIDER_ENOTFOUND && result != PROVIDER_ENOTSUP && result != PROVIDER_EINVAL;
}

int obtain_unknown(const struct obtain *obtain, uint32_t kind, const char *id_text,
                   uint32_t *out_item, struct error *err)
{
    CLEANUP(mem_free) struct provider_entry **entries = NULL;
    size_t n = registry_list(obtain->registry, &entries);
    int result = 0;
    bool found = false;
    struct error worst = { 0 };
    for (size_t i = 0; i < n; i++) {
        if (!found && provider_entry_can(entries[i], PROVIDER_CAN_FETCH)) {
            struct error why = { 0 };
            result = fetch_with(obtain, entries[i], kind, id_text, out_item, &why);
            found = result == 0;
            if (!found && is_worse(result, worst.code))
                worst = why;
        }
        provider_entry_unref(entries[i]);
    }
    if (found)
        return 0;
    if (!worst.code || worst.code == PROVIDER_ENOTSUP)
        return error_set(err, PROVIDER_ENOTSUP, "no provider is in service that could know '%s'",
                         id_text);
    if (err)
        *err = worst;
    return worst.code;
}

/* --- A known item */

enum { MAX_ORIGINS = 8 };

struct origin {
    char provider[RECORD_PROVIDER_LEN];
    char id_text[IDS_TEXT_LEN];
    char other_id[IDS_TEXT_LEN]; /* IMDb's, or another that is not the provider's own; "" */
};

struct origins {
    const char *only;
    uint32_t kind; /* of the item */
    struct origin rows[MAX_ORIGINS];
    size_t n;
};

struct id_choice {
    const char *provider;
    char *out;
};

static bool is_own(const char *text, const char *provider)
{
    size_t len = strlen(provider);
    return strncmp(text, provider, len) == 0 && text[len] == ':';
}

/* A provider understands its own ids best, then IMDb's. */
static int choose_id(const char *text, void *context)
{
    struct id_choice *choice = context;
    bool own = is_own(text, choice->provider);
    if (own || !*choice->out || text_starts_with(text, "imdb:"))
        snprintf(choice->out, IDS_TEXT_LEN, "%s", text);
    return own;
}

/* Under which others know it, should the provider no longer know its own. */
static int choose_other(const char *text, void *context)
{
    struct id_choice *choice = context;
    bool imdb = text_starts_with(text, "imdb:");
    if (imdb || (text_starts_with(text, "tvdb:") && !*choice->out))
        snprintf(choice->out, IDS_TEXT_LEN, "%s", text);
    return imdb;
}

static int note_origin(const struct record_header *header, const char *json, size_t len,
                       void *context)
{
    struct origins *origins = context;
    if ((origins->only && !text_equal(origins->only, header->provider)) ||
        origins->n == MAX_ORIGINS)
        return 0;
    json_auto_t *document = json_loadb(json, len, 0, NULL);
    uint32_t kind = document_kind_of_name(js_string(document, "kind"));
    if (kind && !origins->kind)
        origins->kind = kind;
    struct origin *origin = &origins->rows[origins->n];
    *origin = (struct origin){ 0 };
    snprintf(origin->provider, sizeof origin->provider, "%s", header->provider);
    struct id_choice choice = { .provider = header->provider, .out = origin->id_text };
    ids_each(js_object(document, "ids"), choose_id, &choice);
    if (is_own(origin->id_text, origin->provider)) {
        choice.out = origin->other_id;
        ids_each(js_object(document, "ids"), choose_other, &choice);
    }
    if (*origin->id_text)
        origins->n++;
    return 0;
}

/* The item says of which kind it is; a placeholder that was never fetched has no item yet, and says
 * it itself. */
static uint32_t kind_of(const struct obtain *obtain, uint32_t item_id,
                        const struct origins *origins)
{
    struct item_header header = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    return items_get(obtain->store, item_id, &header, &body, NULL) ? origins->kind : header.kind;
}

static int settle_failure(const struct obtain *obtain, const struct origin *origin,
                          uint32_t item_id, int result, struct error *err)
{
    struct error ignored;
    if (result == PROVIDER_ENOTFOUND)
        intake_mark_gone(obtain->store, obtain->policy, origin->provider, item_id, &ignored);
    else if (result == PROVIDER_EREFUSED || result == PROVIDER_EPARSE ||
             result == PROVIDER_ENOTSUP || result == PROVIDER_EINVAL || result == PROVIDER_ELIMIT)
        intake_park(obtain->store, origin->provider, item_id, &ignored);
    return error_prefix(err, "%s %s", origin->provider, origin->id_text);
}

/* An upstream that answers about something else would be asked for ever. */
static int check_same(const struct obtain *obtain, uint32_t wanted, uint32_t got, struct error *err)
{
    uint32_t survivor;
    if (got == wanted ||
        (redirects_find(obtain->store, wanted, &survivor, NULL) == 0 && survivor == got))
        return 0;
    return error_set(err, PROVIDER_EPARSE, "asked for item %u, the answer is about item %u", wanted,
                     got);
}

/* The provider no longer knows its own id.  When another id of the item leads somewhere, the entry
 * was merged into that one. */
static int follow_merge(const struct obtain *obtain, const struct origin *origin, uint32_t kind,
                        uint32_t item_id, struct error *err)
{
    uint32_t got, survivor;
    if (!*origin->other_id)
        return PROVIDER_ENOTFOUND;
    int result = obtain_from(obtain, origin->provider, kind, origin->other_id, &got, err);
    if (result)
        return result;
    if (redirects_find(obtain->store, item_id, &survivor, NULL) == 0)
        item_id = survivor;
    result = intake_unite(obtain->store, obtain->policy, kind, item_id, got, origin->id_text,
                          &survivor, err);
    if (!result)
        log_notice("sync", "%s: what was %s is another now, both are item %u", origin->provider,
                   origin->id_text, survivor);
    return result;
}

/* From one of the providers that have a record of it; a failure that will not pass is settled. */
static int obtain_again(const struct obtain *obtain, const struct origin *origin, uint32_t kind,
                        uint32_t item_id, struct error *err)
{
    uint32_t got;
    struct error ignored;
    int result = obtain_from(obtain, origin->provider, kind, origin->id_text, &got, err);
    if (!result)
        result = check_same(obtain, item_id, got, err);
    if (result == PROVIDER_ENOTFOUND && follow_merge(obtain, origin, kind, item_id, &ignored) == 0)
        return 0;
    return result ? settle_failure(obtain, origin, item_id, result, err) : 0;
}

int obtain_known(const struct obtain *obtain, uint32_t item_id, const char *only, struct error *err)
{
    struct origins origins = { .only = only };
    int result = records_walk(obtain->store, item_id, note_origin, &origins, err);
    if (result)
        return result;
    if (!origins.n && only)
        intake_park(obtain->store, only, item_id, NULL);
    if (!origins.n)
        return error_set(err, PROVIDER_ENOTFOUND, "item %u has no record to fetch again", item_id);
    uint32_t kind = kind_of(obtain, item_id, &origins);
    bool any = false;
    int failed = 0;
    for (size_t i = 0; i < origins.n; i++) {
        struct error why = { 0 };
        result = obtain_again(obtain, &origins.rows[i], kind, item_id, &why);
        any = any || result == 0;
        if (result && !failed && err)
            *err = why;
        failed = failed ? failed : result;
    }
    return any ? 0 : failed;
}
