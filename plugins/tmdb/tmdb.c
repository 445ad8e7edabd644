/* SPDX-License-Identifier: MIT */
#include "tmdb/tmdb.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/host.h"
#include "tmdb/tag.h"

enum { MAX_KEY_LEN = 1024 };

static bool is_v3_key(const char *key)
{
    return strlen(key) == 32 && strspn(key, "0123456789abcdefABCDEF") == 32;
}

/* A read access token is a JWT: three parts with dots between. */
static bool is_v4_token(const char *key)
{
    const char *first = strchr(key, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;

    return second && !strchr(second + 1, '.');
}

static int use_key(struct provider *self, struct provider_call *call, const char *key)
{
    OUT_AUTO text = OUT_INIT(4 * MAX_KEY_LEN);

    if (!key)
        return host_fail(call, PROVIDER_EAUTH, "api_key is not set");
    if (strlen(key) > MAX_KEY_LEN)
        return host_fail(call, PROVIDER_EAUTH, "api_key is longer than %d bytes", MAX_KEY_LEN);
    for (const char *p = key; *p; p++)
        if (!isgraph((unsigned char)*p))
            return host_fail(call, PROVIDER_EAUTH, "api_key holds a space or a control character");
    if (is_v4_token(key)) {
        out_add_text(&text, "Authorization: Bearer ");
        out_add_text(&text, key);
    } else {
        if (!is_v3_key(key))
            host_log(call, PROVIDER_LOG_WARNING,
                     "api_key looks like neither a v3 key nor a v4 token, trying it as a v3 key");
        out_add_text(&text, "api_key=");
        out_add_url_encoded(&text, key);
    }
    if (text.failed)
        return host_fail(call, PROVIDER_ENOMEM, "no memory for the key");
    *(is_v4_token(key) ? &self->bearer : &self->key_param) = text.bytes;
    text.bytes = NULL;
    return PROVIDER_OK;
}

/* A key of version 3 opens nothing of version 4, a read access token opens both. */
static bool is_v4_there(const struct provider *self, const char *bases)
{
    for (bases = bases ? bases : ""; self->bearer && *bases; bases += strspn(bases, " ")) {
        size_t len = strcspn(bases, " ");
        const char *next = bases + len;

        while (len > 0 && bases[len - 1] == '/')
            len--;
        if (len < 2 || strncmp(bases + len - 2, "/3", 2) != 0)
            return false;
        bases = next;
    }
    return self->bearer != NULL;
}

static int use_language(struct provider *self, struct provider_call *call)
{
    const char *language = host_option(call, "language");

    if (!tag_parse(language ? language : "en-US", self->language))
        return host_fail(call, PROVIDER_EINVAL, "language = '%s': 'xx' or 'xx-YY' is expected",
                         language);
    return PROVIDER_OK;
}

static bool is_known_language(const struct provider *self, const char *tag, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(self->languages[i], tag) == 0)
            return true;
    return strcmp(self->language, tag) == 0;
}

/* Each language of the list costs requests, so a repeated one counts once. */
static int use_languages(struct provider *self, struct provider_call *call)
{
    const char *list = host_option(call, "languages");
    size_t n = 0;

    for (list = list ? list : ""; *list; list += strspn(list, " ")) {
        const size_t len = strcspn(list, " ");
        char word[16] = "", tag[TAG_SIZE];

        memcpy(word, list, len < sizeof(word) ? len : sizeof(word) - 1);
        if (!tag_parse(word, tag))
            return host_fail(call, PROVIDER_EINVAL, "languages: '%s': 'xx' or 'xx-YY' is expected",
                             word);
        list += len;
        if (is_known_language(self, tag, n))
            continue;
        if (n == TMDB_MAX_LANGUAGES) {
            host_log(call, PROVIDER_LOG_WARNING,
                     "languages: the names of episodes are asked for in the first %d, from '%s' on "
                     "they are not",
                     TMDB_MAX_LANGUAGES, tag);
            break;
        }
        memcpy(self->languages[n++], tag, sizeof(tag));
    }
    return PROVIDER_OK;
}

