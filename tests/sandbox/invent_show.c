/* SPDX-License-Identifier: MIT */
#include "invent_show.h"

#include "chance.h"
#include "words.h"

enum { DAY_MS = 24 * 3600 * 1000, YEAR_DAYS = 364, BLOCK_DAYS = 84 };
enum { STRIDE = 400, MOST_EPISODES = 24, MOST_SEASONS = 12 };

static const uint32_t genres[] = { 18,    35,    80,    10765, 10759, 16,    9648,  99,
                                   10763, 10751, 10762, 10764, 10766, 10767, 10768, 37 };

static int64_t index_of(const struct film *film)
{
    return film->id - FILM_INVENTED_ID;
}

void invent_show_part(struct film *film)
{
    film->is_show = true;
    film->budget = 0;
    film->revenue = 0;
    film->runtime = film->runtime > 0 ? 20 + film->runtime % 50 : 0;
    for (size_t i = 0; i < film->n_genres; i++)
        film->genres[i] = genres[(film->genres[i] + i) % ARRAY_LEN(genres)];
    /* The numbers above were of films, so two of them may have become the same. */
    if (film->n_genres > 1 && film->genres[0] == film->genres[1])
        film->n_genres = 1;
    if (film->n_genres > 2)
        film->n_genres = 2;
}

static void add_season(struct show *show, struct chance *chance, int number, int64_t first_day)
{
    size_t at = show->n_seasons++;
    const struct show_season *last = at ? &show->seasons[at - 1] : NULL;
    int n = number ? 6 + (int)chance_below(chance, MOST_EPISODES - 5) : 3;

    show->seasons[at] = (struct show_season){
        .number = number,
        .id = INVENT_SEASON_ID + index_of(show->film) * SHOW_MAX_SEASONS + (int64_t)at,
        .tvdb_id = INVENT_SEASON_ID + index_of(show->film) * SHOW_MAX_SEASONS + (int64_t)at,
        .overview = chance_in(chance, 2) ? "" : CHANCE_PICK(chance, words_middles),
        .first_day = first_day,
        .step_days = chance_in(chance, 4) ? 0 : 7,
        .first_number = 1,
        .n_episodes = n,
        .n_before = last ? last->n_before + last->n_episodes : 0,
        .runtime = show->film->runtime,
        .has_poster = !chance_in(chance, 6),
    };
}

static int64_t first_day_of(const struct film *film)
{
    int64_t ms;
    return clock_parse(film->release_date, &ms) ? ms / DAY_MS : SHOW_NO_DAY;
}

/* One show in six has a season that airs now: it began within the last twelve weeks, on a day that
 * stays the same until these are over. */
static void let_air(struct show *show, struct chance *chance)
{
    int64_t shift = chance_below(chance, BLOCK_DAYS);
    int64_t today = clock_wall_ms() / DAY_MS;
    int64_t first_day = (today + shift) / BLOCK_DAYS * BLOCK_DAYS - shift;
    struct show_season *newest = &show->seasons[show->n_seasons - 1];

    for (size_t i = 0; i < show->n_seasons; i++) {
        if (show->seasons[i].number)
            show->seasons[i].first_day = first_day - (int64_t)(show->n_seasons - 1 - i) * YEAR_DAYS;
    }
    newest->step_days = 7;
    newest->n_episodes = MAX(newest->n_episodes, BLOCK_DAYS / 7);
    show->film->status = "Returning Series";
}

static void add_seasons(struct show *show, struct chance *chance)
{
    int64_t first_day = first_day_of(show->film);
    int n = 1 + (int)chance_below(chance, chance_in(chance, 3) ? MOST_SEASONS : 4);
    bool airs = chance_in(chance, 6);

    if (chance_in(chance, 4))
        add_season(show, chance, 0, SHOW_NO_DAY);
    for (int i = 0; i < n; i++)
        add_season(show, chance, i + 1,
                   first_day == SHOW_NO_DAY ? first_day : first_day + (int64_t)i * YEAR_DAYS);
    if (airs && first_day != SHOW_NO_DAY)
        let_air(show, chance);
}

