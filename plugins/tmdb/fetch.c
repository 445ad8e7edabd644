/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/find.h"
#include "tmdb/movie.h"
#include "tmdb/request.h"
#include "tmdb/show_fetch.h"
#include "tmdb/tmdb.h"

/* One call brings everything; TMDB allows twenty parts. */
static const char parts[] = "credits,images,translations,external_ids,videos,release_dates,"
                            "keywords,recommendations,alternative_titles";

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

static int fetch_movie(struct provider *self, struct provider_call *call,
                       const struct provider_id *id)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *detail = NULL;
    char path[64], what[64];
    int64_t number;
    int code;

    if (strcmp(id->space, "tmdb") != 0 && strcmp(id->space, "imdb") != 0)
        return host_fail(call, PROVIDER_ENOTSUP, "only TMDB and IMDb ids can be fetched");
    if (*id->space == 't' ? !find_is_number(id->value, &number) : !find_is_imdb(id->value))
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' is no %s id", id->value, id->space);
    (void)snprintf(path, sizeof(path), "/movie/%s", id->value);
    (void)snprintf(what, sizeof(what), "movie %s", id->value);
    request_begin(&url, self, path);
    out_param(&url, "append_to_response", parts);
    request_languages(&url, self);
    code = request_detail(self, call, &url, what, &detail);
    return code ? code : emit_movie(self, call, id, detail);
}

static int fetch_show(struct provider *self, struct provider_call *call,
                      const struct provider_id *id)
{
    int64_t show = 0, tvdb = 0;

    if (strcmp(id->space, "tmdb") != 0) {
        int code = find_show(self, call, id, &show);

        if (code)
            return code;
        if (strcmp(id->space, "tvdb") == 0)
            (void)find_is_number(id->value, &tvdb);
    } else if (!find_is_number(id->value, &show)) {
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' is no tmdb id", id->value);
    }
    return show_fetch(self, call, show, SHOW_ALL_SEASONS, tvdb);
}

/* A season's own id leads nowhere at TMDB; "1399/0" is the show and the number in it. */
static int fetch_season(struct provider *self, struct provider_call *call,
                        const struct provider_id *id)
{
    char show_text[16] = "";
    const size_t len = strcspn(id->value, "/");
    const char *number = id->value + len;
    int64_t show, season = 0;

    if (strcmp(id->space, "tmdb") != 0)
        return host_fail(call, PROVIDER_ENOTSUP, "only TMDB's seasons can be fetched");
    memcpy(show_text, id->value, len < sizeof(show_text) ? len : sizeof(show_text) - 1);
    if (!find_is_number(show_text, &show) || *number++ != '/' ||
        (strcmp(number, "0") != 0 && !find_is_number(number, &season)) || season > 100000)
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' is not SHOW/SEASON", id->value);
    return show_fetch(self, call, show, season, 0);
}

int tmdb_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
               const struct provider_id *id)
{
    if (kind != PROVIDER_MOVIE && kind != PROVIDER_TVSHOW && kind != PROVIDER_SEASON)
        return host_fail(call, PROVIDER_ENOTSUP, "only movies, shows and seasons can be fetched");
    if (!id->space || !id->value)
        return host_fail(call, PROVIDER_EINVAL, "an id without a space or without a value");
    switch (kind) {
    case PROVIDER_TVSHOW:
        return fetch_show(self, call, id);
    case PROVIDER_SEASON:
        return fetch_season(self, call, id);
    default:
        return fetch_movie(self, call, id);
    }
}