static int read_options(struct provider *self, struct provider_call *call)
{
    int code = use_key(self, call, host_option(call, "api_key"));

    if (!code)
        code = use_language(self, call);
    if (!code)
        code = use_languages(self, call);
    if (!code)
        code = host_option_bool(call, "include_adult", 0, &self->include_adult);
    if (!code)
        code = host_option_bool(call, "include_video", 0, &self->include_video);
    if (!code)
        code = host_option_bool(call, "export", 1, &self->use_export);
    if (!code)
        code = host_option_int(call, "feed_pages", 1, TMDB_MAX_PAGE, 5, &self->feed_pages);
    self->has_v4 = is_v4_there(self, host_option(call, "base_url"));
    self->feeds = host_option(call, "feeds");
    self->tv_feeds = host_option(call, "tv_feeds");
    self->export_url = host_option(call, "export_url");
    self->image_url = host_option(call, "image_url");
    return code;
}

static void tmdb_close(struct provider *self)
{
    if (!self)
        return;
    pthread_mutex_destroy(&self->lock);
    json_decref(self->pictures);
    free(self->key_param);
    free(self->bearer);
    free(self);
}

static int tmdb_open(struct provider_call *call, struct provider **out)
{
    struct provider *self = calloc(1, sizeof(*self));
    int code;

    if (!self)
        return host_fail(call, PROVIDER_ENOMEM, "no memory");
    if (pthread_mutex_init(&self->lock, NULL) != 0) {
        free(self);
        return host_fail(call, PROVIDER_ENOMEM, "no mutex");
    }
    code = read_options(self, call);
    if (code) {
        tmdb_close(self);
        return code;
    }
    *out = self;
    return PROVIDER_OK;
}

static const struct provider_images images = {
    .size = sizeof(images),
    .locate = tmdb_locate,
};

static const void *tmdb_extension(const char *name)
{
    return strcmp(name, PROVIDER_IMAGES) == 0 ? &images : NULL;
}

static const struct provider_api api = {
    .size = sizeof(api),
    .open = tmdb_open,
    .close = tmdb_close,
    .search = tmdb_search,
    .fetch = tmdb_fetch,
    .sync = tmdb_sync,
    .extension = tmdb_extension,
};

static const struct provider_option options[] = {
    { .name = "api_key",
      .env = "TMDB_API_KEY",
      .help = "API key (v3) or API read access token (v4), from themoviedb.org/settings/api",
      .flags = PROVIDER_REQUIRED | PROVIDER_SECRET },
    { .name = "base_url",
      .env = "TMDB_BASE_URL",
      .fallback = "https://api.themoviedb.org/3",
      .help = "where the API is, with its version; several are mirrors, best first",
      .flags = PROVIDER_LIST_OF | PROVIDER_MIRRORS },
    { .name = "export_url",
      .fallback = "https://files.tmdb.org/p/exports",
      .help = "where the daily id exports are" },
    { .name = "image_url", .help = "where pictures are; unset: where TMDB's configuration says" },
    { .name = "language",
      .env = "TMDB_LANGUAGE",
      .fallback = "en-US",
      .help = "language of titles and overviews, 'xx' or 'xx-YY'" },
    { .name = "languages",
      .help = "more languages for the names of episodes, the first 4 count, 'xx' or 'xx-YY'",
      .flags = PROVIDER_LIST_OF },
    { .name = "include_adult", .fallback = "false", .help = "adult films, too" },
    { .name = "include_video",
      .fallback = "false",
      .help = "what TMDB calls videos, too: compilations, best-ofs, making-ofs" },
    { .name = "export",
      .fallback = "true",
      .help = "begin with the whole catalogue; false: only with the feeds" },
    { .name = "feeds",
      .fallback = "popular top_rated upcoming now_playing trending_day trending_week",
      .help = "lists whose films are refreshed once a day",
      .flags = PROVIDER_LIST_OF },
    { .name = "tv_feeds",
      .fallback = "popular top_rated on_the_air airing_today trending_day trending_week",
      .help = "lists whose shows are refreshed once a day",
      .flags = PROVIDER_LIST_OF },
    { .name = "feed_pages", .fallback = "5", .help = "pages of each feed, 20 titles a page" },
    { 0 },
};

const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(miauflix_provider),
    .name = "tmdb",
    .version = "1.0.0",
    .summary = "Movies and TV shows from The Movie Database (themoviedb.org)",
    .options = options,
    .api = &api,
    /* TMDB tolerates about 40 a second and 20 connections per address. */
    .rate_per_1000s = 25000,
    .max_parallel = 12,
};
