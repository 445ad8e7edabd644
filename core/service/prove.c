/* SPDX-License-Identifier: MIT */
#include "service/prove.h"

struct gathering {
    struct derive_records records;
    struct error *err;
};

static int gather(const struct record_header *header, const char *json, size_t len, void *context)
{
    struct gathering *gathering = context;
    return derive_records_parse(&gathering->records, header, json, len, gathering->err);
}

static void compare(const struct item_header *stored, const struct item_header *implied,
                    const struct text *card, const struct text *implied_card,
                    maintenance_report *report, void *report_context)
{
    bool same_card =
        card->len == implied_card->len &&
        text_hash(card->bytes, card->len) == text_hash(implied_card->bytes, implied_card->len);
    if (stored->content_hash == implied->content_hash && same_card)
        return;
    CLEANUP(mem_free)
    char *finding = mem_format("item %u: its %s is not what its records imply", stored->id,
                               same_card ? "whole form" : "card");
    report(finding, report_context);
}

static void report_untitled(uint32_t item_id, maintenance_report *report, void *report_context)
{
    CLEANUP(mem_free) char *finding = mem_format("item %u: its records name no title", item_id);
    report(finding, report_context);
}

int prove_item(struct store *store, uint32_t item_id, maintenance_report *report,
               void *report_context, void *policy, struct error *err)
{
    struct item_header stored = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text card = TEXT_INIT(DERIVE_MAX_LEN);
    int result = items_get(store, item_id, &stored, &body, err);
    if (!result)
        result = cards_get(store, item_id, &card, err);
    struct gathering gathering = { .err = err };
    if (!result)
        result = records_walk(store, item_id, gather, &gathering, err);
    struct item_header implied = { .id = item_id,
                                   .kind = stored.kind,
                                   .added_at_ms = stored.added_at_ms,
                                   .updated_at_ms = stored.updated_at_ms };
    CLEANUP(text_done) struct text implied_body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text implied_card = TEXT_INIT(DERIVE_MAX_LEN);
    if (!result && derive_item(policy, &gathering.records, &implied, &implied_body, &implied_card))
        compare(&stored, &implied, &card, &implied_card, report, report_context);
    else if (!result)
        report_untitled(item_id, report, report_context);
    derive_records_done(&gathering.records);
    return result;
}
