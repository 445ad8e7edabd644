/* SPDX-License-Identifier: MIT */
#include "tmdb/editions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/day.h"
#include "common/field.h"
#include "common/host.h"
#include "tmdb/request.h"

void editions_done(struct editions *editions)
{
    for (size_t i = 0; i < editions->n_others; i++)
        for (size_t j = 0; j < editions->others[i].n_answers; j++)
            json_decref(editions->others[i].answers[j]);
    editions->n_others = 0;
}

void editions_append(struct out *list, int64_t number)
{
    if (list->len > 0)
        out_add_text(list, ",");
    out_add_text(list, "season/");
    out_add_int(list, number);
}

const json_t *editions_season(const json_t *answer, int64_t number)
{
    char key[32];
    const json_t *season;
    int64_t said = number;

    (void)snprintf(key, sizeof(key), "season/%" PRId64, number);
    season = field_object(answer, key);
    /* An error in its place has no id. */
    if (!json_object_get(season, "id"))
        return NULL;
    (void)field_int(season, "season_number", 0, EPISODE_MAX_NUMBER, &said);
    return said == number ? season : NULL;
}

int editions_ask(struct provider *self, struct provider_call *call, int64_t id,
                 const int64_t *numbers, size_t n, const char *language, json_t **out)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    OUT_AUTO append = OUT_INIT(1024);
    char path[48], what[96];

    for (size_t i = 0; i < n; i++)
        editions_append(&append, numbers[i]);
    if (n == 0 || append.failed)
        return host_fail(call, PROVIDER_ENOMEM, "no memory for a request");
    (void)snprintf(path, sizeof(path), "/tv/%" PRId64, id);
    (void)snprintf(what, sizeof(what), "show %" PRId64 ", season %" PRId64 "%s", id, numbers[0],
                   n > 1 ? " and others" : "");
    request_begin(&url, self, path);
    out_param(&url, "append_to_response", append.bytes);
    out_param(&url, "language", language);
    return request_detail(self, call, &url, what, out);
}

void editions_add(struct editions *editions, int64_t number)
{
    if (editions->n < EDITIONS_MAX_SEASONS && editions_season(editions->main, number))
        editions->numbers[editions->n++] = number;
}

static const json_t *season_in(const struct editions *editions, size_t other, int64_t number)
{
    for (size_t i = 0; i < editions->others[other].n_answers; i++) {
        const json_t *season = editions_season(editions->others[other].answers[i], number);

        if (season)
            return season;
    }
    return NULL;
}

/* `list` holds what `out` points to. */
static void gather(const struct editions *editions, int64_t number,
                   struct season_edition list[EDITIONS_MAX], struct season_source *out)
{
    *out = (struct season_source){
        .show = editions->show,
        .season = editions_season(editions->main, number),
        .language = editions->self->language,
        .editions = list,
        .n_editions = editions->n_others,
    };
    for (size_t i = 0; i < editions->n_others; i++) {
        memcpy(list[i].language, editions->others[i].language, TAG_SIZE);
        list[i].season = season_in(editions, i, number);
    }
}

/* "en-US" and "en" are one language here: a region has no episode names of its own at TMDB. */
static bool is_same_language(const char *a, const char *b)
{
    const size_t len = strcspn(a, "-");

    return strcspn(b, "-") == len && strncmp(a, b, len) == 0;
}

static bool has_language(const struct editions *editions, const char *language)
{
    for (size_t i = 0; i < editions->n_others; i++)
        if (is_same_language(editions->others[i].language, language))
            return true;
    return is_same_language(editions->self->language, language);
}

static int ask_again(struct editions *editions, const char *language, const int64_t *numbers,
                     size_t n)
{
    const size_t other = editions->n_others++;
    size_t batch = n;
    int64_t id = 0;

    (void)field_int(editions->show, "id", 1, INT32_MAX, &id);
    (void)snprintf(editions->others[other].language, TAG_SIZE, "%s", language);
    editions->others[other].n_answers = 0;
    for (size_t at = 0; at < n;) {
        json_t **answer = &editions->others[other].answers[editions->others[other].n_answers];
        const size_t now = n - at < batch ? n - at : batch;
        int code =
            editions_ask(editions->self, editions->call, id, numbers + at, now, language, answer);

        if (code == PROVIDER_ELIMIT && now > 1) {
            batch = now / 2;
            continue;
        }
        if (code && code != PROVIDER_ELIMIT)
            return code;
        editions->others[other].n_answers += code == PROVIDER_OK;
        at += now;
    }
    return PROVIDER_OK;
}

static int fill_gaps(struct editions *editions, const char *language, bool overviews)
{
    struct season_edition list[EDITIONS_MAX];
    const int32_t today = day_today(NULL);
    int64_t numbers[EDITIONS_MAX_SEASONS];
    size_t n = 0;

    for (size_t i = 0; i < editions->n; i++) {
        struct season_source source;

        gather(editions, editions->numbers[i], list, &source);
        if (season_lacks_texts(&source, overviews, today))
            numbers[n++] = editions->numbers[i];
    }
    return n > 0 ? ask_again(editions, language, numbers, n) : PROVIDER_OK;
}

int editions_complete(struct editions *editions)
{
    const struct provider *self = editions->self;
    char original[TAG_SIZE];
    int code = PROVIDER_OK;

    if (editions->n == 0)
        return PROVIDER_OK;
    for (size_t i = 0; i < TMDB_MAX_LANGUAGES && *self->languages[i] && !code; i++)
        code = ask_again(editions, self->languages[i], editions->numbers, editions->n);
    if (!code && !has_language(editions, "en"))
        code = fill_gaps(editions, "en-US", true);
    if (!code && tag_join(field_string(editions->show, "original_language"), NULL, original) &&
        strcmp(original, "zxx") != 0 && !has_language(editions, original))
        code = fill_gaps(editions, original, false);
    return code;
}

/* A season beyond what a document may hold comes without its people. */
static int emit_one(struct editions *editions, const struct season_source *source, int64_t number)
{
    struct out *document = editions->document;

    if (!season_write(document, source, false))
        return PROVIDER_OK;
    if (document->failed) {
        host_log(editions->call, PROVIDER_LOG_NOTICE,
                 "season %" PRId64 " is too large, leaving out the people of its episodes", number);
        (void)season_write(document, source, true);
    }
    return host_emit(editions->call, PROVIDER_SEASON, 0, document);
}

int editions_emit(struct editions *editions)
{
    struct season_edition list[EDITIONS_MAX];

    for (size_t i = 0; i < editions->n; i++) {
        struct season_source source;
        int code;

        gather(editions, editions->numbers[i], list, &source);
        code = emit_one(editions, &source, editions->numbers[i]);
        if (code && code != PROVIDER_EREFUSED)
            return code;
    }
    return PROVIDER_OK;
}
