/* SPDX-License-Identifier: MIT
 *
 * What tests see of libtorrent within the engine. */
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct engine;

/* Each of its torrents has all pieces, and still what chooses among them. */
bool engine_is_whole_and_chooses(struct engine *engine);

#ifdef __cplusplus
}
#endif
