/* SPDX-License-Identifier: MIT
 *
 * One request to YTS and its envelope {"status", "status_message", "data", "@meta"}.  YTS has many
 * domains, most of them parked or copied, so every answer is judged. */
#pragma once

#include <jansson.h>

#include "common/out.h"
#include "yts/yts.h"

/* Begins "{base}/api/v2/METHOD.json". */
void request_begin(struct out *url, const struct provider *self, const char *method);

/* *out is the data, a new reference, an empty object when there is none.  PROVIDER_EUPSTREAM when
 * no mirror gave an answer of YTS. */
int request_data(struct provider *self, struct provider_call *call, const struct out *url,
                 const char *what, json_t **out);

/* Whether an answer is one of YTS that says "ok". */
int request_is_genuine(const struct provider_response *response);
