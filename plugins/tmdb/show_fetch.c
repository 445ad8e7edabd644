/* SPDX-License-Identifier: MIT */
#include "tmdb/show_fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/editions.h"
#include "tmdb/request.h"
#include "tmdb/show.h"

/* The parts leave eleven of the twenty that TMDB appends: which seasons there are is not known yet,
 * but most shows have no more than ten and the specials, and one that is not there costs nothing.
 */
static const char parts[] = "aggregate_credits,images,translations,external_ids,videos,"
                            "content_ratings,keywords,recommendations,alternative_titles";
enum { GUESSED_SEASONS = 11, MAX_SEASONS = 500 };

/* A show on its way. */
struct show_fetch {
    struct provider *self;
    struct provider_call *call;
    int64_t id;
    json_t *detail;
    struct out document;
    char what[48];
    int64_t numbers[MAX_SEASONS]; /* of the seasons that are still to be asked for */
    size_t n;
};

static void release(struct show_fetch *fetch)
{
    json_decref(fetch->detail);
    out_done(&fetch->document);
    free(fetch);
}

static void release_at(struct show_fetch **fetch)
{
    release(*fetch);
}

static int ask_detail(struct show_fetch *fetch, const char *append)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    char path[48];

    (void)snprintf(path, sizeof(path), "/tv/%" PRId64, fetch->id);
    request_begin(&url, fetch->self, path);
    out_param(&url, "append_to_response", append);
    request_languages(&url, fetch->self);
    return request_detail(fetch->self, fetch->call, &url, fetch->what, &fetch->detail);
}

/* An answer that is larger than the host takes comes without its seasons. */
static int ask_with_guesses(struct show_fetch *fetch)
{
    OUT_AUTO append = OUT_INIT(1024);
    int code;

    out_add_text(&append, parts);
    for (int64_t i = 0; i < GUESSED_SEASONS; i++)
        editions_append(&append, i);
    if (append.failed)
        return host_fail(fetch->call, PROVIDER_ENOMEM, "no memory for a request");
    code = ask_detail(fetch, append.bytes);
    return code == PROVIDER_ELIMIT ? ask_detail(fetch, parts) : code;
}

static int check(struct show_fetch *fetch, int64_t tvdb_id)
{
    const json_t *external = field_object(fetch->detail, "external_ids");
    int64_t id = 0, other = tvdb_id;

    (void)field_int(fetch->detail, "id", 1, INT32_MAX, &id);
    if (id != 0 && id != fetch->id)
        return host_fail(fetch->call, PROVIDER_EPARSE, "%s: the answer is about show %" PRId64,
                         fetch->what, id);
    (void)field_int(external, "tvdb_id", 1, INT32_MAX, &other);
    if (tvdb_id != 0 && other != tvdb_id)
        return host_fail(fetch->call, PROVIDER_ENOTFOUND,
                         "%s has the TVDB id %" PRId64 ", not %" PRId64, fetch->what, other,
                         tvdb_id);
    return PROVIDER_OK;
}

static int emit_show(struct show_fetch *fetch)
{
    if (!show_write(&fetch->document, fetch->detail, fetch->self->language))
        return host_fail(fetch->call, PROVIDER_EPARSE, "%s: the answer has no id or no name",
                         fetch->what);
    return host_emit(fetch->call, PROVIDER_TVSHOW, 0, &fetch->document);
}

static bool is_listed(const struct show_fetch *fetch, int64_t number)
{
    for (size_t i = 0; i < fetch->n; i++)
        if (fetch->numbers[i] == number)
            return true;
    return false;
}

/* Which seasons remain: what the show lists and the first answer did not bring.  A guess that
 * remained unanswered stays so. */
static void note_seasons(struct show_fetch *fetch, bool guessed)
{
    size_t i;
    json_t *row;
    int64_t number;

    json_array_foreach (field_array(fetch->detail, "seasons"), i, row) {
        if (!field_int(row, "season_number", 0, EPISODE_MAX_NUMBER, &number) ||
            (guessed && number < GUESSED_SEASONS) || is_listed(fetch, number))
            continue;
        if (fetch->n == MAX_SEASONS) {
            host_log(fetch->call, PROVIDER_LOG_WARNING,
                     "%s has more than %d seasons, leaving out the rest", fetch->what, MAX_SEASONS);
            return;
        }
        fetch->numbers[fetch->n++] = number;
    }
}