static void find_status(struct show *show, struct chance *chance)
{
    static const char *const over[] = { "Ended", "Ended",    "Ended",           "Ended",
                                        "Ended", "Canceled", "Returning Series" };
    const char *status = CHANCE_PICK(chance, over);
    const struct show_season *season;
    int i;

    if (first_day_of(show->film) == SHOW_NO_DAY)
        status = "Planned";
    else if (show_next_to_today(show, +1, &season, &i))
        status = "Returning Series";
    show->film->status = status;
}

static void find_people(struct show *show, struct chance *chance)
{
    struct film *film = show->film;

    /* Six play in all seasons, the others in one of them each. */
    for (size_t i = 0; i < film->n_cast; i++) {
        int one = 1 + (int)i % (int)show->n_seasons;
        show->spans[i] =
            i < 6 ? (struct show_span){ 0, INT32_MAX } : (struct show_span){ one, one };
    }
    show->n_creators = film->n_crew ? chance_below(chance, 3) : 0;
    for (size_t i = 0; i < MIN(show->n_creators, film->n_crew); i++)
        show->creators[i] = film->crew[i];
    show->n_creators = MIN(show->n_creators, film->n_crew);
    show->n_networks = 1;
    show->networks[0] = (struct film_company){
        .name = film_keep(film, "%s TV", CHANCE_PICK(chance, words_nouns)),
        .country = film->n_countries ? film->countries[0] : "",
    };
}

void invent_show(struct show *show)
{
    static const char *const types[] = { "Scripted", "Scripted",  "Scripted",   "Scripted",
                                         "Reality",  "Talk Show", "Miniseries", "Documentary" };
    struct chance chance = chance_of(show->seed ^ 0x5ea50, (uint64_t)show->film->id);

    show->type = CHANCE_PICK(&chance, types);
    show->tvdb_id = show->film->id;
    show->first_episode_id = INVENT_EPISODE_ID + index_of(show->film) * STRIDE;
    add_seasons(show, &chance);
    find_status(show, &chance);
    find_people(show, &chance);
}

static const struct words_tongue *tongue_of(const struct show *show, const char *language)
{
    const struct film_translation *translation = film_translation(show->film, language);

    for (size_t i = 0; translation && i < n_words_tongues; i++) {
        if (text_equal(words_tongues[i].language, translation->language) &&
            text_equal(words_tongues[i].country, translation->country))
            return &words_tongues[i];
    }
    return NULL;
}

/* One season in eight has no names at all, only numbers. */
void invent_episode(const struct show *show, const struct show_season *season, int i,
                    const char *language, struct show_episode *out)
{
    struct chance chance = chance_of(show->seed ^ 0xe915, (uint64_t)out->id);
    const char *noun = CHANCE_PICK(&chance, words_nouns);
    const char *place = CHANCE_PICK(&chance, words_places);

    (void)i;
    out->tvdb_id = out->id;
    out->has_still = !chance_in(&chance, 4);
    if (season->id % 8 == 3 || !season->number)
        return;
    if (film_is_english(language)) {
        snprintf(out->name_text, sizeof(out->name_text), "The %s of %s", noun, place);
        snprintf(out->overview_text, sizeof(out->overview_text), "%s %s",
                 CHANCE_PICK(&chance, words_middles), CHANCE_PICK(&chance, words_endings));
        return;
    }
    const struct words_tongue *tongue = tongue_of(show, language);
    if (!tongue || chance_in(&chance, 3))
        return;
    film_expand(out->name_text, sizeof(out->name_text), tongue->title, noun, "", "");
    film_expand(out->overview_text, sizeof(out->overview_text), tongue->overview, noun, place, "");
}

int64_t invent_index_of_episode(int64_t episode_id)
{
    return episode_id < INVENT_EPISODE_ID ? -1 : (episode_id - INVENT_EPISODE_ID) / STRIDE;
}
