/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "yts/movie.h"
#include "yts/request.h"

/* An unknown id is answered with a movie of id 0 and nothing in it, and another one's now and then.
 */
static bool is_it(const json_t *movie, const struct provider_id *id)
{
    const char *imdb = movie_imdb(movie);
    int64_t number = 0;

    if (!field_int(movie, "id", 1, INT64_C(1) << 40, &number))
        return false;
    if (strcmp(id->space, "imdb") == 0)
        return imdb && strcmp(imdb, id->value) == 0;
    return number == strtoll(id->value, NULL, 10);
}

static int emit_all(struct provider *self, struct provider_call *call, const json_t *movie)
{
    OUT_AUTO document = OUT_INIT(YTS_MAX_DOCUMENT);
    int code = movie_emit(call, movie, 0, &document);

    return code ? code : movie_emit_releases(self, call, movie, &document);
}

int yts_fetch(struct provider *self, struct provider_call *call, uint32_t kind,
              const struct provider_id *id)
{
    OUT_AUTO url = OUT_INIT(1024);
    const bool by_imdb = strcmp(id->space, "imdb") == 0;
    json_t *data = NULL, *movie;
    int code;

    if (kind != PROVIDER_MOVIE)
        return host_fail(call, PROVIDER_ENOTSUP, "YTS has movies only");
    if (!by_imdb && strcmp(id->space, "yts") != 0)
        return host_fail(call, PROVIDER_ENOTSUP, "YTS knows imdb and yts ids, not '%.32s'",
                         id->space);
    request_begin(&url, self, "movie_details");
    out_param(&url, by_imdb ? "imdb_id" : "movie_id", id->value);
    out_param(&url, "with_cast", "true");
    out_param(&url, "with_images", "true");
    code = request_data(self, call, &url, "movie", &data);
    if (code)
        return code;
    movie = field_object(data, "movie") ? field_object(data, "movie") : data; /* as in 2015 */
    code = is_it(movie, id)
               ? emit_all(self, call, movie)
               : host_fail(call, PROVIDER_ENOTFOUND, "YTS has no movie '%.32s'", id->value);
    json_decref(data);
    return code;
}
