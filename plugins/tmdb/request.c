/* SPDX-License-Identifier: MIT */
#include "tmdb/request.h"

#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/answer.h"

void request_begin(struct out *url, const struct provider *self, const char *path)
{
    out_clear(url);
    out_add_text(url, "{base}");
    out_add_text(url, path);
    if (self->key_param) {
        out_add_text(url, "?");
        out_add_text(url, self->key_param);
    }
    url->comma = self->key_param != NULL;
}

static void add_language(struct out *list, const char *tag)
{
    const size_t len = strcspn(tag, "-");

    for (const char *at = list->bytes; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, tag, len) == 0 && at[len] == ',')
            return;
    out_add(list, tag, len);
    out_add_text(list, ",");
}

void request_languages(struct out *url, const struct provider *self)
{
    OUT_AUTO list = OUT_INIT(128);

    add_language(&list, self->language);
    add_language(&list, "en");
    for (size_t i = 0; i < TMDB_MAX_LANGUAGES && *self->languages[i]; i++)
        add_language(&list, self->languages[i]);
    out_add_text(&list, "null");
    out_param(url, "language", self->language);
    if (list.failed)
        return;
    out_param(url, "include_image_language", list.bytes);
    out_param(url, "include_video_language", list.bytes);
}

static int explain(struct provider_call *call, const char *what, int32_t status, int code,
                   const json_t *body)
{
    const char *message = answer_message(body);

    if (message)
        return host_fail(call, code, "%s: TMDB says '%s' (HTTP %d)", what, message, status);
    if (!body)
        return host_fail(call, code, "%s: the answer is not JSON (HTTP %d)", what, status);
    return host_fail(call, code, "%s: HTTP %d", what, status);
}

/* Half of a detail is what nobody here looks at, mostly about people and recommendations.  What
 * begins to be looked at is to be taken off. */
#define OF_PERSON                                                                                  \
    "adult", "gender", "known_for_department", "original_name", "popularity", "cast_id",           \
        "credit_id", NULL
#define OF_IMAGE "aspect_ratio", "iso_3166_1", NULL
static const char *const of_cast[] = { "cast", OF_PERSON };
static const char *const of_crew[] = { "crew", OF_PERSON };
static const char *const of_guest_stars[] = { "guest_stars", OF_PERSON };
static const char *const of_roles[] = { "roles", "credit_id", NULL };
static const char *const of_jobs[] = { "jobs", "credit_id", NULL };
static const char *const of_posters[] = { "posters", OF_IMAGE };
static const char *const of_backdrops[] = { "backdrops", OF_IMAGE };
static const char *const of_logos[] = { "logos", OF_IMAGE };
static const char *const of_results[] = { "results",
                                          "adult",
                                          "backdrop_path",
                                          "poster_path",
                                          "original_title",
                                          "original_name",
                                          "original_language",
                                          "overview",
                                          "genre_ids",
                                          "release_date",
                                          "first_air_date",
                                          "video",
                                          "vote_average",
                                          "vote_count",
                                          "softcore",
                                          "size",
                                          NULL };
static const char *const of_release_dates[] = { "release_dates", "descriptors",  "note",
                                                "iso_639_1",     "release_date", NULL };
static const char *const of_translations[] = { "translations", "name", "english_name", NULL };
static const char *const of_spoken_languages[] = { "spoken_languages", "name", "english_name",
                                                   NULL };
static const char *const *const unread_of_detail[] = {
    of_cast,      of_crew,  of_guest_stars, of_roles,         of_jobs,         of_posters,
    of_backdrops, of_logos, of_results,     of_release_dates, of_translations, of_spoken_languages,
    NULL
};

static int ask(struct provider *self, struct provider_call *call, const struct out *url,
               const char *what, struct provider_request *request, const char *const *const *unread,
               json_t **out)
{
    const struct provider_response *response;
    json_t *body;
    int code;

    if (url->failed)
        return host_fail(call, PROVIDER_ELIMIT, "%s: the request is too long", what);
    request->size = sizeof(*request);
    request->flags = self->key_param ? PROVIDER_HTTP_SECRET : 0;
    request->url = url->bytes;
    request->genuine = answer_is_genuine;
    code = call->host->http(call, request, &response);
    if (code)
        return code;
    body = field_parse_without(response->body, response->body_len, unread);
    code = answer_code(response->status, body);
    if (code) {
        code = explain(call, what, response->status, code, body);
        json_decref(body);
        return code;
    }
    *out = body;
    return PROVIDER_OK;
}

int request_json(struct provider *self, struct provider_call *call, const struct out *url,
                 const char *what, uint32_t max_age_s, json_t **out)
{
    const char *const headers[] = { "Accept: application/json", self->bearer, NULL };
    struct provider_request request = { .headers = headers, .max_age_s = max_age_s };

    return ask(self, call, url, what, &request, NULL, out);
}

int request_detail(struct provider *self, struct provider_call *call, const struct out *url,
                   const char *what, json_t **out)
{
    const char *const headers[] = { "Accept: application/json", "Cache-Control: no-store",
                                    self->bearer, NULL };
    struct provider_request request = { .headers = headers };

    return ask(self, call, url, what, &request, unread_of_detail, out);
}
