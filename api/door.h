/* SPDX-License-Identifier: MIT
 *
 * Who comes in: bearer tokens and their scopes, the pace of each user or address, and which other
 * origins' pages may look (CORS).  Any thread. */
#pragma once

#include "app.h"
#include "router.h"

/* Sets request->caller and the reply's RateLimit lines.  False: *problem is 401, 403 or 429. */
bool door_enter(struct app *app, const struct route *route, struct request *request,
                struct reply *reply, struct problem *problem);

/* Sets what the reply says to a page of another origin. */
void door_cors(const struct app *app, const struct request *request, struct reply *reply);

/* The answer to OPTIONS for a path that has `methods`. */
void door_options(const struct request *request, uint32_t methods, struct reply *reply);
