/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/field.h"
#include "common/host.h"
#include "tmdb/element.h"
#include "tmdb/request.h"
#include "tmdb/tmdb.h"

enum { FRESH_S = 86400, MAX_STATE = 60 << 10 };
static const char state_key[] = "pictures";

static bool is_web_address(const char *url)
{
    return url && (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0) &&
           strlen(url) <= 1024 && url[strcspn(url, " \t\r\n\"<>\\?#")] == '\0';
}

static const char *base_of(const struct provider *self, const json_t *pictures)
{
    const char *secure = field_string(pictures, "secure_base_url");
    const char *plain = field_string(pictures, "base_url");

    if (self->image_url)
        return self->image_url;
    return is_web_address(secure) ? secure : is_web_address(plain) ? plain : NULL;
}

/* The last configuration that was seen, in memory when younger than a day.  Each caller has a copy:
 * jansson looks at a count of references without its atomic operations. */
static json_t *known(struct provider *self, bool fresh)
{
    json_t *pictures = NULL;

    pthread_mutex_lock(&self->lock);
    if (self->pictures && (!fresh || time(NULL) - self->pictures_at_s < FRESH_S))
        pictures = json_deep_copy(self->pictures);
    pthread_mutex_unlock(&self->lock);
    return pictures;
}

static void remember(struct provider *self, const json_t *pictures)
{
    json_t *copy = json_deep_copy(pictures);
    json_t *old;

    pthread_mutex_lock(&self->lock);
    old = self->pictures;
    self->pictures = copy;
    self->pictures_at_s = time(NULL);
    pthread_mutex_unlock(&self->lock);
    json_decref(old);
}

static void save(struct provider_call *call, const json_t *pictures)
{
    char *text = json_dumps(pictures, JSON_COMPACT);

    if (text && strlen(text) <= MAX_STATE)
        (void)call->host->state_put(call, state_key, text);
    free(text);
}

static json_t *saved(struct provider_call *call)
{
    const char *text = call->host->state_get(call, state_key);

    return text ? field_parse(text, strlen(text)) : NULL;
}

static int ask(struct provider *self, struct provider_call *call, json_t **out)
{
    OUT_AUTO url = OUT_INIT(REQUEST_MAX_URL);
    json_auto_t *answer = NULL;
    json_t *pictures;
    int code;

    request_begin(&url, self, "/configuration");
    code = request_json(self, call, &url, "the configuration of pictures", FRESH_S, &answer);
    if (code)
        return code;
    pictures = field_object(answer, "images");
    if (!base_of(self, pictures))
        return host_fail(call, PROVIDER_EPARSE, "the configuration names no place for pictures");
    *out = json_incref(pictures);
    return PROVIDER_OK;
}

/* A day-old configuration is asked for again; while TMDB is away the last one goes on serving. */
static int get_pictures(struct provider *self, struct provider_call *call, json_t **out)
{
    int code;

    *out = known(self, true);
    if (*out)
        return PROVIDER_OK;
    code = ask(self, call, out);
    if (!code) {
        remember(self, *out);
        save(call, *out);
        return PROVIDER_OK;
    }
    *out = known(self, false);
    if (!*out)
        *out = saved(call);
    if (!*out || !base_of(self, *out)) {
        json_decref(*out);
        *out = NULL;
        return code;
    }
    remember(self, *out);
    return PROVIDER_OK;
}

/* The width behind a size's name: "w500", or "h632", which is of portraits two by three; 0 for
 * "original" and what else there may be. */
static uint32_t width_of(const char *size)
{
    char *end;
    unsigned long number;

    if ((size[0] != 'w' && size[0] != 'h') || size[1] < '1' || size[1] > '9')
        return 0;
    number = strtoul(size + 1, &end, 10);
    if (*end || number > 100000)
        return 0;
    return (uint32_t)(size[0] == 'h' ? number * 2 / 3 : number);
}

/* The smallest that is wide enough. */
static const char *choose_size(const json_t *sizes, uint32_t width)
{
    const char *best = "original";
    uint32_t best_width = UINT32_MAX;
    size_t i;
    json_t *element;

    if (width == 0)
        return best;
    json_array_foreach (sizes, i, element) {
        const char *size = json_string_value(element);
        const uint32_t has = size ? width_of(size) : 0;

        if (has >= width && has < best_width) {
            best = size;
            best_width = has;
        }
    }
    return best;
}

static const char *sizes_key(const char *kind)
{
    static const char *const keys[][2] = {
        { "posters", "poster_sizes" }, { "backdrops", "backdrop_sizes" },
        { "logos", "logo_sizes" },     { "profiles", "profile_sizes" },
        { "stills", "still_sizes" },
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (strcmp(kind, keys[i][0]) == 0)
            return keys[i][1];
    return NULL;
}

int tmdb_locate(struct provider *self, struct provider_call *call, const char *kind,
                const char *path, uint32_t width, char *url, size_t url_size)
{
    json_auto_t *pictures = NULL;
    const char *key = kind ? sizes_key(kind) : NULL;
    const char *base, *size;
    size_t base_len;
    int code, len;

    if (!key || !element_is_path(path))
        return host_fail(call, PROVIDER_EINVAL, "'%.32s' '%.64s' is no picture", kind ? kind : "",
                         path ? path : "");
    code = get_pictures(self, call, &pictures);
    if (code)
        return code;
    base = base_of(self, pictures);
    base_len = strlen(base);
    while (base_len > 0 && base[base_len - 1] == '/')
        base_len--;
    size = choose_size(field_array(pictures, key), width);
    len = snprintf(url, url_size, "%.*s/%s%s", (int)base_len, base, size, path);
    if (len < 0 || (size_t)len >= url_size)
        return host_fail(call, PROVIDER_ELIMIT, "the address of '%.64s' is too long", path);
    return PROVIDER_OK;
}
