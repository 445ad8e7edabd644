/* SPDX-License-Identifier: MIT */
#include "listing.h"
#include "routes.h"

#include <string.h>

#include "base/clock.h"
#include "release/edition.h"
#include "release/release.h"
#include "service/releases.h"

enum { RELEASES_FRESH_S = 30, MAX_NUMBER = 100000 };

static bool is_true(const char *value)
{
    return text_equal(value, "1") || text_equal(value, "true");
}

/* Bits of the words of a list the router let pass; `place` says which bit. */
static uint32_t read_words(const char *list, int (*place)(const char *word))
{
    uint32_t bits = 0;
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char word[32];
        snprintf(word, sizeof word, "%.*s", (int)MIN(strcspn(at, ","), sizeof word - 1), at);
        int bit = place(word);
        bits |= bit >= 0 ? 1u << bit : 0;
    }
    return bits;
}

static int place_of_source(const char *word)
{
    return (int)quality_source_of_word(word);
}

static int place_of_codec(const char *word)
{
    return (int)quality_codec_of_word(word);
}

static int place_of_type(const char *word)
{
    if (text_equal(word, "movie"))
        return 0;
    return text_equal(word, "season") ? 1 : 2;
}

/* "3d=1" wants only those, "3d=0" all others; absent: all. */
static void read_flag(const struct request *request, const char *name, uint32_t flag,
                      struct releases_filter *out)
{
    const char *value = request_param(request, name);
    if (value)
        *(is_true(value) ? &out->flags : &out->without) |= flag;
}

static enum releases_sort sort_of(const char *word, enum releases_sort otherwise)
{
    static const char *const words[] = { [RELEASES_ADDED] = "added",
                                         [RELEASES_SCORE] = "score",
                                         [RELEASES_SEEDS] = "seeds",
                                         [RELEASES_SIZE] = "size" };
    for (unsigned i = 0; word && i < ARRAY_LEN(words); i++)
        if (text_equal(words[i], word))
            return (enum releases_sort)i;
    return otherwise;
}

static void read_filter(const struct request *request, enum releases_sort otherwise,
                        struct releases_filter *out)
{
    const char *least = request_param(request, "quality_min");
    const char *language = request_param(request, "language");
    *out = (struct releases_filter){
        .qualities = read_words(request_param(request, "quality"), quality_of_word),
        .quality_min = least ? quality_of_word(least) : QUALITY_NONE,
        .sources = read_words(request_param(request, "source"), place_of_source),
        .codecs = read_words(request_param(request, "codec"), place_of_codec),
        .types = read_words(request_param(request, "type"), place_of_type),
        .editions = read_words(request_param(request, "edition"), edition_of_word),
        .language = language ? release_language(language) : 0,
        .min_seeds = (uint32_t)request_int(request, "min_seeds", 0),
        .min_size = (uint64_t)request_int(request, "min_size", 0),
        .max_size = (uint64_t)request_int(request, "max_size", 0),
        .provider = request_param(request, "provider"),
        .sort = sort_of(request_param(request, "sort"), otherwise),
        .ascending = text_equal(request_param(request, "order"), "asc"),
    };
    read_flag(request, "3d", RELEASE_IS_3D, out);
    read_flag(request, "hdr", RELEASE_HAS_HDR, out);
    read_flag(request, "repack", RELEASE_IS_REPACK, out);
    read_flag(request, "proper", RELEASE_IS_PROPER, out);
}

static void show_page(struct app *app, const struct request *request,
                      const struct releases_filter *filter, const char *members,
                      struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(catalog_page_done) struct catalog_page page = { 0 };
    if (releases_list(app->services.releases, filter, reply_page_of(request),
                      reply_limit_of(request), is_true(request_param(request, "explain")), &page,
                      &err))
        reply_error(reply, &err);
    else
        listing_reply(request, reply, &page, members);
    reply->max_age_s = RELEASES_FRESH_S;
}

static void show_nothing(const struct request *request, struct reply *reply)
{
    CLEANUP(text_done) struct text none = TEXT_INIT(16);
    text_add_string(&none, "[]");
    reply_page(reply, request, 0, &none, NULL);
}

/* An IMDb id nobody knows has no releases. */
static bool find_imdb(struct app *app, const struct request *request, uint32_t *out,
                      struct error *err)
{
    const char *imdb = request_param(request, "imdb");
    struct catalog_name name = { 0 };
    int result = imdb ? catalog_find(app->services.catalog, PROVIDER_MOVIE, imdb, &name, err) : 0;
    if (imdb && !result && !name.id)
        result = catalog_find(app->services.catalog, PROVIDER_TVSHOW, imdb, &name, err);
    *out = name.id;
    return !result;
}

