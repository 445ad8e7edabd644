/* SPDX-License-Identifier: MIT
 *
 * The handlers the route table names, one file per resource.  Each fills the reply; what they get
 * has passed the router's checks and the door. */
#pragma once

#include "app.h"
#include "router.h"

route_handler items_list, items_item, items_sync, items_similar;
route_handler item_locks_show, item_locks_change;
route_handler shows_seasons, shows_season, shows_episodes, shows_episode, shows_calendar;
route_handler releases_all, releases_show, releases_verify, releases_of_item;
route_handler search_all, search_movies, search_tvshows, search_suggest;
route_handler list_all, list_one, list_items, list_sync, list_delete;
route_handler jobs_all, jobs_one, jobs_delete;
route_handler providers_all, providers_one, providers_reset, providers_change;
route_handler status_health, status_all;
route_handler changes_since, events_stream, metrics_all, openapi_show, images_show;
route_handler me_show, me_tokens, me_token_new, me_token_delete;
route_handler backup_start;
route_handler streams_file, streams_bytes, streams_ready;
route_handler torrents_post, torrents_all, torrents_one, torrents_delete, torrents_download,
    torrents_analyse;
route_handler subtitles_show, playlist_show;
