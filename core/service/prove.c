/* SPDX-License-Identifier: MIT */
#include "service/prove.h"

#include <string.h>

#include "service/season_intake.h"

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

/* --- Seasons */

struct proving {
    struct store *store;
    struct derive_policy *policy;
    uint32_t show, season; /* the one at hand */
    struct season_choice choice;
    maintenance_report *report;
    void *report_context;
    struct error *err;
};

static int prove_season(struct proving *p)
{
    CLEANUP(text_done) struct text stored = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text implied = TEXT_INIT(DERIVE_MAX_LEN);
    if (!p->choice.json.len)
        return 0;
    int result = season_choice_pack(&p->choice, &implied, p->err);
    if (!result)
        result = seasons_get(p->store, p->show, p->season, &stored, p->err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    text_clear(&p->choice.json);
    if (!result && stored.len == implied.len && !memcmp(stored.bytes, implied.bytes, implied.len))
        return 0;
    CLEANUP(mem_free)
    char *finding =
        mem_format("season %u of show %u is not what its records imply", p->season, p->show);
    p->report(finding, p->report_context);
    return 0;
}

static int offer_season(const struct season_record *record, const char *json, size_t len,
                        void *context)
{
    struct proving *p = context;
    int result = record->season == p->season ? 0 : prove_season(p);
    p->season = record->season;
    season_choice_offer(&p->choice, &p->policy->merge, record, json, len);
    return result;
}

static int prove_seasons(struct store *store, uint32_t show, maintenance_report *report,
                         void *report_context, void *policy, struct error *err)
{
    struct proving p = { .store = store,
                         .policy = policy,
                         .show = show,
                         .report = report,
                         .report_context = report_context,
                         .err = err };
    int result = season_records_walk(store, show, 0, offer_season, &p, err);
    if (!result)
        result = prove_season(&p);
    season_choice_done(&p.choice);
    return result;
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
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    if (!result)
        result = records_walk(store, item_id, derive_gather, &gathering, err);
    struct item_header implied = { .id = item_id,
                                   .kind = stored.kind,
                                   .added_at_ms = stored.added_at_ms,
                                   .updated_at_ms = stored.updated_at_ms };
    CLEANUP(text_done) struct text implied_body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text implied_card = TEXT_INIT(DERIVE_MAX_LEN);
    if (!result &&
        derive_item(policy, &gathering.records, NULL, &implied, &implied_body, &implied_card))
        compare(&stored, &implied, &card, &implied_card, report, report_context);
    else if (!result)
        report_untitled(item_id, report, report_context);
    if (!result && stored.kind == PROVIDER_TVSHOW)
        result = prove_seasons(store, item_id, report, report_context, policy, err);
    return result;
}
