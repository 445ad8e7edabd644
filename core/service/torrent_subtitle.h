/* SPDX-License-Identifier: MIT
 *
 * Subtitle files of torrents as WebVTT, whatever they were.  Any thread. */
#pragma once

#include "service/streams.h"

/* Reads the whole file out of the swarm and adds it to `out`.  PROVIDER_EREFUSED: it is no subtitle
 * that can be converted, or too large; else as streams_open() and streams_read(). */
int torrent_subtitle(struct streams *streams, const struct stream_file *file,
                     const struct call_wait *wait, struct text *out, struct error *err);
