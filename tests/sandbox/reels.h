/* SPDX-License-Identifier: MIT
 *
 * What the sandbox tells of its reels, and how their peers are made to misbehave.  Any thread. */
#pragma once

#include <jansson.h>

#include "reel.h"
#include "sandbox.h"

/* What YTS has of a film: the first at *from or after it, which moves on; NULL: no more. */
const struct reel *reels_next(const struct reels *reels, const char *imdb, size_t *from);

/* GET /sandbox/reels, GET /sandbox/reels/INFOHASH.torrent, POST and DELETE /sandbox/peers.  False:
 * no such route, or there are no reels. */
bool reels_answer(const struct reels *reels, const struct sandbox_request *request,
                  const json_t *body, struct sandbox_reply *reply);
