/* SPDX-License-Identifier: MIT
 *
 * The faults themselves, by name.  Those before replace the answer, those after spoil it:
 *   before: 401 404 429 500 502 503 504 hang html redirect empty
 *   after:  trickle cut_off wrong_types slow broken_json, and of YTS: no_movies no_torrents no_data
 *           status_error
 * Pure; any thread. */
#pragma once

#include "sandbox.h"

bool spoil_is_known(const char *name);
bool spoil_is_after(const char *name);
const char *spoil_names(void);

void spoil_instead(const char *name, const struct sandbox_request *request,
                   struct sandbox_reply *reply);
void spoil_answer(const char *name, struct sandbox_reply *reply);
