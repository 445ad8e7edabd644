/* SPDX-License-Identifier: MIT */
#include "service/prove.h"

#include <string.h>

#include "base/json.h"
#include "media/card.h"
#include "media/ids.h"
#include "service/rederive.h"
#include "service/season_intake.h"
#include "store/ids.h"
#include "store/releases.h"

/* The member that differs says where to look. */
static void report_difference(uint32_t item_id, const char *form, const struct text *stored,
                              const struct text *implied, maintenance_report *report,
                              void *report_context)
{
    CLEANUP(text_done) struct text names = TEXT_INIT(160);
    card_compare(stored->bytes, stored->len, implied->bytes, implied->len, &names);
    CLEANUP(mem_free)
    char *finding = mem_format("item %u: its %s is not what its records imply: %s", item_id, form,
                               names.len ? names.bytes : "the order of its members, or its hash");
    report(finding, report_context);
}

static void compare(const struct item_header *stored, const struct item_header *implied,
                    const struct text *body, const struct text *implied_body,
                    const struct text *card, const struct text *implied_card,
                    maintenance_report *report, void *report_context)
{
    bool same_card =
        card->len == implied_card->len &&
        text_hash(card->bytes, card->len) == text_hash(implied_card->bytes, implied_card->len);
    bool same_body = stored->content_hash == implied->content_hash &&
                     stored->content_hash == text_hash(body->bytes, body->len);
    if (!same_body)
        report_difference(stored->id, "whole form", body, implied_body, report, report_context);
    else if (!same_card)
        report_difference(stored->id, "card", card, implied_card, report, report_context);
}

static void report_untitled(uint32_t item_id, maintenance_report *report, void *report_context)
{
    CLEANUP(mem_free) char *finding = mem_format("item %u: its records name no title", item_id);
    report(finding, report_context);
}

/* A record that is no JSON is a finding; that the store cannot be read is none. */
static int report_unreadable(int result, maintenance_report *report, void *report_context,
                             const struct error *err)
{
    if (result != PROVIDER_EPARSE)
        return result;
    report(err->text, report_context);
    return 0;
}

/* --- Seasons */

struct proving {
    struct store *store;
    const struct derive_policy *policy;
    uint32_t show, season; /* the one at hand */
    struct season_sources sources;
    maintenance_report *report;
    void *report_context;
    struct error *err;
};

static int prove_season(struct proving *p)
{
    CLEANUP(text_done) struct text stored = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text implied = TEXT_INIT(DERIVE_MAX_LEN);
    if (!p->sources.n)
        return 0;
    int result = season_sources_pack(&p->sources, &p->policy->merge, &implied, p->err);
    if (!result)
        result = seasons_get(p->store, p->show, p->season, &stored, p->err);
    if (result && result != PROVIDER_ENOTFOUND)
        return result;
    season_sources_clear(&p->sources);
    if (!result && stored.len == implied.len && !memcmp(stored.bytes, implied.bytes, implied.len))
        return 0;
    CLEANUP(mem_free)
    char *finding =
        mem_format("season %u of show %u is not what its records imply", p->season, p->show);
    p->report(finding, p->report_context);
    return 0;
}

static int add_source(const struct season_record *record, const char *json, size_t len,
                      void *context)
{
    struct proving *p = context;
    int result = record->season == p->season ? 0 : prove_season(p);
    p->season = record->season;
    return result ? result : season_sources_add(&p->sources, record, json, len, p->err);
}

static int prove_seasons(struct store *store, uint32_t show, maintenance_report *report,
                         void *report_context, const struct derive_policy *policy,
                         struct error *err)
{
    struct proving p = { .store = store,
                         .policy = policy,
                         .show = show,
                         .report = report,
                         .report_context = report_context,
                         .err = err };
    int result = season_records_walk(store, show, 0, add_source, &p, err);
    if (!result)
        result = prove_season(&p);
    season_sources_done(&p.sources);
    return report_unreadable(result, report, report_context, err);
}

/* --- Ids */

struct saying {
    const char *text;
    bool said;
};

static int compare_id(const char *text, void *context)
{
    struct saying *saying = context;
    saying->said = saying->said || text_equal(text, saying->text);
    return saying->said;
}

