/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "media/language.h"
#include "release/release_score.h"
#include "torrent/magnet.h"

bool release_hash_of_text(const char *hex, uint8_t out[RELEASE_HASH_LEN])
{
    char canonical[MAGNET_V1_HEX + 1];
    return magnet_read_v1(hex, strlen(hex), canonical) &&
           sodium_hex2bin(out, RELEASE_HASH_LEN, canonical, MAGNET_V1_HEX, NULL, NULL, NULL) == 0;
}

void release_hash_to_text(const uint8_t hash[RELEASE_HASH_LEN], char out[2 * RELEASE_HASH_LEN + 1])
{
    sodium_bin2hex(out, 2 * RELEASE_HASH_LEN + 1, hash, RELEASE_HASH_LEN);
}

/* Two or three letters, each from 1 to 26. */
uint16_t release_language(const char *tag)
{
    char canonical[LANGUAGE_LEN];
    unsigned number = 0;
    if (!language_parse(tag, canonical))
        return 0;
    for (const char *at = canonical; *at >= 'a' && *at <= 'z'; at++)
        number = number * 27 + (unsigned)(*at - 'a' + 1);
    return (uint16_t)number;
}

/* Trackers say 0 of a fresh upload for hours: nothing is dead before it was looked at. */
int release_state(const struct release_facts *facts)
{
    if (facts->verified_at_ms)
        return facts->verified_seeds ? RELEASE_ALIVE : RELEASE_DEAD;
    return facts->claimed_at_ms && facts->seeds ? RELEASE_ALIVE : RELEASE_UNKNOWN;
}

bool release_has_provider(const struct release_packed *release, const char *provider)
{
    for (const char *at = release->providers; *at; at += strlen(at) + 1)
        if (strcmp(at, provider) == 0)
            return true;
    return false;
}

static uint32_t best_seeds(const struct release_facts *facts)
{
    return facts->verified_at_ms ? facts->verified_seeds : facts->seeds;
}

int release_compare(const struct release_order *a, const struct release_order *b)
{
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    uint32_t seeds_a = best_seeds(a->facts), seeds_b = best_seeds(b->facts);
    if (seeds_a != seeds_b)
        return seeds_a > seeds_b ? -1 : 1;
    if (a->facts->size != b->facts->size)
        return a->facts->size > b->facts->size ? -1 : 1;
    return memcmp(a->facts->infohash, b->facts->infohash, RELEASE_HASH_LEN);
}

static void add_swarm(struct text *out, uint32_t seeds, uint32_t peers, int64_t at_ms)
{
    char at[CLOCK_TEXT_LEN];
    if (!at_ms)
        text_add_string(out, "null");
    else
        text_add_format(out, "{\"seeds\":%u,\"peers\":%u,\"at\":\"%s\"}", seeds, peers,
                        clock_format(at_ms, at));
}

static void add_trend(const struct release_view *view, struct text *out)
{
    int32_t trend;
    if (view->swarm && swarm_trend(&view->swarm->series, view->now_ms, &trend))
        text_add_format(out, ",\"trend_7d\":%d", trend);
    else
        text_add_string(out, ",\"trend_7d\":null");
    if (!view->swarm || !view->history)
        return;
    text_add_string(out, ",\"check\":");
    swarm_render_check(view->swarm, out);
    text_add_string(out, ",\"history\":");
    swarm_render_history(&view->swarm->series, out);
}

static void add_availability(const struct release_facts *facts, const struct release_view *view,
                             struct text *out)
{
    static const char *const states[] = { "dead", "unknown", "alive" };
    text_add_string(out, ",\"availability\":{\"claimed\":");
    add_swarm(out, facts->seeds, facts->peers, facts->claimed_at_ms);
    text_add_string(out, ",\"verified\":");
    add_swarm(out, facts->verified_seeds, facts->verified_peers, facts->verified_at_ms);
    text_add_format(out, ",\"state\":\"%s\"", states[release_state(facts) + 1]);
    add_trend(view, out);
    text_add_char(out, '}');
}

/* What a reader should know before it chooses this one. */
static void add_marks(const struct release_facts *facts, unsigned runtime_minutes, struct text *out)
{
    static const char *const sizes[] = {
        [QUALITY_TOO_SMALL] = "too_small", [QUALITY_TOO_LARGE] = "too_large"
    };
    enum quality_verdict verdict = release_judge_size(facts, runtime_minutes);
    const char *size = verdict < ARRAY_LEN(sizes) ? sizes[verdict] : NULL;
    bool poor = quality_source_is_poor(facts->source);
    if (!poor && !size)
        return;
    text_add_format(out, ",\"marks\":[%s%s%s%s%s]", poor ? "\"poor_source\"" : "",
                    poor && size ? "," : "", size ? "\"" : "", size ? size : "", size ? "\"" : "");
}

bool release_render(const struct release_packed *release, const struct release_view *view,
                    struct text *out)
{
    const struct release_facts *facts = &release->facts;
    char hash[2 * RELEASE_HASH_LEN + 1];
    struct release_score score;
    release_hash_to_text(facts->infohash, hash);
    release_score(facts, view->runtime_minutes, view->now_ms, &score);
    text_add_format(out, "{\"infohash\":\"%s\",\"item\":%u", hash, facts->item);
    text_add(out, release->members, release->members_len);
    add_availability(facts, view, out);
    add_marks(facts, view->runtime_minutes, out);
    text_add_format(out, ",\"score\":%.1f", score.score);
    for (unsigned i = 0; view->explain && i < RELEASE_SCORE_N_ADDENDS; i++)
        text_add_format(out, "%s\"%s\":%.3f", i ? "," : ",\"explain\":{", release_addend_name(i),
                        score.addends[i]);
    text_add_string(out, view->explain ? "}}" : "}");
    return !out->overflow;
}
