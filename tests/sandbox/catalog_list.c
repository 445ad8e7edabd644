/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <utf8proc.h>

#include "base/clock.h"
#include "catalog_private.h"
#include "chance.h"
#include "fold.h"
#include "names.h"
#include "show.h"

enum { DAY_MS = 24 * 3600 * 1000 };

void catalog_shelf_forget(struct catalog *catalog)
{
    catalog->version++;
    free(catalog->shelf);
    catalog->shelf = NULL;
    catalog->n_shelf = 0;
}

static int32_t date_number(const char *date)
{
    int64_t year, month, day;
    char part[5];

    if (strlen(date) != 10)
        return 0;
    snprintf(part, sizeof(part), "%.4s", date);
    if (!text_to_int(part, 1000, 9999, &year))
        return 0;
    snprintf(part, sizeof(part), "%.2s", date + 5);
    if (!text_to_int(part, 1, 12, &month))
        return 0;
    snprintf(part, sizeof(part), "%.2s", date + 8);
    if (!text_to_int(part, 1, 31, &day))
        return 0;
    return (int32_t)(year * 10000 + month * 100 + day);
}

static uint32_t genre_bits(const struct film *film)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < film->n_genres; i++)
        bits |= names_genre_bit(film->genres[i], film->is_show);
    return bits;
}

static struct catalog_entry entry_of(const struct film *film)
{
    struct catalog_entry entry = {
        .id = film->id,
        .revenue = film->revenue,
        .popularity = (float)film->popularity,
        .vote_average = (float)film->vote_average,
        .vote_count = (int32_t)film->vote_count,
        .date = date_number(film->release_date),
        .genres = genre_bits(film),
        .runtime = (int16_t)film->runtime,
        .adult = film->adult,
        .video = film->video,
        .status = -1,
        .type = -1,
    };
    snprintf(entry.language, sizeof(entry.language), "%s", film->original_language);
    return entry;
}

static int32_t air_date(const struct show *show, int where)
{
    const struct show_season *season;
    char text[CLOCK_TEXT_LEN];
    int i;

    if (!show_next_to_today(show, where, &season, &i))
        return 0;
    return date_number(clock_format_date(show_air_day(season, i) * DAY_MS, text));
}

static struct catalog_entry entry_of_show(const struct show *show)
{
    struct catalog_entry entry = entry_of(show->film);

    entry.last_air = air_date(show, -1);
    entry.next_air = air_date(show, +1);
    entry.status = (int8_t)names_tv_status(show->film->status);
    entry.type = (int8_t)names_tv_type(show->type);
    entry.runtime = show->n_seasons ? (int16_t)show->seasons[show->n_seasons - 1].runtime : 0;
    return entry;
}

/* Takes the film over. */
static void shelf_put(struct catalog *catalog, size_t real, struct film *film)
{
    if (!catalog->shows) {
        catalog->shelf[catalog->n_shelf++] = entry_of(film);
        film_free(film);
        return;
    }
    bool is_real = real < catalog->n_real;
    CLEANUP(show_free)
    struct show *show =
        show_new(film, is_real ? catalog->sources[real] : NULL, (uint32_t)real, catalog->seed);
    catalog->shelf[catalog->n_shelf++] = entry_of_show(show);
}

