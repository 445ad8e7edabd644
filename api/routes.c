/* SPDX-License-Identifier: MIT */
#include "routes.h"

#include "release/edition.h"

static const struct route_param item_params[] = {
    { "include", "what to add", PARAM_WORDS, .words = "provenance" },
    { 0 },
};

static const struct route_param playlist_params[] = {
    { "season", "only its episodes", PARAM_INT, .max = 9999 },
    { "ticket", "instead of a token: as a file's own address has it", PARAM_TEXT, .min = 1,
      .max = 64 },
    { 0 },
};

static const struct route_param ticket_params[] = {
    { "ticket", "instead of a token: as a file's own address has it", PARAM_TEXT, .min = 1,
      .max = 64 },
    { 0 },
};

static const struct route_param search_params[] = {
    { "q", "what to search", PARAM_TEXT, .required = true, .min = 1, .max = 200 },
    { "scope", "local: only what is in the store", PARAM_WORD, .words = "all|local" },
    { "timeout_ms", "patience with the providers, at most the configured one", PARAM_INT, .min = 1,
      .max = 60000 },
    { "explain", "adds the addends of the score", .type = PARAM_BOOL },
    { 0 },
};

static const struct route_param suggest_params[] = {
    { "q", "what was typed so far", PARAM_TEXT, .required = true, .min = 1, .max = 200 },
    { "limit", "results", PARAM_INT, .min = 1, .max = 100 },
    { 0 },
};

static const struct route_param jobs_params[] = {
    { "state", "only jobs in it", PARAM_WORD,
      .words = "queued|running|done|failed|canceled|interrupted" },
    { 0 },
};

static const struct route_param changes_params[] = {
    { "since", "the last change number you know", PARAM_INT, .max = INT64_MAX },
    { "limit", "changes at most", PARAM_INT, .min = 1, .max = 1000 },
    { 0 },
};

static const struct route_param events_params[] = {
    { "last_event_id", "as the header Last-Event-ID, for clients that cannot set it", PARAM_INT,
      .max = INT64_MAX },
    { 0 },
};

static const struct route_param images_params[] = {
    { "w", "pixels wide at least; absent: the original", PARAM_INT, .min = 1, .max = 4096 },
    { 0 },
};

static const struct route_param calendar_params[] = {
    { "from", "the first day, 2026-11-22; absent: today", PARAM_TEXT, .min = 10, .max = 10 },
    { "to", "the last day, at most 62 in all; absent: a week", PARAM_TEXT, .min = 10, .max = 10 },
    { 0 },
};

static const struct route_param lists_params[] = {
    { "scope",
      "one's own, others' that are not for everybody, or those that are; absent: all one may see",
      PARAM_WORD, .words = "mine|shared|public" },
    { 0 },
};

static const struct route_param list_items_params[] = {
    { "kind", "only movies, or only TV shows", PARAM_WORD, .words = "movie|tvshow" },
    { 0 },
};

#define RELEASE_PARAMS                                                                             \
    { "quality", "any of these", PARAM_WORDS, .words = "480p|720p|1080p|2160p" },                  \
        { "quality_min", "at least this", PARAM_WORD, .words = "480p|720p|1080p|2160p" },          \
        { "source", "any of these", PARAM_WORDS,                                                   \
          .words = "cam|telesync|telecine|screener|dvd|tv|web|bluray|remux" },                     \
        { "codec", "any of these", PARAM_WORDS, .words = "mpeg2|xvid|vc1|x264|vp9|x265|av1" },     \
        { "type", "what is in it: any of these", PARAM_WORDS, .words = "movie|season|episode" },   \
        { "edition", "any of these", PARAM_WORDS, .words = EDITION_WORDS },                        \
        { "language", "spoken in it, BCP 47; the region does not matter",                          \
          .type = PARAM_LANGUAGE },                                                                \
        { "3d", "1: only in 3D, 0: only flat", .type = PARAM_BOOL },                               \
        { "hdr", "1: only with a high dynamic range, 0: only without", .type = PARAM_BOOL },       \
        { "repack", "1: only repacks, 0: none", .type = PARAM_BOOL },                              \
        { "proper", "1: only propers, 0: none", .type = PARAM_BOOL },                              \
        { "min_seeds", "verified ones when there are, else claimed", PARAM_INT, .max = 1000000 },  \
        { "provider", "claimed by it", PARAM_TEXT, .min = 1, .max = 31 },                          \
        { "min_size", "bytes", PARAM_INT, .max = INT64_C(1) << 50 },                               \
        { "max_size", "bytes", PARAM_INT, .max = INT64_C(1) << 50 },                               \
        { "sort", "the order", PARAM_WORD, .words = "added|score|seeds|size" },                    \
        { "order", "its direction", PARAM_WORD, .words = "asc|desc" },                             \
    {                                                                                              \
        "explain", "adds the addends of the score", .type = PARAM_BOOL                             \
    }

