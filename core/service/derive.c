/* SPDX-License-Identifier: MIT */
#include "service/derive.h"

#include "base/json.h"
#include "conf/conf.h"
#include "media/card.h"
#include "media/document.h"

void derive_policy_init(struct derive_policy *policy, const struct conf *conf)
{
    *policy = (struct derive_policy){
        .merge = { .precedence = conf->precedence.values,
                   .n_precedence = conf->precedence.n,
                   .fields = conf->precedence_of.values,
                   .n_fields = conf->precedence_of.n,
                   .languages = conf->languages.values,
                   .n_languages = conf->languages.n },
        .ttl_movies_ms = conf->ttl_movies_s * 1000,
        .ttl_tvshows_ms = conf->ttl_tvshows_s * 1000,
    };
}

/* Grows when the same records make another item than before. */
enum { RULES = 3 };

static void add_order(struct text *out, const char *of, const char *const *words, size_t n)
{
    text_add_format(out, "\n%s", of);
    for (size_t i = 0; i < n; i++)
        text_add_format(out, " %s", words[i]);
}

void derive_fingerprint(const struct derive_policy *policy, char out[DERIVE_FINGERPRINT_LEN])
{
    const struct merge_policy *merge = &policy->merge;
    CLEANUP(text_done) struct text said = TEXT_INIT(1 << 20);
    text_add_format(&said, "%d", RULES);
    add_order(&said, "*", merge->precedence, merge->n_precedence);
    for (size_t i = 0; i < merge->n_fields; i++)
        add_order(&said, merge->fields[i].field, merge->fields[i].precedence,
                  merge->fields[i].n_precedence);
    add_order(&said, "/", merge->languages, merge->n_languages);
    snprintf(out, DERIVE_FINGERPRINT_LEN, "%016llx",
             (unsigned long long)text_hash(said.bytes, said.len));
}

int64_t derive_ttl_ms(const struct derive_policy *policy, uint32_t kind)
{
    return kind == PROVIDER_TVSHOW ? policy->ttl_tvshows_ms : policy->ttl_movies_ms;
}

void derive_records_done(struct derive_records *records)
{
    for (size_t i = 0; i < records->n; i++) {
        /* The rows own their documents; merge only reads them. */
        union {
            const json_t *read;
            json_t *owned;
        } document = { .read = records->rows[i].document };
        json_decref(document.owned);
    }
    free(records->rows);
    free(records->headers);
    *records = (struct derive_records){ 0 };
}

static void point_rows_at_headers(struct derive_records *records)
{
    for (size_t i = 0; i < records->n; i++)
        records->rows[i].provider = records->headers[i].provider;
}

void derive_records_add(struct derive_records *records, const struct record_header *header,
                        json_t *document)
{
    if (records->n == records->capacity) {
        records->capacity = records->capacity * 2 + 2;
        records->rows = mem_resize(records->rows, records->capacity, sizeof *records->rows);
        records->headers =
            mem_resize(records->headers, records->capacity, sizeof *records->headers);
    }
    records->headers[records->n] = *header;
    records->rows[records->n] = (struct merge_record){
        .document = document,
        .fetched_at_ms = header->fetched_at_ms,
        .partial = header->flags & RECORD_PARTIAL,
    };
    records->n++;
    point_rows_at_headers(records);
}

int derive_records_parse(struct derive_records *records, const struct record_header *header,
                         const char *json, size_t len, struct error *err)
{
    json_t *document;
    int result = js_parse(json, len, DOCUMENT_MAX_LEN, &document, err);
    if (result)
        return error_prefix(err, "the record of '%s' on item %u", header->provider,
                            header->item_id);
    derive_records_add(records, header, document);
    return 0;
}

int derive_gather(const struct record_header *header, const char *json, size_t len, void *context)
{
    struct derive_gathering *gathering = context;
    return derive_records_parse(&gathering->records, header, json, len, gathering->err);
}

