/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "yts/movie.h"
#include "yts/request.h"

enum { MAX_TERM = 300 };

/* One search as it goes on. */
struct hunt {
    struct provider *self;
    struct provider_call *call;
    const struct provider_query *query;
    const char *imdb; /* NULL: by text */
    struct out document;
};

static const char *imdb_of(const struct provider_query *query)
{
    for (uint32_t i = 0; i < query->n_ids; i++)
        if (strcmp(query->ids[i].space, "imdb") == 0 && strncmp(query->ids[i].value, "tt", 2) == 0)
            return query->ids[i].value;
    /* Somebody may have typed it. */
    if (query->text && strncmp(query->text, "tt", 2) == 0 && strlen(query->text) >= 9 &&
        strspn(query->text + 2, "0123456789") == strlen(query->text + 2))
        return query->text;
    return NULL;
}

/* Apostrophes and punctuation spoil the search. */
static void clean_term(const char *text, char out[MAX_TERM + 1])
{
    size_t n = 0;

    for (; *text && n < MAX_TERM; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c >= 0x80 || isalnum(c))
            out[n++] = *text;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && (out[n - 1] == ' '))
        n--;
    /* Not in the middle of a character. */
    while (*text && n > 0 && ((unsigned char)out[n - 1] & 0xc0) == 0x80)
        n--;
    out[n] = '\0';
}

static bool is_of_year(const struct hunt *hunt, const json_t *movie)
{
    int64_t year;

    return !hunt->query->year || !field_int(movie, "year", 1, 9999, &year) ||
           year == hunt->query->year;
}

/* Letters and digits only, in lower case. */
static void squeeze(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++)
        if ((unsigned char)*text >= 0x80 || isalnum((unsigned char)*text))
            out[n++] = (char)tolower((unsigned char)*text);
    out[n] = '\0';
}

static bool is_titled(const json_t *movie, const char *key, const char *wanted)
{
    const char *title = field_string(movie, key);
    char a[MAX_TERM], b[MAX_TERM];

    if (!title || !wanted)
        return false;
    squeeze(title, a, sizeof(a));
    squeeze(wanted, b, sizeof(b));
    return *a && strcmp(a, b) == 0;
}

/* What came back is checked: by id it must be that id; releases of an item must be of that item. */
static bool is_wanted(const struct hunt *hunt, const json_t *movie)
{
    const char *imdb = movie_imdb(movie);

    if (hunt->imdb)
        return imdb && strcmp(imdb, hunt->imdb) == 0;
    if (hunt->query->kind == PROVIDER_RELEASE)
        return is_of_year(hunt, movie) && (is_titled(movie, "title", hunt->query->text) ||
                                           is_titled(movie, "title_english", hunt->query->text));
    return is_of_year(hunt, movie);
}

static int emit_rows(struct hunt *hunt, const json_t *movies)
{
    const bool with_movie = hunt->query->kind != PROVIDER_RELEASE;
    uint32_t n = 0;

    for (size_t i = 0; i < json_array_size(movies); i++) {
        const json_t *movie = json_array_get(movies, i);
        int code = PROVIDER_OK;
        if (!is_wanted(hunt, movie))
            continue;
        if (with_movie && n++ == hunt->query->limit)
            break;
        if (with_movie)
            code = movie_emit(hunt->call, movie, PROVIDER_PARTIAL, &hunt->document);
        if (!code || code == PROVIDER_EREFUSED)
            code = movie_emit_releases(hunt->self, hunt->call, movie, &hunt->document);
        if (code)
            return code;
    }
    return PROVIDER_OK;
}

static void write_url(const struct hunt *hunt, const char *term, struct out *url)
{
    const struct provider *self = hunt->self;
    const uint32_t limit = hunt->query->limit;

    request_begin(url, self, "list_movies");
    /* Without a limit the API sometimes returns nothing. */
    out_param_int(url, "limit", limit && limit < YTS_PAGE_SIZE ? limit : YTS_PAGE_SIZE);
    out_param_int(url, "page", hunt->query->page ? hunt->query->page : 1);
    out_param(url, "query_term", term);
    if (hunt->imdb || hunt->query->kind == PROVIDER_RELEASE)
        return;
    if (self->quality)
        out_param(url, "quality", self->quality);
    if (self->minimum_rating)
        out_param_int(url, "minimum_rating", self->minimum_rating);
    if (self->genre)
        out_param(url, "genre", self->genre);
    if (self->sort_by)
        out_param(url, "sort_by", self->sort_by);
}

int yts_search(struct provider *self, struct provider_call *call,
               const struct provider_query *query)
{
    struct hunt hunt = { .self = self,
                         .call = call,
                         .query = query,
                         .imdb = imdb_of(query),
                         .document = OUT_INIT(YTS_MAX_DOCUMENT) };
    OUT_AUTO url = OUT_INIT(4096);
    char term[MAX_TERM + 1] = "";
    json_t *data = NULL;
    int code;

    if (query->kind && query->kind != PROVIDER_MOVIE && query->kind != PROVIDER_RELEASE)
        return host_fail(call, PROVIDER_ENOTSUP, "YTS has movies only");
    if (query->season >= 0 || query->episode >= 0)
        return PROVIDER_OK;
    clean_term(hunt.imdb ? hunt.imdb : query->text ? query->text : "", term);
    if (!*term)
        return host_fail(call, PROVIDER_EINVAL, "nothing to search for");
    write_url(&hunt, term, &url);
    code = request_data(self, call, &url, "search", &data);
    if (!code)
        code = emit_rows(&hunt, field_array(data, "movies"));
    json_decref(data);
    out_done(&hunt.document);
    return code;
}
