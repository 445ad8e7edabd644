/* SPDX-License-Identifier: MIT
 *
 * What the files of TMDB's TV part share.  Any thread. */
#pragma once

#include "parts_show.h"
#include "tmdb.h"

struct parts_show_ask tmdb_show_ask(struct tmdb_call *call, const struct show *show);

/* /3/tv/{id}/season/{n} and below. */
void tmdb_season(struct tmdb_call *call, const struct show *show);
