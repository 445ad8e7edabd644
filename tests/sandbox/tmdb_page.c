/* SPDX-License-Identifier: MIT */
#include "emit.h"
#include "filter.h"
#include "parts_show.h"
#include "tmdb.h"

static void write_row(struct tmdb_call *call, struct text *out, const struct tmdb_row *row,
                      bool typed)
{
    if (row->is_show) {
        CLEANUP(show_free) struct show *show = catalog_show(call->shows, row->id, INVENT_ROW);
        if (show)
            parts_show_row(out, show, call->language, typed ? "tv" : NULL);
        return;
    }
    CLEANUP(film_free) struct film *film = catalog_film(call->catalog, row->id, INVENT_ROW);
    if (film)
        parts_row(out, film, call->language, typed ? "movie" : NULL);
}

void tmdb_rows(struct tmdb_call *call, struct text *out, const char *key,
               const struct tmdb_row *rows, size_t n, bool typed)
{
    emit_begin(out, key, '[');
    for (size_t i = 0; i < n; i++)
        write_row(call, out, &rows[i], typed);
    emit_end(out, ']');
}

void tmdb_page(struct tmdb_call *call, const struct tmdb_page *page)
{
    struct text *out = sandbox_json(call->reply, 200, page->max_age);
    emit_begin(out, NULL, '{');
    if (page->dates) {
        emit_begin(out, "dates", '{');
        emit_string(out, "maximum", page->dates[1]);
        emit_string(out, "minimum", page->dates[0]);
        emit_end(out, '}');
    }
    emit_int(out, "page", call->page);
    tmdb_rows(call, out, "results", page->rows, page->n, page->typed);
    emit_int(out, "total_pages", MAX((page->total + TMDB_PER_PAGE - 1) / TMDB_PER_PAGE, 1));
    emit_int(out, "total_results", page->total);
    emit_end(out, '}');
}

/* At most a page of them, into rows. */
static size_t list(struct tmdb_call *call, const struct tmdb_listing *listing, size_t skip,
                   size_t n, struct tmdb_row *rows, int64_t *out_total)
{
    struct catalog *catalog = listing->of_shows ? call->shows : call->catalog;
    int64_t ids[TMDB_PER_PAGE];

    size_t n_ids = catalog_list(catalog, listing->filter ? filter_passes : NULL, listing->filter,
                                listing->order, skip, n, ids, out_total);
    for (size_t i = 0; i < n_ids; i++)
        rows[i] = (struct tmdb_row){ ids[i], listing->of_shows };
    return n_ids;
}

void tmdb_answer_listing(struct tmdb_call *call, const struct tmdb_listing *listing)
{
    struct tmdb_row rows[TMDB_PER_PAGE];
    struct tmdb_page page = {
        .rows = rows, .typed = listing->typed, .dates = listing->dates, .max_age = listing->max_age
    };
    size_t skip = (size_t)(call->page - 1) * TMDB_PER_PAGE;

    page.n = list(call, listing, skip, TMDB_PER_PAGE, rows, &page.total);
    tmdb_page(call, &page);
}

/* How many of the first `n` rows are films: every other one, as long as there are both. */
static size_t n_films_in(size_t n, size_t n_films, size_t n_shows)
{
    size_t both = MIN(n_films, n_shows);

    if (n <= 2 * both)
        return (n + 1) / 2;
    return n_films > both ? MIN(n - both, n_films) : both;
}

void tmdb_answer_mixed(struct tmdb_call *call, struct filter *of_films, struct filter *of_shows,
                       int max_age)
{
    const struct tmdb_listing listings[] = { { .filter = of_films },
                                             { .filter = of_shows, .of_shows = true } };
    struct tmdb_row films[TMDB_PER_PAGE], shows[TMDB_PER_PAGE], rows[TMDB_PER_PAGE];
    struct tmdb_page page = { .rows = rows, .typed = true, .max_age = max_age };
    size_t skip = (size_t)(call->page - 1) * TMDB_PER_PAGE;
    int64_t n_films, n_shows;

    list(call, &listings[0], 0, 0, films, &n_films);
    list(call, &listings[1], 0, 0, shows, &n_shows);
    page.total = n_films + n_shows;
    size_t until = MIN(skip + TMDB_PER_PAGE, (size_t)page.total);
    skip = MIN(skip, until);
    size_t film_from = n_films_in(skip, (size_t)n_films, (size_t)n_shows);
    list(call, &listings[0], film_from, TMDB_PER_PAGE, films, &n_films);
    list(call, &listings[1], skip - film_from, TMDB_PER_PAGE, shows, &n_shows);
    for (size_t at = skip, f = 0, s = 0; at < until; at++) {
        bool is_film = n_films_in(at + 1, (size_t)n_films, (size_t)n_shows) >
                       n_films_in(at, (size_t)n_films, (size_t)n_shows);
        rows[page.n++] = is_film ? films[f++] : shows[s++];
    }
    tmdb_page(call, &page);
}
