/* SPDX-License-Identifier: MIT */
#include "service/intake_entry.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/document.h"
#include "service/identity.h"
#include "service/refresh_policy.h"
#include "service/season_intake.h"
#include "service/settle.h"
#include "store/fetches.h"
#include "store/heads.h"
#include "store/lists.h"

enum {
    LOOK_AGAIN_MS = 24 * 3600 * 1000, /* for the second sighting */
    LATE_MS = 3600 * 1000,            /* how late upstream may announce what changed in a day */
};
#define DAY_MS INT64_C(86400000)

/* With `document` for this provider's record as it was just put; NULL: as it is stored. */
static int settle_with(struct entry *entry, json_t *document, struct error *err)
{
    const struct settle_fresh fresh = { .provider = entry->batch->provider, .document = document };
    entry->settled = true;
    return settle_item(entry->txn, entry->batch->policy, entry->item_kind, entry->item_id,
                       document ? &fresh : NULL, entry->now_ms, err);
}

int entry_settle(struct entry *entry, struct error *err)
{
    return settle_with(entry, NULL, err);
}

/* A new item has this one record, which is at hand. */
static int derive_new(struct entry *entry, json_t *document, struct error *err)
{
    entry->settled = true;
    CLEANUP(derive_records_done) struct derive_records records = { 0 };
    derive_records_add(&records, &entry->header, json_incref(document));
    return settle_records(entry->txn, entry->batch->policy, entry->item_kind, &records,
                          entry->item_id, true, entry->now_ms, err);
}

int entry_forget_fetch(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    if (!header->fetch_priority)
        return 0;
    uint64_t priority = header->fetch_priority;
    header->fetch_priority = 0;
    return fetches_txn_delete(entry->txn, priority, header->item_id, header->provider, err);
}

/* A day's changes are announced again and again until it is over, and then once more.  Whoever was
 * fetched after the day has what changed in it; whoever was fetched on the day because of it waits
 * for the day to end.  What no day is named for is a row of a list: it only has to be fresh. */
static bool has_it_already(const struct entry *entry)
{
    const struct record_header *header = &entry->header;
    const char *text = js_string(entry->in->document, "changed_on");
    int64_t day_ms;
    bool has_day = text && clock_parse(text, &day_ms);
    if (!entry->before.len)
        return false;
    /* Looked for and not there: the second look comes a day later, whatever is announced. */
    if (header->gone_since_ms)
        return has_day && header->changed_day >= (int32_t)(day_ms / DAY_MS);
    if (header->flags & (RECORD_PARTIAL | RECORD_GONE | RECORD_UNFINISHED))
        return false;
    if (!has_day)
        return entry->now_ms <
                   header->fetched_at_ms + derive_ttl_ms(entry->batch->policy, entry->item_kind) &&
               json_object_get(entry->in->document, "popularity");
    if (header->fetched_at_ms >= day_ms + DAY_MS + LATE_MS)
        return true;
    return header->changed_day == (int32_t)(day_ms / DAY_MS) && header->fetched_at_ms >= day_ms &&
           entry->now_ms < day_ms + DAY_MS;
}

static void note_day(struct entry *entry)
{
    int64_t day_ms;
    const char *text = js_string(entry->in->document, "changed_on");
    if (text && clock_parse(text, &day_ms))
        entry->header.changed_day = MAX(entry->header.changed_day, (int32_t)(day_ms / DAY_MS));
}

/* Keeps the more urgent of what waits and what is wanted now. */
static int want_fetch(struct entry *entry, enum fetch_class class, struct error *err)
{
    uint64_t priority = fetch_priority(class, js_double(entry->in->document, "popularity", 0));
    struct record_header *header = &entry->header;
    if (!entry->batch->can_fetch || (header->fetch_priority && header->fetch_priority <= priority))
        return 0;
    int result = entry_forget_fetch(entry, err);
    header->fetch_priority = priority;
    return result ? result
                  : fetches_txn_put(entry->txn, priority, header->item_id, header->provider, err);
}

/* The header changed, what the provider said did not. */
int entry_put_header(struct entry *entry, struct error *err)
{
    return heads_txn_put(entry->txn, &entry->header, err);
}

/* When it is fetched anew although nobody asks and nothing is announced. */
static void plan_refresh(struct entry *entry)
{
    struct refresh_facts facts;
    refresh_facts_read(entry->item_kind, entry->in->document, &facts);
    facts.listed = item_lists_txn_any(entry->txn, entry->item_id);
    entry->header.due_at_ms =
        refresh_due_ms(&facts, derive_ttl_ms(entry->batch->policy, entry->item_kind), entry->now_ms,
                       entry->item_id);
}

/* Writes the record; its ids point at the item from now on, and those it no longer says do not. */
static int put_text(struct entry *entry, const json_t *document, const struct text *json,
                    struct error *err)
{
    const json_t *ids = js_object(document, "ids");
    int result = records_txn_put(entry->txn, &entry->header, json->bytes, json->len, err);
    if (!result)
        result = identity_claim(entry->txn, entry->item_kind, ids, entry->item_id, err);
    if (result || !entry->before.len)
        return result;
    json_auto_t *before = json_loadb(entry->before.bytes, entry->before.len, 0, NULL);
    const json_t *former = js_object(before, "ids");
    if (!former || json_equal(former, ids))
        return 0;
    return identity_release(entry->txn, entry->item_kind, former, entry->item_id, ids, err);
}

