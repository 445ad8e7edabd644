/* SPDX-License-Identifier: MIT
 *
 * What an answer of TMDB is worth.  Errors come as {"status_code":34,"status_message":"..."}, or
 * from parameter checks as {"errors":["..."]}; gateways answer HTML, text or nothing.  Pure; any
 * thread. */
#pragma once

#include <jansson.h>
#include <miauflix/provider.h>

/* For provider_request.genuine: JSON from TMDB, or a status that speaks for itself. */
int answer_is_genuine(const struct provider_response *response);

/* The PROVIDER_E code of an error answer; PROVIDER_OK when it is none.  `body` may be NULL: it was
 * no JSON. */
int answer_code(int32_t status, const json_t *body);

/* TMDB's own words; NULL when it said nothing.  Borrowed from `body`. */
const char *answer_message(const json_t *body);
