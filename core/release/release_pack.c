/* SPDX-License-Identifier: MIT */
#include "release/release.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "media/card_format.h"
#include "naming/release_name.h"
#include "release/edition.h"
#include "torrent/magnet.h"

/* 'R', version, facts, providers behind their length, members behind theirs, then the claims.
 * Version 1 had neither editions nor languages at the end of its facts. */
enum { FIRST_VERSION = 1, VERSION = 2, MAX_EPISODE = 100000 };

/* What is known of a release while it is put together. */
struct making {
    const json_t *claims;
    struct release_facts *facts;
    struct release_name name;
    json_t *shown;
};

static const json_t *document_of(const json_t *claims, size_t i)
{
    return js_object(json_array_get(claims, i), "document");
}

/* What the first claim says that has the field at all. */
static json_t *said(const json_t *claims, const char *field)
{
    for (size_t i = 0; i < json_array_size(claims); i++) {
        json_t *value = json_object_get(document_of(claims, i), field);
        if (value)
            return value;
    }
    return NULL;
}

bool release_claim_is_gone(const json_t *claim)
{
    return json_is_true(json_object_get(claim, RELEASE_CLAIM_GONE));
}

bool release_claim(json_t *claims, const char *provider, int64_t at_ms, json_t *document)
{
    json_t *claim = json_object();
    js_set_string(claim, "provider", provider);
    js_set(claim, "at", json_integer(at_ms));
    json_object_set(claim, "document", document);
    for (size_t i = 0; i < json_array_size(claims); i++)
        if (text_equal(js_string(json_array_get(claims, i), "provider"), provider))
            return json_array_set_new(claims, i, claim) == 0;
    if (json_array_size(claims) < RELEASE_MAX_CLAIMS)
        return json_array_append_new(claims, claim) == 0;
    json_decref(claim);
    return false;
}

/* --- What is shown and judged */

static void show(struct making *m, const char *field, json_t *value)
{
    js_set(m->shown, field, value);
}

static void take_providers(struct making *m)
{
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(m->claims); i++) {
        const json_t *claim = json_array_get(m->claims, i);
        if (!release_claim_is_gone(claim))
            json_array_append(names, json_object_get(claim, "provider"));
    }
    if (!json_array_size(names))
        show(m, "gone", json_true());
    show(m, "provider", names);
}

static void show_episodes(struct making *m)
{
    const struct release_facts *facts = m->facts;
    if (facts->season < 0)
        return;
    show(m, "season", json_integer(facts->season));
    if (facts->first_episode < 0)
        return;
    json_t *episodes = json_array();
    for (int32_t i = facts->first_episode; i <= facts->last_episode; i++)
        json_array_append_new(episodes, json_integer(i));
    show(m, "episodes", episodes);
}

/* Episodes are a range: the lowest and the highest that are named. */
static void take_episodes(struct making *m)
{
    struct release_facts *facts = m->facts;
    const json_t *season = said(m->claims, "season_number"),
                 *episodes = said(m->claims, "episodes");
    facts->season = facts->first_episode = facts->last_episode = -1;
    if (facts->kind != PROVIDER_TVSHOW)
        return;
    if (season)
        facts->season = (int32_t)json_integer_value(season);
    else if (m->name.n_seasons)
        facts->season = m->name.seasons[0].first;
    for (size_t i = 0; i < json_array_size(episodes); i++) {
        int32_t number = (int32_t)json_integer_value(json_array_get(episodes, i));
        facts->first_episode = i ? MIN(facts->first_episode, number) : number;
        facts->last_episode = MAX(facts->last_episode, number);
    }
    if (!season && !episodes && m->name.n_episodes) {
        facts->first_episode = m->name.episodes[0].first;
        facts->last_episode = m->name.episodes[m->name.n_episodes - 1].last;
    }
    if (facts->last_episode - facts->first_episode >= 1000)
        facts->last_episode = facts->first_episode;
    show_episodes(m);
}

