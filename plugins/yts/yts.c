/* SPDX-License-Identifier: MIT */
#include "yts/yts.h"

#include <stdlib.h>
#include <string.h>

#include "common/host.h"

enum { MAX_RATING = 9, MAX_TTL_S = 7 * 24 * 3600, MAX_PAGES = 100000 };

/* Some give the address of the site, some that of its API. */
static const char *prefix_behind(const char *base)
{
    static const char api[] = "/api/v2";
    size_t len = base ? strcspn(base, " ") : 0;

    while (len > 0 && base[len - 1] == '/')
        len--;
    return len >= strlen(api) && strncmp(base + len - strlen(api), api, strlen(api)) == 0 ? ""
                                                                                          : api;
}

static int read_options(struct provider *self, struct provider_call *call)
{
    int code = host_option_int(call, "minimum_rating", 0, MAX_RATING, 0, &self->minimum_rating);

    if (!code)
        code = host_option_int(call, "cache_ttl", 0, MAX_TTL_S, 3600, &self->cache_ttl_s);
    if (!code)
        code = host_option_int(call, "sync_pages", 1, MAX_PAGES, 100, &self->sync_pages);
    if (!code)
        code = host_option_int(call, "refresh_pages", 0, MAX_PAGES, 10, &self->refresh_pages);
    self->prefix = prefix_behind(host_option(call, "base_url"));
    self->trackers = host_option(call, "trackers");
    self->quality = host_option(call, "quality");
    self->genre = host_option(call, "genre");
    self->sort_by = host_option(call, "sort_by");
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
      .help = "where the site or its API is; several are mirrors, best first",
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
    { .name = "quality",
      .help = "search only films with this: 480p, 720p, 1080p, 1080p.x265, 2160p, 3D" },
    { .name = "minimum_rating", .fallback = "0", .help = "search only films rated so, 0 to 9" },
    { .name = "genre", .help = "search only films of this genre" },
    { .name = "sort_by",
      .help = "the order of searches: title, year, rating, download_count, like_count, "
              "date_added" },
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