static int write_json(const json_t *document, struct text *out, struct error *err)
{
    return js_write(document, out)
               ? 0
               : error_set(err, PROVIDER_ELIMIT, "a document of more than %d bytes",
                           DOCUMENT_MAX_LEN);
}

static int put_record(struct entry *entry, const json_t *document, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    int result = write_json(document, &json, err);
    return result ? result : put_text(entry, document, &json, err);
}

static bool says_the_same(const struct entry *entry, const struct text *json)
{
    return !(entry->header.flags & (RECORD_PARTIAL | RECORD_GONE)) &&
           json->len == entry->before.len && !memcmp(json->bytes, entry->before.bytes, json->len);
}

/* Whoever has all of it no longer waits; whoever lacks something does, and is not fresh. */
static int note_fetched(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    header->flags = entry->in->unfinished ? RECORD_UNFINISHED : 0;
    header->gone_since_ms = 0;
    header->fetched_at_ms = entry->now_ms;
    if (entry->in->unfinished)
        return want_fetch(entry, FETCH_CHANGED, err);
    plan_refresh(entry);
    return entry_forget_fetch(entry, err);
}

/* A whole document replaces what was known.  When it says the same again, only the head is written:
 * that it was asked, and when it is due.  While something is to come, not even that: what stands
 * there was whole when it was fetched. */
int entry_take_whole(struct entry *entry, struct error *err)
{
    CLEANUP(text_done) struct text json = TEXT_INIT(DOCUMENT_MAX_LEN);
    int result = write_json(entry->in->document, &json, err);
    bool same = !result && says_the_same(entry, &json);
    uint32_t before = entry->header.flags;
    if (same && entry->in->unfinished && !entry->header.gone_since_ms)
        return 0;
    if (!result)
        result = note_fetched(entry, err);
    if (!result)
        result =
            same ? entry_put_header(entry, err) : put_text(entry, entry->in->document, &json, err);
    if (result || (same && entry->header.flags == before))
        return result;
    if (entry->is_new)
        return derive_new(entry, entry->in->document, err);
    result = settle_with(entry, entry->in->document, err);
    if (result || entry->item_kind != PROVIDER_TVSHOW)
        return result;
    return season_intake_prune(entry->txn, entry->batch->policy, entry->batch->provider,
                               entry->item_id, entry->in->document, entry->now_ms, err);
}

/* What a partial document leaves of the record so far: everything it does not say.  NULL: the
 * record is whole. */
static json_t *add_to_record(const struct entry *entry)
{
    if (entry->before.len && !(entry->header.flags & RECORD_PARTIAL))
        return NULL;
    json_t *document = entry->before.len
                           ? json_loadb(entry->before.bytes, entry->before.len, 0, NULL)
                           : json_incref(entry->in->document);
    if (entry->before.len)
        json_object_update(document, entry->in->document);
    return document;
}

static bool is_as_before(const struct entry *entry, const json_t *document)
{
    json_auto_t *before = json_loadb(entry->before.bytes, entry->before.len, 0, NULL);
    return before && json_equal(before, document);
}

/* A partial one fills in what is missing, and never touches a whole one; but who is listed although
 * it seemed gone, or of whom something is missing, is worth a look. */
int entry_take_partial(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    json_auto_t *document = add_to_record(entry);
    bool same = !document || is_as_before(entry, document);
    if (same && !header->gone_since_ms && !(header->flags & RECORD_UNFINISHED))
        return 0;
    int result = entry->batch->known_only ? 0 : want_fetch(entry, FETCH_TITLE, err);
    if (result || same)
        return result ? result : entry_put_header(entry, err);
    header->flags |= RECORD_PARTIAL;
    header->fetched_at_ms = entry->now_ms;
    result = put_record(entry, document, err);
    if (result)
        return result;
    return entry->is_new ? derive_new(entry, document, err) : settle_with(entry, document, err);
}

/* No item says yet of which kind it is, so the placeholder does. */
static json_t *make_placeholder(const struct entry *entry)
{
    json_t *out = json_object();
    json_object_set(out, "ids", json_object_get(entry->in->document, "ids"));
    js_set_string(out, "kind", document_kind_name(entry->item_kind));
    return out;
}

/* Something new or changed upstream: it waits to be fetched.  Without a record there is no title
 * yet, so nothing of it shows. */
int entry_take_changed(struct entry *entry, struct error *err)
{
    if (has_it_already(entry))
        return 0;
    note_day(entry);
    int result = want_fetch(entry, FETCH_CHANGED, err);
    if (result)
        return result;
    if (entry->before.len)
        return entry_put_header(entry, err);
    entry->header.flags = RECORD_PARTIAL;
    json_auto_t *document = make_placeholder(entry);
    return put_record(entry, document, err);
}

int entry_take_gone(struct entry *entry, struct error *err)
{
    struct record_header *header = &entry->header;
    if (!entry->before.len)
        return 0;
    int result = entry_forget_fetch(entry, err);
    bool was_gone = header->flags & RECORD_GONE;
    if (!header->gone_since_ms)
        header->gone_since_ms = entry->now_ms;
    else if (entry->now_ms - header->gone_since_ms >= INTAKE_GONE_AFTER_MS)
        header->flags |= RECORD_GONE;
    header->due_at_ms = header->flags & RECORD_GONE ? 0 : entry->now_ms + LOOK_AGAIN_MS;
    if (!result)
        result = entry_put_header(entry, err);
    bool is_gone = header->flags & RECORD_GONE;
    return result || was_gone == is_gone ? result : entry_settle(entry, err);
}