static void take_picture(struct making *m)
{
    struct release_facts *facts = m->facts;
    const char *quality = json_string_value(said(m->claims, "quality"));
    const char *source = json_string_value(said(m->claims, "source"));
    const char *codec = json_string_value(said(m->claims, "codec"));
    facts->quality = quality ? quality_of_word(quality) : m->name.quality;
    facts->source = source ? quality_source_of_word(source) : release_name_shelf(m->name.source);
    facts->codec = codec ? quality_codec_of_word(codec) : m->name.codec;
    js_set_string(m->shown, "quality", quality_word(facts->quality));
    js_set_string(m->shown, "source", quality_source_word(facts->source));
    js_set_string(m->shown, "codec", codec ? codec : quality_codec_word(facts->codec));
    json_t *depth = said(m->claims, "bit_depth");
    if (depth)
        json_object_set(m->shown, "bit_depth", depth);
    else if (m->name.bit_depth)
        show(m, "bit_depth", json_integer(m->name.bit_depth));
}

static void take_sound(struct making *m)
{
    static const struct {
        unsigned bit;
        const char *word;
    } ranges[] = { { RELEASE_DOLBY_VISION, "DV" },
                   { RELEASE_HDR10PLUS, "HDR10+" },
                   { RELEASE_HDR10, "HDR10" },
                   { RELEASE_HLG, "HLG" } };
    const char *audio = json_string_value(said(m->claims, "audio"));
    const char *hdr = json_string_value(said(m->claims, "hdr"));
    char channels[8];
    snprintf(channels, sizeof channels, "%d.%d", m->name.channels_x10 / 10,
             m->name.channels_x10 % 10);
    js_set_string(m->shown, "audio", audio || !m->name.channels_x10 ? audio : channels);
    for (size_t i = 0; !hdr && i < ARRAY_LEN(ranges); i++)
        hdr = m->name.hdr & ranges[i].bit ? ranges[i].word : NULL;
    js_set_string(m->shown, "hdr", hdr);
    m->facts->flags |= hdr ? RELEASE_HAS_HDR : 0;
}

static void add_language(struct release_facts *facts, const char *tag)
{
    uint16_t language = tag ? release_language(tag) : 0;
    size_t i = 0;
    while (i < RELEASE_LANGUAGES && facts->languages[i] && facts->languages[i] != language)
        i++;
    if (i < RELEASE_LANGUAGES)
        facts->languages[i] = language;
}

static void take_languages(struct making *m)
{
    json_t *claimed = said(m->claims, "languages");
    json_auto_t *languages = claimed ? json_incref(claimed) : json_array();
    for (size_t i = 0; !claimed && i < m->name.n_languages; i++)
        json_array_append_new(languages, json_string(m->name.languages[i]));
    memset(m->facts->languages, 0, sizeof m->facts->languages);
    for (size_t i = 0; i < json_array_size(languages); i++)
        add_language(m->facts, json_string_value(json_array_get(languages, i)));
    if (claimed || json_array_size(languages))
        json_object_set(m->shown, "languages", languages);
}

/* A flag that a claim or the name sets. */
static void take_flag(struct making *m, const char *field, uint32_t of_name, uint32_t bit)
{
    const json_t *value = said(m->claims, field);
    bool on = value ? json_is_true(value) : (m->name.flags & of_name) != 0;
    m->facts->flags |= on ? bit : 0;
    if (on || value)
        show(m, field, json_boolean(on));
}

static void take_rest(struct making *m)
{
    const char *edition = json_string_value(said(m->claims, "edition"));
    const char *uploaded = json_string_value(said(m->claims, "uploaded_at"));
    edition = edition ? edition : m->name.edition;
    js_set_string(m->shown, "edition", edition);
    m->facts->editions = edition_bits(edition);
    take_flag(m, "repack", RELEASE_REPACK, RELEASE_IS_REPACK);
    take_flag(m, "proper", RELEASE_PROPER, RELEASE_IS_PROPER);
    take_flag(m, "3d", RELEASE_3D, RELEASE_IS_3D);
    take_flag(m, "hardcoded_subtitles", RELEASE_HARDCODED, RELEASE_HAS_HARDCODED);
    m->facts->size = (uint64_t)json_integer_value(said(m->claims, "size"));
    if (m->facts->size)
        show(m, "size", json_integer((json_int_t)m->facts->size));
    m->facts->uploaded_at_ms = 0;
    if (uploaded && clock_parse(uploaded, &m->facts->uploaded_at_ms))
        js_set_string(m->shown, "uploaded_at", uploaded);
}

