/* SPDX-License-Identifier: MIT
 *
 * What the body cache means: under which key an answer is kept, how long it will do, how it is
 * revalidated.  Any thread. */
#pragma once

#include "net/response.h"
#include "net/upstream.h"

enum { FRESH_KEY_LEN = 32 };

/* Everything that affects the answer, and nothing readable: a hash of upstream, method, URL as the
 * plugin wrote it (so that mirrors share), headers and body. */
struct fresh_key {
    unsigned char bytes[FRESH_KEY_LEN];
};

void fresh_key_of(const struct upstream *upstream, const struct provider_request *request,
                  struct fresh_key *out);

/* Only plain GETs are kept, and none that says "Cache-Control: no-store". */
bool fresh_is_cacheable(const struct upstream *upstream, const struct provider_request *request);

/* NULL when there is none. */
struct response *fresh_load(const struct upstream *upstream, const struct fresh_key *key,
                            uint64_t max_body);

/* Keeps a success or a "not found" that could be used again and that the upstream lets us keep;
 * else what was there before goes.  Other statuses change nothing. */
void fresh_store(const struct upstream *upstream, const struct fresh_key *key,
                 const struct provider_request *request, const struct response *response);

/* Whole seconds since the upstream vouched for it; -1 when it comes from the future. */
int64_t fresh_age_s(const struct response *response);

bool fresh_will_do(const struct response *response, uint32_t max_age_s, uint32_t not_found_ttl_s);

/* May stand in while the upstream is down. */
bool fresh_may_be_stale(const struct response *response, uint32_t stale_if_error_s);

/* "If-None-Match: ..." with the ETag verbatim, quotes or none, or If-Modified-Since; NULL when
 * neither can be asked. */
char *fresh_condition(const struct response *response);