void releases_all(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    struct releases_filter filter;
    read_filter(request, RELEASES_ADDED, &filter);
    if (!find_imdb(app, request, &filter.item, &err))
        reply_error(reply, &err);
    else if (request_param(request, "imdb") && !filter.item)
        show_nothing(request, reply);
    else
        show_page(app, request, &filter, NULL, reply);
}

static void show_one(struct app *app, const struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    CLEANUP(text_done) struct text json = TEXT_INIT(RELEASE_MAX_PACKED);
    bool explain = is_true(request_param(request, "explain"));
    int result = releases_one(app->services.releases, request->arguments[0], explain, &json, &err);
    if (result)
        reply_error(reply, &err);
    else
        reply_json(reply, 200, &json);
}

void releases_show(struct app *app, struct request *request, struct reply *reply)
{
    show_one(app, request, reply);
    reply->max_age_s = RELEASES_FRESH_S;
}

/* The release as it is then.  That nobody answered is said, too: 504. */
void releases_verify(struct app *app, struct request *request, struct reply *reply)
{
    struct error err = { 0 };
    int64_t deadline_ms = clock_steady_ms() + app->services.conf->fetch_timeout_ms;
    if (releases_check(app->services.releases, request->arguments[0], deadline_ms, &err))
        reply_error(reply, &err);
    else
        show_one(app, request, reply);
}

/* --- Of one item */

static bool read_number(const char *text, int32_t *out, struct reply *reply)
{
    int64_t number;
    struct problem problem = { 0 };
    if (text_to_int(text, 0, MAX_NUMBER, &number)) {
        *out = (int32_t)number;
        return true;
    }
    problem_set(&problem, 404, "not_found", "no season or episode has the number '%.40s'", text);
    reply_problem(reply, &problem);
    return false;
}

/* The item is fetched when only a provider knows it; 0: the reply says why there is none. */
static uint32_t find_item(struct app *app, struct request *request, struct reply *reply)
{
    const struct conf_list *languages = app_languages(app);
    struct language_wish wish;
    struct error err = { 0 };
    CLEANUP(catalog_item_done) struct catalog_item item = { 0 };
    /* "language" asks for releases here. */
    language_wish_make(NULL, request->accept_language, languages->values, languages->n, &wish,
                       NULL);
    struct catalog_ask ask = { .kind = listing_kind(request),
                               .id_text = request->arguments[0],
                               .wish = &wish,
                               .deadline_ms =
                                   clock_steady_ms() + app->services.conf->fetch_timeout_ms };
    int result = catalog_item(app->services.catalog, &ask, &item, &err);
    if (result)
        reply_error(reply, &err);
    if (result || !item.moved_to)
        return result ? 0 : item.id;
    listing_redirect_below(request, item.moved_to, reply);
    return 0;
}

/* Asks the providers first, unless only what is here is wanted. */
static void ask_providers(struct app *app, const struct request *request,
                          const struct releases_filter *filter, struct text *members)
{
    CLEANUP(mem_free) struct source_answer *sources = mem_alloc_array(SOURCES_MAX, sizeof *sources);
    size_t n = 0;
    bool complete = true;
    CLEANUP(text_done) struct text list = TEXT_INIT(1 << 20);
    int64_t most_ms = app->services.conf->search_timeout_ms;
    struct releases_ask ask = {
        .item = filter->item,
        .kind = listing_kind(request),
        .season = filter->of_season ? filter->season : -1,
        .episode = filter->of_season && filter->episode ? filter->episode : -1,
        .deadline_ms =
            clock_steady_ms() + MIN(request_int(request, "timeout_ms", most_ms), most_ms),
    };
    if (!text_equal(request_param(request, "scope"), "local"))
        releases_search(app->services.releases, &ask, sources, &n);
    text_add_char(&list, '[');
    for (size_t i = 0; i < n; i++) {
        source_answer_write(&sources[i], &list);
        complete = complete && source_answer_is_one(&sources[i]);
    }
    text_add_format(members, ",\"complete\":%s,\"sources\":", complete ? "true" : "false");
    text_add_string(members, text_string(&list));
    text_add_char(members, ']');
}

void releases_of_item(struct app *app, struct request *request, struct reply *reply)
{
    struct releases_filter filter;
    CLEANUP(text_done) struct text members = TEXT_INIT(1 << 20);
    read_filter(request, RELEASES_SCORE, &filter);
    filter.of_season = request->arguments[1] != NULL;
    if (filter.of_season &&
        (!read_number(request->arguments[1], &filter.season, reply) ||
         (request->arguments[2] && !read_number(request->arguments[2], &filter.episode, reply))))
        return;
    filter.item = find_item(app, request, reply);
    if (!filter.item)
        return;
    ask_providers(app, request, &filter, &members);
    show_page(app, request, &filter, text_string(&members), reply);
}