static void take_claimed(struct making *m)
{
    struct release_facts *facts = m->facts;
    facts->seeds = facts->peers = 0;
    facts->claimed_at_ms = 0;
    for (size_t i = 0; i < json_array_size(m->claims); i++) {
        const json_t *claim = json_array_get(m->claims, i), *document = document_of(m->claims, i);
        if (!json_object_get(document, "seeds") || release_claim_is_gone(claim))
            continue;
        uint32_t seeds = swarm_clamp(js_int(document, "seeds", 0));
        int64_t at_ms = js_int(claim, "at", 0);
        if (!facts->claimed_at_ms || seeds > facts->seeds)
            facts->claimed_at_ms = at_ms;
        facts->seeds = MAX(facts->seeds, seeds);
        facts->peers = MAX(facts->peers, swarm_clamp(js_int(document, "peers", 0)));
    }
}

static void take_magnet(struct making *m, const char *name)
{
    struct magnet *magnet = mem_new(struct magnet);
    CLEANUP(magnet_free) struct magnet *owned = magnet;
    CLEANUP(text_done) struct text link = TEXT_INIT(MAGNET_LEN);
    release_hash_to_text(m->facts->infohash, magnet->v1);
    magnet->name = mem_dup_text(name);
    for (size_t i = 0; i < json_array_size(m->claims); i++) {
        const json_t *trackers = js_array(document_of(m->claims, i), "trackers");
        for (size_t k = 0; k < json_array_size(trackers); k++)
            magnet_add_tracker(magnet, json_string_value(json_array_get(trackers, k)),
                               MAGNET_ALLOW_PRIVATE);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < magnet->trackers.n; i++)
        json_array_append_new(list, json_string(magnet->trackers.texts[i]));
    show(m, "trackers", list);
    if (magnet_build(magnet, &link))
        js_set_string(m->shown, "magnet", text_string(&link));
}

/* --- Writing */

static void put_facts(const struct release_facts *facts, struct text *out)
{
    text_add(out, facts->infohash, RELEASE_HASH_LEN);
    card_put_number(facts->item, 4, out);
    card_put_number(facts->kind, 1, out);
    card_put_number((uint32_t)facts->season, 4, out);
    card_put_number((uint32_t)facts->first_episode, 4, out);
    card_put_number((uint32_t)facts->last_episode, 4, out);
    card_put_number((uint8_t)facts->quality, 1, out);
    card_put_number(facts->source, 1, out);
    card_put_number(facts->codec, 1, out);
    card_put_number(facts->flags, 1, out);
    card_put_number(facts->size, 8, out);
    card_put_number((uint64_t)facts->uploaded_at_ms, 8, out);
    card_put_number((uint64_t)facts->added_at_ms, 8, out);
    card_put_number(facts->seeds, 4, out);
    card_put_number(facts->peers, 4, out);
    card_put_number((uint64_t)facts->claimed_at_ms, 8, out);
    card_put_number(facts->verified_seeds, 4, out);
    card_put_number(facts->verified_peers, 4, out);
    card_put_number((uint64_t)facts->verified_at_ms, 8, out);
    card_put_number(facts->editions, 4, out);
    for (size_t i = 0; i < RELEASE_LANGUAGES; i++)
        card_put_number(facts->languages[i], 2, out);
}

static bool put(const struct making *m, struct text *out)
{
    CLEANUP(text_done) struct text part = TEXT_INIT(RELEASE_MAX_PACKED);
    text_clear(out);
    text_add(out, "R", 1);
    text_add_char(out, VERSION);
    put_facts(m->facts, out);
    for (size_t i = 0; i < json_array_size(m->claims); i++) {
        const json_t *claim = json_array_get(m->claims, i);
        const char *provider = js_string(claim, "provider");
        if (provider && !release_claim_is_gone(claim))
            text_add(&part, provider, strlen(provider) + 1);
    }
    text_add(&part, "", 1);
    card_put_section(&part, out);
    text_clear(&part);
    if (!js_write(m->shown, &part) || part.len < 2)
        return false;
    part.bytes[0] = ',';
    part.len--;
    card_put_section(&part, out);
    text_clear(&part);
    if (!js_write(m->claims, &part))
        return false;
    card_put_section(&part, out);
    return !out->overflow;
}

