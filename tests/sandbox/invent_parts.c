/* SPDX-License-Identifier: MIT */
#include "invent_parts.h"

#include "words.h"

static const char *pick_name(struct film *film, struct chance *chance)
{
    const char *first = CHANCE_PICK(chance, words_first_names);
    return film_keep(film, "%s %s", first, CHANCE_PICK(chance, words_last_names));
}

static void invent_credits(struct film *film, struct chance *chance)
{
    film->n_cast = 6 + chance_below(chance, 15);
    for (size_t i = 0; i < film->n_cast; i++) {
        film->cast[i] = (struct film_credit){
            .name = pick_name(film, chance),
            .role = chance_in(chance, 9) ? "" : CHANCE_PICK(chance, words_first_names),
            .gender = (int)chance_below(chance, 3),
        };
    }
    film->n_crew = 4 + chance_below(chance, 11);
    for (size_t i = 0; i < film->n_crew; i++) {
        const struct words_job *job = i ? &CHANCE_PICK(chance, words_crew) : &words_crew[0];
        film->crew[i] = (struct film_credit){
            .name = pick_name(film, chance),
            .role = job->job,
            .department = job->department,
            .gender = (int)chance_below(chance, 3),
        };
    }
}

static void invent_translations(struct film *film, struct chance *chance)
{
    const char *noun = CHANCE_PICK(chance, words_nouns);
    const char *place = CHANCE_PICK(chance, words_places);

    for (size_t i = 0; i < n_words_tongues && film->n_translations < FILM_MAX_TRANSLATIONS; i++) {
        const struct words_tongue *tongue = &words_tongues[i];
        if (!chance_in(chance, 2))
            continue;
        film->translations[film->n_translations++] = (struct film_translation){
            .language = tongue->language,
            .country = tongue->country,
            .title = chance_in(chance, 3) ? "" : film_fill(film, tongue->title, noun, "", ""),
            .overview =
                chance_in(chance, 4) ? "" : film_fill(film, tongue->overview, noun, place, ""),
            .tagline = "",
        };
    }
}

static void invent_releases(struct film *film, struct chance *chance)
{
    static const char *const certifications[] = { "", "", "G", "PG", "PG-13", "R", "12", "16" };

    if (!film->release_date[0])
        return;
    film->n_releases = 2 + chance_below(chance, 8);
    for (size_t i = 0; i < film->n_releases; i++) {
        film->releases[i] = (struct film_release){
            .country = words_countries[i],
            .certification = CHANCE_PICK(chance, certifications),
            .date = film->release_date,
            .type = 1 + (int)chance_below(chance, 6),
        };
    }
}

static void invent_small_things(struct film *film, struct chance *chance)
{
    film->n_countries = 1;
    film->countries[0] = CHANCE_PICK(chance, words_countries);
    film->n_languages = 1;
    film->languages[0] = film->original_language;
    film->n_companies = chance_below(chance, FILM_MAX_COMPANIES);
    for (size_t i = 0; i < film->n_companies; i++) {
        film->companies[i] = (struct film_company){
            .name = film_keep(film, "%s Pictures", CHANCE_PICK(chance, words_nouns)),
            .country = chance_in(chance, 3) ? "" : film->countries[0],
        };
    }
    film->n_keywords = chance_below(chance, 10);
    for (size_t i = 0; i < film->n_keywords; i++)
        film->keywords[i] = CHANCE_PICK(chance, words_keywords);
    film->n_titles = chance_below(chance, 4);
    for (size_t i = 0; i < film->n_titles; i++) {
        film->titles[i] = (struct film_title){
            .country = words_countries[i + 1],
            .title = film_keep(film, "%s (%s)", film->title, words_countries[i + 1]),
            .type = chance_in(chance, 3) ? "working title" : "",
        };
    }
    if (chance_in(chance, 3)) {
        const char *key = film_keep(film, "sb%09x", (unsigned)chance_next(chance));
        film->videos[film->n_videos++] =
            (struct film_video){ .name = "Official Trailer", .key = key, .type = "Trailer" };
    }
}

void invent_parts(struct film *film, struct chance *chance)
{
    if (!chance_in(chance, 10))
        film->imdb_id = film_keep(film, "tt%d%09lld", film->is_show ? 8 : 9, (long long)film->id);
    if (chance_in(chance, 2))
        film->tagline = CHANCE_PICK(chance, words_taglines);
    if (chance_in(chance, 12))
        film->collection = film_keep(film, "%s Collection", CHANCE_PICK(chance, words_nouns));
    invent_small_things(film, chance);
    invent_credits(film, chance);
    invent_translations(film, chance);
    invent_releases(film, chance);
}
