/* SPDX-License-Identifier: MIT */
#include "media/season.h"

#include "base/json.h"
#include "media/season_format.h"

/* Members that do not depend on a language, in the order in which they are shown. */
static const char *const season_plain[] = { "air_date", "episode_count", "rating", "ids" };
static const char *const season_whole[] = { "cast", "crew", "images", "videos" };
static const char *const episode_plain[] = { "air_date", "runtime", "still", "rating",
                                             "votes",    "type",    "ids" };
static const char *const episode_whole[] = { "production_code", "crew", "guest_stars" };

struct packing {
    struct card_packer packer; /* its texts are those of the season or episode at hand */
    struct text members;
};

static void packing_done(struct packing *packing)
{
    card_packer_done(&packing->packer);
    text_done(&packing->members);
}
DEFINE_CLEANUP_VALUE(struct packing, packing_done);

/* Name and overview of a season or an episode in every language. */
static void put_texts(struct packing *packing, const json_t *part)
{
    const char *language;
    json_t *texts;
    json_object_foreach (json_object_get(part, "texts"), language, texts) {
        card_put_text(&packing->packer, CARD_TITLE, language, js_string(texts, "title"));
        card_put_text(&packing->packer, CARD_OVERVIEW, language, js_string(texts, "overview"));
    }
}

static void put_posters(struct packing *packing, const json_t *season)
{
    const char *language;
    json_t *path;
    json_object_foreach (json_object_get(season, "posters"), language, path)
        card_put_text(&packing->packer, CARD_POSTER, language, json_string_value(path));
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

static void put_episode(struct packing *packing, const json_t *one, struct text *out)
{
    CLEANUP(text_done) struct text episode = TEXT_INIT(CARD_MAX_PACKED);
    const char *date = js_string(one, "air_date");
    card_put_varint((size_t)js_int(one, "episode_number", 0), &episode);
    card_put_number((uint32_t)(date ? card_day_of_date(date) : INT32_MIN), 4, &episode);
    put_texts(packing, one);
    put_text_section(packing, &episode);
    put_member_section(packing, one, episode_plain, ARRAY_LEN(episode_plain), &episode);
    put_member_section(packing, one, episode_whole, ARRAY_LEN(episode_whole), &episode);
    card_put_section(&episode, out);
}

static void put_head(const json_t *season, size_t n_episodes, struct text *out)
{
    text_add_char(out, SEASON_LETTER);
    text_add_char(out, SEASON_VERSION);
    card_put_number((uint64_t)js_int(season, "season_number", 0), 4, out);
    card_put_number(n_episodes, 4, out);
}

void season_pack(const json_t *season, struct text *out)
{
    const json_t *all = js_array(season, "episodes");
    CLEANUP(packing_done)
    struct packing packing = { .packer = CARD_PACKER_INIT, .members = TEXT_INIT(CARD_MAX_PACKED) };
    CLEANUP(text_done) struct text head = TEXT_INIT(CARD_MAX_PACKED);
    CLEANUP(text_done) struct text episodes = TEXT_INIT(CARD_MAX_PACKED);
    put_texts(&packing, season);
    put_posters(&packing, season);
    put_text_section(&packing, &head);
    put_member_section(&packing, season, season_plain, ARRAY_LEN(season_plain), &head);
    put_member_section(&packing, season, season_whole, ARRAY_LEN(season_whole), &head);
    for (size_t i = 0; i < json_array_size(all); i++)
        put_episode(&packing, json_array_get(all, i), &episodes);
    put_head(season, json_array_size(all), out);
    card_put_section(&packing.packer.languages, out); /* complete only now */
    text_add(out, text_string(&head), head.len);
    card_put_section(&episodes, out);
}