bool release_pack(const json_t *claims, struct release_facts *facts, struct text *out)
{
    const char *name = json_string_value(said(claims, "name"));
    if (!name)
        return false;
    CLEANUP(mem_free) struct making *m = mem_new(struct making);
    json_auto_t *shown = json_object();
    m->claims = claims;
    m->facts = facts;
    m->shown = shown;
    facts->flags = 0;
    release_name_parse(name, strlen(name), &m->name);
    js_set_string(shown, "name", name);
    take_providers(m);
    take_episodes(m);
    take_picture(m);
    take_sound(m);
    take_languages(m);
    take_rest(m);
    take_claimed(m);
    take_magnet(m, name);
    return put(m, out);
}

/* --- Reading */

static bool take_facts(struct card_slice *from, struct release_facts *facts)
{
    uint64_t v[18];
    static const unsigned lengths[18] = { 4, 1, 4, 4, 4, 1, 1, 1, 1, 8, 8, 8, 4, 4, 8, 4, 4, 8 };
    if ((size_t)(from->end - from->at) < RELEASE_HASH_LEN)
        return false;
    memcpy(facts->infohash, from->at, RELEASE_HASH_LEN);
    from->at += RELEASE_HASH_LEN;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
        if (!card_take_number(from, lengths[i], &v[i]))
            return false;
    facts->item = (uint32_t)v[0];
    facts->kind = (uint32_t)v[1];
    facts->season = (int32_t)v[2];
    facts->first_episode = (int32_t)v[3];
    facts->last_episode = (int32_t)v[4];
    facts->quality = v[5] < QUALITY_N ? (int)v[5] : QUALITY_NONE;
    facts->source = (enum quality_source)v[6];
    facts->codec = (enum quality_codec)v[7];
    facts->flags = (uint32_t)v[8];
    facts->size = v[9];
    facts->uploaded_at_ms = (int64_t)v[10];
    facts->added_at_ms = (int64_t)v[11];
    facts->seeds = (uint32_t)v[12];
    facts->peers = (uint32_t)v[13];
    facts->claimed_at_ms = (int64_t)v[14];
    facts->verified_seeds = (uint32_t)v[15];
    facts->verified_peers = (uint32_t)v[16];
    facts->verified_at_ms = (int64_t)v[17];
    return facts->source < QUALITY_SOURCES && facts->codec < QUALITY_CODECS &&
           facts->quality < QUALITY_N;
}

static bool take_further_facts(struct card_slice *from, struct release_facts *facts)
{
    uint64_t value;
    if (!card_take_number(from, 4, &value))
        return false;
    facts->editions = (uint32_t)value;
    for (size_t i = 0; i < RELEASE_LANGUAGES; i++) {
        if (!card_take_number(from, 2, &value))
            return false;
        facts->languages[i] = (uint16_t)value;
    }
    return true;
}

static void lack_further_facts(struct release_facts *facts)
{
    facts->editions = 0;
    memset(facts->languages, 0, sizeof facts->languages);
}

bool release_open(const void *bytes, size_t len, struct release_packed *out)
{
    struct card_slice from = { bytes, (const char *)bytes + len }, parts[3];
    if (len < 2 || from.at[0] != 'R' || from.at[1] < FIRST_VERSION || from.at[1] > VERSION)
        return false;
    out->bytes = bytes;
    out->len = len;
    out->is_outdated = from.at[1] < VERSION;
    from.at += 2;
    lack_further_facts(&out->facts);
    if (!take_facts(&from, &out->facts) ||
        (!out->is_outdated && !take_further_facts(&from, &out->facts)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (!card_take_slice(&from, &parts[i]))
            return false;
    out->providers = parts[0].at;
    out->members = parts[1].at;
    out->members_len = (size_t)(parts[1].end - parts[1].at);
    out->claims = parts[2].at;
    out->claims_len = (size_t)(parts[2].end - parts[2].at);
    return parts[0].end > parts[0].at && parts[0].end[-1] == '\0' && from.at == from.end;
}

bool release_renew(const struct release_packed *release, struct release_facts *out_facts,
                   struct text *out)
{
    json_auto_t *claims = NULL;
    *out_facts = release->facts;
    return !js_parse(release->claims, release->claims_len, RELEASE_MAX_PACKED, &claims, NULL) &&
           release_pack(claims, out_facts, out);
}