static int emit_seasons(struct show_fetch *fetch, const json_t *answer, const int64_t *numbers,
                        size_t n)
{
    struct editions editions = {
        .self = fetch->self,
        .call = fetch->call,
        .show = fetch->detail,
        .main = answer,
        .document = &fetch->document,
    };
    int code;

    for (size_t i = 0; i < n; i++)
        editions_add(&editions, numbers[i]);
    code = editions_complete(&editions);
    if (!code)
        code = editions_emit(&editions);
    editions_done(&editions);
    return code;
}

static int emit_guessed(struct show_fetch *fetch)
{
    int64_t numbers[GUESSED_SEASONS];

    for (size_t i = 0; i < GUESSED_SEASONS; i++)
        numbers[i] = (int64_t)i;
    return emit_seasons(fetch, fetch->detail, numbers, GUESSED_SEASONS);
}

/* The next seasons, fewer at a time when the answer would be too large. */
static int fetch_batch(struct show_fetch *fetch, const int64_t *numbers, size_t *n)
{
    for (;;) {
        json_auto_t *answer = NULL;
        int code = editions_ask(fetch->self, fetch->call, fetch->id, numbers, *n,
                                fetch->self->language, &answer);

        if (code == PROVIDER_ELIMIT && *n > 1) {
            *n /= 2;
            continue;
        }
        if (code == PROVIDER_ELIMIT) {
            host_log(fetch->call, PROVIDER_LOG_WARNING,
                     "%s: season %" PRId64 " is too large, leaving it out", fetch->what, *numbers);
            return PROVIDER_OK;
        }
        return code ? code : emit_seasons(fetch, answer, numbers, *n);
    }
}

static int fetch_rest(struct show_fetch *fetch)
{
    size_t batch = EDITIONS_MAX_SEASONS;

    for (size_t at = 0; at < fetch->n;) {
        size_t n = fetch->n - at < batch ? fetch->n - at : batch;
        int code = fetch_batch(fetch, fetch->numbers + at, &n);

        if (code)
            return code;
        at += n;
        batch = n < batch && at < fetch->n ? n : batch;
    }
    return PROVIDER_OK;
}

static int fetch_whole(struct show_fetch *fetch, int64_t tvdb_id)
{
    int code = ask_with_guesses(fetch);
    bool guessed = false;

    if (!code)
        code = check(fetch, tvdb_id);
    if (!code)
        code = emit_show(fetch);
    if (code)
        return code;
    for (int64_t i = 0; i < GUESSED_SEASONS; i++)
        guessed = guessed || editions_season(fetch->detail, i);
    note_seasons(fetch, guessed);
    code = guessed ? emit_guessed(fetch) : PROVIDER_OK;
    return code ? code : fetch_rest(fetch);
}

static int fetch_show_alone(struct show_fetch *fetch, int64_t tvdb_id)
{
    int code = ask_detail(fetch, parts);

    if (!code)
        code = check(fetch, tvdb_id);
    return code ? code : emit_show(fetch);
}

static int fetch_one(struct show_fetch *fetch, int64_t season)
{
    int code = editions_ask(fetch->self, fetch->call, fetch->id, &season, 1, fetch->self->language,
                            &fetch->detail);

    if (!code)
        code = check(fetch, 0);
    if (code)
        return code;
    if (!editions_season(fetch->detail, season))
        return host_fail(fetch->call, PROVIDER_ENOTFOUND, "%s has no season %" PRId64, fetch->what,
                         season);
    return emit_seasons(fetch, fetch->detail, &season, 1);
}

int show_fetch(struct provider *self, struct provider_call *call, int64_t id, int64_t season,
               int64_t tvdb_id)
{
    __attribute__((cleanup(release_at))) struct show_fetch *fetch = calloc(1, sizeof(*fetch));

    if (!fetch)
        return host_fail(call, PROVIDER_ENOMEM, "no memory for a show");
    fetch->self = self;
    fetch->call = call;
    fetch->id = id;
    fetch->document.limit = TMDB_MAX_DOCUMENT;
    (void)snprintf(fetch->what, sizeof(fetch->what), "show %" PRId64, id);
    if (season == SHOW_NO_SEASON)
        return fetch_show_alone(fetch, tvdb_id);
    return season == SHOW_ALL_SEASONS ? fetch_whole(fetch, tvdb_id) : fetch_one(fetch, season);
}
