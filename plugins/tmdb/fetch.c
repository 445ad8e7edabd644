/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/movie.h"
#include "tmdb/request.h"
#include "tmdb/tmdb.h"

/* One call brings everything; TMDB allows twenty parts. */
static const char parts[] = "credits,images,translations,external_ids,videos,release_dates,"
                            "keywords,recommendations,alternative_titles";

static bool is_usable_id(const struct provider_id *id)
{
    const char *digits = id->value;

    if (!id->space || !id->value)
        return false;
    if (strcmp(id->space, "imdb") == 0) {
        if (strncmp(digits, "tt", 2) != 0)
            return false;
        digits += 2;
    }
    return *digits && strlen(digits) <= 12 && digits[strspn(digits, "0123456789")] == '\0';
}

/* `language` filters pictures and videos unless told otherwise. */
static void add_languages(struct out *url, const struct provider *self)
{
    const size_t len = strcspn(self->language, "-");
    char list[32];

    (void)snprintf(list, sizeof(list), "%.*s,%snull", (int)len, self->language,
                   strncmp(self->language, "en", len) == 0 ? "" : "en,");
    request_param(url, "language", self->language);
    request_param(url, "include_image_language", list);
    request_param(url, "include_video_language", list);
}

static int emit_movie(struct provider *self, struct provider_call *call,
                      const struct provider_id *id, const json_t *detail)
{
    OUT_AUTO document = OUT_INIT(TMDB_MAX_DOCUMENT);
    int64_t answered = 0;

    if (!movie_write(&document, detail, self->language))
        return host_fail(call, PROVIDER_EPARSE, "movie %s: the answer has no id or no title",
                         id->value);
    (void)field_int(detail, "id", 1, INT32_MAX, &answered);
    if (strcmp(id->space, "tmdb") == 0 && strtoll(id->value, NULL, 10) != answered)
        return host_fail(call, PROVIDER_EPARSE, "movie %s: the answer is about movie %lld",
                         id->value, (long long)answered);
    return host_emit(call, PROVIDER_MOVIE, 0, &document);
}

int tmdb_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
               const struct provider_id *id)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *detail = NULL;
    char path[64], what[64];
    int code;

    if (kind != PROVIDER_MOVIE)
        return host_fail(call, PROVIDER_ENOTSUP, "only movies can be fetched");
    if (!id->space || (strcmp(id->space, "tmdb") != 0 && strcmp(id->space, "imdb") != 0))
        return host_fail(call, PROVIDER_ENOTSUP, "only TMDB and IMDb ids can be fetched");
    if (!is_usable_id(id))
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' is no %s id", id->value ? id->value : "",
                         id->space);
    (void)snprintf(path, sizeof(path), "/movie/%s", id->value);
    (void)snprintf(what, sizeof(what), "movie %s", id->value);
    request_begin(&url, self, path);
    request_param(&url, "append_to_response", parts);
    add_languages(&url, self);
    code = request_json(self, call, &url, what, 0, &detail);
    return code ? code : emit_movie(self, call, id, detail);
}