static const struct route_param releases_params[] = {
    RELEASE_PARAMS,
    { "imdb", "of the item with this id", PARAM_TEXT, .min = 3, .max = 64 },
    { 0 },
};

static const struct route_param item_releases_params[] = {
    RELEASE_PARAMS,
    { "scope", "local: only what is in the store", PARAM_WORD, .words = "all|local" },
    { "timeout_ms", "patience with the providers, at most the configured one", PARAM_INT, .min = 1,
      .max = 60000 },
    { 0 },
};

static const struct route_param release_params[] = {
    { "explain", "adds the addends of the score", .type = PARAM_BOOL },
    { 0 },
};

static const struct route_param forget_params[] = {
    { "files", "1: and what was downloaded of it", .type = PARAM_BOOL },
    { 0 },
};

enum { LISTING = ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_FILTERED };

/* A path with a word stands before one with ":name" in its place: the first that fits counts. */
const struct route router_routes[] = {
    { REQUEST_GET, "/api/movies", items_list, SCOPE_READ, LISTING | ROUTE_READY, NULL, 200,
      "listMovies", "The catalogue, as cards", NULL, "CardPage", NULL },
    { REQUEST_POST, "/api/movies/sync", items_sync, SCOPE_WRITE, ROUTE_BODY, NULL, 202,
      "syncMovies", "Start a synchronisation, or join the running one", "SyncRequest", "Job",
      NULL },
    { REQUEST_GET, "/api/movies/search", search_movies, SCOPE_READ, LISTING | ROUTE_READY,
      search_params, 200, "searchMoviesAlias", "The same as /api/search/movies", NULL, "SearchPage",
      NULL },
    { REQUEST_GET, "/api/movies/:id", items_item, SCOPE_READ, ROUTE_SPEAKS | ROUTE_READY,
      item_params, 200, "getMovie",
      "One movie, whole; fetched from the providers when unknown or stale", NULL, "Movie", NULL },
    { REQUEST_GET, "/api/movies/:id/locks", item_locks_show, SCOPE_READ, 0, NULL, 200,
      "getMovieLocks", "The fields of a movie that an operator fixed", NULL, "Locks", NULL },
    { REQUEST_PUT, "/api/movies/:id/locks", item_locks_change, SCOPE_ADMIN, ROUTE_BODY, NULL, 200,
      "putMovieLocks", "Fix fields of a movie, or give them back to the providers", "LocksChange",
      "Locks", NULL },
    { REQUEST_GET, "/api/movies/:id/similar", items_similar, SCOPE_READ,
      ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "similarMovies",
      "Movies like this one, from the store", NULL, "CardPage", NULL },
    { REQUEST_GET, "/api/movies/:id/releases", releases_of_item, SCOPE_READ, ROUTE_PAGED,
      item_releases_params, 200, "listMovieReleases", "What the trackers offer for it, best first",
      NULL, "ItemReleasePage", NULL },
    { REQUEST_GET, "/api/tvshows", items_list, SCOPE_READ, LISTING | ROUTE_READY, NULL, 200,
      "listTvShows", "The catalogue's TV shows, as cards", NULL, "CardPage", NULL },
    { REQUEST_POST, "/api/tvshows/sync", items_sync, SCOPE_WRITE, ROUTE_BODY, NULL, 202,
      "syncTvShows", "Start a synchronisation, or join the running one", "SyncRequest", "Job",
      NULL },
    { REQUEST_GET, "/api/tvshows/:id", items_item, SCOPE_READ, ROUTE_SPEAKS | ROUTE_READY,
      item_params, 200, "getTvShow",
      "One TV show, whole; fetched from the providers when unknown or stale", NULL, "TvShow",
      NULL },
    { REQUEST_GET, "/api/tvshows/:id/locks", item_locks_show, SCOPE_READ, 0, NULL, 200,
      "getTvShowLocks", "The fields of a TV show that an operator fixed", NULL, "Locks", NULL },
    { REQUEST_PUT, "/api/tvshows/:id/locks", item_locks_change, SCOPE_ADMIN, ROUTE_BODY, NULL, 200,
      "putTvShowLocks", "Fix fields of a TV show, or give them back to the providers",
      "LocksChange", "Locks", NULL },
    { REQUEST_GET, "/api/tvshows/:id/similar", items_similar, SCOPE_READ,
      ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "similarTvShows",
      "TV shows like this one, from the store", NULL, "CardPage", NULL },
    { REQUEST_GET, "/api/tvshows/:id/releases", releases_of_item, SCOPE_READ, ROUTE_PAGED,
      item_releases_params, 200, "listTvShowReleases",
      "What the trackers offer of the show, best first", NULL, "ItemReleasePage", NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons", shows_seasons, SCOPE_READ,
      ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "listSeasons",
      "The seasons of a TV show, without their episodes", NULL, "SeasonPage", NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons/:season", shows_season, SCOPE_READ,
      ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "getSeason",
      "One season with its episodes in their short form; season 0 are the specials", NULL, "Season",
      NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons/:season/episodes", shows_episodes, SCOPE_READ,
      ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "listEpisodes",
      "The episodes of a season, whole", NULL, "EpisodePage", NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons/:season/episodes/:episode", shows_episode, SCOPE_READ,
      ROUTE_SPEAKS | ROUTE_READY, NULL, 200, "getEpisode", "One episode, whole", NULL, "Episode",
      NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons/:season/releases", releases_of_item, SCOPE_READ,
      ROUTE_PAGED, item_releases_params, 200, "listSeasonReleases",
      "What the trackers offer of the season, whole and by episode, best first", NULL,
      "ItemReleasePage", NULL },
    { REQUEST_GET, "/api/tvshows/:id/seasons/:season/episodes/:episode/releases", releases_of_item,
      SCOPE_READ, ROUTE_PAGED, item_releases_params, 200, "listEpisodeReleases",
      "What the trackers offer of the episode, packs of its season included, best first", NULL,
      "ItemReleasePage", NULL },
    { REQUEST_GET, "/api/releases", releases_all, SCOPE_READ, ROUTE_PAGED, releases_params, 200,
      "listReleases", "Releases, newest first", NULL, "ReleasePage", NULL },
    { REQUEST_GET, "/api/releases/:infohash", releases_show, SCOPE_READ, 0, release_params, 200,
      "getRelease", "One release, with its availability", NULL, "Release", NULL },
    { REQUEST_POST, "/api/releases/:infohash/check", releases_verify, SCOPE_STREAM, 0,
      release_params, 200, "checkRelease", "Look at a release's swarm now", NULL, "Release", NULL },
    { REQUEST_GET, "/api/calendar", shows_calendar, SCOPE_READ,
      ROUTE_PAGED | ROUTE_SPEAKS | ROUTE_READY, calendar_params, 200, "calendar",
      "Episodes by air date, each with the card of its show", NULL, "EpisodePage", NULL },
    { REQUEST_GET, "/api/search", search_all, SCOPE_READ, LISTING | ROUTE_READY, search_params, 200,
      "search", "Search everything, in the store and at the providers", NULL, "SearchPage", NULL },
    { REQUEST_GET, "/api/search/movies", search_movies, SCOPE_READ, LISTING | ROUTE_READY,
      search_params, 200, "searchMovies", "Search movies, in the store and at the providers", NULL,
      "SearchPage", NULL },
    { REQUEST_GET, "/api/search/tvshows", search_tvshows, SCOPE_READ, LISTING | ROUTE_READY,
      search_params, 200, "searchTvShows", "Search TV shows, in the store and at the providers",
      NULL, "SearchPage", NULL },
    { REQUEST_GET, "/api/search/suggest", search_suggest, SCOPE_READ,
      ROUTE_SPEAKS | ROUTE_FILTERED | ROUTE_READY, suggest_params, 200, "suggest",
      "Suggestions as one types, from the store", NULL, "SearchPage", NULL },
    { REQUEST_GET, "/api/torrents", torrents_all, SCOPE_READ, ROUTE_PAGED, NULL, 200,
      "listTorrents", "The torrents that are known, newest first", NULL, "TorrentPage", NULL },
    { REQUEST_POST, "/api/torrents", torrents_post, SCOPE_STREAM, ROUTE_BODY | ROUTE_UPLOAD, NULL,
      202, "addTorrent",
      "The torrent behind a magnet (200 when it is known, else the job that finds it out) or in a "
      ".torrent file (201)",
      "TorrentRequest", "Job", NULL },
    { REQUEST_GET, "/api/torrents/:infohash.torrent", torrents_download, SCOPE_READ, 0, NULL, 200,
      "downloadTorrent", "The .torrent file", NULL, NULL, "application/x-bittorrent" },
    { REQUEST_GET, "/api/torrents/:infohash", torrents_one, SCOPE_READ, 0, NULL, 200, "getTorrent",
      "One torrent with its files, each judged", NULL, "Torrent", NULL },
    { REQUEST_DELETE, "/api/torrents/:infohash", torrents_delete, SCOPE_WRITE, 0, forget_params,
      204, "forgetTorrent", "Forget a torrent", NULL, NULL, NULL },
    { REQUEST_POST, "/api/torrents/:infohash/prepare", streams_ready, SCOPE_STREAM, ROUTE_BODY,
      NULL, 200, "prepareTorrent",
      "Begin to fetch the head and the tail of a file: 200 when it can be played, else 202",
      "PrepareRequest", "TorrentFileState", NULL },
    { REQUEST_GET, "/api/torrents/:infohash/files/:index", streams_file, SCOPE_READ, 0, NULL, 200,
      "getTorrentFile", "One file of a torrent, and how far it is", NULL, "TorrentFileState",
      NULL },
    { REQUEST_GET, "/api/torrents/:infohash/files/:index/stream", streams_bytes, SCOPE_STREAM,
      ROUTE_TICKET, ticket_params, 200, "streamTorrentFile",
      "The bytes of a file, whole or in ranges", NULL, NULL, "application/octet-stream" },
    { REQUEST_GET, "/api/torrents/:infohash/files/:index/subtitle.vtt", subtitles_show,
      SCOPE_STREAM, ROUTE_TICKET, ticket_params, 200, "getSubtitle",
      "A subtitle file as WebVTT in UTF-8", NULL, NULL, "text/vtt" },
    { REQUEST_POST, "/api/torrents/:infohash/files/:index/analyse", torrents_analyse, SCOPE_STREAM,
      ROUTE_BODY, NULL, 202, "analyseTorrentFile",
      "Find out what a media file is made of: 200 and the file when it is known, else the job",
      "Empty", "Job", NULL },
    { REQUEST_GET, "/api/torrents/:infohash/playlist.m3u", playlist_show, SCOPE_STREAM,
      ROUTE_TICKET, playlist_params, 200, "getPlaylist",
      "The film, the episodes in order or the sound files, for players", NULL, NULL,
      "audio/x-mpegurl" },
    { REQUEST_GET, "/api/lists", list_all, SCOPE_READ, ROUTE_PAGED, lists_params, 200, "listLists",
      "The lists one may see", NULL, "ListPage", NULL },
    { REQUEST_POST, "/api/lists/sync", items_sync, SCOPE_WRITE, ROUTE_BODY, NULL, 202, "syncLists",
      "Start a synchronisation of all configured lists, or join the running one", "SyncRequest",
      "Job", NULL },
    { REQUEST_GET, "/api/lists/:list", list_one, SCOPE_READ, 0, NULL, 200, "getList", "One list",
      NULL, "List", NULL },
    { REQUEST_DELETE, "/api/lists/:list", list_delete, SCOPE_ADMIN, 0, NULL, 204, "deleteList",
      "Forget a list that the configuration does not name", NULL, NULL, NULL },
    { REQUEST_GET, "/api/lists/:list/items", list_items, SCOPE_READ, LISTING | ROUTE_READY,
      list_items_params, 200, "listItems",
      "What is on a list, as cards in its order, each with its position", NULL, "ListItemPage",
      NULL },
    { REQUEST_POST, "/api/lists/:list/sync", list_sync, SCOPE_WRITE, ROUTE_BODY, NULL, 202,
      "syncList", "Read a list from its source now", "Empty", "Job", NULL },
    { REQUEST_GET, "/api/jobs", jobs_all, SCOPE_READ, ROUTE_PAGED, jobs_params, 200, "listJobs",
      "Jobs, newest first", NULL, "JobPage", NULL },
    { REQUEST_GET, "/api/jobs/:job", jobs_one, SCOPE_READ, 0, NULL, 200, "getJob",
      "One job: state, progress, rate, errors", NULL, "Job", NULL },
    { REQUEST_DELETE, "/api/jobs/:job", jobs_delete, SCOPE_WRITE, 0, NULL, 202, "cancelJob",
      "Cancel a job", NULL, "Job", NULL },
    { REQUEST_GET, "/api/providers", providers_all, SCOPE_READ, 0, NULL, 200, "listProviders",
      "The providers: state, last error, budget, circuit, counters", NULL, "Providers", NULL },
    { REQUEST_GET, "/api/providers/:provider", providers_one, SCOPE_READ, 0, NULL, 200,
      "getProvider", "One provider", NULL, "Provider", NULL },
    { REQUEST_PUT, "/api/providers/:provider", providers_change, SCOPE_ADMIN, ROUTE_BODY, NULL, 200,
      "changeProvider", "Take a provider into or out of service until the next start",
      "ProviderChange", "Provider", NULL },
    { REQUEST_POST, "/api/providers/:provider/reset", providers_reset, SCOPE_ADMIN, ROUTE_BODY,
      NULL, 200, "resetProvider", "Clear its quarantine, circuit and back-off", "Empty", "Provider",
      NULL },
    { REQUEST_GET, "/api/health", status_health, 0, ROUTE_OPEN | ROUTE_UNLIMITED, NULL, 200,
      "health", "Alive", NULL, "Health", NULL },
    { REQUEST_GET, "/api/status", status_all, SCOPE_READ, 0, NULL, 200, "status",
      "Version, uptime, store, index, cache, queues", NULL, "Status", NULL },
    { REQUEST_GET, "/api/changes", changes_since, SCOPE_READ, 0, changes_params, 200, "listChanges",
      "What changed after a change number, oldest first", NULL, "Changes", NULL },
    { REQUEST_GET, "/api/events", events_stream, SCOPE_READ, 0, events_params, 200, "events",
      "Items, jobs and providers as they change (server-sent events)", NULL, NULL,
      "text/event-stream" },
    { REQUEST_GET, "/api/images/:kind/:provider/:file", images_show, SCOPE_READ, 0, images_params,
      200, "getImage", "A provider's picture, cached", NULL, NULL, "image/*" },
    { REQUEST_GET, "/api/me", me_show, SCOPE_READ, ROUTE_USER, NULL, 200, "getMe",
      "Whose token this is", NULL, "Me", NULL },
    { REQUEST_GET, "/api/me/tokens", me_tokens, SCOPE_READ, ROUTE_USER, NULL, 200, "listTokens",
      "One's own tokens", NULL, "Tokens", NULL },
    { REQUEST_POST, "/api/me/tokens", me_token_new, SCOPE_WRITE, ROUTE_USER | ROUTE_BODY, NULL, 201,
      "createToken", "A new token, shown once", "TokenRequest", "NewToken", NULL },
    { REQUEST_DELETE, "/api/me/tokens/:token", me_token_delete, SCOPE_WRITE, ROUTE_USER, NULL, 204,
      "revokeToken", "Revoke one of one's own tokens", NULL, NULL, NULL },
    { REQUEST_GET, "/api/users/:user/tokens", me_tokens, SCOPE_ADMIN, 0, NULL, 200,
      "listUserTokens", "The tokens of a user", NULL, "Tokens", NULL },
    { REQUEST_POST, "/api/users/:user/tokens", me_token_new, SCOPE_ADMIN, ROUTE_BODY, NULL, 201,
      "createUserToken", "A new token for a user, shown once", "TokenRequest", "NewToken", NULL },
    { REQUEST_DELETE, "/api/users/:user/tokens/:token", me_token_delete, SCOPE_ADMIN, 0, NULL, 204,
      "revokeUserToken", "Revoke a token of a user", NULL, NULL, NULL },
    { REQUEST_POST, "/api/backup", backup_start, SCOPE_ADMIN, ROUTE_BODY, NULL, 202, "backup",
      "Copy the running store into a folder of the daemon's machine", "BackupRequest", "Job",
      NULL },
    { REQUEST_GET, "/api/openapi.json", openapi_show, 0, ROUTE_OPEN, NULL, 200, "openapi",
      "This description", NULL, "Any", NULL },
    { REQUEST_GET, "/metrics", metrics_all, SCOPE_READ, 0, NULL, 200, "metrics",
      "Counters for Prometheus", NULL, NULL, "text/plain; version=0.0.4" },
};

const size_t router_n_routes = ARRAY_LEN(router_routes);
