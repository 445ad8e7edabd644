/* SPDX-License-Identifier: MIT */
#include "catalog.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "catalog_private.h"
#include "chance.h"
#include "read.h"

enum { MAX_DATA_LEN = 4 << 20 };

static int take_film(struct catalog *catalog, json_t *source, struct error *err)
{
    if (catalog->n_real == CATALOG_MAX_REAL)
        return error_set(err, PROVIDER_ELIMIT, "more than %d real films", CATALOG_MAX_REAL);
    CLEANUP(film_free) struct film *film = read_film(source, err);
    if (!film)
        return PROVIDER_EINVAL;
    if (catalog_real_index(catalog, film->id) >= 0)
        return error_set(err, PROVIDER_ECONFLICT, "film %lld is there already",
                         (long long)film->id);

    film->is_show = catalog->shows;
    catalog->sources[catalog->n_real] = json_incref(source);
    catalog->real[catalog->n_real++] = steal(film);
    return 0;
}

static int load(struct catalog *catalog, const char *bytes, struct error *err)
{
    json_auto_t *films = NULL;
    size_t i;
    json_t *source;

    int code = js_parse(bytes, strlen(bytes), MAX_DATA_LEN, &films, err);
    json_array_foreach (films, i, source) {
        code = take_film(catalog, source, err);
        if (code)
            return error_prefix(err, "film %zu", i);
    }
    return code;
}

struct catalog *catalog_new(const struct catalog_options *options, struct error *err)
{
    const char *const *data = options->shows ? data_shows : data_films;
    size_t n_data = options->shows ? n_data_shows : n_data_films;
    CLEANUP(catalog_free) struct catalog *catalog = mem_new(struct catalog);

    lock_init(&catalog->lock);
    catalog->shows = options->shows;
    catalog->quiet = options->quiet;
    catalog->seed = options->shows ? options->seed ^ 0x7e1e : options->seed;
    invent_init(&catalog->invent, options->n_invented, catalog->seed, options->shows);
    for (size_t i = 0; i < n_data; i++) {
        if (load(catalog, data[i], err))
            return NULL;
    }
    catalog->n_bundled = catalog->n_real;
    return steal(catalog);
}

void catalog_free(struct catalog *catalog)
{
    if (!catalog)
        return;
    for (size_t i = 0; i < catalog->n_real; i++) {
        film_free(catalog->real[i]);
        json_decref(catalog->sources[i]);
    }
    free(catalog->marks);
    free(catalog->events);
    free(catalog->shelf);
    lock_done(&catalog->lock);
    free(catalog);
}

int64_t catalog_real_index(const struct catalog *catalog, int64_t id)
{
    for (size_t i = 0; i < catalog->n_real; i++) {
        if (catalog->real[i]->id == id)
            return (int64_t)i;
    }
    return -1;
}

/* A change shows in the detail, or nobody could tell that it was fetched again. */
static void show_revision(struct film *film, uint32_t revision)
{
    film->revision = revision;
    if (!revision)
        return;
    film->vote_count += revision;
    film->overview = film_keep(film, "%s%s(Revision %u)", film->overview,
                               film->overview[0] ? " " : "", revision);
}

/* Merges are followed to where they end; a circle of them has no end. */
static int64_t follow(struct catalog *catalog, int64_t id)
{
    LOCK_SCOPE(&catalog->lock);
    for (int steps = 0; steps < 16; steps++) {
        const struct catalog_mark *mark = catalog_mark_find(catalog, id);
        if (!mark || !mark->merged_into)
            return id;
        id = mark->merged_into;
    }
    return -1;
}

/* Where a film comes from, so that it can be made without holding the lock. */
struct origin {
    struct invent invent;
    int64_t invented; /* its index; -1 */
    const struct film *real;
    struct catalog_mark mark; /* as it is now */
};

static struct origin find_origin(struct catalog *catalog, int64_t id)
{
    LOCK_SCOPE(&catalog->lock);
    catalog_let_time_pass(catalog);
    const struct catalog_mark *mark = catalog_mark_find(catalog, id);
    bool is_beyond = id >= FILM_INVENTED_ID && id < FILM_GONE_ID;
    int64_t index = is_beyond ? -1 : catalog_real_index(catalog, id);

    return (struct origin){
        .invent = catalog->invent,
        .invented = invent_index(&catalog->invent, id),
        .real = index >= 0 ? catalog->real[index] : NULL,
        .mark = mark ? *mark : (struct catalog_mark){ .id = id },
    };
}

