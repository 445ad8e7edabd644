/* SPDX-License-Identifier: MIT */
#include "media/season.h"

#include <string.h>

#include "base/json.h"
#include "media/merging.h"
#include "media/season_format.h"

/* Members that do not depend on a language, in the order in which they are shown. */
static const char *const season_plain[] = { "air_date", "episode_count", "rating", "ids" };
static const char *const season_whole[] = { "cast", "crew", "images", "videos" };
static const char *const episode_plain[] = { "air_date", "runtime", "still", "rating",
                                             "votes",    "type",    "ids" };
static const char *const episode_whole[] = { "production_code", "crew", "guest_stars" };

struct packing {
    struct card_packer packer; /* its texts are those of the season or episode at hand */
    const char *provider;
    const char *language; /* of texts that do not say */
    struct text members;
};

static void packing_done(struct packing *packing)
{
    card_packer_done(&packing->packer);
    text_done(&packing->members);
}
DEFINE_CLEANUP_VALUE(struct packing, packing_done);

static bool is_real(const char *name)
{
    return name && !merge_is_placeholder(name);
}

static bool has_real_name(const json_t *part)
{
    const char *language;
    json_t *texts;
    if (is_real(js_string(part, "name")))
        return true;
    json_object_foreach (json_object_get(part, "translations"), language, texts)
        if (is_real(js_string(texts, "title")))
            return true;
    return false;
}

static void put_name(struct packing *packing, const char *language, const char *name,
                     bool only_real)
{
    if (name && (!only_real || is_real(name)))
        card_put_text(&packing->packer, CARD_TITLE, language, name);
}

/* Name and overview of a season or an episode in every language. */
static void put_texts(struct packing *packing, const json_t *part)
{
    const char *language;
    json_t *texts;
    bool only_real = has_real_name(part);
    put_name(packing, packing->language, js_string(part, "name"), only_real);
    card_put_text(&packing->packer, CARD_OVERVIEW, packing->language, js_string(part, "overview"));
    json_object_foreach (json_object_get(part, "translations"), language, texts) {
        put_name(packing, language, js_string(texts, "title"), only_real);
        card_put_text(&packing->packer, CARD_OVERVIEW, language, js_string(texts, "overview"));
    }
}

static void put_poster(struct packing *packing, json_t *seen, const char *language,
                       const char *path)
{
    if (!path || json_object_get(seen, language))
        return;
    json_t *route = merging_picture("posters", packing->provider, path);
    json_object_set_new(seen, language, route);
    card_put_text(&packing->packer, CARD_POSTER, language, json_string_value(route));
}

/* One per language: the provider's choice, then the first picture of that language. */
static void put_posters(struct packing *packing, const json_t *season)
{
    json_auto_t *seen = json_object();
    const json_t *all = js_array(js_object(season, "images"), "posters");
    put_poster(packing, seen, packing->language, js_string(season, "poster"));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        const char *language = js_string(one, "language");
        put_poster(packing, seen, language ? language : "", js_string(one, "path"));
    }
}

/* Moves the texts gathered so far behind their length. */
static void put_text_section(struct packing *packing, struct text *out)
{
    card_put_section(&packing->packer.texts, out);
    text_clear(&packing->packer.texts);
}

static void put_member_section(struct packing *packing, const json_t *part,
                               const char *const *names, size_t n, struct text *out)
{
    text_clear(&packing->members);
    card_put_members(part, names, n, &packing->members);
    card_put_section(&packing->members, out);
}

struct numbered {
    uint32_t number;
    size_t place; /* in the document: the first of equals stays */
    const json_t *episode;
};

static int by_number(const void *a, const void *b)
{
    const struct numbered *one = a, *other = b;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

/* The episodes in order, each number once; returns how many there are. */
static size_t sort_episodes(const json_t *episodes, struct numbered *out)
{
    size_t n = json_array_size(episodes), kept = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *episode = json_array_get(episodes, i);
        out[i] = (struct numbered){ (uint32_t)js_int(episode, "episode_number", 0), i, episode };
    }
    qsort(out, n, sizeof *out, by_number);
    for (size_t i = 0; i < n; i++)
        if (!kept || out[kept - 1].number != out[i].number)
            out[kept++] = out[i];
    return kept;
}

static void put_episode(struct packing *packing, const struct numbered *one, struct text *out)
{
    CLEANUP(text_done) struct text episode = TEXT_INIT(CARD_MAX_PACKED);
    json_auto_t *ours = merging_localise(one->episode, packing->provider);
    const char *date = js_string(one->episode, "air_date");
    card_put_varint(one->number, &episode);
    card_put_number((uint32_t)(date ? card_day_of_date(date) : INT32_MIN), 4, &episode);
    put_texts(packing, one->episode);
    put_text_section(packing, &episode);
    put_member_section(packing, ours, episode_plain, ARRAY_LEN(episode_plain), &episode);
    put_member_section(packing, ours, episode_whole, ARRAY_LEN(episode_whole), &episode);
    card_put_section(&episode, out);
}

static void put_head(const json_t *document, size_t n_episodes, struct text *out)
{
    text_add_char(out, SEASON_LETTER);
    text_add_char(out, SEASON_VERSION);
    card_put_number((uint64_t)js_int(document, "season_number", 0), 4, out);
    card_put_number(n_episodes, 4, out);
}

/* The season's own members: pictures are ours, and episodes are counted when nobody says. */
static json_t *make_ours(const json_t *document, const char *provider, size_t n_episodes)
{
    json_t *ours = merging_localise(document, provider);
    if (!json_object_get(ours, "episode_count"))
        json_object_set_new(ours, "episode_count", json_integer((json_int_t)n_episodes));
    const json_t *images = js_object(document, "images");
    if (images) {
        json_object_set_new(ours, "images", json_object());
        merging_images(json_object_get(ours, "images"), images, provider);
    }
    return ours;
}

void season_pack(const json_t *document, const char *provider, struct text *out)
{
    const char *language = js_string(document, "title_language");
    const json_t *all = js_array(document, "episodes");
    CLEANUP(packing_done)
    struct packing packing = {
        .packer = CARD_PACKER_INIT,
        .provider = provider,
        .language = language ? language : "",
        .members = TEXT_INIT(CARD_MAX_PACKED),
    };
    CLEANUP(mem_free)
    struct numbered *sorted = mem_alloc_array(json_array_size(all) + 1, sizeof *sorted);
    CLEANUP(text_done) struct text head = TEXT_INIT(CARD_MAX_PACKED);
    CLEANUP(text_done) struct text episodes = TEXT_INIT(CARD_MAX_PACKED);
    size_t n_episodes = sort_episodes(all, sorted);
    json_auto_t *ours = make_ours(document, provider, n_episodes);
    put_texts(&packing, document);
    put_posters(&packing, document);
    put_text_section(&packing, &head);
    put_member_section(&packing, ours, season_plain, ARRAY_LEN(season_plain), &head);
    put_member_section(&packing, ours, season_whole, ARRAY_LEN(season_whole), &head);
    for (size_t i = 0; i < n_episodes; i++)
        put_episode(&packing, &sorted[i], &episodes);
    put_head(document, n_episodes, out);
    card_put_section(&packing.packer.languages, out); /* complete only now */
    text_add(out, text_string(&head), head.len);
    card_put_section(&episodes, out);
}
