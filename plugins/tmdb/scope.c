/* SPDX-License-Identifier: MIT */
#include "tmdb/scope.h"

#include <string.h>

static const struct scope_feed movie_feeds[] = {
    { "popular", "/movie/popular" },
    { "top_rated", "/movie/top_rated" },
    { "upcoming", "/movie/upcoming" },
    { "now_playing", "/movie/now_playing" },
    { "trending_day", "/trending/movie/day" },
    { "trending_week", "/trending/movie/week" },
    { NULL, NULL },
};

static const struct scope_feed show_feeds[] = {
    { "popular", "/tv/popular" },
    { "top_rated", "/tv/top_rated" },
    { "on_the_air", "/tv/on_the_air" },
    { "airing_today", "/tv/airing_today" },
    { "trending_day", "/trending/tv/day" },
    { "trending_week", "/trending/tv/week" },
    { NULL, NULL },
};

static const struct scope scopes[] = {
    { .name = "movies",
      .shape = &item_movie,
      .changes = "/movie/changes",
      .export = "movie_ids",
      .fed_key = "feeds_day",
      .feeds = movie_feeds },
    { .name = "tvshows",
      .shape = &item_show,
      .changes = "/tv/changes",
      .export = "tv_series_ids",
      .fed_key = "tv_feeds_day",
      .feeds = show_feeds },
};

const struct scope *scope_find(const char *name)
{
    for (size_t i = 0; name && i < sizeof(scopes) / sizeof(*scopes); i++)
        if (strcmp(scopes[i].name, name) == 0)
            return &scopes[i];
    return NULL;
}

const char *scope_feed_path(const struct scope *scope, const char *name, size_t len)
{
    for (const struct scope_feed *feed = scope->feeds; feed->name; feed++)
        if (strlen(feed->name) == len && strncmp(feed->name, name, len) == 0)
            return feed->path;
    return NULL;
}
