/* SPDX-License-Identifier: MIT */
#include "yts/yts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/host.h"

enum { MAX_RATING = 9, MAX_TTL_S = 7 * 24 * 3600, MAX_PAGES = 100000 };

/* The words YTS knows; its genres are those of IMDb. */
#define QUALITIES "480p, 720p, 1080p, 1080p.x265, 2160p, 3D"
#define ORDERS "title, year, rating, peers, seeds, download_count, like_count, date_added"
#define GENRES                                                                                     \
    "Action, Adventure, Animation, Biography, Comedy, Crime, Documentary, Drama, Family, "         \
    "Fantasy, Film-Noir, Game-Show, History, Horror, Music, Musical, Mystery, News, Reality-TV, "  \
    "Romance, Sci-Fi, Short, Sport, Talk-Show, Thriller, War, Western"

static const char api_path[] = "/api/v2";

static bool is_of_api(const char *url, size_t len)
{
    const size_t n = strlen(api_path);

    while (len > 0 && url[len - 1] == '/')
        len--;
    return len >= n && strncmp(url + len - n, api_path, n) == 0;
}

/* Some give the address of the site, some that of its API.  One path goes behind whichever mirror
 * is asked, so all of them have to be of one form. */
static int read_base(struct provider *self, struct provider_call *call)
{
    const char *at = host_option(call, "base_url");
    const bool of_api = at && is_of_api(at, strcspn(at, " "));

    self->prefix = of_api ? "" : api_path;
    for (; at && *at; at += strspn(at, " ")) {
        const size_t len = strcspn(at, " ");
        if (is_of_api(at, len) != of_api)
            return host_fail(call, PROVIDER_EINVAL,
                             "base_url: either all mirrors end in %s, or none does; '%.*s' is "
                             "unlike the first",
                             api_path, (int)(len < 128 ? len : 128), at);
        at += len;
    }
    return PROVIDER_OK;
}

/* One of `known`, which are parted by ", "; upstream passes over any other without a word. */
static int read_word(struct provider_call *call, const char *name, const char *known,
                     const char **out)
{
    const char *value = host_option(call, name), *at = known;

    *out = value;
    while (value && *at) {
        const size_t len = strcspn(at, ",");
        if (len == strlen(value) && strncasecmp(at, value, len) == 0)
            return PROVIDER_OK;
        at += len;
        at += strspn(at, ", ");
    }
    return value ? host_fail(call, PROVIDER_EINVAL, "%s: '%.64s' is none of %s", name, value, known)
                 : PROVIDER_OK;
}

static int read_options(struct provider *self, struct provider_call *call)
{
    int code = host_option_int(call, "minimum_rating", 0, MAX_RATING, 0, &self->minimum_rating);

    if (!code)
        code = read_base(self, call);
    if (!code)
        code = read_word(call, "quality", QUALITIES, &self->quality);
    if (!code)
        code = read_word(call, "genre", GENRES, &self->genre);
    if (!code)
        code = read_word(call, "sort_by", ORDERS, &self->sort_by);
    if (!code)
        code = host_option_int(call, "cache_ttl", 0, MAX_TTL_S, 3600, &self->cache_ttl_s);
    if (!code)
        code = host_option_int(call, "sync_pages", 1, MAX_PAGES, 100, &self->sync_pages);
    if (!code)
        code = host_option_int(call, "refresh_pages", 0, MAX_PAGES, 10, &self->refresh_pages);
    self->trackers = host_option(call, "trackers");
    return code;
}

static void yts_close(struct provider *self)
{
    free(self);
}

static int yts_open(struct provider_call *call, struct provider **out)
{
    struct provider *self = calloc(1, sizeof(*self));
    int code;

    if (!self)
        return host_fail(call, PROVIDER_ENOMEM, "no memory");
    code = read_options(self, call);
    if (code) {
        yts_close(self);
        return code;
    }
    *out = self;
    return PROVIDER_OK;
}

static const struct provider_api api = {
    .size = sizeof(api),
    .open = yts_open,
    .close = yts_close,
    .search = yts_search,
    .fetch = yts_fetch,
    .sync = yts_sync,
};

static const struct provider_option options[] = {
    { .name = "base_url",
      .env = "YTS_BASE_URL",
      .fallback = "https://movies-api.accel.li https://yts.gg https://yts.bz https://yts.lt",
      .help = "where the site is, or of all mirrors its API (.../api/v2); best first",
      .flags = PROVIDER_LIST_OF | PROVIDER_MIRRORS },
    { .name = "trackers",
      .fallback = "udp://tracker.opentrackr.org:1337/announce "
                  "udp://open.demonii.com:1337/announce "
                  "udp://tracker.openbittorrent.com:80 "
                  "udp://p4p.arenabg.com:1337 "
                  "udp://tracker.torrent.eu.org:451/announce",
      .help = "announce URLs that magnets get, because YTS names none",
      .flags = PROVIDER_LIST_OF },
    { .name = "cache_ttl",
      .env = "YTS_CACHE_TTL",
      .fallback = "3600",
      .help = "seconds an answer may be old" },
    { .name = "quality", .help = "search only films with this: " QUALITIES },
    { .name = "minimum_rating", .fallback = "0", .help = "search only films rated so, 0 to 9" },
    { .name = "genre", .help = "search only films of this genre" },
    { .name = "sort_by", .help = "the order of searches: " ORDERS },
    { .name = "sync_pages",
      .fallback = "100",
      .help = "pages of 50 films that one synchronisation lists at most; the next goes on there" },
    { .name = "refresh_pages",
      .fallback = "10",
      .help = "pages of known films whose seeds each later synchronisation looks at" },
    { 0 },
};

const struct provider_info miauflix_provider = {
    .abi = PROVIDER_ABI,
    .size = sizeof(miauflix_provider),
    .name = "yts",
    .version = "1.0.0",
    .summary = "Movie releases from YTS",
    .options = options,
    .api = &api,
    /* Undocumented; two seconds between calls made trouble for others. */
    .rate_per_1000s = 400,
    .max_parallel = 1,
};