static int look_into(const struct record_header *header UNUSED, const char *json, size_t len,
                     void *context)
{
    json_auto_t *document = json_loadb(json, len, 0, NULL);
    return ids_each(js_object(document, "ids"), compare_id, context);
}

static int lead_here(uint32_t id UNUSED, uint32_t survivor, void *context)
{
    return survivor == *(uint32_t *)context;
}

/* What was merged into it may have been known by ids that no record says any more. */
static bool is_survivor(struct store *store, uint32_t item_id)
{
    return redirects_walk(store, lead_here, &item_id, NULL) > 0;
}

int prove_id(struct store *store, const char *text, uint32_t item_id, bool *out_said,
             struct error *err)
{
    struct saying saying = { .text = text };
    int result = records_walk(store, item_id, look_into, &saying, err);
    *out_said = saying.said || is_survivor(store, item_id);
    return MIN(result, 0);
}

struct leading {
    struct store *store;
    uint32_t kind, item_id;
    maintenance_report *report;
    void *report_context;
    struct error *err;
};

static int follow_id(const char *text, void *context)
{
    struct leading *leading = context;
    uint32_t owner;
    int result = external_ids_find(leading->store, leading->kind, text, &owner, leading->err);
    if (result != PROVIDER_ENOTFOUND)
        return result;
    CLEANUP(mem_free)
    char *finding =
        mem_format("item %u: nobody finds it by its external id '%s'", leading->item_id, text);
    leading->report(finding, leading->report_context);
    return 0;
}

/* --- The whole */

static void prove_derived(const struct derive_policy *policy, const struct item_header *stored,
                          const struct derive_records *records, const struct text *body,
                          const struct text *card, maintenance_report *report, void *report_context)
{
    struct item_header implied = { .id = stored->id,
                                   .kind = stored->kind,
                                   .added_at_ms = stored->added_at_ms,
                                   .updated_at_ms = stored->updated_at_ms };
    CLEANUP(text_done) struct text implied_body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text implied_card = TEXT_INIT(DERIVE_MAX_LEN);
    if (derive_item(policy, records, NULL, &implied, &implied_body, &implied_card))
        compare(stored, &implied, body, &implied_body, card, &implied_card, report, report_context);
    else
        report_untitled(stored->id, report, report_context);
}

/* Under other orders every item may be another, and the next start sees to it. */
static bool has_other_orders(struct store *store, struct prove *prove, maintenance_report *report,
                             void *report_context)
{
    if (prove->asked)
        return prove->other_orders;
    prove->asked = true;
    prove->other_orders = rederive_is_due(store, prove->policy);
    if (prove->other_orders)
        report("the items were derived under another order of providers: the next start of the "
               "daemon derives them anew",
               report_context);
    return prove->other_orders;
}

static int add_release(const struct release_packed *release, void *context)
{
    derive_offer_add(context, &release->facts);
    return 0;
}

int prove_item(struct store *store, uint32_t item_id, maintenance_report *report,
               void *report_context, void *context, struct error *err)
{
    struct prove *prove = context;
    struct item_header stored = { 0 };
    CLEANUP(text_done) struct text body = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(text_done) struct text card = TEXT_INIT(DERIVE_MAX_LEN);
    CLEANUP(derive_gathering_done) struct derive_gathering gathering = { .err = err };
    int result = items_get(store, item_id, &stored, &body, err);
    if (!result)
        result = records_walk(store, item_id, derive_gather, &gathering, err);
    if (result == PROVIDER_EPARSE)
        return report_unreadable(result, report, report_context, err);
    if (!result)
        result = releases_walk(store, item_id, add_release, &gathering.records.offer, err);
    if (result || !gathering.records.n || has_other_orders(store, prove, report, report_context))
        return result;
    derive_renew(&stored, &body);
    if (!cards_get(store, item_id, &card, NULL)) {
        card_renew(&card);
        prove_derived(prove->policy, &stored, &gathering.records, &body, &card, report,
                      report_context);
    }
    struct leading leading = { store, stored.kind, item_id, report, report_context, err };
    for (size_t i = 0; !result && i < gathering.records.n; i++)
        result =
            ids_each(js_object(gathering.records.rows[i].document, "ids"), follow_id, &leading);
    return result || stored.kind != PROVIDER_TVSHOW
               ? result
               : prove_seasons(store, item_id, report, report_context, prove->policy, err);
}