void derive_gathering_done(struct derive_gathering *gathering)
{
    derive_records_done(&gathering->records);
}

/* When the oldest whole record was fetched; 0: there is none. */
static int64_t oldest_whole(const struct derive_records *records)
{
    int64_t oldest = 0;
    for (size_t i = 0; i < records->n; i++) {
        const struct record_header *header = &records->headers[i];
        if (header->flags & (RECORD_PARTIAL | RECORD_GONE) || merge_is_local(header->provider))
            continue;
        if (!oldest || header->fetched_at_ms < oldest)
            oldest = header->fetched_at_ms;
    }
    return oldest;
}

/* Of what broke off: the rest is missing, whatever others say. */
static bool any_unfinished(const struct derive_records *records)
{
    for (size_t i = 0; i < records->n; i++)
        if (records->headers[i].flags & RECORD_UNFINISHED)
            return true;
    return false;
}

/* Of all providers: locks keep nothing alive. */
static bool all_gone(const struct derive_records *records)
{
    for (size_t i = 0; i < records->n; i++)
        if (!(records->headers[i].flags & RECORD_GONE) &&
            !merge_is_local(records->headers[i].provider))
            return false;
    return records->n > 0;
}

static void judge_freshness(const struct derive_policy *policy,
                            const struct derive_records *records, struct item_header *header)
{
    int64_t ttl_ms = derive_ttl_ms(policy, header->kind);
    header->fetched_at_ms = oldest_whole(records);
    header->expires_at_ms =
        header->fetched_at_ms && !any_unfinished(records) ? header->fetched_at_ms + ttl_ms : 0;
    header->flags = 0;
    if (all_gone(records))
        header->flags |= ITEM_GONE;
    else if (!header->fetched_at_ms)
        header->flags |= ITEM_TITLE_ONLY;
}

void derive_offer_add(struct derive_offer *offer, const struct release_facts *release)
{
    if (release->quality != QUALITY_NONE && !quality_source_is_poor(release->source))
        offer->qualities |= (uint8_t)(1u << release->quality);
    offer->available = offer->available || release_state(release) == RELEASE_ALIVE;
}

static void pack(const json_t *item, const struct derive_offer *offer, struct item_header *header,
                 struct text *body, struct text *card)
{
    struct card_facts facts = {
        .id = header->id,
        .kind = header->kind,
        .added_at_ms = header->added_at_ms,
        .updated_at_ms = header->updated_at_ms,
        .qualities = offer->qualities,
        .flags = (uint8_t)((offer->available ? CARD_AVAILABLE : 0) |
                           (header->flags & ITEM_GONE ? CARD_GONE : 0) |
                           (header->flags & ITEM_TITLE_ONLY ? CARD_TITLE_ONLY : 0)),
    };
    text_clear(body);
    text_clear(card);
    card_pack(item, &facts, card);
    card_pack_item(item, &facts, body);
    header->content_hash = text_hash(body->bytes, body->len);
}

bool derive_item(const struct derive_policy *policy, const struct derive_records *records,
                 const struct derive_before *before, struct item_header *header,
                 struct text *out_body, struct text *out_card)
{
    json_auto_t *item = merge_records(records->rows, records->n, &policy->merge, NULL);
    if (!js_string(item, "title"))
        return false;
    judge_freshness(policy, records, header);
    pack(item, &records->offer, header, out_body, out_card);
    if (before && before->content_hash != header->content_hash) {
        header->updated_at_ms = before->now_ms;
        card_restamp(out_body, before->now_ms);
        card_restamp(out_card, before->now_ms);
        header->content_hash = text_hash(out_body->bytes, out_body->len);
    }
    return true;
}

void derive_renew(struct item_header *header, struct text *body)
{
    bool is_sound = header->content_hash == text_hash(body->bytes, body->len);
    if (card_renew(body) && is_sound)
        header->content_hash = text_hash(body->bytes, body->len);
}
