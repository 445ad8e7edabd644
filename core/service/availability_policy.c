/* SPDX-License-Identifier: MIT */
#include "service/availability_policy.h"

#include "base/cleanup.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* Of TMDB's million films a few thousand are above. */
#define POPULAR 20.0

enum { MOST_DOUBLINGS = 8 };

struct look {
    const struct availability_facts *facts;
    int64_t now_ms;
};

static bool is_younger(const struct look *look, int64_t ms)
{
    return look->now_ms - look->facts->since_ms < ms;
}

static bool is_dead(const struct look *look)
{
    return look->facts->dead_since_ms != 0;
}

/* Who has it may only be asleep. */
static bool died_lately(const struct look *look)
{
    return is_dead(look) && look->now_ms - look->facts->dead_since_ms < 7 * DAY_MS;
}

static bool is_dead_and_listed(const struct look *look)
{
    return is_dead(look) && look->facts->listed;
}

static bool is_dead_and_opened(const struct look *look)
{
    return is_dead(look) && look->facts->opened;
}

static bool is_long_dead(const struct look *look)
{
    return is_dead(look) && look->now_ms - look->facts->dead_since_ms >= 180 * DAY_MS;
}

static bool is_fresh(const struct look *look)
{
    return is_younger(look, 2 * DAY_MS);
}

static bool is_listed(const struct look *look)
{
    return look->facts->listed;
}

static bool is_opened(const struct look *look)
{
    return look->facts->opened;
}

static bool is_new(const struct look *look)
{
    return is_younger(look, 14 * DAY_MS);
}

static bool is_popular(const struct look *look)
{
    return look->facts->popularity >= POPULAR;
}

static bool is_recent(const struct look *look)
{
    return is_younger(look, 90 * DAY_MS);
}

static bool is_anything(const struct look *look UNUSED)
{
    return true;
}

/* The first that applies. */
static const struct rule {
    const char *name;
    bool (*applies)(const struct look *look);
    int64_t every_ms;
} rules[] = {
    { "dead for long", is_long_dead, 90 * DAY_MS },
    { "died lately", died_lately, 2 * DAY_MS },
    { "dead and listed", is_dead_and_listed, 7 * DAY_MS },
    { "dead and opened", is_dead_and_opened, 7 * DAY_MS },
    { "dead", is_dead, 30 * DAY_MS },
    { "fresh", is_fresh, 3 * HOUR_MS },
    { "listed", is_listed, 6 * HOUR_MS },
    { "opened", is_opened, 6 * HOUR_MS },
    { "new", is_new, 12 * HOUR_MS },
    { "popular", is_popular, DAY_MS },
    { "recent", is_recent, 3 * DAY_MS },
    { "long ago", is_anything, 14 * DAY_MS },
};

static const struct rule *choose(const struct availability_facts *facts, int64_t now_ms)
{
    const struct look look = { facts, now_ms };
    const struct rule *rule = rules;
    while (!rule->applies(&look))
        rule++;
    return rule;
}

const char *availability_rule_name(const struct availability_facts *facts, int64_t now_ms)
{
    return choose(facts, now_ms)->name;
}

int64_t availability_due_ms(const struct availability_facts *facts, int64_t now_ms, uint32_t salt)
{
    int64_t every_ms = choose(facts, now_ms)->every_ms;
    uint32_t part = salt * 2654435761u >> 16; /* of 65536 */
    /* The first look comes early, and a whole catalogue's not all at once. */
    if (!facts->verified_at_ms && !facts->unanswered)
        return now_ms + every_ms / 8 + every_ms * (int64_t)part / 65536;
    /* Nobody answered: again soon, then less and less often, at most as rarely as otherwise. */
    if (facts->unanswered)
        every_ms = MIN(every_ms, HOUR_MS << MIN(facts->unanswered, (unsigned)MOST_DOUBLINGS));
    return now_ms + every_ms - every_ms / 8 + every_ms / 4 * (int64_t)part / 65536;
}
