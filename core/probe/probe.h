/* SPDX-License-Identifier: MIT
 *
 * What a media file is made of (container, duration, tracks), found out by libavformat in a process
 * of its own, which may neither open files nor sockets nor use much memory or time: media files
 * come from strangers, and demuxers have bugs.  It reads through the caller's function, so a file
 * that is still being downloaded can be asked.  Any thread; blocks until the answer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct probe_source {
    uint64_t size;
    /* Up to `len` bytes at `offset`, at least one; 0 is the end, negative a PROVIDER_E code. */
    int64_t (*read)(void *context, uint64_t offset, void *out, size_t len);
    void *context;
};

enum { PROBE_MAX_JSON = 64 << 10 };

/* Adds a JSON object: container, duration_s, bit_rate, tracks[{kind, codec, language, title,
 * default, forced; width, height, frame_rate, bit_depth; channels, sample_rate}].  max_bytes: what
 * may be read in all.  PROVIDER_EPARSE: it is no media file, or the process died of it;
 * PROVIDER_ETIME; PROVIDER_ELIMIT: it wanted to read more; PROVIDER_ENOTSUP: the program is not
 * installed; or what `read` said. */
int probe_media(const struct probe_source *source, uint64_t max_bytes, int timeout_ms,
                struct text *out, struct error *err);

/* Where the program is, when it is neither beside the daemon nor where it is installed: in tests.
 * `path` stays the caller's.  Not while other threads run. */
void probe_set_program(const char *path);
