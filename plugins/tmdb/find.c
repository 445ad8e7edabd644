/* SPDX-License-Identifier: MIT */
#include "tmdb/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/request.h"
#include "tmdb/rows.h"

enum { ANSWER_AGE_S = 600, MAX_DIGITS = 9, MAX_IMDB_LEN = 14 };

bool find_is_number(const char *text, int64_t *out)
{
    const size_t len = text ? strspn(text, "0123456789") : 0;

    if (len < 1 || len > MAX_DIGITS || text[len] != '\0')
        return false;
    *out = strtoll(text, NULL, 10);
    return *out > 0;
}

bool find_is_imdb(const char *text)
{
    const size_t len = text ? strlen(text) : 0;

    return len > 2 && len <= MAX_IMDB_LEN && strncmp(text, "tt", 2) == 0 &&
           strspn(text + 2, "0123456789") == len - 2;
}

/* The name of the space as /find spells it. */
static const char *source_of(const struct provider_id *id)
{
    if (!id->space)
        return NULL;
    if (strcmp(id->space, "imdb") == 0)
        return "imdb_id";
    return strcmp(id->space, "tvdb") == 0 ? "tvdb_id" : NULL;
}

static bool is_usable(const struct provider_id *id)
{
    int64_t number;

    return strcmp(id->space, "imdb") == 0 ? find_is_imdb(id->value)
                                          : find_is_number(id->value, &number);
}

int find_ask(struct provider *self, struct provider_call *call, const struct provider_id *id,
             const char *language, json_t **out)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    const char *source = source_of(id);
    char path[64];

    if (!source)
        return host_fail(call, PROVIDER_ENOTSUP, "there is no way to find an id of '%.32s'",
                         id->space ? id->space : "");
    if (!is_usable(id))
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' is no %s id", id->value ? id->value : "",
                         id->space);
    (void)snprintf(path, sizeof(path), "/find/%s", id->value);
    request_begin(&url, self, path);
    out_param(&url, "external_source", source);
    out_param(&url, "language", language);
    return request_json(self, call, &url, id->value, ANSWER_AGE_S, out);
}

static bool is_part_of_one(const json_t *found)
{
    return field_array(found, "tv_episode_results") || field_array(found, "tv_season_results");
}

int find_show(struct provider *self, struct provider_call *call, const struct provider_id *id,
              int64_t *out)
{
    json_auto_t *found = NULL;
    const json_t *shows;
    int code = find_ask(self, call, id, self->language, &found);

    if (!code)
        code = rows_take(call, found, "tv_results", id->value, &shows);
    if (code)
        return code;
    for (size_t i = 0; i < json_array_size(shows); i++)
        if (field_int(json_array_get(shows, i), "id", 1, INT32_MAX, out))
            return PROVIDER_OK;
    if (is_part_of_one(found))
        return host_fail(call, PROVIDER_ENOTFOUND,
                         "%s id %s belongs to a season or an episode, to no show", id->space,
                         id->value);
    return host_fail(call, PROVIDER_ENOTFOUND, "TMDB knows no show with the %s id %s", id->space,
                     id->value);
}