static int by_popularity(const void *left, const void *right)
{
    const struct catalog_entry *a = left, *b = right;
    if (a->popularity != b->popularity)
        return a->popularity > b->popularity ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static void shelf_fill(struct catalog *catalog)
{
    int64_t today = clock_wall_ms() / DAY_MS;
    if (catalog->shelf && (!catalog->shows || catalog->shelf_day == today))
        return;
    if (catalog->shelf)
        catalog_shelf_forget(catalog);
    catalog->shelf_day = today;
    size_t n = catalog->n_real + catalog->invent.n;
    catalog->shelf = mem_alloc_array(n + 1, sizeof(*catalog->shelf));
    for (size_t i = 0; i < catalog->n_real; i++)
        shelf_put(catalog, i, film_borrow(catalog->real[i]));
    for (uint32_t i = 0; i < catalog->invent.n; i++)
        shelf_put(catalog, SIZE_MAX, invent_film(&catalog->invent, i, INVENT_ROW));
    qsort(catalog->shelf, catalog->n_shelf, sizeof(*catalog->shelf), by_popularity);
    for (size_t i = 0; i < catalog->n_marks; i++) {
        for (size_t k = 0; catalog->marks[i].removed && k < catalog->n_shelf; k++) {
            if (catalog->shelf[k].id == catalog->marks[i].id)
                catalog->shelf[k].removed = true;
        }
    }
}

static bool passes(const struct catalog_entry *entry, catalog_filter filter, void *context)
{
    if (entry->removed)
        return false;
    return filter ? filter(entry, context) : !entry->adult;
}

static size_t list_sorted(struct catalog *catalog, catalog_filter filter, void *context,
                          catalog_order order, size_t skip, size_t n, int64_t *out, int64_t *total)
{
    CLEANUP(mem_free)
    struct catalog_entry *found = mem_alloc_array(catalog->n_shelf + 1, sizeof(*found));
    size_t n_found = 0;
    size_t n_out = 0;

    for (size_t i = 0; i < catalog->n_shelf; i++) {
        if (passes(&catalog->shelf[i], filter, context))
            found[n_found++] = catalog->shelf[i];
    }
    /* Entries are whole values, so the comparison of two of them is one of two pointers to them. */
    qsort(found, n_found, sizeof(*found), (int (*)(const void *, const void *))order);
    for (size_t i = skip; i < n_found && n_out < n; i++)
        out[n_out++] = found[i].id;
    *total = (int64_t)n_found;
    return n_out;
}

size_t catalog_list(struct catalog *catalog, catalog_filter filter, void *context,
                    catalog_order order, size_t skip, size_t n, int64_t *out, int64_t *total)
{
    LOCK_SCOPE(&catalog->lock);
    shelf_fill(catalog);
    if (order)
        return list_sorted(catalog, filter, context, order, skip, n, out, total);

    size_t n_out = 0;
    *total = 0;
    for (size_t i = 0; i < catalog->n_shelf; i++) {
        if (!passes(&catalog->shelf[i], filter, context))
            continue;
        if ((size_t)*total >= skip && n_out < n)
            out[n_out++] = catalog->shelf[i].id;
        ++*total;
    }
    return n_out;
}

static bool real_matches(const struct film *film, const char *folded_query)
{
    if (fold_matches(film->title, folded_query) || fold_matches(film->original_title, folded_query))
        return true;
    for (size_t i = 0; i < film->n_translations; i++) {
        if (fold_matches(film->translations[i].title, folded_query))
            return true;
    }
    return false;
}

bool catalog_matches(struct catalog *catalog, const struct catalog_entry *entry,
                     const char *folded_query)
{
    int64_t index = invent_index(&catalog->invent, entry->id);
    if (index < 0) {
        index = catalog_real_index(catalog, entry->id);
        return index >= 0 && real_matches(catalog->real[index], folded_query);
    }
    CLEANUP(film_free)
    struct film *film = invent_film(&catalog->invent, (uint32_t)index, INVENT_ROW);
    return real_matches(film, folded_query);
}

/* Of real films the ones that share a genre, of invented ones any. */
size_t catalog_neighbours(struct catalog *catalog, const struct film *film, uint64_t salt, size_t n,
                          int64_t *out)
{
    struct chance chance = chance_of(catalog->seed ^ salt, (uint64_t)film->id);
    LOCK_SCOPE(&catalog->lock);
    size_t n_out = 0;

    if (invent_index(&catalog->invent, film->id) >= 0 && catalog->invent.n > n * 2) {
        uint32_t start = chance_below(&chance, catalog->invent.n);
        for (uint32_t i = 0; n_out < n; i++) {
            int64_t id = (int64_t)FILM_INVENTED_ID + (start + i * 7) % catalog->invent.n;
            if (id != film->id)
                out[n_out++] = id;
        }
        return n_out;
    }
    uint32_t wanted = genre_bits(film);
    size_t start = catalog->n_real ? chance_below(&chance, (uint32_t)catalog->n_real) : 0;
    for (size_t i = 0; i < catalog->n_real && n_out < n; i++) {
        const struct film *other = catalog->real[(start + i) % catalog->n_real];
        if (other->id != film->id && (genre_bits(other) & wanted))
            out[n_out++] = other->id;
    }
    return n_out;
}

int64_t catalog_latest(struct catalog *catalog)
{
    LOCK_SCOPE(&catalog->lock);
    if (catalog->invent.n)
        return (int64_t)FILM_INVENTED_ID + catalog->invent.n - 1;
    return catalog->n_real ? catalog->real[catalog->n_real - 1]->id : -1;
}