static struct film *make_film(const struct origin *origin, enum invent_depth depth)
{
    if (origin->real)
        return film_borrow(origin->real);
    if (origin->invented >= 0)
        return invent_film(&origin->invent, (uint32_t)origin->invented, depth);
    return NULL;
}

/* Of two entries for one thing, the one that stays shows the IMDb id of the other. */
static void inherit(struct catalog *catalog, struct film *film, int64_t from)
{
    if (!from || !text_is_empty(film->imdb_id))
        return;
    struct origin origin = find_origin(catalog, from);
    CLEANUP(film_free) struct film *gone = make_film(&origin, INVENT_DETAIL);
    if (gone && !text_is_empty(gone->imdb_id))
        film->imdb_id = film_keep(film, "%s", gone->imdb_id);
}

struct film *catalog_film(struct catalog *catalog, int64_t id, enum invent_depth depth)
{
    struct origin origin = find_origin(catalog, id);
    struct film *film = origin.mark.removed ? NULL : make_film(&origin, depth);
    if (!film)
        return NULL;
    inherit(catalog, film, origin.mark.merged_from);
    show_revision(film, origin.mark.revision);
    return film;
}

static int64_t find_real(struct catalog *catalog, const char *value,
                         const char *(*get)(const struct film *film))
{
    LOCK_SCOPE(&catalog->lock);
    for (size_t i = 0; i < catalog->n_real; i++) {
        if (!text_is_empty(get(catalog->real[i])) && text_equal(get(catalog->real[i]), value))
            return catalog->real[i]->id;
    }
    return -1;
}

static const char *imdb_of(const struct film *film)
{
    return film->imdb_id;
}

static const char *wikidata_of(const struct film *film)
{
    return film->wikidata;
}

int64_t catalog_find_imdb(struct catalog *catalog, const char *imdb_id)
{
    int64_t id = find_real(catalog, imdb_id, imdb_of);
    if (id >= 0)
        return follow(catalog, id);
    {
        LOCK_SCOPE(&catalog->lock);
        id = invent_id_of_imdb(&catalog->invent, imdb_id);
    }
    if (id < 0)
        return -1;
    /* One in ten invented films has no IMDb id. */
    struct origin origin = find_origin(catalog, id);
    CLEANUP(film_free) struct film *film = make_film(&origin, INVENT_DETAIL);
    return film && film->imdb_id ? follow(catalog, id) : -1;
}

int64_t catalog_find_wikidata(struct catalog *catalog, const char *wikidata_id)
{
    return find_real(catalog, wikidata_id, wikidata_of);
}

int64_t catalog_add(struct catalog *catalog, const char *json, size_t len, struct error *err)
{
    json_auto_t *source = NULL;
    int code = js_parse(json, len, MAX_DATA_LEN, &source, err);
    if (code)
        return code;

    int64_t id = js_int(source, "id", 0);
    {
        LOCK_SCOPE(&catalog->lock);
        code = take_film(catalog, source, err);
        if (code)
            return code;
        catalog_shelf_forget(catalog);
    }
    catalog_change(catalog, id);
    return id;
}

int64_t catalog_invent(struct catalog *catalog, uint32_t n)
{
    int64_t first;
    {
        LOCK_SCOPE(&catalog->lock);
        first = (int64_t)FILM_INVENTED_ID + catalog->invent.n;
        n = MIN(n, (uint32_t)(FILM_GONE_ID - first - 1));
        catalog->invent.n += n;
        catalog_shelf_forget(catalog);
    }
    for (uint32_t i = 0; i < n; i++)
        catalog_change(catalog, first + i);
    return first;
}

int64_t catalog_count(struct catalog *catalog)
{
    LOCK_SCOPE(&catalog->lock);
    return (int64_t)catalog->n_real + catalog->invent.n;
}

uint64_t catalog_version(struct catalog *catalog)
{
    LOCK_SCOPE(&catalog->lock);
    return catalog->version;
}

int64_t catalog_id_at(struct catalog *catalog, uint64_t position)
{
    LOCK_SCOPE(&catalog->lock);
    if (position < catalog->n_real)
        return catalog->real[position]->id;
    return (int64_t)FILM_INVENTED_ID + (int64_t)(position - catalog->n_real);
}
