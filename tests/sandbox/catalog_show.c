/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "catalog_private.h"
#include "invent_show.h"
#include "show.h"

/* -1: it is an invented one. */
static int64_t find_slot(struct catalog *catalog, int64_t id)
{
    LOCK_SCOPE(&catalog->lock);
    return invent_index(&catalog->invent, id) >= 0 ? -1 : catalog_real_index(catalog, id);
}

struct show *catalog_show(struct catalog *catalog, int64_t id, enum invent_depth depth)
{
    struct film *film = catalog_film(catalog, id, depth);
    if (!film)
        return NULL;
    /* What is once in the catalog stays as it is, so the show is made without holding the lock. */
    int64_t slot = find_slot(catalog, id);
    const json_t *source = slot < 0 ? NULL : catalog->sources[slot];
    return show_new(film, source, (uint32_t)MAX(slot, 0), catalog->seed);
}

static size_t n_real_shows(struct catalog *catalog)
{
    LOCK_SCOPE(&catalog->lock);
    return catalog->n_real;
}

static void take_one(struct catalog *catalog, int64_t id,
                     void (*take)(const struct show *show, void *context), void *context)
{
    CLEANUP(show_free) struct show *show = catalog_show(catalog, id, INVENT_DETAIL);
    if (show)
        take(show, context);
}

/* Invented shows, seasons and episodes tell by their numbers to which show they belong. */
static int64_t index_of_number(int64_t tvdb_id, const char *imdb_id)
{
    int64_t number = 0;

    if (!tvdb_id) {
        bool is_ours = imdb_id && text_starts_with(imdb_id, "tt7") &&
                       text_to_int(imdb_id + 3, 0, INT32_MAX - INVENT_EPISODE_ID, &number);
        return is_ours ? invent_index_of_episode(INVENT_EPISODE_ID + number) : -1;
    }
    if (tvdb_id >= INVENT_EPISODE_ID)
        return invent_index_of_episode(tvdb_id);
    if (tvdb_id >= INVENT_SEASON_ID)
        return (tvdb_id - INVENT_SEASON_ID) / SHOW_MAX_SEASONS;
    return tvdb_id - FILM_INVENTED_ID;
}

void catalog_shows_by(struct catalog *catalog, int64_t tvdb_id, const char *imdb_id,
                      void (*take)(const struct show *show, void *context), void *context)
{
    size_t n = n_real_shows(catalog);

    for (size_t i = 0; i < n; i++)
        take_one(catalog, catalog_id_at(catalog, i), take, context);
    int64_t index = index_of_number(tvdb_id, imdb_id);
    if (index >= 0 && index < FILM_GONE_ID - FILM_INVENTED_ID)
        take_one(catalog, FILM_INVENTED_ID + index, take, context);
}
