/* SPDX-License-Identifier: MIT */
#include "engine_inside.h"

#include <libtorrent/torrent.hpp>

#include "webtorrent/engine.hpp"

bool engine_is_whole_and_chooses(struct engine *engine)
{
    for (const auto &[handle, torrent] : engine->torrents) {
        /* Asked of the session's thread, which is behind the last piece then. */
        if (!handle.status().is_seeding || !handle.native_handle()->has_picker())
            return false;
    }
    return !engine->torrents.empty();
}
