/* SPDX-License-Identifier: MIT */
#include "release/swarm.h"

#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "media/card_format.h"

enum { SAMPLE_LEN = 11, MINUTE_MS = 60 * 1000, VERIFIED = 1 };
#define DAY_MS INT64_C(86400000)
#define WEEK_MS (7 * DAY_MS)

uint32_t swarm_clamp(int64_t figure)
{
    return (uint32_t)MAX(MIN(figure, (int64_t)SWARM_MOST), (int64_t)0);
}

/* --- Growing */

/* The last of that kind before `end`; `end` itself when there is none. */
static size_t find_last(const struct swarm_series *series, bool verified, size_t end)
{
    for (size_t i = end; i-- > 0;)
        if (series->samples[i].verified == verified)
            return i;
    return end;
}

const struct swarm_sample *swarm_last(const struct swarm_series *series, bool verified)
{
    size_t last = find_last(series, verified, series->n);
    return last < series->n ? &series->samples[last] : NULL;
}

static bool is_same(const struct swarm_sample *a, const struct swarm_sample *b)
{
    return a->seeds == b->seeds && a->peers == b->peers;
}

static void remove_at(struct swarm_series *series, size_t at)
{
    series->n--;
    memmove(series->samples + at, series->samples + at + 1,
            (series->n - at) * sizeof *series->samples);
}

/* The middle of three that say the same says nothing. */
static void drop_middle(struct swarm_series *series, const struct swarm_sample *sample)
{
    size_t last = find_last(series, sample->verified, series->n);
    if (last == series->n || !is_same(&series->samples[last], sample))
        return;
    size_t before = find_last(series, sample->verified, last);
    if (before != last && is_same(&series->samples[before], sample))
        remove_at(series, last);
}

/* How much is lost without it: the gap it would leave, against how long ago that was. */
static double worth_of(const struct swarm_series *series, size_t at, int64_t now_ms)
{
    const struct swarm_sample *sample = &series->samples[at];
    size_t before = find_last(series, sample->verified, at), after = at + 1;
    while (after < series->n && series->samples[after].verified != sample->verified)
        after++;
    if (before == at || after == series->n)
        return INFINITY; /* the first and the last of its kind */
    return (double)(series->samples[after].at_ms - series->samples[before].at_ms) /
           (double)(now_ms - sample->at_ms + DAY_MS);
}

static void make_room(struct swarm_series *series, int64_t now_ms)
{
    size_t least = 0;
    double least_worth = INFINITY;
    for (size_t i = 0; i < series->n; i++) {
        double worth = worth_of(series, i, now_ms);
        if (worth >= least_worth)
            continue;
        least = i;
        least_worth = worth;
    }
    remove_at(series, least);
}

void swarm_add(struct swarm_series *series, const struct swarm_sample *sample)
{
    struct swarm_sample new = *sample;
    new.at_ms -= new.at_ms % MINUTE_MS;
    size_t last = find_last(series, new.verified, series->n);
    if (new.at_ms <= 0 || (last < series->n && series->samples[last].at_ms > new.at_ms))
        return;
    if (last < series->n && series->samples[last].at_ms == new.at_ms)
        remove_at(series, last);
    drop_middle(series, &new);
    if (series->n == SWARM_SAMPLES)
        make_room(series, new.at_ms);
    size_t at = series->n;
    while (at > 0 && series->samples[at - 1].at_ms > new.at_ms)
        at--;
    memmove(series->samples + at + 1, series->samples + at,
            (series->n - at) * sizeof *series->samples);
    series->samples[at] = new;
    series->n++;
}

/* --- The trend */

/* The seeds at a time between two samples, on the line between them. */
static double seeds_between(const struct swarm_sample *a, const struct swarm_sample *b,
                            int64_t at_ms)
{
    double span = (double)(b->at_ms - a->at_ms);
    double part = span > 0 ? (double)(at_ms - a->at_ms) / span : 0;
    return a->seeds + part * ((double)b->seeds - a->seeds);
}

static bool trend_of(const struct swarm_series *series, bool verified, int64_t now_ms, int32_t *out)
{
    size_t last = find_last(series, verified, series->n);
    if (last == series->n)
        return false;
    const struct swarm_sample *newest = &series->samples[last], *after = newest;
    int64_t from_ms = newest->at_ms - WEEK_MS;
    if (now_ms - newest->at_ms > WEEK_MS)
        return false;
    for (size_t i = find_last(series, verified, last), end = last; i != end;
         end = i, i = find_last(series, verified, i)) {
        const struct swarm_sample *sample = &series->samples[i];
        if (sample->at_ms <= from_ms) {
            *out = (int32_t)lround(newest->seeds - seeds_between(sample, after, from_ms));
            return true;
        }
        after = sample;
    }
    if (newest->at_ms - after->at_ms < DAY_MS)
        return false;
    *out = (int32_t)((int64_t)newest->seeds - after->seeds);
    return true;
}

