/* SPDX-License-Identifier: MIT */
#include "service/refresh_policy.h"

#include "base/clock.h"
#include "base/json.h"
#include "media/card.h"
#include "provider/registry.h"

enum {
    AIRS_SOON_DAYS = 7, /* an episode this week */
    AIRED_DAYS = 2,     /* what was written about it settles */
    SOON_DAYS = 30,
    NEW_DAYS = 14,
    RECENT_DAYS = 90,
    OLD_DAYS = 2 * 365,
    LEAST_TTL_MS = 3600 * 1000,
};
#define DAY_MS INT64_C(86400000)

/* Of TMDB's million films a few thousand are above. */
#define POPULAR 20.0

struct age {
    const struct refresh_facts *facts;
    int32_t today;
};

static bool lies_within(int32_t day, int32_t from, int32_t to)
{
    return day != INT32_MIN && day >= from && day <= to;
}

static bool is_airing(const struct age *age)
{
    return lies_within(age->facts->next_day, age->today - 1, age->today + AIRS_SOON_DAYS) ||
           lies_within(age->facts->last_day, age->today - AIRED_DAYS, age->today);
}

static bool is_listed(const struct age *age)
{
    return age->facts->listed;
}

static bool is_popular(const struct age *age)
{
    return age->facts->popularity >= POPULAR;
}

static bool is_around_release(const struct age *age)
{
    return lies_within(age->facts->release_day, age->today - NEW_DAYS, age->today + SOON_DAYS);
}

static bool is_announced(const struct age *age)
{
    uint8_t status = age->facts->status;
    return status == CARD_STATUS_RUMORED || status == CARD_STATUS_PLANNED ||
           status == CARD_STATUS_IN_PRODUCTION || status == CARD_STATUS_POST_PRODUCTION ||
           status == CARD_STATUS_PILOT ||
           (age->facts->release_day != INT32_MIN && age->facts->release_day > age->today);
}

static bool is_recent(const struct age *age)
{
    return lies_within(age->facts->release_day, age->today - RECENT_DAYS, age->today);
}

static bool is_returning(const struct age *age)
{
    return age->facts->status == CARD_STATUS_RETURNING;
}

static bool is_of_these_years(const struct age *age)
{
    return lies_within(age->facts->release_day, age->today - OLD_DAYS, age->today) ||
           lies_within(age->facts->last_day, age->today - RECENT_DAYS, age->today);
}

static bool is_anything(const struct age *age UNUSED)
{
    return true;
}

/* The first that applies.  No days: before it expires. */
static const struct rule {
    const char *name;
    bool (*applies)(const struct age *age);
    int days;
} rules[] = {
    { "airing", is_airing, 1 },       { "listed", is_listed, 0 },
    { "popular", is_popular, 0 },     { "around its release", is_around_release, 2 },
    { "announced", is_announced, 3 }, { "recent", is_recent, 7 },
    { "returning", is_returning, 7 }, { "of these years", is_of_these_years, 30 },
    { "long ago", is_anything, 120 },
};

static const struct rule *choose(const struct refresh_facts *facts, int64_t now_ms)
{
    const struct age age = { facts, (int32_t)(now_ms / DAY_MS) };
    const struct rule *rule = rules;
    while (!rule->applies(&age))
        rule++;
    return rule;
}

const char *refresh_rule_name(const struct refresh_facts *facts, int64_t now_ms)
{
    return choose(facts, now_ms)->name;
}

int64_t refresh_due_ms(const struct refresh_facts *facts, int64_t ttl_ms, int64_t now_ms,
                       uint32_t salt)
{
    const struct rule *rule = choose(facts, now_ms);
    int64_t every_ms = rule->days ? rule->days * DAY_MS : MAX(ttl_ms, (int64_t)LEAST_TTL_MS);
    /* A fifth early at most, a tenth at least: the fetch itself may have to wait its turn. */
    uint32_t spread = salt * 2654435761u >> 16;
    return now_ms + every_ms - every_ms / 10 - every_ms / 10 * (int64_t)spread / 65536;
}

static int32_t day_of(const char *date)
{
    int64_t ms;
    return date && clock_parse(date, &ms) ? (int32_t)(ms / DAY_MS - (ms % DAY_MS < 0)) : INT32_MIN;
}

void refresh_facts_read(uint32_t kind, const json_t *document, struct refresh_facts *out)
{
    const char *first = js_string(document, "first_air_date");
    const char *status = js_string(document, "status");
    *out = (struct refresh_facts){
        .kind = kind,
        .status = (uint8_t)(status ? card_status_of_name(status) : CARD_STATUS_UNKNOWN),
        .release_day = day_of(first ? first : js_string(document, "release_date")),
        .next_day = day_of(js_string(js_object(document, "next_episode"), "air_date")),
        .last_day = day_of(js_string(document, "last_air_date")),
        .popularity = js_double(document, "popularity", 0),
    };
}