bool swarm_trend(const struct swarm_series *series, int64_t now_ms, int32_t *out)
{
    return trend_of(series, true, now_ms, out) || trend_of(series, false, now_ms, out);
}

/* --- Stored */

void swarm_pack(const struct swarm *swarm, struct text *out)
{
    card_put_number((uint64_t)swarm->due_at_ms, 8, out);
    card_put_number((uint64_t)swarm->checked_at_ms, 8, out);
    card_put_number((uint64_t)swarm->dead_since_ms, 8, out);
    card_put_number(swarm->unanswered, 4, out);
    card_put_number(swarm->trackers, 4, out);
    card_put_number(swarm->answers, 4, out);
    card_put_number(swarm->dht_peers, 4, out);
    card_put_number(swarm->met, 4, out);
    card_put_number(swarm->seeds_met, 4, out);
    for (size_t i = 0; i < swarm->series.n; i++) {
        const struct swarm_sample *sample = &swarm->series.samples[i];
        card_put_number((uint64_t)(sample->at_ms / MINUTE_MS), 4, out);
        card_put_number(sample->seeds, 3, out);
        card_put_number(sample->peers, 3, out);
        card_put_number(sample->verified ? VERIFIED : 0, 1, out);
    }
}

static bool open_head(struct card_slice *from, struct swarm *out)
{
    uint64_t v[9];
    for (size_t i = 0; i < ARRAY_LEN(v); i++)
        if (!card_take_number(from, i < 3 ? 8 : 4, &v[i]))
            return false;
    *out = (struct swarm){ .due_at_ms = (int64_t)v[0],
                           .checked_at_ms = (int64_t)v[1],
                           .dead_since_ms = (int64_t)v[2],
                           .unanswered = (uint32_t)v[3],
                           .trackers = (uint32_t)v[4],
                           .answers = (uint32_t)v[5],
                           .dht_peers = (uint32_t)v[6],
                           .met = (uint32_t)v[7],
                           .seeds_met = (uint32_t)v[8] };
    return true;
}

bool swarm_open(const void *bytes, size_t len, struct swarm *out)
{
    struct card_slice from = { bytes, (const char *)bytes + len };
    struct swarm_series *series = &out->series;
    if (len < SWARM_HEAD || len > SWARM_PACKED_MAX || (len - SWARM_HEAD) % SAMPLE_LEN ||
        !open_head(&from, out))
        return false;
    for (series->n = 0; from.at < from.end; series->n++) {
        uint64_t minutes, seeds, peers, flags;
        if (!card_take_number(&from, 4, &minutes) || !card_take_number(&from, 3, &seeds) ||
            !card_take_number(&from, 3, &peers) || !card_take_number(&from, 1, &flags))
            return false;
        struct swarm_sample *sample = &series->samples[series->n];
        *sample = (struct swarm_sample){ .at_ms = (int64_t)minutes * MINUTE_MS,
                                         .seeds = (uint32_t)seeds,
                                         .peers = (uint32_t)peers,
                                         .verified = flags & VERIFIED };
        if (series->n && sample->at_ms < sample[-1].at_ms)
            return false;
    }
    return true;
}

/* --- Shown */

static void add_time(const char *name, int64_t at_ms, struct text *out)
{
    char at[CLOCK_TEXT_LEN];
    if (at_ms)
        text_add_format(out, "\"%s\":\"%s\",", name, clock_format(at_ms, at));
    else
        text_add_format(out, "\"%s\":null,", name);
}

void swarm_render_check(const struct swarm *swarm, struct text *out)
{
    text_add_char(out, '{');
    add_time("at", swarm->checked_at_ms, out);
    add_time("next_at", swarm->due_at_ms, out);
    add_time("dead_since", swarm->dead_since_ms, out);
    text_add_format(out,
                    "\"unanswered\":%u,\"trackers\":%u,\"answers\":%u,\"dht_peers\":%u,"
                    "\"met\":%u,\"seeds_met\":%u}",
                    swarm->unanswered, swarm->trackers, swarm->answers, swarm->dht_peers,
                    swarm->met, swarm->seeds_met);
}

void swarm_render_history(const struct swarm_series *series, struct text *out)
{
    char at[CLOCK_TEXT_LEN];
    text_add_char(out, '[');
    for (size_t i = 0; i < series->n; i++) {
        const struct swarm_sample *sample = &series->samples[i];
        text_add_format(out, "%s{\"at\":\"%s\",\"seeds\":%u,\"peers\":%u,\"verified\":%s}",
                        i ? "," : "", clock_format(sample->at_ms, at), sample->seeds, sample->peers,
                        sample->verified ? "true" : "false");
    }
    text_add_char(out, ']');
}
